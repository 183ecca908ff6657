"""What the checks share: the protocol, where to put problems, and which day gives what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduler.problems import Place, Problem
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.located_yaml import Document, Table
from scheduler.protocol.meaning import (
    AfterCycles,
    Assess,
    BeforeDay1,
    BeforeEach,
    CycleLength,
    DaysAfter,
    EveryCycles,
    Give,
    LastCycle,
    OnDays,
    TiedTo,
    When,
)
from scheduler.protocol.model import Protocol

MOST_PROBLEMS = 100
MOST_DOSES = 200_000  # of all arms and cycles; a protocol has some hundreds
LINES_SEARCHED = 12
DAYS = "days"  # what is lost where lines go in a circle or have no day
SHIFTS = {"evening before": -1, "day before": -1, "morning of": 0, "day after": 1}


class Enough(Exception):
    """So many problems that nobody reads more of them."""


@dataclass(slots=True)
class Checking:
    """One protocol being checked.

    `lost` are blocks of which some line could not be read or makes no sense: nothing in them is told as missing.
    """

    document: Document
    protocol: Protocol
    criteria: Criteria | None
    known_criteria: tuple[str, ...]
    lost: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    _told: set[tuple[Place, str, str]] = field(default_factory=set)
    _gives: dict[str | None, dict[str, list[Give]]] = field(default_factory=dict)
    _cycles: range | None = None
    _length_lines: dict[str | None, list[CycleLength]] = field(default_factory=dict)
    _lengths: dict[tuple[int, str | None], int | None] = field(default_factory=dict)
    _given: dict[tuple[str, int, str | None], tuple[int, ...]] = field(default_factory=dict)
    _doses: dict[tuple[int, str | None], list[tuple[int, Give]]] = field(default_factory=dict)
    _counted: int = 0

    def problem(self, place: Place, code: str, what: str, mend: str) -> None:
        if len(self.problems) == MOST_PROBLEMS:
            what = f"More than {MOST_PROBLEMS} problems are in this file; these are the first."
            self.problems.append(self.document.problem(place, "too-many-problems", what, "Mend those above first."))
            raise Enough
        if (place, code, what) not in self._told:
            self._told.add((place, code, what))
            self.problems.append(self.document.problem(place, code, what, mend))

    def key_place(self, key: str) -> Place:
        """Where a block of the file begins; the file's beginning where it has no such block."""
        root = self.document.root
        entries = root.entries if isinstance(root, Table) else ()
        return next((e.key.place for e in entries if e.key.value == key), Place(self.document.file))

    def word_place(self, place: Place, word: str) -> Place:
        """Where a word stands on the line of a place or soon after it; else the place itself."""
        for number in range(place.line, min(place.line + LINES_SEARCHED, len(self.document.lines) + 1)):
            column = self.document.lines[number - 1].find(word, place.column - 1 if number == place.line else 0)
            if column >= 0:
                return Place(place.file, number, column + 1, len(word))
        return place

    @property
    def arms(self) -> tuple[str | None, ...]:
        """Every arm, or None alone where the protocol has no arms."""
        return tuple(arm.key for arm in self.protocol.arms) or (None,)

    @property
    def last_cycle(self) -> int | None:
        """The cycle after which none follows, if the protocol names one."""
        return min((end.cycle for end, _ in self.protocol.effects(LastCycle)), default=None)

    def cycles_to_look_at(self) -> range:
        """Every cycle that differs from the one before it, and one more; none after the last."""
        if self._cycles is not None:
            return self._cycles
        whens = [give.when for give, _ in self.protocol.effects(Give)]
        whens += [assess.when for assess, _ in self.protocol.effects(Assess)]
        every = max((when.every for when in whens if isinstance(when, EveryCycles)), default=0)
        last = self.protocol.settled_from + every
        self._cycles = range(1, min(last, self.last_cycle or last) + 1)
        return self._cycles

    def length(self, cycle: int, arm: str | None) -> int | None:
        """Length of a cycle in days; None where nothing gives one."""
        key = cycle, arm
        if key not in self._lengths:
            lines = self._length_lines.get(arm)
            if lines is None:
                lines = self._length_lines[arm] = [effect for effect, _ in self.protocol.effects(CycleLength, arm)]
            self._lengths[key] = next((line.days for line in lines if cycle in line.cycles), None)
        return self._lengths[key]

    def starts(self, arm: str | None) -> dict[int, int]:
        """On which day, counted through, each cycle begins, if every cycle starts when planned."""
        found, begin = {}, 1
        for cycle in self.cycles_to_look_at():
            length = self.length(cycle, arm)
            if length is None:
                break
            found[cycle] = begin
            begin += length
        return found

    def gives(self, arm: str | None) -> dict[str, list[Give]]:
        """The lines of `give` for an arm, by treatment."""
        if arm not in self._gives:
            lines: dict[str, list[Give]] = {treatment.key: [] for treatment in self.protocol.treatments}
            for give, _ in self.protocol.effects(Give, arm):
                lines[give.dose.treatment].append(give)
            self._gives[arm] = lines
        return self._gives[arm]

    def days(self, when: When, cycle: int, arm: str | None) -> tuple[int, ...]:
        """The days of a cycle that a WHEN names, twice where it names one twice; -1 is the day before day 1."""
        match when:
            case OnDays() if cycle in when.cycles:
                return when.days
            case DaysAfter() if cycle in when.cycles:
                given = self.given(when.treatment, cycle, arm)
                return tuple(sorted(_shifted(day, after) for day in given for after in when.offsets))
            case TiedTo() if cycle in when.cycles:
                return tuple(_shifted(day, SHIFTS[when.part]) for day in self.given(when.treatment, cycle, arm))
            case BeforeEach() if cycle in when.cycles:
                return tuple(sorted({day for key in when.treatments for day in self.given(key, cycle, arm)}))
            case BeforeDay1() if cycle == 1:
                return (-1,)
            case AfterCycles() if cycle - 1 in when.cycles:
                return (1,)
            case EveryCycles() if cycle > 1 and (cycle - 1) % when.every == 0:
                return (1,)
            case _:
                return ()

    def given(self, treatment: str, cycle: int, arm: str | None) -> tuple[int, ...]:
        """The days of a cycle on which a treatment is given, each once; lines that go in a circle give none."""
        key = treatment, cycle, arm
        if key not in self._given:
            self._given[key] = ()
            days = (self.days(give.when, cycle, arm) for give in self.gives(arm)[treatment])
            self._given[key] = tuple(sorted({day for some in days for day in some}))
        return self._given[key]

    def doses(self, cycle: int, arm: str | None) -> list[tuple[int, Give]]:
        """Each day of a cycle on which a line gives a dose; days before day 1 belong to the cycle before."""
        key = cycle, arm
        if key not in self._doses:
            found: list[tuple[int, Give]] = []
            for give in (give for lines in self.gives(arm).values() for give in lines):
                found += ((day, give) for day in self.days(give.when, cycle, arm) if day > 0 or cycle == 1)
                if isinstance(give.when, TiedTo):
                    found += self._on_the_eve(give, cycle, arm)
            self._doses[key] = found
            self._counted += len(found)
        if self._counted > MOST_DOSES:
            place = self.key_place("statements")
            what = f"The statements write more than {MOST_DOSES:,} doses, too many to be checked."
            self.problems.append(self.document.problem(place, "too-many-doses", what, "Write fewer cycles or arms."))
            raise Enough
        return self._doses[key]

    def _on_the_eve(self, give: Give, cycle: int, arm: str | None) -> Iterator[tuple[int, Give]]:
        """Doses at the end of a cycle that belong to the next one."""
        length = self.length(cycle, arm)
        for day in self.days(give.when, cycle + 1, arm) if length is not None else ():
            if day < 0 and length is not None:
                yield length + 1 + day, give


def follows(when: When) -> tuple[str, ...]:
    """The treatments whose days a WHEN counts from."""
    match when:
        case DaysAfter() | TiedTo():
            return (when.treatment,)
        case BeforeEach():
            return when.treatments
        case _:
            return ()


def _shifted(day: int, by: int) -> int:
    """A day moved by some days; there is no day 0."""
    moved = day + by
    if day < 0 <= moved:
        return moved + 1
    return moved - 1 if moved <= 0 < day else moved
