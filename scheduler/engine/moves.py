"""What the record moves: the starts of cycles, as given or appointed, and the rests."""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from scheduler.cycle_days import read_cycle_day
from scheduler.engine.course import Course, course
from scheduler.engine.rests import rests
from scheduler.engine.timeline import Moves, dated_cycles
from scheduler.problems import Misread
from scheduler.protocol.model import Protocol
from scheduler.record.events import DoseGiven, VisitMoved
from scheduler.record.history import History

if TYPE_CHECKING:
    from scheduler.engine.episodes import Episodes


def moves(plan: Course, history: History, episodes: Episodes) -> Moves:
    """The moves of one patient's cycles."""
    return Moves(
        starts=real_starts(plan, history),
        visits=_visits(history),
        rests=tuple(rests(plan.protocol, episodes)),
        dose_days=lambda cycle: _dose_days(plan, cycle),
        keeps_day=plan.protocol.setting("resume_at") != "next_week",
    )


def first_day(plan: Course, history: History) -> date:
    """Study day 1: the day on which cycle 1 really began, else the one appointed, else the one of the enrolment."""
    days = {1: history.enrolment.day_1} | _visits(history) | real_starts(plan, history)
    return days[1]


def _visits(history: History) -> dict[int, date]:
    """The days appointed for day 1 of cycles; nothing is appointed for a day that has passed."""
    return {event.cycle: event.to for _, event in history.of(VisitMoved) if event.to >= event.happened_on}


def real_starts(plan: Course, history: History) -> dict[int, date]:
    """The real day 1 of cycles: as recorded, or the day on which its first dose was given."""
    return _given_starts(plan, history) | history.cycle_starts


def _dose_days(plan: Course, cycle: int) -> tuple[int, ...]:
    return tuple(sorted({slot.day for slot, _ in plan.cycle(cycle) if slot.kind == "dose" and slot.day > 0}))


def _given_starts(plan: Course, history: History) -> dict[int, date]:
    """The first dose of day 1 that was really given anchors its cycle (the clinic's first, where it gives one)."""
    found: dict[int, date] = {}
    for _, given in history.of(DoseGiven):
        code, _, treatment = given.item.partition("/")
        try:
            day = read_cycle_day(code)
        except Misread:
            continue
        if day.day == 1 and treatment == _anchor(plan, day.cycle):
            found[day.cycle] = given.happened_on
    return found


def _anchor(plan: Course, cycle: int) -> str:
    first_day = [slot for slot, _ in plan.cycle(cycle) if slot.kind == "dose" and slot.day == 1 and not slot.follows]
    chosen = next((slot for slot in first_day if slot.given_by == "clinic"), first_day[0] if first_day else None)
    return chosen.key if chosen else ""


def cycle_on(protocol: Protocol, history: History, episodes: Episodes, on: date) -> int:
    """The cycle that was under way on a day, as was known then; 0 before treatment."""
    enrolment = history.enrolment
    plan = course(protocol, enrolment.arm, enrolment.home_dose_time)
    pairs = zip(history.numbers, history.events, strict=True)
    known = [(n, e) for n, e in pairs if e.happened_on <= on or e is enrolment]
    then = History(tuple(event for _, event in known), tuple(number for number, _ in known))
    begun = takewhile(lambda dated: dated.cycle.start <= on, dated_cycles(protocol, then, moves(plan, then, episodes)))
    return max((dated.cycle.cycle for dated in begun), default=0)
