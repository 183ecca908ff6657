"""The accounts of the people who record.

An account is retired and never deleted, and its name is never given to anybody else, so that a name in the record
stands for one person for ever. Whatever happens to an account is noted in the account log, in the same transaction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from scheduler.problems import Refused
from scheduler.store import account_log, schema
from scheduler.store.account_log import Note
from scheduler.store.appending import instant
from scheduler.store.database import Database
from scheduler.store.entries import check_name
from scheduler.store.faults import Busy

ADMIN = "admin"
_T = schema.accounts


@dataclass(frozen=True, slots=True)
class Account:
    """One person. `failures` counts wrong PINs since the last right one, `failed_at` is when the last was."""

    name: str
    role: str
    created_at: datetime
    retired_at: datetime | None
    failures: int
    failed_at: datetime | None
    hash: str = field(repr=False)

    @property
    def retired(self) -> bool:
        return self.retired_at is not None


def key_of(name: str) -> str:
    """Names that look alike are one: 'n. reyes' is 'N. Reyes'."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


class AccountBook:
    """The accounts in an open store. Every method is one transaction; all faults are `Refused`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self.now = now

    # ------------------------------------------------------------ reading

    def any(self) -> bool:
        """Whether there is an account at all; from the first one on, whoever records proves who they are."""
        with self._database.reading() as connection:
            return _count(connection) > 0

    def all(self) -> tuple[Account, ...]:
        """All accounts, retired ones as well, by name."""
        with self._database.reading() as connection:
            return tuple(map(_account, connection.execute(select(_T).order_by(_T.c.name))))

    def find(self, name: str) -> Account | None:
        """The account of a name, however it is capitalised."""
        with self._database.reading() as connection:
            return _find(connection, name)

    def notes(self, after: int = 0, account: str | None = None) -> tuple[Note, ...]:
        """The account log, in order."""
        with self._database.reading() as connection:
            return tuple(account_log.rows(connection, after, account))

    # ------------------------------------------------------------ looking after accounts

    def check_new(self, name: str) -> None:
        """Refused for a name that somebody has or had, or that is none."""
        with self._database.reading() as connection:
            _check_free(connection, unicodedata.normalize("NFC", name))

    def make(self, name: str, role: str, hashed: str, by: str) -> Account:
        """A new account; `by` is the admin who makes it, "" only for the first one, which is an admin's."""
        name = unicodedata.normalize("NFC", name)
        with self._database.writing() as connection:
            _check_free(connection, name)
            if _count(connection):
                _acting(connection, by)
            elif by or role != ADMIN:
                raise Refused("There is no account yet. The first one has to be an admin's.")
            said = f"{role} {account_log.fingerprint(hashed)}"
            at = account_log.add(connection, self.now(), account_log.MADE, name, by, said)
            row = {"key": key_of(name), "name": name, "role": role, "hash": hashed, "created_at": at, "failures": 0}
            connection.execute(insert(_T), row)
            return _known(connection, name)

    def set_role(self, name: str, role: str, by: str) -> Account:
        """Another role from now on; entries keep the role in which they were recorded."""
        with self._database.writing() as connection:
            _acting(connection, by)
            account = _active(connection, name)
            if role != ADMIN:
                _spare_last_admin(connection, account)
            return self._change(connection, account, (account_log.ROLE, by, role), role=role)

    def retire(self, name: str, by: str) -> Account:
        """The person records no more; what they recorded stays."""
        with self._database.writing() as connection:
            _acting(connection, by)
            account = _active(connection, name)
            _spare_last_admin(connection, account)
            at = account_log.add(connection, self.now(), account_log.RETIRED, account.name, by)
            return _set(connection, account, retired_at=at)

    def set_hash(self, name: str, hashed: str, by: str) -> Account:
        """A new PIN, set by the person or with an admin; it also unlocks, and takes a retired person back."""
        with self._database.writing() as connection:
            account = _known(connection, name)
            if account.retired or by != account.name:
                _acting(connection, by)
            kind = account_log.REINSTATED if account.retired else account_log.PIN
            note = (kind, by, account_log.fingerprint(hashed))
            return self._change(connection, account, note, hash=hashed, failures=0, failed_at=None, retired_at=None)

    # ------------------------------------------------------------ signing in

    def passed(self, seen: Account, kind: str, rehashed: str | None = None) -> Account:
        """The right PIN was given; `rehashed` is its hash by newer settings. Busy if the account has changed since."""
        with self._database.writing() as connection:
            account = _unchanged(connection, seen)
            if rehashed is not None:
                said = account_log.fingerprint(rehashed)
                account_log.add(connection, self.now(), account_log.REHASHED, account.name, account.name, said)
            note = (kind, account.name, "")
            return self._change(connection, account, note, hash=rehashed or account.hash, failures=0, failed_at=None)

    def failed(self, seen: Account, locks_at: int) -> Account:
        """A wrong PIN was given; Busy if somebody else tried in the same moment, whose try counts."""
        with self._database.writing() as connection:
            account = _unchanged(connection, seen)
            failures = account.failures + 1
            now = self.now()
            account_log.add(connection, now, account_log.FAILED, account.name, "", str(failures))
            if failures == locks_at:
                account_log.add(connection, now, account_log.LOCKED, account.name, "")
            return _set(connection, account, failures=failures, failed_at=instant(now))

    def unknown(self) -> None:
        """A name was given that nobody has. It is not kept: people type their PIN there by mistake."""
        with self._database.writing() as connection:
            account_log.add(connection, self.now(), account_log.UNKNOWN, "", "")

    def _change(
        self, connection: Connection, account: Account, note: tuple[str, str, str], **values: object
    ) -> Account:
        kind, by, said = note
        account_log.add(connection, self.now(), kind, account.name, by, said)
        return _set(connection, account, **values)


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(_T)).scalar_one())


