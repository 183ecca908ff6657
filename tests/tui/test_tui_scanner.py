"""A scanner types like a keyboard, only faster: what comes as a burst is a scan, and never commands.

The keys carry the times at which they were pressed, so that nothing here depends on how fast this machine is.
"""

from __future__ import annotations

import asyncio
from itertools import count

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from tui_clinic import Clinic, drive, press, said, settle, shown

from tui.app import C1D1App
from tui.scanner import GAP, HELD, Scanner

FAST, SLOW = GAP / 2, GAP * 4


def key(text: str, at: float) -> Key:
    event = Key("enter", "\r") if text == "\r" else Key(_character_to_key(text), text)
    event.time = at
    return event


class Desk:
    """A scanner alone: what it hands on, what it takes for a scan, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.delivered, self.scans = [], []
        self.waiting = []
        self.scanner = Scanner(self.deliver, self.scanned, lambda _, then: self.waiting.append(then))

    async def deliver(self, event: Key) -> None:
        self.delivered.append(event.key)

    def scanned(self, code: str) -> bool:
        self.scans.append(code)
        return True

    def types(self, text: str, gap: float, *, filters: bool = False, takes_text: bool = False) -> None:
        async def go() -> None:
            for n, letter in enumerate(text):
                event = key(letter, 100 + n * gap)
                if not await self.scanner.took(event, takes_text=takes_text, filters=filters):
                    await self.deliver(event)
                if gap > HELD:
                    await self.time_passes()
            await self.time_passes()

        asyncio.run(go())

    async def time_passes(self) -> None:
        waiting, self.waiting = self.waiting, []
        for then in waiting:
            await then()


@pytest.mark.parametrize("text", ["m17\r", "S-002\r", "m17", "g1\r", "0123456789" * 9])
def test_a_burst_is_a_scan_with_and_without_enter(text: str) -> None:
    desk = Desk()
    desk.types(text, FAST)
    assert (desk.scans, desk.delivered) == ([text.rstrip("\r")], [])


@pytest.mark.parametrize("text", ["m17\r", "gm", "t", "\r"])
def test_what_fingers_type_goes_through_in_order(text: str) -> None:
    desk = Desk()
    desk.types(text, SLOW)
    assert desk.scans == []
    assert desk.delivered == [key(letter, 0).key for letter in text]


def test_two_keys_at_once_are_a_slip_and_no_scan() -> None:
    desk = Desk()
    desk.types("gm", FAST)
    assert (desk.scans, desk.delivered) == ([], ["g", "m"])


def test_a_key_that_waits_goes_before_the_next_one() -> None:
    desk = Desk()
    desk.types("ab", GAP * 1.2)
    assert desk.delivered == ["a", "b"]


def test_a_field_takes_a_scan_as_text() -> None:
    desk = Desk()
    desk.types("LOT77\r", FAST, takes_text=True)
    assert (desk.scans, desk.delivered[-1]) == ([], "enter")


def test_a_list_that_filters_scans_at_enter_only() -> None:
    desk = Desk()
    desk.types("S-002\r", FAST, filters=True)
    assert desk.scans == ["S-002"]
    assert "enter" not in desk.delivered
    desk = Desk()
    desk.types("S-002\r", SLOW, filters=True)
    assert (desk.scans, desk.delivered[-1]) == ([], "enter")


# ------------------------------------------------------------ on the screens

NOW = count(1000, 10)


async def scan(pilot: Pilot[None], code: str) -> None:
    start = next(NOW)
    for n, letter in enumerate(f"{code}\r"):
        pilot.app.post_message(key(letter, start + n * FAST))
    await settle(pilot)


async def slowly(pilot: Pilot[None], keys: str) -> None:
    """By hand, on an app that listens to a scanner as well: a key waits until its time is over."""
    app = pilot.app
    assert isinstance(app, C1D1App)
    for letter in keys:
        pilot.app.post_message(key(letter, next(NOW)))
        await settle(pilot)
        await app.scanner.release()
        await settle(pilot)


def listening(clinic: Clinic) -> C1D1App:
    app = clinic.app(burst_seconds=GAP)
    app.scanner._later = lambda _, __: None
    return app


def test_on_todays_list_a_wristband_opens_its_patient(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await scan(pilot, "S-002")
        assert "S-002 trastuzumab-il2" in said(pilot.app)
        await slowly(pilot, "m")
        assert "NOTHING IS SAVED" in shown(pilot.app) or "there is nothing to miss" in said(pilot.app)

    drive(listening(ward), steps)
    assert ward.count("S-002") == 5


def test_on_the_list_of_all_patients_too(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "<f2>")
        await scan(pilot, "S-001")
        assert "S-001 trastuzumab-il2" in said(pilot.app)

    drive(listening(ward), steps)


@pytest.mark.parametrize("code", ["m17", "g1234", "4821057X", "x" * 60, "tfev"])
def test_on_a_patients_screen_a_scan_does_nothing_and_says_so(ward: Clinic, code: str) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await scan(pilot, "S-001")
        await scan(pilot, code)
        text = said(pilot.app)
        assert "as fast as only a scanner types" in text or "mistyped" in text or "No syringe" in text
        await scan(pilot, code)
        assert said(pilot.app) == text

    drive(listening(ward), steps)
    assert ward.count("S-001") == 3


def test_a_wristband_is_compared_with_the_screen(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await scan(pilot, "S-001")
        await scan(pilot, "S-001")
        assert "The scanned number is the one of this patient" in said(pilot.app)
        await scan(pilot, "S-002")
        assert "STOP. The scanned number is S-002; this screen is of S-001" in said(pilot.app)

    drive(listening(ward), steps)


@pytest.mark.parametrize("keys", ["t", "k", "h", "p", "o", "w", "th"])
def test_no_scan_stores_anything_on_any_screen(ward: Clinic, keys: str) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await scan(pilot, "S-001")
        await slowly(pilot, keys)
        for code in ("m17", "S-002", "13ne", "1\r2"):
            await scan(pilot, code)

    drive(listening(ward), steps)
    assert ward.count("S-001") == 3
    assert ward.count("S-002") == 5


def test_a_scan_does_not_close_what_has_to_be_read(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await scan(pilot, "S-001")
        await scan(pilot, "S-002")
        await scan(pilot, "S-001")
        assert "STOP." in said(pilot.app)

    drive(listening(ward), steps)
