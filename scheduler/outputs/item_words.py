"""Words about one item of a schedule: where, how much, which way, in which state, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item, Schedule, Slot, Status
from scheduler.outputs.lines import clean, day, numbers
from scheduler.quantities import Rate

STATES: dict[Status, str] = {
    "planned": "",
    "given": "GIVEN",
    "missed": "MISSED",
    "held": "HELD",
    "skipped": "LEFT OUT",
    "ended": "ENDED",
    "blocked": "BLOCKED",
    "not-computable": "NO AMOUNT",
}
"""The word that comes first where an item is not simply planned."""

EXAMINED: dict[Status, str] = {"given": "DONE", "missed": "NOT DONE"}
"""What an examination is instead."""

NOTHING_TO_GIVE: tuple[Status, ...] = ("held", "skipped", "ended")
"""States of which a line says so in as many words."""

_NO_AMOUNT = "No amount: "
_SIZES = ("Weight ", "Height ", "Body surface area ")
_STARTS = (*_SIZES, "Day 1 of cycle ", "Cycle ")


def place(slot: Slot) -> str:
    """'clinic', or the time of day of what is taken at home."""
    return "clinic" if slot.given_by == "clinic" else slot.time or "home"


def over(minutes: int | None, route: str) -> str:
    """' over 90 min' for an infusion; ' (infusion time not stated)' where nobody says how long it runs."""
    if minutes is not None:
        return f" over {shown_minutes(minutes)}"
    return " (infusion time not stated)" if route == "intravenous" else ""


def shown_minutes(minutes: int) -> str:
    return f"{minutes:,} min"


def how_much(item: Item) -> str:
    """'280 mg intravenous over 90 min', '20 mL of blood'; the rate where no amount can be computed."""
    if item.slot.kind == "assessment":
        return f"{item.amount.rounded()} of blood" if item.amount else ""
    basis = item.amount.rounded() if item.amount else item.rate
    text = " ".join(str(part) for part in (basis, clean(item.slot.route)) if part)
    each = " each time" if item.slot.dose_number else ""
    return text + over(item.over_minutes, item.slot.route) + each


def state_and_amount(item: Item) -> str:
    """What a line of the plan says after the name: the state first, unless it is simply planned.

    Only what is planned or given shows an amount: nothing else may look like an order.
    """
    state = EXAMINED.get(item.status, STATES[item.status]) if item.slot.kind == "assessment" else STATES[item.status]
    if item.status == "planned":
        return how_much(item)
    if item.status == "given" and item.amount:
        return f"{state}: {item.amount.rounded()}"
    if item.status in NOTHING_TO_GIVE and item.slot.kind == "dose":
        return f"{state}: give nothing"
    if item.status == "not-computable" and item.rate:
        return f"{state}: {item.rate}"
    return state


def level(item: Item) -> str:
    """'level -1' for a reduced dose; '' at the starting dose, and where nothing is to be given."""
    return f"level {item.level}" if item.level and item.status not in NOTHING_TO_GIVE else ""


def cause(item: Item) -> str:
    """Why an item is neither planned nor given, in the words of the reason; '' where none is on record."""
    if item.status in ("planned", "given"):
        return ""
    if item.status == "not-computable":
        texts = [r.text for r in item.reasons if r.kind == "arithmetic" and r.text.startswith(_NO_AMOUNT)]
        return clean(texts[-1].removeprefix(_NO_AMOUNT)) if texts else ""
    events = [r.text for r in item.reasons if r.kind == "event" and not r.text.startswith(_STARTS)]
    return clean(events[-1]) if events else ""


def sizes(items: Iterable[Item]) -> tuple[str, ...]:
    """Weight, height and area that doses are calculated from, each once, in the words of their reasons."""
    doses = (item for item in items if item.slot.kind == "dose")
    facts = (r.text for item in doses for r in item.reasons if r.kind in ("event", "arithmetic"))
    return tuple(dict.fromkeys(clean(text) for text in facts if text.startswith(_SIZES)))


def arithmetic(item: Item) -> str:
    """'4 mg/kg x 70 kg = 280 mg' as the engine worked it out; the amount alone for a flat dose."""
    if item.amount is None:
        return f"{item.rate}, no amount" if item.rate else "no amount"
    shown = str(item.amount.rounded())
    texts = [r.text for r in item.reasons if r.kind == "arithmetic" and r.text.endswith(f"{shown}.")]
    if texts:
        return clean(texts[-1]).rstrip(".")
    return f"{shown} for everybody" if item.rate == Rate(item.amount) else shown


def window(item: Item) -> str:
    """'any day from Fri 2026-01-02 to Thu 2026-01-08'; '' where only the day itself will do, or nothing is to do."""
    found = item.window if item.status in ("planned", "blocked", "not-computable") else None
    return "" if found is None or found[0] == found[1] else f"any day from {day(found[0])} to {day(found[1])}"


def row_order(schedule: Schedule) -> dict[str, int]:
    """Treatments and assessments by their first day: the order of rows, the same in every cycle."""
    return {key: n for n, key in enumerate(dict.fromkeys(item.slot.key for item in schedule.items))}


class Notes:
    """The assumptions of a schedule, each with the number under which it is listed."""

    def __init__(self) -> None:
        self.listed: dict[str, tuple[int, Reason]] = {}

    def of(self, items: Iterable[Item]) -> str:
        """'[1 5-9]' for what these items rest on; new assumptions take the next numbers."""
        found = dict.fromkeys(reason for item in items for reason in item.assumptions)
        return numbers(self.listed.setdefault(r.text, (len(self.listed) + 1, r))[0] for r in found)


def span(first: date, last: date) -> str:
    return f"{day(first)} to {day(last)}"
