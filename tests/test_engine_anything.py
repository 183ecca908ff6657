"""Whatever is recorded, in whatever order: the engine answers, and what it plans is never two doses at once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from scheduler.cycle_days import day_number
from scheduler.engine.schedule import Item
from scheduler.record.events import (
    Attribution,
    CycleStarted,
    DoseGiven,
    DoseLevelSet,
    DoseMissed,
    DoseTakenWhileHeld,
    Event,
    HoldLifted,
    HoldOrdered,
    LabResult,
    ReloadConfirmed,
    ResponseAssessed,
    ToxicityGraded,
    TreatmentEnded,
    VisitMoved,
    WeightMeasured,
)
from scheduler.record.history import History
from tests.conftest import ARMS, MONDAY, doses, goes_on, patient, protocol, schedule

DAYS = 300
TERMS = ("Fatigue", "Diarrhea", "Nausea", "Leukocytes", "Infusion related reaction")
DEGREES = ("unrelated", "unlikely", "possible", "probable", "definite")

days = st.integers(-20, DAYS).map(lambda after: MONDAY + timedelta(days=after))
cycles = st.integers(1, 12)
kilograms = st.decimals("40", "120", places=1, allow_nan=False)
horizons = st.integers(1, DAYS)
trials = st.sampled_from([(name, arm) for name, arms in ARMS.items() for arm in arms])


@cache
def planned_days(name: str, arm: str | None) -> tuple[tuple[date, str], ...]:
    found = schedule(name, patient(MONDAY, goes_on(), arm=arm), DAYS)
    return tuple((item.date, item.id) for item in found.items)


def any_event(name: str, arm: str | None) -> st.SearchStrategy[Event]:
    """One event of any kind that the engine knows, with names and ids of the protocol."""
    trial = protocol(name)
    near = st.integers(-20, 20).map(lambda days: timedelta(days=days))
    item = st.tuples(st.sampled_from(planned_days(name, arm)), near).map(
        lambda found: (found[0][0] + found[1], found[0][1])
    )
    treatment = st.sampled_from([treatment.key for treatment in trial.treatments])
    some = st.lists(treatment, min_size=1, max_size=2, unique=True).map(tuple)
    drug = st.sampled_from([treatment.drug for treatment in trial.treatments])
    causes = st.lists(st.builds(Attribution, drug, st.sampled_from(DEGREES)), max_size=2).map(tuple)
    grades = st.integers(0, 5)
    return st.one_of(
        st.builds(WeightMeasured, days, kilograms),
        st.builds(CycleStarted, days, cycles),
        st.builds(VisitMoved, days, cycles, days),
        st.builds(ResponseAssessed, days, st.just(4), st.sampled_from(["PR", "PD", "NE"])),
        st.builds(ToxicityGraded, days, st.sampled_from(TERMS), grades, st.just(trial.criteria), causes),
        st.builds(LabResult, days, st.just("ejection fraction"), kilograms, st.just("points")),
        item.map(lambda found: DoseGiven(*found)),
        item.map(lambda found: DoseTakenWhileHeld(*found)),
        item.map(lambda found: DoseMissed(*found)),
        st.builds(HoldOrdered, days, some),
        st.builds(HoldLifted, days, some, st.sampled_from([None, 0, -1, -2, -7])),
        st.builds(DoseLevelSet, days, treatment, st.sampled_from([0, -1, -2, -7])),
        st.builds(ReloadConfirmed, days, treatment),
        st.builds(TreatmentEnded, days, st.just("disease progression"), st.one_of(st.just(()), some)),
    )


@st.composite
def records(draw: st.DrawFn) -> tuple[str, History]:
    name, arm = draw(trials)
    return name, patient(MONDAY, *draw(st.lists(any_event(name, arm), max_size=7)), arm=arm)


@given(records(), horizons)
def test_items_are_dated_told_apart_and_explained(record: tuple[str, History], wanted: int) -> None:
    found = schedule(*record, wanted)
    assert [item.date for item in found.items] == sorted(item.date for item in found.items)
    assert not [item_id for item_id, times in Counter(item.id for item in found.items).items() if times > 1]
    for item in found.items:
        assert item.date <= found.through
        assert item.study_day == day_number(item.date, found.start) != 0
        assert item.reasons
        assert (
            item.status not in ("planned", "given") or item.slot.kind != "dose" or item.amount or item.status == "given"
        )


@given(records())
def test_never_two_doses_of_a_drug_at_one_time_of_a_day(record: tuple[str, History]) -> None:
    """Only doses that were really given twice may stand twice; nothing is planned on top of them."""
    coming = [item for item in doses(schedule(*record, DAYS)) if item.status in ("planned", "not-computable", "given")]
    together = Counter(_moment(item) for item in coming)
    assert not [item.id for item in coming if item.status != "given" and together[_moment(item)] > 1]


def _moment(item: Item) -> tuple[date, str, str | None, int]:
    return item.date, item.slot.drug, item.slot.time, item.slot.dose_number


@given(records(), horizons, horizons)
def test_a_longer_horizon_changes_nothing_before_it(record: tuple[str, History], one: int, other: int) -> None:
    shorter, longer = schedule(*record, min(one, other)), schedule(*record, max(one, other))
    assert shorter.items == tuple(item for item in longer.items if item.date <= shorter.through)
