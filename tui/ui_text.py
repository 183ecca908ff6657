"""The one way for text into the app: as text, never as markup, with nothing in it that steers a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from scheduler.problems import printable

SIGNS = str.maketrans("○◊●♦×■·↓…›", "ocOCxH.-~>")
"""The signs of the screens in ASCII; each stays apart from the others, and the legend changes with them."""


def is_ascii() -> bool:
    """Whether somebody asked for plain signs: a screen reader, or a terminal that draws ours two cells wide."""
    return bool(os.environ.get("C1D1_ASCII"))


def signed(text: str) -> str:
    """A text with the signs that this terminal is to show."""
    return text.translate(SIGNS) if is_ascii() else text


def plain(text: str) -> str:
    """Text of one or several lines in which control, invisible and direction-turning characters are '?'."""
    return signed("\n".join(printable(line) for line in text.split("\n")))


def ui_text(text: str, style: str = "") -> Content:
    """Whatever comes from people, files or the record, for any widget."""
    return Content.styled(plain(text), style) if style else Content(plain(text))


def ui_lines(lines: Iterable[str]) -> Content:
    """Several lines below one another."""
    return ui_text("\n".join(lines))


def fitted(text: str, width: int) -> str:
    """Exactly so many cells of a terminal: cut with '…', or filled up."""
    shown = signed(printable(text))
    if cell_len(shown) > width:
        return set_cell_size(shown, max(0, width - 1)) + signed("…") if width > 0 else ""
    return set_cell_size(shown, width)
