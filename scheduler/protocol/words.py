"""Reading a small sentence from left to right, with the position of the very word that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from scheduler.cycle_days import Cycles, read_cycles
from scheduler.problems import Misread
from scheduler.protocol.wording import did_you_mean, listed

T = TypeVar("T")
_SPAN = r"\d+(?:-\d+)?(?![\d+]|(?: and \d+)? days? after)"  # not '1 and 4 days after'
_CYCLES = rf"\d+(?:-\d+)?(?:, ?{_SPAN})*(?:\+|, ?\d+\+)?"  # '2+' is the last of a list
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
            while self.rest.startswith(" "):
                self.at += 1
        return match

    def need(self, pattern: str, code: str, wanted: str, example: str) -> re.Match[str]:
        """As `take`, but what else stands there is a fault."""
        return self.take(pattern) or self.fail(code, wanted, f"Write it like '{example}'.")

    def fail(self, code: str, wanted: str, mend: str) -> NoReturn:
        found = self.rest or self.text
        what = (
            f"{wanted} is wanted at '{self.rest}'." if self.rest else f"'{found}' ends too early: {wanted} is wanted."
        )
        raise Misread(code, what, mend, self.at if self.rest else 0, len(found))

    def end(self, code: str, example: str) -> None:
        """Nothing may follow."""
        if self.rest:
            raise Misread(
                code,
                f"'{self.rest}' is not understood here.",
                f"Write it like '{example}'.",
                self.at,
                len(self.rest),
            )

    def cycles(self) -> Cycles:
        found = self.need(_CYCLES, "bad-cycles", "A cycle or cycles", "cycle 2+ day 1")
        return self.inner(read_cycles, found)

    def name(self, known: tuple[str, ...], code: str, kind: str) -> str:
        """A declared name; an unknown one is refused with the nearest."""
        start = self.at
        found = self.take(_NAME)
        if found is None:
            self.fail(code, f"The name of {kind}", f"The file declares {listed(known) or 'none'}.")
        if found.group() not in known:
            raise Misread(
                code,
                f"'{found.group()}' is not {kind} of this file.{did_you_mean(found.group(), known)}",
                f"Write {listed(known)}."
                if known
                else f"Declare it first: this file has no such {kind.rsplit(maxsplit=1)[-1]}.",
                start,
                len(found.group()),
            )
        return found.group()

    def names(self, known: tuple[str, ...], code: str, kind: str) -> tuple[str, ...]:
        found = [self.name(known, code, kind)]
        while self.take(r",|and\b"):
            found.append(self.name(known, code, kind))
        return tuple(found)

    def number(self, code: str, wanted: str, example: str) -> int:
        return int(self.need(r"\d{1,4}\b", code, wanted, example).group())

    def arms(self, names: Names) -> tuple[str, ...]:
        """'arm cohort-1, cohort-2', if the sentence begins so."""
        return self.names(names.arms, "unknown-arm", "an arm") if self.take(r"arms?\b") else ()

    def inner(self, reader: Callable[[str], T], found: re.Match[str]) -> T:
        """Hand a part of the sentence to another reader; its faults keep their position."""
        try:
            return reader(found.group())
        except Misread as fault:
            raise fault.moved(found.start()) from None
