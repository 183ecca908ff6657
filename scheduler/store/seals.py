"""Seals: one number over the whole log, to be kept outside of it.

The chain of a patient does not show that its last entries, or all, were taken out; the heads show that, and a
seal shows that heads were. A seal printed on paper shows even that the whole store was replaced by an older one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from scheduler.store import schema
from scheduler.store.values import Seal

_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_T = schema.seals


class Row(NamedTuple):
    """One row of `seals`."""

    number: int
    position: int
    entries: int
    sealed_at: str
    sealed_by: str
    prev_sha256: str
    sha256: str


class Sum:
    """The sum of a seal, made from its other columns and then from each head, sorted by subject."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.entries = 0
        self._hash = hashlib.sha256(f"{_canonical(list(row[:-1]))}\n".encode())

    def add(self, subject: str, number: int, seal: str) -> None:
        self.entries += number
        self._hash.update(f"{_canonical([subject, number, seal])}\n".encode())

    def holds(self) -> bool:
        """Whether the heads that were added are those that were sealed."""
        return self.entries == self.row.entries and self.sha256() == self.row.sha256

    def sha256(self) -> str:
        return self._hash.hexdigest()


def make(connection: Connection, at: str, by: str) -> Seal:
    """Seal all that stands in the log; the caller holds the lock."""
    last = rows(connection)[-1:]
    number, before = (last[0].number + 1, last[0].sha256) if last else (1, "")
    heads = connection.execute(select(schema.heads).order_by(schema.heads.c.subject)).all()
    position = connection.execute(select(func.coalesce(func.max(schema.events.c.position), 0))).scalar_one()
    total = Sum(Row(number, position, sum(head.number for head in heads), at, by, before, ""))
    for subject, reached, seal in heads:
        total.add(subject, reached, seal)
    row = total.row._replace(sha256=total.sha256())
    connection.execute(insert(_T), row._asdict())
    return shown(row)


def rows(connection: Connection) -> list[Row]:
    """All seals, the oldest first."""
    return [Row._make(row) for row in connection.execute(select(_T).order_by(_T.c.number))]


def shown(row: Row) -> Seal:
    at = datetime.fromisoformat(row.sealed_at)
    return Seal(row.number, row.position, row.entries, at, row.sealed_by, row.sha256)
