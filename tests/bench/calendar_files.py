"""Write the calendars of many patients, one after another, and one patient's change; print seconds as JSON.

`python -m tests.bench.calendar_files 1000 [written]`; with `written` each file is written and let go, for the memory.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scheduler.clinic import home
from scheduler.engine.schedule import Schedule
from scheduler.issuing import calendars
from scheduler.outputs.calendar_entries import Entry, Revision, Sheet, home_entries
from scheduler.outputs.calendar_file import calendar_file
from scheduler.outputs.calendar_visits import visit_entries
from scheduler.outputs.calendars import NAMESPACE, in_order, uid
from scheduler.outputs.zones import clock, zone_named
from scheduler.protocol import library
from scheduler.record.events import HoldOrdered, PatientEnrolled
from scheduler.shipped import protocols_folder
from tests.bench.expansion import engine, patients
from tests.calendar_clients import Record
from tests.plain_icalendar import plain_file

EVENTS, SAMPLE, ROUNDS = 351, 10, 20
STAMP = datetime(2026, 1, 5, 12, tzinfo=UTC)
Named = list[tuple[str, Entry]]


def schedules(count: int) -> Iterator[Schedule]:
    """23 cycles each, nothing held back for a decision."""
    found = library.load(protocols_folder() / "trastuzumab-il2.yaml").protocol
    assert found is not None
    for number, schedule in enumerate(engine(found, patients(count))):
        yield replace(schedule, go_no_go=(), subject=f"S-{number}", zone="America/New_York")


def entries(schedule: Schedule) -> Named:
    """327 home doses and 24 visits, with their ids."""
    revision = Revision(1, STAMP.date(), schedule.through, STAMP)
    sheet = Sheet(schedule, "home", "discreet", zone_named(schedule.zone), clock("09:00"), revision)
    visits = visit_entries(replace(sheet, purpose="visits"))
    found = in_order([*home_entries(sheet), *visits])[:EVENTS]
    return [(uid(NAMESPACE, schedule.subject, entry.key), entry) for entry in found]


def written(count: int, write: Callable[[str, Named], bytes]) -> tuple[float, int]:
    """Seconds for entries, ids and bytes, without the making of the schedules; and how many events."""
    seconds, events = 0.0, 0
    with Path(os.devnull).open("wb") as nowhere:
        for schedule in schedules(count):
            began = time.perf_counter()
            named = entries(schedule)
            nowhere.write(write("Home schedule", named))
            seconds += time.perf_counter() - began
            events += len(named)
    return seconds, events


def one_change() -> float:
    """Seconds from a patient's entries, the last of them a hold, to the new file."""
    found = library.load(protocols_folder() / "trastuzumab-il2.yaml").protocol
    assert found is not None
    day = date(2026, 1, 5)
    zone = "America/New_York"
    enrolled = PatientEnrolled(day, day, "S-001", zone=zone, protocol=found.name, edition=1, digest=found.digest)
    record = Record(found, enrolled, STAMP)
    home.now = lambda: record.now
    first = calendars.issue(record.desk, record.chart, "home")
    record.add(*calendars.draft(record.chart, first).events)
    record.now += timedelta(days=9)
    record.add(HoldOrdered(record.now.date(), ("aldesleukin_low", "aldesleukin_intermediate")))
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        made = calendars.issue(record.desk, record.chart, "home")
        assert made.content.count(b"SUMMARY:HOLD") == len(made.entries)
        rounds.append(time.perf_counter() - began)
    return min(rounds)


def main(count: int, *, only_written: bool) -> None:
    own, events = written(count, calendar_file)
    if only_written:
        print("{}")
        return
    plain, sampled = written(SAMPLE, plain_file)
    print(json.dumps({"own": own, "plain": plain / sampled * events, "events": events, "change": one_change()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), only_written="written" in sys.argv[2:])
