"""Words in a box: the largest size at which all of them fit, or a refusal; never clipped, never smaller than readable.

Sizes, widths and heights are in points. Words wrap between words; one that is too long for its line is
not broken: then the words do not fit. What need not begin a line is run together before print gets smaller
than `snug` allows. Letters are set a tenth narrower, as the condensed cut of the font has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scheduler.outputs.paper import BOLD, PLAIN, Page, printable, width_of

LEADING = 1.1
"""From line to line, in sizes."""
STEP = 0.1
NARROWER = 0.9


class Words(NamedTuple):
    """A paragraph; `joins` tells that it may go on in the line of the one before, where room is scarce."""

    text: str
    bold: bool = False
    joins: bool = False


class Box(NamedTuple):
    """Where words go: the upper left corner, width and height; `narrow` less wide so far as `beside` down."""

    left: float
    top: float
    width: float
    height: float
    narrow: float = 0
    beside: float = 0

    def room(self, down: float) -> float:
        """How wide a line may be whose upper edge is so far down."""
        return self.width - (self.narrow if down < self.beside else 0)


@dataclass(slots=True)
class Line:
    """Runs of words, each with whether it is bold and how far from the line's left edge it begins."""

    runs: list[tuple[str, bool, float]] = field(default_factory=list)
    used: float = 0


class Set(NamedTuple):
    """Words that fit: their size, and their lines."""

    size: float
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


def fit(paragraphs: Sequence[Words], box: Box, most: float, least: float) -> Set | None:
    """The words at the largest size from `most` down to `least` at which they fit; None where they never do.

    Lines of their own are tried first, down to a size a little above `least`; then what may be joined is.
    """
    safe = [each._replace(text=printable(each.text)) for each in paragraphs if each.text.strip()]
    may_join = any(each.joins for each in safe)
    snug = least * 1.08 if may_join else least
    for tight, smallest in ((False, snug), (True, least)):
        found = _largest(safe, box, (most, smallest), tight=tight)
        if found is not None:
            return found
    return None


def _largest(paragraphs: Sequence[Words], box: Box, sizes: tuple[float, float], *, tight: bool) -> Set | None:
    """The steps of size are halved; what is returned was tried and fits."""
    most, least = sizes
    found: Set | None = None
    low, high = 0, round((most - least) / STEP)
    while low <= high:
        step = (low + high) // 2 if found or low else 0
        size = most - step * STEP
        lines = _lines(paragraphs, box, size, tight=tight)
        if lines is None:
            low = step + 1
        else:
            found, high = Set(size, lines), step - 1
    return found


def _lines(paragraphs: Sequence[Words], box: Box, size: float, *, tight: bool) -> tuple[Line, ...] | None:
    done: list[Line] = []
    leading = size * LEADING
    for text, bold, joins in paragraphs:
        space = width_of(" ", bold=bold) * size * NARROWER
        new, begun = not (tight and joins and done), False
        for word in text.split(" "):
            wide = width_of(word, bold=bold) * size * NARROWER
            gap = space * (1 if begun else 2)
            if new or done[-1].used + gap + wide > box.room((len(done) - 1) * leading):
                done.append(Line())
                begun = False
                if len(done) * leading > box.height or wide > box.room((len(done) - 1) * leading):
                    return None
            _add(done[-1], word, wide, gap, bold=bold, goes_on=begun)
            new, begun = False, True
    return tuple(done)


def _add(line: Line, word: str, wide: float, gap: float, *, bold: bool, goes_on: bool) -> None:
    if goes_on:
        words, _, start = line.runs[-1]
        line.runs[-1] = (f"{words} {word}", bold, start)
        line.used += gap + wide
    else:
        start = line.used + gap if line.runs else 0.0
        line.runs.append((word, bold, start))
        line.used = start + wide


def put(page: Page, words: Set, box: Box, *, side: str = "left") -> None:
    """Draw what fits, from the top down, in the page's colour; `side` is left, centre or right."""
    text = page.beginText()
    text.setHorizScale(NARROWER * 100)
    for number, line in enumerate(words.lines):
        down = number * words.size * LEADING
        spare = box.room(down) - line.used
        left = box.left + {"left": 0.0, "centre": spare / 2, "right": spare}[side]
        for run, bold, start in line.runs:
            text.setFont(BOLD if bold else PLAIN, words.size)
            text.setTextOrigin(left + start, box.top - down - words.size * 0.88)
            text.textOut(run)
    text.setHorizScale(100)
    page.drawText(text)
