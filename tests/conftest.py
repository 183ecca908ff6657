"""Small builders: a protocol of the house, a patient with weight and height, a schedule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Item, Schedule
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from scheduler.record.events import Event, HeightMeasured, PatientEnrolled, ResponseAssessed, WeightMeasured
from scheduler.record.history import History
from scheduler.shipped import protocols_folder

IL2, IL12 = "trastuzumab-il2", "trastuzumab-paclitaxel-il12"
WEEKLY, TABLETS = "trastuzumab-weekly", "lapatinib-capecitabine"
ARMS = {IL2: (None,), IL12: ("cohort-1", "cohort-2", "cohort-3"), WEEKLY: (None,), TABLETS: (None,)}
MONDAY = date(2026, 1, 5)


@cache
def protocol(name: str) -> Protocol:
    """A protocol of the house, checked."""
    loaded = library.load(protocols_folder() / f"{name}.yaml")
    assert loaded.protocol is not None
    assert loaded.problems == ()
    return loaded.protocol


def patient(
    day_1: date = MONDAY, *more: Event, arm: str | None = None, kg: str | None = "70", cm: str | None = "165"
) -> History:
    """A patient measured on day 1; None leaves a measure out."""
    events: list[Event] = [PatientEnrolled(day_1, day_1, arm=arm)]
    events += [WeightMeasured(day_1, Decimal(kg))] if kg else []
    events += [HeightMeasured(day_1, Decimal(cm))] if cm else []
    return History((*events, *more))


def goes_on(day_1: date = MONDAY) -> ResponseAssessed:
    """The answer that opens cycle 4 of the interleukin-12 protocol, in time."""
    return ResponseAssessed(day_1 + timedelta(days=60), 4, "PR")


def schedule(name: str, history: History, days: int = 420) -> Schedule:
    """The schedule for some days from day 1 on."""
    return build_schedule(protocol(name), history, history.day_1 + timedelta(days=days - 1))


def doses(found: Schedule, key: str = "", cycle: int = 0) -> list[Item]:
    """The doses of a schedule, of a treatment or of a drug, of one cycle or of all."""
    return [
        item
        for item in found.items
        if item.slot.kind == "dose" and key in ("", item.slot.key, item.slot.drug) and cycle in (0, item.cycle)
    ]
