"""The record on a server: PostgreSQL through psycopg, with one lock for all writers.

The lock makes positions follow the order of commits, so that whoever reads on from a position misses nothing. A
program that stalls while it holds the lock is cut off after 5 seconds, sooner than the others give up waiting.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import platformdirs
from sqlalchemy import URL, Engine, create_engine, event

from scheduler.problems import Refused
from scheduler.store import revisions
from scheduler.store.database import LOCK, Database
from scheduler.store.faults import Newer, NotOurs
from scheduler.store.plain_copy import copy_plainly
from scheduler.store.plain_words import in_plain_words

STALLED_MS, WAIT_MS = 5_000, 10_000
REACHING = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "c1d1",
}


class _Driven(Protocol):
    """A connection of psycopg, which is imported only where it is used."""

    autocommit: bool

    def execute(self, query: str) -> object: ...


def open_postgresql(url: URL) -> Database:
    """The record in a database that exists; its tables are made if it has none."""
    url = url.set(drivername="postgresql+psycopg")
    shown = f"{url.host or 'this machine'}, database {url.database}"
    with in_plain_words(), ExitStack() as unless_opened:
        engine = _engine(url)
        unless_opened.callback(engine.dispose)
        found = _form(engine, shown)
        if found < revisions.number(revisions.HEAD):
            _upgrade(engine, url, found)
        database = Database(engine, shown, None, _doubts(engine, shown))
        unless_opened.pop_all()
        return database


def _engine(url: URL) -> Engine:
    given = {name: value for name, value in REACHING.items() if name not in url.query}
    try:
        engine = create_engine(url, connect_args=given, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise Refused("PostgreSQL needs one more package. Install it with: pip install 'c1d1[postgresql]'.") from None
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: _Driven, _record: object) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = {WAIT_MS}")
    connection.execute(f"SET idle_in_transaction_session_timeout = {STALLED_MS}")
    connection.execute("SET synchronous_commit = on")
    connection.autocommit = False


def _upgrade(engine: Engine, url: URL, found: int) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(LOCK)
        if found:
            copy_plainly(connection, copies() / f"{url.database}.before-{revisions.number(revisions.HEAD)}")
        revisions.upgrade(connection)


def copies() -> Path:
    """Where the copy before an upgrade goes: the data folder of the person who upgrades."""
    return platformdirs.user_data_path("c1d1", appauthor=False)


def _form(engine: Engine, shown: str) -> int:
    """The number of the database's revision, 0 for one without any of our tables."""
    with engine.connect() as connection:
        if connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
            raise Refused(f"{shown} does not keep its texts in UTF-8. Have a database made with ENCODING 'UTF8'.")
        version = f"SELECT to_regclass('{revisions.VERSION_TABLE}'), to_regclass('events'), to_regclass('heads')"
        ours, *others = connection.exec_driver_sql(version).one()
        if ours is None and any(others):
            raise NotOurs(f"{shown} holds the tables of another program. Choose another database.")
        if ours is None:
            return 0
        found = connection.exec_driver_sql(f"SELECT version_num FROM {revisions.VERSION_TABLE}").scalar_one()  # noqa: S608
    if revisions.number(found) > revisions.number(revisions.HEAD):
        raise Newer(f"{shown} was made by a newer version of c1d1. Install that version to open it.")
    return revisions.number(found)


def _doubts(engine: Engine, shown: str) -> tuple[str, ...]:
    with engine.connect() as connection:
        safe = connection.exec_driver_sql("SHOW fsync").scalar_one() == "on"
    return () if safe else (f"{shown} runs with fsync off: a power cut can lose what was recorded. Have it turned on.",)
