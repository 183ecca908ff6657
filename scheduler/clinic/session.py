"""One person at one screen, from signing in to signing out.

Signing in takes both parts, name and PIN; each signature after it the PIN alone; after a break, both again.
The clock is asked for the time of day, not for how long the program ran: a computer that slept has been idle.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from scheduler.clinic.accounts import Account, Accounts
from scheduler.clinic.desk import Signature
from scheduler.problems import Refused

LOCKS_AFTER, ENDS_AFTER = timedelta(minutes=5), timedelta(minutes=30)


class Session:
    """Nobody is signed in at first. `now` tells the time, with its zone; `locks_after` is 1 to 15 minutes."""

    def __init__(self, accounts: Accounts, now: Callable[[], datetime], locks_after: timedelta = LOCKS_AFTER) -> None:
        self._accounts = accounts
        self._now = now
        self._locks_after = min(max(locks_after, timedelta(minutes=1)), timedelta(minutes=15))
        self._person: Account | None = None
        self._used = now()
        self._shut = False

    @property
    def person(self) -> Account | None:
        """Who is signed in, be it behind a lock; None before, and half an hour after the last key."""
        if self._person is not None and not -ENDS_AFTER < self._idle() < ENDS_AFTER:
            self.sign_out()
        return self._person

    @property
    def locked(self) -> bool:
        """Whether the screen has to be hidden until both parts are given."""
        if self.person is None or not -self._locks_after < self._idle() < self._locks_after:
            self._shut = True
        return self._shut

    def touch(self) -> None:
        """A key was pressed. It does not open a lock."""
        if not self.locked:
            self._used = self._now()

    def lock(self) -> None:
        """Hide the screen at once."""
        self._shut = True

    def sign_in(self, name: str, pin: str) -> Account:
        """Both parts: at first, and after a break. Another person may come in; what was unsigned is theirs to sign."""
        account = self._accounts.sign_in(name, pin)
        self._person, self._shut, self._used = account, False, self._now()
        return account

    def sign(self, pin: str, reason: str = "") -> Signature:
        """A signature of the person who is signed in, with the PIN given anew."""
        if self.locked or self._person is None:
            raise Refused("Nobody is signed in. Give name and PIN first.")
        signature = self._accounts.sign(self._person.name, pin, reason)
        self._used = self._now()
        return signature

    def sign_out(self) -> None:
        self._person, self._shut = None, True

    def _idle(self) -> timedelta:
        return self._now() - self._used
