"""The calendar for the wall, read back by another library and as pictures.

To accept new words: C1D1_NEW_GOLDENS=1 pytest tests/test_wall_calendar.py; then read the difference.
"""

from __future__ import annotations

import calendar
import os
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.outputs.languages import known, language
from scheduler.problems import Refused
from scheduler.record.events import Attribution, ToxicityGraded
from tests.conftest import IL12, TABLETS
from tests.patient_paper_sample import (
    WITH_HOME_DOSES,
    days,
    out_of_page,
    pages,
    plan,
    smallest_print,
    unseen,
    wall,
    with_events,
)

GOLDENS = Path(__file__).parent / "goldens"
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
TERM = "Fever (in the absence of neutropenia, where neutropenia is defined as AGC<1.0 x 10e9/L)"
FEVER = ToxicityGraded(date(2026, 11, 11), TERM, 3, "CTC 2.0", (Attribution("aldesleukin", "probable"),))


def test_a_month_says_what_it_has_to_say() -> None:
    (page,) = pages(wall(days(plan(), *NOVEMBER)))
    for words in (
        "November 2026: doses at home",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Use the syringe or box with the same mark, on its own day only.",
        "An empty day is a day without a dose.",
        "If the clinic calls and says HOLD, take no dose, whatever this paper says.",
        "Call Example Ward: +1 555 0100",
        "S-001. Entry 17, seal 4f1c22ab90de.",
        "Page 1 of 1",
    ):
        assert words in page, words


def test_it_names_no_drug_no_trial_and_no_amount() -> None:
    """Visitors read it too."""
    for name in WITH_HOME_DOSES:
        for page in pages(wall(days(plan(name), *NOVEMBER))):
            for word in ("aldesleukin", "dexamethasone", "capecitabine", "trastuzumab", "units", "mg", "mL", "Cycle"):
                assert word not in page


def test_held_days_say_hold_and_show_no_mark() -> None:
    (page,) = pages(wall(days(with_events(FEVER, seen=date(2026, 11, 11)), *NOVEMBER)))
    doses_held = sum(bool(day.doses) for day in days(plan(), *NOVEMBER) if day.on.day >= 11)
    assert page.count("HOLD") == doses_held + 1  # and once in the notes
    assert page.count("circle A") == 6
    assert page.count("square B") == 1


def test_a_hold_is_crossed_and_an_empty_day_is_empty() -> None:
    """Ink on the picture: none but the number in a day without a dose, a cross and a word in a held one."""
    schedule = with_events(FEVER, seen=date(2026, 11, 11))
    picture = pypdfium2.PdfDocument(wall(days(schedule, *NOVEMBER)))[0].render(scale=2).to_pil().convert("L")
    assert ink(picture, date(2026, 11, 1)) == 0
    assert ink(picture, date(2026, 11, 12)) > 0.01
    assert ink(picture, date(2026, 11, 3)) > 0.01


def ink(picture, on: date) -> float:
    """The share of black in the lower half of a day's cell, in a month of six weeks that begins on a Sunday."""
    left, top, right, bottom = 12 / 297, 32 / 210, 285 / 297, (210 - 12 - 11.3 - 22) / 210
    number = 6 + on.day - 1
    wide, high = (right - left) / 7, (bottom - top) / 6
    x, y = left + number % 7 * wide, top + number // 7 * high
    box = (x + wide * 0.05, y + high * 0.5, x + wide * 0.95, y + high * 0.9)
    cell = picture.crop(tuple(int(v * picture.size[n % 2]) for n, v in enumerate(box)))
    return sum(cell.histogram()[:128]) / (cell.width * cell.height)


def test_two_and_three_doses_on_a_day_have_their_marks_and_times() -> None:
    (page,) = pages(wall(days(plan(TABLETS), *NOVEMBER)))
    found = days(plan(TABLETS), *NOVEMBER)
    for time in ("08:00", "11:00", "20:00"):
        assert page.count(time) == sum(dose.time == time for day in found for dose in day.doses) > 10


def test_days_after_the_release_are_not_empty() -> None:
    found = days(plan(), *NOVEMBER, released=date(2026, 11, 22))
    (page,) = pages(wall(found))
    assert page.count("Not released yet") == 8


def test_a_draft_says_so() -> None:
    assert all("DRAFT" in page for page in pages(wall(days(plan(), *NOVEMBER), approved=False)))


def test_months_without_a_dose_are_refused() -> None:
    with pytest.raises(Refused, match="No dose is to be taken at home"):
        wall(days(plan(IL12), date(2026, 8, 1), date(2026, 8, 31)))


@settings(max_examples=10)
@given(
    st.sampled_from(WITH_HOME_DOSES),
    st.dates(date(2026, 1, 1), date(2031, 12, 31)),
    st.sampled_from(known()),
)
def test_any_month_is_whole_and_readable(name: str, start: date, code: str) -> None:
    """Every month of any year, six weeks long or four, with every day's number and every dose's time."""
    first = start.replace(day=1)
    last = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    schedule, tongue = plan(name, start, 2), language(code)
    found = days(schedule, first, last)
    if not any(day.doses for day in found):
        return
    pdf = wall(found, code, approved=False)
    (page,) = pages(pdf)
    assert tongue.month(first) in page
    words = page.split()
    assert all(str(day.on.day) in words for day in found)
    for time in {dose.time for day in found for dose in day.doses}:
        assert words.count(time) == sum(dose.time == time for day in found for dose in day.doses)
    assert page.count(tongue.say("Clinic visit")) == sum(day.visit for day in found)
    assert unseen(pdf) == 0
    assert out_of_page(pdf) == []
    assert smallest_print(pdf) >= 7  # the letter in the smallest mark; its words stand beside it


def test_same_input_same_bytes() -> None:
    found = days(plan(), *NOVEMBER)
    assert wall(found) == wall(found)


@pytest.mark.parametrize("code", known())
def test_the_words_of_a_month(code: str) -> None:
    found = days(with_events(FEVER, seen=date(2026, 11, 11)), NOVEMBER[0], NOVEMBER[1] + timedelta(days=31))
    text = "\n\n".join(pages(wall(found, code))) + "\n"
    golden = GOLDENS / f"wall-{code}.txt"
    if os.environ.get("C1D1_NEW_GOLDENS"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
