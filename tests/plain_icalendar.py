"""The same calendar file written with the icalendar library, used plainly: the judge of our own writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vText

from scheduler.outputs.calendar_entries import Entry
from scheduler.outputs.calendar_file import PRODID, WEEKDAYS
from scheduler.outputs.zones import Observance, observances

Line = tuple[str, Any]


def plain_file(name: str, entries: Sequence[tuple[str, Entry]]) -> bytes:
    """What `calendar_file` writes."""
    file = component(Calendar(), calendar_lines(name))
    times = [at for _, e in entries for at in (e.start, e.end) if isinstance(at, datetime)]
    in_utc = set()
    for zone in sorted({at.tzinfo for at in times}, key=lambda zone: zone.key):
        found = observances(zone, [at for at in times if at.tzinfo is zone])
        if found:
            file.add_component(timezone(zone.key, found))
        else:
            in_utc.add(zone)
    for uid, entry in entries:
        file.add_component(event(uid, entry, in_utc))
    return bytes(file.to_ical(sorted=False))


def component(made: Any, lines: Iterable[Line]) -> Any:
    for name, value in lines:
        made.add(name, value)
    return made


def calendar_lines(name: str) -> Iterator[Line]:
    yield "VERSION", "2.0"
    yield "PRODID", PRODID
    yield "CALSCALE", "GREGORIAN"
    yield "NAME", vText(name)
    yield "X-WR-CALNAME", vText(name)
    yield "REFRESH-INTERVAL", vDuration(timedelta(hours=1), params={"VALUE": "DURATION"})
    yield "X-PUBLISHED-TTL", "PT1H"


def event(uid: str, entry: Entry, in_utc: set) -> Event:
    made = component(Event(), event_lines(uid, entry, in_utc))
    if entry.look.alarm:
        alarm = (
            ("ACTION", "DISPLAY"),
            ("DESCRIPTION", entry.title),
            ("TRIGGER", -timedelta(minutes=entry.look.alarm)),
        )
        made.add_component(component(Alarm(), alarm))
    return made


def event_lines(uid: str, entry: Entry, in_utc: set) -> Iterator[Line]:
    revision, look = entry.revision, entry.look

    def written(at: datetime | date) -> datetime | date:
        return at.astimezone(UTC) if isinstance(at, datetime) and at.tzinfo in in_utc else at

    yield "UID", uid
    yield "DTSTAMP", revision.stamp
    yield "LAST-MODIFIED", revision.stamp
    yield "SEQUENCE", revision.sequence
    yield "DTSTART", written(entry.start)
    yield "DTEND", written(entry.end)
    yield "SUMMARY", entry.title
    yield "DESCRIPTION", "\n".join(entry.lines)
    yield "STATUS", look.status
    yield "TRANSP", "TRANSPARENT" if look.transparent else "OPAQUE"
    yield "CLASS", "PRIVATE"


def timezone(name: str, found: Sequence[Observance]) -> Timezone:
    zone = component(Timezone(), [("TZID", name)])
    for each in found:
        part = TimezoneDaylight() if each.daylight else TimezoneStandard()
        zone.add_component(component(part, observance_lines(each)))
    return zone


def observance_lines(each: Observance) -> Iterator[Line]:
    yield "DTSTART", each.onset(1970)
    yield "TZOFFSETFROM", each.offset_from
    yield "TZOFFSETTO", each.offset_to
    if each.month:
        day = f"{each.nth}{WEEKDAYS[each.weekday]}"
        yield "RRULE", {"FREQ": "YEARLY", "BYMONTH": each.month, "BYDAY": day}
    yield "TZNAME", each.name
