"""What is said and written beside a calendar: by phone, the notice, the change sheet, the clinic's own list."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from tests import calendar_ward
from tests.calendar_ward import FEVER, file, titles
from tests.ics_rules import events
from tests.on_the_line import enrol_a

ward = calendar_ward.ward  # a fixture


# ---------------------------------------------------------------- how it is told


def test_a_preview_stores_and_writes_nothing(ward) -> None:
    assert "PREVIEW: Doses at home of A1, issue 1" in ward.says("calendar", "A1", "--for", "home", "--preview")
    assert list(Path().glob("*.ics")) == []
    assert "handed out" not in ward.says("patient", "show", "A1")


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("caldav", "follows through the server: c1d1 publish A1"),
        ("feed", "follows through its feed: c1d1 publish A1. It takes hours, up to a day."),
        ("import", "keep ringing until A1 deletes that calendar and imports the next file"),
        ("paper", "has paper alone: read out the change sheet"),
    ],
)
def test_after_a_hold_it_is_said_who_calls_and_what_follows(ward, route, words) -> None:
    ward.records(f"route A1 {route}")
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-14")
    for said in (ward.says(*FEVER, "--preview"), ward.says(*FEVER)):
        assert "TELL A1 BY PHONE, now: " in said
        assert "A hold is a phone call, and somebody confirms it" in said
        assert words in said


def test_who_has_no_calendar_is_called_all_the_same(ward) -> None:
    said = ward.on("2026-01-14").says(*FEVER)
    assert "TELL A1 BY PHONE, now: " in said
    assert "A1 has no calendar of home doses from here" in said


def test_what_changes_no_home_dose_calls_nobody(ward) -> None:
    assert "BY PHONE" not in ward.records("given A1 C1D1/trastuzumab")
    assert "BY PHONE" not in ward.on("2026-01-07").records("given A1 C1D2/aldesleukin_low", "--on", "2026-01-06")


def test_files_to_be_imported_come_with_a_notice(ward) -> None:
    ward.records("route A1 import")
    ward.says("calendar", "A1", "--for", "home")
    old = {e.one("UID") for e in file("home-schedule-issue-01.ics")}
    ward.on("2026-01-14").says(*FEVER)
    assert "home-schedule-issue-02-notice.ics" in ward.says("calendar", "A1", "--for", "home")
    found = events(Path("home-schedule-issue-02-notice.ics").read_bytes())
    assert titles(found) == {"HOLD - no dose today (ignore other entry)"}
    assert {e.within("VALARM")[0].one("TRIGGER") for e in found} == {"-PT30M"}
    assert old.isdisjoint(e.one("UID") for e in found)
    ward.says("calendar", "A1", "--for", "home", "-o", "other.ics")
    assert Path("other-notice.ics").read_bytes() == Path("home-schedule-issue-02-notice.ics").read_bytes()


def test_the_change_sheet_sets_old_beside_new(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    assert "It is the first, and replaces none." in ward.says("changes", "A1")
    ward.on("2026-01-14").says(*FEVER)
    said = ward.says("changes", "A1")
    assert "It replaces sheet 1 of Mon 2026-01-05. Made from entry 5, seal " in said
    assert "NOT HANDED OUT YET" in said
    assert "HELD: nothing on these days (12)" in said
    assert "was: circle A, aldesleukin, low dose: 1.791 million units, subcutaneous, 20:00 now: HOLD: nothing" in said
    ward.says("calendar", "A1", "--for", "home")
    assert "NOT HANDED OUT YET" not in ward.says("changes", "A1")


def test_the_change_sheet_is_a_pdf_that_another_reader_reads(ward) -> None:
    ward.says("calendar", "A1", "--for", "home")
    ward.on("2026-01-14").says(*FEVER)
    ward.says("changes", "A1", "-o", "sheet.pdf")
    text = re.sub(r"\s+", " ", "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument("sheet.pdf")))
    for words in ("Change sheet 2 for A1", "replaces sheet 1", "HELD", "Wed 2026-01-14", "HOLD: nothing", "read back"):
        assert words in text


# ---------------------------------------------------------------- the clinic's list


def test_the_clinics_list_is_over_all_patients(ward) -> None:
    enrol_a(ward, "OSU-1")
    ward.on("2026-01-14").says(*FEVER)
    ward.says("calendar", "--for", "clinic", "-o", "list.ics", "--from", "2026-01-12", "--to", "2026-02-02")
    found = titles(file("list.ics"))
    assert "HOLD A1: aldesleukin" in found
    assert any(title.startswith("OSU-1 C2D1 trastuzumab 280 mg over 30 min") for title in found)
    assert any(title.startswith("A1 C2D1 trastuzumab") for title in found)
    days = [e.one("DTSTART")[:8] for e in file("list.ics")]
    assert (min(days) >= "20260112", max(days) <= "20260202") == (True, True)
    ward.says("calendar", "--for", "clinic", "--site", "OSU", "-o", "osu.ics")
    assert not any("A1 " in title for title in titles(file("osu.ics")))
    assert "so there is no list" in ward.refuses("calendar --for clinic --site XYZ")


def test_the_clinics_list_shows_what_is_to_be_decided(ward) -> None:
    ward.on("2026-01-14").says(*FEVER)
    ward.on("2026-01-16").records("toxicity A1 Fever 1")
    ward.says("calendar", "--for", "clinic", "-o", "list.ics")
    assert any(title.startswith("TO DECIDE A1: resume-") for title in titles(file("list.ics")))
