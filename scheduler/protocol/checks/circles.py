"""What comes after what: nothing goes in a circle, and every pair on one day has an order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from scheduler.problems import Place
from scheduler.protocol.checks.checking import DAYS, Checking, follows
from scheduler.protocol.meaning import Assess, BeforeEach, Give, Order, TiedTo

LONGEST_CHAIN = 3

Pair = tuple[str, str, Place]


def nothing_goes_in_circles(c: Checking) -> None:
    for arm in c.arms:
        if DAYS in c.lost:
            return  # told already, for another arm
        counted = [
            (give.dose.treatment, followed, give.place)
            for give, _ in c.protocol.effects(Give, arm)
            for followed in follows(give.when)
        ]
        if _circle(c, counted, "circular-after", "is counted from"):
            c.lost |= {DAYS, "give", "infuse"}
            return
        _chains(c, counted)
        orders = [(order.later, order.earlier, order.place) for order, _ in c.protocol.effects(Order)]
        if _circle(c, [*orders, *_implied(c, arm)], "circular-order", "comes after"):
            c.lost |= {"order"}


def _implied(c: Checking, arm: str | None) -> Iterator[Pair]:
    """Orders that other lines imply: what is given or done in the morning of a dose, or before each, comes first."""
    for give, _ in c.protocol.effects(Give, arm):
        if isinstance(give.when, BeforeEach) or (isinstance(give.when, TiedTo) and give.when.part == "morning of"):
            yield from ((followed, give.dose.treatment, give.place) for followed in follows(give.when))
    for assess, _ in c.protocol.effects(Assess, arm):
        if isinstance(assess.when, BeforeEach):
            yield from ((followed, assess.assessment, assess.place) for followed in assess.when.treatments)


def _circle(c: Checking, pairs: list[Pair], code: str, what: str) -> bool:
    """Reports each circle once, at the first of its lines."""
    in_circles: set[str] = set()
    for later, earlier, place in pairs:
        path = _path(earlier, later, pairs) if later not in in_circles else []
        if path:
            in_circles.update(path)
            lines = sorted({p.line for a, b, p in pairs if a in path and b in path and p != place})
            others = f" (see line {', '.join(map(str, lines))})" if lines else ""
            chain = f", which {what} ".join([f"{later} {what} {path[0]}", *path[1:]])
            c.problem(place, code, f"This goes in a circle: {chain}{others}.", "Take out the line that is not meant.")
    return bool(in_circles)


def _path(start: str, goal: str, pairs: list[Pair]) -> list[str]:
    """The way from one name to another along 'later after earlier', or nothing."""
    came_from: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        if here == goal:
            path: list[str] = []
            step: str | None = here
            while step is not None:
                path.insert(0, step)
                step = came_from[step]
            return path
        for later, earlier, _ in pairs:
            if later == here and earlier not in came_from:
                came_from[earlier] = here
                waiting.append(earlier)
    return []


def _chains(c: Checking, counted: list[Pair]) -> None:
    """A dose counted from a dose that is counted from another, and so on, is nobody's intention."""
    depths = {name: 0 for pair in counted for name in pair[:2]}
    for _ in range(LONGEST_CHAIN + 1):
        for later, earlier, _ in counted:
            depths[later] = max(depths[later], depths[earlier] + 1)
    for later, earlier, place in counted:
        if depths[earlier] == LONGEST_CHAIN:
            c.problem(
                place,
                "chain-too-long",
                f"{later} is counted from a dose that is counted from another, over more than {LONGEST_CHAIN} steps.",
                "Count it from the first of them, or write its days.",
            )


def order_within_a_day(c: Checking) -> None:
    """Of two treatments on one day of which one is an infusion, something says which comes first.

    What is taken in the morning or in the evening is in order by its time of day.
    """
    stated = {(order.later, order.earlier) for order, _ in c.protocol.effects(Order)}
    told: set[tuple[str, str]] = set()
    for arm in c.arms:
        known = stated | {(later, earlier) for later, earlier, _ in _implied(c, arm)}
        for cycle in c.cycles_to_look_at():
            on_day: dict[int, dict[str, Give]] = {}
            for day, give in c.doses(cycle, arm):
                if not (isinstance(give.when, TiedTo) and give.when.part in ("evening before", "morning of")):
                    on_day.setdefault(day, {}).setdefault(give.dose.treatment, give)
            for day, gives in on_day.items():
                for one, other in combinations(sorted(gives.values(), key=lambda give: give.place), 2):
                    names = one.dose.treatment, other.dose.treatment
                    infused = "intravenous" in (one.dose.route, other.dose.route)
                    if infused and names not in known | told and names[::-1] not in known | told:
                        told.add(names)
                        _unsaid(c, other.place, names, f"C{cycle}D{day}")


def _unsaid(c: Checking, place: Place, names: tuple[str, str], cycle_day: str) -> None:
    c.problem(
        place,
        "unsaid-order",
        f"{names[0]} and {names[1]} share {cycle_day}, and nothing says which comes first.",
        f"Add 'order:' with '- {names[1]} after {names[0]}'.",
    )
