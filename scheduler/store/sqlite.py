"""The record in one file: SQLite, with the settings that lose nothing that was acknowledged.

WAL only where its reset bug is mended (3.51.3); before that TRUNCATE, which survived every simulated power cut.
BEGIN IMMEDIATE, because a transaction that becomes a writer halfway is turned away at once, whatever the timeout.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from scheduler.problems import Refused
from scheduler.store import files, revisions
from scheduler.store.database import Database
from scheduler.store.faults import Newer, NotOurs
from scheduler.store.plain_words import in_plain_words

APPLICATION_ID = 0x63316431  # "c1d1"
WAIT_MS = 10_000
OLDEST, WAL_MENDED = (3, 37, 0), (3, 51, 3)
SETTINGS = (
    f"busy_timeout={WAIT_MS}",
    "trusted_schema=OFF",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "secure_delete=ON",
    "synchronous=FULL",
)


def open_sqlite(path: Path) -> Database:
    """The record in a file, which is made if it is missing and upgraded, after a backup, if it is older."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise Refused(f"SQLite {sqlite3.sqlite_version} is too old; this Python needs SQLite 3.37 or newer.")
    path = path.expanduser().absolute()
    if path.is_dir():
        raise Refused(f"{path} is a folder. Give the name of a file in it, like {path.name}/record.db.")
    made = files.make_private(path)
    with in_plain_words(), ExitStack() as unless_opened:
        found = form(path)
        if not made:
            files.keep_private(path)
        engine = _engine(path)
        unless_opened.callback(engine.dispose)
        if found < revisions.number(revisions.HEAD):
            _upgrade(path, engine, found)
        unless_opened.pop_all()
    warnings: tuple[str, ...] = ()
    if files.on_network(path):
        warnings = (f"{path} is on a network share, where locks are not safe. Use a local disk, or PostgreSQL.",)
    return Database(engine, str(path), path, warnings)


def connect(path: Path) -> sqlite3.Connection:
    """A bare connection to a file that exists; no other file is ever made by it."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False, timeout=WAIT_MS / 1000
    )


def form(path: Path) -> int:
    """The number of the file's revision, 0 for an empty one; nothing in a stranger's file is touched."""
    with closing(connect(path)) as connection:
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        (filled,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and (owner or found or filled):
        raise NotOurs(f"{path} is not a record of c1d1. Choose another file.")
    if found > revisions.number(revisions.HEAD):
        raise Newer(f"{path} was made by a newer version of c1d1. Install that version to open it.")
    return int(found)


def _engine(path: Path) -> Engine:
    engine = create_engine("sqlite+pysqlite://", creator=lambda: connect(path), poolclass=QueuePool)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    mode = "WAL" if sqlite3.sqlite_version_info >= WAL_MENDED else "TRUNCATE"
    end = time.monotonic() + WAIT_MS / 1000
    while True:  # changing from or to WAL does not wait for others by itself
        try:
            connection.execute(f"PRAGMA journal_mode={mode}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _upgrade(path: Path, engine: Engine, found: int) -> None:
    if found:
        _copy_before(path, found)
    with engine.execution_options(write=True).begin() as connection:
        revisions.upgrade(connection)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={revisions.number(revisions.HEAD)}")


def _copy_before(path: Path, found: int) -> None:
    """The file as it was, beside it: 'record.db.before-2' is what the upgrade to revision 2 began with."""
    copy = copy_of_before(path)
    if not copy.exists():  # else an upgrade that was cut short made it, and the file has not changed since
        part = copy.with_name(f"{copy.name}.part")
        copy_file(path, part)
        files.put_in_place(part, copy)
    with closing(connect(copy)) as connection:
        (copied,) = connection.execute("PRAGMA user_version").fetchone()
    if copied != found:
        raise Refused(f"{copy} stands where the copy before the upgrade goes. Move it elsewhere, and try again.")


def copy_of_before(path: Path) -> Path:
    return path.with_name(f"{path.name}.before-{revisions.number(revisions.HEAD)}")


def empty_wal(path: Path) -> None:
    """Let nothing that was erased stay behind in the file beside the file."""
    with in_plain_words(), closing(connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy_file(path: Path, to: Path) -> None:
    """All of one database file as another, which is private; others go on writing meanwhile."""
    files.remove(to)
    files.make_private(to)
    with closing(connect(path)) as source, closing(connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=TRUNCATE")
