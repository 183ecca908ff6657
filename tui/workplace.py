"""What stands behind the screens: one open record, one clock, and the person who is at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from scheduler.clinic import home as clock
from scheduler.clinic.accounts import Accounts
from scheduler.clinic.desk import Desk, Signature, open_desk
from scheduler.clinic.home import Home
from scheduler.clinic.session import LOCKS_AFTER, Session
from scheduler.clinic.settings import Settings, usable_settings
from scheduler.problems import Refused

DEFAULT_ZONE = "UTC"
Clock = Callable[[], datetime]


class Workplace:
    """Opens the record when it is first needed, and again after it was away; signs with a PIN where people have one."""

    def __init__(self, home: Home, by: str = "", role: str = "nurse", now: Clock = clock.now) -> None:
        self.home = home
        self._by, self._role = by, role
        self._now = now
        self._desk: Desk | None = None
        self._session: Session | None = None
        self._touched = now()
        self._shut = False
        self._settings: Settings | None = None
        self.settings_fault = ""

    # ------------------------------------------------------------ the record

    def now(self) -> datetime:
        """The moment, with its zone."""
        return self._now()

    @property
    def today(self) -> date:
        return self._now().astimezone(self.zone).date()

    @property
    def settings(self) -> Settings:
        """How this clinic works; defaults where its file has a fault, which `settings_fault` tells."""
        if self._settings is None:
            self._settings, self.settings_fault = usable_settings(self.home)
        return self._settings

    @property
    def zone(self) -> tzinfo | None:
        """The clocks of the clinic: as its settings say, else as this computer's go (None)."""
        return ZoneInfo(self.settings.zone) if self.settings.zone != DEFAULT_ZONE else None

    def moment(self, at: datetime) -> datetime:
        """A moment on the clinic's clocks."""
        return at.astimezone(self.zone)

    @property
    def is_new(self) -> bool:
        """Whether there is no record yet: the first enrolment makes it."""
        return self._desk is None and self.home.file is not None and not self.home.file.is_file()

    def open(self) -> None:
        """Find out who may look before anything is shown; a record that does not answer is told on the screen."""
        if not self.is_new:
            with suppress(Refused), self.desk():
                pass

    @contextmanager
    def desk(self, *, must_exist: bool = True) -> Iterator[Desk]:
        """The desk as of today; whatever cannot be done is Refused."""
        if self._desk is None:
            self._desk = open_desk(self.home, must_exist=must_exist, today=self.today)
        self._desk.today = self.today
        self._find_accounts(self._desk)
        yield self._desk

    def position(self) -> int | None:
        """The place of the last entry; None while the record is not open or does not answer."""
        if self._desk is None:
            return None
        try:
            return self._desk.log.position()
        except Refused:
            return None

    def changed_since(self, position: int) -> frozenset[str]:
        """Patients of whom something was recorded after a place; none where the record does not answer."""
        if self._desk is None:
            return frozenset()
        try:
            return frozenset(subject for _, subject in self._desk.log.changed_since(position))
        except Refused:
            return frozenset()

    def close(self) -> None:
        if self._desk is not None:
            self._desk.log.close()
        self._desk = self._session = self._settings = None

    # ------------------------------------------------------------ the person

    @property
    def session(self) -> Session | None:
        """Who signed in with a PIN; None while the record has no accounts, or is not open. Asks no store."""
        return self._session

    def _find_accounts(self, desk: Desk) -> None:
        """From the first account on people sign in, also where the app was open before."""
        if self._session is None and Accounts(desk.log.accounts).any():
            self._session = Session(Accounts(desk.log.accounts), self._now)

    @property
    def by(self) -> str:
        """The name under which is recorded; '' where nobody has said one."""
        if self.session is not None:
            return self.session.person.name if self.session.person else ""
        return self._by

    @property
    def role(self) -> str:
        if self.session is not None:
            return self.session.person.role if self.session.person else ""
        return self._role

    @property
    def initials(self) -> str:
        """'ne' for Nurse Example: what signs while there are no accounts."""
        return "".join(word[0] for word in self._by.split()).casefold()

    def sign_in(self, name: str, pin: str) -> None:
        """With a PIN where there are accounts, else by name alone."""
        if self.session is not None:
            self.session.sign_in(name, pin)
        else:
            Signature(name).check()
            self._by = " ".join(name.split())
        self._touched, self._shut = self._now(), False

    def sign(self, typed: str, reason: str) -> Signature:
        """PIN or initials make the signature; Refused where they are not right."""
        if self.session is not None:
            return self.session.sign(typed, reason)
        if not self._by:
            raise Refused("Nobody has said a name yet. Press F8 and give yours.")
        if typed.strip().casefold() != self.initials:
            raise Refused(f"These are not the initials of {self._by}. Nothing was recorded.")
        return Signature(self._by, self._role, reason)

    # ------------------------------------------------------------ idle time

    def touch(self) -> None:
        """A key was pressed."""
        if self.session is not None:
            self.session.touch()
        self._touched = self._now()

    @property
    def is_shut(self) -> bool:
        """Whether nobody may look before signing in; a computer that slept has been idle too."""
        if self.session is not None:
            return self.session.locked
        return not self._by or self._shut or abs(self._now() - self._touched) > LOCKS_AFTER

    def shut(self) -> None:
        """Hide everything at once."""
        self._shut = True
        if self.session is not None:
            self.session.lock()
