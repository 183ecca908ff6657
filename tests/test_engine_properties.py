"""What holds for every schedule, however odd the record: late, early and misdated starts, weights in any order."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cycle_days import date_of_day, day_number
from scheduler.engine.body_size import surface_area
from scheduler.engine.build import build_schedule, up_to_cycle
from scheduler.engine.schedule import Item, Schedule
from scheduler.quantities import read_amount, read_rate
from scheduler.record.events import (
    CycleStarted,
    Event,
    HeightMeasured,
    PatientEnrolled,
    ResponseAssessed,
    WeightMeasured,
)
from scheduler.record.history import History
from tests.conftest import ARMS, IL2, doses, patient, protocol, schedule

starts = st.dates(date(2020, 1, 1), date(2104, 12, 31))
kilograms = st.decimals("20", "300", places=2, allow_nan=False)
centimetres = st.decimals("100", "250", places=1, allow_nan=False)
trials = st.sampled_from([(name, arm) for name, arms in ARMS.items() for arm in arms])


@st.composite
def events(draw: st.DrawFn, day_1: date) -> Event:
    on = day_1 + timedelta(days=draw(st.integers(-30, 400)))
    match draw(st.sampled_from(["weight", "height", "start", "response"])):
        case "weight":
            return WeightMeasured(on, draw(kilograms))
        case "height":
            return HeightMeasured(on, draw(centimetres))
        case "start":
            return CycleStarted(on, draw(st.integers(1, 20)))
        case _:
            return ResponseAssessed(on, draw(st.integers(1, 5)), draw(st.sampled_from(["CR", "PR", "SD", "PD", "NE"])))


@st.composite
def records(draw: st.DrawFn) -> tuple[str, History]:
    """A protocol and a patient, tidy or not."""
    name, arm = draw(trials)
    day_1 = draw(starts)
    return name, History((PatientEnrolled(day_1, day_1, arm=arm), *draw(st.lists(events(day_1), max_size=8))))


def made(record: tuple[str, History], days: int) -> Schedule:
    name, history = record
    return schedule(name, history, days)


horizons = st.integers(1, 420)


# --- days ---------------------------------------------------------------------------------------


@given(records(), horizons)
def test_every_day_is_in_its_cycle(record: tuple[str, History], days: int) -> None:
    found = made(record, days)
    length = {cycle.cycle: cycle.length_days for cycle in found.cycles}
    start = {cycle.cycle: cycle.start for cycle in found.cycles}
    for item in found.items:
        if item.cycle in start:
            assert item.date == date_of_day(item.slot.day, start[item.cycle])
            assert item.slot.day == -1 or item.slot.code or 1 <= item.slot.day <= length[item.cycle]
        else:  # the evening before a cycle that begins on the day after the last one
            assert (item.slot.day, item.date) == (-1, found.through)


@given(records(), horizons)
def test_study_days_count_from_day_1_and_there_is_no_day_0(record: tuple[str, History], days: int) -> None:
    found = made(record, days)
    assert [cycle.start for cycle in found.cycles][:1] in ([found.start], [])
    for item in found.items:
        assert item.study_day == day_number(item.date, found.start) != 0
        assert item.slot.day != 0


@given(records(), horizons)
def test_cycles_follow_each_other(record: tuple[str, History], days: int) -> None:
    cycles = made(record, days).cycles
    assert [cycle.cycle for cycle in cycles] == list(range(1, len(cycles) + 1))
    assert all(one.start < other.start for one, other in pairwise(cycles))


@given(records(), horizons)
def test_items_are_in_order_and_each_id_stands_once(record: tuple[str, History], days: int) -> None:
    found = made(record, days)
    assert [(i.date, i.slot.rank) for i in found.items] == sorted((i.date, i.slot.rank) for i in found.items)
    assert not [item_id for item_id, times in Counter(i.id for i in found.items).items() if times > 1]
    assert all(item.date <= found.through for item in found.items)


@given(records())
def test_never_two_aldesleukin_doses_on_one_day(record: tuple[str, History]) -> None:
    name, history = record
    coming = [i for i in doses(schedule(name, history), "aldesleukin") if i.status not in ("skipped", "ended")]
    assert len({item.date for item in coming}) == len(coming)


# --- horizons -----------------------------------------------------------------------------------


@given(records(), horizons, horizons)
def test_a_longer_horizon_changes_nothing_before_it(record: tuple[str, History], one: int, other: int) -> None:
    shorter, longer = made(record, min(one, other)), made(record, max(one, other))
    assert shorter.items == tuple(item for item in longer.items if item.date <= shorter.through)
    assert shorter.cycles == longer.cycles[: len(shorter.cycles)]


@given(records(), st.integers(1, 12))
def test_a_plan_for_some_cycles_begins_the_plan_for_one_more(record: tuple[str, History], cycles: int) -> None:
    whole = made(record, 420)
    fewer, more = up_to_cycle(whole, cycles), up_to_cycle(whole, cycles + 1)
    assert fewer.items == tuple(item for item in more.items if item.cycle <= cycles)
    last = min(whole.through, fewer.cycles[-1].last_day)
    alone = up_to_cycle(build_schedule(protocol(record[0]), record[1], last), cycles)
    assert alone.items == tuple(item for item in fewer.items if item.date <= last)


@given(records(), st.integers(0, 400), kilograms)
def test_a_new_weight_changes_no_dose_before_its_day(record: tuple[str, History], after: int, kg: Decimal) -> None:
    name, history = record
    measured = WeightMeasured(history.day_1 + timedelta(days=after), kg)
    before, now = schedule(name, history), schedule(name, History((*history.events, measured)))
    assert [i for i in before.items if i.date < measured.happened_on] == [
        i for i in now.items if i.date < measured.happened_on
    ]


# --- amounts and reasons ------------------------------------------------------------------------


@given(records(), horizons)
def test_every_item_says_why(record: tuple[str, History], days: int) -> None:
    for item in made(record, days).items:
        kinds = {reason.kind for reason in item.reasons}
        assert kinds & {"paper", "registry", "label", "assumption"}
        assert all(reason.text for reason in item.reasons)
        assert all(reason.at for reason in item.reasons if reason.kind not in ("event", "arithmetic"))
        if item.status == "not-computable":
            assert any(reason.text.startswith("No amount:") for reason in item.reasons)


@given(records(), horizons)
def test_a_planned_dose_has_an_amount_and_its_rate_is_the_proof(record: tuple[str, History], days: int) -> None:
    name, history = record
    for item in doses(schedule(name, history, days)):
        assert (item.amount is None) is (item.status == "not-computable") or item.status in (
            "skipped",
            "blocked",
            "ended",
        )
        if item.amount is not None and item.rate is not None:
            assert _factor(item) in _possible_factors(history, item)


def _factor(item: Item) -> Fraction:
    assert item.amount
    assert item.rate
    amount = item.amount.in_unit(item.rate.amount.unit)
    assert amount
    return Fraction(amount.value) / Fraction(item.rate.amount.value)


def _possible_factors(history: History, item: Item) -> set[Fraction]:
    """Every recorded weight, or area of a recorded weight and height; 1 for a flat dose."""
    assert item.rate
    weights = [weight.kg for weight in history.weights]
    if item.rate.per == "kg":
        return {Fraction(kg) for kg in weights}
    if item.rate.per == "m2":
        heights = [height.cm for height in history.heights]
        return {Fraction(surface_area("mosteller", cm, kg)) for cm in heights for kg in weights}
    return {Fraction(1)}


@given(starts, kilograms, centimetres)
def test_amounts_scale_exactly_with_the_rate(start: date, kg: Decimal, cm: Decimal) -> None:
    found = schedule(IL2, patient(start, kg=str(kg), cm=str(cm)), 21)
    low, intermediate = (doses(found, f"aldesleukin_{tier}")[0].amount for tier in ("low", "intermediate"))
    assert low
    assert intermediate
    assert Fraction(intermediate.value) == 12 * Fraction(low.value)


@given(records(), horizons)
def test_reading_what_is_printed_gives_the_same(record: tuple[str, History], days: int) -> None:
    for item in doses(made(record, days)):
        if item.rate and item.amount:
            assert read_rate(str(item.rate)) == item.rate
            assert read_amount(str(item.amount.rounded())) == item.amount.rounded()


@pytest.mark.parametrize("name", ARMS)
def test_the_same_question_has_the_same_answer(name: str) -> None:
    history = patient(arm=ARMS[name][-1])
    assert schedule(name, history) == schedule(name, history)


def test_an_arm_that_the_protocol_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="not an arm"):
        schedule(IL2, patient(arm="cohort-9"))
