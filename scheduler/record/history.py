"""One patient's events, corrections applied, and what they say on a given day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from scheduler.record.events import (
    CycleStarted,
    Event,
    EventCorrected,
    HeightMeasured,
    PatientEnrolled,
    ResponseAssessed,
    WeightMeasured,
)
from scheduler.record.handed_out import ZoneChanged
from scheduler.record.recorded import Recorded

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class History:
    """The events that count, in the order in which they were recorded, beginning with the enrolment.

    `numbers` are their numbers in the log, so that a reason can name its event; without a log they count
    from 1. ValueError where the first event is not an enrolment.
    """

    events: tuple[Event, ...]
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.events or not isinstance(self.events[0], PatientEnrolled):
            message = "A history begins with PatientEnrolled."
            raise ValueError(message)
        if not self.numbers:
            object.__setattr__(self, "numbers", tuple(range(1, len(self.events) + 1)))

    @property
    def enrolment(self) -> PatientEnrolled:
        return next(event for event in self.events if isinstance(event, PatientEnrolled))

    def of(self, kind: type[E]) -> Iterator[tuple[int, E]]:
        """Events of one kind with their numbers, by the day they happened; on one day as recorded."""
        found = [(number, event) for number, event in zip(self.numbers, self.events, strict=True)]
        for number, event in sorted(found, key=lambda pair: pair[1].happened_on):
            if isinstance(event, kind):
                yield number, event

    @property
    def weights(self) -> tuple[WeightMeasured, ...]:
        """By day; of two on one day the one recorded later counts."""
        return tuple(event for _, event in self.of(WeightMeasured))

    @property
    def heights(self) -> tuple[HeightMeasured, ...]:
        """By day; of two on one day the one recorded later counts."""
        return tuple(event for _, event in self.of(HeightMeasured))

    @property
    def cycle_starts(self) -> dict[int, date]:
        """The real day 1 of every cycle for which one is recorded."""
        return {event.cycle: event.happened_on for _, event in self.of(CycleStarted)}

    @property
    def zones(self) -> tuple[tuple[date, str], ...]:
        """Where the patient is from a day on, after the zone of the enrolment, in order."""
        return tuple(sorted(((event.since, event.zone) for _, event in self.of(ZoneChanged)), key=lambda pair: pair[0]))

    @property
    def day_1(self) -> date:
        """Study day 1: day 1 of cycle 1."""
        return self.enrolment.day_1

    def begun_on(self, day_1: date) -> History:
        """The same history with another day 1, the one on which cycle 1 really began."""
        if day_1 == self.enrolment.day_1:
            return self
        events = (replace(e, day_1=day_1) if isinstance(e, PatientEnrolled) else e for e in self.events)
        return History(tuple(events), self.numbers)

    def response_before(self, cycle: int) -> ResponseAssessed | None:
        """The answer recorded for the decision before a cycle; the one of the latest day counts."""
        answers = [event for _, event in self.of(ResponseAssessed) if event.before_cycle == cycle]
        return answers[-1] if answers else None


def history_of(entries: Sequence[Recorded], known_at: int | None = None) -> History:
    """What a log says, or said when its entry `known_at` was the last; a correction takes the place of its event."""
    kept = counting([entry for entry in entries if known_at is None or entry.number <= known_at])
    return History(tuple(event for _, event in kept), tuple(number for number, _ in kept))


def counting(entries: Sequence[Recorded]) -> list[tuple[int, Event]]:
    """The events that count, with their numbers, corrections applied; what was withdrawn is not among them."""
    replaced = {
        entry.event.number: entry.event.replacement for entry in entries if isinstance(entry.event, EventCorrected)
    }
    kept = [
        (entry.number, replaced.get(entry.number, entry.event))
        for entry in entries
        if not isinstance(entry.event, EventCorrected)
    ]
    return [(number, event) for number, event in kept if event is not None]
