"""Assessments by calendar months. The only door to dateutil."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from scheduler.cycle_days import day_number
from scheduler.engine.course import Course
from scheduler.engine.decisions import verdicts
from scheduler.engine.reasons import Reason, because
from scheduler.engine.schedule import Cycle, Item
from scheduler.record.history import History


def months_later(start: date, months: int) -> date:
    """The same day of a later month; the last day of that month where it has no such day."""
    from dateutil.relativedelta import relativedelta

    return start + relativedelta(months=months)


def monthly_items(course: Course, history: History, cycles: Sequence[Cycle], last: date) -> Iterator[Item]:
    """Every assessment by calendar months up to a day; `cycles` are those that begin by then."""
    for assess, when, statement in course.monthly:
        anchor = next((cycle for cycle in cycles if cycle.cycle == when.after_cycle + 1), None)
        if anchor is None:
            continue
        for months, on in _dates(anchor.start, when.months, last):
            cycle = next(cycle for cycle in reversed(cycles) if cycle.start <= on)
            decided = verdicts(course.protocol, history, cycle.cycle).on(on)
            code = f"C{anchor.cycle}D1+{months}M"
            slot = course.assessment_slot(assess, day_number(on, cycle.start), assess.window or (0, 0), code)
            text = f"{months} calendar months after day 1 of cycle {anchor.cycle}, {anchor.start}: {on}."
            reasons = (because(statement, assess.place), Reason("arithmetic", text), *decided.reasons)
            study_day = day_number(on, history.day_1)
            yield Item(slot, cycle.cycle, on, study_day, decided.status, 0, None, assess.blood, None, reasons)


def _dates(start: date, months: int, last: date) -> Iterator[tuple[int, date]]:
    """3, 6, 9, ... months after a day, as long as they do not pass the last one."""
    number = months
    while (on := months_later(start, number)) <= last:
        yield number, on
        number += months
