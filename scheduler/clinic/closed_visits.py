"""Clinic visits that fall on a closed day, with the nearest open days inside their windows.

Nothing moves by itself, and home doses stay where they are: a person moves a visit, or gives it on the closed day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from scheduler.clinic.closed_days import closed, nearest_open
from scheduler.clinic.settings import WEEKDAYS, Settings
from scheduler.clinic.words import day
from scheduler.engine.schedule import Item, Notice, Schedule
from scheduler.protocol.wording import listed

CODE = "closed-day"
TO_COME = ("planned", "blocked", "not-computable")
MANY = 4
"""So many visits on closed weekdays are told in one sentence: they have one cause, the weekday of day 1."""


class ClosedVisit(NamedTuple):
    """What is due in the clinic on one closed day and can move to the same days: `open_days`, none, one or two."""

    on: date
    reason: str
    items: tuple[Item, ...]
    open_days: tuple[date, ...]
    subject: str = ""

    @property
    def what(self) -> str:
        """'trastuzumab; toxicity grades, CTC 2.0'."""
        return "; ".join(dict.fromkeys(item.slot.name for item in self.items))

    @property
    def codes(self) -> str:
        return listed(dict.fromkeys(item.slot.code or item.cycle_day for item in self.items), "and")

    @property
    def where_to(self) -> str:
        if not self.open_days:
            return "No day in the window is open: a person decides."
        return f"Nearest open in the window: {listed(map(day, self.open_days), 'and')}."

    @property
    def text(self) -> str:
        """The flag, in two sentences."""
        return f"{day(self.on)}, {self.codes}: the clinic is closed ({self.reason}) for {self.what}. {self.where_to}"


def closed_visits(schedule: Schedule, settings: Settings, since: date) -> tuple[ClosedVisit, ...]:
    """Visits to come, from a day on, on closed days; what has several days counts only where none of them is open."""
    coming = [item for item in schedule.items if item.date >= since and _is_visit(item)]
    coming.sort(key=lambda item: item.date)
    return tuple(found for on, group in groupby(coming, lambda item: item.date) for found in _on(on, group, settings))


def _on(on: date, items: Iterator[Item], settings: Settings) -> Iterator[ClosedVisit]:
    reason = closed(settings, on)
    if not reason:
        return
    moves: dict[tuple[date, ...], list[Item]] = {}
    follow: list[Item] = []
    for item in sorted(items, key=lambda item: item.slot.kind != "dose"):
        days = nearest_open(settings, on, item.window)
        if item.slot.kind == "assessment" and not _lasts_days(item):
            follow.append(item)
        elif not (days and _lasts_days(item)):
            moves.setdefault(days, []).append(item)
    # An examination without days of its own belongs to the visit, and goes where the doses go.
    main = next(iter(moves), ())
    if follow:
        moves.setdefault(main, []).extend(follow)
    for days, together in moves.items():
        yield ClosedVisit(on, reason, tuple(together), days)


def _is_visit(item: Item) -> bool:
    return item.slot.given_by == "clinic" and item.status in TO_COME


def _lasts_days(item: Item) -> bool:
    """Due on any of several days, like a scan in the week before day 1: it has no day of its own."""
    return item.slot.kind == "assessment" and item.window is not None and item.window[0] < item.window[1]


def with_closed_days(schedule: Schedule, settings: Settings, since: date, *, each: bool = False) -> Schedule:
    """The schedule with a notice for every such visit; many on one weekday share one, unless `each` is wanted."""
    found = closed_visits(schedule, settings, since)
    notices = (Notice(CODE, visit.text, visit.items[0].id) for visit in found) if each else _notices(found)
    return replace(schedule, notices=(*schedule.notices, *notices))


def _notices(found: Sequence[ClosedVisit]) -> Iterator[Notice]:
    many = {name: visits for name in WEEKDAYS if len(visits := [v for v in found if v.reason == name]) >= MANY}
    told: set[str] = set()
    for visit in found:
        if visit.reason not in many:
            yield Notice(CODE, visit.text, visit.items[0].id)
        elif visit.reason not in told:
            told.add(visit.reason)
            yield Notice(CODE, _together(many[visit.reason]), visit.items[0].id)


def _together(visits: Sequence[ClosedVisit]) -> str:
    days = sorted({visit.on for visit in visits})
    names = "; ".join(dict.fromkeys(item.slot.name for visit in visits for item in visit.items))
    lost = sum(1 for visit in visits if not visit.open_days)
    fate = f"{lost} of them with no open day in the window" if lost else "each with an open day in its window"
    return (
        f"{len(days)} clinic days, {day(days[0])} to {day(days[-1])}, fall on a {visits[0].reason}, when the clinic is "
        f"closed, {fate}: {names}."
    )
