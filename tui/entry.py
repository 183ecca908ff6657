"""What somebody is about to record: kept whole until it is signed or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.clinic.desk import Desk, Draft, Judge
from scheduler.clinic.scanning import give


@dataclass(frozen=True, slots=True)
class Entry:
    """`title` says what it is; `correcting` is the entry that it takes the place of, by nothing without a judge."""

    subject: str
    title: str
    judge: Judge | None
    said_on: date | None = None
    reason: str = ""
    correcting: int | None = None
    about: tuple[str, ...] = ()

    def draft(self, desk: Desk) -> Draft:
        """What it would be and change, by the record as it is now."""
        chart = desk.chart(self.subject)
        if self.correcting is not None:
            return desk.draft_correction(chart, self.correcting, self.judge, self.said_on, self.reason)
        assert self.judge is not None  # noqa: S101 - only a correction may be without
        return desk.draft(chart, self.judge, self.said_on, self.reason)


@dataclass(frozen=True, slots=True)
class GivenBySyringe:
    """A dose out of syringes that were scanned, or, where something speaks against it, the near miss."""

    subject: str
    title: str
    numbers: tuple[str, ...]
    at: datetime
    about: tuple[str, ...] = ()
    reason: str = ""
    correcting: int | None = None

    def draft(self, desk: Desk) -> Draft:
        """What it would be and change, by the record as it is now."""
        return give(desk, self.subject, self.numbers, None, None, self.at).draft
