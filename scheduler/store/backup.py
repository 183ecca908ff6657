"""Safety copies: of either database one SQLite file, which opens like any other record, and the way back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select

from scheduler.problems import Refused
from scheduler.store import files, schema, sqlite, verify
from scheduler.store.database import Database
from scheduler.store.faults import Tampered
from scheduler.store.opening import file_of, open_database
from scheduler.store.plain_words import in_plain_words

AT_ONCE = 1_000


def make(database: Database, path: Path) -> None:
    """A copy at a path where nothing stands; it is read back and checked before it gets its name."""
    path = _free(path)
    part = path.with_name(f"{path.name}.part")
    try:
        with in_plain_words():
            if database.file is not None:
                sqlite.copy_file(database.file, part)
            else:
                files.remove(part)
                _copy_rows(database, part)
            _check(part)
        files.put_in_place(part, path)
    finally:
        files.remove(part)


def restore(backup: str | Path, target: str | Path) -> None:
    """Make a backup the record again, in a file that is not there yet or an empty database; it is checked before."""
    source = Path(backup).expanduser().absolute()
    if not source.is_file():
        raise Refused(f"There is no backup {source}. Give the path of a file that 'backup' made.")
    with in_plain_words():
        if not sqlite.form(source):
            raise Refused(f"{source} is empty. Give the path of a file that 'backup' made.")
        file = file_of(target)
        if file is not None:
            _restore_file(source, _free(file))
            return
        with tempfile.TemporaryDirectory(prefix="c1d1-") as folder:
            copy = Path(folder) / "record.db"
            sqlite.copy_file(source, copy)
            _check(copy)
            _fill(copy, target)


def _restore_file(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    try:
        sqlite.copy_file(source, part)
        _check(part)
        files.put_in_place(part, target)
    finally:
        files.remove(part)
        files.remove(sqlite.copy_of_before(part))  # of an older backup, which is there itself


def _free(path: Path) -> Path:
    path = path.expanduser().absolute()
    if path.exists():
        raise Refused(f"{path} exists already, and is not replaced. Give another name.")
    return path


def _check(path: Path) -> None:
    """Tampered, with the first finding, unless everything in the file is as it was recorded."""
    copy = sqlite.open_sqlite(path)
    try:
        for finding in verify.findings(copy, (), lambda _done, _all: None):
            raise Tampered(f"The copy is not sound, and was not kept: {finding}")
    finally:
        copy.close()


def _copy_rows(source: Database, path: Path) -> None:
    target = sqlite.open_sqlite(path)
    try:
        copy_all(source, target)
    finally:
        target.close()


def _fill(copy: Path, address: str | Path) -> None:
    source, target = sqlite.open_sqlite(copy), open_database(address)
    try:
        copy_all(source, target)
    finally:
        source.close()
        target.close()


def copy_all(source: Database, target: Database) -> None:
    """Everything from one database into another that is empty, in the order in which it was written."""
    with source.reading() as reading, target.writing() as connection:
        if connection.execute(select(func.count()).select_from(schema.events)).scalar_one():
            raise Refused(f"{target.shown} holds a record already. Restore into an empty one.")
        for table in schema.IN_ORDER:
            _copy_table(reading, connection, table)


def _copy_table(reading: Connection, connection: Connection, table: Table) -> None:
    query = select(table).order_by(*table.primary_key.columns)
    with reading.execution_options(yield_per=AT_ONCE).execute(query) as rows:
        for part in rows.mappings().partitions():
            connection.execute(insert(table), [dict(row) for row in part])
