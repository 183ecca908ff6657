"""A screen of lines to read: why, a protocol, assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tui.screens.base import ClinicScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.scroll_text import ScrollText


class ReadingScreen(ClinicScreen):
    """A title and its lines."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "back", "Back", show=False)]
    HELP_TEXT = "Arrows and the Page keys scroll. The same text comes from the command line."

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.text_title, self.lines = title, lines

    def compose(self) -> ComposeResult:
        yield Static(ui_text(f" {self.text_title}"), id="head", classes="title")
        yield ScrollText(self.lines, id="body")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(ScrollText).focus()

    def show_lines(self, lines: Sequence[str]) -> None:
        """Other lines, from the first one on."""
        text = self.query_one(ScrollText)
        text.set_lines(lines)
        text.scroll_home(animate=False)
