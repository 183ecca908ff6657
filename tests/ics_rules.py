"""The rules a calendar file has to keep, read from its bytes alone and without any calendar library.

B: bytes. C: the calendar. E: each event. U: stamps. H: states. T: times. A: alarms. P: privacy.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.tz import tzical

ONCE = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP", "CLASS")
RECURRING = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
PRIVATE = ("oncolog", "cancer", "chemo", "trial", "study", "infusion", "units", "mcg", "nanogram", "mg", "ml")
UTC_STAMP = r"\d{8}T\d{6}Z"
OPAQUE_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@[a-z.]+")
TRIGGER = re.compile(r"PT0S|-PT(\d+)([MH])")


@dataclass
class Part:
    """A component: its lines in order as (name, parameters, value), and what lies inside it."""

    name: str
    lines: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for each, _, value in self.lines if each == name]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def text(self, name: str) -> str:
        return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], self.one(name))

    def parameters(self, name: str) -> dict[str, str]:
        return next((parameters for each, parameters, _ in self.lines if each == name), {})

    def within(self, name: str) -> list[Part]:
        return [part for part in self.parts if part.name == name]


def read(data: bytes) -> Part:
    """The calendar of a file."""
    text = data.decode("utf-8").replace("\r\n ", "")
    stack = [Part("")]
    for line in text.removesuffix("\r\n").split("\r\n"):
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        if name == "BEGIN":
            stack[-1].order.append(value)
            stack.append(Part(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].parts.append(done)
        else:
            stack[-1].order.append(name)
            stack[-1].lines.append((name, dict(p.split("=", 1) for p in parameters), value))
    (calendar,) = stack[0].parts
    return calendar


def events(data: bytes) -> list[Part]:
    return read(data).within("VEVENT")


def instant(event: Part, name: str) -> datetime | None:
    """The moment of DTSTART or DTEND by zoneinfo; None for a whole day."""
    value, zone = event.one(name), event.parameters(name).get("TZID")
    if len(value) == 8:
        return None
    if value.endswith("Z") or zone is None:
        return datetime.strptime(value.removesuffix("Z") + "Z", "%Y%m%dT%H%M%S%z")
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def broken_rules(data: bytes, private: Sequence[str] = (), *, discreet: bool = False) -> list[str]:
    """The rules that a file breaks, each with what breaks it; none is good."""
    found = list(_bytes(data))
    if found:
        return found
    calendar = read(data)
    found += _calendar(calendar)
    for event in calendar.within("VEVENT"):
        where = f" in {event.one('SUMMARY')!r}"
        checks = (_event, _stamps, _state, _times, _alarm)
        found += [rule + where for check in checks for rule in check(event, calendar)]
    return found + (list(_privacy(data, [*PRIVATE, *private])) if discreet else [])


def _bytes(data: bytes) -> Iterator[str]:
    if data.startswith(b"\xef\xbb\xbf"):
        yield "B1 byte order mark"
    try:
        text = data.decode("utf-8")
        for line in data.split(b"\r\n"):
            line.decode("utf-8")
    except UnicodeDecodeError as fault:
        yield f"B2 no UTF-8, or folded inside a character: {fault}"
        return
    if re.search(r"(?<!\r)\n|\r(?!\n)", text):
        yield "B3 a line does not end with CRLF"
    yield from (f"B4 {line!r} is longer than 75 octets" for line in data.split(b"\r\n") if len(line) > 75)
    bad = [c for c in text if unicodedata.category(c)[0] == "C" and c not in "\r\n"]
    yield from (f"B6 character {c!r}" for c in bad)
    if not re.fullmatch(r"BEGIN:VCALENDAR\r\n.*\r\nEND:VCALENDAR\r\n", text, re.DOTALL):
        yield "B7 not one whole calendar with a final CRLF"


def _calendar(calendar: Part) -> Iterator[str]:
    for name in ("VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if len(calendar.all(name)) != 1:
            yield f"C3 {name} {len(calendar.all(name))} times"
    if calendar.one("VERSION") != "2.0" or re.search(r"\d", calendar.one("PRODID")):
        yield "C3 VERSION is not 2.0, or PRODID has a version"
    if calendar.all("METHOD"):
        yield "C4 METHOD"
    if calendar.one("NAME") != calendar.one("X-WR-CALNAME"):
        yield "C5 two names"
    if (calendar.parameters("REFRESH-INTERVAL"), calendar.one("REFRESH-INTERVAL")) != ({"VALUE": "DURATION"}, "PT1H"):
        yield "C6 REFRESH-INTERVAL"
    if not calendar.within("VEVENT"):
        yield "C7 no event"
    uids = Counter(event.one("UID") for event in calendar.within("VEVENT"))
    yield from (f"E7 {uid} {times} times" for uid, times in uids.items() if times > 1)
    yield from _zones(calendar)


def _event(event: Part, _: Part) -> Iterator[str]:
    yield from (f"E1 {len(event.all(name))} {name}" for name in ONCE if len(event.all(name)) != 1)
    yield from (f"E2 {name}" for name in RECURRING if event.all(name))
    yield from (f"E3 {name}" for name in ("ORGANIZER", "ATTENDEE") if event.all(name))
    words = event.one("STATUS"), event.one("TRANSP"), event.one("CLASS")
    allowed = ("CONFIRMED", "TENTATIVE", "CANCELLED"), ("OPAQUE", "TRANSPARENT"), ("PRIVATE",)
    yield from (f"E4 {word}" for word, known in zip(words, allowed, strict=True) if word not in known)
    start, end = event.one("DTSTART"), event.one("DTEND")
    if len(start) != len(end) or (instant(event, "DTSTART") or start) >= (instant(event, "DTEND") or end):
        yield f"E5 from {start} to {end}"
    if event.all("DURATION"):
        yield "E6 DURATION"
    if not 0 < len(event.text("SUMMARY")) <= 60:
        yield "E8 SUMMARY is empty or has more than 60 characters"
    if not OPAQUE_UID.fullmatch(event.one("UID")):
        yield f"E9 {event.one('UID')}"
    for name, _parameters, value in event.lines:
        if name in ("SUMMARY", "DESCRIPTION") and (
            value != value.strip() or not re.fullmatch(r"([^\\;,]|\\[\\;,n])*", value)
        ):
            yield f"E10 {name} is not escaped or not stripped"
    if event.all("CATEGORIES"):
        yield "E11 CATEGORIES"


def _stamps(event: Part, _: Part) -> Iterator[str]:
    if not event.one("SEQUENCE").isdecimal():
        yield "U3 SEQUENCE"
    stamps = event.one("DTSTAMP"), event.one("LAST-MODIFIED")
    if stamps[0] != stamps[1] or not re.fullmatch(UTC_STAMP, stamps[0]):
        yield f"U4 {stamps}"


def _state(event: Part, _: Part) -> Iterator[str]:
    title, status = event.text("SUMMARY"), event.one("STATUS")
    silent = event.one("TRANSP") == "TRANSPARENT" and not event.parts
    if title.startswith("HOLD") and (status != "CONFIRMED" or not silent):
        yield "H1 a hold is CONFIRMED, TRANSPARENT and silent"
    if title.startswith("CANCELLED") != (status == "CANCELLED") or (status == "CANCELLED" and not silent):
        yield "H2 what is off says CANCELLED, is TRANSPARENT and silent"
    if title.startswith("TENTATIVE") != (status == "TENTATIVE"):
        yield "H5 what is TENTATIVE says so"
    if re.search(r"inject|\b(IU|MIU|SC|SQ|QD|ng|ug|µg|MU)\b", title + event.text("DESCRIPTION")):
        yield "H6 unsafe words"


def _times(event: Part, calendar: Part) -> Iterator[str]:
    zones = {zone.one("TZID") for zone in calendar.within("VTIMEZONE")}
    for name in ("DTSTART", "DTEND"):
        value, parameters = event.one(name), event.parameters(name)
        zone = parameters.get("TZID")
        if len(value) == 8 and parameters != {"VALUE": "DATE"}:
            yield f"T1 {name} {value} without VALUE=DATE"
        if len(value) == 15 and zone is None:
            yield f"T1 {name} is floating"
        if zone is not None and value.endswith("Z"):
            yield f"T3 {name} has a zone and Z"
        if zone is not None and zone not in zones:
            yield f"T2 {zone} has no VTIMEZONE"
    value, zone = event.one("DTSTART"), event.parameters("DTSTART").get("TZID")
    if zone is not None and not value.endswith("Z"):
        local = datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            yield f"T5 {value} is skipped or comes twice"


def _zones(calendar: Part) -> Iterator[str]:
    """A VTIMEZONE is used, has one or two yearly observances, and gives the offsets of zoneinfo."""
    used = {e.parameters(n).get("TZID") for e in calendar.within("VEVENT") for n in ("DTSTART", "DTEND")} - {None}
    found = [zone.one("TZID") for zone in calendar.within("VTIMEZONE")]
    if sorted(found) != sorted(used):
        yield f"T4 VTIMEZONE of {found}, used {used}"
        return
    for zone in calendar.within("VTIMEZONE"):
        rules = [part.all("RRULE") for part in zone.parts]
        if not (rules == [[]] or (len(rules) == 2 and all(len(rule) == 1 for rule in rules))):
            yield f"T4 {zone.one('TZID')} is not in the plain form"
        reader = offsets(zone)
        for event in calendar.within("VEVENT"):
            for name in ("DTSTART", "DTEND"):
                at = instant(event, name)
                if at and at.astimezone(reader).utcoffset() != at.astimezone(ZoneInfo(zone.one("TZID"))).utcoffset():
                    yield f"T6 {zone.one('TZID')} is wrong at {at}"


def offsets(zone: Part) -> object:
    """A VTIMEZONE as dateutil reads it."""

    def lines(part: Part) -> Iterator[str]:
        yield f"BEGIN:{part.name}"
        yield from (f"{name}:{value}" for name, _, value in part.lines)
        for each in part.parts:
            yield from lines(each)
        yield f"END:{part.name}"

    return tzical(io.StringIO("\n".join(lines(zone)))).get(zone.one("TZID"))


def _alarm(event: Part, _: Part) -> Iterator[str]:
    if len(event.parts) > 1 or any(part.name != "VALARM" for part in event.parts):
        yield "A1 more than one alarm"
    for alarm in event.parts:
        if alarm.one("ACTION") != "DISPLAY":
            yield "A2 ACTION is not DISPLAY"
        if alarm.one("DESCRIPTION") != event.one("SUMMARY"):
            yield "A3 the alarm says something else than the title"
        found = TRIGGER.fullmatch(alarm.one("TRIGGER"))
        if found is None or alarm.parameters("TRIGGER"):
            yield f"A4 TRIGGER {alarm.one('TRIGGER')}"
        elif found[1] and not timedelta() < timedelta(
            minutes=int(found[1]) * (60 if found[2] == "H" else 1)
        ) < timedelta(hours=12):
            yield f"A8 TRIGGER {alarm.one('TRIGGER')}"
        if event.order[-1] != "VALARM":
            yield "A5 the alarm is not last"
        if sorted(alarm.order) != ["ACTION", "DESCRIPTION", "TRIGGER"]:
            yield f"A6 {alarm.order}"
        if len(event.one("DTSTART")) == 8:
            yield "A7 an alarm on a whole day"


def _privacy(data: bytes, private: Sequence[str]) -> Iterator[str]:
    """Nothing private in any property; a word of letters counts where it stands alone or begins another."""
    calendar = read(data)
    parts = [calendar, *calendar.parts, *(alarm for event in calendar.parts for alarm in event.parts)]
    for part in parts:
        for name, _, value in part.lines:
            for word in private:
                if re.search(rf"(?<![a-z]){re.escape(word)}", value.casefold().replace("\\n", " ")) and name != "TZID":
                    yield f"P1 {word!r} in {name}: {value}"
