"""What the checks share: the protocol, where to put problems, and which day gives what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduler.problems import Place, Problem
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.located_yaml import Document, Table
from scheduler.protocol.meaning import CycleLength, Give, OnDays
from scheduler.protocol.model import Protocol


@dataclass(slots=True)
class Checking:
    """One protocol being checked."""

    document: Document
    protocol: Protocol
    criteria: Criteria | None
    known_criteria: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, code: str, what: str, mend: str) -> None:
        new = self.document.problem(place, code, what, mend)
        if new not in self.problems:
            self.problems.append(new)

    def key_place(self, key: str) -> Place:
        """Where a block of the file begins; the file's beginning where it has no such block."""
        root = self.document.root
        entries = root.entries if isinstance(root, Table) else ()
        return next((e.key.place for e in entries if e.key.value == key), Place(self.document.file))

    @property
    def arms(self) -> tuple[str | None, ...]:
        """Every arm, or None alone where the protocol has no arms."""
        return tuple(arm.key for arm in self.protocol.arms) or (None,)

    def cycles_to_look_at(self) -> range:
        """Every cycle that differs from the one before it, and one more."""
        return range(1, self.protocol.settled_from + 1)

    def length(self, cycle: int, arm: str | None) -> int | None:
        """Length of a cycle in days; None where nothing gives one."""
        lengths = self.protocol.effects(CycleLength, arm)
        return next((effect.days for effect, _ in lengths if cycle in effect.cycles), None)

    def fixed_days(self, arm: str | None, cycle: int) -> Iterator[tuple[int, Give]]:
        """Each cycle day that a sentence with fixed days gives a dose on."""
        for give, _ in self.protocol.effects(Give, arm):
            if isinstance(give.when, OnDays) and cycle in give.when.cycles:
                for day in give.when.days:
                    yield day, give
