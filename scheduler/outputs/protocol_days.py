"""What a protocol writes for each day of each cycle of one arm, as letters.

A treatment with two doses has its letter for the larger one and the small letter for the other, as papers
write it; with more than two, or where the small letter is taken, the letters are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from scheduler.engine.course import Entry, course
from scheduler.engine.timeline import cycle_length
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate

Basis = tuple[Rate | None, str]
"""Rate and route: what makes two doses of a treatment two letters."""


class Block(NamedTuple):
    """A run of cycles that are written alike: first and last, length in days, letters by day."""

    first: int
    last: int
    length: int
    cells: dict[int, str]


class Dose(NamedTuple):
    """One dose of the course: what, on which cycle day, and how long its infusion takes."""

    entry: Entry
    cycle_day: str
    minutes: int | None


@dataclass(slots=True)
class ArmDays:
    """The doses of one arm in every cycle that differs from the one before it."""

    protocol: Protocol
    arm: str | None
    cycles: dict[int, list[Entry]] = field(default_factory=dict)
    letters: dict[tuple[str, Basis], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        written = course(self.protocol, self.arm, None)
        for number in range(1, self.protocol.settled_from + 1):
            if cycle_length(self.protocol, self.arm, number) is not None:
                self.cycles[number] = [e for e in written.cycle(number) if e.slot.kind == "dose"]
        taken = {named.letter for named in (*self.protocol.treatments, *self.protocol.assessments)}
        for treatment in self.protocol.treatments:
            mine = (e for entries in self.cycles.values() for e in entries if e.slot.key == treatment.key)
            found = list(dict.fromkeys((e.rate, e.slot.route) for e in mine))
            for basis, letter in zip(found, _letters(treatment.letter, found, taken), strict=True):
                self.letters[treatment.key, basis] = letter

    def blocks(self) -> list[Block]:
        """Cycles that are written alike, drawn together."""
        written = [(number, self._length(number), self._cells(number)) for number in self.cycles]
        runs = (list(run) for _, run in groupby(written, key=lambda one: one[1:]))
        return [Block(run[0][0], run[-1][0], run[0][1], run[0][2]) for run in runs]

    def doses(self) -> dict[str, list[Dose]]:
        """By letter; the first infusion of a treatment may take longer than the later ones."""
        found: dict[str, list[Dose]] = {}
        begun: set[str] = set()
        for number, entries in self.cycles.items():
            for entry in entries:
                minutes = entry.minutes.later if entry.slot.key in begun else entry.minutes.first
                begun.add(entry.slot.key)
                found.setdefault(self._letter(entry), []).append(Dose(entry, f"C{number}D{entry.slot.day}", minutes))
        return found

    def _length(self, number: int) -> int:
        found = cycle_length(self.protocol, self.arm, number)
        return found[0].days if found else 0

    def _cells(self, number: int) -> dict[int, str]:
        """'T/P' for a day: the letters in the order in which they are given."""
        by_day = groupby(self.cycles[number], key=lambda entry: entry.slot.day)
        return {on: "/".join(dict.fromkeys(map(self._letter, entries))) for on, entries in by_day}

    def _letter(self, entry: Entry) -> str:
        return self.letters[entry.slot.key, (entry.rate, entry.slot.route)]


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
