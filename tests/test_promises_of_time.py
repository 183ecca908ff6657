"""Zones, changes of clocks, amendments: what may change a schedule, and what must not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.engine.build import build_schedule
from scheduler.outputs.calendars import write_calendar
from scheduler.problems import Refused
from scheduler.record.history import History
from scheduler.shipped import protocols_folder
from tests.conftest import IL2, patient, protocol
from tests.on_the_line import Ward

BERLIN = "Europe/Berlin"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ELSEWHERE = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/St_Johns", "Nowhere/At-All")
BODY = ("--height", "165", "--weight", "70")

needs_tzset = pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes no zone from the environment")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    yield Ward(tmp_path / "home", monkeypatch)
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def enrolled(ward: Ward, subject: str, name: str = IL2) -> None:
    ward.says(
        *("patient", "enrol", subject, "--protocol", name, "--start", "2026-01-05", *BODY),
        *("--zone", BERLIN, "--home-time", "20:30", "--on", "2026-01-05"),
    )


def move_to(zone: str, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TZ", zone)
    time.tzset()


# ---------------------------------------------------------------- the zone of the computer

READING = (
    f"plan {IL2} --start 2026-03-16 --weight 70 --height 165 --zone {BERLIN}",
    f"plan {IL2} --start 2026-03-16 --weight 70 --height 165 --zone {BERLIN} --calendar home",
    "schedule A1 --on 2026-01-20 --through 2026-04-30",
    "schedule A1 --on 2026-01-20 --through 2026-04-30 --format json",
    "schedule A1 --as-known-at 4 --format csv",
    "why A1 C1D12 aldesleukin --as-known-at 4",
    "patient show A1",
    "patient list",
    "today --date 2026-01-20",
    "log verify --projections",
)


@needs_tzset
@pytest.mark.promise("P21")
def test_the_zone_of_the_computer_changes_no_output(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    move_to("UTC", monkeypatch)
    enrolled(ward, "A1")
    ward.records("toxicity A1 Fever 3 --on 2026-01-14")
    ward.records("given A1 C1D2 --on 2026-01-06 --time 20:30")
    here = [ward.says(*words.split()) for words in READING]
    for zone in ELSEWHERE:
        move_to(zone, monkeypatch)
        assert [ward.says(*words.split()) for words in READING] == here, zone


@needs_tzset
@pytest.mark.promise("P21")
def test_the_zone_of_the_computer_changes_nothing_that_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for number, zone in enumerate(("UTC", *ELSEWHERE)):
        move_to(zone, monkeypatch)
        ward = Ward(tmp_path / str(number), monkeypatch)
        enrolled(ward, "A1")
        ward.records("toxicity A1 Fever 3 --on 2026-01-14")
        shown = ward.run("patient", "show", "A1").stdout.splitlines()
        schedule = json.dumps(ward.data("A1", "2026-04-30", "--on", "2026-01-20"))
        found.add(("\n".join(line for line in shown if "last seal" not in line), schedule))
    assert len(found) == 1


# ---------------------------------------------------------------- when the clocks change


def at_home(start: date, at: str, zone: str = BERLIN) -> str:
    """The calendar of home doses of the first weeks, taken at a time of day."""
    known = patient(start)
    enrolment = replace(known.enrolment, zone=zone, home_dose_time=at)
    schedule = build_schedule(protocol(IL2), History((enrolment, *known.events[1:])), start + timedelta(days=20))
    return write_calendar(schedule, "home", datetime.combine(start, datetime.min.time(), UTC)).decode()


@pytest.mark.promise("P21")
@pytest.mark.parametrize(("change", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_home_dose_keeps_its_time_of_day_when_the_clocks_change(change: date, hours: int) -> None:
    start = change - timedelta(days=4)
    text = at_home(start, "20:30")
    starts = [line for line in text.splitlines() if line.startswith(f"DTSTART;TZID={BERLIN}:")]
    assert starts
    assert all(line.endswith("T203000") for line in starts)
    days = [datetime.strptime(line[-15:], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).date() for line in starts]
    assert change - timedelta(days=1) in days
    assert change in days
    before, after = (
        datetime(day.year, day.month, day.day, 20, 30, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
        for day in (change - timedelta(days=1), change)
    )
    assert after - before == timedelta(hours=hours)


@pytest.mark.promise("P21")
@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_a_home_time_that_a_day_lacks_or_has_twice_is_refused_and_never_guessed(change: date) -> None:
    with pytest.raises(Refused, match=r"is at 02:30; .* choose another time\."):
        at_home(change - timedelta(days=4), "02:30")


@pytest.mark.promise("P21")
def test_days_of_a_schedule_are_dates_and_count_no_hours(ward: Ward) -> None:
    """The same doses on the same days, whether or not the clocks change in between."""

    def days(zone: str) -> list[tuple[object, ...]]:
        words = f"plan {IL2} --start 2026-03-16 --weight 70 --height 165 --cycles 20 --format json --zone {zone}"
        return [(i["id"], i["date"], i["time"]) for i in json.loads(ward.run(*words.split()).stdout)["items"]]

    assert days(BERLIN) == days("UTC") == days("Pacific/Apia") == days("Australia/Lord_Howe")


# ---------------------------------------------------------------- amendments


@pytest.mark.promise("P12")
@pytest.mark.parametrize("amended_on", ["2026-01-05", "2026-01-20", "2026-02-08", "2026-02-09", "2026-03-03"])
def test_an_amendment_changes_only_days_from_its_own_on_and_only_for_its_patient(
    ward: Ward, tmp_path: Path, amended_on: str
) -> None:
    for subject in ("A1", "A2"):
        enrolled(ward, subject)
        ward.records(f"given {subject} C1D2 --on 2026-01-06 --time 20:30")
        ward.records(f"toxicity {subject} Fever 3 --on 2026-01-14")
        ward.records(f"toxicity {subject} Fever 0 --on 2026-01-17")
        ward.records(f"lift {subject} --on 2026-01-18")
    text = (protocols_folder() / f"{IL2}.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("edition: 1", "edition: 2"),
        ("cycle 2+ day 1: trastuzumab 4 mg/kg", "cycle 2+ day 1: trastuzumab 6 mg/kg"),
        ("cycle 2+: 14 days", "cycle 2+: 21 days"),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "second.yaml").write_text(text, encoding="utf-8")
    before = shown(ward)
    ward.records(f"amend A1 --on {amended_on}", "--protocol", str(tmp_path / "second.yaml"))
    after = shown(ward)
    assert after["A2"] == before["A2"]
    assert past(after["A1"], amended_on) == past(before["A1"], amended_on)
    assert after["A1"] != before["A1"]
    assert ward.run("schedule", "A1", "--as-known-at", "7", *SEEN).stdout.encode() == before["A1"]


SEEN = ("--on", "2026-06-30", "--through", "2026-05-31", "--format", "json")


def shown(ward: Ward) -> dict[str, bytes]:
    """The schedules as bytes."""
    return {subject: ward.run("schedule", subject, *SEEN).stdout.encode() for subject in ("A1", "A2")}


def past(schedule: bytes, day: str) -> list[str]:
    """What stands on days before a day, as text."""
    return [json.dumps(item) for item in json.loads(schedule)["items"] if item["date"] < day]
