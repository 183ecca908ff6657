"""What comes from people or files is text; a lock, a crash or random keys let nothing out and nothing in."""

from __future__ import annotations

import ast
import asyncio
import random
import re
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from tui_clinic import NOW, SIZES, Clinic, drive, press, said, settle, shown

from scheduler.clinic import facts, finding
from scheduler.clinic.desk import Signature
from scheduler.outputs.why import why_text
from tui.app import C1D1App
from tui.reflow import reflowed
from tui.screens.lock import LockScreen
from tui.screens.notice import NoticeScreen
from tui.screens.reading import ReadingScreen
from tui.ui_text import fitted, plain, ui_text
from tui.widgets.row_list import Row, RowList

TUI = Path(__file__).resolve().parent.parent.parent / "tui"
HOSTILE = (
    "[/]",
    "[b]x[/b]",
    "SMITH [jr]",
    "5 M[iU]",
    "[@click=app.quit]Ann[/]",
    "\x1b]0;PWNED\x07",
    "\x1b[31mred",
    "a\u202eb",
    "zero\u200bwidth",
    "x" * 300,
    "患者" * 150,
    "\\[",
)


# ------------------------------------------------------------ text


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup_and_steers_no_terminal(text: str) -> None:
    assert ui_text(text).plain == plain(text)
    assert not ui_text(text).spans
    assert plain(text).isprintable()
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_fitted_text_is_as_wide_as_asked(text: str) -> None:
    from rich.cells import cell_len

    assert all(cell_len(fitted(text, width)) == width for width in (0, 1, 2, 7, 80))


def test_hostile_text_shows_as_text_in_every_widget(ward: Clinic) -> None:
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        for text in HOSTILE:
            start = plain(text)[:12]
            app.screen.query_one(RowList).set_rows([Row(text), Row(text, "S-001 x", "?", text)])
            await pilot.pause()
            assert said(app).count(start) >= 3, text
            for screen in (NoticeScreen(text), ReadingScreen(text, [text])):
                app.push_screen(screen)
                await pilot.pause()
                assert start in said(app)
                app.pop_screen()
                await pilot.pause()
            assert "\x1b" not in shown(app)
            assert "\u202e" not in shown(app)

    drive(app, steps)


@SIZES
def test_a_hostile_record_is_shown_as_text_on_the_screens_of_a_patient(ward: Clinic, size) -> None:
    """Names and reasons that passed the door of the record hold brackets, and are long."""
    with ward.desk() as desk:
        chart = desk.chart("S-001")
        for text in ("[/]", "[@click=app.quit]Ann[/] [b]", "y" * 300):
            judge = partial(facts.lab, test=f"[/] {text[:60]}", value=Decimal(1), unit=text[:39])
            desk.store(desk.draft(chart, judge, None, text), Signature(text[:90], "nurse", text))
            chart = desk.chart("S-001")
    app = ward.app(by="[/] [b]")

    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>h")
        for _ in range(3):
            assert "[/]" in said(app)
            await press(pilot, "<down>")
        await press(pilot, "<enter><escape><escape>k[/]<enter>")
        assert "'[/]' is not a number" in said(app)
        await press(pilot, "<escape>t[/]")
        assert "no term that holds this" in said(app)

    drive(app, steps, size)


def test_every_static_text_goes_through_the_one_door() -> None:
    """No widget gets a string that was put together: markup is switched off by ui_text alone."""
    shows = {"Static", "Label", "Button", "update", "notify"}
    found = []
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            safe = isinstance(first, ast.Call) and getattr(first.func, "id", "") in ("ui_text", "ui_lines")
            if name in shows and not safe and not (isinstance(first, ast.Constant) and not first.value):
                found.append(f"{path.name}:{node.lineno}")
    assert not found


def test_reflowing_keeps_every_word() -> None:
    lines = ["C1D1  x", "  The paper says:", "    - a " + "b " * 60, "      c d", "    - e", "", "z"]
    assert " ".join(reflowed(lines)).split() == " ".join(lines).split()


def test_why_reads_the_same_as_on_the_command_line(ward: Clinic) -> None:
    with ward.desk() as desk:
        item = finding.items(desk.chart("S-002").schedule(ward.today, ward.today), "C1D16")[0]
    text = why_text(item)
    assert " ".join(reflowed(text.splitlines())).split() == text.split()


