"""The ledger line by line, in the order in which it was written, with the running balance after each line.

A correction is a line of its own with the difference, as on paper where the old line stays readable: the balance
after a line is what people believed then, and after the last line what counts now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from scheduler.quantities import Amount
from scheduler.record.events import Event, EventCorrected
from scheduler.record.recorded import Recorded
from scheduler.record.stock import ShelfCounted, SyringesPrepared, VialsDiscarded, VialsReceived


class Line(NamedTuple):
    """One line: `vials` in (above 0) or out (below), `balance` after it; `event` is what it says, None where nothing.

    `corrects` is the entry that it changes, 0 for none; `corrected_by` are the entries that change it.
    """

    entry: int
    on: date
    product: str
    event: Event | None
    lot: str
    vials: int
    balance: int
    by: str
    reason: str
    corrects: int
    corrected_by: tuple[int, ...]

    @property
    def subject(self) -> str:
        """The patient for whom it was; '' for none."""
        return self.event.subject if isinstance(self.event, SyringesPrepared) else ""

    @property
    def dose(self) -> Amount | None:
        """What each syringe of the line holds, where they are alike."""
        if not isinstance(self.event, SyringesPrepared):
            return None
        amounts = {each.amount for each in self.event.syringes}
        return amounts.pop() if len(amounts) == 1 else None


Move = tuple[str, str, int]
"""Product, lot, and vials in or out."""


def moves(event: Event | None) -> tuple[Move, ...]:
    """What an event does to the balance."""
    match event:
        case VialsReceived():
            return ((event.product, event.lot, event.vials),)
        case VialsDiscarded():
            return ((event.product, event.lot, -event.vials),)
        case SyringesPrepared():
            return tuple((event.product, used.lot, -used.vials) for used in event.vials)
        case ShelfCounted():
            return ((event.product, "", 0),)
        case _:
            return ()


def ledger_lines(entries: Sequence[Recorded], product: str) -> tuple[Line, ...]:
    """The lines of one product's ledger."""
    corrected: dict[int, tuple[int, ...]] = {}
    for entry in entries:
        if isinstance(entry.event, EventCorrected):
            corrected[entry.event.number] = (*corrected.get(entry.event.number, ()), entry.number)
    standing: dict[int, Event | None] = {}
    lines: list[Line] = []
    balance = 0
    for entry in entries:
        event: Event | None = entry.event
        found, corrects = moves(event), 0
        if isinstance(event, EventCorrected):
            corrects, event = event.number, event.replacement
            found = tuple(_difference(standing.get(corrects), event))
        standing[corrects or entry.number] = event
        for _, lot, vials in (move for move in found if move[0] == product):
            balance += vials
            about = (corrects, corrected.get(entry.number, ()))
            said = (entry.recorded_by, entry.reason)
            on = entry.event.happened_on
            lines.append(Line(entry.number, on, product, event, lot, vials, balance, *said, *about))
    return tuple(lines)


def _difference(was: Event | None, now: Event | None) -> Iterator[Move]:
    """What changes when one event takes the place of another; a line without vials where only words change."""
    total: dict[tuple[str, str], int] = {}
    for sign, event in ((-1, was), (1, now)):
        for product, lot, vials in moves(event):
            total[product, lot] = total.get((product, lot), 0) + sign * vials
    changed = {key: vials for key, vials in total.items() if vials}
    for (product, lot), vials in (changed or dict(list(total.items())[:1])).items():
        yield product, lot, vials
