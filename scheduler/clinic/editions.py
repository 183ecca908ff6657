"""One schedule from several editions of a protocol: each counts from its own day on, and the past stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from scheduler.cycle_days import day_number
from scheduler.engine.build import build_schedule
from scheduler.engine.episodes import Episodes, episodes
from scheduler.engine.schedule import Cycle, Notice, Schedule
from scheduler.protocol.model import Protocol
from scheduler.record.events import CycleStarted, Event, HoldOrdered
from scheduler.record.history import History

FACTS = ("given", "missed")
OF_STARTS = ("outside-window", "start-not-followed")
_CYCLE = re.compile(r"Cycle (\d+) ")


class Edition(NamedTuple):
    """A protocol, the first day on which it counts (None: from the beginning), and the event that brought it."""

    protocol: Protocol
    since: date | None = None
    number: int = 1


def schedule_of(editions: Sequence[Edition], history: History, through: date, seen_on: date) -> Schedule:
    """The schedule; days before an amendment keep what the edition of their time says."""
    return _Composing(history, through, seen_on).all(editions)[0]


def last_history(editions: Sequence[Edition], history: History, through: date, seen_on: date) -> History:
    """The record as the last edition sees it: with the cycles begun and the holds open when it came."""
    return _Composing(history, through, seen_on).all(editions)[1]


def open_episodes(editions: Sequence[Edition], history: History, on: date) -> Episodes:
    """What is held, by the edition in force."""
    seen = history if len(editions) == 1 else last_history(editions, history, on, on)
    return episodes(editions[-1].protocol, seen)


class _Composing(NamedTuple):
    history: History
    through: date
    seen_on: date

    def all(self, editions: Sequence[Edition]) -> tuple[Schedule, History]:
        first, *later = editions
        history = self.history
        schedule = build_schedule(first.protocol, history, self.through, self.seen_on)
        before = first
        for edition in later:
            since = edition.since or date.min
            history = _continued(history, schedule, before, edition, since)
            newer = build_schedule(edition.protocol, history, self.through, self.seen_on)
            schedule = _joined(schedule, newer, since)
            before = edition
        return schedule, history


def _continued(history: History, past: Schedule, before: Edition, after: Edition, since: date) -> History:
    """The record with what the edition before has settled: cycles begun, and holds that are open on the day.

    A hold that only the edition before knows goes on, until a person lifts it.
    """
    known = history.cycle_starts
    settled: list[Event] = [
        CycleStarted(c.start, c.cycle) for c in past.cycles if c.start < since and c.cycle not in known
    ]
    held = _held(before.protocol, history, since)
    kept = tuple(t.key for t in after.protocol.treatments if t.key in held - _held(after.protocol, history, since))
    if kept:
        settled.append(HoldOrdered(since, kept))
    return History((*history.events, *settled), (*history.numbers, *(after.number for _ in settled)))


def _held(protocol: Protocol, history: History, on: date) -> set[str]:
    """Treatments that are held on a day by episodes that began before it."""
    return {
        treatment
        for episode in episodes(protocol, history).all
        for treatment, end in episode.holds.items()
        if episode.began < on and (end is None or end > on)
    }


def _joined(older: Schedule, newer: Schedule, since: date) -> Schedule:
    later = {item.id for item in newer.items}
    kept = [item for item in older.items if item.date < since or (item.status in FACTS and item.id not in later)]
    ids = {item.id for item in kept}
    coming = [item for item in newer.items if item.date >= since and item.id not in ids]
    items = sorted([*kept, *coming], key=lambda item: (item.date, item.slot.rank))
    return replace(
        newer,
        start=older.start,
        cycles=tuple(_cycles(older, newer, since)),
        items=tuple(item._replace(study_day=day_number(item.date, older.start)) for item in items),
        notices=tuple(_notices(older, newer, since)),
        go_no_go=(*(v for v in older.go_no_go if v < since), *(v for v in newer.go_no_go if v >= since)),
    )


def _cycles(older: Schedule, newer: Schedule, since: date) -> Iterator[Cycle]:
    over = {c.cycle: c for c in older.cycles if c.last_day < since}
    yield from (over.get(c.cycle, c) for c in newer.cycles)


def _notices(older: Schedule, newer: Schedule, since: date) -> Iterator[Notice]:
    """What is said of the starts of cycles is said by the edition in which they began."""
    begun = {c.cycle for c in older.cycles if c.start < since}
    yield from (n for n in newer.notices if n.code not in OF_STARTS or _cycle_of(n) not in begun)
    yield from (n for n in older.notices if n.code in OF_STARTS and _cycle_of(n) in begun)


def _cycle_of(notice: Notice) -> int:
    found = _CYCLE.match(notice.text)
    return int(found[1]) if found else 0
