"""One transaction of writing: the entries, the head of the patient, and the patient's rows of the worklist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from scheduler.problems import Refused
from scheduler.record.codec import encode
from scheduler.record.events import Event
from scheduler.record.recorded import Recorded
from scheduler.store import due_table as worklist
from scheduler.store import entries as written
from scheduler.store import schema
from scheduler.store.due import Projection
from scheduler.store.entries import START, Entry, Head, Moment, Stamp
from scheduler.store.faults import Conflict
from scheduler.store.memory import Memory

MOST_AT_ONCE = 1_000
SET_BACK = timedelta(seconds=2)
"""A clock that stands this far before the last entry was set back; less is how clocks differ."""
TICK = timedelta(microseconds=1)

_T = schema.events


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a writer wants recorded: each event with its id, after the entry with the number `expected`.

    `unchanged` are other names and the numbers of their last entries, on which the writer relies as well.
    """

    subject: str
    events: tuple[tuple[str, Event], ...]
    stamp: Stamp
    expected: int
    due: Projection | None
    unchanged: tuple[tuple[str, int], ...] = ()

    def check(self) -> None:
        """Refused unless names and texts are fit to be kept; what events say was checked where they were made."""
        written.check_name(self.subject, "The patient's number")
        self.stamp.check()
        ids = [event_id for event_id, _ in self.events]
        if not ids or len(set(ids)) != len(ids) or len(ids) > MOST_AT_ONCE:
            raise Refused(f"Give between 1 and {MOST_AT_ONCE:,} events at once, each with an id of its own.")
        for at, (event_id, event) in enumerate(self.events):
            written.check_name(event_id, "The id of the event")
            written.check_correction(event, self.stamp, self.expected + at)


def append(connection: Connection, wanted: Wanted, now: datetime, memory: Memory) -> tuple[Recorded, ...]:
    """Write it all, or nothing; the caller holds the lock and commits. A retry gives back what is written."""
    stored = _stored_already(connection, wanted)
    if stored:
        return stored
    head = written.read_head(connection, wanted.subject)
    for name, expected in ((wanted.subject, wanted.expected), *wanted.unchanged):
        there = head if name == wanted.subject else written.read_head(connection, name)
        if there.number != expected:
            raise _conflict(connection, name, expected, there)
    rows = list(_rows(connection, wanted, head, now))
    connection.execute(insert(_T), [row._asdict() for row in rows])
    _move_head(connection, head, rows[-1])
    if wanted.due is not None:
        everything = memory.read(connection, wanted.subject)
        worklist.replace(connection, wanted.subject, wanted.due(everything))
        return everything[-len(rows) :]
    return tuple(map(written.recorded, rows))


def _stored_already(connection: Connection, wanted: Wanted) -> tuple[Recorded, ...]:
    """The entries of these ids, if a try before this one wrote them; Refused if an id stands for something else."""
    ids = [event_id for event_id, _ in wanted.events]
    found = {row.event_id: row for row in _of_ids(connection, ids)}
    if not found:
        return ()
    for event_id, event in wanted.events:
        row = found.get(event_id)
        if row is None or (row.subject, *encode(event)) != (wanted.subject, row.kind, row.format, row.body):
            raise Refused("This form has been recorded already, with other contents. Open a new form.")
    return tuple(written.recorded(found[event_id]) for event_id in ids)


def _of_ids(connection: Connection, ids: Sequence[str]) -> list[Entry]:
    return written.entries_from(connection.execute(select(_T).where(_T.c.event_id.in_(ids))).all())


def _conflict(connection: Connection, subject: str, expected: int, head: Head) -> Conflict:
    since = tuple(e for e in written.read(connection, subject) if e.number > expected)
    if not since:
        return Conflict(
            f"The record of {subject} ends at entry {head.number}, before the last one that you saw"
            f" ({expected}). An older copy may have been restored; look at it again.",
            since,
        )
    who = ", ".join(dict.fromkeys(entry.recorded_by for entry in since))
    more = "an entry" if len(since) == 1 else f"{len(since)} entries"
    return Conflict(
        f"Since you looked, {more} for {subject} came in from {who}. Nothing of yours was stored;"
        " look at what is new, then record again.",
        since,
    )


def _rows(connection: Connection, wanted: Wanted, head: Head, now: datetime) -> Iterator[Entry]:
    for (event_id, event), moment in zip(wanted.events, _moments(connection, now), strict=False):
        row = written.made(wanted.subject, event_id, event, wanted.stamp, head, moment)
        head = Head(row.number, row.seal)
        yield row


def _moments(connection: Connection, now: datetime) -> Iterator[Moment]:
    """The next places in the log. Time never runs backwards in it: a clock set back is noted, not believed."""
    latest = select(_T.c.position, _T.c.recorded_at).order_by(_T.c.position.desc()).limit(1)
    last = connection.execute(latest).one_or_none()
    position = 0 if last is None else last.position
    before = None if last is None else datetime.fromisoformat(last.recorded_at)
    said = instant(now) if before is not None and now < before - SET_BACK else ""
    while True:
        at = now if before is None else max(now, before + TICK)
        position += 1
        yield Moment(position, instant(at), said)
        before = at


def _move_head(connection: Connection, head: Head, last: Entry) -> None:
    table = schema.heads
    values = {"number": last.number, "seal": last.seal}
    if head == START:
        connection.execute(insert(table), {"subject": last.subject, **values})
        return
    there = (table.c.subject == last.subject) & (table.c.number == head.number)
    if connection.execute(update(table).where(there).values(values)).rowcount != 1:
        raise RuntimeError("The head of a patient moved although the lock was held.")


def instant(moment: datetime) -> str:
    """An instant as the log keeps it: UTC, to the microsecond, always the same width. It knows its zone."""
    if moment.tzinfo is None:
        raise ValueError("An instant without a zone.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
