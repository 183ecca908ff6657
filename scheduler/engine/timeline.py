"""Which cycle begins on which date, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from scheduler.cycle_days import date_of_day
from scheduler.engine.decisions import go_ahead
from scheduler.engine.reasons import Reason, because
from scheduler.engine.rests import Rest, Shift, Stretch
from scheduler.engine.schedule import Cycle
from scheduler.protocol.meaning import CycleLength, LastCycle, LastStart
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.history import History


class DatedCycle(NamedTuple):
    """A cycle, why it begins on its day, the day that was planned, and the days in it that a rest has moved."""

    cycle: Cycle
    reasons: tuple[Reason, ...]
    planned: date
    shifts: tuple[Shift, ...] = ()

    def date_of(self, day: int) -> date:
        """The date of a day of the cycle."""
        on = date_of_day(day, self.cycle.start)
        if not self.shifts:
            return on
        return on + timedelta(days=sum(shift.days for shift in self.shifts if day >= shift.from_day))


@dataclass(frozen=True, slots=True)
class Moves:
    """What the record moves: real and appointed starts of cycles, and rests that stop the clock."""

    starts: Mapping[int, date]
    visits: Mapping[int, date]
    rests: tuple[Rest, ...]
    dose_days: Callable[[int], Sequence[int]]
    keeps_day: bool

    def start(self, cycle: int, after: date) -> tuple[date, Reason] | None:
        """Day 1 as recorded, else as appointed; one that is not after the cycle before is not followed."""
        if self.starts.get(cycle, date.min) > after:
            on = self.starts[cycle]
            return on, Reason("event", f"Cycle {cycle} began on {on}, as recorded.")
        if self.visits.get(cycle, date.min) > after:
            return self.visits[cycle], Reason("event", f"Day 1 of cycle {cycle} is appointed for {self.visits[cycle]}.")
        return None

    def stretched(self, cycle: Cycle) -> tuple[Stretch, tuple[Reason, ...]]:
        """A cycle under the rests; a recorded start is a fact and is moved by none that was over by then."""
        known = self.starts.get(cycle.cycle, date.min)
        stretch = Stretch(cycle.start, self.dose_days(cycle.cycle), self.keeps_day, known == cycle.start)
        said = [stretch.apply(rest) for rest in self.rests if known < rest.ends]
        return stretch, tuple(reason for reason in said if reason is not None)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a protocol says of one arm's cycles: how long, counted from what, until when."""

    lengths: tuple[tuple[CycleLength, Statement], ...]
    keeps_plan: bool
    last_start: int | None
    last_cycle: int | None

    def length(self, cycle: int) -> tuple[CycleLength, Statement] | None:
        """The length of a cycle, with the statement that gives it; None after the last one."""
        if self.last_cycle is not None and cycle > self.last_cycle:
            return None
        return next((found for found in self.lengths if cycle in found[0].cycles), None)

    def allows(self, start: date, day_1: date) -> bool:
        """Whether a cycle may still begin on a day."""
        return self.last_start is None or (start - day_1).days <= self.last_start


@lru_cache(maxsize=64)
def pace(protocol: Protocol, arm: str | None) -> Pace:
    """The pace of an arm; where several ends are written, the earliest counts."""
    return Pace(
        tuple(protocol.effects(CycleLength, arm)),
        protocol.setting("cycle_anchor") == "planned_day_1",
        min((end.days for end, _ in protocol.effects(LastStart)), default=None),
        min((end.cycle for end, _ in protocol.effects(LastCycle)), default=None),
    )


def dated_cycles(protocol: Protocol, history: History, moves: Moves) -> Iterator[DatedCycle]:
    """The patient's cycles, one after another, until the protocol allows no further one.

    A recorded start anchors a cycle; the next one is counted from it or from the planned day, as the
    protocol's `cycle_anchor` says. Starts always rise: a recorded one that does not is not followed.
    """
    rules = pace(protocol, history.enrolment.arm)
    first = history.day_1
    number, planned, before = 1, first, date.min
    why = Reason("event", f"Day 1 of cycle 1 is {first}.")
    said: tuple[Reason, ...] = ()
    while (length := rules.length(number)) is not None:
        start = planned
        if (moved := moves.start(number, before)) is not None:
            start, why = moved
        answer = go_ahead(protocol, history, number)
        if answer is not None and answer.happened_on > start != moves.starts.get(number):
            why = _waited(number, answer.happened_on, start)
            start = answer.happened_on
        dated = _dated(Cycle(number, start, length[0].days), (*said, why), planned, moves)
        if not rules.allows(dated.cycle.start, first):
            return
        yield dated
        rested = dated.cycle != (number, start, length[0].days)
        planned = _next_planned(planned if rules.keeps_plan and not rested else dated.cycle.start, dated.cycle)
        said = (because(length[1], length[0].place),)
        why = _counted(planned, dated.cycle, keeps_plan=rules.keeps_plan and not rested)
        number, before = number + 1, dated.cycle.start


def _dated(cycle: Cycle, reasons: tuple[Reason, ...], planned: date, moves: Moves) -> DatedCycle:
    """The cycle as it stands after the rests: later, or longer by the days that they took."""
    if not moves.rests:
        return DatedCycle(cycle, reasons, planned)
    stretch, moved = moves.stretched(cycle)
    days = cycle.length_days + sum(shift.days for shift in stretch.shifts)
    if stretch.not_before > stretch.start:
        days = max(days, (stretch.not_before - stretch.start).days)
    planned = planned if stretch.start == cycle.start else stretch.start
    return DatedCycle(Cycle(cycle.cycle, stretch.start, days), (*reasons, *moved), planned, tuple(stretch.shifts))


def _waited(cycle: int, answered: date, planned: date) -> Reason:
    return Reason("event", f"Cycle {cycle} waited for the answer of {answered}; {planned} was planned.")


def _next_planned(anchor: date, cycle: Cycle) -> date:
    """Day 1 of the next cycle; planned days that passed before this one began are left out."""
    planned = anchor + timedelta(days=cycle.length_days)
    while planned <= cycle.start:
        planned += timedelta(days=cycle.length_days)
    return planned


def _counted(planned: date, before: Cycle, *, keeps_plan: bool) -> Reason:
    days = (planned - before.start).days
    if keeps_plan and days != before.length_days:
        text = f"Cycle {before.cycle + 1} keeps its planned day, {planned}, as cycle {before.cycle} was moved."
    else:
        text = f"Cycle {before.cycle + 1} begins on {planned}, {days} days after {before.start}."
    return Reason("arithmetic", text)
