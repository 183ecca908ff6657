"""Examinations, samples and scans as they are recorded: done on a day, or not done."""

from __future__ import annotations

from datetime import date

from scheduler.cycle_days import day_number
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item
from scheduler.record.assessments import AssessmentDone, AssessmentLeftOut
from scheduler.record.history import History

Examined = dict[str, tuple[int, AssessmentDone | AssessmentLeftOut]]


def examined(history: History) -> Examined:
    """What is recorded last about each examination, by its id."""
    done, left_out = list(history.of(AssessmentDone)), list(history.of(AssessmentLeftOut))
    said: list[tuple[int, AssessmentDone | AssessmentLeftOut]] = [*done, *left_out]
    return {event.item: (number, event) for number, event in sorted(said, key=lambda found: found[0])}


def as_recorded(item: Item, number: int, event: AssessmentDone | AssessmentLeftOut, day_1: date) -> Item:
    """The item done on the day on which it was done, or not done."""
    on = event.happened_on
    if isinstance(event, AssessmentLeftOut):
        why = Reason("event", f"Event {number}: not done, as recorded for {on}.")
        return item._replace(status="missed", reasons=(*item.reasons, why))
    moved = f"; {item.date} was planned" if on != item.date else ""
    why = Reason("event", f"Event {number}: done on {on}{moved}.")
    return item._replace(status="given", date=on, study_day=day_number(on, day_1), reasons=(*item.reasons, why))
