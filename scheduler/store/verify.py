"""Whether the log still is what was recorded: every entry, every head, the seals, the kept protocols, the guards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, func, select

from scheduler.problems import Refused
from scheduler.store import account_log, schema, seals
from scheduler.store.database import Database
from scheduler.store.entries import Entry, Head, entries_from, faults, recorded
from scheduler.store.migrations import guards_0001, guards_0002, guards_0003
from scheduler.store.values import SHORT, Progress

AT_ONCE = 200
AT_WORK = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'",
}


def findings(database: Database, printed: tuple[str, ...], progress: Progress) -> Iterator[str]:
    """Everything wrong, one plain sentence each. `printed`: seals as they stand on paper, checked as well."""
    with database.reading() as connection:
        yield from _of_file(connection)
        yield from _of_guards(connection)
        yield from _of_protocols(connection)
        yield from account_log.findings(connection)
        kept = seals.rows(connection)
    yield from _of_seal_chain(kept)
    asked = {text: [row for row in kept if _is(row, text)] for text in printed}
    for text in (text for text, found in asked.items() if not found):
        yield f"The printed seal {text} is not in this log: it is an older copy, or seals were taken out."
    sums = [seals.Sum(row) for row in dict.fromkeys([*(row for found in asked.values() for row in found), *kept[-1:]])]
    yield from _of_patients(database, sums, progress)
    for one in (one for one in sums if not one.holds()):
        when = f"{one.row.sealed_at[:10]} (seal {one.row.sha256[:SHORT]})"
        yield f"The log up to entry {one.row.position} is not the one that was sealed on {when}."
    with database.reading() as connection:
        yield from _of_positions(connection)


def _is(row: seals.Row, text: str) -> bool:
    wanted = text.replace(" ", "").lower()
    return len(wanted) >= SHORT and row.sha256.startswith(wanted)


def _of_patients(database: Database, sums: list[seals.Sum], progress: Progress) -> Iterator[str]:
    with database.reading() as connection:
        total = connection.execute(select(func.count()).select_from(schema.heads)).scalar_one()
    last, done, ended = "", 0, False
    while not ended:
        with database.reading() as connection:
            heads = _heads_after(connection, last)
            ended = len(heads) < AT_ONCE
            rows = _rows_between(connection, last, None if ended else list(heads)[-1])
        last, done = (list(heads)[-1] if heads else last), done + len(heads)
        by_subject = {subject: list(group) for subject, group in groupby(rows, lambda row: row.subject)}
        for subject in sorted(heads.keys() | by_subject.keys(), key=str.encode):
            yield from _of_patient(subject, by_subject.get(subject, []), heads.get(subject), sums)
        progress(done, max(total, done))


def _of_patient(subject: str, rows: list[Entry], head: Head | None, sums: list[seals.Sum]) -> Iterator[str]:
    known = rows if head is None else [row for row in rows if row.number <= head.number]
    yield from faults(subject, known, head)
    for row in rows[len(known) :]:
        yield f"Entry {row.number} of {subject} was put in beside the program."
    for row in rows:
        try:
            recorded(row)
        except (Refused, ValueError) as unreadable:
            yield f"Entry {row.number} of {subject}: {unreadable}"
    for one in sums:
        sealed = [row for row in rows if row.position <= one.row.position]
        if sealed:
            one.add(subject, sealed[-1].number, sealed[-1].seal)


def _heads_after(connection: Connection, last: str) -> dict[str, Head]:
    table = schema.heads
    query = select(table).where(table.c.subject > last).order_by(table.c.subject).limit(AT_ONCE)
    return {subject: Head(number, seal) for subject, number, seal in connection.execute(query)}


def _rows_between(connection: Connection, last: str, through: str | None) -> list[Entry]:
    table = schema.events
    query = select(table).where(table.c.subject > last).order_by(table.c.subject, table.c.number)
    if through is not None:
        query = query.where(table.c.subject <= through)
    return entries_from(connection.execute(query).all())


def _of_seal_chain(kept: list[seals.Row]) -> Iterator[str]:
    before = ""
    for expected, row in enumerate(kept, start=1):
        if row.number != expected or row.prev_sha256 != before:
            yield f"Seal {row.number} does not continue the seal before it: seals were taken out or changed."
            return
        before = row.sha256


def _of_positions(connection: Connection) -> Iterator[str]:
    table = schema.events
    count, last = connection.execute(select(func.count(), func.coalesce(func.max(table.c.position), 0))).one()
    if count < last:
        yield f"The log counts {last:,} entries and holds {count:,}: entries were taken out after recording."


def _of_protocols(connection: Connection) -> Iterator[str]:
    table = schema.protocols
    for digest, name, edition, text in connection.execute(select(table).order_by(table.c.name, table.c.edition)):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield f"The kept text of protocol {name}, edition {edition}, was changed."


def _of_guards(connection: Connection) -> Iterator[str]:
    database = connection.dialect.name
    there = {name for (name,) in connection.exec_driver_sql(AT_WORK[database])}
    for name in (*guards_0001.NAMES[database], *guards_0002.NAMES[database], *guards_0003.NAMES[database]):
        if name not in there:
            yield f"The guard {name} was taken out of the database: changes to the log are no longer turned down."


def _of_file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(5)"):
            if said != "ok":
                yield f"The file is damaged: {said}."
