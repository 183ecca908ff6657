"""Cycles, days and windows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scheduler.cycle_days import Cycles
from scheduler.problems import Place
from scheduler.protocol.checks.checking import Checking, follows
from scheduler.protocol.meaning import (
    AfterCycles,
    Assess,
    BeforeDay1,
    BeforeEach,
    CycleLength,
    Decision,
    Effect,
    EveryCycles,
    EveryMonths,
    Give,
    OnDays,
    Spacing,
    Window,
)


def every_cycle_has_a_length(c: Checking) -> None:
    lengths = [effect for effect, _ in c.protocol.effects(CycleLength)]
    if not lengths:
        c.problem(
            c.key_place("statements"),
            "no-cycle-length",
            "No statement says how long a cycle is.",
            "Add 'cycles:' with a line like '- cycle 1+: 21 days'.",
        )
        return
    for arm in c.arms:
        cycle = next((cycle for cycle in c.cycles_to_look_at() if c.length(cycle, arm) is None), None)
        if cycle is not None:
            example = f"arm {arm} cycle {cycle}" if arm else f"cycle {cycle}"
            c.problem(
                lengths[-1].place,
                "gap-in-cycles",
                f"Cycle {cycle} has no length{f' in arm {arm}' if arm else ''}.",
                f"Add a line like '- {example}: 14 days', or let the last line end with a plus, like 'cycle 2+'.",
            )


def cycles_overlap(c: Checking) -> None:
    for arm in c.arms:
        lengths = [effect for effect, _ in c.protocol.effects(CycleLength, arm)]
        for cycle in c.cycles_to_look_at():
            found = [effect for effect in lengths if cycle in effect.cycles]
            if len(found) > 1:
                c.problem(
                    found[1].place,
                    "cycle-length-twice",
                    f"Cycle {cycle} has a length already, in line {found[0].place.line}.",
                    "Take the cycle out of one of the two lines.",
                )
                break


def days_in_cycle(c: Checking) -> None:
    lines: list[Give | Assess] = [give for give, _ in c.protocol.effects(Give)]
    lines += [assess for assess, _ in c.protocol.effects(Assess)]
    for line in (line for line in lines if not isinstance(line.when, BeforeEach)):
        found = _past_the_end(c, line)
        if found is not None:
            cycle, day, length = found
            where = "names" if isinstance(line.when, OnDays) else "falls on"
            c.problem(
                line.place,
                "day-past-cycle",
                f"Cycle {cycle} has {length} days, and this line {where} day {day}.",
                f"Write days up to day {length}, or correct the length of the cycle.",
            )


def _past_the_end(c: Checking, line: Give | Assess) -> tuple[int, int, int] | None:
    """The first cycle in which a line falls on a day that the cycle has not: cycle, day, length."""
    for arm in line.arms or c.arms:
        for cycle in c.cycles_to_look_at():
            length, days = c.length(cycle, arm), c.days(line.when, cycle, arm)
            if days and length is not None and days[-1] > length:
                return cycle, days[-1], length
    return None


def windows_fit(c: Checking) -> None:
    """Two windows of one thing do not meet: a dose could not be told from the next one."""
    shortest = min((effect.days for effect, _ in c.protocol.effects(CycleLength)), default=0)
    if not shortest:
        return
    for window, _ in c.protocol.effects(Window):
        lines = [give for give, _ in c.protocol.effects(Give) if give.dose.treatment == window.treatment]
        _window_fits(c, window.place, (window.before, window.after), _gap(c, lines), shortest)
    for assess, _ in c.protocol.effects(Assess):
        room = shortest
        if isinstance(assess.when, EveryMonths):
            room = 28 * assess.when.months
        elif isinstance(assess.when, EveryCycles):
            room = shortest * assess.when.every
        if assess.window is not None and not isinstance(assess.when, BeforeDay1):
            _window_fits(c, assess.place, assess.window, _gap(c, [assess]), room)


def _window_fits(c: Checking, place: Place, window: tuple[int, int], gap: int | None, room: int) -> None:
    before, after = window
    shown = (
        f"A window of {before} day{'' if before == 1 else 's'} before to {after} day{'' if after == 1 else 's'} after"
    )
    if before + after >= room:
        what = f"{shown} does not fit into the {room} days from one time to the next."
        c.problem(place, "window-outside-cycle", what, f"Write days that add up to less than {room}.")
    elif gap is not None and before + after >= gap:
        what = f"{shown} reaches the window of the next time, {gap} day{'' if gap == 1 else 's'} later."
        c.problem(place, "windows-meet", what, f"Write days that add up to less than {gap}.")


def _gap(c: Checking, lines: Sequence[Give | Assess]) -> int | None:
    """The fewest days from one time to the next, of lines that belong together; None where there is but one."""
    gaps = []
    for arm in c.arms:
        mine = [line for line in lines if not line.arms or arm in line.arms]
        days = {
            _through(start, day)
            for cycle, start in c.starts(arm).items()
            for line in mine
            for day in c.days(line.when, cycle, arm)
        }
        gaps += [later - earlier for earlier, later in pairwise(sorted(days))]
    return min(gaps, default=None)


def followed_doses_are_given(c: Checking) -> None:
    """What a line counts from is given in its cycles, in every arm that has it; before 'each', in one of them."""
    lines: list[Give | Assess] = [give for give, _ in c.protocol.effects(Give)]
    lines += [assess for assess, _ in c.protocol.effects(Assess)]
    for line in lines:
        for treatment in follows(line.when):
            cycle, arm = _without(c, line, treatment)
            if cycle:
                c.problem(
                    c.word_place(line.place, treatment),
                    "follows-nothing",
                    f"{treatment} is not given in cycle {cycle}{f' of arm {arm}' if arm else ''}, "
                    "and this line counts from it.",
                    "Correct the cycles of this line, or the treatment that it counts from.",
                )


def _without(c: Checking, line: Give | Assess, treatment: str) -> tuple[int, str | None]:
    """A cycle and arm of a line in which the treatment that it counts from is missing; cycle 0 for none."""
    cycles_of_line = getattr(line.when, "cycles", None)
    cycles = [cycle for cycle in c.cycles_to_look_at() if cycles_of_line and cycle in cycles_of_line]
    by_arm = {arm: [cycle for cycle in cycles if not c.given(treatment, cycle, arm)] for arm in line.arms or c.arms}
    if all(missing == cycles for missing in by_arm.values()):
        return cycles[0] if cycles else 0, None
    for arm, missing in by_arm.items():
        partly = missing and not isinstance(line.when, BeforeEach) and (line.arms or missing != cycles)
        if partly:
            return missing[0], arm
    return 0, None


def every_line_is_reached(c: Checking) -> None:
    """No line names only cycles after the last one."""
    last = c.last_cycle
    effects = [effect for s in c.protocol.statements if s.in_use for effect in s.effects]
    for effect in effects:
        first = _first_cycle(effect)
        if last is not None and first > last:
            c.problem(
                effect.place,
                "never-reached",
                f"No cycle follows cycle {last}, and this line is for cycle {first}.",
                "Take the line out, or correct the end of treatment.",
            )


def _first_cycle(effect: Effect) -> int:
    """The first cycle that a line is for; after a cycle means in the next one."""
    when = getattr(effect, "when", None)
    match effect, when:
        case Decision(), _:
            return effect.cycle
        case _, EveryMonths():
            return when.after_cycle + 1
        case _, EveryCycles():
            return when.every + 1
        case _, AfterCycles():
            return max(when.cycles.named) + 1
    cycles: Cycles | None = getattr(effect, "cycles", None) or getattr(when, "cycles", None)
    return cycles.spans[0][0] if cycles is not None else 0


def doses_keep_their_distance(c: Checking) -> None:
    """The doses as planned are as far apart as the protocol itself asks for."""
    for spacing, _ in c.protocol.effects(Spacing):
        for arm in c.arms:
            mine, others = (_planned(c, name, arm) for name in (spacing.treatment, spacing.other))
            least = 1 if spacing.treatment == spacing.other else 0
            later = [(one, next((day for day in others if day >= one + least), None)) for one in mine]
            close = next((b - a for a, b in later if b is not None and b - a < spacing.days), None)
            if close is not None:
                c.problem(
                    spacing.place,
                    "spacing-against-days",
                    f"The days of {spacing.treatment} as written come {close} day{'' if close == 1 else 's'} before "
                    f"{spacing.other if spacing.other != spacing.treatment else 'its next one'}.",
                    "Correct the distance, or the days in 'give'.",
                )
                break


def _planned(c: Checking, treatment: str, arm: str | None) -> list[int]:
    """The days, counted through, on which a treatment is given when every cycle starts as planned."""
    starts = c.starts(arm)
    return sorted({_through(starts[cycle], day) for cycle in starts for day in c.given(treatment, cycle, arm)})


def _through(start: int, day: int) -> int:
    """A cycle day counted from day 1 of cycle 1; the day before day 1 is day 0 here, to count distances."""
    return start + day - 1 if day > 0 else start + day
