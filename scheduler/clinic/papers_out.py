"""The papers that patients have at home: which of them still count, and which show what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from scheduler.clinic.chart import Chart
from scheduler.clinic.words import day
from scheduler.record.handed_out import PaperHandedOut

NAMES = {"diary": "diary", "wall": "wall calendar"}


class PaperOut(NamedTuple):
    """A paper and the number of its entry."""

    number: int
    paper: PaperHandedOut


def papers_out(chart: Chart) -> tuple[PaperOut, ...]:
    """The papers handed out last, of each kind, and older ones for days that these do not cover."""
    found: list[PaperOut] = []
    for number, paper in reversed([*chart.history.of(PaperHandedOut)]):
        newer = [each.paper for each in found if each.paper.paper == paper.paper]
        if not any(each.first <= paper.first and paper.last <= each.last for each in newer):
            found.append(PaperOut(number, paper))
    return tuple(reversed(found))


def replaced(chart: Chart, paper: str, first: date, last: date) -> int | None:
    """The entry of the last paper of a kind for some of these days; None where there is none."""
    found = [
        number
        for number, out in chart.history.of(PaperHandedOut)
        if out.paper == paper and out.first <= last and first <= out.last
    ]
    return found[-1] if found else None


def stale_lines(chart: Chart, changed: Iterable[date]) -> list[str]:
    """A line for each paper at home that still shows what was planned for these days before."""
    days = set(changed)
    return [
        f"The {NAMES.get(out.paper, out.paper)} of entry {number}, {day(out.first)} to {day(out.last)}, shows it as it"
        f" was: have it struck out, and hand out a new one (c1d1 {out.paper} {chart.subject} --hand-out)."
        for number, out in papers_out(chart)
        if any(out.first <= on <= out.last for on in days)
    ]
