"""Where a clinic keeps its data, and what time it is: the only clock of the house."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from scheduler.problems import Refused

RECORD = "record.db"


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder, and the record: a file in it or elsewhere, or the address of a database."""

    folder: Path
    database: str

    @property
    def lists(self) -> Path:
        """The folder of the criteria that were loaded here."""
        return self.folder / "criteria"

    @property
    def file(self) -> Path | None:
        """The file of the record; None where it is kept by a server."""
        if "://" not in self.database:
            return Path(self.database)
        kind, _, path = self.database.partition(":///")
        return Path(path) if kind.startswith("sqlite") and path else None


def find_home(folder: str | None = None, database: str | None = None) -> Home:
    """As said on the command line, else by C1D1_HOME and C1D1_DB, else in the user's own data folder."""
    where = _clean(folder or os.environ.get("C1D1_HOME") or _default(), "folder")
    path = Path(where).expanduser().absolute()
    return Home(path, _clean(database or os.environ.get("C1D1_DB") or str(path / RECORD), "database"))


def _default() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("c1d1", appauthor=False)


def _clean(text: str, what: str) -> str:
    if not text.isprintable():
        raise Refused(f"The name of the {what} holds a hidden character. Type it anew.")
    return text


def now() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The day on this computer's calendar."""
    return now().astimezone().date()
