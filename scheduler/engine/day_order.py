"""The order within a day: what the protocol says comes first, else assessments, then as in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol as Shape
from typing import TypeVar

from scheduler.engine.schedule import Slot
from scheduler.protocol.meaning import Assess, BeforeEach, Give, Order, TiedTo
from scheduler.protocol.model import Protocol

NOON = "12:00"


class Slotted(Shape):
    """Anything that fills a slot."""

    @property
    def slot(self) -> Slot: ...


S = TypeVar("S", bound=Slotted)


@dataclass(frozen=True, slots=True)
class DayOrder:
    """(later, earlier) pairs that the protocol states, and all names in the order of the file."""

    pairs: frozenset[tuple[str, str]]
    names: tuple[str, ...]

    def arranged(self, things: Iterable[S]) -> list[S]:
        """What falls on one day, in order. Pairs that contradict each other are left in the file's order."""
        waiting = sorted(things, key=self._by_file)
        ordered: list[S] = []
        while waiting:
            keys = {thing.slot.key for thing in waiting}
            chosen = next((thing for thing in waiting if self._free(thing.slot.key, keys)), waiting[0])
            ordered.append(chosen)
            waiting.remove(chosen)
        return ordered

    def _by_file(self, thing: Slotted) -> tuple[int, str, int]:
        slot = thing.slot
        return _part_of_day(slot), slot.time or "", self.names.index(slot.key)

    def _free(self, key: str, waiting: set[str]) -> bool:
        return not any((key, other) in self.pairs for other in waiting if other != key)


def day_order(protocol: Protocol) -> DayOrder:
    """As the file says, with what is taken in the morning of a dose, or given before each, ahead of it."""
    pairs = {(order.later, order.earlier) for order, _ in protocol.effects(Order)}
    for give, _ in protocol.effects(Give):
        if isinstance(give.when, TiedTo) and give.when.part == "morning of":
            pairs.add((give.when.treatment, give.dose.treatment))
        elif isinstance(give.when, BeforeEach):
            pairs |= {(treatment, give.dose.treatment) for treatment in give.when.treatments}
    for assess, _ in protocol.effects(Assess):
        if isinstance(assess.when, BeforeEach):
            pairs |= {(treatment, assess.assessment) for treatment in assess.when.treatments}
    names = [each.key for each in protocol.assessments] + [each.key for each in protocol.treatments]
    return DayOrder(frozenset(pairs), tuple(names))


def _part_of_day(slot: Slot) -> int:
    """At home in the morning, then the clinic, then at home later."""
    if slot.time is None:
        return 1
    return 0 if slot.time < NOON else 2
