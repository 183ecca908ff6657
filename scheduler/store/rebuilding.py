"""The worklist made anew from the entries, and compared with them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from scheduler.store import due_table, entries, schema
from scheduler.store.database import Database
from scheduler.store.due import Projection
from scheduler.store.values import Progress

AT_ONCE = 50
"""Patients in one transaction: other writers wait no longer than these take."""


def rebuild(database: Database, function: Projection, progress: Progress) -> None:
    """Every patient's rows are replaced with his entries locked, so that at no moment a row is wrong."""
    subjects = _subjects(database)
    for start in range(0, len(subjects), AT_ONCE):
        with database.writing() as connection:
            for subject in subjects[start : start + AT_ONCE]:
                due_table.replace(connection, subject, function(entries.read(connection, subject)))
        progress(min(start + AT_ONCE, len(subjects)), len(subjects))
    with database.writing() as connection:
        due_table.drop_strangers(connection)


def differences(database: Database, function: Projection) -> Iterator[str]:
    for subject in _subjects(database):
        with database.reading() as connection:
            stored = due_table.of_patient(connection, subject)
            wanted = sorted(function(entries.read(connection, subject)))
        if sorted(stored) != wanted:
            yield f"The worklist of {subject} is not what the record says. Rebuild it."


def _subjects(database: Database) -> list[str]:
    with database.reading() as connection:
        query = select(schema.heads.c.subject).where(schema.OF_PATIENTS)
        return list(connection.execute(query.order_by(schema.heads.c.subject)).scalars())
