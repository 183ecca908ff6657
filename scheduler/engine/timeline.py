"""Which cycle begins on which date, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from scheduler.engine.decisions import go_ahead
from scheduler.engine.reasons import Reason, because
from scheduler.engine.schedule import Cycle
from scheduler.protocol.meaning import CycleLength, LastCycle, LastStart
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.history import History


class DatedCycle(NamedTuple):
    """A cycle, and why it begins on its day."""

    cycle: Cycle
    reasons: tuple[Reason, ...]


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


def cycles(protocol: Protocol, history: History) -> Iterator[Cycle]:
    """The patient's cycles, one after another, until the protocol allows no further one."""
    return (dated.cycle for dated in dated_cycles(protocol, history))


def dated_cycles(protocol: Protocol, history: History) -> Iterator[DatedCycle]:
    """The patient's cycles with the reasons for their day 1.

    A recorded start anchors a cycle; the next one is counted from it or from the planned day, as the
    protocol's `cycle_anchor` says. Starts always rise: a recorded one that does not is not followed.
    """
    rules = pace(protocol, history.enrolment.arm)
    recorded, first = history.cycle_starts, history.day_1
    number, planned, before = 1, first, date.min
    why = Reason("event", f"Day 1 of cycle 1 is {first}.")
    said: tuple[Reason, ...] = ()
    while (length := rules.length(number)) is not None:
        start = planned
        if recorded.get(number, date.min) > before:
            start, why = recorded[number], Reason("event", f"Cycle {number} began on {recorded[number]}, as recorded.")
        elif (answer := go_ahead(protocol, history, number)) is not None and answer.happened_on > planned:
            start, why = answer.happened_on, _waited(number, answer.happened_on, planned)
        if not rules.allows(start, first):
            return
        cycle = Cycle(number, start, length[0].days)
        yield DatedCycle(cycle, (*said, why))
        planned = _next_planned(planned if rules.keeps_plan else start, cycle)
        said, why = (because(length[1], length[0].place),), _counted(planned, cycle, keeps_plan=rules.keeps_plan)
        number, before = number + 1, start


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
