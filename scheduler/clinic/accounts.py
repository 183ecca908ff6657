"""Accounts: who people are, and how they prove it.

Until the first account is made, a name suffices and the record says that nobody was authenticated. From then on
every entry is signed: with name and PIN, in the role of the account, within its rights (`rights`).
"""

from __future__ import annotations

import math
from datetime import timedelta

from scheduler.clinic import pins, rights
from scheduler.clinic.desk import Signature
from scheduler.problems import Refused
from scheduler.store.account_log import CONFIRMED, SIGNED_IN, Note
from scheduler.store.accounts import ADMIN, Account, AccountBook

__all__ = ["Account", "Accounts", "Locked", "Note", "Wait", "WrongPin"]

LOCKS_AT = 10
LAST_ADMIN_WAITS = timedelta(hours=1)
"""The only admin is not locked out, since nobody could open the lock; but has to wait this long after each failure."""


class WrongPin(Refused):
    """The PIN is not the one of the account; it was noted."""


class Wait(Refused):
    """After a failure nobody tries again at once."""

    def __init__(self, name: str, seconds: int) -> None:
        super().__init__(f"The last PIN for {name} was wrong. Try again in {_spoken(seconds)}.")
        self.seconds = seconds


class Locked(Refused):
    """Too many failures; an admin opens the account again."""


class Accounts:
    """The accounts of an open record (`desk.log.accounts`). What cannot be done is Refused with one sentence."""

    def __init__(self, book: AccountBook) -> None:
        self.book = book

    # ------------------------------------------------------------ who there is

    def any(self) -> bool:
        """Whether people have to sign with a PIN: as soon as there is one account."""
        return self.book.any()

    def all(self) -> tuple[Account, ...]:
        """Everybody, retired people as well."""
        return self.book.all()

    def find(self, name: str) -> Account:
        """The account of a name, retired or not."""
        account = self.book.find(name)
        if account is None:
            raise Refused("There is no account of this name. See c1d1 user list.")
        return account

    def ready(self, name: str) -> Account:
        """The account of a name that may sign now: Refused for one unknown or retired, Locked, Wait."""
        if not name.strip():
            raise Refused("Say who you are: --by NAME, or set C1D1_BY.")
        if self.book.find(name) is None:
            self.book.unknown()
        account = self.find(name)
        if account.retired:
            raise Refused(f"The account of {account.name} is retired, and records no more.")
        self._check_locked(account)
        left = self.waits(account)
        if left:
            raise Wait(account.name, _seconds(left))
        return account

    def waits(self, account: Account) -> timedelta | None:
        """How long this account still has to wait after a wrong PIN; None while it is locked."""
        if not account.failures or account.failed_at is None:
            return timedelta()
        if account.failures < LOCKS_AT:
            delay = timedelta(seconds=2 ** (account.failures - 1))
        elif account.role == ADMIN and self._only_open_admin(account):
            delay = LAST_ADMIN_WAITS
        else:
            return None
        since = self.book.now() - account.failed_at
        return max(delay - since, timedelta()) if since >= timedelta() else timedelta()

    # ------------------------------------------------------------ proving it

    def sign_in(self, name: str, pin: str) -> Account:
        """Both parts, name and PIN; WrongPin, Wait, Locked or Refused otherwise. Noted either way."""
        return self._proved(name, pin, SIGNED_IN)

    def sign(self, name: str, pin: str, reason: str = "") -> Signature:
        """A signature for one entry, or for several given together; the role is the account's. Noted either way."""
        account = self._proved(name, pin, CONFIRMED)
        return Signature(account.name, account.role, reason, authenticated=True)

    def _proved(self, name: str, pin: str, kind: str) -> Account:
        account = self.ready(name)
        if not pins.matches(account.hash, pin):
            self._failed(account)
        return self.book.passed(account, kind, pins.rehashed(account.hash, pin))

    def _failed(self, account: Account) -> None:
        after = self.book.failed(account, LOCKS_AT)
        self._check_locked(after)
        seconds = _seconds(self.waits(after) or timedelta())
        raise WrongPin(f"This is not the PIN of {account.name}. Nothing was recorded; try again in {_spoken(seconds)}.")

    def _check_locked(self, account: Account) -> None:
        if self.waits(account) is None:
            raise Locked(
                f"The account of {account.name} is locked after {account.failures} wrong PINs."
                " An admin opens it again: c1d1 user reset NAME."
            )

    def _only_open_admin(self, account: Account) -> bool:
        others = (a for a in self.all() if a.role == ADMIN and not a.retired and a.name != account.name)
        return all(other.failures >= LOCKS_AT for other in others)

    # ------------------------------------------------------------ looking after them

    def check_new(self, name: str, role: str) -> None:
        """Refused for an account that cannot be made, before anybody is asked for a PIN."""
        _check_role(role)
        if not self.any() and role != ADMIN:
            raise Refused(
                "The first account has to be an admin's (--role admin): from then on everybody signs with a PIN, and"
                " only an admin can make the accounts of the others."
            )
        self.book.check_new(name)

    def add(self, name: str, role: str, pin: str, by: Signature | None = None) -> Account:
        """A new account; `by` is an admin's signature, and None only for the first account, which is an admin's."""
        self.check_new(name, role)
        pins.check(pin, name)
        return self.book.make(name, role, pins.hashed(pin), self._admin(by) if by else "")

    def set_role(self, name: str, role: str, by: Signature) -> Account:
        """Another role from now on."""
        _check_role(role)
        return self.book.set_role(name, role, self._admin(by))

    def retire(self, name: str, by: Signature) -> Account:
        """The person records no more; the account stays."""
        return self.book.retire(name, self._admin(by))

    def resettable(self, name: str, *, take_back: bool = False) -> Account:
        """The account, if a new PIN can be set for it: a retired one has to be taken back on purpose."""
        account = self.find(name)
        if account.retired and not take_back:
            raise Refused(f"{account.name} is retired. To take {account.name} back, say so with --take-back.")
        if take_back and not account.retired:
            raise Refused(f"{account.name} is not retired. Leave --take-back out.")
        return account

    def reset(self, name: str, pin: str, by: Signature, *, take_back: bool = False) -> Account:
        """A new PIN, typed by the person beside the admin; it opens a locked account."""
        account = self.resettable(name, take_back=take_back)
        pins.check(pin, account.name)
        return self.book.set_hash(account.name, pins.hashed(pin), self._admin(by))

    def change_pin(self, name: str, old: str, new: str) -> Account:
        """A new PIN, chosen by the person alone."""
        pins.check(new, name)
        account = self._proved(name, old, CONFIRMED)
        if pins.matches(account.hash, new):
            raise Refused("The new PIN is the old one. Take another one.")
        return self.book.set_hash(account.name, pins.hashed(new), account.name)

    def _admin(self, by: Signature) -> str:
        if not by.authenticated:
            raise Refused("Accounts are looked after by an admin, who signs with a PIN.")
        rights.check(by.role, "accounts", by.by)
        return by.by


def _check_role(role: str) -> None:
    if role not in rights.ROLES:
        raise Refused(f"There is no such role. Give one of {', '.join(rights.ROLES)}.")


def _seconds(left: timedelta) -> int:
    return math.ceil(left.total_seconds())


def _spoken(seconds: int) -> str:
    if seconds >= 120:
        return f"{math.ceil(seconds / 60)} minutes"
    return "a second" if seconds <= 1 else f"{seconds} seconds"
