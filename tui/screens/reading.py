"""A screen of lines to read: why, a protocol, assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import Static

from scheduler.outputs.lines import wrapped
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
        yield ScrollText(id="body")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(ScrollText).focus()

    def on_resize(self, _event: Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        """Lines that are longer than the window go on below."""
        width = max(40, self.size.width - 4)
        self.query_one(ScrollText).set_lines(part for line in self.lines for part in _broken(line, width))

    def show_lines(self, lines: Sequence[str]) -> None:
        """Other lines, from the first one on."""
        self.lines = lines
        self._draw()
        self.query_one(ScrollText).scroll_home(animate=False)


def _broken(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    return wrapped(line.strip(), indent, f"{indent}    ", width) if len(line) > width else [line]
