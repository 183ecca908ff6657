"""A list of rows with titles between them that draws only what is seen, however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Key, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.ui_text import fitted


class Row(NamedTuple):
    """A line of the list: columns of text; a title where it has no key. `mark` is the sign before it."""

    text: str
    key: str = ""
    mark: str = " "
    detail: str = ""

    @property
    def is_title(self) -> bool:
        return not self.key


class RowList(Widget, can_focus=True):
    """Up and Down move; Enter opens; what is typed is told as `Typed`."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "end(-1)", "First", show=False),
        Binding("end", "end(1)", "Last", show=False),
        Binding("enter", "open", "Open", show=False),
    ]

    class Opened(Message):
        """Enter, or a click on the row under the cursor."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    class Missed(Message):
        """Enter where there is no row to open."""

    class Moved(Message):
        """Another row is under the cursor; None where the list is empty."""

        def __init__(self, row: Row | None) -> None:
            self.row = row
            super().__init__()

    class Typed(Message):
        """A printable character, or 'backspace'."""

        def __init__(self, key: str) -> None:
            self.key = key
            super().__init__()

    def __init__(self, *, id: str | None = None, typing: bool = False) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.cursor = 0
        self.top = 0
        self.typing = typing

    # ------------------------------------------------------------ content

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Other rows; the cursor stays with its row where that is still there."""
        before = self.current
        self.rows = rows
        keys = [row.key for row in rows]
        if before is not None and before.key in keys:
            self.cursor = keys.index(before.key)
        else:
            self.cursor = min(self.cursor, max(0, len(rows) - 1))
            self._step_off_titles(1)
        self._show_cursor()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        if not 0 <= self.cursor < len(self.rows) or self.rows[self.cursor].is_title:
            return None
        return self.rows[self.cursor]

    def to_first(self) -> None:
        self.cursor = 0
        self._step_off_titles(1)
        self._show_cursor()

    def _step_off_titles(self, way: int) -> None:
        for step in (way, -way):
            at = self.cursor
            while 0 <= at < len(self.rows) and self.rows[at].is_title:
                at += step
            if 0 <= at < len(self.rows):
                self.cursor = at
                return

    def _show_cursor(self) -> None:
        height = max(1, self.size.height)
        above = self.cursor - 1 if self.cursor and self.rows[self.cursor - 1].is_title else self.cursor
        self.top = max(0, min(self.top, above), self.cursor - height + 1)
        self.refresh()
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + Offset(0, self.cursor - self.top)
        self.post_message(self.Moved(self.current))

    # ------------------------------------------------------------ keys

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(len(self.rows) - 1, self.cursor + by))
        self._step_off_titles(1 if by > 0 else -1)
        self._show_cursor()

    def action_page(self, way: int) -> None:
        self.action_move(way * max(1, self.size.height - 1))

    def action_end(self, way: int) -> None:
        self.action_move(way * len(self.rows))

    def action_open(self) -> None:
        self.post_message(self.Missed() if self.current is None else self.Opened(self.current))

    def on_key(self, event: Key) -> None:
        if not self.typing:
            return
        if event.key == "backspace" or (event.is_printable and event.character):
            event.stop()
            event.prevent_default()
            self.post_message(self.Typed("backspace" if event.key == "backspace" else event.character or ""))

    def on_click(self, event: Click) -> None:
        at = self.top + event.y
        if 0 <= at < len(self.rows) and not self.rows[at].is_title:
            again = at == self.cursor
            self.cursor = at
            self._show_cursor()
            if again:
                self.action_open()

    def on_mouse_scroll_down(self, _event: MouseScrollDown) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self, _event: MouseScrollUp) -> None:
        self.action_move(-3)

    def on_resize(self, _event: Resize) -> None:
        self._show_cursor()

    # ------------------------------------------------------------ drawing

    def render_line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        at = self.top + y
        if not 0 <= at < len(self.rows):
            return Strip.blank(width, base)
        row = self.rows[at]
        if row.is_title:
            return Strip([Segment(fitted(f" {row.text}", width), base + Style(bold=True, underline=True))])
        here = at == self.cursor
        style = base + Style(reverse=True) if here and self.has_focus else base + Style(bold=here)
        return Strip([Segment(fitted(f"{'›' if here else ' '}{row.mark} {row.text}", width), style)])
