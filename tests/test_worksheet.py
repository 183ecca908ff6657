"""The preparation worksheet: inputs apart from answers, one strength on a page, room for a second person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from scheduler.engine.infusions import infusions
from scheduler.engine.syringes import syringes
from scheduler.outputs.worksheet import Preparation, write_worksheet
from scheduler.problems import Refused
from scheduler.protocol.library import shipped_products
from tests.paper_sample import APPROVED, PRODUCTS, WHOSE, found, pages, picture, text
from tests.syringe_sample import DAY_1, everything, schedule
from tests.trial_b_sample import day_1

CHECK, PREPARE = "independent check", "what to draw up"


def sheet(planned=None, whose=WHOSE, bags=()) -> list[str]:
    return pages(write_worksheet([Preparation(whose, DAY_1, found() if planned is None else planned, bags)]))


@pytest.fixture(scope="module")
def everything_drawn() -> list[str]:
    return sheet(syringes(everything(), PRODUCTS))


# ---------------------------------------------------------------- an independent check


def test_the_page_to_check_holds_inputs_and_formulas_and_no_result() -> None:
    first = next(page for page in sheet() if CHECK in page)
    for said in (
        "Weight 70 kg, measured on Mon 5 Jan 2026.",
        "22 million units aldesleukin, dissolved with 1.2 mL sterile water for injection",
        "18 million units per mL",
        "1 mL syringe, marks of 0.01 mL; 3 mL syringe, marks of 0.1 mL",
        "insulin syringe",
        "1 million units per m2",
        "Volume: the dose divided by the concentration, rounded once to a mark of the syringe; half a mark is rounded",
        "My dose",
        "My volume",
        "Second person: name",
    ):
        assert said in first, said
    assert set(re.findall(r"[\d.]+ mL\b", first)) == {
        "1.2 mL",
        "1 mL",
        "0.01 mL",
        "3 mL",
        "0.1 mL",
    }  # the syringes' own
    assert not re.search(r"1\.8 million|million units 0|more than|less than", first)


def test_answers_stand_on_other_pages_than_inputs(everything_drawn) -> None:
    for page in everything_drawn:
        assert (CHECK in page) is not (PREPARE in page)
        if PREPARE in page:
            assert "My volume" not in page
    assert "Give this page to the second person only when their own results are written down." in " ".join(
        everything_drawn
    )


def test_the_page_to_prepare_has_volumes_lots_and_times() -> None:
    words = " ".join(page for page in sheet() if PREPARE in page)
    assert "Tue 6 Jan 2026 at 20:00 cycle 1, day 2 1.8 million units rests on assumption 1 0.1 mL" in words
    assert "16 syringes hold 28.8 million units: at least 2 vials of 22 million units" in words
    for blank in (
        "Lot of the vials",
        "Expiry date",
        "Made up on (date, time, zone)",
        "Do not use after: 48 hours after it",
    ):
        assert blank in words
    assert "1. Body surface area is Mosteller's. (trastuzumab-il2.yaml:200)" in words


def test_what_is_not_drawn_up_says_why_without_a_volume(everything_drawn) -> None:
    words = " ".join(everything_drawn)
    assert words.count("NOT TO BE DRAWN UP") == 4
    assert "On hold: nothing is drawn up until a person lifts the hold." in words


def test_levels_stand_beside_what_is_ordered(everything_drawn) -> None:
    check = " ".join(page for page in everything_drawn if CHECK in page)
    assert "2 levels down" in check
    assert "1 level down" in check


# ---------------------------------------------------------------- whose it is


def test_no_page_holds_two_strengths_or_two_patients() -> None:
    other = replace(WHOSE, subject="S-002", name="Another Example", entry=4, replaces="")
    made = write_worksheet([Preparation(WHOSE, DAY_1, found()), Preparation(other, DAY_1, found())])
    for page in pages(made):
        assert ("low dose" in page) is not ("intermediate dose" in page)
        assert ("number S-001" in page) is not ("number S-002" in page)


def test_every_page_says_what_it_was_made_from() -> None:
    found_pages = sheet()
    for number, page in enumerate(found_pages, start=1):
        assert f"Page {number} of {len(found_pages)}" in page
        assert "S-001: made by c1d1 from entry 17, seal 4f1c22ab90de; replaces what entry 12 handed out" in page
        assert f"product file aldesleukin.yaml, edition {PRODUCTS['aldesleukin'].edition}, SHA-256" in page
        assert "DRAFT" in page
        assert "A pharmacist confirms every volume." in page


def test_draft_ends_with_the_approvals() -> None:
    assert not any("DRAFT" in page for page in sheet(found(APPROVED), replace(WHOSE, approved=True)))


def test_a_strength_looks_the_same_whatever_else_is_prepared_on_the_day() -> None:
    """Alone on its day, the intermediate dose still stands white on black."""
    alone = tuple(each for each in found() if "intermediate" in each.item.slot.key)
    data = write_worksheet([Preparation(WHOSE, DAY_1, alone)])
    band = picture(data, 72).crop((60, 100, 700, 125))
    assert sum(band.histogram()[:64]) > 0.5 * band.width * band.height


def test_the_same_worksheet_has_the_same_bytes() -> None:
    one = write_worksheet([Preparation(WHOSE, DAY_1, found())])
    assert one == write_worksheet([Preparation(WHOSE, DAY_1, found())])


def test_nothing_to_prepare_is_said_in_one_sentence() -> None:
    with pytest.raises(Refused, match=r"^Nothing is to be prepared on these days"):
        write_worksheet([Preparation(WHOSE, DAY_1, syringes(schedule(), PRODUCTS))])


# ---------------------------------------------------------------- bags


def test_a_bag_has_its_own_pages_with_volume_vials_bag_and_what_is_left() -> None:
    planned, products = day_1(), shipped_products()
    bags = infusions(planned, products)
    made = sheet((), replace(WHOSE, protocol=planned.protocol), bags)
    assert [("check" in page, "trastuzumab for" in page) for page in made] == [
        *((True, True), (False, True)),
        *((True, False), (False, False)),
    ]
    check, prepare = made[2], made[3]
    assert "175 mg per m2" in check
    assert "0.3 mg to 1.2 mg per mL" in check
    assert not re.search(r"285\.8|47\.6", check)
    assert "285.8 mg 47.6 mL 0.1 % less than the dose 1 of 300 mg 500 mL 0.9 % sodium chloride" in prepare
    assert "0.5712 mg per mL" in prepare
    assert "14.4 mg" in prepare
    assert "Do not use after: 27 hours after it" in prepare


def test_without_a_product_file_there_is_a_page_and_no_volume() -> None:
    planned = day_1()
    words = " ".join(sheet((), WHOSE, infusions(planned, {})))
    assert words.count("NOT TO BE PREPARED") == 2
    assert "There is no product file" in words
    assert "My volume" not in words


def test_names_are_words_and_never_markup() -> None:
    assert "<b>Bold</b> & Żółć" in text(
        write_worksheet([Preparation(replace(WHOSE, name="<b>Bold</b> & Żółć"), date(2026, 1, 5), found())])
    )
    with pytest.raises(Refused, match="cannot show"):
        sheet(whose=replace(WHOSE, name="محمد"))
