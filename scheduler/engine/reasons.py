"""Why: a statement of the protocol, an assumption, an event of the record, or arithmetic."""

from __future__ import annotations

from typing import Literal, NamedTuple

from scheduler.problems import Place
from scheduler.protocol.model import Statement

ReasonKind = Literal["paper", "registry", "label", "assumption", "event", "arithmetic"]


class Reason(NamedTuple):
    """One reason behind a date, a status or an amount; `at` is file and line where it comes from a file."""

    kind: ReasonKind
    text: str
    at: str = ""


def because(statement: Statement, place: Place) -> Reason:
    """A statement of the protocol as a reason; `place` is its line that has the effect."""
    kind: ReasonKind = "assumption" if statement.standing == "assumed" else statement.standing
    return Reason(kind, statement.text, place.short)
