"""One patient's chart: the entries of the log, the protocol they go by, and the schedule made of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

from scheduler.clinic.editions import Edition, last_history, open_episodes, schedule_of
from scheduler.clinic.kept import Shelf
from scheduler.engine.build import cycles
from scheduler.engine.episodes import Episodes
from scheduler.engine.schedule import Cycle, Schedule
from scheduler.protocol.model import Protocol
from scheduler.record.events import Event, EventCorrected, ProtocolAmended
from scheduler.record.handed_out import NO_NEWS
from scheduler.record.history import History, history_of
from scheduler.record.recorded import Recorded

LONGEST = timedelta(days=3660)
NOT_YET = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient as known from the entries; made by `chart_of`."""

    subject: str
    entries: tuple[Recorded, ...]
    history: History
    editions: tuple[Edition, ...]

    @property
    def protocol(self) -> Protocol:
        """The edition in force."""
        return self.editions[-1].protocol

    @property
    def arm(self) -> str | None:
        return self.history.enrolment.arm

    @property
    def last_number(self) -> int:
        return self.entries[-1].number

    @property
    def last_event_on(self) -> date:
        """The latest day of which something is known, or day 1 if that is later."""
        news = (event.happened_on for event in self.history.events if not isinstance(event, NO_NEWS))
        return max(self.history.day_1, *news)

    def schedule(self, through: date, seen_on: date) -> Schedule:
        """Everything up to and including a day; proposals as they stand on the day somebody looks."""
        found = schedule_of(self.editions, self.history, through, seen_on)
        return replace(found, subject=self.subject)

    def episodes(self, on: date) -> Episodes:
        """What holds treatments, by the edition in force."""
        return open_episodes(self.editions, self.history, on)

    def cycles_until(self, on: date) -> list[Cycle]:
        """The cycles that begin by a day."""
        history = last_history(self.editions, self.history, on, on) if len(self.editions) > 1 else self.history
        limit = min(on, history.day_1 + LONGEST)
        return list(takewhile(lambda cycle: cycle.start <= limit, cycles(self.protocol, history)))

    def two_cycles_from(self, on: date) -> date:
        """The last day of the cycle that follows the one of a day (or of day 1)."""
        start = max(on, self.history.day_1)
        known = self.cycles_until(start + timedelta(days=400))
        now = [n for n, cycle in enumerate(known) if cycle.start <= start]
        if not known or not now:
            return start + timedelta(days=28)
        return max(start, known[min(now[-1] + 1, len(known) - 1)].last_day)


def chart_of(entries: Sequence[Recorded], shelf: Shelf, known_at: int | None = None) -> Chart:
    """The chart from entries, or as it was known when entry `known_at` was the last."""
    known = tuple(entry for entry in entries if known_at is None or entry.number <= known_at)
    history = history_of(known)
    first = history.enrolment
    editions = [Edition(shelf.protocol(first.digest, first.protocol))]
    for number, amended in history.of(ProtocolAmended):
        editions.append(Edition(shelf.protocol(amended.digest, amended.protocol), amended.happened_on, number))
    return Chart(entries[0].subject, known, history, tuple(editions))


def with_events(chart: Chart, events: Sequence[Event], shelf: Shelf) -> Chart:
    """The chart as it would be if these were recorded too."""
    added = [
        Recorded(chart.last_number + n, "", chart.subject, event, NOT_YET, "", "", "", authenticated=False, seal="")
        for n, event in enumerate(events, start=1)
    ]
    return chart_of((*chart.entries, *added), shelf)


def without(chart: Chart, number: int, on: date, shelf: Shelf) -> Chart:
    """The chart as if an entry had never been made: what its replacement is judged by."""
    return with_events(chart, (EventCorrected(on, number),), shelf)
