"""What a patient takes away: calendars recorded and handed out from the home of the patient, with their route."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from textual.pilot import Pilot
from tui_clinic import SIZES, Clinic, drive, play, press, said
from tui_in_browser import HOST, serving, tab


def out(clinic: Clinic) -> list[str]:
    return sorted(path.name for path in (clinic.home.folder / "handed-out").glob("*"))


@SIZES
def test_calendars_are_previewed_signed_and_written(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("001<enter>i", ("FOR S-001 TO TAKE AWAY", "1 Hand out the calendars")),
        ("1", ("NOTHING IS SAVED BEFORE YOU SIGN", "Doses at home of S-001, issue 1", "Clinic visits of S-001")),
        ("<escape>", ("Nothing was saved.",)),
        ("i<enter>ne<enter>", ("Home schedule, issue 1, recorded as entry 4.",)),
        size=size,
    )
    assert out(ward) == ["S-001-clinic-visits-issue-01.ics", "S-001-home-schedule-issue-01.ics"]
    assert ward.count("S-001") == 5
    path = ward.home.folder / "handed-out" / "S-001-home-schedule-issue-01.ics"
    assert b"BEGIN:VCALENDAR" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@SIZES
def test_a_fever_and_the_calendar_that_follows_take_one_signature_and_at_most_18_keys(ward: Clinic, size) -> None:
    from test_tui_flows import PIN, sign_in, with_accounts

    with_accounts(ward)

    async def steps(pilot: Pilot[None]) -> None:
        await sign_in(pilot)
        await press(pilot, f"001<enter>i<enter>{PIN}<enter>")
        assert "issue 1" in said(pilot.app)
        await press(pilot, "<escape>")
        keys = await press(pilot, "001<enter>tfev<enter>3")
        text = said(pilot.app)
        assert "TELL S-001 BY PHONE, now" in text
        assert "c1d1 " not in text
        await press(pilot, "<pagedown><pagedown><pagedown>")
        assert "A hold is a phone call" in said(pilot.app)
        assert "c1d1 " not in said(pilot.app)
        assert ward.count("S-001") == 5
        keys += await press(pilot, f"{PIN}<f2>")
        assert keys == 15, "the aim is 18"
        assert "Home schedule, issue 2, recorded as entry 7." in said(pilot.app)

    drive(ward.app(), steps, size)
    assert "S-001-home-schedule-issue-02.ics" in out(ward)
    assert "S-001-home-schedule-issue-02-notice.ics" in out(ward)
    assert b"HOLD" in (ward.home.folder / "handed-out" / "S-001-home-schedule-issue-02.ics").read_bytes()


def test_an_entry_that_changes_no_calendar_hands_out_none(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter>i<enter>ne<enter>", ("issue 1",)),
        ("k70<enter>ne<f2>", ("SIGNED by Nurse Example", "No calendar has changed by it.")),
    )


def test_a_wrong_pin_hands_out_nothing(ward: Clinic) -> None:
    play(ward.app(), ("001<enter>mxx<f2>", ("These are not the initials",)))
    assert ward.count("S-001") == 3
    assert out(ward) == []


def test_the_route_is_chosen_and_a_server_is_left_to_the_command_line(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter>i3", ("ROUTE OF THE CALENDAR", "caldav: an account on a calendar server")),
        ("<enter>", ("Calendars travel by: caldav",)),
        ("ne<enter>", ("SIGNED",)),
        ("i<enter>ne<enter>", ("NOT handed out here: it goes by caldav.", "c1d1 publish S-001")),
    )
    assert out(ward) == []


def test_what_to_say_on_the_phone_is_read_on_the_screen(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter>i<enter>ne<enter>tfev<enter>3ne<enter>", ("HELD",)),
        ("i2", ("TO BE SAID TO S-001", "HOLD")),
    )


def test_diary_and_wall_calendar_are_files(ward: Clinic) -> None:
    play(ward.app(), ("001<enter>i4", ("S-001-diary.pdf",)), ("i5", ("S-001-wall.pdf",)))
    assert all((ward.home.folder / "handed-out" / name).read_bytes().startswith(b"%PDF") for name in out(ward))


def test_a_folder_that_cannot_be_written_is_said_and_what_was_signed_stands(ward: Clinic) -> None:
    (ward.home.folder / "handed-out").write_text("in the way", encoding="utf-8")
    play(ward.app(), ("001<enter>i<enter>ne<enter>", ("The file could not be written", "recorded as entry 4")))
    assert ward.count("S-001") == 5


def test_a_patient_without_doses_at_home_has_visits_only(clinic: Clinic) -> None:
    clinic.enrol("S-001", "trastuzumab-weekly", clinic.today)
    play(clinic.app(), ("001<enter>i<enter>", ("Clinic visits of S-001, issue 1",)), ("ne<enter>", ("Clinic visits",)))
    assert out(clinic) == ["S-001-clinic-visits-issue-01.ics"]


@pytest.mark.slow
def test_in_a_browser_the_file_goes_to_the_browser(ward: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("C1D1_HOME", str(ward.home.folder))

    async def run() -> None:
        async with serving() as server, tab(server) as one, aiohttp.ClientSession() as session:
            await one.until("SIGN IN")
            await one.types("Nurse Example\r")
            await one.until("TODAY")
            await one.types("001\r")
            await one.until("○ home")
            await one.types("i1")
            await one.until("NOTHING IS SAVED BEFORE")
            await one.types("ne\r")
            key = await one.until_file()
            async with session.get(f"http://{HOST}:{server.port}/download/{key}") as answer:
                assert answer.status == 200
                assert b"BEGIN:VCALENDAR" in await answer.read()
            async with session.get(f"http://{HOST}:{server.port}/download/{key}") as again:
                assert again.status != 200

    asyncio.run(run())
    assert not Path(ward.home.folder / "handed-out").exists()
