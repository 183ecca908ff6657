"""The numbers worked out by hand from the two papers, whatever the calendar does on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from scheduler.engine.amounts import dosage
from scheduler.engine.body_size import body_sizes, size_policy
from scheduler.engine.schedule import Schedule
from scheduler.protocol.meaning import Level
from scheduler.quantities import read_amount
from tests.conftest import IL2, IL12, MONDAY, doses, goes_on, patient, protocol, schedule

STARTS = [
    MONDAY,
    date(2023, 12, 20),  # over the end of a year, and later a leap day
    date(2024, 2, 28),  # the leap day is day 2
    date(2028, 2, 29),  # the leap day is day 1
    date(2026, 3, 2),  # both changes to summer time: 8 March in America, 29 March in Europe
    date(2026, 10, 12),  # both changes back: 25 October in Europe, 1 November in America
    date(2099, 12, 31),  # 2100 is no leap year
]
CYCLE_18 = 1 + 21 * 17


@pytest.fixture(params=STARTS, ids=str)
def start(request: pytest.FixtureRequest) -> date:
    return request.param


def study_days(found: Schedule) -> dict[int, int]:
    """The study day of day 1 of each cycle."""
    return {cycle.cycle: (cycle.start - found.start).days + 1 for cycle in found.cycles}


# --- trastuzumab with aldesleukin ---------------------------------------------------------------


def test_il2_cycles_begin_on_their_study_days(start: date) -> None:
    days = study_days(schedule(IL2, patient(start), 400))
    known = {1: 1, 2: 22, 3: 36, 4: 50, 5: 64, 9: 120, 13: 176, 17: 232, 23: 316, 26: 358}
    assert {cycle: days[cycle] for cycle in known} == known
    assert all(days[cycle] == 22 + 14 * (cycle - 2) for cycle in days if cycle > 1)
    assert max(cycle for cycle, day in days.items() if day <= 365) == 26


@pytest.mark.parametrize(
    ("cycle", "infusions", "low", "intermediate", "per_m2"),
    [(1, 2, 16, 3, 52), (2, 1, 11, 3, 47), (3, 1, 11, 3, 47), (23, 1, 11, 3, 47)],
)
def test_il2_counts_of_a_cycle(
    start: date, cycle: int, infusions: int, low: int, intermediate: int, per_m2: int
) -> None:
    found = schedule(IL2, patient(start), 330)
    aldesleukin = doses(found, "aldesleukin", cycle)
    assert len(doses(found, "trastuzumab", cycle)) == infusions
    assert len(doses(found, "aldesleukin_low", cycle)) == low
    assert len(doses(found, "aldesleukin_intermediate", cycle)) == intermediate
    assert {item.rate.unit for item in aldesleukin if item.rate} == {"million units/m2"}
    assert sum(item.rate.amount.value for item in aldesleukin if item.rate) == per_m2


def test_il2_days_of_aldesleukin(start: date) -> None:
    found = schedule(IL2, patient(start), 329)
    days = [item.study_day for item in doses(found, "aldesleukin")]
    assert days == [*range(2, 8), *range(9, 330)]  # none on days 1 and 8; none missing from day 9 on


def test_il2_every_dose_of_trastuzumab_is_4_mg_per_kg(start: date) -> None:
    infusions = doses(schedule(IL2, patient(start), 60), "trastuzumab")
    assert [item.study_day for item in infusions] == [1, 8, 22, 36, 50]
    assert {str(item.rate) for item in infusions} == {"4 mg per kg"}
    assert [item.over_minutes for item in infusions] == [90, 30, 30, 30, 30]


def test_il2_imaging_comes_before_cycles_5_9_13(start: date) -> None:
    scans = [item for item in schedule(IL2, patient(start), 180).items if item.slot.key == "imaging"]
    assert [item.study_day for item in scans] == [-1, 64, 120, 176]
    assert [item.window for item in scans[1:]] == [(item.date - timedelta(days=7), item.date) for item in scans[1:]]


# --- trastuzumab and paclitaxel with interleukin-12 ---------------------------------------------


def il12(start: date, arm: str = "cohort-3", kg: str = "70", days: int = 420) -> Schedule:
    return schedule(IL12, patient(start, goes_on(start), arm=arm, kg=kg), days)


def test_il12_cycles_begin_every_21_days_for_a_year(start: date) -> None:
    assert study_days(il12(start)) == {cycle: 1 + 21 * (cycle - 1) for cycle in range(1, 19)}
    assert study_days(il12(start))[18] == CYCLE_18 == 358


def test_il12_follows_each_trastuzumab_from_cycle_2_on(start: date) -> None:
    given = doses(il12(start), "interleukin_12")
    assert (given[0].cycle_day, given[0].study_day) == ("C2D2", 23)
    assert {item.slot.day for item in given} == {2, 5, 9, 12, 16, 19}
    infusions = [item.date for item in doses(il12(start), "trastuzumab")[3:]]
    assert [item.date for item in given] == [on + timedelta(days=after) for on in infusions for after in (1, 4)]


@pytest.mark.parametrize(("cycle", "counts"), [(1, (3, 1, 2, 0)), (2, (3, 1, 2, 6)), (18, (3, 1, 2, 6))])
def test_il12_counts_of_a_cycle(start: date, cycle: int, counts: tuple[int, ...]) -> None:
    keys = ("trastuzumab", "paclitaxel", "dexamethasone", "interleukin_12")
    assert tuple(len(doses(il12(start), key, cycle)) for key in keys) == counts


def test_il12_blood(start: date) -> None:
    draws = [
        (item.cycle, item.date, item.amount.value)
        for item in il12(start).items
        if item.slot.key == "research_blood" and item.amount
    ]
    assert sum(mL for cycle, _, mL in draws if cycle == 1) == 60
    assert {sum(mL for cycle, _, mL in draws if cycle == n) for n in range(2, 19)} == {180}
    assert sum(mL for _, _, mL in draws) == 3120
    eight_weeks = [
        sum(mL for _, on, mL in draws if first <= on < first + timedelta(weeks=8))
        for cycle, first, _ in draws
        if 1 < cycle < 15
    ]
    assert set(eight_weeks) == {480}


@pytest.mark.parametrize(("kg", "warned"), [("45.7", True), ("45.8", False), ("70", False)])
def test_il12_blood_is_too_much_below_45_7_kg(kg: str, warned: bool) -> None:  # noqa: FBT001
    assert ("too-much-blood" in {notice.code for notice in il12(MONDAY, kg=kg).notices}) is warned


@pytest.mark.parametrize(
    ("arm", "full", "half"),
    [("cohort-1", "7 mcg", "3.5 mcg"), ("cohort-2", "21 mcg", "10.5 mcg"), ("cohort-3", "14 mcg", "7 mcg")],
)
def test_il12_amounts_for_70_kg(arm: str, full: str, half: str) -> None:
    assert {item.amount for item in doses(il12(MONDAY, arm), "interleukin_12")} == {read_amount(full)}
    levels = {
        each.level: each.rate for each, _ in protocol(IL12).effects(Level, arm) if each.treatment == "interleukin_12"
    }
    size = body_sizes(size_policy(protocol(IL12)), patient(arm=arm), [MONDAY])[0]
    assert [dosage(levels[level], (), size).amount for level in (0, -1)] == [read_amount(full), read_amount(half)]


def test_il12_trastuzumab_is_loaded_once(start: date) -> None:
    infusions = doses(il12(start), "trastuzumab")
    assert [item.amount.value for item in infusions if item.amount] == [Decimal(280)] + [Decimal(140)] * 53
    assert [item.over_minutes for item in infusions] == [90] + [30] * 53
