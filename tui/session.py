"""The open record behind the screens: one desk, one clock, one person who is at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from scheduler.clinic import home as clock
from scheduler.clinic.desk import Desk, open_desk
from scheduler.clinic.home import Home
from scheduler.problems import Refused


class Session:
    """Opens the record when it is first needed, and again after it was away."""

    def __init__(self, home: Home, by: str = "", role: str = "nurse", today: Callable[[], date] = clock.today) -> None:
        self.home = home
        self.by = by
        self.role = role
        self._today = today
        self._desk: Desk | None = None

    @property
    def today(self) -> date:
        return self._today()

    @property
    def is_new(self) -> bool:
        """Whether there is no record yet: the first enrolment makes it."""
        return self._desk is None and self.home.file is not None and not self.home.file.is_file()

    @contextmanager
    def desk(self, *, must_exist: bool = True) -> Iterator[Desk]:
        """The desk as of today; whatever cannot be done is Refused."""
        if self._desk is None:
            self._desk = open_desk(self.home, must_exist=must_exist, today=self.today)
        self._desk.today = self.today
        yield self._desk

    def position(self) -> int | None:
        """The place of the last entry; None where the record is not there or does not answer."""
        if self.is_new:
            return None
        try:
            with self.desk() as desk:
                return desk.log.position()
        except Refused:
            return None

    def close(self) -> None:
        if self._desk is not None:
            self._desk.log.close()
            self._desk = None
