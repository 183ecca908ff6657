"""No choice is silent: whatever a protocol may choose changes a schedule, a proposal or a notice, or `check` minds it.

For every policy with more than one choice, a case: words of a shipped protocol that are replaced, and what the
record says. A choice that has no case, and a case whose choice changes nothing, fail here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Schedule
from scheduler.problems import report
from scheduler.protocol import library
from scheduler.protocol.policies import BY_NAME, POLICIES
from scheduler.record import events as e
from scheduler.shipped import protocols_folder
from tests.conftest import IL2, IL12, MONDAY, patient

ELSEWHERE = {
    "beyond_use_time": "how long a syringe keeps: the pharmacy is told where its product file says otherwise",
}
"""What the engine does not look at, because it concerns no date and no amount."""


@dataclass(frozen=True)
class Case:
    """The line of a file with a choice ('': it says nothing), other choices, and a record in which they differ.

    `also` are further words that have to change with a choice, so that `check` finds the file sound.
    """

    name: str
    written: str
    others: Sequence[str]
    events: tuple[e.Event, ...] = ()
    arm: str | None = None
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kg: str = "70"


def on(days: int) -> date:
    """A day of the study, counted from 1."""
    return MONDAY + timedelta(days=days - 1)


def fatigue(day: int, grade: int, **due: str) -> e.ToxicityGraded:
    causes = tuple(e.Attribution(drug.replace("_", "-"), degree) for drug, degree in due.items())
    return e.ToxicityGraded(on(day), FATIGUE, grade, "CTCAE 3.0", causes)


FATIGUE = "Fatigue (asthenia, lethargy, malaise)"
FEVER = "Fever (in the absence of neutropenia, where neutropenia is defined as AGC<1.0 x 10e9/L)"
HEAVIER, A_BIT = e.WeightMeasured(on(22), Decimal(75)), e.WeightMeasured(on(36), Decimal(76))


def fever(day: int, grade: int, *due: e.Attribution) -> e.ToxicityGraded:
    return e.ToxicityGraded(on(day), FEVER, grade, "CTC 2.0", due)


def home(item: str, day: int, time: str) -> e.DoseGiven:
    return e.DoseGiven(on(day), item, None, time)


def nausea(day: int, grade: int, *due: e.Attribution) -> e.ToxicityGraded:
    return e.ToxicityGraded(on(day), "Nausea", grade, "CTC 2.0", due)


UNLIKELY, UNRELATED = e.Attribution("aldesleukin", "unlikely"), e.Attribution("aldesleukin", "unrelated")
BACK_TO_NOTHING = (
    e.ToxicityGraded(date(2026, 1, 2), FEVER, 2, "CTC 2.0"),
    fever(3, 3),
    nausea(3, 3),
    fever(5, 2),
    nausea(6, 2),
    nausea(7, 1),
    fever(8, 1),
    nausea(9, 0),
    fever(10, 0),
)
THIRD = (
    fever(3, 3),
    fever(4, 1),
    e.HoldLifted(on(4), ("aldesleukin_low", "aldesleukin_intermediate"), -2),
    fever(13, 3),
    fever(14, 1),
)
ALL = ("trastuzumab", "paclitaxel", "dexamethasone", "interleukin_12")
REST = (fatigue(24, 3, interleukin_12="definite"), fatigue(31, 1), e.HoldLifted(on(31), ALL))

ONCE, AGE, DAYS = "recalculate_at: 10 %", "weight_not_older_than", ("28 days", "14 days")
CASES: dict[str, Case] = {
    "cycle_anchor": Case(IL2, "actual_day_1", ["planned_day_1"], (e.CycleStarted(on(25), 2),)),
    "late_dose_within": Case(IL2, "7 days", ["9 days"], (e.CycleStarted(on(30), 2),)),
    "weight_used": Case(IL2, "day_1_of_cycle", ["enrolment"], (e.WeightMeasured(on(22), Decimal(90)),)),
    "weight_not_older_than": Case(
        IL2,
        "",
        ["28 days", "14 days"],
        also={days: {ONCE: f"{ONCE}\n      {AGE}: {days}"} for days in DAYS},
    ),
    "recalculate_at": Case(IL2, "10 %", ["any_change", "5 %"], (HEAVIER, A_BIT)),
    "body_surface_area": Case(IL2, "mosteller", ["du_bois", "haycock", "gehan_george", "boyd"]),
    "surface_area_cap": Case(IL2, "none", ["1.75 m2"]),
    "home_dose_time": Case(IL2, "20:00", ["19:30"]),
    "home_dose_window": Case(IL2, "2 hours", ["1 hour"], (home("C1D2/aldesleukin_low", 2, "18:30"),)),
    "missed_dose": Case(IL2, "same_day_or_skip", ["skip"], (home("C1D2/aldesleukin_low", 2, "23:30"),)),
    "first_home_dose": Case(IL2, "home", ["observed_in_clinic"]),
    "go_no_go": Case(IL2, "day_1_of_cycle", ["every_toxicity_visit"]),
    "screening_window": Case(IL2, "28 days", ["14 days"]),
    "evening_time": Case(IL12, "21:00", ["20:30"], arm="cohort-3"),
    "morning_time": Case(IL12, "07:00", ["06:30"], arm="cohort-3"),
    "forgotten_premedication": Case(
        IL12, "ask_in_clinic", ["give_in_clinic"], (e.DoseMissed(on(21), "C2D-1/dexamethasone"),), "cohort-3"
    ),
    "dependent_days": Case(
        IL12, "follow_actual_day", ["keep_planned_day"], (e.DoseGiven(on(30), "C2D8/trastuzumab"),), "cohort-3"
    ),
    "dependent_dose_when_omitted": Case(
        IL12, "not_given", ["given"], (e.DoseMissed(on(29), "C2D8/trastuzumab"),), "cohort-3"
    ),
    "blood_when_held": Case(IL12, "skipped", ["drawn"], (e.HoldOrdered(on(29), ALL),), "cohort-3"),
    "clock_during_hold": Case(
        IL12, "stops", ["runs"], REST, "cohort-3", also={"runs": {"resume_at: next_week": "resume_at: cycle_day"}}
    ),
    "resume_at": Case(IL12, "next_week", ["cycle_day"], REST, "cohort-3"),
    "longest_hold": Case(IL2, "28 days", ["none", "14 days"], (fever(3, 3), e.WeightMeasured(on(40), Decimal(70)))),
    "longest_hold_counts_from": Case(
        IL2, "first_withheld_dose", ["report"], (fever(8, 3), e.WeightMeasured(on(36), Decimal(70)))
    ),
    "resolved_means": Case(
        IL2,
        "grade_1_or_baseline",
        ["grade_1", "grade_0", "as_the_rule_says"],
        BACK_TO_NOTHING,
        also={
            "grade_1": {"until: grade 1 or baseline": "until: grade 1"},
            "grade_0": {"until: grade 1 or baseline": "until: grade 0"},
            "as_the_rule_says": {"until: grade 1 or baseline": "until: grade 2"},
        },
    ),
    "reduction_applies_to": Case(
        IL2, "all_held", ["attributed_drug"], (fever(3, 3, e.Attribution("trastuzumab", "definite")), fever(5, 1))
    ),
    "re_escalation": Case(
        IL2,
        "never",
        ["investigator"],
        (e.DoseLevelSet(on(3), "aldesleukin_low", -1), e.DoseLevelSet(on(5), "aldesleukin_low", 0)),
    ),
    "below_lowest_level": Case(IL2, "propose_stopping", ["propose_removal"], THIRD),
    "attribution_fires": Case(
        IL2,
        "possible, probable, definite, not_assessed",
        ["any", "possible, probable, definite"],
        (fever(3, 3, UNLIKELY), nausea(9, 3)),
    ),
    "attribution_asks": Case(
        IL2, "unlikely, unrelated", ["none", "unlikely"], (fever(3, 3, UNLIKELY), nausea(9, 3, UNRELATED))
    ),
    "expected_effects": Case(
        IL2,
        "counted",
        ["exempt"],
        (e.ToxicityGraded(on(3), "Lymphopenia", 3, "CTC 2.0"),),
        also={"exempt": {"- when: grade 3-4\n": "- when: grade 3-4 except Lymphopenia\n"}},
    ),
    "label_premedication": Case(IL12, "warn", ["ignore"], arm="cohort-3"),
}


def test_every_policy_with_a_choice_has_a_case() -> None:
    open_ones = {policy.name for policy in POLICIES if len(policy.choices) > 1 or policy.pattern}
    assert set(CASES) | set(ELSEWHERE) == open_ones
    for name, case in CASES.items():
        tried = {case.written, *case.others}
        assert set(BY_NAME[name].choices) <= tried, f"{name} has choices that are not tried"
        assert all(BY_NAME[name].accepts(choice) for choice in tried if choice)
        assert not BY_NAME[name].pattern or tried - set(BY_NAME[name].choices), f"{name}: no value is tried"


def choices() -> Iterator[tuple[str, str]]:
    for name, case in CASES.items():
        for other in case.others:
            yield name, other


def with_choice(name: str, choice: str, folder: Path) -> Schedule:
    """The schedule of a case when its file makes another choice."""
    case = CASES[name]
    text = (protocols_folder() / f"{case.name}.yaml").read_text(encoding="utf-8")
    if case.written:
        old = f"{name}: {case.written}"
        assert text.count(old) == 1, old
        text = text.replace(old, f"{name}: {choice}")
    for words, instead in case.also.get(choice, {}).items():
        assert text.count(words) == 1, words
        text = text.replace(words, instead)
    copy = folder / "copy.yaml"
    copy.write_text(text, encoding="utf-8")
    loaded = library.load(copy)
    assert loaded.protocol is not None
    assert not loaded.problems, report(loaded.problems)
    return build_schedule(loaded.protocol, patient(MONDAY, *case.events, arm=case.arm, kg=case.kg), on(100), on(45))


def seen(found: Schedule) -> object:
    """All that people see of a schedule but the reasons, which quote the file."""
    rows = [
        (i.id, i.date, i.status, i.level, str(i.amount), i.slot.time, i.slot.given_by, i.slot.window)
        for i in found.items
    ]
    return rows, found.cycles, found.proposals, found.notices, found.go_no_go


@pytest.mark.parametrize(("name", "choice"), list(choices()))
def test_every_choice_changes_something(name: str, choice: str, tmp_path: Path) -> None:
    assert seen(with_choice(name, CASES[name].written, tmp_path)) != seen(with_choice(name, choice, tmp_path))


@pytest.mark.parametrize("name", CASES)
def test_no_two_choices_are_the_same(name: str, tmp_path: Path) -> None:
    found = [seen(with_choice(name, choice, tmp_path)) for choice in CASES[name].others]
    assert all(one != other for at, one in enumerate(found) for other in found[:at])
