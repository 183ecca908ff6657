"""Adherence of one patient: the schedule as it stands, beside the one that nothing ever disturbed."""

from __future__ import annotations

from datetime import date, timedelta

from scheduler.clinic.chart import Chart, chart_of
from scheduler.clinic.desk import Desk
from scheduler.engine.adherence import Adherence, adherence
from scheduler.problems import Refused
from scheduler.record.events import (
    EventCorrected,
    HeightMeasured,
    PatientEnrolled,
    ProtocolAmended,
    ResponseAssessed,
    TreatmentEnded,
    WeightMeasured,
)

PLAN = (PatientEnrolled, WeightMeasured, HeightMeasured, ResponseAssessed, ProtocolAmended)
"""What the plan itself rests on; everything else disturbs it."""


def adherence_of(desk: Desk, subject: str, through: date | None = None) -> Adherence:
    """Through a day (default: yesterday, for today's doses are still to come); never beyond the end of treatment."""
    chart = desk.chart(subject)
    last = min([through or desk.today - timedelta(days=1), *_ends(chart)])
    if last < chart.history.day_1:
        raise Refused(f"{subject} has no dose before {last + timedelta(days=1)}: day 1 is {chart.history.day_1}.")
    if last > desk.today:
        raise Refused(f"{last} has not come yet. Adherence is told up to a day that has been.")
    return adherence(chart.schedule(last, last), _undisturbed(chart, desk).schedule(last, last), chart.history, last)


def _ends(chart: Chart) -> list[date]:
    ends = [event.happened_on for _, event in chart.history.of(TreatmentEnded) if not event.treatments]
    return [on - timedelta(days=1) for on in ends]


def _undisturbed(chart: Chart, desk: Desk) -> Chart:
    """The chart of who took every dose as planned; corrections of what the plan rests on count."""
    kept = {entry.number for entry in chart.entries if isinstance(entry.event, PLAN)}
    entries = [
        entry
        for entry in chart.entries
        if entry.number in kept or (isinstance(entry.event, EventCorrected) and entry.event.number in kept)
    ]
    return chart_of(entries, desk.shelf)
