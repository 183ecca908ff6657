"""Rests that stop the clock: which days of a cycle move, and by how much.

The interrupted week counts as done and its withheld doses are lost; treatment goes on with the next week.
A week whose first dose was withheld has not begun: it moves as a whole, and with day 1 the whole cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scheduler.engine.reasons import Reason
from scheduler.protocol.model import Protocol

if TYPE_CHECKING:
    from scheduler.engine.episodes import Episodes

WEEK = 7


class Rest(NamedTuple):
    """A hold of all treatments: its first day, the day on which treatment may go on, the event that began it."""

    begins: date
    ends: date
    number: int


class Shift(NamedTuple):
    """From a day of a cycle on everything is later by some days."""

    from_day: int
    days: int
    reason: Reason


def rests(protocol: Protocol, episodes: Episodes) -> Iterator[Rest]:
    """The rests that are over, each when the first treatment was let go on.

    An open one moves nothing yet: nobody knows by how much.
    """
    if protocol.setting("clock_during_hold") != "stops":
        return
    every = {treatment.key for treatment in protocol.treatments}
    for episode in episodes.all:
        ends = [end for end in episode.holds.values() if end is not None]
        if set(episode.holds) == every and ends:
            yield Rest(max(episode.since.values()), min(ends), episode.number)


@dataclass(slots=True)
class Stretch:
    """One cycle under the rests that touch it: `start` and `shifts` change, `not_before` bounds the next cycle.

    `begun` tells that day 1 is on record; nothing moves it then.
    """

    start: date
    dose_days: Sequence[int]
    keeps_day: bool
    begun: bool = False
    shifts: list[Shift] = field(default_factory=list)
    not_before: date = date.min

    def date_of(self, day: int) -> date:
        """The date of a positive cycle day, as far as the shifts are known."""
        moved = sum(shift.days for shift in self.shifts if day >= shift.from_day)
        return self.start + timedelta(days=day - 1 + moved)

    def apply(self, rest: Rest) -> Reason | None:
        """Move what a rest moves; the reason where it moves the whole cycle."""
        movable = [day for day in self.dose_days if day > 1 or not self.begun]
        withheld = [day for day in movable if rest.begins <= self.date_of(day) < rest.ends]
        if not withheld:
            return None
        first = withheld[0]
        if first == self.dose_days[0] and not self.shifts:
            planned, self.start = self.start, rest.ends
            return Reason("event", f"The rest of event {rest.number} moves day 1 from {planned} to {rest.ends}.")
        resume = self._resume_day(first)
        if resume is None:
            self.not_before = rest.ends
        elif (days := (rest.ends - self.date_of(resume)).days) > 0:
            text = f"The rest of event {rest.number} moves day {resume} by {days} days, to {rest.ends}."
            self.shifts.append(Shift(resume, days, Reason("event", text)))
        return None

    def _resume_day(self, first: int) -> int | None:
        """The day with which treatment goes on, None where that is the next cycle's day 1."""
        week = (first - 1) // WEEK
        begun = any((day - 1) // WEEK == week and day < first for day in self.dose_days)
        if not begun or self.keeps_day:
            return first
        return next((day for day in self.dose_days if (day - 1) // WEEK > week), None)
