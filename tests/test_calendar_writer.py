"""Our own writer of calendar files: byte by byte what the icalendar library writes, whatever the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from scheduler.outputs import calendar_file as own
from scheduler.outputs.calendar_entries import Entry, Revision
from scheduler.outputs.calendar_words import LOOKS
from scheduler.outputs.zones import after
from tests.calendar_sample import STAMP, START
from tests.ics_rules import broken_rules
from tests.plain_icalendar import plain_file

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
SPACE = UUID("5d0c2a8e-3f0b-5c7a-9a54-7f1f0c1ad5e1")
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300)
PARTS = ["\\", ";", ",", "^", "x", "é", "漢", "😀", "Home dose ", "\\N", "\\n"]
PIECES = st.lists(st.sampled_from(PARTS), max_size=120)


@st.composite
def entries(draw) -> Entry:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    first = draw(st.dates(date(2024, 1, 1), date(2031, 12, 31)))
    start = datetime.combine(first, draw(st.times(datetime.min.time().replace(hour=4))), zone).replace(microsecond=0)
    when = (start, after(start, draw(st.integers(1, 400))))
    if draw(st.booleans()):
        when = (first, first + timedelta(days=draw(st.integers(1, 40))))
    look = LOOKS[draw(st.sampled_from(sorted(LOOKS)))]
    look = replace(look, alarm=draw(st.sampled_from([0, 1, 10, 59, 60, 61, 120, 719])))
    stamp = draw(st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
    issue = draw(st.integers(1, 99))
    revision = Revision(issue, first, first, stamp.replace(microsecond=0), draw(st.integers(0, 99)))
    title = draw(TEXTS | PIECES.map("".join))
    text = tuple(draw(st.lists(TEXTS | PIECES.map("".join), max_size=4)))
    return Entry("key", *when, title, look, text, revision, "planned")


def named(found: list[Entry]) -> list[tuple[str, Entry]]:
    return [(f"{uuid5(SPACE, str(n))}@schedule.invalid", entry) for n, entry in enumerate(found)]


@settings(max_examples=60)
@given(st.lists(entries(), max_size=5), st.sampled_from(["Home schedule", "Clinic visits", "漢; \\ , " * 20]))
def test_the_bytes_are_those_of_the_library(found, name) -> None:
    assert own.calendar_file(name, named(found)) == plain_file(name, named(found))


@given(PIECES.map("".join) | TEXTS)
@example("x" * 73 + "\\")
@example("x" * 73 + "\\;" + "x" * 72 + "\\\\,")
@example("é" * 37 + "\\n" + "😀" * 40)
@example("^" * 200)
def test_a_line_is_folded_as_the_library_folds_it(text) -> None:
    entry = Entry("key", START, START + timedelta(days=1), text, LOOKS["visits", "held"], (text,), FIRST, "held")
    data = own.calendar_file("x", named([entry]))
    assert data == plain_file("x", named([entry]))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


FIRST = Revision(1, START, START, STAMP)


@given(st.lists(entries(), min_size=1, max_size=3))
@settings(max_examples=25)
def test_two_readers_find_instants_titles_and_alarms_alike(found) -> None:
    found = [replace(e, title=clean(e.title), text=tuple(map(clean, e.text))) for e in found]
    data = own.calendar_file("Home schedule", named(found))
    assert icalendar_sees(data) == strict_sees(data) == ours(found)


def clean(text: str) -> str:
    """As the titles of calendars are; the library itself takes a backslash before N for a line end."""
    return " ".join("".join(c for c in text if c.isprintable()).replace("\\", "/").split()) or "x"


def ours(found: list[Entry]) -> list[tuple]:
    return sorted(
        (uid, e.title, instant(e.start), instant(e.end), [timedelta(minutes=-e.look.alarm)] if e.look.alarm else [])
        for uid, e in named(found)
    )


def instant(at: datetime | date) -> str:
    return str(at.astimezone(UTC) if isinstance(at, datetime) else at)


def icalendar_sees(data: bytes) -> list[tuple]:
    return sorted(
        (
            str(e["UID"]),
            str(e["SUMMARY"]),
            instant(e["DTSTART"].dt),
            instant(e["DTEND"].dt),
            [alarm["TRIGGER"].dt for alarm in e.walk("VALARM")],
        )
        for e in icalendar.Calendar.from_ical(data).events
    )


def strict_sees(data: bytes) -> list[tuple]:
    return sorted(
        (e.uid, e.summary, instant(e.dtstart), instant(e.dtend), [alarm.trigger for alarm in e.alarm])
        for e in IcsCalendarStream.calendar_from_ics(data.decode()).events
    )


def test_an_object_of_a_server_is_one_whole_event() -> None:
    zone = ZoneInfo("Europe/Lisbon")
    start = datetime(2026, 11, 25, 20, tzinfo=zone)
    entry = Entry("key", start, after(start, 15), "Home dose", LOOKS["home", "planned"], ("See.",), FIRST, "planned")
    uid = named([entry])[0][0]
    data = own.calendar_object(uid, entry)
    (event,) = icalendar.Calendar.from_ical(data).events
    assert (event["UID"], event["SUMMARY"]) == (uid, "Home dose")
    assert b"METHOD" not in data
    assert b"TZID:Europe/Lisbon" in data
    only_files = [rule for rule in broken_rules(data) if not rule.startswith(("C3 NAME", "C3 X-", "C3 REFRESH", "C6"))]
    assert only_files == []


@pytest.mark.parametrize("size", [72, 73, 74, 75, 76, 147, 148, 149, 150])
def test_folds_are_right_at_every_edge(size) -> None:
    line = own._folded("x" * size)
    assert line.replace("\r\n ", "") == "x" * size
    assert [len(part) for part in line.split("\r\n ")][:-1] == [74] * ((size - 1) // 74)
