"""The cycle grid: cycles down, cycle days across, a cursor on one day; drawn line by line."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.ui_text import fitted
from tui.widgets.cells import COLOURS, Cell, Grid

LABEL = 15
NARROW, WIDE = 3, 4


class CycleGrid(Widget, can_focus=True):
    """Arrows move from day to day; the top line has the cycle days."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", "Up", show=False),
        Binding("down", "move(1, 0)", "Down", show=False),
        Binding("left", "move(0, -1)", "Left", show=False),
        Binding("right", "move(0, 1)", "Right", show=False),
        Binding("home", "first", "Day 1", show=False),
        Binding("end", "move(0, 99)", "Last day", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another cell; None on a day that the cycle does not have."""

        def __init__(self, cell: Cell | None) -> None:
            self.cell = cell
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id)
        self.grid = Grid((), (), ())
        self.row = self.column = 0
        self.top = self.left = 0
        self.today: date | None = None
        self.changed: frozenset[tuple[int, int]] = frozenset()

    def set_grid(self, grid: Grid, today: date) -> None:
        """Another grid; the cursor begins on today and then stays where it is."""
        is_first = not self.grid.cells
        self.grid, self.today = grid, today
        if is_first:
            self.row, self.column = grid.place_of(today) or (0, 0)
        self._keep_inside()
        self._show_cursor()

    def go_to(self, cycle: int, day: int) -> None:
        """Put the cursor on a cycle day, if the grid has it."""
        cycles = [c.cycle for c in self.grid.cycles]
        if cycle in cycles and day in self.grid.days:
            self.row, self.column = cycles.index(cycle), self.grid.days.index(day)
            self._show_cursor()

    def to_today(self) -> None:
        """Put the cursor on today, or on the first cycle before treatment."""
        if self.today is not None:
            self.row, self.column = self.grid.place_of(self.today) or (0, 0)
            self._show_cursor()

    @property
    def cell(self) -> Cell | None:
        """The cell under the cursor."""
        if not self.grid.cells or not self.grid.days:
            return None
        return self.grid.cells[self.row][self.column]

    # ------------------------------------------------------------ moving

    def action_move(self, down: int, right: int) -> None:
        self.row, self.column = self.row + down, self.column + right
        self._keep_inside()
        self._show_cursor()

    def action_first(self) -> None:
        """Day 1; what comes before it is left of it."""
        self.column = self.grid.days.index(1) if 1 in self.grid.days else 0
        self._show_cursor()

    def _keep_inside(self) -> None:
        self.row = max(0, min(self.row, len(self.grid.cells) - 1))
        self.column = max(0, min(self.column, len(self.grid.days) - 1))

    def _show_cursor(self) -> None:
        rows, columns = max(1, self.size.height - 1), self._columns
        self.top = _first_seen(self.top, self.row, rows, len(self.grid.cells))
        self.left = _first_seen(self.left, self.column, columns, len(self.grid.days))
        self.refresh()
        if self.has_focus:
            at = Offset(LABEL + (self.column - self.left) * self._cell_width, 1 + self.row - self.top)
            self.app.cursor_position = self.content_region.offset + at
        self.post_message(self.Moved(self.cell))

    @property
    def _cell_width(self) -> int:
        return WIDE if LABEL + len(self.grid.days) * WIDE <= self.size.width else NARROW

    @property
    def _columns(self) -> int:
        return max(1, (self.size.width - LABEL) // self._cell_width)

    def on_resize(self, _event: Resize) -> None:
        self._show_cursor()

    def on_click(self, event: Click) -> None:
        row, column = self.top + event.y - 1, self.left + (event.x - LABEL) // self._cell_width
        if event.y > 0 and event.x >= LABEL and row < len(self.grid.cells) and column < len(self.grid.days):
            self.row, self.column = row, column
            self._show_cursor()

    def on_mouse_scroll_down(self, _event: MouseScrollDown) -> None:
        self.action_move(1, 0)

    def on_mouse_scroll_up(self, _event: MouseScrollUp) -> None:
        self.action_move(-1, 0)

    # ------------------------------------------------------------ drawing

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        row = self.top + y - 1
        if y == 0:
            segments = self._head(base)
        elif row < len(self.grid.cells):
            segments = self._line(row, base)
        else:
            segments = []
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _seen(self) -> range:
        return range(self.left, min(len(self.grid.days), self.left + self._columns))

    def _head(self, base: Style) -> list[Segment]:
        more = "<" if self.left else " "
        label = Segment(fitted(f"Cycle day{more}", LABEL), base + Style(bold=True))
        width = self._cell_width
        days = ((fitted(f"{self.grid.days[n]:>2}", width), self._head_style(n)) for n in self._seen())
        return [label, *(Segment(text, base + style) for text, style in days)]

    def _head_style(self, column: int) -> Style:
        return Style(reverse=True) if column == self.column else Style()

    def _line(self, row: int, base: Style) -> list[Segment]:
        cycle = self.grid.cycles[row]
        label = f"{f'C{cycle.cycle}':<4}{cycle.start.isoformat()}"
        bold = Style(bold=row == self.row)
        return [Segment(fitted(label, LABEL), base + bold), *(self._drawn(row, n, base) for n in self._seen())]

    def _drawn(self, row: int, column: int, base: Style) -> Segment:
        cell, width = self.grid.cells[row][column], self._cell_width
        here = (row, column) == (self.row, self.column)
        if cell is None:
            return Segment(fitted("[ ]" if here else "", width), base)
        style = base + COLOURS[cell.colour]
        if (cell.cycle, cell.day) in self.changed:
            style += Style(underline=True, bold=True)
        text = f"{cell.shape}{cell.letter}"
        if here:
            text = f"{text[:2]}]" if cell.items else f"[{cell.shape}]"
            style = base + Style(reverse=True, bold=True)
        elif cell.on == self.today:
            style += Style(underline=True, bold=True)
        return Segment(fitted(text, width), style)


def _first_seen(first: int, cursor: int, room: int, count: int) -> int:
    """Where the view begins: the cursor is in it, and no room is left empty while something is hidden."""
    found = min(max(first, cursor - room + 1), cursor)
    return max(0, min(found, count - room))
