"""Doses: strengths, bases, marks, arms."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import Assess, Band, Give, GivenWhere

NIGHT_ENDS = "04:00"


def one_strength_a_day(c: Checking) -> None:
    """A drug is given on a day by one sentence only; two strengths of it never share a day."""
    drugs = {treatment.key: treatment.drug for treatment in c.protocol.treatments}
    for arm in c.arms:
        for cycle in c.cycles_to_look_at():
            taken: dict[tuple[int, str], Give] = {}
            for day, give in c.fixed_days(arm, cycle):
                key = give.dose.treatment
                other = taken.setdefault((day, drugs[key]), give)
                if other is give:
                    continue
                same = other.dose.treatment == key
                c.problem(
                    give.place,
                    "dose-twice" if same else "strengths-overlap",
                    f"Day {day} of cycle {cycle} would give "
                    + (f"{key} twice" if same else f"both {other.dose.treatment} and {key}")
                    + f" (see line {other.place.line}).",
                    "Take the day out of one of the two lines.",
                )


def marks_differ(c: Checking) -> None:
    """Every treatment taken at home has a mark of its own."""
    home = {given.treatment for given, _ in c.protocol.effects(GivenWhere) if given.by == "patient"}
    seen: dict[str, str] = {}
    for treatment in c.protocol.treatments:
        if treatment.key in home and not treatment.mark:
            c.problem(
                treatment.place,
                "home-without-mark",
                f"{treatment.key} is taken at home and has no mark.",
                "Add 'mark:' with a shape and a letter, like 'circle A'.",
            )
        elif treatment.mark and treatment.mark in seen:
            c.problem(
                treatment.place,
                "mark-twice",
                f"{treatment.key} carries the same mark as {seen[treatment.mark]}.",
                "Give each its own shape and letter, so that two syringes cannot be confused.",
            )
        seen.setdefault(treatment.mark, treatment.key)


def no_night_doses(c: Checking) -> None:
    times = [(time, give.dose_place) for give, _ in c.protocol.effects(Give) for time in give.dose.at]
    times += [
        (s.value, s.place)
        for s, _ in c.protocol.settings()
        if s.policy in ("home_dose_time", "evening_time", "morning_time")
    ]
    for time, place in times:
        if time < NIGHT_ENDS:
            c.problem(
                place,
                "night-dose",
                f"{time} is in the night, when clocks change and calendars disagree.",
                f"Write a time from {NIGHT_ENDS} on.",
            )


def one_basis(c: Checking) -> None:
    """All rates of a treatment are per the same body size and of one kind of unit."""
    first: dict[str, Give] = {}
    for give, _ in c.protocol.effects(Give):
        rate = give.dose.rate
        if rate is None:
            continue
        other = first.setdefault(give.dose.treatment, give).dose.rate
        if other is not None and rate.is_below(other) is None:
            c.problem(
                give.dose_place,
                "mixed-basis",
                f"{give.dose.treatment} is {rate} here and {other} in line {first[give.dose.treatment].place.line}.",
                "Write all its doses per the same body size, in one kind of unit.",
            )


def everything_is_used(c: Checking) -> None:
    given = {give.dose.treatment for give, _ in c.protocol.effects(Give)}
    done = {assess.assessment for assess, _ in c.protocol.effects(Assess)}
    banded = {band.treatment for band, _ in c.protocol.effects(Band)}
    for treatment in c.protocol.treatments:
        if treatment.key not in given:
            c.problem(
                treatment.place,
                "never-given",
                f"{treatment.key} is never given.",
                "Add a line of 'give', or take the treatment out.",
            )
    for assessment in c.protocol.assessments:
        if assessment.key not in done:
            c.problem(
                assessment.place,
                "never-done",
                f"{assessment.key} is never done.",
                "Add a line of 'assess', or take it out.",
            )
    for give, _ in c.protocol.effects(Give):
        if give.dose.rate is None and give.dose.treatment not in banded:
            c.problem(
                give.dose_place,
                "no-bands",
                f"{give.dose.treatment} is given by bands, and no table of bands is there.",
                "Add 'bands:' with a line for each body size.",
            )


def every_arm_has_a_dose(c: Checking) -> None:
    named = {arm for give, _ in c.protocol.effects(Give) for arm in give.arms}
    for arm in c.protocol.arms:
        if arm.key not in named:
            c.problem(
                arm.place,
                "arm-without-dose",
                f"No dose names the arm '{arm.key}'.",
                f"Add a line of 'give' that begins with 'arm {arm.key}', or take the arm out.",
            )
