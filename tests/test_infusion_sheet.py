"""The infusion sheet of a clinic day, and the label of the box that goes home."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.outputs.box_label import HIGH, MARGIN, WIDE, box_labels, write_box_labels
from scheduler.outputs.infusion_sheet import infusion_days, write_infusion_sheet
from scheduler.outputs.paper import MM
from scheduler.problems import Refused
from tests.paper_sample import WHOSE, filled, found, letters, pages, picture
from tests.trial_b_sample import ON, two_cycles

WHOSE_B = replace(WHOSE, subject="S-002", protocol="trastuzumab-paclitaxel-il12", arm="cohort-3")


def sheets(first=ON, last=ON, planned=None, **volumes: str) -> list[str]:
    days = infusion_days(planned or two_cycles(), WHOSE_B, first, last)
    return pages(write_infusion_sheet([replace(day, volumes=volumes) for day in days]))


# ---------------------------------------------------------------- infusion sheet


def test_the_day_stands_in_the_order_of_giving() -> None:
    (page,) = sheets()
    places = [
        page.index(f"{number} {what}")
        for number, what in enumerate(
            ("toxicity grades", "imaging", "research blood sample", "trastuzumab", "paclitaxel"), start=1
        )
    ]
    assert places == sorted(places)
    assert "120 mg intravenous, over 30 minutes" in page
    assert "285.8 mg intravenous, over 180 minutes" in page
    assert "20 mL of blood" in page
    for blank in ("Start", "Stop", "Lot", "Given by; checked by", "Nurse in charge: name"):
        assert blank in page


def test_what_was_to_be_taken_at_home_is_asked_first() -> None:
    (page,) = sheets()
    asked = page.index("Taken at home before: ask")
    assert (
        asked
        < page.index("dexamethasone, Sun 25 Jan 2026 at 21:00")
        < page.index("dexamethasone, Mon 26 Jan 2026 at 07:00")
    )
    assert page.index("dexamethasone, Mon 26 Jan 2026 at 07:00") < page.index("trastuzumab allowed")


def test_the_label_warning_about_premedication_is_on_the_sheet() -> None:
    assert "Note: The label of paclitaxel wants diphenhydramine and cimetidine or ranitidine" in sheets()[0]


def test_days_of_interleukin_12_have_a_sheet_and_days_at_home_have_none() -> None:
    found_pages = sheets(ON, ON + timedelta(days=6))
    assert [re.search(r"Infusion sheet, (\w+ \d+)", page)[1] for page in found_pages] == ["Mon 26", "Tue 27", "Fri 30"]
    assert "12 mcg subcutaneous" in found_pages[1]


def test_the_pharmacy_s_volume_or_room_to_write_it() -> None:
    assert "Volume and bag, from the pharmacy: ________ mL" in sheets()[0]
    assert (
        "5.7 mL from 1 vial" in sheets(**{"C2D1/trastuzumab": "5.7 mL from 1 vial, in 250 mL 0.9 % sodium chloride"})[0]
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("held", "ON HOLD"),
        ("blocked", "NOT YET DECIDED"),
        ("not-computable", "NO AMOUNT"),
        ("given", "Recorded as given."),
    ],
)
def test_what_is_not_to_be_given_says_so_without_an_amount(status, said) -> None:
    planned = two_cycles()
    items = tuple(i._replace(status=status) if i.id == "C2D1/paclitaxel" else i for i in planned.items)
    (page,) = sheets(planned=replace(planned, items=items))
    assert said in page
    assert "285.8 mg" not in page


def test_every_page_says_whose_it_is_and_what_it_was_made_from() -> None:
    found_pages = sheets(ON, ON + timedelta(days=6))
    for number, page in enumerate(found_pages, start=1):
        assert f"Page {number} of {len(found_pages)}" in page
        assert (
            "Patient Person Example, number S-002; trial trastuzumab-paclitaxel-il12, edition 1, arm cohort-3" in page
        )
        assert "S-002: made by c1d1 from entry 17, seal 4f1c22ab90de" in page
        assert "DRAFT" in page


def test_a_day_without_a_dose_in_the_clinic_is_refused() -> None:
    with pytest.raises(Refused, match=r"^Nothing is given in the clinic on these days"):
        sheets(ON + timedelta(days=2), ON + timedelta(days=2))


# ---------------------------------------------------------------- box label


def boxes(ready=None, planned=None, whose=WHOSE) -> bytes:
    return write_box_labels(box_labels(planned or found(), whose, ready))


def test_each_strength_has_a_box_of_its_own() -> None:
    made = pages(boxes())
    assert [("low dose" in page, "intermediate dose" in page) for page in made] == [(True, False)] * 2 + [(False, True)]
    assert "circle A: 16 syringes, for subcutaneous use only. Each on its own day, never two on one day." in made[0]
    assert "square B: 3 syringes" in made[2]


def test_a_box_says_which_syringe_on_which_day() -> None:
    made = pages(boxes(filled(found())))
    assert "Tue 6 Jan 2026 at 20:00 4821-057P; not after Wed 7 Jan 2026, 16:00 Europe/Berlin time" in made[0]
    days = re.findall(r"\w+ \d+ Jan 2026 at 20:00", " ".join(made))
    assert len(days) == len(set(days)) == 19


def test_planned_boxes_count_their_syringes() -> None:
    assert "Tue 6 Jan 2026 at 20:00 syringe 1 of 16" in pages(boxes())[0]


def test_a_box_label_says_whose_it_is_and_what_it_was_made_from() -> None:
    for number, page in enumerate(pages(boxes()), start=1):
        for said in (
            "DRAFT: not for patients.",
            "Patient Person Example, number S-001; trial trastuzumab-il2, edition 1.",
            "Refrigerate at 2 to 8 degrees Celsius",
            "phone 030 0000 0000",
            "entry 17, seal 4f1c22ab90de; replaces what entry 12 handed out",
            f"Page {number} of 3",
        ):
            assert said in page, said


def test_nothing_leaves_a_box_label() -> None:
    data = boxes(filled(found()), whose=replace(WHOSE, name="Maximiliana-Alexandrina von und zu Hohenexample"))
    for page in range(len(pages(data))):
        for _, left, bottom, right, top in letters(data, page):
            assert MARGIN * MM - 2 <= left <= right <= (WIDE - MARGIN) * MM + 2
            assert MARGIN * MM - 2 <= bottom <= top <= (HIGH - MARGIN) * MM + 2


def test_boxes_differ_in_black_and_white() -> None:
    data = boxes()
    dark = []
    for page in (0, 2):
        band = picture(data, 72, page).crop((60, 20, 300, 48))
        dark.append(sum(band.histogram()[:64]) / (band.width * band.height) > 0.5)
    assert dark == [False, True]


def test_a_box_for_nothing_is_refused() -> None:
    with pytest.raises(Refused, match=r"^No syringe goes home on these days"):
        boxes(ready={})
