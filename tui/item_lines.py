"""One dose or examination in a line, as the screens of a patient show it."""

from __future__ import annotations

from scheduler.engine.schedule import Item
from scheduler.outputs.item_words import cause, level, place, state_and_amount
from scheduler.outputs.lines import clean, sign


def item_line(item: Item, *, overdue: bool = False) -> str:
    """'(A) aldesleukin, low dose  20:00  HELD: give nothing  because ...'."""
    state = ("NOT RECORDED: " if overdue else "") + state_and_amount(item)
    why = cause(item)
    parts = (
        f"{sign(item.slot.mark, item.slot.letter)} {clean(item.slot.name)}",
        place(item.slot),
        state,
        level(item),
        f"({why})" if why else "",
    )
    return "  ".join(part for part in parts if part)
