"""Why one item is as it is: its reasons by kind, sources first, arithmetic last."""

from __future__ import annotations

from scheduler.engine.reasons import ReasonKind
from scheduler.engine.schedule import Item
from scheduler.outputs.item_words import level, place, state_and_amount, window
from scheduler.outputs.lines import clean, day, joined, wrapped

TITLES: dict[ReasonKind, str] = {
    "paper": "The paper says",
    "registry": "The registry says",
    "label": "The label says",
    "assumption": "Assumed, because no source says it",
    "event": "Recorded",
    "arithmetic": "Calculated",
}


def why_text(item: Item) -> str:
    """The item in a sentence, then every reason with its place in the file."""
    lines = wrapped(f"{item.cycle_day}  {day(item.date)}  {place(item.slot)}  {clean(item.slot.name)}", then="  ")
    for text in (state_and_amount(item), level(item), window(item)):
        lines += wrapped(text, "  ") if text else []
    for kind, title in TITLES.items():
        reasons = [reason for reason in item.reasons if reason.kind == kind]
        lines += [f"  {title}:"] if reasons else []
        for reason in reasons:
            at = f" ({reason.at})" if reason.at else ""
            lines += wrapped(clean(f"{reason.text}{at}"), "    - ")
    return joined(lines)
