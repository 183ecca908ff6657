"""Where each syringe is that a patient was handed: still out, used, or brought back. Pure.

The patient's record alone tells it. A dose that is recorded as given uses the syringes that were scanned for it; where
none was scanned, those that are out for this dose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from scheduler.engine.schedule import Item, Schedule
from scheduler.record.events import DoseGiven, DoseTakenWhileHeld
from scheduler.record.history import History
from scheduler.record.stock import FilledSyringe, SyringesIssued, SyringesReturned
from scheduler.record.syringe_numbers import printed

State = Literal["out", "used", "returned"]


class HandedOut(NamedTuple):
    """A syringe, when it was handed out and by which entry; since when, and by which entry, it is in its state."""

    syringe: FilledSyringe
    issued_on: date
    issued: int
    state: State
    since: date
    entry: int


def handed_out(history: History) -> dict[str, HandedOut]:
    """Every syringe that was ever handed out, by number."""
    return _Fold(history).found


def mix_ups(history: History) -> tuple[str, ...]:
    """What cannot be true of both entries: a syringe in two places."""
    return tuple(_Fold(history).faults)


class CallBack(NamedTuple):
    """A syringe that is out and must not be used as things stand now; `why` completes 'its dose ...'."""

    syringe: FilledSyringe
    item: Item | None
    why: str


WHY = {
    "held": "is on hold",
    "ended": "has ended",
    "blocked": "waits for a decision",
    "skipped": "is left out",
    "missed": "was missed and is not made up",
    "given": "was given with another syringe",
    "not-computable": "has no amount that can be computed",
}


def to_call_back(schedule: Schedule, history: History) -> tuple[CallBack, ...]:
    """What is out with the patient and no longer planned so; the schedule reaches as far as the syringes do."""
    items = {item.id: item for item in schedule.items}
    out = [each.syringe for each in handed_out(history).values() if each.state == "out"]
    found = [(syringe, items.get(syringe.item)) for syringe in out]
    told = [CallBack(syringe, item, _why(syringe, item)) for syringe, item in found]
    return tuple(each for each in told if each.why)


def _why(syringe: FilledSyringe, item: Item | None) -> str:
    if item is None:
        return "is no longer on the schedule"
    if item.status != "planned":
        return WHY[item.status]
    if item.amount != syringe.amount:
        return f"is {item.amount.rounded() if item.amount else 'without an amount'} now"
    if date.fromisoformat(syringe.use_until[:10]) < item.date:
        return f"is on {item.date} now, when it is past its time"
    return ""


class _Fold:
    def __init__(self, history: History) -> None:
        self.found: dict[str, HandedOut] = {}
        self.faults: list[str] = []
        pairs = list(zip(history.numbers, history.events, strict=True))
        for number, event in pairs:
            if isinstance(event, SyringesIssued):
                self._issue(number, event)
            elif isinstance(event, SyringesReturned):
                self._return(number, event)
        for number, event in pairs:
            if isinstance(event, DoseGiven | DoseTakenWhileHeld):
                self._give(number, event)

    def _issue(self, number: int, event: SyringesIssued) -> None:
        for each in event.syringes:
            before = self.found.get(each.number)
            if before is not None:
                self.faults.append(f"Syringe {printed(each.number)} is handed out by {before.issued} and by {number}.")
                continue
            self.found[each.number] = HandedOut(each, event.happened_on, number, "out", event.happened_on, number)

    def _return(self, number: int, event: SyringesReturned) -> None:
        for each in dict.fromkeys(event.numbers):
            self._move(each, "returned", event.happened_on, number)

    def _give(self, number: int, event: DoseGiven | DoseTakenWhileHeld) -> None:
        scanned = event.syringes if isinstance(event, DoseGiven) else ()
        for each in scanned or tuple(self._out_for(event.item)):
            self._move(each, "used", event.happened_on, number)
        if not scanned:
            back = [o for o in self.found.values() if o.syringe.item == event.item]
            if back and all(o.state == "returned" for o in back):
                which = ", ".join(printed(o.syringe.number) for o in back)
                self.faults.append(f"{event.item} is recorded as given (entry {number}), and {which} came back unused.")

    def _out_for(self, item: str) -> Iterator[str]:
        """The syringes of a dose that are out: those of the last handing out, should there be several."""
        mine = [o for o in self.found.values() if o.syringe.item == item and o.state == "out"]
        last = max((o.issued for o in mine), default=0)
        yield from (o.syringe.number for o in mine if o.issued == last)

    def _move(self, number: str, state: State, on: date, entry: int) -> None:
        before = self.found.get(number)
        if before is None:
            self.faults.append(f"Entry {entry} names syringe {printed(number)}, which was not handed out.")
        elif before.state != "out":
            self.faults.append(
                f"Syringe {printed(number)} is {before.state} by entry {before.entry} and {state} by entry {entry}."
            )
        else:
            self.found[number] = before._replace(state=state, since=on, entry=entry)
