"""What the home of one patient shows: the chart, the schedule as seen on a day, what is held, what nobody recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.clinic.chart import LONGEST, Chart
from scheduler.clinic.closed_visits import with_closed_days
from scheduler.clinic.desk import Desk
from scheduler.clinic.settings import Settings
from scheduler.clinic.words import day, names
from scheduler.engine.schedule import Cycle, Item, Proposal, Schedule
from scheduler.quantities import shown_number

AHEAD = timedelta(days=126)
"""So far beyond the next cycle the grid reaches."""
UNRECORDED = ("planned", "not-computable")


@dataclass(frozen=True, slots=True)
class PatientView:
    """A patient as seen on a day; `known_at` is the entry up to which the record is read, None for all of it."""

    chart: Chart
    schedule: Schedule
    seen: date
    known_at: int | None
    held: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.chart.subject

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return self.schedule.proposals

    @property
    def today(self) -> tuple[Item, ...]:
        """What is on the schedule of this very day."""
        return tuple(item for item in self.schedule.items if item.date == self.seen)

    @property
    def cycle(self) -> Cycle | None:
        """The cycle of the day, or the first one before it begins."""
        begun = [cycle for cycle in self.schedule.cycles if cycle.start <= self.seen]
        return begun[-1] if begun else next(iter(self.schedule.cycles), None)

    @property
    def measures(self) -> str:
        """'70 kg (Mon 2026-11-02), 165 cm (Mon 2026-11-02)', the latest of each."""
        history = self.chart.history
        weight = [f"{shown_number(w.kg)} kg ({day(w.happened_on)})" for w in history.weights[-1:]]
        height = [f"{shown_number(h.cm)} cm ({day(h.happened_on)})" for h in history.heights[-1:]]
        return ", ".join([*weight, *height]) or "no weight, no height"

    def is_overdue(self, item: Item) -> bool:
        """A dose of a day that has been, of which nobody has said whether it was given."""
        return item.slot.kind == "dose" and item.status in UNRECORDED and item.date < self.seen


def patient_view(
    desk: Desk, subject: str, known_at: int | None = None, settings: Settings | None = None
) -> PatientView:
    """The view of today, or of the day of an old entry; with settings it warns of visits on closed days."""
    chart = desk.chart(subject, known_at)
    seen = desk.today if known_at is None else chart.entries[-1].recorded_at.astimezone().date()
    through = min(chart.two_cycles_from(seen) + AHEAD, chart.history.day_1 + LONGEST)
    held = (
        f"{names(chart.protocol, e.still_held)} since {day(e.began)}: {e.cause} (entry {e.number})"
        for e in chart.episodes(max(seen, chart.last_event_on)).all
        if e.is_open
    )
    schedule = chart.schedule(through, seen)
    if settings is not None:
        schedule = with_closed_days(schedule, settings, seen)
    return PatientView(chart, schedule, seen, known_at, tuple(held))
