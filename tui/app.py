"""The nurse's app: what every screen has in common, and the watch on the record."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key, Resize
from textual.screen import Screen
from textual.widgets import Input

from tui import crash
from tui.commands import COMMANDS
from tui.scanner import GAP, Scanner
from tui.screens.base import ClinicScreen
from tui.screens.lock import LockScreen
from tui.screens.too_small import watch_size
from tui.screens.worklist import WorklistScreen
from tui.ui_text import is_ascii
from tui.widgets.row_list import RowList
from tui.workplace import Workplace


class C1D1App(App[None]):
    """Opens on today's worklist. `place` is the record and the person at work."""

    TITLE = "c1d1"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", show=False, priority=True),
        Binding("f8", "lock", "Lock", show=False, priority=True),
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True),
    ]

    def __init__(self, place: Workplace, poll_seconds: float = 2.0, burst_seconds: float = GAP) -> None:
        super().__init__()
        self.place = place
        self.last_words = ""
        self.scanner = Scanner(self.deliver, self.scanned, self.set_timer, burst_seconds)
        self._poll_seconds = poll_seconds
        self._seen: tuple[bool, int | None] = (False, None)

    def get_default_screen(self) -> Screen[object]:
        return WorklistScreen()  # type: ignore[return-value]  # its result is never asked for

    def get_css_variables(self) -> dict[str, str]:
        looks = ("ascii", "ascii", "clip") if is_ascii() else ("solid", "double", "ellipsis")
        return super().get_css_variables() | dict(zip(("line", "double-line", "overflow"), looks, strict=True))

    def on_mount(self) -> None:
        self.place.open()
        self._seen = (self.place.is_new, self.place.position())
        self.lock_if_shut()
        if self._poll_seconds:
            self.set_interval(self._poll_seconds, self.look)

    def look(self) -> None:
        """Lock where nobody has touched a key for long; show what others have recorded."""
        self.lock_if_shut()
        self.run_worker(self._look(), exclusive=True, group="look", exit_on_error=False)

    async def _look(self) -> None:
        position = await asyncio.to_thread(self.place.position)
        now, before = (self.place.is_new, position), self._seen
        if now == before or (position is None and not now[0]):
            return
        self._seen = now
        if (before[1] is not None or before[0]) and isinstance(self.screen, ClinicScreen):
            self.screen.record_changed(self.place.changed_since(before[1] or 0))

    def stored_here(self, words: str) -> None:
        """The app has recorded something itself: no news to tell."""
        self.last_words, self._seen = words, (self.place.is_new, self.place.position())

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            self.lock_if_shut()
            self.place.touch()
            at = self.focused
            filters = isinstance(at, RowList) and at.typing
            if await self.scanner.took(event, takes_text=isinstance(at, Input), filters=filters):
                return
        await super().on_event(event)

    async def deliver(self, event: Key) -> None:
        """A key that a person pressed, after it was clear that no scanner did."""
        await super().on_event(event)

    def scanned(self, code: str) -> bool:
        """What a scanner read; a screen that is no place to work drops it."""
        return isinstance(self.screen, ClinicScreen) and self.screen.scanned(code)

    def on_resize(self, event: Resize) -> None:
        watch_size(self, event.size)

    @property
    def is_locked(self) -> bool:
        return any(isinstance(one, LockScreen) for one in self.screen_stack)

    def action_command_palette(self) -> None:
        from tui.screens.palette import PaletteScreen

        if isinstance(screen := self.screen, ClinicScreen):
            self.push_screen(PaletteScreen([*screen.commands(), *COMMANDS]), screen.do)

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        if isinstance(self.screen, ClinicScreen):
            self.push_screen(HelpScreen(self.screen.HELP_TEXT, self.screen.key_words()))

    def action_lock(self) -> None:
        """Hide everything; a PIN that was half typed is forgotten."""
        self.place.shut()
        if not self.is_locked:
            if isinstance(self.screen, ClinicScreen):
                self.screen.forget_secret()
            self.push_screen(LockScreen(is_first=not self.place.by))

    def lock_if_shut(self) -> None:
        if self.place.is_shut and not self.is_locked:
            self.action_lock()

    def action_today(self) -> None:
        for _ in self.screen_stack[1:]:
            self.pop_screen()

    def action_enrol(self) -> None:
        from tui.screens.enrol import enrol

        enrol(self)

    def action_protocols(self) -> None:
        from tui.screens.protocols import ProtocolsScreen

        self.push_screen(ProtocolsScreen())

    def action_syringes(self) -> None:
        from tui.screens.syringes import SyringesScreen

        self.push_screen(SyringesScreen())

    def action_light(self) -> None:
        self.theme = "textual-light" if self.theme == "textual-dark" else "textual-dark"

    def _fatal_error(self) -> None:
        """A crash tells where, and nothing of what was on the screen."""
        crash.report(self, self.place.home.folder)
