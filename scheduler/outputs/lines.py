"""Lines of plain text: wrapping, columns, dates, and the mark of a treatment.

Our own words are ASCII, so that every terminal, printer and pipe shows them alike. What comes from a
file goes through `clean` on its way; no line is longer than WIDTH, and a number is never parted from
its unit at the end of a line.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from datetime import date

from scheduler.problems import printable
from scheduler.protocol.model import Protocol

WIDTH = 100
LONGEST_WORD = 40
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHAPES = {"circle": "({})", "square": "[{}]", "triangle": "/{}\\", "diamond": "{{{}}}", "star": "*{}*", "bar": "|{}|"}
"""How the shape of a home treatment's mark is drawn around its letter."""

_GLUE = "\xa0"
"""Stands for a space that must not become the end of a line; `clean` lets none of them in."""
_MEASURES = (
    r"g|mg|mcg|nanograms?|units?|thousand|million|mmol|mL|kg|cm|m2|min|hours?|days?|weeks?|months?|cycles?|%|points?"
)
_TOGETHER = re.compile(
    rf"(?<=\d) (?=(?:{_MEASURES})(?!\w))|(?<=thousand) (?=units)|(?<=million) (?=units)"
    r"|(?<=\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|day)) (?=\d)|(?<=\b(?:cycle|level)) (?=-?\d)"
)
_BRACKETS = re.compile(r"\[[\d -]+\]")


def clean(text: str) -> str:
    """Text of a file or a record on one line, without control, invisible or direction-turning characters."""
    line = " ".join(text.split())
    return line if line.isprintable() else printable(line)


def wrapped(text: str, first: str = "", then: str | None = None, width: int = WIDTH) -> list[str]:
    """A sentence in lines of at most `width`: `first` before the first line, `then` (spaces) before the others."""
    rest = " " * len(first) if then is None else then
    glued = _BRACKETS.sub(lambda found: found.group().replace(" ", _GLUE), _TOGETHER.sub(_GLUE, text))
    broken = textwrap.wrap(
        glued, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, drop_whitespace=True
    )
    return [line.replace(_GLUE, " ") for line in broken] or [first.rstrip()]


def listing(rows: Iterable[tuple[str, str]], indent: str = "  ", width: int = WIDTH) -> list[str]:
    """A word on the left, its sentence on the right in a column of its own; a long word on a line of its own."""
    pairs = [(clean(left), clean(right)) for left, right in rows]
    column = min(LONGEST_WORD, max((len(left) for left, _ in pairs), default=0))
    lines: list[str] = []
    for left, right in pairs:
        if len(left) > column:
            lines += wrapped(left, indent, width=width)
        lines += wrapped(right, f"{indent}{left if len(left) <= column else '':<{column}}  ", width=width)
    return lines


def titled(title: str, lines: Iterable[str]) -> list[str]:
    """A section: a blank line, its title, its lines; nothing where there are none."""
    body = list(lines)
    return ["", title, *body] if body else []


def joined(lines: Iterable[str]) -> str:
    """Lines as one text that ends with a line end."""
    return "\n".join(line.rstrip() for line in lines) + "\n"


def day(on: date) -> str:
    """'Tue 2026-01-06': the same in every country and language."""
    return f"{WEEKDAYS[on.weekday()]} {on.isoformat()}"


def letter(mark: str, own: str) -> str:
    """The letter that stands for a treatment: that of its mark, which the patient knows, or its own."""
    return clean(mark.rpartition(" ")[2] or own)[:1]


def sign(mark: str, own: str) -> str:
    """A treatment's sign, three wide: '(A)' for circle A, '[B]' for square B, ' T ' without a mark."""
    shape = mark.rpartition(" ")[0].lower()
    return SHAPES.get(shape, " {} ").format(letter(mark, own))


def numbers(found: Iterable[int]) -> str:
    """'[1 5-9]': numbers of notes, runs drawn together; '' where there are none."""
    runs: list[list[int]] = []
    for number in sorted(set(found)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = (f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"[{' '.join(spans)}]" if runs else ""


def standing(protocol: Protocol) -> str:
    """'DRAFT, approved by nobody', or who approved it."""
    draft = "DRAFT, " if protocol.standing == "draft" else ""
    return f"{draft}approved by {clean(protocol.approved_by)}"


def and_list(words: Iterable[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    *first, final = list(words) or [""]
    return f"{', '.join(first)} {last} {final}" if first else final
