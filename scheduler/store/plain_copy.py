"""All rows of a PostgreSQL database, of whatever revision, as one SQLite file: the copy before an upgrade."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, create_engine, insert, select

from scheduler.store import files

AT_ONCE = 1_000


def copy_plainly(connection: Connection, to: Path) -> None:
    """Every table of the database, without its guards and rules; enough to get each entry back."""
    found = MetaData()
    found.reflect(connection)
    part = to.with_name(f"{to.name}.part")
    files.remove(part)
    files.make_private(part)
    engine = create_engine(f"sqlite+pysqlite:///{part}")
    with engine.begin() as target:
        for table in found.sorted_tables:
            _copy_table(connection, target, table)
    engine.dispose()
    files.put_in_place(part, to)


def _copy_table(connection: Connection, target: Connection, table: Table) -> None:
    numbers = {column.name for column in table.columns if column.type.python_type is int}
    columns = [Column(column.name, Integer if column.name in numbers else Text) for column in table.columns]
    plain = Table(table.name, MetaData(), *columns)
    plain.create(target)
    rows = connection.execute(select(table)).mappings()
    for part in rows.partitions(AT_ONCE):
        target.execute(insert(plain), [dict(row) for row in part])
