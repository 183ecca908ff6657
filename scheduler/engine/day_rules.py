"""Which days of a cycle a WHEN names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol

_SHIFTS = {"evening before": -1, "day before": -1, "morning of": 0, "day after": 1}


@dataclass(frozen=True, slots=True)
class DayRules:
    """The days that a protocol writes for one arm."""

    protocol: Protocol
    arm: str | None

    def of(self, when: m.When, cycle: int) -> Iterator[int]:
        """The days of a cycle, rising; calendar months are dates, not days (`months`)."""
        match when:
            case m.OnDays() if cycle in when.cycles:
                yield from when.days
            case m.DaysAfter() if cycle in when.cycles:
                yield from sorted(
                    _shifted(day, after) for day in self._given(when.treatment, cycle) for after in when.offsets
                )
            case m.TiedTo() if cycle in when.cycles:
                yield from (_shifted(day, _SHIFTS[when.part]) for day in self._given(when.treatment, cycle))
            case m.BeforeEach() if cycle in when.cycles:
                yield from sorted({day for key in when.treatments for day in self._given(key, cycle)})
            case m.BeforeDay1() if cycle == 1:
                yield -1
            case m.AfterCycles() if cycle - 1 in when.cycles:
                yield 1
            case m.EveryCycles() if cycle > 1 and (cycle - 1) % when.every == 0:
                yield 1

    def anchors(self, when: m.When, cycle: int) -> dict[int, int]:
        """For each day that is counted from another dose, the day of that dose."""
        match when:
            case m.DaysAfter() if cycle in when.cycles:
                return {
                    _shifted(day, after): day for day in self._given(when.treatment, cycle) for after in when.offsets
                }
            case m.TiedTo() if cycle in when.cycles:
                return {_shifted(day, _SHIFTS[when.part]): day for day in self._given(when.treatment, cycle)}
            case _:
                return {}

    def _given(self, treatment: str, cycle: int) -> list[int]:
        """The days on which a treatment is given; a protocol that passed `check` has no circle here."""
        gives = [give for give, _ in self.protocol.effects(m.Give, self.arm) if give.dose.treatment == treatment]
        return sorted({day for give in gives for day in self.of(give.when, cycle)})


def _shifted(day: int, by: int) -> int:
    """A day moved by some days; there is no day 0."""
    moved = day + by
    if day < 0 <= moved:
        return moved + 1
    return moved - 1 if moved <= 0 < day else moved
