"""Small words that lists and refusals share: days, spans, names, amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from scheduler.engine.schedule import Item
from scheduler.protocol.model import Protocol
from scheduler.protocol.wording import listed

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(on: date) -> str:
    """'Tue 2026-01-06': the same in every country and language."""
    return f"{WEEKDAYS[on.weekday()]} {on.isoformat()}"


def span(days: Sequence[date]) -> str:
    """'Tue 2026-01-06', 'Tue 2026-01-06 and Thu 2026-01-08', 'Tue 2026-01-06 to Fri 2026-01-09'."""
    first, last = days[0], days[-1]
    if first == last:
        return day(first)
    if len(set(days)) == 2 and last - first > timedelta(days=1):
        return f"{day(first)} and {day(last)}"
    return f"{day(first)} to {day(last)}"


def cycle_days(items: Sequence[Item]) -> str:
    """'C1D10 to C1D21', 'C2D1 and C2D8', 'C2D9'."""
    names = list(dict.fromkeys(item.cycle_day for item in items))
    if len(names) < 3:
        return listed(names, "and")
    return f"{names[0]} to {names[-1]}"


def count(number: int, what: str) -> str:
    """'1 dose', '12 doses'; `what` in the singular."""
    many = f"{what[:-1]}ies" if what.endswith("y") and not what.endswith("day") else f"{what}s"
    return f"{number:,} {what if number == 1 else many}"


def amount(item: Item) -> str:
    """'1.343 million units', or the rate where no amount is computed; '' where there is neither."""
    if item.amount is not None:
        return str(item.amount.rounded())
    return f"no amount ({item.rate})" if item.rate is not None else ""


def names(protocol: Protocol, treatments: Iterable[str]) -> str:
    """Treatments by the names that people use."""
    return listed([protocol.treatment(key).name for key in treatments], "and")


def place(item: Item) -> str:
    """'clinic', or the time of day of what is taken at home."""
    return "clinic" if item.slot.given_by == "clinic" else item.slot.time or "home"
