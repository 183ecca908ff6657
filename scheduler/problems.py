"""Problems: what is wrong, where it stands, and how to mend it.

A problem is a value, not an exception: a reader collects all of them and goes on,
so that one run shows everything there is to mend.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

EXCERPT_WIDTH = 100


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a text file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def short(self) -> str:
        """File and line, as a printed schedule cites a statement."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault.

    `code` is stable kebab-case; `what` and `mend` are one sentence each, in the reader's words.
    `excerpt` is the original line, empty where there is none (a missing or unreadable file).
    """

    place: Place
    code: str
    what: str = field(compare=False)
    mend: str = field(compare=False)
    excerpt: str = field(default="", compare=False)

    def shown(self) -> str:
        """The problem as people read it: place, line, caret, what, how to mend."""
        lines = [f"{self.place}: {self.code}"]
        if self.excerpt.strip():
            lines += _excerpt(self.place, self.excerpt)
        return "\n".join([*lines, f"  {self.what}", f"  {self.mend}"])


class Refused(Exception):
    """An input that is turned away at the door; the text is one sentence a person can act on."""


class Misread(Exception):
    """A sentence of a file that cannot be understood, and which part of it (from `start`, `width` wide)."""

    def __init__(self, code: str, what: str, mend: str, start: int = 0, width: int = 0) -> None:
        super().__init__(what)
        self.code, self.what, self.mend = code, what, mend
        self.start, self.width = start, width

    def moved(self, by: int) -> Misread:
        """The same fault in a longer sentence that holds this one from position `by` on."""
        return Misread(self.code, self.what, self.mend, self.start + by, self.width)


def _excerpt(place: Place, line: str) -> list[str]:
    """The line and a caret under the word; a very long line is cut around the word."""
    start = place.column - 1
    if len(line) > EXCERPT_WIDTH:
        cut = max(0, min(start - EXCERPT_WIDTH // 2, len(line) - EXCERPT_WIDTH))
        line, start = line[cut : cut + EXCERPT_WIDTH], start - cut
    number = str(place.line)
    carets = "^" * max(1, min(place.width, len(line) - start))
    return [
        f"  {number} | {printable(line)}",
        f"  {' ' * len(number)} | {' ' * start}{carets}",
    ]


def printable(text: str) -> str:
    """Text safe for a terminal: control, bidirectional and invisible characters become '?'."""
    return "".join(c if c.isprintable() else "?" for c in text)


def report(problems: Iterable[Problem]) -> str:
    """All problems in file order, then a count."""
    ordered = sorted(problems)
    count = f"{len(ordered)} problem{'' if len(ordered) == 1 else 's'}."
    return "\n\n".join([*(problem.shown() for problem in ordered), count])
