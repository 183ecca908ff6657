"""The worklist in the database: replaced patient by patient, read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date

from sqlalchemy import Connection, delete, insert, select, tuple_

from scheduler.store import schema
from scheduler.store.due import DueKey, DueRow

_T = schema.due
_COLUMNS = (_T.c.subject, _T.c.due_on, _T.c.item, _T.c.status, _T.c.kind, _T.c.text, _T.c.site)


def replace(connection: Connection, subject: str, rows: Iterable[DueRow]) -> None:
    """Make these the rows of a patient; only what differs is written."""
    wanted = {row.item: row for row in rows}
    kept = {row.item: row for row in of_patient(connection, subject)}
    gone = [item for item, row in kept.items() if wanted.get(item) != row]
    new = [_values(row) for item, row in wanted.items() if kept.get(item) != row]
    for start in range(0, len(gone), 500):
        connection.execute(delete(_T).where(_T.c.subject == subject, _T.c.item.in_(gone[start : start + 500])))
    if new:
        connection.execute(insert(_T), new)


def of_patient(connection: Connection, subject: str) -> list[DueRow]:
    """The rows of one patient, by date."""
    found = connection.execute(select(*_COLUMNS).where(_T.c.subject == subject).order_by(_T.c.due_on, _T.c.item))
    return [_row(row) for row in found]


def page(
    connection: Connection, span: tuple[date | None, date], after: DueKey | None, limit: int, site: str
) -> list[DueRow]:
    """The first rows of a site after a key, by date, patient and item, within a span of dates."""
    since, through = span
    query = select(*_COLUMNS).where(_T.c.site == site, _T.c.due_on <= through.isoformat())
    if since is not None:
        query = query.where(_T.c.due_on >= since.isoformat())
    if after is not None:
        day, subject, item = after
        query = query.where(tuple_(_T.c.due_on, _T.c.subject, _T.c.item) > (day.isoformat(), subject, item))
    query = query.order_by(_T.c.due_on, _T.c.subject, _T.c.item).limit(limit)
    return [_row(row) for row in connection.execute(query)]


def drop_strangers(connection: Connection) -> None:
    """Take out rows of subjects that have no entries."""
    connection.execute(delete(_T).where(_T.c.subject.not_in(select(schema.heads.c.subject))))


def _row(row: Sequence[str]) -> DueRow:
    subject, due_on, item, status, kind, text, site = row
    return DueRow(subject, date.fromisoformat(due_on), item, status, kind, text, site)


def _values(row: DueRow) -> dict[str, str]:
    return dict(zip((c.name for c in _COLUMNS), astuple(row), strict=True)) | {"due_on": row.due_on.isoformat()}
