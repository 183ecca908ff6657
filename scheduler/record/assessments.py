"""What became of an examination, a sample or a scan that the schedule has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AssessmentDone:
    """It was done on that day; `item` is its id on the schedule. What it showed is recorded by itself."""

    happened_on: date
    item: str


@dataclass(frozen=True, slots=True)
class AssessmentLeftOut:
    """It was not done and is not waited for any more; `item` is its id on the schedule."""

    happened_on: date
    item: str
