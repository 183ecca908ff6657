"""Cycles, days and windows."""

from __future__ import annotations

from itertools import pairwise

from scheduler.problems import Place
from scheduler.protocol.checks.checking import Checking, follows
from scheduler.protocol.meaning import (
    Assess,
    BeforeDay1,
    CycleLength,
    DaysAfter,
    Decision,
    EveryCycles,
    EveryMonths,
    Give,
    Infuse,
    OnDays,
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
    for line in lines:
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
    lengths = [effect.days for effect, _ in c.protocol.effects(CycleLength)]
    if not lengths:
        return
    for window, _ in c.protocol.effects(Window):
        lines = [(give.when, give.arms) for give, _ in c.protocol.effects(Give) if give.dose.treatment == window.treatment]
        _window_fits(c, window.place, (window.before, window.after), _gap(c, lines, min(lengths)), min(lengths))
    for assess, _ in c.protocol.effects(Assess):
        if assess.window is None or isinstance(assess.when, BeforeDay1):
            continue
        match assess.when:
            case EveryMonths():
                room = gap = 28 * assess.when.months
            case EveryCycles():
                room = gap = min(lengths) * assess.when.every
            case _:
                room, gap = min(lengths), _gap(c, [(assess.when, assess.arms)], min(lengths))
        _window_fits(c, assess.place, assess.window, gap, room)
