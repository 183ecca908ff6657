"""What is kept beside the events: who the patients are, and the exact protocols they were enrolled on."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from scheduler.problems import Refused
from scheduler.record.codec import is_clean
from scheduler.store import schema
from scheduler.store.faults import Tampered
from scheduler.store.values import Person


def put_person(connection: Connection, person: Person) -> None:
    """Keep or replace what is known of a person."""
    for text in (person.subject, person.name, person.phone):
        if not is_clean(text) or len(text) > 200:
            raise Refused("A name or a phone number is too long or holds a hidden character. Type it anew.")
    erase_person(connection, person.subject)
    born = None if person.born is None else person.born.isoformat()
    row = {"subject": person.subject, "name": person.name, "born": born, "phone": person.phone}
    connection.execute(insert(schema.persons), row)


def person(connection: Connection, subject: str) -> Person | None:
    found = connection.execute(select(schema.persons).where(schema.persons.c.subject == subject)).one_or_none()
    if found is None:
        return None
    born = None if found.born is None else date.fromisoformat(found.born)
    return Person(found.subject, found.name, born, found.phone)


def erase_person(connection: Connection, subject: str) -> None:
    """Take out what is known of a person; the events stay whole. Older backups still hold it."""
    connection.execute(delete(schema.persons).where(schema.persons.c.subject == subject))


def save_protocol(connection: Connection, digest: str, name: str, edition: int, text: str) -> None:
    """Keep the exact text of a protocol file, once; `digest` is the SHA-256 of its bytes."""
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise Refused(f"The text of protocol {name} is not the one that was checked. Open it again.")
    table = schema.protocols
    if connection.execute(select(table.c.digest).where(table.c.digest == digest)).first() is None:
        connection.execute(insert(table), {"digest": digest, "name": name, "edition": edition, "text": text})


def protocol(connection: Connection, digest: str) -> str | None:
    """The kept text; Tampered if it is not what was kept."""
    table = schema.protocols
    text = connection.execute(select(table.c.text).where(table.c.digest == digest)).scalar_one_or_none()
    if text is not None and hashlib.sha256(text.encode()).hexdigest() != digest:
        raise Tampered("The kept text of the protocol was changed. Do not dose from it; restore a backup.")
    return text
