"""What a fact is judged by before it is recorded: the chart, the day, and the reason that was given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from scheduler.clinic.chart import Chart
from scheduler.clinic.words import day
from scheduler.engine.schedule import Schedule
from scheduler.problems import Refused
from scheduler.record.events import Event

LONG_BEFORE = timedelta(days=366)
CLOCKS_DIFFER = timedelta(minutes=5)


class ReasonWanted(Refused):
    """It can be recorded, with a reason."""


class Intent(NamedTuple):
    """Events to be recorded together, and what a person should be told about them.

    `unchanged` are other names in the log with their last entries, on which the judgement rests.
    """

    events: tuple[Event, ...]
    flags: tuple[str, ...] = ()
    unchanged: tuple[tuple[str, int], ...] = ()


class Scene(NamedTuple):
    """`said_on` is the day that was named (None: none was), `usual` the day that counts then."""

    chart: Chart
    said_on: date | None
    usual: date
    today: date
    reason: str = ""

    @property
    def on(self) -> date:
        """The day on which it happened."""
        return self.said_on or self.usual

    def check(self) -> None:
        """Refused for a day that has not come yet, or that nobody can mean."""
        check_day(self.on, self.today)
        if self.on < self.chart.history.day_1 - LONG_BEFORE:
            raise Refused(f"{self.on} is more than a year before day 1, {self.chart.history.day_1}. Check the year.")

    def schedule(self, through: date) -> Schedule:
        """The schedule as it stands, seen on the day of the event."""
        return self.chart.schedule(through, self.on)

    def wants_reason(self, why: str) -> None:
        """Refused unless a reason was given; `why` is a sentence."""
        if not self.reason:
            raise ReasonWanted(f"{why} Give your reason with --reason.")


def check_day(on: date, today: date) -> None:
    """What is recorded has happened."""
    if on > today:
        raise Refused(f"{day(on)} has not come yet; today is {day(today)}. Record it when it has happened.")


def check_moment(at: datetime, now: datetime) -> None:
    """What is recorded has happened, to a few minutes: clocks differ."""
    if at > now + CLOCKS_DIFFER:
        raise Refused(f"{at:%Y-%m-%d %H:%M} UTC has not come yet. Record it when it has happened.")
