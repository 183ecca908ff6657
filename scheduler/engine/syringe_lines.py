"""The syringes of one treatment line by line: prepared, handed out, destroyed; and how many the pharmacy then holds.

Two tiers of one drug are two strengths once they are drawn up, so each has a record of its own. What came back is a
line without a number: it is not added again. What was withdrawn by a correction is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from scheduler.engine.stock import Prepared
from scheduler.quantities import Amount
from scheduler.record.events import Event
from scheduler.record.history import counting
from scheduler.record.recorded import Recorded
from scheduler.record.stock import SyringesDiscarded, SyringesIssued, SyringesPrepared, SyringesReturned


class SyringeLine(NamedTuple):
    """One line: `syringes` into (above 0) or out of (below) the pharmacy, `balance` after it."""

    on: date
    subject: str
    what: str
    numbers: tuple[str, ...]
    dose: Amount | None
    lot: str
    syringes: int
    balance: int
    by: str
    entry: str


class _Move(NamedTuple):
    at: datetime
    on: date
    what: str
    numbers: tuple[str, ...]
    by: str
    entry: str


def syringe_lines(
    ledger: Sequence[Recorded],
    patients: Mapping[str, Sequence[Recorded]],
    prepared: Mapping[str, Prepared],
    treatment: str,
) -> tuple[SyringeLine, ...]:
    """In the order in which they were recorded; `patients` are the entries of those who have syringes."""
    mine = {number: each for number, each in prepared.items() if each.treatment == treatment}
    moves = [*_moves(ledger, "ledger "), *(m for who, entries in patients.items() for m in _moves(entries, f"{who}, "))]
    lines: list[SyringeLine] = []
    balance, inside = 0, set[str]()
    for move in sorted(moves, key=lambda each: each.at):
        for subject in dict.fromkeys(mine[n].subject for n in move.numbers if n in mine):
            numbers = tuple(n for n in move.numbers if n in mine and mine[n].subject == subject)
            change = _change(move.what, numbers, inside)
            balance += change
            whole = all(mine[n].syringe.parts == 1 for n in numbers)
            amounts = {mine[n].syringe.amount for n in numbers} if whole else set[Amount]()
            lots = ", ".join(dict.fromkeys(mine[n].syringe.lot for n in numbers))
            dose = amounts.pop() if len(amounts) == 1 else None
            about = (subject, move.what, numbers, dose, lots)
            lines.append(SyringeLine(move.on, *about, change, balance, move.by, move.entry))
    return tuple(lines)


def _change(what: str, numbers: Sequence[str], inside: set[str]) -> int:
    """How many come into the pharmacy or leave it; what left before, or came back, does not count."""
    if what == "prepared":
        inside.update(numbers)
        return len(numbers)
    leaving = inside.intersection(numbers) if what != "returned" else set()
    inside -= leaving
    return -len(leaving)


def _moves(entries: Sequence[Recorded], name: str) -> Iterator[_Move]:
    stamped = {entry.number: entry for entry in entries}
    for number, event in counting(entries):
        found = _of(event)
        if found is not None:
            entry = stamped[number]
            yield _Move(entry.recorded_at, event.happened_on, *found, entry.recorded_by, f"{name}entry {number}")


def _of(event: Event) -> tuple[str, tuple[str, ...]] | None:
    match event:
        case SyringesPrepared():
            return "prepared", tuple(each.number for each in event.syringes)
        case SyringesIssued():
            return "handed out", tuple(each.number for each in event.syringes)
        case SyringesReturned():
            return "returned", event.numbers
        case SyringesDiscarded():
            return event.how, event.numbers
        case _:
            return None
