"""Cycles and days as oncology counts them: C2D9, "2+", "2-7, 12-21".

Day 1 is the first day. There is no day 0: the day before day 1 is day -1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.problems import Misread

LAST_DAY = 400
"""No cycle day beyond this is accepted; longer cycles are a slip of the pen."""

LAST_CYCLE = 200
"""No protocol names a cycle beyond this; "2+" goes on without end."""

_CYCLE_DAY = re.compile(r"C([0-9]{1,4})D(-?[0-9]{1,4})", re.IGNORECASE)
_SPAN = re.compile(r"([0-9]+)(?:(\+)|-([0-9]+))?")


@dataclass(frozen=True, slots=True, order=True)
class CycleDay:
    """A day of a cycle, printed C2D9; day -1 is the day before day 1."""

    cycle: int
    day: int

    def __str__(self) -> str:
        return f"C{self.cycle}D{self.day}"


@dataclass(frozen=True, slots=True)
class Cycles:
    """A set of cycles: single ones, ranges, and perhaps all from some cycle on."""

    spans: tuple[tuple[int, int | None], ...]

    def __contains__(self, cycle: int) -> bool:
        return any(first <= cycle and (last is None or cycle <= last) for first, last in self.spans)

    def __str__(self) -> str:
        return ", ".join(
            f"{first}+" if last is None else str(first) if first == last else f"{first}-{last}"
            for first, last in self.spans
        )

    @property
    def named(self) -> tuple[int, ...]:
        """Every cycle number that is written; from the one after the largest on, nothing changes."""
        return tuple(n for span in self.spans for n in span if n is not None)


def read_cycle_day(text: str) -> CycleDay:
    """'C2D9'; raises Misread on anything else, and on day 0."""
    match = _CYCLE_DAY.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise Misread("bad-cycle-day", f"'{text}' is not a cycle day.", "Write it like C2D9.")
    if int(match[2]) == 0:
        raise _day_zero(0, len(text))
    return CycleDay(int(match[1]), int(match[2]))


def read_cycles(text: str) -> Cycles:
    """'1', '2+', '2, 4', '3-6'; raises Misread on cycle 0, on falling or repeated cycles and on anything else."""
    spans: list[tuple[int, int | None]] = []
    for part in _spans(text, "bad-cycles", "cycle", "2+ or 2, 4"):
        if part.first == 0:
            raise Misread("cycle-zero", "There is no cycle 0.", "The first cycle is cycle 1.", part.at, part.width)
        if part.last > LAST_CYCLE:
            raise part.misread(
                "bad-cycles", f"Cycle {part.last} is beyond any protocol.", f"Write cycles from 1 to {LAST_CYCLE}."
            )
        before = spans[-1][1] if spans else 0
        if before is None or part.first <= before:
            raise part.misread(
                "cycles-out-of-order",
                f"Cycle {part.first} stands twice or out of order here.",
                "Write each cycle once, in rising order.",
            )
        spans.append((part.first, None if part.open else part.last))
    return Cycles(tuple(spans))


def read_days(text: str) -> tuple[int, ...]:
    """'2-7, 12-21' as a rising tuple of days; raises Misread on day 0, twice the same day, or 'n+'."""
    days: list[int] = []
    for part in _spans(text, "bad-days", "day", "2-7, 12-21"):
        if part.first == 0:
            raise _day_zero(part.at, part.width)
        if part.open or part.last > LAST_DAY:
            raise part.misread(
                "bad-days",
                f"'{part.first}+' has no last day." if part.open else f"Day {part.last} is beyond any cycle.",
                "Write the days like 2-7, 12-21.",
            )
        if days and part.first <= days[-1]:
            raise part.misread(
                "days-out-of-order",
                f"Day {part.first} stands twice or out of order here.",
                "Write each day once, in rising order.",
            )
        days += range(part.first, part.last + 1)
    return tuple(days)


def shown_days(days: Iterable[int]) -> str:
    """The short form of a set of days: 2-7, 12-21."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def day_number(on: date, day_1: date) -> int:
    """Which day `on` is, counted from `day_1`; the day before day 1 is -1."""
    difference = (on - day_1).days
    return difference + 1 if difference >= 0 else difference


def date_of_day(day: int, day_1: date) -> date:
    """The date of a day counted from `day_1`; the inverse of `day_number`."""
    return day_1 + timedelta(days=day - 1 if day > 0 else day)


def _day_zero(start: int, width: int) -> Misread:
    return Misread(
        "day-zero",
        "There is no day 0.",
        "The first day is day 1, and the day before it is day -1.",
        start,
        width,
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """One part of a list, from `first` to `last` or open-ended, and where it stands."""

    first: int
    last: int
    open: bool
    at: int
    width: int

    def misread(self, code: str, what: str, mend: str) -> Misread:
        return Misread(code, what, mend, self.at, self.width)


def _spans(text: str, code: str, word: str, example: str) -> Iterable[_Span]:
    """Each part of a list."""
    at = 0
    for part in text.split(","):
        start, shown = at + len(part) - len(part.lstrip()), part.strip()
        match = _SPAN.fullmatch(shown)
        mend = f"Write it like {example}."
        if match is None or max(len(match[1]), len(match[3] or "")) > 4:
            what = f"'{shown}' is not a {word} or a range of {word}s." if shown else f"A {word} is missing here."
            raise Misread(code, what, mend, start, max(1, len(shown)))
        first = int(match[1])
        last = int(match[3]) if match[3] else first
        if last < first:
            raise Misread(code, f"'{shown}' runs backwards.", mend, start, len(shown))
        yield _Span(first, last, bool(match[2]), start, len(shown))
        at += len(part) + 1
