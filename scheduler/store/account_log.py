"""The log of the accounts: append-only, chained, and enough to tell what every account ought to be.

What it says of a hash is its fingerprint, so that one put in beside the program is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from scheduler.store import schema
from scheduler.store.appending import instant

MADE, ROLE, RETIRED, REINSTATED, PIN, REHASHED = "made", "role", "retired", "reinstated", "pin", "rehashed"
SIGNED_IN, CONFIRMED, FAILED, LOCKED, UNKNOWN = "signed in", "confirmed", "failed", "locked", "unknown name"
TICK = timedelta(microseconds=1)
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_T = schema.account_log


class Note(NamedTuple):
    """One row of the account log: what happened to which account, when, and who did it."""

    number: int
    at: str
    kind: str
    account: str
    done_by: str
    said: str
    prev_seal: str
    seal: str


class State(NamedTuple):
    """What the log says of an account: its role, its hash (by the fingerprint), whether it is retired."""

    role: str
    hash: str
    retired: bool


def add(connection: Connection, now: datetime, kind: str, account: str, done_by: str, said: str = "") -> str:
    """Write a note; the caller holds the lock. Gives the moment of the note, never one before the last."""
    query = select(_T.c.number, _T.c.at, _T.c.seal).order_by(_T.c.number.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    number, before = (1, "") if last is None else (last.number + 1, last.seal)
    at = instant(now if last is None else max(now, datetime.fromisoformat(last.at) + TICK))
    note = Note(number, at, kind, account, done_by, said, before, "")
    connection.execute(insert(_T), note._replace(seal=_seal_of(note))._asdict())
    return at


def rows(connection: Connection, after: int = 0, account: str | None = None) -> list[Note]:
    """All notes in order, or those after one, or those of one account."""
    query = select(_T).where(_T.c.number > after).order_by(_T.c.number)
    if account is not None:
        query = query.where(_T.c.account == account)
    return [Note._make(row) for row in connection.execute(query)]


def fingerprint(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()


def findings(connection: Connection) -> Iterator[str]:
    """What is not as it was noted: notes changed or taken out, accounts changed or put in beside the program."""
    notes = rows(connection)
    yield from _of_chain(notes)
    noted = _replayed(notes)
    table = schema.accounts
    found = {
        row.name: State(row.role, fingerprint(row.hash), row.retired_at is not None)
        for row in connection.execute(select(table).order_by(table.c.name))
    }
    for name in sorted(noted.keys() | found.keys()):
        if name not in found:
            yield f"The account of {name} was taken out."
        elif name not in noted:
            yield f"The account of {name} was put in beside the program."
        else:
            yield from _differences(name, noted[name], found[name])


def _differences(name: str, noted: State, found: State) -> Iterator[str]:
    if noted.role != found.role:
        yield f"The account of {name} has the role {found.role}, and the account log says {noted.role}."
    if noted.hash != found.hash:
        yield f"The PIN of {name} was changed beside the program."
    if noted.retired != found.retired:
        yield f"Whether {name} is retired was changed beside the program."


def _of_chain(notes: list[Note]) -> Iterator[str]:
    before = ""
    for expected, note in enumerate(notes, start=1):
        if note.number != expected or note.prev_seal != before:
            yield f"Note {expected} of the account log was taken out or changed."
            return
        if _seal_of(note) != note.seal:
            yield f"Note {note.number} of the account log was changed after it was written."
        before = note.seal


def _replayed(notes: list[Note]) -> dict[str, State]:
    states: dict[str, State] = {}
    for note in notes:
        state = states.get(note.account)
        if note.kind == MADE:
            role, _, hashed = note.said.partition(" ")
            states[note.account] = State(role, hashed, retired=False)
        elif state is None:
            continue
        elif note.kind == ROLE:
            states[note.account] = state._replace(role=note.said)
        elif note.kind in (PIN, REHASHED, REINSTATED):
            states[note.account] = State(state.role, note.said, note.kind != REINSTATED and state.retired)
        elif note.kind == RETIRED:
            states[note.account] = state._replace(retired=True)
    return states


def _seal_of(note: Note) -> str:
    return hashlib.sha256(_canonical(list(note[:-1])).encode()).hexdigest()
