"""Calendars as files: home doses, clinic visits, and the clinic's work list. The only door to icalendar.

Most calendar programs do not update what they imported before, and many look at nothing but a title:
so every dose and visit is an event of its own with a stable UID, states are said in words first, and
home doses are written only up to the next go/no-go visit. Two files from the same schedule and stamp
are the same, byte by byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText
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

_ENTRIES = {"home": home_entries, "visits": visit_entries, "clinic": clinic_entries}


def write_calendar(  # noqa: PLR0913
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
    cal = _component(Calendar(), _calendar_lines(NAMES[sheet.purpose]))
    if found:
        cal.add_component(_zone(sheet.zone.key, found))
    for entry in entries:
        cal.add_component(_event(sheet, entry, in_utc=not found))
    return cal.to_ical(sorted=False)
