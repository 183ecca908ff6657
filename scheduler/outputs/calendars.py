"""Calendars as files: home doses, clinic visits, and the clinic's work list.

Most calendar programs do not update what they imported before, and many look at nothing but a title:
so every dose and visit is an event of its own with a stable UID, states are said in words first, and
home doses are written only up to the next go/no-go visit. Two files from the same schedule and stamp
are the same, byte by byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid5

from scheduler.engine.schedule import Schedule
from scheduler.outputs.calendar_entries import (
    Entry,
    Revision,
    Sheet,
    home_entries,
)
from scheduler.outputs.calendar_file import calendar_file
from scheduler.outputs.calendar_visits import visit_entries
from scheduler.outputs.calendar_words import NAMES, Detail, Purpose
from scheduler.outputs.calendar_worklist import clinic_entries
from scheduler.outputs.zones import clock, zone_named

NAMESPACE = UUID("5d0c2a8e-3f0b-5c7a-9a54-7f1f0c1ad5e1")
"""For plans of nobody; a patient's calendars have a random one of their own."""

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
    entries = in_order(_ENTRIES[sheet.purpose](sheet))
    plan = sheet.schedule
    whose = ["subject", plan.subject] if plan.subject else ["start", plan.start.isoformat()]
    uids = (uid(NAMESPACE, plan.protocol, plan.arm, whose, sheet.purpose, entry.key) for entry in entries)
    return calendar_file(NAMES[sheet.purpose], list(zip(uids, entries, strict=True)))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By day, all-day entries first, then by time."""
    return sorted(entries, key=_place)


def _place(entry: Entry) -> tuple[str, str, str]:
    start = entry.start.isoformat()
    return start[:10], start, entry.key


def uid(namespace: UUID, *parts: object) -> str:
    """Opaque, and the same for ever: no date, dose or revision is among its parts.

    A plan without a patient has nothing but its start to tell it from another one.
    """
    return f"{uuid5(namespace, json.dumps(parts))}@schedule.invalid"
