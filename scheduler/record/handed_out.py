"""What was handed out to a patient to keep, how it travels, and where the patient is.

Nothing of it changes a dose: a calendar is made from the record, and these events say which one was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CalendarRouteChosen:
    """By which route the patient's calendars travel, and how much they say.

    `route` is caldav, feed, import or paper; `detail` is discreet, or full where the patient wants it so. Addresses
    and passwords are no part of the record. `namespace`, a random UUID, stands in the first event that needs one: the
    ids of the patient's calendar entries are made from it, so that nobody can guess them.
    """

    happened_on: date
    route: str
    detail: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class CalendarIssued:
    """A calendar was made and handed out: the `number`th of its purpose (home or visits), for days up to `until`.

    `made_from` is the last entry that it knew, `stamp` the moment in UTC ("2026-01-05T12:00:00Z"), `opening` the time
    of day of visits, `zone` the patient's on that day, `sha256` that of its bytes. From these and the entries before
    it the same bytes can be made again.
    """

    happened_on: date
    purpose: str
    number: int
    made_from: int
    stamp: str
    until: date
    detail: str
    zone: str
    route: str
    opening: str
    sha256: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """From the day `since` on the patient is in another time zone (an IANA name), and takes home doses by its clock."""

    happened_on: date
    zone: str
    since: date


@dataclass(frozen=True, slots=True)
class PaperHandedOut:
    """A paper (diary or wall) was given to the patient to keep, for the days `first` to `last`.

    `made_from` is the last entry that it knew, `language` its code, `sha256` that of the PDF.
    """

    happened_on: date
    paper: str
    first: date
    last: date
    language: str
    made_from: int
    sha256: str


NO_NEWS = (CalendarRouteChosen, CalendarIssued, ZoneChanged, PaperHandedOut)
"""Events that say nothing about how the patient is."""
