"""A patient's calendar on a CalDAV server, from the command line: it follows the record, and is nobody else's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scheduler.issuing import calendars
from tests.on_the_line import Ward, enrol_a
from tests.publish_servers import ACCOUNT, PASSWORD, Radicale, rude_server
from tests.publish_ward import BERG, choose, desk_of, hold, issued, on_phone, patient, place, served

# ---------------------------------------------------------------------------- a calendar on a server


def test_a_calendar_on_a_server_follows_the_record(ward: Ward, radicale: Radicale, calendar: str) -> None:
    """Grade 3: nothing held rings. Resumed: the reduced dose is due. Days that are over go, in the end."""
    patient(ward, "A1", "caldav")
    assert "13 entries put, 0 of past days taken out" in served(ward, "A1", calendar)
    assert on_phone(radicale, calendar)["2026-01-14"] == "Home dose, square B (rings)"
    hold(ward, "A1")
    assert "13 entries put" in ward.says("publish", "A1")
    assert all(
        title.startswith("HOLD - no ") and "rings" not in title for title in on_phone(radicale, calendar).values()
    )
    ward.on("2026-01-13").records("toxicity A1 Fever 0 --on 2026-01-13")
    ward.records("lift A1", "--role", "investigator")
    assert "0 of past days taken out" in ward.says("publish", "A1")
    found = on_phone(radicale, calendar)
    assert found["2026-01-14"] == "CHANGED home dose, square B, read details (rings)"
    ward.on("2026-01-16").records("toxicity A1 Nausea 3 --due-to aldesleukin=probable --on 2026-01-16")
    assert "10 entries put, 3 of past days taken out" in ward.says("publish", "A1")
    assert min(on_phone(radicale, calendar)) == "2026-01-16"
    assert issued(ward, "A1") == [("home", n, "caldav") for n in (1, 2, 3, 4)]
    again = ward.says("publish", "A1")
    assert "stood there already" in again
    assert "0 entries put" in again


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_run_that_breaks_half_way_is_healed_by_the_next(
    ward: Ward, radicale: Radicale, calendar: str, after: int
) -> None:
    patient(ward, "A1", "caldav")
    served(ward, "A1", calendar)
    hold(ward, "A1")
    radicale.drop_after = after
    assert "what arrived stays" in ward.refuses("publish A1")
    assert issued(ward, "A1") == [("home", 1, "caldav")], "not recorded before it arrived"
    radicale.forget()
    ward.on("2026-01-13").says("publish", "--all")
    assert all(title.startswith("HOLD") for title in on_phone(radicale, calendar).values())
    assert issued(ward, "A1") == [("home", 1, "caldav"), ("home", 2, "caldav")]


def test_an_issue_that_never_left_the_house_is_not_recorded(ward: Ward, radicale: Radicale, calendar: str) -> None:
    """The server is away while two things are recorded: the patient gets one new issue, which knows both."""
    patient(ward, "A1", "caldav")
    served(ward, "A1", calendar)
    radicale.before = lambda _method, _path: "503 Away"
    hold(ward, "A1")
    assert "answered with the status 503" in ward.refuses("publish A1")
    ward.on("2026-01-13").records("toxicity A1 Fever 0 --on 2026-01-13")
    ward.records("lift A1", "--role", "investigator")
    ward.refuses("publish A1")
    radicale.forget()
    ward.says("publish", "--all")
    assert issued(ward, "A1") == [("home", 1, "caldav"), ("home", 2, "caldav")]
    assert on_phone(radicale, calendar)["2026-01-14"] == "CHANGED home dose, square B, read details (rings)"


def test_what_was_handed_out_otherwise_still_goes_to_the_server(ward: Ward, radicale: Radicale, calendar: str) -> None:
    """Somebody prints the newest issue first: it counts as issued, and the phone does not have it yet."""
    patient(ward, "A1", "caldav")
    served(ward, "A1", calendar)
    hold(ward, "A1")
    with desk_of(ward) as desk:
        chart = desk.chart("A1")
        made = calendars.issue(desk, chart, "home", route="paper")
        desk.store(calendars.draft(chart, made), BERG)
    assert "1 calendar published" in ward.says("publish", "--all")
    assert all(title.startswith("HOLD") for title in on_phone(radicale, calendar).values())
    assert issued(ward, "A1") == [("home", 1, "caldav"), ("home", 2, "paper")]


def test_one_calendar_is_never_given_to_two_patients(ward: Ward, calendar: str) -> None:
    patient(ward, "A1", "caldav")
    patient(ward, "A2", "caldav")
    served(ward, "A1", calendar)
    for same in (calendar, calendar.rstrip("/"), calendar.replace("http", "HTTP")):
        assert "belongs to another patient or purpose" in ward.refuses(
            "publish", "A2", "--caldav", same, "--user", ACCOUNT
        )
    assert issued(ward, "A2") == []


def test_a_mistyped_address_does_not_take_the_place_of_the_right_one(ward: Ward, calendar: str) -> None:
    patient(ward, "A1", "caldav")
    served(ward, "A1", calendar)
    kept = place(ward, "A1")
    with rude_server(()) as wrong:
        ward.refuses("publish", "A1", "--caldav", wrong, "--user", ACCOUNT)
    assert place(ward, "A1") == kept
    hold(ward, "A1")
    assert "1 calendar published" in ward.says("publish", "--all")


def test_another_record_of_the_same_server_is_noticed(
    ward: Ward, calendar: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard in the database cannot know another clinic's patients: the entries that stand there tell."""
    patient(ward, "A1", "caldav")
    served(ward, "A1", calendar)
    other = Ward(tmp_path / "other", monkeypatch).on("2026-01-12")
    patient(other, "B7", "caldav")
    said = other.refuses("publish", "B7", "--caldav", calendar, "--user", ACCOUNT)
    assert "entries of another schedule. Nothing was written" in said
    assert issued(other, "B7") == []


