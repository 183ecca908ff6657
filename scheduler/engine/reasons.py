"""Why: a statement of the protocol, an assumption, an event of the record, or arithmetic."""

from __future__ import annotations

from typing import Literal, NamedTuple

ReasonKind = Literal["paper", "registry", "label", "assumption", "event", "arithmetic"]


class Reason(NamedTuple):
    """One reason behind a date, a status or an amount; `at` is file and line where it comes from a file."""

    kind: ReasonKind
    text: str
    at: str = ""
