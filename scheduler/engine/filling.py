"""The slots of each cycle, filled for one patient: with date, status, amount and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from scheduler.cycle_days import day_number
from scheduler.engine.amounts import Dosage, dosage
from scheduler.engine.body_size import BodySize
from scheduler.engine.course import Course, Line
from scheduler.engine.decisions import Verdict, verdicts
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item, Status
from scheduler.engine.timeline import DatedCycle
from scheduler.protocol.meaning import Minutes
from scheduler.quantities import Amount, Rate
from scheduler.record.history import History


class Share(NamedTuple):
    """What a line of the file comes to in one cycle of one patient, the same on all its days."""

    status: Status
    rate: Rate | None
    amount: Amount | None
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Filling:
    """One patient's items in the making. Nothing that days or cycles have in common is worked out twice."""

    course: Course
    history: History
    through: date
    _infused: set[str] = field(default_factory=set)
    _dosages: dict[tuple[Line, int], Dosage] = field(default_factory=dict)

    def cycles(self, dated: Sequence[DatedCycle], sizes: Sequence[BodySize]) -> Iterator[Item]:
        """The items of all cycles up to and including `through`."""
        ends = [*(each.cycle.start for each in dated[1:]), date.max]
        for each, size, end in zip(dated, sizes, ends, strict=False):  # no cycle yet: one end too many
            yield from self._items(each, size, end)

    def _items(self, dated: DatedCycle, size: BodySize, end: date) -> Iterator[Item]:
        """The items of one cycle; what it wrote for the days from `end` on, when the next one began, is skipped."""
        number = dated.cycle.cycle
        day_1 = self.history.day_1
        decided = verdicts(self.course.protocol, self.history, number)
        before = verdicts(self.course.protocol, self.history, number - 1)
        shares: dict[tuple[Line, int], Share] = {}
        for slot, line in self.course.cycle(number):
            on = dated.date_of(slot.day)
            if on > self.through:
                return
            verdict = (before if slot.closes else decided).on(on)
            share = shares.get((line, id(verdict)))
            if share is None:
                share = shares[line, id(verdict)] = self._share(line, size, dated.reasons, verdict)
            status, rate, amount, reasons = share
            if on >= end and status in ("planned", "not-computable"):
                status, reasons = "skipped", (*reasons, _overtaken(number + 1, end))
            if dated.shifts:
                reasons = (*reasons, *(shift.reason for shift in dated.shifts if slot.day >= shift.from_day))
            minutes = self._minutes(slot.key, line.minutes)
            yield Item(slot, number, on, day_number(on, day_1), status, 0, rate, amount, minutes, reasons)

    def _share(self, line: Line, size: BodySize, dates: tuple[Reason, ...], decided: Verdict) -> Share:
        shared = line.reasons + dates + decided.reasons
        if line.rate is None and not line.bands:
            return Share(decided.status, None, line.blood, shared)
        dose = self._dosages.get((line, id(size)))
        if dose is None:
            dose = self._dosages[line, id(size)] = dosage(line.rate, line.bands, size)
        lacking = dose.amount is None and decided.status == "planned"
        return Share("not-computable" if lacking else decided.status, dose.rate, dose.amount, shared + dose.reasons)

    def _minutes(self, key: str, minutes: Minutes) -> int | None:
        """The first infusion of a treatment may take longer than the later ones."""
        if minutes.first == minutes.later:
            return minutes.first
        first = key not in self._infused
        self._infused.add(key)
        return minutes.first if first else minutes.later


def _overtaken(cycle: int, began: date) -> Reason:
    return Reason("event", f"Cycle {cycle} began on {began} already; no day of the cycle before follows it.")
