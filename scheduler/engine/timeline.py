"""Which cycle begins on which date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Cycle
from scheduler.protocol.meaning import CycleLength, LastCycle, LastStart
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.history import History


def cycle_length(protocol: Protocol, arm: str | None, cycle: int) -> tuple[CycleLength, Statement] | None:
    """The length of a cycle, with the statement that gives it."""
    return next((found for found in protocol.effects(CycleLength, arm) if cycle in found[0].cycles), None)


def cycles(protocol: Protocol, history: History) -> Iterator[Cycle]:
    """The patient's cycles, one after another, until the protocol allows no further one.

    A recorded start anchors a cycle; the next one is counted from it or from the planned day, as the
    protocol's `cycle_anchor` says.
    """
    enrolment = history.enrolment
    actual = history.cycle_starts
    keeps_plan = protocol.setting("cycle_anchor") == "planned_day_1"
    last_start, last_cycle = _bounds(protocol, enrolment.day_1)
    number, planned = 1, enrolment.day_1
    while (length := cycle_length(protocol, enrolment.arm, number)) is not None:
        start = actual.get(number, planned)
        if number > last_cycle or start > last_start:
            return
        yield Cycle(number, start, length[0].days)
        planned = (planned if keeps_plan else start) + timedelta(days=length[0].days)
        number += 1


def _bounds(protocol: Protocol, day_1: date) -> tuple[date, int]:
    """The last day on which a cycle may begin, and the last cycle."""
    starts = [day_1 + timedelta(days=end.days) for end, _ in protocol.effects(LastStart)]
    numbers = [end.cycle for end, _ in protocol.effects(LastCycle)]
    return min(starts, default=date.max), min(numbers, default=10**6)


def start_reason(cycle: Cycle, before: Cycle | None, history: History) -> Reason:
    """Why a cycle begins on its day."""
    if cycle.cycle in history.cycle_starts:
        return Reason("event", f"Cycle {cycle.cycle} began on {cycle.start}, as recorded.")
    if before is None:
        return Reason("event", f"Day 1 of cycle 1 is {cycle.start}.")
    text = (
        f"Cycle {cycle.cycle} begins on {cycle.start}, {(cycle.start - before.start).days} days after {before.start}."
    )
    return Reason("arithmetic", text)
