"""Examinations, samples and scans as they were done, or not done: each recorded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.clinic import finding
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.words import day
from scheduler.engine.schedule import Item
from scheduler.problems import Refused
from scheduler.record.assessments import AssessmentDone, AssessmentLeftOut

FAR = timedelta(days=60)


def done(scene: Scene, text: str, *, was_done: bool = True) -> Intent:
    """An examination was done; or it was not, and nobody waits for it any more."""
    item = finding.examination(scene.schedule(finding.reach(scene.chart, text, scene.on)), text)
    _only_once(scene, item)
    on = _day(scene, item)
    if not was_done:
        if item.date > scene.today:
            raise Refused(f"{item.id} is planned for {day(item.date)} and can still be done.")
        return Intent((AssessmentLeftOut(on, item.id),))
    return Intent((AssessmentDone(on, item.id),), tuple(_flags(item, on)))


def _only_once(scene: Scene, item: Item) -> None:
    """Refused, with what is recorded, where there is an entry already."""
    history = scene.chart.history
    for number, event in zip(history.numbers, history.events, strict=True):
        if isinstance(event, AssessmentDone | AssessmentLeftOut) and event.item == item.id:
            said = "done" if isinstance(event, AssessmentDone) else "not done"
            raise Refused(
                f"{item.id} is recorded as {said} on {day(event.happened_on)} (entry {number})."
                f" If that is wrong: c1d1 record correct {scene.chart.subject} {number} ..."
            )


def _day(scene: Scene, item: Item) -> date:
    """The day that was named; without one today, if that is within its window."""
    first, last = item.window or (item.date, item.date)
    if scene.said_on is None and not first <= scene.on <= last:
        raise Refused(f"{item.id} is planned for {day(item.date)}. Say on which day it was, like --on {item.date}.")
    if abs(scene.on - item.date) > FAR:
        raise Refused(f"{item.id} is planned for {day(item.date)}, far from {day(scene.on)}. Check the date.")
    return scene.on


def _flags(item: Item, on: date) -> Iterator[str]:
    first, last = item.window or (item.date, item.date)
    if item.status in ("skipped", "ended", "blocked"):
        state = "left out" if item.status == "skipped" else item.status
        yield f"{item.id} was {state} when it was done."
    elif not first <= on <= last:
        yield f"{item.id} was done outside its days, {day(first)} to {day(last)}."
