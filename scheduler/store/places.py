"""Where each patient's calendars are published: addresses, accounts and secret names.

Personal data: whoever knows an address reads along. It stands beside the events, may change, and is erased with the
person; what was handed out by which route is in the events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, delete, insert, select

from scheduler.problems import Refused
from scheduler.record.codec import is_clean
from scheduler.store import schema
from scheduler.store.database import Database

_T = schema.places
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where one calendar of a patient goes. `purpose` is home or visits.

    By `route`, `place` is the address of a calendar on a server (caldav) or a folder (feed, import). `login` is the
    account on the server, `password_file` where its password stands. `secret` is the unguessable name of a feed,
    `former` one that is to be taken away. `written` is the SHA-256 of the calendar that stands there, "" before;
    `begun` the entries, each with its id, of issues that may stand there and are not recorded yet: JSON, or "".
    """

    subject: str
    purpose: str
    route: str
    place: str
    login: str = ""
    password_file: str = ""
    secret: str = field(default="", repr=False)
    former: str = field(default="", repr=False)
    written: str = ""
    begun: str = ""


class PlaceBook:
    """The places in an open store. Every method is one transaction; all faults are `Refused`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, subject: str, purpose: str) -> Place | None:
        with self._database.reading() as connection:
            return next(_found(connection, subject, purpose), None)

    def of(self, subject: str) -> tuple[Place, ...]:
        """All places of a patient, by purpose."""
        with self._database.reading() as connection:
            return tuple(_found(connection, subject))

    def put(self, place: Place) -> None:
        """Keep a place, or put it in the stead of the one before."""
        for text in (place.place, place.login, place.password_file):
            if not is_clean(text) or len(text) > LONGEST:
                raise Refused("An address or an account is too long or holds a hidden character. Type it anew.")
        with self._database.writing() as connection:
            there = (_T.c.subject == place.subject) & (_T.c.purpose == place.purpose)
            connection.execute(delete(_T).where(there))
            connection.execute(insert(_T), asdict(place))


def erase(connection: Connection, subject: str) -> None:
    """Take out where a person's calendars go. What stands there is not touched by it."""
    connection.execute(delete(_T).where(_T.c.subject == subject))


def _found(connection: Connection, subject: str, purpose: str | None = None) -> Iterator[Place]:
    query = select(_T).where(_T.c.subject == subject).order_by(_T.c.purpose)
    if purpose is not None:
        query = query.where(_T.c.purpose == purpose)
    return (Place(**row) for row in connection.execute(query).mappings().all())
