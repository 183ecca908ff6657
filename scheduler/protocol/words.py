"""Reading a small sentence from left to right, with the position of the very word that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scheduler.cycle_days import LAST_DAY, Cycles, read_cycles
from scheduler.problems import Misread
from scheduler.protocol.wording import did_you_mean, listed, one_of_many, quoted

T = TypeVar("T")
_SPAN = r"[0-9]+(?:-[0-9]+)?(?![0-9+]|(?: and [0-9]+)? days? after)"  # not '1 and 4 days after'
_CYCLES = rf"[0-9]+(?:-[0-9]+)?(?:, ?{_SPAN})*(?:\+|, ?[0-9]+\+)?"  # '2+' is the last of a list
_NAME = r"[A-Za-z][A-Za-z0-9_-]*"


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a file declares; a sentence may use no others."""

    arms: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    assessments: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()


class Words:
    """A sentence that is read from left to right; positions count from 0."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    @property
    def rest(self) -> str:
        return self.text[self.at :]

    def take(self, pattern: str) -> re.Match[str] | None:
        """Read on if the pattern comes next; white space after it is passed over."""
        match = re.compile(pattern).match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            while self.text[self.at : self.at + 1] == " ":
                self.at += 1
        return match

    def need(self, pattern: str, code: str, wanted: str, example: str) -> re.Match[str]:
        """As `take`, but what else stands there is a fault; `wanted` is told as 'a route', 'the word "over"'."""
        found = self.take(pattern)
        if found is None:
            raise self.fault(code, wanted, f"Write it like '{example}'.")
        return found

    def fault(self, code: str, wanted: str, mend: str, near: str = "") -> Misread:
        """The next word is not what is wanted, or there is none."""
        word = re.compile(r"\S+").match(self.text, self.at)
        if word is None:
            return Misread(code, f"{wanted[0].upper()}{wanted[1:]} is missing here.", mend, len(self.text), 1)
        found = word.group().rstrip(",;") or word.group()
        return Misread(code, f"{quoted(found)} stands where {wanted} belongs.{near}", mend, self.at, len(found))

    def end(self, code: str, example: str) -> None:
        """Nothing may follow."""
        if self.rest:
            what = f"{quoted(self.rest)} stands after the end of the sentence."
            raise Misread(code, what, f"Write it like '{example}'.", self.at, len(self.rest))

    def one_of(self, choices: Sequence[str], code: str, kind: str, shown: Iterable[str]) -> str:
        """A word or words of a closed list; `shown` are those that the message names."""
        start, mend = self.at, f"Write {listed(shown)}."
        found = self.take(f"({'|'.join(map(re.escape, sorted(choices, key=len, reverse=True)))})(?![\\w-])")
        if found is not None:
            return found.group(1)
        word = re.compile(r"[^\s,;]*").match(self.text, start)
        raise self.fault(code, kind, mend, did_you_mean(word.group() if word else "", choices))

    def cycles(self) -> Cycles:
        found = self.need(_CYCLES, "bad-cycles", "a cycle", "cycle 2+ day 1")
        return self.inner(read_cycles, found)

    def name(self, known: tuple[str, ...], code: str, kind: str) -> str:
        """A declared name; an unknown one is refused with the nearest."""
        start = self.at
        found = self.take(_NAME)
        word = found.group() if found is not None else ""
        mend = f"Write {one_of_many(word, known)}." if known else f"Declare {kind} at the head of the file first."
        if found is None:
            raise self.fault(code, kind, mend)
        if found.group() not in known:
            what = f"{quoted(found.group())} is not {kind} of this file.{did_you_mean(found.group(), known)}"
            raise Misread(code, what, mend, start, len(found.group()))
        return found.group()

    def names(self, known: tuple[str, ...], code: str, kind: str) -> tuple[str, ...]:
        """Declared names, each once: 'a, b and c'."""
        found = [self.name(known, code, kind)]
        while self.take(r",|and\b"):
            start = self.at
            found.append(self.name(known, code, kind))
            if found[-1] in found[:-1]:
                what = f"'{found[-1]}' is named twice."
                raise Misread("named-twice", what, "Name each one once.", start, len(found[-1]))
        return tuple(found)

    def number(self, code: str, wanted: str, example: str, most: int = LAST_DAY, least: int = 1) -> int:
        """A whole number from `least` to `most`."""
        start = self.at
        found = self.need(r"[0-9]+\b(?!\.[0-9])", code, wanted, example)
        if not least <= int(found.group()[:9]) <= most:
            what = f"{quoted(found.group())} is not believable as {wanted}."
            raise Misread(code, what, f"Write a number from {least} to {most}.", start, len(found.group()))
        return int(found.group())

    def arms(self, names: Names) -> tuple[str, ...]:
        """'arm cohort-1, cohort-2', if the sentence begins so."""
        return self.names(names.arms, "unknown-arm", "an arm") if self.take(r"arms?\b") else ()

    def inner(self, reader: Callable[[str], T], found: re.Match[str]) -> T:
        """Hand a part of the sentence to another reader; its faults keep their position."""
        try:
            return reader(found.group())
        except Misread as fault:
            raise fault.moved(found.start()) from None
