"""The rows of the syringe schedule: one syringe each, what to draw up beside what it is for."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.engine.measuring import shown_deviation
from scheduler.engine.reasons import Reason
from scheduler.engine.syringes import Syringe
from scheduler.outputs.paper import Cell, Flowable, Grid, Mark, table, text
from scheduler.outputs.safe_words import in_words, ranges, rate_in_words, without_slash
from scheduler.quantities import Amount

ROW_MARK_MM = 9
COLUMNS = {
    "Mark": 14,
    "Day": 33,
    "Cycle and day": 24,
    "Dose": 43,
    "Draw up": 27,
    "Then it holds": 44,
    "Syringe": 30,
    "Number": 18,
    "Drawn up by": 20,
    "Checked by": 20,
}
_DRAW, _NUMBER = 4, 7


def syringe_table(
    found: Sequence[Syringe], mark: str, place: int, assumptions: Sequence[Reason]
) -> Flowable:
    """All syringes of one release; at the second place (1) the column of marks stands on the right."""
    right = place % 2 == 1
    heads: list[Cell] = [text(name, "strong") for name in COLUMNS]
    lines = [heads, *(_row(each, mark, assumptions, filled=right) for each in found)]
    widths = list(COLUMNS.values())
    first = 0
    if right:
        lines = [[*line[1:], line[0]] for line in lines]
        widths = [*widths[1:], widths[0]]
        first = -1
    without = [number for number, each in enumerate(found, start=1) if each.draw.drawn is None]
    warned = [number for number, each in enumerate(found, start=1) if each.warning]
    draw, last = _DRAW + first, _NUMBER + first
    grid = Grid(
        head=1,
        columns=True,
        spans=tuple(((draw, row), (last, row)) for row in without),
        boxes=tuple((draw, row) for row in warned),
    )
    return table(lines, widths, grid)


def _row(each: Syringe, mark: str, assumptions: Sequence[Reason], *, filled: bool) -> list[Cell]:
    slot = each.item.slot
    time = f" at {slot.time}" if slot.time else ""
    start: list[Cell] = [
        Mark(mark, ROW_MARK_MM, filled=filled),
        [text(in_words(each.item.date), "strong"), text(f"{slot.route}{time}", "small")],
        text(f"cycle {each.item.cycle}, day {slot.day}"),
        _dose(each, assumptions),
    ]
    end: list[Cell] = ["", ""]
    drawn, content = each.draw.drawn, each.content
    if drawn is None or content is None:
        why = [text("NOT TO BE DRAWN UP", "strong"), text(without_slash(each.draw.refusal))]
        return [*start, why, "", "", "", *end]
    return [
        *start,
        text(str(Amount(drawn.volume, "mL")), "large"),
        _content(each, content),
        [text(drawn.kind.name), text(drawn.kind.marks, "small")],
        text(f"{each.number} of {each.of}" if each.of else f"{each.number}", "strong"),
        *end,
    ]


def _dose(each: Syringe, assumptions: Sequence[Reason]) -> list[Flowable]:
    item = each.item
    amount = str(item.amount.rounded()) if item.amount else "no amount"
    cell = [text(amount, "strong")]
    if item.rate is not None:
        down = "" if item.level == 0 else f", {-item.level} level{'s'[: -item.level - 1]} down"
        cell.append(text(rate_in_words(item.rate) + down, "small"))
    numbers = [assumptions.index(reason) + 1 for reason in item.assumptions]
    if numbers:
        plural = "s" if len(numbers) > 1 else ""
        cell.append(text(f"rests on assumption{plural} {ranges(numbers)}", "small"))
    return cell


def _content(each: Syringe, content: Amount) -> list[Flowable]:
    assert each.draw.drawn is not None  # noqa: S101 - there is a content
    off = shown_deviation(each.draw.drawn.deviation)
    cell = [text(str(content.rounded())), text(f"{off}{'' if off == 'equal' else ' than'} the dose", "small")]
    if each.warning:
        cell.append(text(f"WARNING: {each.warning}", "strong"))
    if each.more_than_one_vial:
        cell.append(text("needs more than one vial", "small"))
    return cell
