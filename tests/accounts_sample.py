"""People with accounts for the tests: quick hashes, a clock, an admin, and one person in each role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import Result

from scheduler.clinic import home, pins
from scheduler.clinic.accounts import Accounts
from scheduler.clinic.rights import ROLES
from scheduler.shipped import protocols_folder
from scheduler.store.event_log import EventLog, open_log
from tests.on_the_line import Ward, enrol_a

PEOPLE = {
    "nurse": "N. Reyes",
    "pharmacist": "P. Lind",
    "investigator": "Dr. Weiss",
    "monitor": "M. Ito",
    "admin": "A. Ho",
}
PIN = "quiet-river-7"
DAY = date(2026, 1, 5)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def goes(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash takes a tenth of a second on purpose; the tests make hundreds."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(pins, "_hasher", lambda: hasher)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[EventLog]:
    with open_log(tmp_path / "record.db", now=clock) as opened:
        yield opened


@pytest.fixture
def accounts(log: EventLog) -> Accounts:
    """Somebody in each role; every PIN is the same, which nobody should imitate."""
    found = Accounts(log.accounts)
    found.add(PEOPLE["admin"], "admin", PIN)
    for role in ROLES[:-1]:
        found.add(PEOPLE[role], role, PIN, found.sign(PEOPLE["admin"], PIN))
    return found


def kinds(accounts: Accounts, name: str) -> list[str]:
    """What the account log holds of somebody."""
    return [note.kind for note in accounts.book.notes(account=name)]


class WardWithPins(Ward):
    """A ward on the command line whose people type PINs, here into private files."""

    def staff(self, *roles: str) -> None:
        """Accounts for these roles (default: all), the admin first."""
        self._pin_file("C1D1_PIN_FILE", PIN)
        self._pin_file("C1D1_NEW_PIN_FILE", PIN)
        for role in ("admin", *(roles or ROLES[:-1])):
            self.says("user", "add", PEOPLE[role], "--role", role, "--by", PEOPLE["admin"])

    def _pin_file(self, variable: str, pin: str) -> Path:
        path = self.folder.parent / variable
        path.touch(0o600)
        path.write_text(f"{pin}\n", encoding="utf-8")
        self._patch.setenv(variable, str(path))
        return path

    def pin(self, pin: str) -> None:
        """From now on this stands in the file of C1D1_PIN_FILE."""
        self._pin_file("C1D1_PIN_FILE", pin)

    def as_(self, name: str, *words: str) -> Result:
        """A command by somebody."""
        return self.run(*words, "--by", name)

    def everything(self) -> tuple[object, ...]:
        """All entries, seals, kept protocols and accounts, but not the notes about them."""
        with open_log(self.folder / "record.db", now=home.now) as log:
            entries = tuple(log.entries(subject) for subject in log.subjects())
            return (entries, log.last_seal(), log.accounts.all())

    def notes(self) -> list[str]:
        """The kinds of all notes of the account log."""
        with open_log(self.folder / "record.db", now=home.now) as log:
            return [note.kind for note in log.accounts.notes()]

    def amended_protocol(self, folder: Path) -> Path:
        """The next edition of the protocol of the sample patient."""
        text = (protocols_folder() / "trastuzumab-il2.yaml").read_text(encoding="utf-8")
        edition = next(line for line in text.splitlines() if line.startswith("edition:"))
        path = folder / "trastuzumab-il2.yaml"
        path.write_text(text.replace(edition, "edition: 99", 1), encoding="utf-8")
        return path


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WardWithPins:
    return WardWithPins(tmp_path / "home", monkeypatch)


@pytest.fixture
def ward(pinned: WardWithPins) -> WardWithPins:
    """A patient, and nobody with an account yet."""
    enrol_a(pinned)
    return pinned


@pytest.fixture
def staffed(ward: WardWithPins) -> WardWithPins:
    """A patient, an admin, a nurse and an investigator."""
    ward.staff("nurse", "investigator")
    return ward
