"""What the log gives and takes beside events: persons, seals, and how far a long task has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

SHORT = 12
"""So many digits of a seal are printed."""

Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The log up to `position`: `count` entries in all."""

    number: int
    position: int
    count: int
    sealed_at: datetime
    sealed_by: str
    sha256: str

    @property
    def short(self) -> str:
        """As printed on paper and written beside a backup."""
        return self.sha256[:SHORT]


@dataclass(frozen=True, slots=True)
class Person:
    """Who a patient is. It may change and may be erased; the events know only the subject."""

    subject: str
    name: str
    born: date | None = None
    phone: str = ""
