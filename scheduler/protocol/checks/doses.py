"""Doses: one strength a day, one basis, and nothing that is declared and never given."""

from __future__ import annotations

from decimal import Decimal

from scheduler.problems import Place
from scheduler.protocol.checks.checking import DAYS, Checking
from scheduler.protocol.meaning import (
    Assess,
    BeforeDay1,
    EveryMonths,
    Give,
    Infuse,
    Reload,
)
from scheduler.quantities import Rate

TENFOLD = Decimal(10)


def one_strength_a_day(c: Checking) -> None:
    """A drug is given on a day by one sentence only; two strengths of it never share a day."""
    drugs = {treatment.key: treatment.drug for treatment in c.protocol.treatments}
    told: set[tuple[Place, Place]] = set()
    for arm in c.arms:
        for cycle in c.cycles_to_look_at():
            taken: dict[tuple[int, str], Give] = {}
            for day, give in sorted(c.doses(cycle, arm), key=lambda dose: (dose[1].place, dose[0])):
                other = taken.get((day, drugs[give.dose.treatment]))
                taken.setdefault((day, drugs[give.dose.treatment]), give)
                if other is not None and (other.place, give.place) not in told:
                    told.add((other.place, give.place))
                    _overlap(c, other, give, f"Day {day} of cycle {cycle}{_in_arm(arm, other, give)}")


def _in_arm(arm: str | None, one: Give, other: Give) -> str:
    return f" in arm {arm}" if one.arms or other.arms else ""


def _overlap(c: Checking, one: Give, other: Give, day: str) -> None:
    first, second = one.dose.treatment, other.dose.treatment
    seen = "by this line alone" if one is other else f"(see line {one.place.line})"
    c.problem(
        other.place,
        "dose-twice" if first == second else "strengths-overlap",
        f"{day} would give {f'{first} twice' if first == second else f'both {first} and {second}'} {seen}.",
        "Correct the days that are counted." if one is other else "Take the day out of one of the two lines.",
    )


def every_dose_has_a_day(c: Checking) -> None:
    """A dose by calendar months, or at some time before day 1, has no day on which it is due."""
    for give, _ in c.protocol.effects(Give):
        if isinstance(give.when, BeforeDay1 | EveryMonths):
            c.lost |= {DAYS, "give"}
            kind = "before day 1" if isinstance(give.when, BeforeDay1) else "by calendar months"
            c.problem(
                give.place,
                "dose-without-day",
                f"A dose {kind} has no cycle day.",
                "Write the cycle and the day, like 'cycle 2+ day 1'; months and screening are for 'assess'.",
            )


def doses_are_not_far_apart(c: Checking) -> None:
    """Doses of one treatment in one arm, and its loading dose, are less than tenfold apart."""
    for arm in c.arms:
        rates = [(g.dose.treatment, g.dose.rate, g.dose_place) for g, _ in c.protocol.effects(Give, arm) if g.dose.rate]
        rates += [(reload.treatment, reload.dose, reload.place) for reload, _ in c.protocol.effects(Reload)]
        first: dict[str, tuple[Rate, Place]] = {}
        for treatment, rate, place in sorted(rates, key=lambda each: each[2]):
            other, there = first.setdefault(treatment, (rate, place))
            if other.per == rate.per and _ratio(rate, other) >= TENFOLD:
                c.problem(
                    place,
                    "tenfold",
                    f"{treatment} is {rate} here and {other} in line {there.line}, tenfold or more apart.",
                    "Look for a slip; what is meant to differ so far is declared as two treatments.",
                )


def _ratio(one: Rate, other: Rate) -> Decimal:
    """How many times the larger of two rates is the smaller; 0 where they cannot be compared."""
    amount = one.amount.in_unit(other.amount.unit)
    if amount is None:
        return Decimal(0)
    return max(amount.value, other.amount.value) / min(amount.value, other.amount.value)


def nothing_is_done_twice(c: Checking) -> None:
    """An assessment is due once a day."""
    told: set[Place] = set()
    for arm in c.arms:
        lines = [assess for assess, _ in c.protocol.effects(Assess, arm)]
        for cycle in c.cycles_to_look_at():
            due: dict[tuple[str, int], Assess] = {}
            for line in lines:
                for day in c.days(line.when, cycle, arm):
                    other = due.get((line.assessment, day))
                    due.setdefault((line.assessment, day), line)
                    if other is not None and line.place not in told:
                        told.add(line.place)
                        _done_twice(c, other, line, f"day {day} of cycle {cycle}")


def _done_twice(c: Checking, one: Assess, other: Assess, day: str) -> None:
    alone = one is other
    c.problem(
        other.place,
        "done-twice",
        f"{'This line alone' if alone else f'Line {one.place.line}'} has {one.assessment} on {day} "
        f"{'twice' if alone else 'already'}.",
        "Correct the days that are counted." if alone else "Take the day out of one of the two lines.",
    )


