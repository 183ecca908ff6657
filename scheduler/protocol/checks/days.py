"""Cycles, days and windows."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import (
    AfterCycles,
    Assess,
    CycleLength,
    DaysAfter,
    EveryMonths,
    Give,
    OnDays,
    Order,
    TiedTo,
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
        for cycle in c.cycles_to_look_at():
            if c.length(cycle, arm) is None:
                c.problem(
                    lengths[-1].place,
                    "gap-in-cycles",
                    f"Cycle {cycle} has no length{f' in arm {arm}' if arm else ''}.",
                    "Add its length, or let the last line end with a plus, like 'cycle 2+: 14 days'.",
                )
                break


def cycles_overlap(c: Checking) -> None:
    for arm in c.arms:
        for cycle in c.cycles_to_look_at():
            found = [effect for effect, _ in c.protocol.effects(CycleLength, arm) if cycle in effect.cycles]
            if len(found) > 1:
                c.problem(
                    found[1].place,
                    "cycle-length-twice",
                    f"Cycle {cycle} has a length already in line {found[0].place.line}.",
                    "Take it out of one of the two lines.",
                )


def days_in_cycle(c: Checking) -> None:
    lines: list[Give | Assess] = [give for give, _ in c.protocol.effects(Give)]
    lines += [assess for assess, _ in c.protocol.effects(Assess)]
    for effect in lines:
        when = effect.when
        if not isinstance(when, OnDays | DaysAfter):
            continue
        last = max(when.days) if isinstance(when, OnDays) else max(when.offsets) + 1
        for arm in effect.arms or c.arms:
            for cycle in c.cycles_to_look_at():
                length = c.length(cycle, arm)
                if cycle in when.cycles and length is not None and last > length:
                    what = f"day {last}" if isinstance(when, OnDays) else f"{last - 1} days after a dose"
                    c.problem(
                        effect.place,
                        "day-past-cycle",
                        f"Cycle {cycle} has {length} days, and this line names {what}.",
                        f"Write days from 1 to {length}, or correct the length of the cycle.",
                    )


def windows_in_cycle(c: Checking) -> None:
    lengths = [effect.days for effect, _ in c.protocol.effects(CycleLength)]
    shortest = min(lengths, default=None)
    if shortest is None:
        return
    windows = [(w.place, w.before, w.after, shortest) for w, _ in c.protocol.effects(Window)]
    for assess, _ in c.protocol.effects(Assess):
        if assess.window is not None and isinstance(
            assess.when, OnDays | DaysAfter | TiedTo | AfterCycles | EveryMonths
        ):
            room = 28 * assess.when.months if isinstance(assess.when, EveryMonths) else shortest
            windows.append((assess.place, *assess.window, room))
    for place, before, after, room in windows:
        if before + after >= room:
            c.problem(
                place,
                "window-outside-cycle",
                f"A window of {before} days before and {after} after does not fit into {room} days.",
                "Make the window shorter than the time to the next one.",
            )


def followed_doses_are_given(c: Checking) -> None:
    """What a line counts from must be given in its cycles."""
    for arm in c.arms:
        gives = [give for give, _ in c.protocol.effects(Give, arm)]
        for give in gives:
            when = give.when
            if not isinstance(when, DaysAfter | TiedTo):
                continue
            for cycle in c.cycles_to_look_at():
                given = any(_gives_on_days(other, when.treatment, cycle) for other in gives)
                if cycle in when.cycles and not given and not _follows_a_follower(when.treatment, gives):
                    c.problem(
                        give.place,
                        "follows-nothing",
                        f"{when.treatment} is not given in cycle {cycle}, so nothing can be counted from it.",
                        "Correct the cycles of this line, or the treatment that it follows.",
                    )


def _gives_on_days(give: Give, treatment: str, cycle: int) -> bool:
    return give.dose.treatment == treatment and isinstance(give.when, OnDays) and cycle in give.when.cycles


def _follows_a_follower(treatment: str, gives: list[Give]) -> bool:
    return any(g.dose.treatment == treatment and isinstance(g.when, DaysAfter | TiedTo) for g in gives)


def nothing_goes_in_circles(c: Checking) -> None:
    follows = [
        (give.dose.treatment, give.when.treatment, give.place)
        for give, _ in c.protocol.effects(Give)
        if isinstance(give.when, DaysAfter | TiedTo)
    ]
    orders = [(order.later, order.earlier, order.place) for order, _ in c.protocol.effects(Order)]
    for pairs, code, what in (
        (follows, "circular-after", "is counted from"),
        (orders, "circular-order", "comes after"),
    ):
        for later, earlier, place in pairs:
            path = _path(earlier, later, {}, [(a, b) for a, b, _ in pairs])
            if path:
                chain = f" {what} ".join([later, *path])
                c.problem(place, code, f"This goes in a circle: {chain}.", "Take one of these lines out.")
                break


def _path(start: str, goal: str, seen: dict[str, None], pairs: list[tuple[str, str]]) -> list[str]:
    """The way from one name to another along 'later after earlier', or nothing."""
    if start == goal:
        return [goal]
    seen[start] = None
    for later, earlier in pairs:
        if later == start and earlier not in seen:
            rest = _path(earlier, goal, seen, pairs)
            if rest:
                return [start, *rest]
    return []
