"""The order within a day: what the protocol says comes first, else assessments, then as in the file."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.engine.schedule import Slot
from scheduler.protocol.meaning import Give, Order, TiedTo
from scheduler.protocol.model import Protocol

NOON = "12:00"


def order_pairs(protocol: Protocol) -> frozenset[tuple[str, str]]:
    """(later, earlier) as the file says, with each premedication of the same morning before its drug."""
    pairs = {(order.later, order.earlier) for order, _ in protocol.effects(Order)}
    for give, _ in protocol.effects(Give):
        if isinstance(give.when, TiedTo) and give.when.part == "morning of":
            pairs.add((give.when.treatment, give.dose.treatment))
    return frozenset(pairs)


def in_order(slots: Sequence[Slot], pairs: frozenset[tuple[str, str]], names: Sequence[str]) -> list[Slot]:
    """One day's slots in order; `names` is the order of the file."""
    waiting = sorted(slots, key=lambda slot: (_part_of_day(slot), names.index(slot.key), slot.time or ""))
    ordered: list[Slot] = []
    while waiting:
        keys = {slot.key for slot in waiting}
        free = [s for s in waiting if not any((s.key, key) in pairs for key in keys if key != s.key)]
        chosen = free[0] if free else waiting[0]
        ordered.append(chosen)
        waiting.remove(chosen)
    return ordered


def _part_of_day(slot: Slot) -> int:
    """At home in the morning, then the clinic, then at home later."""
    if slot.time is None:
        return 1
    return 0 if slot.time < NOON else 2
