"""build_schedule: the one entry of the engine. Pure: no clock, no files; today is never asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter

from scheduler.engine.body_size import body_sizes, size_policy
from scheduler.engine.cautions import cautions, new_weights
from scheduler.engine.course import course
from scheduler.engine.day_order import DayOrder
from scheduler.engine.episodes import episodes
from scheduler.engine.filling import Filling
from scheduler.engine.months import monthly_items
from scheduler.engine.moves import moves
from scheduler.engine.notices import Overview
from scheduler.engine.proposals import Situation, proposals
from scheduler.engine.schedule import Cycle, Item, Schedule
from scheduler.engine.standing import standing
from scheduler.engine.timeline import DatedCycle, Moves, dated_cycles
from scheduler.protocol.model import Protocol
from scheduler.record.history import History


def build_schedule(protocol: Protocol, history: History, through: date, seen_on: date | None = None) -> Schedule:
    """Everything that is due up to and including `through`, each item with its reasons.

    `seen_on` is the day on which somebody looks; proposals that arise with time depend on it (without it:
    the day of the last event). The protocol must have passed `check`. Whatever cannot be computed is there,
    without an amount and with the reason. ValueError where the arm is not one of the protocol's.
    """
    enrolment = history.enrolment
    if enrolment.arm not in (tuple(arm.key for arm in protocol.arms) or (None,)):
        message = f"{enrolment.arm!r} is not an arm of {protocol.name}."
        raise ValueError(message)
    plan = course(protocol, enrolment.arm, enrolment.home_dose_time)
    found = episodes(protocol, history)
    dated, last = _until(protocol, history, moves(plan, history, found), through)
    begun = tuple(each.cycle for each in dated)
    sizes = body_sizes(size_policy(protocol), history, [cycle.start for cycle in begun])
    filled = Filling(plan, history, through).cycles(dated, sizes)
    planned = [*filled, *monthly_items(plan, history, begun, last)]
    items = _by_day(standing(protocol, history, found).applied(planned, sizes), plan.order)
    schedule = Schedule(
        protocol=protocol.name,
        edition=protocol.edition,
        arm=enrolment.arm,
        subject=enrolment.subject,
        start=history.day_1,
        zone=enrolment.zone,
        through=through,
        cycles=tuple(cycle for cycle in begun if cycle.start <= through),
        items=items,
        notices=(),
        go_no_go=_go_no_go(protocol, begun, items),
    )
    looked = seen_on or max(event.happened_on for event in history.events)
    return replace(
        schedule,
        notices=(
            *Overview(protocol, history, schedule, sizes).notices(),
            *cautions(protocol, history, found, [each for each in dated if each.cycle.start <= through]),
            *new_weights(begun, sizes),
        ),
        proposals=proposals(Situation(protocol, history, found, items, looked)),
    )


def cycles(protocol: Protocol, history: History) -> Iterator[Cycle]:
    """The patient's cycles, one after another, until the protocol allows no further one."""
    enrolment = history.enrolment
    plan = course(protocol, enrolment.arm, enrolment.home_dose_time)
    moved = moves(plan, history, episodes(protocol, history))
    return (dated.cycle for dated in dated_cycles(protocol, history, moved))


def _until(protocol: Protocol, history: History, moved: Moves, through: date) -> tuple[list[DatedCycle], date]:
    """The cycles that bear on the days up to `through`, and the last of these days that belongs to treatment.

    A cycle that begins on the day after may bring its premedication on the eve.
    """
    dated: list[DatedCycle] = []
    for each in dated_cycles(protocol, history, moved):
        if each.cycle.start > through + timedelta(days=1):
            return dated, through
        dated.append(each)
    return dated, min(through, dated[-1].cycle.last_day) if dated else through


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


def _go_no_go(protocol: Protocol, begun: tuple[Cycle, ...], items: tuple[Item, ...]) -> tuple[date, ...]:
    """The visits that release home doses; none where the protocol has no home doses."""
    match protocol.setting("go_no_go"):
        case "day_1_of_cycle":
            return tuple(cycle.start for cycle in begun)
        case "every_toxicity_visit":
            return tuple(sorted({item.date for item in items if item.slot.key == "toxicity" and item.slot.day > 0}))
        case _:
            return ()


def up_to_cycle(schedule: Schedule, last: int) -> Schedule:
    """The schedule without what belongs to later cycles."""
    return replace(
        schedule,
        cycles=tuple(cycle for cycle in schedule.cycles if cycle.cycle <= last),
        items=tuple(item for item in schedule.items if item.cycle <= last),
    )
