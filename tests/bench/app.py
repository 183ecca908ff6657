"""How fast the app is: `python -m tests.bench.app FOLDER PATIENTS`, in a program of its own; prints figures as JSON.

First paint against an empty Textual app, a filter key, opening a patient, a move of the cursor, memory after many
patients. Times are of this program's own work (processor time), so that a busy machine does not count.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert

OPENED, MOVES = 300, 40
DAY = date(2026, 1, 20)
KILO = 1024


def make(folder: Path, patients: int) -> None:
    """A record with two real patients, and a worklist of many more."""
    from scheduler.clinic.desk import Signature, open_desk
    from scheduler.clinic.enrolment import Enrolment, enrolment
    from scheduler.clinic.home import Home
    from scheduler.store import schema

    with open_desk(Home(folder, str(folder / "record.db")), must_exist=False, today=DAY) as desk:
        asked = Enrolment("trastuzumab-il2", date(2026, 1, 5), Decimal(165), Decimal(70))
        for subject in ("S-1", "S-2"):
            events, found = enrolment(asked, subject, DAY)
            desk.shelf.put(found.protocol)
            desk.enrol(subject, events, found.text, Signature("Nurse Example"))
        names = [f"P-{n:06}" for n in range(patients - 2)]
        row = {"due_on": str(DAY), "status": "planned", "kind": "dose", "text": "aldesleukin, low dose", "site": ""}
        with desk.log._database.writing() as connection:
            for start in range(0, len(names), 5_000):
                part = names[start : start + 5_000]
                rows = [{"subject": n, "item": "C1D16/aldesleukin_low", **row} for n in part]
                connection.execute(insert(schema.due), rows)


async def settled() -> None:
    """Until every message is handled; nothing in here waits for the clock."""
    for _ in range(30):
        await asyncio.sleep(0.001)


async def timed(act: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds of processor time until the act and what it led to are done."""
    idle = time.process_time()
    await settled()
    idle = time.process_time() - idle
    began = time.process_time()
    await act()
    await settled()
    return max(0.0, time.process_time() - began - idle) * 1000


async def of_the_app(folder: Path) -> dict[str, float]:
    """All figures of one run."""
    from textual.events import Key

    from scheduler.clinic.home import Home
    from tui.app import C1D1App
    from tui.workplace import Workplace

    noon = datetime(2026, 1, 20, 12, tzinfo=UTC)
    place = Workplace(Home(folder, str(folder / "record.db")), "Nurse Example", now=lambda: noon)
    app = C1D1App(place, poll_seconds=0, burst_seconds=0)
    found: dict[str, float] = {}

    def press(name: str, text: str | None = None) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            app.post_message(Key(name, text))

        return act

    async def open_one() -> None:
        app.screen.open("S-1")  # type: ignore[attr-defined]

    async with app.run_test(size=(100, 30)):
        await settled()
        found["filter"] = sorted([await timed(press(letter, letter)) for letter in "p0123"])[2]
        await timed(press("escape"))
        found["open"] = min([await _opened(open_one, press) for _ in range(5)])
        await open_one()
        await settled()
        found["move"] = sorted([await timed(press("right")) for _ in range(MOVES)])[MOVES // 2]
        await timed(press("escape"))
        before = peak()
        for _ in range(OPENED):
            await open_one()
            await settled()
            await press("escape")()
            await settled()
        found["grown"], found["memory"] = peak() - before, peak()
    place.close()
    return found


async def _opened(
    open_one: Callable[[], Awaitable[None]], press: Callable[[str], Callable[[], Awaitable[None]]]
) -> float:
    took = await timed(open_one)
    await timed(press("escape"))
    return took


def peak() -> float:
    """The most memory that this program has held so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1_000_000 if sys.platform == "darwin" else most * KILO / 1_000_000


def first_paint(folder: Path | None) -> None:
    """Start, draw once, leave: of our app, or of an empty one."""
    from textual.app import App

    if folder is None:
        app: App[None] = App()
    else:
        from scheduler.clinic.home import Home
        from tui.app import C1D1App
        from tui.workplace import Workplace

        noon = datetime(2026, 1, 20, 12, tzinfo=UTC)
        place = Workplace(Home(folder, str(folder / "record.db")), "Nurse Example", now=lambda: noon)
        app = C1D1App(place, poll_seconds=0)

    async def once() -> None:
        async with app.run_test(size=(100, 30)):
            await settled()

    asyncio.run(once())


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "make":
        make(Path(rest[0]), int(rest[1]))
    elif what == "paint":
        first_paint(Path(rest[0]) if rest else None)
    else:
        print(json.dumps(asyncio.run(of_the_app(Path(rest[0])))))
