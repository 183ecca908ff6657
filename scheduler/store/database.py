"""A database that is open: reading, and writing one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from scheduler.store.faults import in_plain_words


class Database:
    """An engine, the statement that makes writers wait for each other, and what a person should know about it."""

    def __init__(self, engine: Engine, shown: str, lock: str = "", warnings: tuple[str, ...] = ()) -> None:
        self.engine = engine
        self.shown = shown
        self.warnings = warnings
        self._lock = lock
        self._writer = engine.execution_options(write=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads."""
        with in_plain_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, alone: the lock is taken first, so that positions are in commit order."""
        with in_plain_words(), self._writer.begin() as connection:
            if self._lock:
                connection.exec_driver_sql(self._lock)
            yield connection

    def close(self) -> None:
        self.engine.dispose()
