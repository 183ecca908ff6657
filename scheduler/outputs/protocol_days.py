"""What a protocol writes for each day of each cycle of one arm, as letters.

A treatment with two doses has its letter for the larger one and the small letter for the other, as papers
write it; with more than two, or where the small letter is taken, the letters are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Item
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate
from scheduler.record.events import PatientEnrolled
from scheduler.record.history import History

SOME_DAY = date(2001, 1, 1)
"""Day 1 of a patient without a record, whose schedule shows the days that the protocol writes."""

Basis = tuple[Rate | None, str]
"""Rate and route: what makes two doses of a treatment two letters."""


class Block(NamedTuple):
    """A run of cycles that are written alike: first and last, length in days, letters by day."""

    first: int
    last: int
    length: int
    cells: dict[int, str]


@dataclass(slots=True)
class ArmDays:
    """The doses of one arm in every cycle that differs from the one before it."""

    protocol: Protocol
    arm: str | None
    lengths: dict[int, int] = field(default_factory=dict)
    cycles: dict[int, list[Item]] = field(default_factory=dict)
    letters: dict[tuple[str, Basis], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        enrolled = PatientEnrolled(SOME_DAY, SOME_DAY, arm=self.arm)
        through = SOME_DAY + timedelta(days=sum(map(self._length, range(1, self.protocol.settled_from + 1))) - 1)
        schedule = build_schedule(self.protocol, History((enrolled,)), through)
        self.lengths = {cycle.cycle: cycle.length_days for cycle in schedule.cycles}
        doses = [item for item in schedule.items if item.slot.kind == "dose"]
        self.cycles = {number: [item for item in doses if item.cycle == number] for number in self.lengths}
        taken = {t.letter for t in self.protocol.treatments} | {a.letter for a in self.protocol.assessments}
        for treatment in self.protocol.treatments:
            found = list(dict.fromkeys(_basis(item) for item in doses if item.slot.key == treatment.key))
            for basis, letter in zip(found, _letters(treatment.letter, found, taken), strict=True):
                self.letters[treatment.key, basis] = letter

    def blocks(self) -> list[Block]:
        """Cycles that are written alike, drawn together."""
        written = [(number, self.lengths[number], self._cells(number)) for number in self.cycles]
        runs = (list(run) for _, run in groupby(written, key=lambda one: one[1:]))
        return [Block(run[0][0], run[-1][0], run[0][1], run[0][2]) for run in runs]

    def doses(self) -> dict[str, list[Item]]:
        """All doses by letter."""
        found: dict[str, list[Item]] = {}
        for items in self.cycles.values():
            for item in items:
                found.setdefault(self._letter(item), []).append(item)
        return found

    def _length(self, cycle: int) -> int:
        lengths = (length for length, _ in self.protocol.effects(m.CycleLength, self.arm))
        return next((length.days for length in lengths if cycle in length.cycles), 0)

    def _cells(self, number: int) -> dict[int, str]:
        """'T/P' for a day: the letters in the order in which they are given."""
        by_day = groupby(self.cycles[number], key=lambda item: item.slot.day)
        return {on: "/".join(dict.fromkeys(map(self._letter, items))) for on, items in by_day}

    def _letter(self, item: Item) -> str:
        return self.letters[item.slot.key, _basis(item)]


def _basis(item: Item) -> Basis:
    return item.rate, item.slot.route


def _letters(letter: str, found: Sequence[Basis], taken: set[str]) -> list[str]:
    if len(found) <= 1:
        return [letter] * len(found)
    small = letter.lower()
    one, other = found[0][0], found[1][0]
    if len(found) == 2 and small not in taken and one is not None and other is not None and one != other:
        below = one.is_below(other)
        if below is not None:
            return [small, letter] if below else [letter, small]
    return [f"{letter}{number}" for number in range(1, len(found) + 1)]
