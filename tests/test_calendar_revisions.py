"""One issue after another from schedules by hand: bad names, changed clocks, and what a notice says when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.issuing import calendars
from scheduler.outputs.calendar_entries import Entry, Sheet
from scheduler.outputs.calendar_file import calendar_file
from scheduler.outputs.calendar_issues import Facts, first_revision, next_entries
from scheduler.outputs.calendar_notices import notices
from scheduler.outputs.change_sheet import ChangeSheet, change_text, changes_of, write_change_sheet
from scheduler.outputs.zones import clock, zone_named
from scheduler.problems import Refused
from scheduler.record.events import PatientEnrolled
from tests.calendar_clients import Record
from tests.calendar_sample import ANTIBODY, GRADES, HIGH, LOW, SCAN, STAMP, START, item, sample, with_items
from tests.conftest import IL2, MONDAY, protocol
from tests.ics_rules import broken_rules, events
from tests.test_calendar_files import HOSTILE
from tests.test_calendar_writer import icalendar_sees, named, strict_sees

UNTIL = START + timedelta(days=6)


def issue(schedule, number: int, handed=None, purpose="home", detail="discreet", days=0) -> tuple[Entry, ...]:
    """An issue so many days after the first."""
    facts = Facts(number, START + timedelta(days=days), UNTIL, STAMP + timedelta(days=days, minutes=number))
    zone = zone_named(schedule.zone)
    sheet = Sheet(schedule, purpose, detail, zone, clock("09:00"), first_revision(facts))
    return next_entries(sheet, facts, handed or {})


def handed(*found: tuple[Entry, ...]) -> dict[str, Entry]:
    return {entry.key: entry for each in found for entry in each}


def doses(*statuses: str, slots=(LOW, HIGH), amount="1 mg"):
    """Both home doses on day 2, in these states."""
    return with_items(*(item(slot, 1, amount=amount, status=s) for slot, s in zip(slots, statuses, strict=False)))


def titles(found) -> list[str]:
    return [entry.title for entry in found]


# ---------------------------------------------------------------- notices


def notice_titles(first, second) -> list[str]:
    one = issue(first, 1)
    two = issue(second, 2, handed(one))
    return titles(notices("home", two, handed(one), two[0].revision))


def test_a_notice_says_no_dose_where_none_is_left_on_the_day() -> None:
    found = notice_titles(doses("planned"), doses("held"))
    assert found == ["HOLD - no dose today (ignore other entry)"]


def test_a_notice_names_the_mark_where_the_other_dose_stays() -> None:
    """Or the patient would leave out both."""
    found = notice_titles(doses("planned", "planned"), doses("planned", "held"))
    assert found == ["HOLD - no square B dose today (ignore other entry)"]


def test_a_second_notice_of_a_dose_says_which_issue_counts() -> None:
    one = issue(doses("planned"), 1)
    two = issue(doses("held"), 2, handed(one))
    three = issue(doses("planned", amount="0.5 mg"), 3, handed(one, two))
    found = titles(notices("home", three, handed(one, two), three[0].revision))
    assert found == ["CHANGED home dose, circle A (issue 3, ignore other entry)"]


def test_a_moved_dose_has_a_notice_at_both_times() -> None:
    one = issue(doses("planned"), 1)
    two = issue(doses("planned", slots=(replace(LOW, time="21:30"),)), 2, handed(one))
    found = notices("home", two, handed(one), two[0].revision)
    assert [(e.title.split(" ")[0], f"{e.start:%H:%M}") for e in found] == [("HOLD", "20:00"), ("CHANGED", "21:30")]


# ---------------------------------------------------------------- revisions


def test_an_entry_that_leaves_the_release_is_held_and_not_gone() -> None:
    one = issue(doses("planned"), 1)
    later = with_items(item(LOW, 20, amount="1 mg"))
    two = issue(later, 2, handed(one))
    assert [(e.title, e.start) for e in two] == [("HOLD - no circle A dose today, call clinic", one[0].start)]


def test_an_entry_that_is_on_no_schedule_any_more_is_cancelled_at_its_time() -> None:
    one = issue(doses("planned"), 1)
    two = issue(with_items(item(GRADES, 0)), 2, handed(one))
    assert [(e.title, e.start, e.look.alarm) for e in two] == [("CANCELLED home dose, circle A", one[0].start, 0)]
    assert issue(with_items(item(GRADES, 0)), 3, handed(one, two)) == two
    assert issue(with_items(item(GRADES, 0)), 4, handed(one, two), days=2) == ()


def test_what_moves_there_and_back_counts_on() -> None:
    one = issue(doses("planned"), 1)
    two = issue(doses("held"), 2, handed(one))
    three = issue(doses("planned"), 3, handed(one, two))
    four = issue(doses("planned"), 4, handed(one, two, three))
    assert [e.revision.sequence for each in (one, two, three, four) for e in each] == [0, 1, 2, 2]
    assert (three[0].title, three[0].text) == (one[0].title, one[0].text)
    assert four[0] is three[0]


def test_an_amount_that_comes_is_no_change_but_one_that_changes_is() -> None:
    one = issue(doses("not-computable", amount=""), 1)
    two = issue(doses("planned"), 2, handed(one))
    three = issue(doses("planned", amount="2 mg"), 3, handed(one, two))
    assert [titles(each)[0].split(" ")[0] for each in (one, two, three)] == ["ASK", "Home", "CHANGED"]


def test_a_visit_that_lost_its_day_is_cancelled_and_its_scan_moves_as_a_whole() -> None:
    first = with_items(item(ANTIBODY, 3, amount="1 mg"), item(SCAN, 6))
    one = issue(first, 1, purpose="visits")
    second = with_items(item(GRADES, 3), item(SCAN, 8))
    two = issue(second, 2, handed(one), purpose="visits")
    assert sorted(titles(two)) == [
        "Appointment between 17 and 24 February",
        "CANCELLED clinic visit 09:00",
        "Clinic visit 09:00",
    ]
    scan = next(e for e in two if e.title.startswith("Appointment"))
    assert scan.text[0] == "Moved from 15 February 2026."


# ---------------------------------------------------------------- bad input

NAMES = [HOSTILE, "x" * 300, "😀" * 80, "\u202eabc\u202c", "line\r\nBEGIN:VALARM\r\n", "\\N;,\\", "é" * 150]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("purpose", ["home", "visits"])
@pytest.mark.parametrize("detail", ["discreet", "full"])
def test_bad_names_break_no_file_and_two_readers_agree(name, purpose, detail) -> None:
    low = replace(LOW, name=name, mark=f"mark {name}", drug="abcdef")
    visit = replace(ANTIBODY, name=name)
    first = with_items(item(low, 1, amount="1 mg"), item(visit, 2, amount="1 mg"), subject=name)
    second = with_items(item(low, 1, amount="2 mg", status="held"), item(visit, 3, amount="1 mg"), subject=name)
    one = issue(first, 1, purpose=purpose, detail=detail)
    two = issue(second, 2, handed(one), purpose=purpose, detail=detail)
    for found in (one, two, notices(purpose, two, handed(one), two[0].revision)):
        data = calendar_file("Home schedule", named(list(found)))
        assert [rule for rule in broken_rules(data) if not rule.startswith("H1")] == []
        assert icalendar_sees(data) == strict_sees(data)
        assert len(events(data)) == len(found)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_bad_names_break_no_change_sheet(name) -> None:
    low = replace(LOW, name=name, mark=name, drug="abcdef")
    one = issue(with_items(item(low, 1, amount="1 mg")), 1)
    two = issue(with_items(item(low, 1, amount="1 mg", status="held")), 2, handed(one))
    sheet = ChangeSheet(
        *(name, "doses at home", 2, START, UNTIL, 7, "0" * 64, True, START, "The calendar follows.", name),
        changes_of(two, handed(one)),
    )
    text = change_text(sheet)
    assert all(len(line) <= 100 and line.isprintable() for line in text.splitlines())
    if name in (NAMES[1], *NAMES[4:]):
        assert write_change_sheet(sheet).startswith(b"%PDF")
    else:
        with pytest.raises(Refused, match="cannot show"):
            write_change_sheet(sheet)


@pytest.mark.parametrize(
    ("day", "at", "fate"),
    [(date(2026, 3, 8), "02:30", "does not exist"), (date(2026, 11, 1), "01:30", "comes twice")],
)
def test_a_visit_in_an_hour_that_is_skipped_or_comes_twice_is_refused(day, at, fate) -> None:
    schedule = sample(items=(item(ANTIBODY, 0, amount="1 mg")._replace(date=day),))
    facts = Facts(1, day, day, STAMP)
    sheet = Sheet(schedule, "visits", "discreet", zone_named(schedule.zone), clock(at), first_revision(facts))
    with pytest.raises(Refused, match=fate):
        next_entries(sheet, facts, {})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe/Berlin\r\nX"])
def test_a_broken_zone_of_an_old_record_is_refused_in_a_sentence(zone) -> None:
    """It cannot be entered; this is for records that came in some other way."""
    found = protocol(IL2)
    enrolled = PatientEnrolled(MONDAY, MONDAY, "S-001", zone=zone, protocol=IL2, edition=1, digest=found.digest)
    record = Record(found, enrolled, STAMP)
    with pytest.raises(Refused, match="is not a time zone") as refused:
        calendars.issue(record.desk, record.chart, "home")
    assert str(refused.value).isprintable()
