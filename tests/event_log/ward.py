"""What the tests of the log share: a clock, events, a small worklist, and a way behind the database's guards."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from scheduler.record.events import DoseGiven, DoseMissed, Event, HeightMeasured, PatientEnrolled, WeightMeasured
from scheduler.record.recorded import Recorded
from scheduler.store.accounts import Account
from scheduler.store.due import DueRow
from scheduler.store.event_log import EventLog, open_log
from scheduler.store.opening import file_of

DAY = date(2026, 1, 5)
ADDRESS = str | Path


class Clock:
    """A clock that a test can set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def real_clock() -> datetime:
    return datetime.now(UTC)


def opened(address: ADDRESS) -> EventLog:
    return open_log(address, now=real_clock)


def weight(kg: int) -> WeightMeasured:
    return WeightMeasured(DAY, Decimal(kg))


def record(log: EventLog, subject: str, event: Event, expected: int, event_id: str = "", **more) -> Recorded:
    """Record as the ward's nurse; the id says what it is, unless it is given."""
    said = {"by": "N. Reyes", "role": "nurse", "reason": "", "due": due_rows} | more
    return log.append(subject, event, event_id=event_id or f"{subject}/{expected + 1}", expected=expected, **said)


def enrol(log: EventLog, subject: str = "OSU-1", form: str = "", **more) -> tuple[Recorded, ...]:
    events = [PatientEnrolled(DAY, DAY, subject), HeightMeasured(DAY, Decimal(165)), weight(70)]
    ids = [(f"{form or subject}/{number}", event) for number, event in enumerate(events, start=1)]
    said = {"by": "N. Reyes", "role": "nurse", "reason": "", "due": due_rows} | more
    return log.append_all(subject, ids, expected=0, **said)


SIGNED = {"by": "N. Reyes", "role": "nurse", "authenticated": True}


def staffed(log: EventLog) -> Account:
    """An admin, and a nurse; the nurse's account is given back."""
    log.accounts.make("A. Admin", "admin", "hash of the admin", "")
    return log.accounts.make("N. Reyes", "nurse", "hash of the nurse", "A. Admin")


def due_rows(entries: tuple[Recorded, ...]) -> list[DueRow]:
    """A worklist that can be worked out in the head: doses on ten days, in kg; what is done is off the list."""
    subject, kg = entries[0].subject, [e.event.kg for e in entries if isinstance(e.event, WeightMeasured)]
    done = {e.event.item for e in entries if isinstance(e.event, DoseGiven | DoseMissed)}
    text = f"{kg[-1]} mg" if kg else "no weight"
    days = {f"C1D{day}/x": DAY + timedelta(days=day - 1) for day in range(1, 11)}
    return [DueRow(subject, on, item, "planned", "dose", text) for item, on in days.items() if item not in done]


@contextmanager
def as_owner(address: ADDRESS) -> Iterator[sa.Connection]:
    """A connection of another program, by somebody who owns the database."""
    file = file_of(address)
    engine = sa.create_engine(f"sqlite:///{file}" if file else address, poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@contextmanager
def behind_the_guards(address: ADDRESS) -> Iterator[sa.Connection]:
    """As the owner, with the guards asleep; afterwards they stand again, as if nothing had been."""
    with as_owner(address) as connection:
        if connection.dialect.name == "sqlite":
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            guards = connection.exec_driver_sql(query).all()
            asleep, awake = [f"DROP TRIGGER {name}" for name, _ in guards], [sql for _, sql in guards]
        else:
            query = "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
            guards = connection.exec_driver_sql(query).all()
            asleep = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for name, table in guards]
            awake = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name, table in guards]
        for statement in asleep:
            connection.exec_driver_sql(statement)
        yield connection
        for statement in awake:
            connection.exec_driver_sql(statement)


def write_many(address: str, subject: str, count: int) -> None:
    """A program of its own: enrols a patient and weighs him many times; each line is an acknowledged id."""
    with opened(address) as log:
        enrol(log, subject)
        for number in range(3, count + 3):
            entry = record(log, subject, weight(50 + number % 50), number)
            print(entry.event_id, flush=True)


if __name__ == "__main__":
    write_many(sys.argv[1], sys.argv[2], int(sys.argv[3]))
