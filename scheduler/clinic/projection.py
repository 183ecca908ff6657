"""The worklist's rows of one patient, made from the entries alone: the same on every day, and after every rebuild.

A row tells on which date something is due. Rows reach HORIZON beyond the latest day of which something is
known; where they end stands a row that says so, so that nobody falls off the list in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from scheduler.clinic.chart import Chart, chart_of
from scheduler.clinic.kept import Shelf
from scheduler.clinic.words import amount, names, place
from scheduler.engine.episodes import Episode
from scheduler.engine.schedule import Item, Proposal, Schedule
from scheduler.engine.whereabouts import to_call_back
from scheduler.problems import Refused
from scheduler.protocol.wording import listed
from scheduler.record.events import ToxicityGraded, TreatmentEnded
from scheduler.record.recorded import Recorded
from scheduler.record.syringe_numbers import printed
from scheduler.store.due import DueRow, Projection

HORIZON = timedelta(days=91)
AHEAD_OF_AN_ANSWER = timedelta(days=14)
"""An answer that a cycle waits for is asked so long before it, as the engine does."""
COMING = ("planned", "blocked", "not-computable")
DEATH = 5


def projection(shelf: Shelf) -> Projection:
    """The function that the log calls with all entries of a patient."""

    def rows(entries: tuple[Recorded, ...]) -> Iterable[DueRow]:
        try:
            return due_rows(chart_of(entries, shelf))
        except Refused as refused:
            return [_unreadable(entries, str(refused))]

    return rows


def due_rows(chart: Chart) -> list[DueRow]:
    """All rows of a patient: what is held, what is to be decided, what is due."""
    known = chart.last_event_on
    horizon = known + HORIZON
    schedule = chart.schedule(horizon, horizon)
    rows = [row for item in schedule.items if _is_listed(item, known) for row in _due(chart, item)]
    if not _has_ended(chart):
        rows += [_decision(chart, proposal) for proposal in schedule.proposals]
        rows += [_hold(chart, episode) for episode in chart.episodes(known).all if episode.is_open]
        rows += _end(chart, schedule, horizon)
    return [*rows, *_call_back(chart, schedule, known)]


def _is_listed(item: Item, known: date) -> bool:
    """What is to come; of the past what nobody has recorded as given or done, and no visit that decided."""
    if item.status in COMING:
        return True
    return item.status == "held" and item.slot.kind == "dose" and item.date >= known


def _last_day(item: Item) -> date:
    return item.window[1] if item.window else item.date


def _has_ended(chart: Chart) -> bool:
    ended = any(not event.treatments for _, event in chart.history.of(TreatmentEnded))
    return ended or any(event.grade == DEATH for _, event in chart.history.of(ToxicityGraded))


def _due(chart: Chart, item: Item) -> Iterator[DueRow]:
    """The row of a day; an examination that may be later has a second one, on the last day that will do."""
    parts = (item.slot.name, "" if item.status == "held" else amount(item), item.slot.route, place(item))
    text = ", ".join(part for part in parts if part)
    last = _last_day(item)
    if item.slot.kind == "assessment" and last > item.date:
        yield DueRow(chart.subject, item.date, item.id, item.status, "window", text)
        yield DueRow(chart.subject, last, f"until/{item.id}", item.status, "until", text)
    else:
        yield DueRow(chart.subject, item.date, item.id, item.status, item.slot.kind, text)


def _decision(chart: Chart, proposal: Proposal) -> DueRow:
    on = proposal.since - (AHEAD_OF_AN_ANSWER if proposal.kind == "answer" else timedelta(0))
    return DueRow(chart.subject, on, f"proposal/{proposal.id}", proposal.kind, "proposal", proposal.text)


def _hold(chart: Chart, episode: Episode) -> DueRow:
    text = f"{names(chart.protocol, episode.still_held)}: {episode.cause} (entry {episode.number})"
    return DueRow(chart.subject, episode.began, f"hold/{episode.number}", "held", "hold", text)


def _call_back(chart: Chart, schedule: Schedule, known: date) -> Iterator[DueRow]:
    """One row for all syringes that are with the patient and must not be used; among the holds, until they are back."""
    out = to_call_back(schedule, chart.history)
    if out:
        text = listed([f"{printed(each.syringe.number)} ({each.syringe.item} {each.why})" for each in out], "and")
        yield DueRow(chart.subject, known, "hold/syringes", "held", "hold", f"CALL BACK what is at home: {text}")


def _end(chart: Chart, schedule: Schedule, horizon: date) -> Iterator[DueRow]:
    """The row at the edge, where treatment goes on beyond it."""
    last = schedule.cycles[-1].last_day if schedule.cycles else horizon
    if last >= horizon:
        text = "Nothing has been recorded for 13 weeks, and the worklist ends here. Record how the patient is."
        yield DueRow(chart.subject, horizon, "edge", "planned", "edge", text)


def _unreadable(entries: tuple[Recorded, ...], why: str) -> DueRow:
    on = entries[0].event.happened_on
    return DueRow(entries[0].subject, on, "edge", "not-computable", "edge", f"No schedule can be made: {why}")
