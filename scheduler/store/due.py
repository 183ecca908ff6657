"""The worklist: the only thing derived that is stored. It equals what the engine would say, always.

A row says on which date something is due, never that it is due today, so that midnight changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.record.recorded import Recorded


@dataclass(frozen=True, slots=True, order=True)
class DueRow:
    """What the worklist shows of one item of one patient; `item` is its id on the schedule."""

    subject: str
    due_on: date
    item: str
    status: str
    kind: str
    text: str
    site: str = ""

    @property
    def key(self) -> DueKey:
        """Where it stands in the worklist: the next page begins after the key of the last row."""
        return (self.due_on, self.subject, self.item)


DueKey = tuple[date, str, str]
Projection = Callable[[tuple[Recorded, ...]], Iterable[DueRow]]
"""From all entries of a patient, the rows that the worklist has for this patient."""
