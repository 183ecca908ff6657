"""Lines to read, with a scroll bar where they do not fit."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.ui_text import ui_lines


class ScrollText(VerticalScroll):
    """Arrows and Page keys scroll."""

    DEFAULT_CSS = """
    ScrollText { scrollbar-size: 1 1; overflow-x: auto; }
    ScrollText > Static { width: auto; height: auto; }
    """

    def __init__(self, lines: Iterable[str] = (), *, id: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id)
        self._text = Static(ui_lines(lines))

    def compose(self) -> ComposeResult:
        yield self._text

    def set_lines(self, lines: Iterable[str]) -> None:
        self._text.update(ui_lines(lines))
