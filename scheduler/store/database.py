"""A database that is open: reading, and writing one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from scheduler.store.plain_words import in_plain_words

LOCK = "SELECT pg_advisory_xact_lock(1664180273)"  # "c1d1"; in a file, BEGIN IMMEDIATE is the lock


class Database:
    """An engine, how people call it, the file if it is one, and what people should know about it."""

    def __init__(self, engine: Engine, shown: str, file: Path | None, warnings: tuple[str, ...] = ()) -> None:
        self.shown = shown
        self.file = file
        self.warnings = warnings
        self._engine = engine
        self._writer = engine.execution_options(write=True)
        self._reader = engine if file else engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads: one picture of the log, whatever others record meanwhile."""
        with in_plain_words(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, alone: the lock is taken first, so that positions are in commit order."""
        with in_plain_words(), self._writer.begin() as connection:
            if self.file is None:
                connection.exec_driver_sql(LOCK)
            yield connection

    def close(self) -> None:
        self._engine.dispose()
