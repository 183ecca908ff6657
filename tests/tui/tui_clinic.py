"""A small clinic on a fixed day, and the app on it, driven by keys and read by its cells."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from scheduler.clinic import facts
from scheduler.clinic.desk import Desk, Judge, Signature, open_desk
from scheduler.clinic.enrolment import Enrolment, enrolment
from scheduler.clinic.home import Home
from tui.app import C1D1App
from tui.workplace import Workplace

TODAY = date(2026, 1, 20)
NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
DAY_1 = date(2026, 1, 5)
NURSE = Signature("Nurse Example")
CALM_ROUNDS = 4
SMALL, USUAL = (80, 24), (100, 30)
SIZES = pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "100x30"])


class Clinic:
    """A record in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder, str(folder / "record.db"))

    def desk(self) -> Desk:
        return open_desk(self.home, must_exist=False, today=TODAY)

    def enrol(
        self, subject: str, protocol: str = "trastuzumab-il2", start: date = DAY_1, arm: str | None = None
    ) -> None:
        asked = Enrolment(protocol, start, Decimal(165), Decimal(70), arm)
        events, found = enrolment(asked, subject, TODAY)
        with self.desk() as desk:
            desk.shelf.put(found.protocol)
            desk.enrol(subject, events, found.text, NURSE)

    def record(self, subject: str, judge: Judge, on: date | None = None, reason: str = "") -> None:
        """An entry from elsewhere."""
        with self.desk() as desk:
            desk.store(desk.draft(desk.chart(subject), judge, on, reason), NURSE)

    def fever(self, subject: str, grade: int, on: date) -> None:
        self.record(subject, lambda scene: facts.toxicity(scene, "fever (in", grade), on)

    def count(self, subject: str) -> int:
        with self.desk() as desk:
            return len(desk.log.entries(subject))

    def words(self, subject: str) -> str:
        """The last entry, in the words of the record."""
        from scheduler.clinic.event_words import entry_lines

        with self.desk() as desk:
            return "\n".join(entry_lines(desk.log.entries(subject)[-1:]))

    today = TODAY

    def app(self, by: str = "Nurse Example", burst_seconds: float = 0) -> C1D1App:
        return C1D1App(Workplace(self.home, by, now=lambda: NOW), poll_seconds=0, burst_seconds=burst_seconds)


Steps = Callable[[Pilot[None]], Awaitable[None]]


def drive(app: C1D1App, steps: Steps, size: tuple[int, int] = SMALL) -> None:
    """Run the app in a terminal of that size; what a real one does with tasks is done here too."""

    async def run() -> None:
        eager = getattr(asyncio, "eager_task_factory", None)
        if eager is not None:
            asyncio.get_running_loop().set_task_factory(eager)
        try:
            async with app.run_test(size=size) as pilot:
                for _ in range(200):
                    await pilot.pause()
                    if shown(app).strip():
                        break
                await steps(pilot)
        finally:
            app.place.close()

    asyncio.run(run())


def shown(app: C1D1App) -> str:
    """Every cell of the screen, as text."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


def said(app: C1D1App) -> str:
    """The same as running text, so that wrapping and boxes do not matter."""
    return " ".join(re.sub(r"[║│]", " ", shown(app)).split())


async def settle(pilot: Pilot[None]) -> None:
    """Until every widget has read its messages and the screen shows what they led to.

    Asked of the widgets and not of the clock, so that a busy machine only takes longer. (Pilot's own pause also
    waits for an idle processor, and gives up after a second.)
    """
    app, calm = pilot.app, 0
    while calm < CALM_ROUNDS:
        await asyncio.sleep(0.001)
        before = app.screen
        await pilot._wait_for_screen()
        before._on_timer_update()
        pumps = [app, *app.screen_stack, *app.screen.walk_children()]
        busy = any(not pump._message_queue.empty() or pump._next_callbacks for pump in pumps)
        unready = app.screen is not before or not before.is_mounted or before._layout_required or before._callbacks
        calm = 0 if busy or unready else calm + 1


async def press(pilot: Pilot[None], keys: str) -> int:
    """Keys as people read them: single letters, and names in pointed brackets. How many they were."""
    found = re.findall(r"<([a-z0-9+]+)>|(.)", keys)
    for name, letter in found:
        types = isinstance(pilot.app.focused, Input) and not name
        pilot.app.post_message(Key(name or _character_to_key(letter), letter or None))
        if not types:
            await settle(pilot)
    await settle(pilot)
    return len(found)


def play(app: C1D1App, *parts: tuple[str, tuple[str, ...]], size=(80, 24)) -> None:
    """Keys, and what the screen then says, part by part."""

    async def steps(pilot: Pilot[None]) -> None:
        for keys, texts in parts:
            await press(pilot, keys)
            for text in texts:
                assert text in said(pilot.app), f"after {keys}: {text}\n{shown(pilot.app)}"

    drive(app, steps, size)
