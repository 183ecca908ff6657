"""A schedule as cells, cycles down and cycle days across; each cell told by shape, letter and colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rich.style import Style

from scheduler.engine.schedule import Cycle, Item, Schedule, Status
from scheduler.outputs.lines import letter

HOME, CLINIC = "○", "◊"
GIVEN_HOME, GIVEN_CLINIC = "●", "♦"
SHAPES: dict[Status, str] = {
    "missed": "×",
    "held": "■",
    "skipped": "~",
    "ended": "=",
    "blocked": "?",
    "not-computable": "!",
}
NONE, OVERDUE, SEVERAL, REDUCED = "·", "!", "+", "↓"
LEGEND = (
    "○ home ◊ clinic ●♦ given × missed ■ held: give nothing ~ left out = ended",
    "↓ lower level + several ? waits for a decision ! not recorded, or no amount",
)
_ORDER: tuple[Status, ...] = (
    "held", "not-computable", "blocked", "planned", "missed", "skipped", "ended", "given",
)  # fmt: skip

COLOURS: dict[str, Style] = {
    "planned": Style(color="#ffffff", bgcolor="#455a64"),
    "reduced": Style(color="#000000", bgcolor="#ffcc00"),
    "given": Style(color="#000000", bgcolor="#00b247"),
    "missed": Style(color="#000000", bgcolor="#ffffff", bold=True),
    "nothing": Style(color="#ffffff", bgcolor="#1f004c", bold=True),
    "attention": Style(color="#ffffff", bgcolor="#6b1500", bold=True),
    "none": Style(),
}
"""Apart for the three kinds of colour blindness, in 16 colours and in grey."""


class Cell(NamedTuple):
    """One day of one cycle; `items` are all doses and examinations that the protocol writes for it."""

    cycle: int
    day: int
    on: date
    items: tuple[Item, ...]
    shape: str = NONE
    letter: str = ""
    colour: str = "none"

    @property
    def doses(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.slot.kind == "dose")


class Grid(NamedTuple):
    """The cycles with their cells, one for each of `days`; None where a cycle has no such day."""

    cycles: tuple[Cycle, ...]
    days: tuple[int, ...]
    cells: tuple[tuple[Cell | None, ...], ...]

    def place_of(self, on: date) -> tuple[int, int] | None:
        """Row and column of a date: of something due on it, else of the cycle's own day."""
        for wanted in (True, False):
            for row, cells in enumerate(self.cells):
                for column, cell in enumerate(cells):
                    if cell is not None and cell.on == on and bool(cell.items) is wanted:
                        return row, column
        return None


def grid_of(schedule: Schedule, is_overdue: Callable[[Item], bool]) -> Grid:
    """All cycles that the schedule reaches, with every day on which something is written."""
    found: dict[tuple[int, int], list[Item]] = {}
    for item in schedule.items:
        found.setdefault((item.cycle, item.slot.day), []).append(item)
    longest = max((cycle.length_days for cycle in schedule.cycles), default=1)
    days = sorted({*range(1, longest + 1), *(day for _, day in found)})
    rows = tuple(tuple(_cell(cycle, day, found, is_overdue) for day in days) for cycle in schedule.cycles)
    return Grid(schedule.cycles, tuple(days), rows)


def _cell(
    cycle: Cycle, day: int, found: dict[tuple[int, int], list[Item]], is_overdue: Callable[[Item], bool]
) -> Cell | None:
    items = tuple(found.get((cycle.cycle, day), ()))
    if not items:
        on = cycle.start + timedelta(days=day - 1 if day > 0 else day)
        return Cell(cycle.cycle, day, on, ()) if 0 < day <= cycle.length_days else None
    doses = [item for item in items if item.slot.kind == "dose"]
    lead = min(doses or items, key=lambda item: _urgency(item, is_overdue(item)))
    several = len({item.slot.key for item in doses}) > 1
    lower = REDUCED if lead.level and lead.status in ("planned", "given") else ""
    own = letter(lead.slot.mark, lead.slot.letter) + lower + (SEVERAL if several else "")
    shape, colour = _shape(lead, is_overdue(lead)), _colour(lead, is_overdue(lead))
    return Cell(cycle.cycle, day, lead.date, items, shape, own, colour)


def _urgency(item: Item, overdue: bool) -> tuple[bool, int, bool]:  # noqa: FBT001 - one fact of the item
    """What stands for a day of several doses: what nobody recorded, what is not to be given, then the clinic's."""
    return not overdue, _ORDER.index(item.status), item.slot.given_by != "clinic"


def _shape(item: Item, overdue: bool) -> str:  # noqa: FBT001 - as above
    clinic = item.slot.given_by == "clinic"
    if overdue:
        return OVERDUE
    if item.status == "planned":
        return CLINIC if clinic else HOME
    if item.status == "given":
        return GIVEN_CLINIC if clinic else GIVEN_HOME
    return SHAPES[item.status]


def _colour(item: Item, overdue: bool) -> str:  # noqa: FBT001 - as above
    if overdue or item.status in ("blocked", "not-computable"):
        return "attention"
    if item.slot.kind == "assessment" and item.status == "planned":
        return "none"
    if item.status in ("held", "skipped", "ended"):
        return "nothing"
    if item.status == "planned":
        return "reduced" if item.level else "planned"
    return item.status


def differing(before: Sequence[Item], after: Sequence[Item]) -> frozenset[tuple[int, int]]:
    """Cycle and day of everything that is not the same in both."""
    was, now = {i.id: i for i in before}, {i.id: i for i in after}
    return frozenset(
        (item.cycle, item.slot.day)
        for key in {*was, *now}
        for item in [now.get(key) or was[key]]
        if was.get(key) is None or now.get(key) is None or was[key][:-1] != now[key][:-1]
    )
