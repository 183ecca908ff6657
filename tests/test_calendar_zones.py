"""Times in calendars: every event at the moment zoneinfo says, wherever and whenever; and the rules bite."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from scheduler.outputs import zones
from scheduler.outputs.calendars import write_calendar
from scheduler.problems import Refused
from tests.calendar_sample import ANTIBODY, LOW, STAMP, item, sample
from tests.ics_rules import broken_rules, events, instant, read

PLACES = (
    "America/New_York",
    "Europe/Berlin",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Pacific/Apia",
    "Pacific/Auckland",
)
IN_UTC = ("UTC", "Africa/Casablanca", "Asia/Gaza", "Asia/Jerusalem", "Asia/Almaty")


def clock(first: str, last: str) -> st.SearchStrategy[str]:
    hours = st.times(time.fromisoformat(first), time.fromisoformat(last))
    return hours.map(lambda at: f"{at:%H:%M}")


@settings(deadline=None)
@given(
    st.sampled_from(PLACES + IN_UTC),
    st.dates(date(2024, 2, 1), date(2030, 12, 1)),
    clock("04:00", "23:59"),
    clock("00:00", "23:59"),
    st.integers(1, 400),
)
def test_every_event_is_at_the_moment_that_zoneinfo_says(zone, first, home, visit, days) -> None:
    doses = [
        item(replace(LOW, time=home, day=n), 0, amount="1 mg")._replace(date=first + timedelta(days=n))
        for n in range(1, days + 1, 7)
    ]
    infusion = item(ANTIBODY, 0, amount="1 mg", minutes=90)._replace(date=first)
    schedule = sample(items=(*doses, infusion), zone=zone, through=date(2033, 1, 1), go_no_go=())
    check(schedule, "home", [(dose.date, home) for dose in doses], visit)
    check(schedule, "visits", [(first, visit)], visit)


def check(schedule, purpose, wanted, opening) -> None:
    zone = ZoneInfo(schedule.zone)
    there = [datetime.combine(day, time.fromisoformat(at), zone) for day, at in wanted]
    if any(at.utcoffset() != at.replace(fold=1).utcoffset() for at in there):
        with pytest.raises(Refused, match="The clocks change"):
            write_calendar(schedule, purpose, STAMP, clinic_time=opening)
        return
    moments = [at.astimezone(UTC) for at in there]
    data = write_calendar(schedule, purpose, STAMP, clinic_time=opening)
    assert broken_rules(data) == []
    assert [instant(event, "DTSTART") for event in events(data)] == moments
    assert data == write_calendar(schedule, purpose, STAMP, clinic_time=opening)
    strict = IcsCalendarStream.calendar_from_ics(data.decode()).events
    assert sorted(event.dtstart.astimezone(UTC) for event in strict) == moments


@pytest.mark.parametrize("zone", PLACES)
def test_a_zone_with_a_plain_rule_is_named(zone) -> None:
    data = write_calendar(sample(zone=zone), "home", STAMP)
    assert [part.one("TZID") for part in read(data).within("VTIMEZONE")] == [zone]
    again = write_calendar(sample(zone=zone), "clinic", STAMP)
    assert re.search(rb"BEGIN:VTIMEZONE.*END:VTIMEZONE", data, re.DOTALL)[0] in again


@pytest.mark.parametrize("zone", IN_UTC)
def test_a_zone_without_a_plain_rule_is_left_to_utc(zone) -> None:
    start = date(2024, 2, 20)
    items = [item(replace(LOW, day=n), 0, amount="1 mg")._replace(date=start + timedelta(days=n)) for n in range(60)]
    data = write_calendar(sample(zone=zone, items=tuple(items), go_no_go=()), "home", STAMP)
    assert read(data).within("VTIMEZONE") == []
    assert all(event.one("DTSTART").endswith("Z") for event in events(data))
    assert broken_rules(data) == []


DAYS = [datetime(2024, 1, 1, 5, 30, tzinfo=UTC) + timedelta(days=n) for n in range(0, 2550, 3)]


@cache
def read_offsets(lines: str) -> list[timedelta]:
    """What dateutil reads from a VTIMEZONE without its name, on every third day of seven years."""
    there = tzical(io.StringIO(f"BEGIN:VTIMEZONE\r\nTZID:X\r\n{lines}END:VTIMEZONE")).get("X")
    return [at.astimezone(there).utcoffset() for at in DAYS]


@pytest.mark.slow
def test_every_zone_of_the_world_is_right_on_every_day() -> None:
    """Where observances are written at all, dateutil reads from them what zoneinfo says."""
    wrong, named = [], 0
    for name in sorted(available_timezones()):
        items = [item(replace(ANTIBODY, day=n), 0)._replace(date=day.date()) for n, day in enumerate(DAYS[::170])]
        data = write_calendar(sample(zone=name, items=tuple(items)), "visits", STAMP).decode()
        for lines in re.findall(r"TZID:[\w/+-]+\r\n(.*)END:VTIMEZONE", data, re.DOTALL):
            named += 1
            wrong += [name] * (read_offsets(lines) != [at.astimezone(ZoneInfo(name)).utcoffset() for at in DAYS])
    assert wrong == []
    assert named > 500


@pytest.mark.promise("P21")
@pytest.mark.parametrize(
    ("zone", "day", "at", "fate"),
    [
        ("America/New_York", date(2026, 3, 8), "02:30", "02:30 does not exist on 8 March 2026"),
        ("America/New_York", date(2026, 11, 1), "01:30", "01:30 comes twice on 1 November 2026"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:15", "02:15 does not exist on 4 October 2026"),
        ("Australia/Lord_Howe", date(2026, 4, 5), "01:45", "01:45 comes twice on 5 April 2026"),
    ],
)
def test_a_start_in_a_skipped_or_doubled_hour_is_refused(zone, day, at, fate) -> None:
    schedule = sample(items=(item(ANTIBODY, 0, amount="1 mg")._replace(date=day),), zone=zone)
    for purpose in ("visits", "clinic"):
        with pytest.raises(Refused, match=fate):
            write_calendar(schedule, purpose, STAMP, clinic_time=at)


def test_an_infusion_over_the_change_of_clocks_lasts_as_long_as_it_lasts() -> None:
    infusion = item(ANTIBODY, 0, amount="1 mg", minutes=180)._replace(date=date(2026, 3, 8))
    (event,) = events(write_calendar(sample(items=(infusion,)), "visits", STAMP, clinic_time="01:00"))
    assert (event.one("DTSTART")[-6:], event.one("DTEND")[-6:]) == ("010000", "050000")
    assert instant(event, "DTEND") - instant(event, "DTSTART") == timedelta(hours=3)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "Europe", "America/New_York\r\nX"])
def test_a_zone_that_is_none_is_refused(name) -> None:
    with pytest.raises(Refused, match="is not a time zone") as refused:
        zones.zone_named(name)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("day", [date(1970, 12, 31), date(2200, 1, 1)])
def test_a_day_beyond_all_calendars_is_refused(day) -> None:
    with pytest.raises(Refused, match="from 1971 to 2199"):
        write_calendar(sample(items=(item(ANTIBODY, 0)._replace(date=day),)), "visits", STAMP)


def test_an_observance_that_is_wrong_for_one_moment_is_not_written() -> None:
    """Almaty gave up an hour on 1 March 2024; no rule of any year says so."""
    there = ZoneInfo("Asia/Almaty")
    days = [datetime(2024, month, 1, 12, tzinfo=UTC) for month in range(1, 6)]
    assert zones.observances(there, days) == ()
    assert len(zones.observances(there, [day.replace(year=2025) for day in days])) == 1


# ---------------------------------------------------------------- the rules bite

BROKEN = {
    "B1": (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
    "B2": (b"circle A", b"circl\xe9 A"),
    "B3": (b"\r\nDTSTAMP", b"\nDTSTAMP"),
    "B4": (b"TRANSP:OPAQUE", b"TRANSP:" + b"O" * 70),
    "B6": (b"circle A", b"circle \x07"),
    "B7": (b"END:VCALENDAR\r\n", b"END:VCALENDAR"),
    "C3": (b"VERSION:2.0", b"VERSION:1.0"),
    "C4": (b"CALSCALE", b"METHOD:PUBLISH\r\nCALSCALE"),
    "C5": (b"X-WR-CALNAME:Home", b"X-WR-CALNAME:Other"),
    "C6": (b"VALUE=DURATION:", b"VALUE=TEXT:"),
    "C7": (rb"BEGIN:VEVENT.*END:VEVENT\r\n", b""),
    "E1": (b"CLASS:PRIVATE\r\n", b""),
    "E2": (b"CLASS", b"RRULE:FREQ=DAILY\r\nCLASS"),
    "E3": (b"CLASS", b"ORGANIZER:mailto:a@b.c\r\nCLASS"),
    "E4": (b"STATUS:CONFIRMED", b"STATUS:HELD"),
    "E5": (b"T201500", b"T194500"),
    "E6": (b"CLASS", b"DURATION:PT1H\r\nCLASS"),
    "E7": (rb"(BEGIN:VEVENT.*?END:VEVENT\r\n)", rb"\1\1"),
    "E8": (rb"SUMMARY:.*?\r\n", b"SUMMARY:\r\n"),
    "E9": (b"UID:", b"UID:sample/014/"),
    "E10": (rb"SUMMARY:.*?\r\n", b"SUMMARY:Home; dose\r\n"),
    "E11": (b"CLASS", b"CATEGORIES:dose\r\nCLASS"),
    "U3": (b"SEQUENCE:0", b"SEQUENCE:v2"),
    "U4": (b"LAST-MODIFIED:2026", b"LAST-MODIFIED:2025"),
    "H1": (b"SUMMARY:", b"SUMMARY:HOLD "),
    "H2": (b"SUMMARY:", b"SUMMARY:CANCELLED "),
    "H5": (b"STATUS:CONFIRMED", b"STATUS:TENTATIVE"),
    "H6": (b"SUMMARY:", b"SUMMARY:3 MIU "),
    "T1": (b"DTSTART;TZID=America/New_York", b"DTSTART"),
    "T2": (b"TZID:America/New_York", b"TZID:America/Boston"),
    "T3": (b"T200000", b"T200000Z"),
    "T4": (b"RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\n", b""),
    "T5": (b"20260217T200000", b"20260308T023000"),
    "T6": (b"TZOFFSETTO:-0500", b"TZOFFSETTO:-0800"),
    "A1": (rb"(BEGIN:VALARM.*?END:VALARM\r\n)", rb"\1\1"),
    "A2": (b"ACTION:DISPLAY", b"ACTION:AUDIO"),
    "A3": (b"DISPLAY\r\nDESCRIPTION:Home", b"DISPLAY\r\nDESCRIPTION:Other"),
    "A4": (b"TRIGGER:-PT10M", b"TRIGGER:PT10M"),
    "A5": (b"END:VALARM\r\n", b"END:VALARM\r\nCOMMENT:x\r\n"),
    "A6": (b"ACTION:DISPLAY", b"ACTION:DISPLAY\r\nREPEAT:2"),
    "A8": (b"TRIGGER:-PT10M", b"TRIGGER:-PT24H"),
    "P1": (b"circle A", b"Proleuki"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_the_checker_finds_every_broken_rule(rule) -> None:
    data = write_calendar(sample(items=(item(LOW, 1, amount="1 mg"),)), "home", STAMP)
    assert broken_rules(data, ("proleuki",), discreet=True) == []
    pattern, changed = BROKEN[rule]
    pattern = pattern if b"\\" in pattern or b".*" in pattern else re.escape(pattern)
    broken = re.sub(pattern, changed if b"\\1" in changed else lambda _: changed, data, flags=re.DOTALL)
    assert broken != data
    assert any(found.startswith(f"{rule} ") for found in broken_rules(broken, ("proleuki",), discreet=True))


def test_the_writers_library_reads_the_zone_back() -> None:
    data = write_calendar(sample(), "home", STAMP)
    (zone,) = icalendar.Calendar.from_ical(data).timezones
    there = zone.to_tz(lookup_tzid=False)
    assert datetime(2026, 7, 1, tzinfo=there).utcoffset() == timedelta(hours=-4)
    assert datetime(2026, 12, 1, tzinfo=there).utcoffset() == timedelta(hours=-5)
