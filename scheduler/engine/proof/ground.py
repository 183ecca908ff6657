"""What a proof stands on: a patient of 70 kg and 165 cm, the plan that nothing has touched, the days that matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from scheduler.cycle_days import day_number
from scheduler.engine.build import build_schedule
from scheduler.engine.episodes import Episodes, episodes
from scheduler.engine.schedule import Item, Schedule
from scheduler.protocol.meaning import GradeCondition, Rule, Window
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate
from scheduler.record.events import (
    Event,
    HeightMeasured,
    PatientEnrolled,
    ProposalDeclined,
    WeightMeasured,
)
from scheduler.record.history import History

DAY_1 = date(2026, 1, 5)
COMING = ("planned", "blocked", "not-computable")
"""Statuses of doses that somebody will give."""
LAST_GRADE = 4
WEEK = 7
"""Days that are looked at after the last cycle, for what rests and late visits push there."""


class Move(NamedTuple):
    """One step of the search: a day, what is recorded on it, and how a nurse would say it."""

    on: date
    events: tuple[Event, ...]
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One arm of a protocol, ready to be searched up to some cycles."""

    protocol: Protocol
    arm: str | None
    cycles: int
    through: date
    base: tuple[Event, ...]
    untouched: dict[str, Item]
    days: tuple[date, ...]
    rules: tuple[Rule, ...]
    tables: dict[str, dict[int, Rate]]

    @property
    def slip(self) -> int:
        """A day more than the window of any clinic treatment lets a visit be late."""
        windows = [w.after for w, _ in self.protocol.effects(Window) if self.protocol.given_by(w.treatment) == "clinic"]
        return max(windows, default=2) + 1


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a sequence of moves leads: its history, and what the engine makes of it."""

    moves: tuple[Move, ...]
    history: History
    schedule: Schedule
    found: Episodes
    last: date
    doses: dict[str, Item] = field(default_factory=dict)

    @property
    def declined(self) -> tuple[str, ...]:
        return tuple(event.proposal for _, event in self.history.of(ProposalDeclined))

    def cycle_day(self, on: date) -> str:
        """C2D9: a day of the cycle that has begun by then."""
        begun = [cycle for cycle in self.schedule.cycles if cycle.start <= on] or list(self.schedule.cycles[:1])
        return f"C{begun[-1].cycle}D{day_number(on, begun[-1].start)}"


def history_after(ground: Ground, moves: Iterable[Move]) -> History:
    """The record after some moves; their events are numbered from 1, what went before from below."""
    events = (*ground.base, *(event for move in moves for event in move.events))
    return History(events, tuple(range(1 - len(ground.base), len(events) - len(ground.base) + 1)))


def reached(ground: Ground, moves: tuple[Move, ...], history: History, found: Episodes) -> State:
    """The state after some moves, seen on the day of the last one."""
    last = moves[-1].on if moves else DAY_1
    schedule = build_schedule(ground.protocol, history, ground.through, last)
    doses = {item.id: item for item in schedule.items if item.slot.kind == "dose"}
    return State(moves, history, schedule, found, last, doses)


def state_after(ground: Ground, moves: tuple[Move, ...]) -> State:
    """The state that a sequence of moves leads to."""
    history = history_after(ground, moves)
    return reached(ground, moves, history, episodes(ground.protocol, history))


def ground(protocol: Protocol, arm: str | None, cycles: int, beyond: int = 0) -> Ground:
    """The ground for some cycles of an arm; `beyond` are further days that a long course may take."""
    base: list[Event] = [
        PatientEnrolled(DAY_1, DAY_1, "S1", arm),
        HeightMeasured(DAY_1, Decimal(165)),
        WeightMeasured(DAY_1, Decimal(70)),
    ]
    rules = tuple(rule for rule, _ in protocol.effects(Rule, arm) if _can_fire(rule, cycles))
    plain = build_schedule(protocol, History(tuple(base)), DAY_1 + timedelta(days=400 * cycles))
    end = max(cycle.last_day for cycle in plain.cycles if cycle.cycle <= cycles)
    through = end + timedelta(days=WEEK + beyond)
    untouched = build_schedule(protocol, History(tuple(base)), through)
    return Ground(
        protocol,
        arm,
        cycles,
        through,
        tuple(base),
        {item.id: item for item in untouched.items if item.slot.kind == "dose"},
        _days(untouched, cycles),
        rules,
        _tables(protocol, arm),
    )


def _can_fire(rule: Rule, cycles: int) -> bool:
    """Whether a rule can fire at all within some cycles."""
    if rule.cycles is not None and not any(cycle in rule.cycles for cycle in range(1, cycles + 1)):
        return False
    return not isinstance(rule.condition, GradeCondition) or min(rule.condition.grades) <= LAST_GRADE


def _tables(protocol: Protocol, arm: str | None) -> dict[str, dict[int, Rate]]:
    from scheduler.engine.levels import table

    return {treatment.key: table(protocol, arm, treatment.key) for treatment in protocol.treatments}


def _days(plain: Schedule, cycles: int) -> tuple[date, ...]:
    """Days on which something may happen: of each cycle the first and the last, and one inside each block.

    A block is a run of days with the same treatment; of blocks of one or two days those in the middle count,
    and where doses are counted from others, the day after the first one as well.
    """
    follows = any(item.slot.follows for item in plain.items)
    found: set[date] = set()
    for cycle in plain.cycles[:cycles]:
        found |= {cycle.start, cycle.last_day} | ({cycle.start + timedelta(days=1)} if follows else set())
        blocks = _blocks([i for i in plain.items if i.cycle == cycle.cycle and i.slot.kind == "dose"])
        short = sorted({block[0] for block in blocks if len(block) <= 2})
        found |= set(short[len(short) // 2 :][:2])
        for day in (block[len(block) // 2] for block in blocks if len(block) > 2):
            if not any(abs((day - other).days) <= 3 for other in found):
                found.add(day)
    return tuple(sorted(day for day in found if day >= DAY_1))


def _blocks(items: list[Item]) -> list[list[date]]:
    """The runs of days on which each treatment comes."""
    found = []
    for key in {item.slot.key for item in items}:
        days = sorted({item.date for item in items if item.slot.key == key})
        runs = groupby(enumerate(days), key=lambda pair: pair[1] - timedelta(days=pair[0]))
        found += [[day for _, day in run] for _, run in runs]
    return sorted(found)
