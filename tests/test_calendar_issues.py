"""Calendars as they are handed out on the command line: numbered, recorded, and never rewritten."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.clinic.desk import open_desk
from scheduler.clinic.home import find_home
from scheduler.issuing import calendars
from scheduler.outputs import calendar_entries
from tests import accounts_sample, calendar_ward
from tests.accounts_sample import PEOPLE
from tests.calendar_ward import FEVER, by_day, file, stamps, titles
from tests.ics_rules import instant
from tests.on_the_line import enrol_a

quick_hashes, pinned = accounts_sample.quick_hashes, accounts_sample.pinned  # fixtures
ward = calendar_ward.ward


# ---------------------------------------------------------------- one issue after another


def test_a_first_calendar_holds_the_doses_up_to_the_next_visit_and_is_recorded(ward) -> None:
    said = ward.says("calendar", "A1", "--for", "home")
    assert "issue 1, from entry 3, recorded as entry 4" in said
    assert "Written: home-schedule-issue-01.ics" in said
    found = by_day(file("home-schedule-issue-01.ics"))
    assert (min(found), max(found)) == ("20260106", "20260125")
    assert "Home schedule, issue 1 handed out: made from entry 3" in ward.says("patient", "show", "A1")


def test_an_issue_that_still_holds_is_written_again_to_the_byte(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    first = Path("home-schedule-issue-01.ics").read_bytes()
    ward.on("2026-01-08").records("weight A1 70", "--on", "2026-01-07")
    said = ward.says("calendar", "A1", "--for", "home", "-o", "again.ics")
    assert "still holds: the same file again, and nothing was recorded" in said
    assert Path("again.ics").read_bytes() == first


def test_after_grade_3_every_dose_to_come_is_a_silent_hold(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    before = by_day(file("home-schedule-issue-01.ics"))
    ward.on("2026-01-14").says(*FEVER)
    said = ward.says("calendar", "A1", "--for", "home")
    assert "Against the issue before: 12 held" in said
    after = by_day(file("home-schedule-issue-02.ics"))
    assert min(after) == "20260114"
    assert titles(list(after.values())) == {
        "HOLD - no circle A dose today, call clinic",
        "HOLD - no square B dose today, call clinic",
    }
    for day, event in after.items():
        assert (event.one("UID"), instant(event, "DTSTART")) == (
            before[day].one("UID"),
            instant(before[day], "DTSTART"),
        )
        assert (event.parts, event.one("SEQUENCE"), event.one("STATUS")) == ([], "1", "CONFIRMED")
        assert stamps(event)[1] == stamps(event)[2] == "20260114T120000Z" > stamps(before[day])[1]


def test_a_resumed_and_reduced_dose_is_changed(ward) -> None:
    ward.says("calendar", "A1", "--for", "home", "--detail", "full")
    ward.on("2026-01-14").says(*FEVER)
    ward.says("calendar", "A1", "--for", "home", "--detail", "full")
    ward.on("2026-01-16").records("toxicity A1 Fever 1")
    ward.records("lift A1")
    ward.says("calendar", "A1", "--for", "home", "--detail", "full")
    resumed = by_day(file("home-schedule-issue-03.ics"))["20260116"]
    assert resumed.text("SUMMARY") == "CHANGED home dose, circle A, read details"
    assert "1.343 million units" in resumed.text("DESCRIPTION")
    assert resumed.one("SEQUENCE") == "2"
    assert resumed.within("VALARM")


def test_a_dose_resumed_as_it_was_is_a_home_dose_again(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    ward.records("hold A1")
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-07").records("lift A1")
    ward.says("calendar", "A1", "--for", "home")
    assert titles(file("home-schedule-issue-03.ics")) == {"Home dose, circle A", "Home dose, square B"}
    assert "ON AGAIN, as before (18)" in ward.says("changes", "A1")


def test_only_what_changed_is_newer(ward) -> None:
    """Holding the intermediate dose alone leaves the low doses as they were."""
    ward.says("calendar", "A1", "--for", "home")
    first = {e.one("UID"): e for e in file("home-schedule-issue-01.ics")}
    ward.on("2026-01-06").records("hold A1 aldesleukin_intermediate")
    ward.says("calendar", "A1", "--for", "home")
    second = file("home-schedule-issue-02.ics")
    low = [e for e in second if "circle A" in e.text("SUMMARY")]
    assert len(low) == 16
    assert all(e == first[e.one("UID")] for e in low)
    assert {stamps(e)[0] for e in second if e not in low} == {"1"}


def test_an_ended_treatment_is_cancelled_and_stays_until_its_day_has_passed(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-20").records("end A1 progression")
    ward.says("calendar", "A1", "--for", "home")
    left = file("home-schedule-issue-02.ics")
    assert {(e.text("SUMMARY"), e.one("STATUS")) for e in left} == {("CANCELLED home dose, circle A", "CANCELLED")}
    assert sorted(by_day(left)) == [f"202601{day}" for day in range(20, 26)]
    assert not any(e.parts for e in left)
    ward.on("2026-02-20")
    assert "issue 2 of Tue 2026-01-20 still holds" in ward.says("calendar", "A1", "--for", "home")


def test_a_moved_visit_holds_the_doses_after_it_and_moves_them_with_its_old_time(ward) -> None:
    ward.says("calendar", "A1", "--for", "visits")
    ward.on("2026-01-20").records("visit A1 2 2026-01-29")
    ward.says("calendar", "A1", "--for", "visits")
    moved = by_day(file("clinic-visits-issue-02.ics"))["20260129"]
    assert moved.text("SUMMARY") == "Clinic visit 09:00"
    assert "Moved from 26 January 2026, 09:00." in moved.text("DESCRIPTION")
    assert moved.one("UID") in {e.one("UID") for e in file("clinic-visits-issue-01.ics")}


def test_a_visit_releases_doses_only_when_something_of_its_day_is_recorded(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-26")
    said = ward.says("calendar", "A1", "--for", "home")
    assert "issue 1 of Mon 2026-01-05 still holds" in said
    assert "run out on Sun 2026-01-25: a visit releases the next doses once something of it is recorded" in said
    ward.records("given A1 C2D1/trastuzumab")
    assert "issue 2" in ward.says("calendar", "A1", "--for", "home")
    assert max(by_day(file("home-schedule-issue-02.ics"))) == "20260208"


def test_what_was_taken_before_its_time_does_not_ring(ward) -> None:
    ward.on("2026-01-06").says("calendar", "A1", "--for", "home")
    ward.records("given A1 C1D2/aldesleukin_low")
    ward.says("calendar", "A1", "--for", "home")
    today = by_day(file("home-schedule-issue-02.ics"))["20260106"]
    assert (today.text("SUMMARY"), today.parts) == ("CANCELLED home dose, circle A", [])


def test_a_traveller_takes_doses_by_the_clock_there(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    said = ward.says("record", "zone", "A1", "Europe/Lisbon", "--on", "2026-01-10")
    assert "Home doses go by the clock of Europe/Lisbon from Sat 2026-01-10 on" in said
    ward.says("calendar", "A1", "--for", "home")
    found = file("home-schedule-issue-02.ics")
    zones = {e.one("DTSTART")[:8]: e.parameters("DTSTART")["TZID"] for e in found}
    assert {zone for day, zone in zones.items() if day < "20260110"} == {"America/New_York"}
    assert {zone for day, zone in zones.items() if day >= "20260110"} == {"Europe/Lisbon"}
    assert "Moved from" in by_day(found)["20260110"].text("DESCRIPTION")
    assert "20:00 America/New_York time" in ward.says("changes", "A1")
    ward.says("calendar", "A1", "--for", "visits")
    visits = file("clinic-visits-issue-01.ics")
    assert {e.parameters("DTSTART").get("TZID") for e in visits} <= {"America/New_York", None}


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("calendar --for home", "Name the patient"),
        ("calendar A1 --for clinic", "The clinic's list is of all patients"),
        ("calendar A1 --for home --site X", "are for the clinic's list"),
        ("calendar B7 --for home", "There is no patient B7"),
        ("calendar A1 --for home -o /nowhere/x.ics", "There is no folder /nowhere"),
        ("record zone A1 Mars/Olympus", "is not a time zone"),
        ("record zone A1 Europe/Berlin --on 2030-01-01", "more than a year ahead"),
        ("calendar --for clinic --from 2026-02-01 --to 2026-01-01", "Give --from a day before --to"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(ward, words, said) -> None:
    assert said in ward.refuses(words)
    assert "handed out" not in ward.says("patient", "show", "A1")


def test_another_patients_file_is_not_written_over(ward) -> None:
    enrol_a(ward, "A2")
    ward.says("calendar", "A1", "--for", "home")
    first = Path("home-schedule-issue-01.ics").read_bytes()
    assert "perhaps another patient's. Nothing was recorded." in ward.refuses("calendar A2 --for home")
    assert Path("home-schedule-issue-01.ics").read_bytes() == first
    assert "handed out" not in ward.says("patient", "show", "A2")
    ward.says("calendar", "A2", "--for", "home", "-o", "a2.ics")


def test_what_was_handed_out_is_not_taken_back(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    said = ward.refuses("record", "correct", "A1", "4", "--withdraw", "--reason", "no")
    assert "was handed out" in said


def test_a_patient_without_doses_at_home_has_no_calendar_of_them(ward) -> None:
    ward.says(
        *("patient", "enrol", "W1", "--protocol", "trastuzumab-weekly"),
        *("--start", "2026-01-05", "--height", "165", "--weight", "70"),
    )
    assert "takes no doses at home" in ward.refuses("calendar W1 --for home")
    assert "no change sheet either" in ward.refuses("changes W1")
    ward.says("calendar", "W1", "--for", "visits")


def test_ids_cannot_be_guessed_and_stay(ward) -> None:
    enrol_a(ward, "A2")
    ward.says("calendar", "A1", "--for", "home")
    first = {e.one("UID") for e in file("home-schedule-issue-01.ics")}
    ward.says("calendar", "A2", "--for", "home", "-o", "a2.ics")
    assert first.isdisjoint(e.one("UID") for e in file("a2.ics"))
    ward.records("route A1 feed", "--detail", "full")
    ward.says("calendar", "A1", "--for", "home")
    assert {e.one("UID") for e in file("home-schedule-issue-02.ics")} == first


def test_a_program_that_words_it_otherwise_tells_everything_again(ward, monkeypatch) -> None:
    """The fingerprint in the record shows that an old file cannot be made again: then all of it is newer."""
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-07").records("hold A1 aldesleukin_intermediate")
    ward.says("calendar", "A1", "--for", "home")
    monkeypatch.setitem(calendar_entries._HOME_TEXTS, "planned", "Your sheet{mark} counts.")
    assert "issue 3" in ward.says("calendar", "A1", "--for", "home")
    found = file("home-schedule-issue-03.ics")
    assert {e.one("SEQUENCE") for e in found} == {"2"}
    assert "Your sheet, circle A counts." in by_day(found)["20260107"].text("DESCRIPTION")
    assert "still holds" in ward.says("calendar", "A1", "--for", "home")


def test_the_same_record_gives_the_same_files_years_later(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-14").says(*FEVER)
    ward.says("calendar", "A1", "--for", "home")
    second = Path("home-schedule-issue-02.ics").read_bytes()
    ward.on("2031-01-01")
    with open_desk(find_home()) as desk:
        chart = desk.chart("A1")
        made = calendars.last_issue(desk, chart, "home")
        assert made is not None
        assert made.content == second
        known = calendars.handed_out(desk, chart, "home")
    assert set(known.values()) <= {date(2026, 1, 5) + timedelta(days=n) for n in range(22)}


def test_handing_out_is_no_news_of_the_patient(ward) -> None:
    """Or the worklist would believe that somebody had seen A1."""
    ward.on("2026-03-01")
    with open_desk(find_home()) as desk:
        before = desk.log.due_of("A1")
        last = desk.chart("A1").last_event_on
    ward.records("route A1 feed")
    ward.says("calendar", "A1", "--for", "visits")
    with open_desk(find_home()) as desk:
        assert (desk.log.due_of("A1"), desk.chart("A1").last_event_on) == (before, last)


# ---------------------------------------------------------------- who may


def test_where_there_are_accounts_a_calendar_is_signed_within_the_rights(pinned, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    enrol_a(pinned.on("2026-01-05"))
    pinned.staff("nurse", "pharmacist")
    asked = ("calendar", "A1", "--for", "home")
    said = pinned.as_(PEOPLE["pharmacist"], *asked)
    assert (said.exit_code, "may not hand out a calendar" in said.stderr) == (1, True)
    assert not list(tmp_path.glob("*.ics"))
    assert pinned.as_(PEOPLE["nurse"], *asked).exit_code == 0
    assert "recorded and signed 2026-01-05 12:00 UTC by N. Reyes, nurse" in pinned.says("patient", "show", "A1")