def every_cycle_has_a_dose(c: Checking) -> None:
    """A cycle without any dose is a line that should go on, or a treatment that should end."""
    for arm in c.arms:
        empty = next((cycle for cycle in c.cycles_to_look_at() if not c.doses(cycle, arm)), None)
        gives = [give for lines in c.gives(arm).values() for give in lines]
        if empty is not None and gives:
            c.problem(
                max(gives, key=lambda give: give.place).place,
                "cycle-without-dose",
                f"Cycle {empty}{f' of arm {arm}' if arm else ''} has no dose, and nothing ends treatment before it.",
                f"Let a line go on, like 'cycle 2+', or add 'end:' with '- after cycle {max(1, empty - 1)}'.",
            )


def one_basis(c: Checking) -> None:
    """All rates of a treatment are per the same body size and of one kind of unit."""
    rates = [(g.dose.treatment, g.dose.rate, g.dose_place) for g, _ in c.protocol.effects(Give) if g.dose.rate]
    rates += [(reload.treatment, reload.dose, reload.place) for reload, _ in c.protocol.effects(Reload)]
    first: dict[str, tuple[Rate, Place]] = {}
    for treatment, rate, place in rates:
        other, there = first.setdefault(treatment, (rate, place))
        if rate.is_below(other) is None:
            c.problem(
                place,
                "mixed-basis",
                f"{treatment} is {rate} here and {other} in line {there.line}.",
                "Write all its doses per the same body size, in one kind of unit.",
            )


def everything_is_used(c: Checking) -> None:
    given = {give.dose.treatment for give, _ in c.protocol.effects(Give)}
    done = {assess.assessment for assess, _ in c.protocol.effects(Assess)}
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


def every_arm_has_a_dose(c: Checking) -> None:
    named = {arm for give, _ in c.protocol.effects(Give) for arm in give.arms}
    for arm in c.protocol.arms:
        if arm.key not in named:
            c.problem(
                arm.place,
                "arm-without-dose",
                f"No line of 'give' names the arm {arm.key}.",
                f"Begin a line with 'arm {arm.key}', or name it in the lines that it shares with others.",
            )


def infusion_times(c: Checking) -> None:
    """Every intravenous dose has a length, if only 'not stated'."""
    infusions = [infuse for infuse, _ in c.protocol.effects(Infuse)]
    for give, _ in c.protocol.effects(Give):
        if give.dose.route != "intravenous" or give.dose.minutes is not None:
            continue
        for arm in give.arms or c.arms:
            mine = [i for i in infusions if i.treatment == give.dose.treatment and (not i.arms or arm in i.arms)]
            cycles = [n for n in c.cycles_to_look_at() if c.days(give.when, n, arm)]
            cycle = next((n for n in cycles if not any(n in infuse.cycles for infuse in mine)), None)
            if cycle is not None:
                what = f"Nothing says over how long {give.dose.treatment} runs in cycle {cycle}."
                mend = (
                    f"Write 'over 30 min' here, or '- cycle {cycle}+ {give.dose.treatment}: not stated' under 'infuse'."
                )
                c.problem(give.dose_place, "unsaid-infusion-time", what, mend)
                break


def infusion_times_are_used(c: Checking) -> None:
    """A line of `infuse` is for infusions that have no time of their own."""
    for infuse, _ in c.protocol.effects(Infuse):
        used = any(
            give.dose.treatment == infuse.treatment
            and give.dose.minutes is None
            and give.dose.route in ("intravenous", "subcutaneous")
            and any(c.days(give.when, n, arm) for n in c.cycles_to_look_at() if n in infuse.cycles)
            for arm in infuse.arms or c.arms
            for give in c.gives(arm)[infuse.treatment]
        )
        if not used:
            c.problem(
                infuse.place,
                "infuse-nothing",
                f"No infusion of {infuse.treatment} in these cycles is without a time.",
                "Take this line out, or the time that stands with the dose.",
            )


def infusion_times_differ(c: Checking) -> None:
    """An infusion has one length."""
    for arm in c.arms:
        seen: dict[tuple[str, int], Infuse] = {}
        for infuse, _ in c.protocol.effects(Infuse, arm):
            for cycle in (n for n in c.cycles_to_look_at() if n in infuse.cycles):
                other = seen.setdefault((infuse.treatment, cycle), infuse)
                if other is not infuse:
                    c.problem(
                        infuse.place,
                        "infusion-time-twice",
                        f"Line {other.place.line} says already over how long {infuse.treatment} runs in cycle {cycle}.",
                        "Take the cycle out of one of the two lines.",
                    )
                    break
