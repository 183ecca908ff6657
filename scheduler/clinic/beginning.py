"""How treatment begins: what a person should know before the first dose, closed days included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from scheduler.clinic.change_words import proposal_line
from scheduler.clinic.closed_visits import with_closed_days
from scheduler.clinic.settings import Settings
from scheduler.clinic.words import day
from scheduler.engine.build import build_schedule, cycles
from scheduler.protocol.model import Protocol
from scheduler.record.events import Event
from scheduler.record.history import History


def beginning(protocol: Protocol, events: Sequence[Event], settings: Settings) -> Iterator[str]:
    """Cycle 1 with its weekdays, then what to look at in the first two cycles, each after '! '."""
    history = History(tuple(events))
    known = list(islice(cycles(protocol, history), 2))
    first, seen = known[0], history.enrolment.happened_on
    schedule = with_closed_days(build_schedule(protocol, history, known[-1].last_day, seen), settings, seen)
    doses = [item for item in schedule.items if item.slot.kind == "dose" and item.date <= first.last_day]
    yield f"Cycle 1: {day(first.start)} to {day(first.last_day)}, {len(doses)} doses."
    yield from (f"! {notice.text}" for notice in schedule.notices)
    yield from (f"! {proposal_line(proposal)}" for proposal in schedule.proposals)
