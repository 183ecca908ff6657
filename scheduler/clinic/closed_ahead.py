"""What the worklist says of closed days: whether this one is, and whose visits ahead fall on one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.clinic.closed_days import closed
from scheduler.clinic.closed_visits import TO_COME, ClosedVisit, closed_visits
from scheduler.clinic.desk import Desk
from scheduler.clinic.settings import Settings
from scheduler.store.due import DueKey, DueRow
from scheduler.store.event_log import EventLog

AHEAD = timedelta(days=14)
"""So far ahead the worklist looks: time enough to call a patient and to find another day."""
PAGE = 500
MOST_CHARTS = 40
"""Of so many patients the worklist looks up the windows: a schedule takes milliseconds, and the list must not."""


class ClosedAhead(NamedTuple):
    """Visits of all patients on closed days ahead; `more` patients may have others and were not looked up."""

    visits: tuple[ClosedVisit, ...]
    more: int


def closed_ahead(desk: Desk, settings: Settings, on: date) -> ClosedAhead:
    """Within two weeks from a day on."""
    ahead = [on + timedelta(days=n) for n in range(AHEAD.days)]
    shut = [each for each in ahead if closed(settings, each)]
    due = (row for each in shut for row in _due_on(desk.log, each) if _may_be_visit(row))
    subjects = list(dict.fromkeys(row.subject for row in due))
    found: list[ClosedVisit] = []
    for subject in subjects[:MOST_CHARTS]:
        schedule = desk.chart(subject).schedule(ahead[-1], desk.today)
        found += [visit._replace(subject=subject) for visit in closed_visits(schedule, settings, on)]
    found.sort(key=lambda visit: (visit.on, visit.subject))
    return ClosedAhead(tuple(found), len(subjects[MOST_CHARTS:]))


def _due_on(log: EventLog, on: date) -> Iterator[DueRow]:
    after: DueKey | None = None
    while page := log.due(on, since=on, after=after, limit=PAGE):
        yield from page
        after = page[-1].key


def _may_be_visit(row: DueRow) -> bool:
    """The row of an examination, or of a dose in the clinic: its text ends with the place."""
    return row.kind in ("dose", "assessment", "window") and row.status in TO_COME and row.text.endswith("clinic")
