"""Assumptions of a protocol, confirmed by named persons: entries of the clinic, which hold for its patients.

They stand in the log like every entry, under the name of the protocol instead of a patient's number. A
confirmation holds for the very text of one file; another edition, or a file with one letter changed, begins anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.words import day
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.events import AssumptionConfirmed, Event, EventCorrected
from scheduler.record.recorded import Recorded
from scheduler.store.event_log import EventLog

NOBODY = ("", "nobody")


class Assumed(NamedTuple):
    """An assumption of a file: `number` counts from 1 as it is printed; `by` is '' where nobody has confirmed it."""

    number: int
    statement: Statement
    by: str
    entry: int | None = None


def kept_under(protocol: Protocol) -> str:
    """Where in the log the confirmations of a protocol stand; no patient's number holds a stroke."""
    return f"protocol/{protocol.name}"


def assumptions(log: EventLog | None, protocol: Protocol) -> tuple[Assumed, ...]:
    """Every assumption of a file with who confirmed it: by an entry of the log, or in the file itself."""
    entries = _confirming(log, protocol)
    found = enumerate((s for s in protocol.statements if s.standing == "assumed"), start=1)
    return tuple(_assumed(number, statement, entries.get(number)) for number, statement in found)


def as_confirmed(log: EventLog | None, protocol: Protocol) -> Protocol:
    """The protocol with the names of those who confirmed its assumptions here: to be shown, never to dose by."""
    by = {one.statement.place: one.by for one in assumptions(log, protocol) if one.by}
    said = (replace(s, confirmed_by=by.get(s.place, s.confirmed_by)) for s in protocol.statements)
    return replace(protocol, statements=tuple(said))


def to_confirm(log: EventLog, protocol: Protocol, numbers: Sequence[int]) -> tuple[Assumed, ...]:
    """The assumptions of these numbers, or all open ones where none is named; Refused unless each can be confirmed."""
    there = {one.number: one for one in assumptions(log, protocol)}
    for number in numbers:
        _check_there(protocol, there, number)
        if there[number].by:
            raise Refused(f"Assumption {number} of {protocol.name} is confirmed by {there[number].by}.")
    chosen = tuple(one for one in there.values() if not one.by and (not numbers or one.number in numbers))
    if not chosen:
        raise Refused(f"Every assumption of {protocol.name}, edition {protocol.edition}, is confirmed already.")
    return chosen


def confirm(
    desk: Desk, protocol: Protocol, chosen: Sequence[Assumed], signature: Signature, ids: Sequence[str] = ()
) -> tuple[Recorded, ...]:
    """Record that somebody agrees with these assumptions; `ids`, one for each, so that a retry doubles nothing."""
    p = protocol
    events = [
        AssumptionConfirmed(desk.today, p.name, p.edition, p.digest, one.number, one.statement.text) for one in chosen
    ]
    return _record(desk, protocol, events, signature, ids or new_ids(len(events)))


def to_take_back(log: EventLog, protocol: Protocol, number: int) -> Assumed:
    """The assumption of a number, if an entry of this record confirms it."""
    there = {one.number: one for one in assumptions(log, protocol)}
    _check_there(protocol, there, number)
    if there[number].entry is None:
        raise Refused(f"Nobody has confirmed assumption {number} of {protocol.name} in this record.")
    return there[number]


def take_back(desk: Desk, protocol: Protocol, chosen: Assumed, signature: Signature) -> tuple[Recorded, ...]:
    """Record that a confirmation was an error; it stays in the log, with who, when and why."""
    assert chosen.entry is not None  # noqa: S101 - made by `to_take_back`
    return _record(desk, protocol, [EventCorrected(desk.today, chosen.entry)], signature, new_ids(1))


def new_ids(count: int) -> tuple[str, ...]:
    """Made where the signature is asked for: storing it again after the store was away never doubles it."""
    return tuple(str(uuid.uuid4()) for _ in range(count))


def _record(
    desk: Desk, protocol: Protocol, events: Sequence[Event], signature: Signature, ids: Sequence[str]
) -> tuple[Recorded, ...]:
    name = kept_under(protocol)
    return desk.store_beside(name, events, ids, signature, len(desk.log.entries(name)))


def _check_there(protocol: Protocol, there: dict[int, Assumed], number: int) -> None:
    if number not in there:
        raise Refused(f"{protocol.name} has the assumptions 1 to {len(there)}, and no assumption {number}.")


def _assumed(number: int, statement: Statement, entry: Recorded | None) -> Assumed:
    if entry is not None:
        proved = "" if entry.authenticated else ", not authenticated"
        on = day(entry.event.happened_on)
        return Assumed(number, statement, f"{entry.recorded_by}, {entry.role}, on {on}{proved}", entry.number)
    return Assumed(number, statement, "" if statement.confirmed_by in NOBODY else statement.confirmed_by)


def _confirming(log: EventLog | None, protocol: Protocol) -> dict[int, Recorded]:
    """The entry that confirms each assumption of this very file; without those that were taken back."""
    entries = log.entries(kept_under(protocol)) if log is not None else ()
    back = {entry.event.number for entry in entries if isinstance(entry.event, EventCorrected)}
    found: dict[int, Recorded] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, AssumptionConfirmed) and event.digest == protocol.digest and entry.number not in back:
            found[event.number] = entry
    return found
