"""Today's list from the worklist's rows: decisions, what nobody has recorded, holds, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from scheduler.clinic.words import span
from scheduler.store.due import DueKey, DueRow
from scheduler.store.event_log import EventLog

PAGE = 500
DUE = ("dose", "assessment", "window", "until")
RECORDED = ("dose", "assessment", "until")
"""What is overdue from the day after on, until somebody records it; "window" waits for its "until"."""


class Worklist(NamedTuple):
    """All rows up to a day, by what they ask for."""

    on: date
    decisions: tuple[DueRow, ...]
    overdue: tuple[tuple[DueRow, ...], ...]
    holds: tuple[DueRow, ...]
    due: tuple[DueRow, ...]

    @property
    def subjects(self) -> int:
        """How many patients are on it."""
        rows = [*self.decisions, *self.holds, *self.due, *(run[0] for run in self.overdue)]
        return len({row.subject for row in rows})


def worklist(log: EventLog, on: date) -> Worklist:
    """What a ward has to look at on a day."""
    rows = tuple(_all(log, on))
    past = [row for row in rows if row.due_on < on and _is_overdue(row)]
    return Worklist(
        on,
        tuple(row for row in rows if row.kind == "proposal"),
        tuple(_runs(past)),
        tuple(row for row in rows if row.kind == "hold"),
        tuple(row for row in rows if row.due_on == on and row.kind in DUE),
    )


def _all(log: EventLog, on: date) -> Iterator[DueRow]:
    after: DueKey | None = None
    while page := log.due(on, after=after, limit=PAGE):
        yield from page
        after = page[-1].key


def _is_overdue(row: DueRow) -> bool:
    return row.kind == "edge" or (row.kind in RECORDED and row.status in ("planned", "not-computable"))


def _runs(rows: Sequence[DueRow]) -> Iterator[tuple[DueRow, ...]]:
    """Rows that say the same together, the oldest first."""
    by_likeness = sorted(rows, key=lambda row: (*_likeness(row), row.due_on))
    found = [tuple(run) for _, run in groupby(by_likeness, key=_likeness)]
    yield from sorted(found, key=lambda run: (run[0].due_on, run[0].subject, run[0].item))


def _likeness(row: DueRow) -> tuple[str, str, str]:
    """One patient, one treatment or examination, one amount."""
    return (row.subject, _id(row).split("/")[1] if row.kind in RECORDED else row.item, row.text)


def _id(row: DueRow) -> str:
    """The id on the schedule."""
    return row.item.removeprefix("until/")


def run_words(run: Sequence[DueRow]) -> str:
    """'9 doses, Tue 2026-01-06 to ..., C1D2 to C1D10: aldesleukin, low dose, ...'."""
    if run[0].kind not in RECORDED:
        return run[0].text
    ids = [_id(row).partition("/")[0] for row in run]
    which = ids[0] if len(run) == 1 else f"{ids[0]} to {ids[-1]}"
    number = "" if len(run) == 1 else f"{len(run)} {'doses' if run[0].kind == 'dose' else 'times'}, "
    return f"{number}{span([row.due_on for row in run])}, {which}: {run[0].text}"
