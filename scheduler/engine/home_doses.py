"""Home doses beside their plan: a first injection that is watched, hours not kept, a premedication forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item, Notice
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.record.events import DoseGiven, DoseTakenWhileHeld
from scheduler.record.history import History

COMING = ("given", "planned", "blocked", "not-computable")
APART = 12 * 60
"""Minutes: a late home dose keeps at least so far from the next one."""


# --- the first injection ------------------------------------------------------------------------


def first_injections(protocol: Protocol, items: list[Item]) -> list[Item]:
    """The items, the first injection of each home treatment in the clinic where the protocol says so."""
    if protocol.setting("first_home_dose") != "observed_in_clinic":
        return items
    injected = [i for i in items if i.slot.given_by == "patient" and i.slot.route == "subcutaneous"]
    coming = sorted((i for i in injected if i.status in COMING), key=lambda item: item.date, reverse=True)
    first = {item.slot.key: item.id for item in coming}
    return [_watched(item) if first.get(item.slot.key) == item.id else item for item in items]


def _watched(item: Item) -> Item:
    why = Reason("arithmetic", f"The first injection of {item.slot.name} is watched in the clinic.")
    return item._replace(slot=replace(item.slot, given_by="clinic", time=None), reasons=(*item.reasons, why))


# --- the time of day ----------------------------------------------------------------------------


def out_of_hours(protocol: Protocol, history: History, items: Sequence[Item]) -> Iterator[Notice]:
    """Home doses that were taken outside their hours, as far as a time is recorded."""
    hours = protocol.setting("home_dose_window").split(" ")[0]
    given: list[tuple[int, DoseGiven | DoseTakenWhileHeld]] = [*history.of(DoseGiven), *history.of(DoseTakenWhileHeld)]
    taken = [(number, event) for number, event in given if event.time is not None]
    if not hours or not taken:
        return
    by_id = {item.id: item for item in items}
    for number, event in sorted(taken, key=lambda found: found[0]):
        item = by_id.get(event.item)
        if item is not None and event.time is not None and item.slot.time is not None:
            wrong = _out_of_hours(protocol, items, item, event.time, 60 * int(hours))
            if wrong:
                text = f"Event {number}: {item.id} was taken at {event.time}, {wrong}"
                yield Notice("outside-hours", text, item.id)


def _out_of_hours(protocol: Protocol, items: Sequence[Item], item: Item, taken: str, window: int) -> str:
    """What is wrong with the time of a home dose; '' where nothing is."""
    planned, at = _minutes(item.slot.time or ""), _minutes(taken)
    if abs(at - planned) <= window:
        return ""
    span = f"outside its hours, {_clock(planned - window)} to {_clock(planned + window)}"
    if at < planned:
        return f"{span}."
    if protocol.setting("missed_dose") == "skip":
        return f"{span}. By this protocol a dose that is missed is left out."
    later = [i for i in items if i.slot.key == item.slot.key and i.slot.time and i.status in COMING and i is not item]
    gaps = [(i.date - item.date).days * 24 * 60 + _minutes(i.slot.time or "") - at for i in later]
    gap = min((each for each in gaps if each > 0), default=APART)
    return "" if gap >= APART else f"{span}, and less than 12 hours before the next."


def _minutes(clock: str) -> int:
    """Minutes of the day: 20:00 is 1,200."""
    return int(clock[:2]) * 60 + int(clock[3:5])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


# --- premedication ------------------------------------------------------------------------------


class _Tied(NamedTuple):
    """A premedication, the dose that it belongs to, and the day on which it is to be taken for it."""

    item: Item
    lead: Item
    due: date


def premedication(protocol: Protocol, items: Sequence[Item]) -> Iterator[Notice]:
    """Premedication that was missed, or taken on another day than the one that goes with the dose."""
    choice = protocol.setting("forgotten_premedication")
    if not choice:
        return
    by_id = {item.id: item for item in items if item.slot.kind == "dose"}
    for tied in _tied(protocol, by_id):
        if tied.lead.status not in COMING:
            continue
        if tied.item.status == "missed":
            what = f"{tied.item.slot.name} of {tied.item.cycle_day} was not taken."
        elif tied.item.status == "given" and tied.item.date != tied.due:
            what = f"{tied.item.slot.name} of {tied.item.cycle_day} was taken on {tied.item.date}, not on {tied.due}."
        else:
            continue
        yield Notice("premedication", f"{what} {_mend(tied, choice)}", tied.item.id)


def _mend(tied: _Tied, choice: str) -> str:
    name, on = tied.lead.slot.name, tied.lead.date
    if tied.lead.status == "given":
        return f"{name} was given on {on} all the same."
    if choice == "give_in_clinic":
        return f"It is given in the clinic before {name}, {on}."
    return f"Ask the prescriber before {name} is given on {on}; nothing takes its place by itself."


def _tied(protocol: Protocol, doses: Mapping[str, Item]) -> Iterator[_Tied]:
    premedication = {give.dose.treatment for give, _ in protocol.effects(m.Give) if isinstance(give.when, m.TiedTo)}
    for item in doses.values():
        slot = item.slot
        lead = doses.get(f"C{item.cycle}D{slot.anchor_day}/{slot.follows}") if slot.follows else None
        if lead is not None and slot.key in premedication:
            ahead = slot.anchor_day - slot.day - (1 if slot.day < 0 < slot.anchor_day else 0)
            yield _Tied(item, lead, lead.date - timedelta(days=ahead))
