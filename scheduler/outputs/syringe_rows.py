"""The rows of the syringe schedule: one syringe each, what to draw up beside what it is for."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.engine.measuring import Measured, compared
from scheduler.engine.reasons import Reason
from scheduler.engine.syringes import Syringe
from scheduler.outputs.marks import Mark
from scheduler.outputs.paper import Cell, Grid, Part, table, text
from scheduler.outputs.safe_words import in_words, ranges, without_slash
from scheduler.quantities import Amount

ROW_MARK_MM = 8
COLUMNS = {
    "Mark": 13,
    "Day": 34,
    "Cycle and day": 20,
    "Dose": 45,
    "Draw up": 26,
    "Then it holds": 44,
    "Syringe": 30,
    "Number": 19,
    "Drawn up by": 21,
    "Checked by": 21,
}
_DRAW, _CHECKED = 4, 9


def syringe_table(found: Sequence[Syringe], mark: str, place: int, assumptions: Sequence[Reason]) -> Part:
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
    draw, last = _DRAW + first, _CHECKED + first
    grid = Grid(
        head=1,
        columns=True,
        spans=tuple(((draw, row), (last, row)) for row in without),
        boxes=tuple((draw, row) for row in warned),
    )
    return table(lines, widths, grid)


def _row(each: Syringe, mark: str, assumptions: Sequence[Reason], *, filled: bool) -> list[Cell]:
    slot = each.item.slot
    when = [text(in_words(each.item.date), "strong")]
    when += [text(f"at {slot.time}", "small")] if slot.time else []
    start: list[Cell] = [
        Mark(mark, ROW_MARK_MM, filled=filled),
        when,
        [text(f"cycle {each.item.cycle},"), text(f"day {slot.day}")],
        _dose(each, assumptions),
    ]
    end: list[Cell] = ["", ""]
    drawn, content = each.draw.drawn, each.content
    if drawn is None or content is None:
        why = [text("NOT TO BE DRAWN UP", "strong"), text(without_slash(each.draw.refusal))]
        return [*start, why, "", "", "", *end]
    return [
        *start,
        [*_parted(drawn), text(str(Amount(drawn.volume, "mL")), "large"), *_filled(drawn)],
        _content(each, drawn, content),
        [text(f"{drawn.parts} of the {drawn.kind.name}" if drawn.parts > 1 else drawn.kind.name), _marks(drawn)],
        text(f"{each.number} of {'' if each.of else 'at least '}{each.counted}", "strong"),
        *end,
    ]


def _dose(each: Syringe, assumptions: Sequence[Reason]) -> list[Part]:
    item = each.item
    amount = str(item.amount.rounded()) if item.amount else "no amount"
    cell = [text(amount, "strong")]
    if item.level:
        cell.append(text(f"{-item.level} level{'' if item.level == -1 else 's'} down", "small"))
    numbers = [assumptions.index(reason) + 1 for reason in item.assumptions]
    if numbers and item.amount:
        plural = "s" if len(numbers) > 1 else ""
        cell.append(text(f"rests on assumption{plural} {ranges(numbers)}", "small"))
    return cell


def _marks(drawn: Measured) -> Part:
    return text(drawn.kind.marks, "small")


def _parted(drawn: Measured) -> list[Part]:
    return [text(f"{drawn.parts} times, at {drawn.parts} sites:", "small")] if drawn.parts > 1 else []


def _filled(drawn: Measured) -> list[Part]:
    return [text(f"filled to {Amount(drawn.fill, 'mL')}", "small")] if drawn.kind.overfill else []


def _content(each: Syringe, drawn: Measured, content: Amount) -> list[Part]:
    cell = [text(str(content.rounded()))]
    if each.product and each.product.concentration != each.product.stock:
        cell.append(text(f"diluted to {each.product.concentration} per mL", "small"))
    if drawn.parts > 1:
        cell.append(text(f"all {drawn.parts} syringes together", "small"))
    if each.warning:
        cell.append(text(f"WARNING: {each.warning}", "strong"))
    else:
        cell.append(text(compared(drawn.deviation), "small"))
    if each.more_than_one_vial:
        cell.append(text("needs more than one vial", "small"))
    return cell
