"""The law of the past: a fact of a day changes no dose before that day, except those that it is about."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.engine.proof.faults import Case, Fault
from scheduler.engine.proof.ground import State
from scheduler.engine.schedule import Item
from scheduler.record.events import CycleStarted, DoseGiven, DoseMissed, HoldLifted, VisitMoved


def the_past_stays(case: Case) -> Iterator[Fault]:
    """An event of a day changes no dose before that day, except those that it is about."""
    if case.before is None:
        return
    on = case.state.moves[-1].on
    exempt = _about(case)
    for item in case.state.doses.values():
        old = case.before.doses.get(item.id)
        if old is None or item.id in exempt or (item.date >= on and old.date >= on):
            continue
        if _same(old, item) or (_moves_held(case) and _was_withheld(case.before, old)):
            continue
        what = f"{item.slot.name} of {item.cycle_day} was {_state(old)}; the event of {on} makes it {_state(item)}."
        yield Fault(what)


def _same(one: Item, other: Item) -> bool:
    return (one.date, one.status, one.level, one.rate, one.amount) == (
        other.date,
        other.status,
        other.level,
        other.rate,
        other.amount,
    )


def _state(item: Item) -> str:
    level = f" at level {item.level}" if item.level else ""
    return f"{item.status} on {item.date}{level}"


def _moves_held(case: Case) -> bool:
    """A rest that is over moves the doses that it has withheld."""
    stops = case.ground.protocol.setting("clock_during_hold") == "stops"
    return stops and any(isinstance(event, HoldLifted) for event in case.state.moves[-1].events)


def _was_withheld(before: State, old: Item) -> bool:
    """A held dose, or one that is counted from a held dose and moves with it."""
    lead = before.doses.get(f"C{old.cycle}D{old.slot.anchor_day}/{old.slot.follows}") if old.slot.follows else None
    return old.status == "held" or (lead is not None and lead.status == "held")


def _about(case: Case) -> set[str]:
    """The doses that the last move is about: a late visit moves its own cycle, a late dose those that follow it."""
    found: set[str] = set()
    before = case.before or case.state
    for event in case.state.moves[-1].events:
        match event:
            case CycleStarted() | VisitMoved():
                found |= {item.id for item in before.doses.values() if item.cycle >= event.cycle}
            case DoseGiven() | DoseMissed():
                found |= _with_followers(before, event.item)
            case _:
                pass
    return found


def _with_followers(state: State, leading: str) -> set[str]:
    lead = state.doses[leading]
    return {leading} | {
        item.id
        for item in state.doses.values()
        if (item.cycle, item.slot.anchor_day, item.slot.follows) == (lead.cycle, lead.slot.day, lead.slot.key)
    }
