"""Loading again: where the gap since the last dose of a treatment has grown too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from scheduler.engine.course import course
from scheduler.engine.schedule import Item
from scheduler.engine.timeline import pace
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.events import ReloadConfirmed
from scheduler.record.history import History


class Loading(NamedTuple):
    """A planned dose that comes too late after the one before it, and the line that asks for a loading dose then."""

    reload: m.Reload
    statement: Statement
    before: Item
    after: Item
    late: int


def loadings(protocol: Protocol, history: History, items: Sequence[Item]) -> Iterator[Loading]:
    """Every loading dose that is due and that no person has decided yet."""
    arm = history.enrolment.arm
    confirmed = [event for _, event in history.of(ReloadConfirmed)]
    for reload, statement in protocol.effects(m.Reload, arm):
        usual = usual_interval(protocol, arm, reload.treatment)
        mine = [item for item in items if item.slot.key == reload.treatment]
        taken = [item for item in mine if item.status in ("given", "planned", "not-computable")]
        for before, after in pairwise(taken):
            late = (after.date - before.date).days - usual
            settled = any(
                c.treatment == reload.treatment and before.date < c.happened_on <= after.date for c in confirmed
            )
            if late > reload.days_late and after.status == "planned" and not settled:
                yield Loading(reload, statement, before, after, late)


def usual_interval(protocol: Protocol, arm: str | None, treatment: str) -> int:
    """The days from one dose of a treatment to the next, as the protocol writes them for its settled cycles."""
    cycle = protocol.settled_from
    days = sorted({slot.day for slot, _ in course(protocol, arm, None).cycle(cycle) if slot.key == treatment})
    length = pace(protocol, arm).length(cycle)
    if days and length is not None:
        days.append(length[0].days + days[0])
    return min((later - earlier for earlier, later in pairwise(days)), default=0)
