"""One patient's events, in the order in which they were recorded, and what they say on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduler.record.events import (
    CycleStarted,
    Event,
    HeightMeasured,
    PatientEnrolled,
    ResponseAssessed,
    WeightMeasured,
)


@dataclass(frozen=True, slots=True)
class History:
    """Begins with the enrolment; ValueError otherwise."""

    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        if not self.events or not isinstance(self.events[0], PatientEnrolled):
            message = "A history begins with PatientEnrolled."
            raise ValueError(message)

    @property
    def enrolment(self) -> PatientEnrolled:
        return next(event for event in self.events if isinstance(event, PatientEnrolled))

    @property
    def weights(self) -> tuple[WeightMeasured, ...]:
        """By day; of two on one day the one recorded later counts."""
        return tuple(
            sorted(
                (e for e in self.events if isinstance(e, WeightMeasured)),
                key=lambda e: e.happened_on,
            )
        )

    @property
    def heights(self) -> tuple[HeightMeasured, ...]:
        """By day; of two on one day the one recorded later counts."""
        return tuple(
            sorted(
                (e for e in self.events if isinstance(e, HeightMeasured)),
                key=lambda e: e.happened_on,
            )
        )

    @property
    def cycle_starts(self) -> dict[int, date]:
        """The real day 1 of every cycle for which one is recorded."""
        return {e.cycle: e.happened_on for e in self.events if isinstance(e, CycleStarted)}

    def response_before(self, cycle: int) -> ResponseAssessed | None:
        """The answer recorded for the decision before a cycle; the last one counts."""
        answers = [e for e in self.events if isinstance(e, ResponseAssessed) and e.before_cycle == cycle]
        return answers[-1] if answers else None
