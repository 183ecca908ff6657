"""The cycles and items of a schedule, in order; notices and proposals come on top in `build`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from scheduler.cycle_days import read_cycle_day
from scheduler.engine.body_size import BodySize, body_sizes, size_policy
from scheduler.engine.course import Course
from scheduler.engine.day_order import DayOrder
from scheduler.engine.episodes import Episodes
from scheduler.engine.filling import Filling
from scheduler.engine.home_doses import first_injections
from scheduler.engine.months import monthly_items
from scheduler.engine.moves import moves
from scheduler.engine.schedule import Item
from scheduler.engine.standing import standing
from scheduler.engine.timeline import DatedCycle, dated_cycles
from scheduler.problems import Misread
from scheduler.record.assessments import AssessmentDone
from scheduler.record.events import DoseGiven, DoseTakenWhileHeld
from scheduler.record.history import History

TAKEN = DoseGiven | DoseTakenWhileHeld | AssessmentDone
EVE = timedelta(days=1)
"""A cycle that begins on the day after the last one may bring its premedication on the eve."""

EARLY = timedelta(days=28)
"""Where doses were given, so many more days are worked out: a dose given early stands on its real day."""


class Draft(NamedTuple):
    """The cycles that begin by the eve of the last day, the body sizes of these and later ones, and the items."""

    dated: list[DatedCycle]
    sizes: list[BodySize]
    items: tuple[Item, ...]


class Span(NamedTuple):
    """What has to be worked out: the cycles, up to which day, and the last of its days that belongs to treatment."""

    dated: list[DatedCycle]
    reach: date
    last: date


def draft_of(plan: Course, history: History, found: Episodes, through: date) -> Draft:
    """All items up to and including `through` on the days on which they stand."""
    span = _span(plan, history, found, through)
    sizes = body_sizes(size_policy(plan.protocol), history, [each.cycle.start for each in span.dated])
    filled = Filling(plan, history, span.reach).cycles(span.dated, sizes)
    monthly = monthly_items(plan, history, [each.cycle for each in span.dated], span.last)
    items = standing(plan.protocol, history, found).applied([*filled, *monthly], sizes)
    items = first_injections(plan.protocol, items)
    in_order = _by_day([item for item in items if item.date <= through], plan.order)
    return Draft([each for each in span.dated if each.cycle.start <= through + EVE], sizes, in_order)


def _span(plan: Course, history: History, found: Episodes, through: date) -> Span:
    """The cycles that bear on the days up to `through`: later ones too where something of theirs was given by then."""
    given = [e for e in history.events if isinstance(e, TAKEN) and e.happened_on <= through]
    reach = through + (EARLY if given else EVE)
    named = max((_cycle_of(event.item) for event in given), default=0)
    dated: list[DatedCycle] = []
    for each in dated_cycles(plan.protocol, history, moves(plan, history, found)):
        if each.cycle.cycle <= named:
            reach = max(reach, each.cycle.last_day)
        if each.cycle.start > reach + EVE:
            return Span(dated, reach, reach)
        dated.append(each)
    return Span(dated, reach, min(reach, dated[-1].cycle.last_day) if dated else reach)


def _cycle_of(item: str) -> int:
    try:
        return read_cycle_day(item.partition("/")[0]).cycle
    except Misread:
        return 0


def _by_day(items: list[Item], order: DayOrder) -> tuple[Item, ...]:
    """By date; a day that holds more than its own cycle wrote for it is put in order again."""
    items.sort(key=attrgetter("date"))
    mixed = {b.date for a, b in pairwise(items) if a.date == b.date and _are_strangers(a, b)}
    if not mixed:
        return tuple(items)
    days = ((day, list(found)) for day, found in groupby(items, key=attrgetter("date")))
    return tuple(item for day, found in days for item in (_ranked(order, found) if day in mixed else found))


def _are_strangers(one: Item, other: Item) -> bool:
    """Of two days of the plan, or by calendar months."""
    one_day = one.cycle == other.cycle and one.slot.day == other.slot.day
    return not one_day or bool(one.slot.code or other.slot.code)


def _ranked(order: DayOrder, items: list[Item]) -> Iterator[Item]:
    for rank, item in enumerate(order.arranged(items)):
        yield item._replace(slot=replace(item.slot, rank=rank))
