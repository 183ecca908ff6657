"""The bytes of a calendar file: our one fixed shape of calendar, time zone, event and alarm, line by line.

The bytes are those that the icalendar library would write, and the tests hold the two side by side; for
this one shape plain text is some twenty times faster. Lines end with CRLF, have at most 75 octets, and
are folded between characters and never within an escaped one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler.outputs.calendar_entries import Entry
from scheduler.outputs.zones import Observance, observances

PRODID = "-//Dated schedule//Calendar//EN"
"""The same in every release, so that a new one changes no byte of an old calendar; it names no trade."""

OCTETS = 74
"""What a line takes before its fold; with the space that begins the next one, no line has more than 75."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Named = tuple[str, Entry]
"""An entry with its UID."""


def calendar_file(name: str, entries: Sequence[Named]) -> bytes:
    """A whole calendar; its name is the one that programs show."""
    return _file(_heading(_text(name)), entries)


def calendar_object(uid: str, entry: Entry) -> bytes:
    """A calendar of one entry, as servers keep it: without a name, and without what only files have."""
    return _file(f"VERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN", [(uid, entry)])


def _file(heading: str, entries: Sequence[Named]) -> bytes:
    zones = {entry.start.tzinfo for _, entry in entries if isinstance(entry.start, datetime)}
    blocks, in_utc = [], set()
    for zone in sorted((zone for zone in zones if isinstance(zone, ZoneInfo)), key=lambda zone: zone.key):
        found = observances(zone, _moments(entries, zone))
        if found:
            blocks.append(_timezone(zone.key, found))
        else:
            in_utc.add(zone.key)
    blocks += [_event(uid, entry, in_utc) for uid, entry in entries]
    return "\r\n".join(("BEGIN:VCALENDAR", heading, *blocks, "END:VCALENDAR", "")).encode()


def _moments(entries: Sequence[Named], zone: ZoneInfo) -> list[datetime]:
    return [at for _, e in entries for at in (e.start, e.end) if isinstance(at, datetime) and at.tzinfo is zone]


@lru_cache(maxsize=64)
def _heading(name: str) -> str:
    lines = (
        "VERSION:2.0",
        f"PRODID:{PRODID}",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )
    return "\r\n".join(map(_folded, lines))


# ---------------------------------------------------------------- an event


def _event(uid: str, entry: Entry, in_utc: set[str]) -> str:
    """Every property on every event: a program may lend what is missing from the event before."""
    revision, look = entry.revision, entry.look
    stamp, title = _instant(revision.stamp), _text(entry.title)
    about = _text("\n".join(entry.lines))
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\nSEQUENCE:{revision.sequence}\r\n"
        f"DTSTART{_at(entry.start, in_utc)}\r\nDTEND{_at(entry.end, in_utc)}\r\n"
        f"{_folded(f'SUMMARY:{title}')}\r\n{_folded(f'DESCRIPTION:{about}')}\r\n"
        f"STATUS:{look.status}\r\nTRANSP:{'TRANSPARENT' if look.transparent else 'OPAQUE'}\r\nCLASS:PRIVATE\r\n"
        f"{_alarm(title, look.alarm) if look.alarm else ''}END:VEVENT"
    )


def _alarm(title: str, minutes: int) -> str:
    """Last in its event, and with the words of the title."""
    hours, rest = divmod(minutes, 60)
    before = f"{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}"
    about = _folded(f"DESCRIPTION:{title}")
    return f"BEGIN:VALARM\r\nACTION:DISPLAY\r\n{about}\r\nTRIGGER:-PT{before}\r\nEND:VALARM\r\n"


def _at(at: datetime | date, in_utc: set[str]) -> str:
    """The value with its parameters, from the semicolon or colon on."""
    if not isinstance(at, datetime):
        return f";VALUE=DATE:{at:%Y%m%d}"
    zone = at.tzinfo
    if not isinstance(zone, ZoneInfo) or zone.key in in_utc:
        return f":{_instant(at.astimezone(UTC))}"
    wall = f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}"
    return f";TZID={zone.key}:{wall}"


@lru_cache(maxsize=256)
def _instant(at: datetime) -> str:
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}Z"


# ---------------------------------------------------------------- a time zone


@lru_cache(maxsize=64)
def _timezone(name: str, found: Sequence[Observance]) -> str:
    parts = [line for each in found for line in _observance(each)]
    return "\r\n".join(("BEGIN:VTIMEZONE", _folded(f"TZID:{name}"), *parts, "END:VTIMEZONE"))


def _observance(each: Observance) -> list[str]:
    kind = "DAYLIGHT" if each.daylight else "STANDARD"
    rule = f"RRULE:FREQ=YEARLY;BYDAY={each.nth}{WEEKDAYS[each.weekday]};BYMONTH={each.month}"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{each.onset(1970):%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(each.offset_from)}",
        f"TZOFFSETTO:{_offset(each.offset_to)}",
        *([rule] if each.month else []),
        _folded(f"TZNAME:{_text(each.name)}"),
        f"END:{kind}",
    ]


def _offset(offset: timedelta) -> str:
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    written = f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"
    return f"{written}{seconds:02}" if seconds else written


# ---------------------------------------------------------------- lines


def _text(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and line end escaped."""
    escaped = text.replace("\\N", "\n").replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """A line in pieces that fit; an escaped character stays in one piece."""
    if not line.isascii():
        return _folded_by_octets(line)
    if len(line) <= OCTETS:
        return line
    pieces, start = [], 0
    while len(line) - start > OCTETS:
        end = start + OCTETS
        end -= line[end - 1] in "\\^"
        pieces.append(line[start:end])
        start = end
    return "\r\n ".join((*pieces, line[start:]))


def _folded_by_octets(line: str) -> str:
    """The same for characters of one to four octets."""
    pieces, start, octets = [], 0, 0
    for at, character in enumerate(line):
        size = len(character.encode())
        if octets + size > OCTETS and at > start:
            end = at - (at - start > 1 and line[at - 1] in "\\^")
            pieces.append(line[start:end])
            start, octets = end, at - end
        octets += size
    return "\r\n ".join((*pieces, line[start:]))
