"""The nurse's app: what every screen has in common, and the watch on the record."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, Key, Resize
from textual.screen import Screen

from scheduler.clinic.home import Home
from tui import crash
from tui.commands import COMMANDS
from tui.screens.base import ClinicScreen
from tui.screens.lock import LockScreen
from tui.screens.too_small import watch_size
from tui.screens.worklist import WorklistScreen
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

    def __init__(self, place: Workplace, poll_seconds: float = 2.0) -> None:
        super().__init__()
        self.place = place
        self.last_words = ""
        self._poll_seconds = poll_seconds
        self._seen: tuple[bool, int | None] = (False, None)

    def get_default_screen(self) -> Screen[object]:
        return WorklistScreen()  # type: ignore[return-value]  # its result is never asked for

    def on_mount(self) -> None:
        self.place.open()
        self._seen = (self.place.is_new, self.place.position())
        self.lock_if_shut()
        if self._poll_seconds:
            self.set_interval(self._poll_seconds, self.look)

    # ------------------------------------------------------------ the watch

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
        self.last_words = words
        self._seen = (self.place.is_new, self.place.position())

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key):
            self.lock_if_shut()
            self.place.touch()
        await super().on_event(event)

    def on_resize(self, event: Resize) -> None:
        watch_size(self, event.size)

    # ------------------------------------------------------------ commands

    @property
    def is_locked(self) -> bool:
        return any(isinstance(screen, LockScreen) for screen in self.screen_stack)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        del screen
        return (SystemCommand(title, told, getattr(self, f"action_{name}")) for name, title, told in COMMANDS)

    def action_command_palette(self) -> None:
        if isinstance(self.screen, ClinicScreen):
            super().action_command_palette()

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
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_enrol(self) -> None:
        from tui.screens.enrol import enrol

        enrol(self)

    def action_protocols(self) -> None:
        from tui.screens.protocols import ProtocolsScreen

        self.push_screen(ProtocolsScreen())

    def action_leave(self) -> None:
        self.exit()

    def action_light(self) -> None:
        self.theme = "textual-light" if self.theme == "textual-dark" else "textual-dark"

    def _fatal_error(self) -> None:
        """A crash tells where, and nothing of what was on the screen."""
        crash.report(self, self.place.home.folder)


def run(home: Home, by: str = "", role: str = "nurse") -> None:
    """Open the app; ends the program, with another status than 0 after a fault."""
    place = Workplace(home, by, role)
    app = C1D1App(place)
    try:
        app.run()
    finally:
        place.close()
    sys.exit(app.return_code or 0)
