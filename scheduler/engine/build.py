"""build_schedule: the one entry of the engine. Pure: no clock, no files; today is never asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from scheduler.engine.cautions import cautions, new_weights
from scheduler.engine.course import course
from scheduler.engine.draft import draft_of
from scheduler.engine.episodes import episodes
from scheduler.engine.moves import first_day, moves
from scheduler.engine.notices import Overview
from scheduler.engine.proposals import Situation, proposals
from scheduler.engine.schedule import Cycle, Item, Schedule
from scheduler.engine.timeline import dated_cycles
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
    history = history.begun_on(first_day(plan, history))
    found = episodes(protocol, history)
    draft = draft_of(plan, history, found, through)
    begun = tuple(each.cycle for each in draft.dated)
    schedule = Schedule(
        protocol=protocol.name,
        edition=protocol.edition,
        arm=enrolment.arm,
        subject=enrolment.subject,
        start=history.day_1,
        zone=enrolment.zone,
        through=through,
        cycles=tuple(cycle for cycle in begun if cycle.start <= through),
        items=draft.items,
        notices=(),
        go_no_go=_go_no_go(protocol, begun, draft.items),
        zones=history.zones,
    )
    looked = seen_on or max(event.happened_on for event in history.events)
    return replace(
        schedule,
        notices=(
            *Overview(protocol, history, schedule, draft.sizes).notices(),
            *cautions(
                protocol, history, found, [each for each in draft.dated if each.cycle.start <= through], draft.items
            ),
            *new_weights(begun, draft.sizes),
        ),
        proposals=proposals(Situation(protocol, history, found, draft.items, looked)),
    )


def cycles(protocol: Protocol, history: History) -> Iterator[Cycle]:
    """The patient's cycles, one after another, until the protocol allows no further one."""
    enrolment = history.enrolment
    plan = course(protocol, enrolment.arm, enrolment.home_dose_time)
    history = history.begun_on(first_day(plan, history))
    moved = moves(plan, history, episodes(protocol, history))
    return (dated.cycle for dated in dated_cycles(protocol, history, moved))


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
