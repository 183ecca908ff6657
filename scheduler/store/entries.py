"""Entries of the log as rows: stamped, sealed, read back and checked.

The seal of an entry is the SHA-256 over all its other columns, among them the seal of the entry before it
(of the same patient): who changes, inserts or removes one must make every later one anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from scheduler import __version__
from scheduler.problems import Refused
from scheduler.record.codec import decode, encode, is_clean
from scheduler.record.events import Event, EventCorrected
from scheduler.record.recorded import Recorded
from scheduler.store import schema
from scheduler.store.faults import Tampered

LONGEST_NAME, LONGEST_REASON = 100, 1_000
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Entry(NamedTuple):
    """One row of `events`, its columns in the order of the table."""

    position: int
    event_id: str
    subject: str
    number: int
    kind: str
    format: int
    body: str
    happened_on: str
    recorded_at: str
    clock_said: str
    recorded_by: str
    role: str
    reason: str
    authenticated: int
    app_version: str
    prev_seal: str
    seal: str


class Head(NamedTuple):
    """The last entry of a patient."""

    number: int
    seal: str


START = Head(0, "")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who records, in which role and why, and whether they proved who they are."""

    by: str
    role: str
    reason: str
    authenticated: bool

    def check(self) -> None:
        """Refused unless there is a name, and every text can be seen and is of a sensible length."""
        check_name(self.by, "The name of who records")
        for text, what, longest in ((self.role, "role", LONGEST_NAME), (self.reason, "reason", LONGEST_REASON)):
            if not is_clean(text) or len(text) > longest:
                raise Refused(f"The {what} is too long or holds a hidden character. Type it anew, on one line.")


@dataclass(frozen=True, slots=True)
class Moment:
    """Where in the log, and when; `said` is what the clock showed, where it had been set back."""

    position: int
    at: str
    said: str


def check_name(name: str, what: str) -> None:
    """Refused unless a name (of a person, a patient, an event) is there, short, and without hidden characters."""
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not is_clean(name):
        raise Refused(f"{what} is missing, too long, or holds a hidden character. Type it anew.")


def check_correction(event: Event, stamp: Stamp, before: int) -> None:
    """A correction gives its reason, and corrects an entry that is there."""
    if not isinstance(event, EventCorrected):
        return
    if not stamp.reason.strip():
        raise Refused("A correction needs a reason. Say in a few words why the entry was wrong.")
    if not 1 <= event.number <= before:
        raise Refused(f"There is no entry {event.number} to correct; the last entry of this patient is {before}.")


def made(subject: str, event_id: str, event: Event, stamp: Stamp, head: Head, moment: Moment) -> Entry:
    """The entry that comes after `head`, with its seal."""
    entry = Entry(
        moment.position,
        event_id,
        subject,
        head.number + 1,
        *encode(event),
        event.happened_on.isoformat(),
        moment.at,
        moment.said,
        stamp.by,
        stamp.role,
        stamp.reason,
        int(stamp.authenticated),
        __version__,
        head.seal,
        "",
    )
    return entry._replace(seal=seal_of(entry))


def seal_of(row: Sequence[object]) -> str:
    """The seal that the columns of a row (the last is the seal itself) ought to have."""
    return hashlib.sha256(_canonical(list(row[:-1])).encode()).hexdigest()


def recorded(row: Entry) -> Recorded:
    """The row as the rest of the program knows it; Tampered where its columns and its event disagree."""
    event = decode(row.kind, row.format, row.body)
    return Recorded(
        row.number,
        row.event_id,
        row.subject,
        event,
        datetime.fromisoformat(row.recorded_at),
        row.recorded_by,
        row.role,
        row.reason,
        bool(row.authenticated),
        row.seal,
    )


def faults(subject: str, rows: Sequence[Entry], head: Head | None, after: Head = START) -> Iterator[str]:
    """What is wrong with the rows of one patient (all, or those after an entry), and with the head that ends them."""
    expected, seal = after.number + 1, after.seal
    for row in rows:
        if row.number != expected:
            until = "" if row.number == expected + 1 else f" to {row.number - 1}"
            yield f"Of {subject}, entry {expected}{until} is missing: it was taken out after recording."
        elif row.prev_seal != seal:
            yield f"Entry {row.number} of {subject} does not continue the entry before it."
        if seal_of(row) != row.seal:
            yield f"Entry {row.number} of {subject} was changed after it was recorded."
        expected, seal = row.number + 1, row.seal
    if head is None:
        yield f"{subject} has entries, but the note of the last one was taken out."
    elif not rows:
        yield f"All {head.number} entries of {subject} were taken out after recording."
    elif head.number > rows[-1].number:
        yield f"The record of {subject} ends at entry {rows[-1].number} of {head.number}: the rest was taken out."
    elif head != (rows[-1].number, seal):
        yield f"The last entry of {subject} is not the one that was recorded last."


def read(connection: Connection, subject: str) -> tuple[Recorded, ...]:
    """All entries of a patient; Tampered with the first fault if they are not what was recorded."""
    head = read_head(connection, subject)
    rows = rows_of(connection, subject, head.number or 1)
    return checked(subject, rows, head, START) if rows or head != START else ()


def checked(subject: str, rows: Sequence[Entry], head: Head, after: Head) -> tuple[Recorded, ...]:
    """The entries that lead from one head to another; Tampered if these rows do not."""
    for fault in faults(subject, rows, None if head == START else head, after):
        raise Tampered(f"{fault} Do not dose from this record; run c1d1 log verify, and restore a backup.")
    return tuple(map(recorded, rows))


def read_head(connection: Connection, subject: str) -> Head:
    query = select(schema.heads.c.number, schema.heads.c.seal).where(schema.heads.c.subject == subject)
    found = connection.execute(query).one_or_none()
    return START if found is None else Head(found.number, found.seal)


def rows_of(connection: Connection, subject: str, through: int, after: int = 0) -> list[Entry]:
    """A patient's rows, after a number and up to another. Read after the head, they cannot be newer than it."""
    table = schema.events
    query = select(table).where(table.c.subject == subject, table.c.number > after, table.c.number <= through)
    return entries_from(connection.execute(query.order_by(table.c.number)).all())


def entries_from(rows: Sequence[Sequence[Any]]) -> list[Entry]:
    return [Entry._make(row) for row in rows]