# ---------------------------------------------------------------------------- passwords


def test_a_password_file_has_to_be_private_and_is_no_part_of_the_record(
    ward: Ward, calendar: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(ward, "A1", "caldav")
    file = Path(os.environ["C1D1_CALDAV_PASSWORD_FILE"])
    words = ("publish", "A1", "--caldav", calendar, "--user", ACCOUNT)
    file.chmod(0o644)
    assert "Others can read the file that --password-file" in ward.refuses(*words)
    file.chmod(0o600)
    monkeypatch.delenv("C1D1_CALDAV_PASSWORD_FILE")
    assert f"Say where the password of {ACCOUNT} stands" in ward.refuses(*words)
    assert "cannot be read" in ward.refuses(*words, "--password-file", str(tmp_path / "none"))
    assert "does not name a file" in ward.refuses(*words, "--password-file", str(tmp_path))
    empty = tmp_path / "empty"
    empty.touch(mode=0o600)
    assert "holds no password" in ward.refuses(*words, "--password-file", str(empty))
    ward.says(*words, "--password-file", str(file))
    assert all(PASSWORD.encode() not in path.read_bytes() for path in (tmp_path / "home").iterdir())
    file.write_text("changed\n")
    assert "does not accept this account or password" in ward.refuses("publish A1")


def test_the_same_address_without_an_account_keeps_the_one_that_is_known(ward: Ward, calendar: str) -> None:
    patient(ward, "A1", "caldav")
    served(ward, "A1", calendar)
    known = place(ward, "A1")
    ward.says("publish", "A1", "--caldav", calendar)
    assert place(ward, "A1") == known


def test_there_is_no_way_to_give_a_password_on_the_command_line(ward: Ward) -> None:
    assert ward.run("publish", "A1", "--password", "x").exit_code == 2
    enrol_a(ward)
    choose(ward, "A1", "caldav")
    said = ward.refuses("publish", "A1", "--caldav", f"https://{ACCOUNT}:hunter2@cal.example/a/")
    assert "An address holds no account and no password" in said
    assert "hunter2" not in said