# ------------------------------------------------------------ the house


def test_the_app_knows_no_rule_and_no_store() -> None:
    """It is built on the clinic, on outputs, on problems, and on values that these hand out."""
    allowed = re.compile(
        r"scheduler\.(clinic|outputs|issuing|problems)(\..*)?|scheduler\.engine\.schedule|scheduler\.store\.(due|faults)"
        r"|scheduler\.record\.events|scheduler\.protocol\.model"
    )
    used = set()
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scheduler"):
                used.add(node.module)
    assert used
    assert [name for name in sorted(used) if name and not allowed.fullmatch(name)] == []


def test_the_app_itself_stays_small() -> None:
    assert len((TUI / "app.py").read_text(encoding="utf-8").splitlines()) <= 150


# ------------------------------------------------------------ locks and faults


def test_five_minutes_without_a_key_lock_the_screen(ward: Clinic) -> None:
    app = ward.app()
    moment = [NOW]
    app.place._now = lambda: moment[0]

    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>")
        moment[0] = NOW + timedelta(minutes=4)
        await press(pilot, "<left>")
        moment[0] = NOW + timedelta(minutes=8)
        app.look()
        await app.workers.wait_for_complete()
        assert not app.is_locked
        moment[0] = NOW + timedelta(minutes=10)
        app.look()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "LOCKED" in shown(app)
        assert "S-001" not in shown(app)

    drive(app, steps)


def test_a_half_typed_pin_is_forgotten_by_the_lock(ward: Clinic) -> None:
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>mn<f8><enter>")
        await press(pilot, "e<enter>")
        assert "not the initials" in said(app)

    drive(app, steps)
    assert ward.count("S-001") == 3


def test_a_crash_tells_no_word_of_the_record_and_ends_with_an_error(ward: Clinic) -> None:
    app = ward.app()

    async def crash() -> None:
        async with app.run_test() as pilot:
            await press(pilot, "001<enter>")
            secret_of_the_patient = "S-001"  # noqa: S105 - a local that a traceback would print
            app.call_later(lambda: 1 / len(secret_of_the_patient[9:]))
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        asyncio.run(crash())
    app.place.close()
    told = (ward.home.folder / "crash.txt").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in told
    assert "S-001" not in told
    assert app.return_code == 1


# ------------------------------------------------------------ random keys

LETTERS = [*"abcdefghijklmnopqrstuvwxyz0123456789[]/@-. "]
NAMED = ["enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"]
NAMED += ["backspace", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "ctrl+p"]
SLICES = [pytest.param(seed, 2_000, marks=pytest.mark.slow, id=f"slice{seed}") for seed in range(1, 6)]
NOBODY_TYPES = "\u00d8yvind \u00c5s"


@pytest.mark.parametrize(("seed", "keys"), [pytest.param(0, 200, id="few"), *SLICES])
def test_random_keys_never_crash_it_and_never_store_anything(ward: Clinic, seed: int, keys: int) -> None:
    """Here initials sign that no key can type, so that nothing at all may be stored. Some keys come in bursts."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    app: C1D1App = ward.app(by=NOBODY_TYPES, burst_seconds=0.03)
    app.scanner._later = lambda _, __: None
    app.action_quit = lambda: None  # leaving is the one thing that it may do
    clock = 1000.0

    async def steps(pilot: Pilot[None]) -> None:
        nonlocal clock
        for number in range(keys):
            letter = chance.random() < 0.6
            text = chance.choice(LETTERS if letter else NAMED)
            event = Key(_character_to_key(text) if letter else text, text if letter else None)
            clock += chance.choice((0.01, 1.0, 1.0, 1.0))
            event.time = clock
            app.post_message(event)
            if number % 50 == 0:
                await settle(pilot)
                await app.scanner.release()
            if app.is_locked:
                await settle(pilot)
                app.place.sign_in(NOBODY_TYPES, "")
                for screen in [one for one in app.screen_stack if isinstance(one, LockScreen)]:
                    screen.dismiss(None)
                await settle(pilot)
        await settle(pilot)

    drive(app, steps)
    assert app.return_code in (None, 0)
    assert ward.count("S-001") == 3
    assert ward.count("S-002") == 5
    with ward.desk() as desk:
        assert desk.log.subjects() == ("S-001", "S-002")
        assert desk.log.position() == 8
