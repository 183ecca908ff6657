"""The right database for a path or an address."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from scheduler.problems import Refused
from scheduler.store.database import Database
from scheduler.store.postgresql import open_postgresql
from scheduler.store.sqlite import open_sqlite


def open_database(url_or_path: str | Path) -> Database:
    """A file (made if it is missing) or a PostgreSQL database; Refused for what c1d1 does not know."""
    file = file_of(url_or_path)
    if file is not None:
        return open_sqlite(file)
    address = str(url_or_path).replace("postgres://", "postgresql://", 1)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise Refused("This is not the address of a database. Write it like postgresql+psycopg://host/name.") from None
    if url.get_backend_name() != "postgresql":
        raise Refused("c1d1 keeps its record in a file, or at an address like postgresql+psycopg://host/name.")
    return open_postgresql(url)


def file_of(url_or_path: str | Path) -> Path | None:
    """The file that is meant by a path or an address `sqlite:///...`; None for another address."""
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return Path(url_or_path)
    kind, _, path = url_or_path.partition("://")
    return Path(path.removeprefix("/")) if kind.startswith("sqlite") and len(path) > 1 else None
