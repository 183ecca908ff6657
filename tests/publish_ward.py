"""A ward that publishes: patients with routes, folders, a calendar server; and what a phone would show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import icalendar

from scheduler.clinic import routes
from scheduler.clinic.desk import Desk, Signature, open_desk
from scheduler.clinic.home import find_home
from scheduler.record.handed_out import CalendarIssued
from scheduler.store.places import Place
from tests.on_the_line import Ward, enrol_a
from tests.publish_servers import ACCOUNT, Radicale

BERG = Signature("K. Berg")


@contextmanager
def desk_of(ward: Ward) -> Iterator[Desk]:
    with open_desk(find_home(str(ward.folder))) as desk:
        yield desk


def choose(ward: Ward, subject: str, way: str) -> None:
    """Record a patient's route."""
    with desk_of(ward) as desk:
        draft = desk.draft(desk.chart(subject), lambda scene: routes.choose(scene, way, None), None, "")
        desk.store(draft, BERG)


def patient(ward: Ward, subject: str, way: str) -> None:
    enrol_a(ward, subject)
    choose(ward, subject, way)


def issued(ward: Ward, subject: str) -> list[tuple[str, int, str]]:
    """Purpose, number and route of every issue in the record."""
    with desk_of(ward) as desk:
        events = [entry.event for entry in desk.log.entries(subject)]
    return [(e.purpose, e.number, e.route) for e in events if isinstance(e, CalendarIssued)]


def place(ward: Ward, subject: str, purpose: str = "home") -> Place:
    with desk_of(ward) as desk:
        found = desk.log.places.find(subject, purpose)
    assert found is not None
    return found


def feed_file(ward: Ward, subject: str, purpose: str = "home") -> Path:
    """Where a patient's feed stands."""
    found = place(ward, subject, purpose)
    name = {"home": "home-schedule.ics", "visits": "clinic-visits.ics"}[purpose]
    return Path(found.place) / found.secret / name


def shown(*texts: str | bytes) -> dict[str, str]:
    """What a phone shows and whether it rings: '2026-01-14': 'Home dose, circle A (rings)'."""
    found = {}
    for text in texts:
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
            rings = " (rings)" if event.walk("VALARM") else ""
            found[event.decoded("DTSTART").isoformat()[:10]] = f"{event['SUMMARY']}{rings}"
    return found


def revisions(text: str | bytes) -> dict[str, tuple[int, str]]:
    """SEQUENCE and stamp, by UID."""
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(e["UID"]): (int(e["SEQUENCE"]), e.decoded("DTSTAMP").isoformat()) for e in events}


def served(ward: Ward, subject: str, address: str) -> str:
    """Publish to a calendar on the server for the first time."""
    return ward.says("publish", subject, "--caldav", address, "--user", ACCOUNT)


def on_phone(radicale: Radicale, address: str) -> dict[str, str]:
    return shown(*radicale.files(address.rstrip("/").rpartition("/")[2]).values())


def hold(ward: Ward, subject: str) -> None:
    ward.records(f"toxicity {subject} Fever 3 --due-to aldesleukin=probable --on 2026-01-12")
