"""Cycles and days as a ward counts them; there is no day 0 and no cycle 0."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cycle_days import (
    CycleDay,
    date_of_day,
    day_number,
    read_cycle_day,
    read_cycles,
    read_days,
    shown_days,
)
from scheduler.problems import Misread

dates = st.dates(date(1990, 1, 1), date(2100, 1, 1))
days = st.integers(-400, 400).filter(bool)


@given(dates, dates)
def test_a_date_has_one_day_number_and_back(on: date, day_1: date) -> None:
    number = day_number(on, day_1)
    assert number != 0
    assert date_of_day(number, day_1) == on
    assert (number > 0) is (on >= day_1)


@given(dates, days)
def test_a_day_number_has_one_date_and_back(day_1: date, day: int) -> None:
    assert day_number(date_of_day(day, day_1), day_1) == day


@given(dates)
def test_the_day_before_day_1_is_day_minus_1(day_1: date) -> None:
    assert day_number(day_1, day_1) == 1
    assert day_number(day_1 - timedelta(days=1), day_1) == -1


@given(st.sets(st.integers(1, 400), min_size=1))
def test_reading_printed_days_gives_the_same(chosen: set[int]) -> None:
    assert set(read_days(shown_days(chosen))) == chosen


@pytest.mark.parametrize(
    ("text", "found"),
    [("1", (1,)), ("2-4", (2, 3, 4)), ("2-3, 12-13", (2, 3, 12, 13)), ("1,8,15", (1, 8, 15)), ("14 , 15", (14, 15))],
)
def test_days(text: str, found: tuple[int, ...]) -> None:
    assert read_days(text) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "day-zero"),
        ("0-7", "day-zero"),
        ("1, 0", "day-zero"),
        ("7-2", "bad-days"),
        ("2+", "bad-days"),
        ("401", "bad-days"),
        ("-1", "bad-days"),
        ("two", "bad-days"),
        ("", "bad-days"),
        ("1,,2", "bad-days"),
        ("1-2-3", "bad-days"),
        ("99999", "bad-days"),
        ("1-99999999", "bad-days"),
        ("\u0661", "bad-days"),
        ("2, 1", "days-out-of-order"),
        ("1-5, 5", "days-out-of-order"),
        ("3, 3", "days-out-of-order"),
    ],
)
def test_days_that_cannot_be(text: str, code: str) -> None:
    with pytest.raises(Misread) as refused:
        read_days(text)
    assert refused.value.code == code
    assert refused.value.mend


@pytest.mark.parametrize(
    ("text", "inside", "outside", "printed"),
    [
        ("1", {1}, {2, 3}, "1"),
        ("2+", {2, 3, 999}, {1}, "2+"),
        ("2, 4", {2, 4}, {1, 3, 5}, "2, 4"),
        ("3-6", {3, 4, 6}, {2, 7}, "3-6"),
        ("1, 3+", {1, 3, 50}, {2}, "1, 3+"),
    ],
)
def test_cycles(text: str, inside: set[int], outside: set[int], printed: str) -> None:
    cycles = read_cycles(text)
    assert all(cycle in cycles for cycle in inside)
    assert not any(cycle in cycles for cycle in outside)
    assert str(cycles) == printed
    assert read_cycles(printed) == cycles


@pytest.mark.parametrize(
    ("text", "code"), [("0", "cycle-zero"), ("0+", "cycle-zero"), ("5-3", "bad-cycles"), ("x", "bad-cycles")]
)
def test_cycles_that_cannot_be(text: str, code: str) -> None:
    with pytest.raises(Misread) as refused:
        read_cycles(text)
    assert refused.value.code == code


@given(st.integers(1, 9999), days)
def test_reading_a_printed_cycle_day_gives_the_same(cycle: int, day: int) -> None:
    assert read_cycle_day(str(CycleDay(cycle, day))) == CycleDay(cycle, day)


def test_a_cycle_day_may_be_typed_in_small_letters() -> None:
    assert str(read_cycle_day("c2d9")) == "C2D9"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C2D0", "day-zero"),
        ("C0D1", "bad-cycle-day"),
        ("D1", "bad-cycle-day"),
        ("C2", "bad-cycle-day"),
        ("C-1D1", "bad-cycle-day"),
        ("C1D1 ", "bad-cycle-day"),
        ("C\u0661D1", "bad-cycle-day"),
        ("C1D1\n", "bad-cycle-day"),
        ("C" + "9" * 5000 + "D1", "bad-cycle-day"),
    ],
)
def test_cycle_days_that_cannot_be(text: str, code: str) -> None:
    with pytest.raises(Misread) as refused:
        read_cycle_day(text)
    assert refused.value.code == code


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (read_days, read_cycles, read_cycle_day):
        with suppress(Misread):
            assert read(text)