def _find(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(_T).where(_T.c.key == key_of(name))).one_or_none()
    return None if row is None else _account(row)


def _check_free(connection: Connection, name: str) -> None:
    check_name(name, "The name of the account")
    there = _find(connection, name)
    if there is not None:
        whose = "retired; a name is never given to somebody else" if there.retired else there.role
        raise Refused(f"There is an account of {there.name} already ({whose}). Give another name.")


def _known(connection: Connection, name: str) -> Account:
    account = _find(connection, name)
    if account is None:
        raise Refused("There is no account of this name. See c1d1 user list.")
    return account


def _active(connection: Connection, name: str) -> Account:
    account = _known(connection, name)
    if account.retired:
        raise Refused(f"{account.name} is retired.")
    return account


def _acting(connection: Connection, by: str) -> None:
    """Refused unless the one who acts is an admin, now."""
    account = _find(connection, by)
    if account is None or account.retired or account.role != ADMIN:
        raise Refused("Accounts are looked after by an admin. Say which with --by NAME.")


def _spare_last_admin(connection: Connection, account: Account) -> None:
    if account.role != ADMIN:
        return
    others = select(func.count()).select_from(_T)
    others = others.where(_T.c.role == ADMIN, _T.c.retired_at.is_(None), _T.c.key != key_of(account.name))
    if not connection.execute(others).scalar_one():
        raise Refused(f"{account.name} is the only admin. Make another one first: c1d1 user add NAME --role admin.")


def _unchanged(connection: Connection, seen: Account) -> Account:
    account = _find(connection, seen.name)
    if account != seen:
        raise Busy(f"The account of {seen.name} was used elsewhere in the same moment. Try again.")
    return account


def _set(connection: Connection, account: Account, **values: object) -> Account:
    connection.execute(update(_T).where(_T.c.key == key_of(account.name)).values(values))
    return _known(connection, account.name)


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        role=row.role,
        created_at=datetime.fromisoformat(row.created_at),
        retired_at=_moment(row.retired_at),
        failures=row.failures,
        failed_at=_moment(row.failed_at),
        hash=row.hash,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
