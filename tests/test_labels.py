"""Labels for syringes: what stands on them, that all of it fits, that codes read back, that strengths differ."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
import zxingcpp

from scheduler.engine.infusions import infusions
from scheduler.engine.syringes import syringes
from scheduler.outputs.bag_labels import bag_labels_of
from scheduler.outputs.label_sheets import SHEETS, write_labels
from scheduler.outputs.labels import Filled, labels_of
from scheduler.outputs.paper_words import INVESTIGATIONAL
from scheduler.problems import Refused
from scheduler.protocol.library import shipped_products
from scheduler.record.stock import FilledSyringe
from scheduler.record.syringe_numbers import printed
from tests.paper_sample import APPROVED, PRODUCTS, WHOSE, filled, found, pages, picture, text
from tests.syringe_sample import INTERMEDIATE, dose, everything, schedule
from tests.trial_b_sample import day_1

FOUND = found()
READY = filled(FOUND)


def labels(whose=WHOSE, planned=FOUND, ready=READY):
    return labels_of(planned, whose, ready)


def one_label(whose=WHOSE, sheet="roll", **changes) -> str:
    """The words of a single label for the dose of day 2."""
    planned = syringes(schedule(dose(2, **changes)), PRODUCTS)
    return text(write_labels(labels_of(planned, whose, filled(planned)), sheet))


# ---------------------------------------------------------------- what stands there


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_label_says_everything(sheet) -> None:
    words = pages(write_labels(labels()[:1], sheet))[0]
    for said in (
        "aldesleukin, low dose",
        "1.8 million units in 0.1 mL",
        "18 million units per mL",
        "For subcutaneous use only",
        "Patient Person Example, number S-001",
        "Inject at home on Tue 6 Jan 2026 at 20:00: cycle 1, day 2",
        "Syringe 1 of 16",
        "trial trastuzumab-il2",
        "Do not use after Wed 7 Jan 2026, 16:00 Europe/Berlin time",
        "Prepared Mon 5 Jan 2026, 16:00; lot AB1234",
        "Refrigerate at 2 to 8 degrees Celsius, protect from light, do not freeze",
        "Example Hospital, pharmacy, phone 030 0000 0000",
        INVESTIGATIONAL,
        printed("4821057P"),
        "DRAFT",
        "entry 17, seal 4f1c22ab90de",
        "replaces what entry 12 handed out",
        "Page 1 of 1",
    ):
        assert said in words, said


def test_the_ordered_dose_stands_there_where_the_mark_of_the_syringe_differs() -> None:
    assert "dose ordered 1.791 million units" in one_label(amount="1.7912")
    assert "dose ordered" not in one_label(amount="1.8")


def test_without_name_and_phone_a_line_is_left_to_write_on() -> None:
    words = one_label(replace(WHOSE, name="", phone="", clinic=""))
    assert re.search(r"Patient _+, number S-001\.", words)
    assert re.search(r"Phone _+\.", words)


def test_a_syringe_that_is_only_planned_has_blanks_and_no_code() -> None:
    data = write_labels(labels(ready=None)[:1], "L7160")
    words = text(data)
    assert re.search(r"Do not use after _+ \(date, time, zone\), that is 48 hours after preparing, _+; lot _+\.", words)
    assert zxingcpp.read_barcodes(picture(data, 300)) == []


def test_an_injection_in_the_clinic_is_not_said_to_be_for_home() -> None:
    planned = syringes(schedule(dose(2, given_by="clinic")), PRODUCTS)
    words = text(write_labels(labels_of(planned, WHOSE, None)))
    assert "To be given in the clinic on Tue 6 Jan 2026" in words
    assert "at home" not in words


def test_hours_of_use_are_real_hours_over_the_change_of_clocks() -> None:
    """48 hours from Sat 28 Mar 2026, 16:00 in Berlin, end at 17:00: the night between them is an hour short."""
    at = Filled(replace(READY["C1D2/aldesleukin_low"][0].syringe, use_until="2026-03-30T15:00Z"), "2026-03-28T15:00Z")
    words = text(write_labels(labels(ready={"C1D2/aldesleukin_low": [at]}), "roll"))
    assert "Prepared Sat 28 Mar 2026, 16:00" in words
    assert "Do not use after Mon 30 Mar 2026, 17:00 Europe/Berlin time" in words


def test_what_is_not_drawn_up_has_no_label() -> None:
    planned = syringes(everything(), PRODUCTS)
    made = labels_of(planned, WHOSE, None)
    assert len(made) == sum(each.draw.drawn is not None for each in planned)
    assert {"C1D13", "C1D14", "C1D15"}.isdisjoint(label.dose.partition("/")[0] for label in made)


def test_a_volume_that_does_not_make_the_dose_is_refused() -> None:
    """Ten times the volume: nobody gets a label for that."""
    wrong = Filled(replace(READY["C1D2/aldesleukin_low"][0].syringe, volume=Decimal(1)), "2026-01-05T15:00Z")
    with pytest.raises(Refused, match=r"900 % more than the dose\. No label is printed"):
        labels(ready={"C1D2/aldesleukin_low": [wrong]})


def test_draft_until_protocol_and_product_are_approved() -> None:
    def drafts(approved, products) -> set[bool]:
        planned = found(products)
        whose = replace(WHOSE, approved=approved)
        return {"DRAFT" in " ".join(w.text for w in label.body) for label in labels_of(planned, whose, filled(planned))}

    assert drafts(approved=True, products=APPROVED) == {False}
    assert drafts(approved=False, products=APPROVED) == {True}
    assert drafts(approved=True, products=PRODUCTS) == {True}


# ---------------------------------------------------------------- parts and bags


def test_a_dose_in_two_parts_has_two_labels_that_each_say_their_part() -> None:
    product = replace(PRODUCTS["aldesleukin"], over_capacity="equal parts")
    planned = syringes(schedule(dose(9, "30", INTERMEDIATE)), {"aldesleukin": product})
    made = pages(write_labels(labels_of(planned, WHOSE, None), "roll"))
    assert len(made) == 2
    for part, words in enumerate(made, start=1):
        assert f"Part {part} of 2 of this dose: all parts make the dose, each at its own site" in words
        assert "14.94 million units in 0.83 mL" in words
        assert "dose ordered 30 million units" in words


def test_a_bag_says_what_hangs_in_the_end_and_over_how_long() -> None:
    bags = infusions(day_1(), shipped_products())
    whose = replace(WHOSE, subject="S-002", protocol="trastuzumab-paclitaxel-il12")
    ready = {
        each.item.id: [
            Filled(FilledSyringe(number, each.item.id, each.item.amount, each.volume, "TR77", until), made_at)
        ]
        for each, number in zip(bags, ("4821057P", "4828976J"), strict=True)
        for made_at, until in [("2026-01-26T08:00Z", "2026-01-27T08:00Z")]
    }
    made = pages(write_labels(bag_labels_of(bags, whose, ready), "roll"))
    for said in (
        "trastuzumab 119.7 mg in 255.7 mL",
        "For intravenous use only, over 30 minutes.",
        "5.7 mL at 21 mg per mL in 250 mL 0.9 % sodium chloride; 0.4681 mg per mL in the bag.",
        "To be given in the clinic on Mon 26 Jan 2026: cycle 2, day 1.",
        "dose ordered 120 mg",
        "Do not use after Tue 27 Jan 2026, 09:00 Europe/Berlin time.",
        "lot TR77",
        "Never with glucose.",
        INVESTIGATIONAL,
    ):
        assert said in made[0], said
    assert "285.6 mg in 500 mL" in made[1]
    assert "the same volume taken out first" in made[1]


def test_a_bag_with_another_volume_than_the_dose_s_is_refused() -> None:
    bag = infusions(day_1(), shipped_products())[0]
    wrong = FilledSyringe("4821057P", bag.item.id, bag.item.amount, Decimal(57), "TR77", "2026-01-27T08:00Z")
    with pytest.raises(Refused, match=r"57 mL were drawn up, and 5\.7 mL make the dose"):
        bag_labels_of([bag], WHOSE, {bag.item.id: [Filled(wrong, "2026-01-26T08:00Z")]})


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "name",
    [
        "Zażółć Gęślą-Jaźń",
        "Nguyễn Thị Ánh Tuyết",
        "<b>Bold</b> & <para>",
        "O'Example",
        "Ünal Öztürk",
        "Δέλτα Дельта",
    ],
)
def test_names_print_as_they_are_written(name) -> None:
    assert name in one_label(replace(WHOSE, name=name))


@pytest.mark.parametrize(
    "name",
    ["محمد", "名前", "Smile \U0001f984", "Smile \U0001f600", "Za\u0335lgo", "a\u202eb", "lost \ufffd", "\u200bhidden"],
)
def test_names_that_cannot_print_right_are_refused(name) -> None:
    with pytest.raises(Refused, match=r"which this print cannot show; write it in Latin, Greek or Cyrillic letters"):
        one_label(replace(WHOSE, name=name))
