"""Calendars as files: home doses, clinic visits, and the clinic's work list. The only door to icalendar.

Most calendar programs do not update what they imported before, and many look at nothing but a title:
so every dose and visit is an event of its own with a stable UID, states are said in words first, and
home doses are written only up to the next go/no-go visit. Two files from the same schedule and stamp
are the same, byte by byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid5

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vText
from icalendar.cal.component import Component

from scheduler.engine.schedule import Schedule
from scheduler.outputs.calendar_entries import (
    Entry,
    Revision,
    Sheet,
    home_entries,
    visit_entries,
)
from scheduler.outputs.calendar_words import NAMES, Detail, Purpose
from scheduler.outputs.calendar_worklist import clinic_entries
from scheduler.outputs.zones import Observance, clock, observances, zone_named

PRODID = "-//Dated schedule//Calendar//EN"
"""The same in every release, so that a new one changes no byte of an old calendar; it names no trade."""

NAMESPACE = UUID("5d0c2a8e-3f0b-5c7a-9a54-7f1f0c1ad5e1")

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_ENTRIES = {"home": home_entries, "visits": visit_entries, "clinic": clinic_entries}


def write_calendar(
    schedule: Schedule,
    purpose: Purpose,
    stamp: datetime,
    detail: Detail = "discreet",
    clinic_time: str = "09:00",
) -> bytes:
    """The first issue of a calendar, made at `stamp` (with a zone); Refused where it would be empty or unsafe.

    The clinic's work list is always in full. `stamp` decides up to which day home doses are released.
    """
    if stamp.tzinfo is None:
        message = "The stamp of a calendar needs a time zone."
        raise ValueError(message)
    zone = zone_named(schedule.zone)
    at = stamp.astimezone(UTC).replace(microsecond=0)
    today = at.astimezone(zone).date()
    until = schedule.released_until(today) if purpose == "home" else schedule.through
    first = Revision(issue=1, on=today, until=until, stamp=at)
    return write_sheet(Sheet(schedule, purpose, detail, zone, clock(clinic_time), first))


def write_sheet(sheet: Sheet) -> bytes:
    """A calendar, its entries in order of time."""
    entries = sorted(_ENTRIES[sheet.purpose](sheet), key=_in_order)
    moments = [at for e in entries for at in (e.start, e.end) if isinstance(at, datetime)]
    found = observances(sheet.zone, moments)
    file = _component(Calendar(), _calendar_lines(NAMES[sheet.purpose]))
    if found:
        file.add_component(_timezone(sheet.zone.key, found))
    for entry in entries:
        file.add_component(_event(_uid(sheet, entry.key), entry, in_utc=not found))
    return bytes(file.to_ical(sorted=False))


def _in_order(entry: Entry) -> tuple[str, str, str]:
    """By day, all-day entries first, then by time."""
    return entry.start.isoformat()[:10], entry.start.isoformat(), entry.key


def _uid(sheet: Sheet, key: str) -> str:
    """Opaque, and the same for ever: no date, dose or revision goes into it.

    A plan without a patient has nothing but its start to tell it from another one.
    """
    plan = sheet.schedule
    whose = ["subject", plan.subject] if plan.subject else ["start", plan.start.isoformat()]
    name = json.dumps([plan.protocol, plan.arm, whose, sheet.purpose, key])
    return f"{uuid5(NAMESPACE, name)}@schedule.invalid"


# -------------------------------------------------------------- the file, property by property

Line = tuple[str, Any]
C = TypeVar("C", bound=Component)


def _component(component: C, lines: Iterable[Line]) -> C:
    """A component with these properties, in this order."""
    for name, value in lines:
        component.add(name, value)
    return component


def _calendar_lines(name: str) -> Iterator[Line]:
    yield "VERSION", "2.0"
    yield "PRODID", PRODID
    yield "CALSCALE", "GREGORIAN"
    yield "NAME", vText(name)
    yield "X-WR-CALNAME", vText(name)
    yield "REFRESH-INTERVAL", vDuration(timedelta(hours=1), params={"VALUE": "DURATION"})
    yield "X-PUBLISHED-TTL", "PT1H"


def _event(uid: str, entry: Entry, *, in_utc: bool) -> Event:
    """Every property on every event: a program may lend what is missing from the event before."""
    event = _component(Event(), _event_lines(uid, entry, in_utc=in_utc))
    if entry.look.alarm:
        alarm: tuple[Line, ...] = (
            ("ACTION", "DISPLAY"),
            ("DESCRIPTION", entry.title),
            ("TRIGGER", -timedelta(minutes=entry.look.alarm)),
        )
        event.add_component(_component(Alarm(), alarm))
    return event


def _event_lines(uid: str, entry: Entry, *, in_utc: bool) -> Iterator[Line]:
    revision, look = entry.revision, entry.look
    yield "UID", uid
    yield "DTSTAMP", revision.stamp
    yield "LAST-MODIFIED", revision.stamp
    yield "SEQUENCE", revision.sequence
    yield "DTSTART", _written(entry.start, in_utc=in_utc)
    yield "DTEND", _written(entry.end, in_utc=in_utc)
    yield "SUMMARY", entry.title
    yield "DESCRIPTION", "\n".join(entry.text)
    yield "STATUS", look.status
    yield "TRANSP", "TRANSPARENT" if look.transparent else "OPAQUE"
    yield "CLASS", "PRIVATE"


def _written(at: datetime | date, *, in_utc: bool) -> datetime | date:
    return at.astimezone(UTC) if in_utc and isinstance(at, datetime) else at


def _timezone(name: str, found: Sequence[Observance]) -> Timezone:
    zone = _component(Timezone(), [("TZID", name)])
    for each in found:
        part = TimezoneDaylight() if each.daylight else TimezoneStandard()
        zone.add_component(_component(part, _observance_lines(each)))
    return zone


def _observance_lines(each: Observance) -> Iterator[Line]:
    yield "DTSTART", each.onset(1970)
    yield "TZOFFSETFROM", each.offset_from
    yield "TZOFFSETTO", each.offset_to
    if each.month:
        day = f"{each.nth}{WEEKDAYS[each.weekday]}"
        yield "RRULE", {"FREQ": "YEARLY", "BYMONTH": each.month, "BYDAY": day}
    yield "TZNAME", each.name
