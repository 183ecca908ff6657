"""`c1d1 record done`: examinations are done once, and stand as overdue until somebody says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.clinic import home
from tests.on_the_line import Ward, enrol_a, enrol_b


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    enrol_a(found)
    return found


def overdue(ward: Ward, on: str) -> str:
    said = ward.says("today", "--date", on)
    return said.partition("OVERDUE")[2].partition("DUE ")[0]


def test_an_examination_is_overdue_until_it_is_recorded(ward: Ward) -> None:
    assert "A1 Mon 2026-01-12, C1D8: toxicity" not in overdue(ward, "2026-01-12")
    ward.records("done A1 C1D-1/toxicity --on 2026-01-02")
    ward.records("done A1 C1D1/toxicity --on 2026-01-05")
    assert "A1 Mon 2026-01-12, C1D8: toxicity grades" in overdue(ward, "2026-01-13")
    said = ward.records("done A1 C1D8 --on 2026-01-12")
    assert "DONE, examinations toxicity grades, CTC 2.0: Mon 2026-01-12 (C1D8)" in said
    assert "toxicity" not in overdue(ward, "2026-01-13")


def test_one_with_a_window_is_overdue_when_its_last_day_has_passed(ward: Ward) -> None:
    """The first scan by the calendar of the interleukin-12 protocol may be two weeks late."""
    ward.records("end A1 withdrawal --on 2026-01-04")
    enrol_b(ward)
    for item, on in (("C2D1", "2026-01-26"), ("C4D1", "2026-03-09")):
        ward.records(f"done B1 {item}/imaging --on {on}")
    ward.records("response B1 PR --on 2026-03-09")
    ward.records("weight B1 70 --on 2026-06-08")
    assert "imaging" in ward.says("today", "--date", "2026-06-09")
    assert "imaging" not in overdue(ward, "2026-06-10")
    assert "last day for: imaging" in ward.says("today", "--date", "2026-06-23")
    assert "imaging" not in overdue(ward, "2026-06-23")
    ward.records("weight B1 70 --on 2026-06-20")
    assert "imaging" in overdue(ward, "2026-06-24")


def test_what_was_not_done_is_not_waited_for(ward: Ward) -> None:
    said = ward.records("done A1 C1D-1/imaging --not-done --on 2026-01-05")
    assert "NOT DONE, examinations imaging" in said
    assert "imaging" not in overdue(ward, "2026-01-13")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("done A1 C1D2", "C1D2 has no examination, only doses: record it with c1d1 record given."),
        ("done A1 C1D8/toxicity", "C1D8/toxicity is planned for Mon 2026-01-12. Say on which day it was"),
        ("done A1 C1D-1 --on 2026-01-02", "C1D-1 has 3 examinations. Name one: C1D-1/toxicity"),
        ("done A1 C1D8/bloods", "There is no 'C1D8/bloods' on the schedule."),
    ],
)
def test_what_cannot_be_meant_is_refused(ward: Ward, words: str, answer: str) -> None:
    assert answer in ward.refuses(f"record {words}")


def test_it_is_recorded_once_and_can_be_corrected(ward: Ward) -> None:
    ward.records("done A1 C1D8 --on 2026-01-12")
    assert "C1D8/toxicity is recorded as done on Mon 2026-01-12 (entry 4)." in ward.refuses(
        "record done A1 C1D8 --on 2026-01-12"
    )
    ward.records("correct A1 4 C1D8 --on 2026-01-13 --reason slip")
    assert "Tue 2026-01-13 C1D8 clinic x toxicity grades, CTC 2.0 DONE" in ward.says(
        "schedule", "A1", "--through", "2026-01-14"
    )
    assert "was done outside its days, Mon 2026-01-12 to Mon 2026-01-12." in ward.records(
        "correct A1 4 C1D8 --on 2026-01-14 --reason slip"
    )


# ---------------------------------------------------------------- which day it is


def test_today_is_the_day_of_the_clinics_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 22:30 in UTC it is tomorrow in Auckland and still today in Chicago."""
    ward = Ward(tmp_path, monkeypatch)
    monkeypatch.setattr(home, "now", lambda: datetime(2026, 1, 12, 22, 30, tzinfo=UTC))
    for zone, day in (("Pacific/Auckland", "Tue 2026-01-13"), ("America/Chicago", "Mon 2026-01-12")):
        (tmp_path / "clinic.toml").write_text(f'zone = "{zone}"\n', encoding="utf-8")
        if zone == "Pacific/Auckland":
            enrol_a(ward)
        assert f"WORKLIST for {day}" in ward.says("today")
