"""`c1d1 publish --all`: everybody by the route recorded; who was not reached is named, and why."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path

import pytest

from scheduler.cli import progress
from scheduler.clinic.desk import Desk
from scheduler.issuing import calendars
from tests.on_the_line import Ward, enrol_a
from tests.publish_servers import ACCOUNT, Radicale, rude_server
from tests.publish_ward import BERG, choose, desk_of, feed_file, hold, issued, on_phone, patient, place, served, shown

# ---------------------------------------------------------------------------- everybody


def test_everybody_is_reached_by_the_route_recorded(
    ward: Ward, radicale: Radicale, calendar: str, web: Path, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for subject, way in {"A1": "caldav", "A2": "feed", "A3": "import", "A4": "paper"}.items():
        patient(ward, subject, way)
    served(ward, "A1", calendar)
    ward.says("publish", "A2", "--folder", str(web))
    ward.says("publish", "A3", "--import", str(files))
    with desk_of(ward) as desk:
        chart = desk.chart("A4")
        desk.store(calendars.draft(chart, calendars.issue(desk, chart, "home")), BERG)
    assert "Nothing to publish: every calendar is as it was issued" in ward.says("publish", "--all")
    for subject in ("A1", "A2", "A3", "A4"):
        hold(ward, subject)
    said = ward.says("publish", "--all")
    assert "3 calendars published. New files to be handed over, for: A3." in said
    assert "on paper or without a route: A4. See c1d1 changes" in said
    assert {title[:4] for title in on_phone(radicale, calendar).values()} == {"HOLD"}
    assert {title[:4] for title in shown(feed_file(ward, "A2").read_bytes()).values()} == {"HOLD"}
    names = {path.name: path for path in (files / "A3").iterdir()}
    assert sorted(names) == [
        "home-schedule-issue-01.ics",
        "home-schedule-issue-02-notice.ics",
        "home-schedule-issue-02.ics",
    ]
    assert {title[:4] for title in shown(names["home-schedule-issue-02-notice.ics"].read_bytes()).values()} == {"HOLD"}
    again = ward.says("publish", "--all")
    assert "Nothing to publish" in again
    assert "A4" in again, "paper is told until the change sheet is recorded"


def test_who_was_not_reached_is_named_and_the_others_are_served(
    ward: Ward, calendar: str, web: Path, radicale: Radicale
) -> None:
    for subject, way in {"A1": "caldav", "A2": "caldav", "A3": "feed"}.items():
        patient(ward, subject, way)
    served(ward, "A1", calendar)
    ward.says("publish", "A3", "--folder", str(web))
    for subject in ("A1", "A3"):
        hold(ward, subject)
    radicale.before = lambda method, _path: "507 Full" if method == "PUT" else None
    done = ward.run("publish", "--all")
    assert done.exit_code == 1
    assert "1 calendar published." in done.stdout
    first, second = done.stderr.splitlines()
    assert first.startswith("NOT REACHED A1: 127.0.0.1:")
    assert "has no room left" in first
    assert second.startswith("NOT REACHED A2: A2 has the route caldav, and no place yet.")
    assert calendar not in done.output
    assert "Fever" not in done.output
    radicale.forget()
    done = ward.run("publish", "--all")
    assert (done.exit_code, done.stdout) == (1, "1 calendar published.\n")
    assert done.stderr.startswith("NOT REACHED A2")
    assert issued(ward, "A1") == [("home", 1, "caldav"), ("home", 2, "caldav")]


def test_a_server_that_is_away_is_not_waited_for_by_everybody(ward: Ward, radicale: Radicale, web: Path) -> None:
    for n in range(4):
        patient(ward, f"A{n}", "caldav")
        served(ward, f"A{n}", radicale.make(f"away-{n}"))
        hold(ward, f"A{n}")
    patient(ward, "A9", "feed")
    ward.says("publish", "A9", "--folder", str(web))
    hold(ward, "A9")
    radicale.before = lambda _method, _path: "503 Away"
    radicale.heard.clear()
    done = ward.run("publish", "--all")
    assert len(radicale.heard) == 2, "two patients tried it; for the others it is known to be away"
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [f"NOT REACHED A{n}" for n in range(4)]
    assert "was not asked again" in done.stderr
    assert {title[:4] for title in shown(feed_file(ward, "A9").read_bytes()).values()} == {"HOLD"}
    radicale.forget()
    assert "4 calendars published" in ward.says("publish", "--all")


def test_a_run_that_is_stopped_goes_on_where_it_stopped(ward: Ward, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        patient(ward, f"A{n}", "feed")
        ward.says("publish", f"A{n}", "--folder", str(web))
        hold(ward, f"A{n}")
    store = Desk.store

    def stopped(desk: Desk, draft, *more: object):
        if draft.before.subject == "A1":
            raise KeyboardInterrupt
        return store(desk, draft, *more)

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "store", stopped)
        assert ward.run("publish", "--all").exit_code == 1
    assert [len(issued(ward, f"A{n}")) for n in range(3)] == [2, 1, 1]
    assert "2 calendars published" in ward.says("publish", "--all")
    assert [len(issued(ward, f"A{n}")) for n in range(3)] == [2, 2, 2]


def test_nothing_to_hand_out_is_no_failure(ward: Ward, web: Path) -> None:
    """Treatment is over, and nothing was ever handed out: there is nothing that could be wrong on a phone."""
    patient(ward, "A1", "feed")
    ward.records("end A1 progression", "--role", "investigator")
    ward.run("publish", "A1", "--folder", str(web))
    done = ward.run("publish", "--all")
    assert (done.exit_code, done.stderr) == (0, "")


def test_an_empty_clinic_has_nothing_to_publish(ward: Ward) -> None:
    enrol_a(ward)
    assert ward.says("publish", "--all") == "Nothing to publish: every calendar is as it was issued. "


def test_a_bar_is_drawn_only_where_somebody_looks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for looks in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda looks=looks: looks, raising=False)
        with progress.bar("Publishing") as told:
            for n in range(4):
                told(n, 3)
        assert ("Publishing" in capsys.readouterr().err) is looks


def test_settings_with_a_fault_stop_it_before_anything_is_written(ward: Ward, web: Path) -> None:
    """The time of day of every visit depends on them."""
    patient(ward, "A1", "feed")
    (ward.folder / "clinic.toml").write_text("opening = 'soon'\n")
    assert "clinic.toml" in ward.refuses("publish", "A1", "--folder", str(web))
    assert list(web.iterdir()) == []


def test_who_publishes_has_to_be_said(ward: Ward, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patient(ward, "A1", "feed")
    monkeypatch.delenv("C1D1_BY")
    assert "Say who records" in ward.refuses("publish", "A1", "--folder", str(web))


@pytest.mark.parametrize("name", ["Ada\nLovelace", "\u202eada", "A" * 300, "\x1b[31m"])
def test_names_that_cannot_be_kept_are_refused(ward: Ward, web: Path, name: str) -> None:
    patient(ward, "A1", "feed")
    for words in (("A1", "--by", name), (name,)):
        said = ward.refuses("publish", *words, "--folder", str(web))
        assert "\n" not in said
        assert "\u202e" not in said
        assert "\x1b" not in said


def test_an_emoji_in_a_name_does_no_harm(ward: Ward, web: Path) -> None:
    patient(ward, "A1", "feed")
    assert "is published" in ward.says("publish", "A1", "--folder", str(web), "--by", "Ada \N{ROCKET}")


def test_a_dose_at_an_hour_that_does_not_exist_stops_that_patient_only(ward: Ward, web: Path) -> None:
    """In the night of 8 March 2026 New York has no 02:30."""
    words = ("--start", "2026-02-16", "--height", "165", "--weight", "70", "--zone", "America/New_York")
    ward.on("2026-02-16")
    ward.says("patient", "enrol", "A1", "--protocol", "trastuzumab-il2", *words, "--home-time", "02:30")
    ward.says("patient", "enrol", "A2", "--protocol", "trastuzumab-il2", *words)
    for subject in ("A1", "A2"):
        choose(ward, subject, "feed")
    assert "02:30" in ward.refuses("publish", "A1", "--folder", str(web))
    ward.says("publish", "A2", "--folder", str(web))
    done = ward.run("publish", "--all")
    assert done.exit_code == 1
    assert done.stderr.startswith("NOT REACHED A1: ")
    assert issued(ward, "A1") == []


@pytest.mark.slow
def test_memory_is_flat_in_the_number_of_patients(ward: Ward, web: Path) -> None:
    """What 8 more patients add is a few hundred bytes each, not their charts."""
    peaks, known = [], 0
    for count in (2, 5, 13):
        for n in range(known, count):
            patient(ward, f"P{n:03}", "feed")
            ward.says("publish", f"P{n:03}", "--folder", str(web))
        known = count
        ward.says("publish", "--all")
        tracemalloc.start()
        ward.says("publish", "--all")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < 8 * 10_000, json.dumps(peaks)


def test_what_a_server_says_in_the_wrong_place_is_no_success(ward: Ward) -> None:
    """A login page that answers everything with 200 does not count as a calendar."""
    patient(ward, "A1", "caldav")
    with rude_server((b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>x",)) as url:
        said = ward.refuses("publish", "A1", "--caldav", url, "--user", ACCOUNT)
    assert "answered with the status 200" in said
    assert issued(ward, "A1") == []
    assert place(ward, "A1").written == ""
