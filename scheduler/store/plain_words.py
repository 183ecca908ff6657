"""What the databases say when something goes wrong, put into the sentences of `faults`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from scheduler.problems import Refused
from scheduler.store.faults import Away, Busy, Full, Guarded, NotOurs, Tampered

_SQLITE = {
    sqlite3.SQLITE_BUSY: (Busy, "Another program is writing to the record. Nothing was stored; try again."),
    sqlite3.SQLITE_LOCKED: (Busy, "Another program is writing to the record. Nothing was stored; try again."),
    sqlite3.SQLITE_FULL: (Full, "The disk is full. Nothing was stored; make room and record it again."),
    sqlite3.SQLITE_READONLY: (Away, "The record cannot be written: its file or folder is read-only."),
    sqlite3.SQLITE_PERM: (Away, "The record cannot be opened: the permissions of its file forbid it."),
    sqlite3.SQLITE_CANTOPEN: (Away, "The record cannot be opened: its file or folder is missing or forbidden."),
    sqlite3.SQLITE_IOERR: (Away, "The disk of the record failed. Nothing was stored; check the disk and try again."),
    sqlite3.SQLITE_CORRUPT: (Tampered, "The file of the record is damaged. Restore the last backup."),
    sqlite3.SQLITE_NOTADB: (NotOurs, "This file is not a record of c1d1. Choose another file."),
    sqlite3.SQLITE_CONSTRAINT: (Guarded, "The database turned it down: {said}."),
}
_NO_ACCOUNT = "The database does not accept this account or password. Check them and try again."
_NO_DATABASE = "The server has no database of this name. Check the name, or have it created."
_AT_THE_DOOR = {  # before it is connected, psycopg gives no code, only the server's words
    "authentication failed": _NO_ACCOUNT,
    "no password supplied": _NO_ACCOUNT,
    "no pg_hba.conf entry": _NO_ACCOUNT,
    "does not exist": _NO_DATABASE,
}
_AWAY = "The database cannot be reached. Check the network and the server, and try again; nothing is recorded twice."
_POSTGRESQL = {  # by the beginning of the SQLSTATE, the longest first
    "53100": (Full, "The disk of the database is full. Nothing was stored; make room and record it again."),
    "55P03": (Busy, "Another program is writing to the record. Nothing was stored; try again."),
    "40": (Busy, "Another program is writing to the record. Nothing was stored; try again."),
    "53": (Busy, "The database has no room for one more user now. Nothing was stored; try again."),
    "57014": (Busy, "The database took too long. Nothing was stored; try again."),
    "42501": (Guarded, "Your database account is not allowed to do this. Ask the person who looks after it."),
    "28": (Away, _NO_ACCOUNT),
    "3D000": (Away, _NO_DATABASE),
    "P0001": (Guarded, "The database turned it down: {said}."),
    "23": (Guarded, "The database turned it down: {said}."),
    "08": (Away, _AWAY),
    "57": (Away, _AWAY),
    "25P03": (Away, _AWAY),
}


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Whatever the database says inside, as one of the faults; what nobody foresaw goes through."""
    try:
        yield
    except PoolTimeout:
        raise Busy("Too much is going on in this program at once. Nothing was stored; try again.") from None
    except DBAPIError as error:
        fault = _fault(error)
        if fault is None:
            raise
        raise fault from error
    except sqlite3.Error as error:
        fault = _sqlite_fault(error)
        if fault is None:
            raise
        raise fault from error


def _fault(error: DBAPIError) -> Refused | None:
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_fault(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    for start, (fault, sentence) in _POSTGRESQL.items():
        if state is not None and state.startswith(start):
            return fault(sentence.format(said=_said(getattr(error.orig, "diag", None))))
    lost = error.connection_invalidated or (state is None and isinstance(error, OperationalError | InterfaceError))
    heard = (said for words, said in _AT_THE_DOOR.items() if words in str(error.orig))
    return Away(next(heard, _AWAY)) if lost else None


def _sqlite_fault(error: sqlite3.Error) -> Refused | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF not in _SQLITE:
        return None
    fault, sentence = _SQLITE[code & 0xFF]
    return fault(sentence.format(said=str(error).rstrip(".")))


def _said(diagnosis: object) -> str:
    return str(getattr(diagnosis, "message_primary", None) or "the log is append-only").rstrip(".")
