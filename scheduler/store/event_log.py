"""The log of what was recorded: append-only, chained, on SQLite or PostgreSQL.

An entry is written together with the patient's head and rows of the worklist, in one transaction, one writer
at a time. What was acknowledged is on the disk; what was not, can be tried again under the same event id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import delete, func, insert, select

from scheduler.record.events import Event
from scheduler.record.recorded import Recorded
from scheduler.store import appending, backup, entries, keeping, places, rebuilding, schema, seals, sqlite, verify
from scheduler.store import due_table as worklist
from scheduler.store.accounts import AccountBook
from scheduler.store.appending import Wanted
from scheduler.store.database import Database
from scheduler.store.due import DueKey, DueRow, Projection
from scheduler.store.entries import Stamp
from scheduler.store.memory import Memory
from scheduler.store.opening import open_database
from scheduler.store.places import PlaceBook
from scheduler.store.values import Person, Progress, Seal

Clock = Callable[[], datetime]


def open_log(url_or_path: str | Path, *, now: Clock) -> EventLog:
    """The record in a file (made if it is missing), or at a URL `postgresql+psycopg://...`.

    `now` tells the time, with its zone.
    """
    return EventLog(open_database(url_or_path), now)


class EventLog:
    """An open log. Every method is one transaction; all faults are `Refused`, with one sentence."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now
        self._memory = Memory()
        self.accounts = AccountBook(database, now)
        """The people who record, and how they prove it."""
        self.places = PlaceBook(database)
        """Where each patient's calendars are published."""
        self.warnings = database.warnings
        """What a person should know about this store: a network share, a server that forgets."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    # ------------------------------------------------------------ recording

    def append(  # noqa: PLR0913 - the stamp of an entry is spelt out at every call
        self,
        subject: str,
        event: Event,
        *,
        by: str,
        role: str,
        reason: str,
        event_id: str,
        expected: int,
        authenticated: bool = False,
        due: Projection | None = None,
    ) -> Recorded:
        """Record one event; `append_all` of one."""
        stamp = Stamp(by, role, reason, authenticated)
        return self._append(Wanted(subject, ((event_id, event),), stamp, expected, due))[0]

    def append_all(  # noqa: PLR0913 - as above
        self,
        subject: str,
        events: Sequence[tuple[str, Event]],
        *,
        by: str,
        role: str,
        reason: str,
        expected: int,
        authenticated: bool = False,
        due: Projection | None = None,
        unchanged: Sequence[tuple[str, int]] = (),
    ) -> tuple[Recorded, ...]:
        """Record events of one patient, each with its event id, all or none.

        `expected` is the number of the last entry that the writer saw (0: none yet); Conflict with what is new,
        if there is more. Event ids that are recorded already give the stored entries, and nothing is changed.
        `unchanged` names others whose last entry has to be that one, too: what is written rests on both.
        `due` makes the patient's rows of the worklist from all entries; None leaves them as they are.
        """
        stamp = Stamp(by, role, reason, authenticated)
        return self._append(Wanted(subject, tuple(events), stamp, expected, due, tuple(unchanged)))

    def _append(self, wanted: Wanted) -> tuple[Recorded, ...]:
        wanted.check()
        with self._database.writing() as connection:
            return appending.append(connection, wanted, self._now(), self._memory)

    # ------------------------------------------------------------ reading

    def entries(self, subject: str) -> tuple[Recorded, ...]:
        """All entries of a patient, in order; none for an unknown one. Tampered if one was changed or taken out."""
        with self._database.reading() as connection:
            return entries.read(connection, subject)

    def subjects(self) -> tuple[str, ...]:
        """All patients, sorted."""
        with self._database.reading() as connection:
            query = select(schema.heads.c.subject).where(schema.OF_PATIENTS)
            return tuple(connection.execute(query.order_by(schema.heads.c.subject)).scalars())

    def position(self) -> int:
        """The place of the last entry in the whole log; 0 while it is empty."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(schema.events.c.position), 0))).scalar_one())

    def changed_since(self, position: int, limit: int = 1_000) -> tuple[tuple[int, str], ...]:
        """Place and patient of each entry after a place, in order: what a screen has to draw anew. None is missed."""
        table = schema.events
        query = select(table.c.position, table.c.subject).where(table.c.position > position)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.position).limit(limit))
            return tuple((place, subject) for place, subject in rows)

    def clock_notes(self) -> tuple[str, ...]:
        """Where the computer's clock stood before the entry that came before: noted, and not believed."""
        table = schema.events
        query = select(table.c.subject, table.c.number, table.c.clock_said, table.c.recorded_at)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(table.c.clock_said != "").order_by(table.c.position)).all()
        return tuple(
            f"Entry {number} of {subject}: the computer's clock had been set back to {said[:19]} UTC;"
            f" it is filed at {at[:19]} UTC, after the entry before it."
            for subject, number, said, at in rows
        )

    # ------------------------------------------------------------ the worklist

    def due(
        self,
        on_or_before: date,
        *,
        since: date | None = None,
        after: DueKey | None = None,
        limit: int = 50,
        site: str = "",
    ) -> tuple[DueRow, ...]:
        """A page of the worklist of a site, by date, patient and item; `after` is the key of the last row seen."""
        with self._database.reading() as connection:
            return tuple(worklist.page(connection, (since, on_or_before), after, limit, site))

    def due_of(self, subject: str) -> tuple[DueRow, ...]:
        """The worklist's rows of one patient."""
        with self._database.reading() as connection:
            return tuple(worklist.of_patient(connection, subject))

    def due_made_by(self) -> str:
        """What the last whole rebuild said of itself (a version, say); "" before the first."""
        table = schema.projections
        with self._database.reading() as connection:
            query = select(table.c.made_by).where(table.c.name == "due")
            return connection.execute(query).scalar_one_or_none() or ""

    def rebuild_due(
        self, function: Projection, progress: Progress = lambda _done, _all: None, made_by: str = ""
    ) -> None:
        """Make the worklist anew, patient by patient, while others go on recording."""
        rebuilding.rebuild(self._database, function, progress)
        table = schema.projections
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.name == "due"))
            connection.execute(insert(table), {"name": "due", "made_by": made_by})

    def due_findings(self, function: Projection) -> tuple[str, ...]:
        """The patients whose rows are not what `function` makes of their entries; there should be none."""
        return tuple(rebuilding.differences(self._database, function))

    # ------------------------------------------------------------ kept beside the events

    def save_protocol(self, digest: str, name: str, edition: int, text: str) -> None:
        """Keep the exact protocol file that a patient is enrolled on; `digest` is the SHA-256 of its bytes."""
        with self._database.writing() as connection:
            keeping.save_protocol(connection, digest, name, edition, text)

    def protocol(self, digest: str) -> str | None:
        """The text of a kept protocol."""
        with self._database.reading() as connection:
            return keeping.protocol(connection, digest)

    def put_person(self, person: Person) -> None:
        with self._database.writing() as connection:
            keeping.put_person(connection, person)

    def person(self, subject: str) -> Person | None:
        with self._database.reading() as connection:
            return keeping.person(connection, subject)

    def erase_person(self, subject: str) -> None:
        """Take out name, birth date and phone, and where calendars go; the log stays whole."""
        with self._database.writing() as connection:
            keeping.erase_person(connection, subject)
            places.erase(connection, subject)
        if self._database.file is not None:
            sqlite.empty_wal(self._database.file)

    # ------------------------------------------------------------ proof and safety copies

    def verify(self, printed: Sequence[str] = (), progress: Progress = lambda _done, _all: None) -> list[str]:
        """What is not as it was recorded, one sentence each; `printed`: seals from paper, to be checked as well."""
        return list(verify.findings(self._database, tuple(printed), progress))

    def seal(self, by: str) -> Seal:
        """Seal the whole log; the seal's short form belongs on paper, outside of this machine."""
        entries.check_name(by, "The name of who seals")
        with self._database.writing() as connection:
            return seals.make(connection, appending.instant(self._now()), by)

    def last_seal(self) -> Seal | None:
        with self._database.reading() as connection:
            return next((seals.shown(row) for row in reversed(seals.rows(connection))), None)

    def backup(self, path: str | Path) -> None:
        """A whole copy as one new file, checked, while others go on recording."""
        backup.make(self._database, Path(path))
