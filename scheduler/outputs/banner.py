"""The heading of one strength on papers: word, ground, shape and place differ, so that no two look alike."""

from __future__ import annotations

from scheduler.outputs.marks import Mark
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, Side, table, text

MARK_MM = 14


def banner(name: str, mark: str, says: str, place: int) -> Part:
    """The first strength black on white with its mark left, the second reversed with it right."""
    reverse = place % 2 == 1
    side: Side = "right" if reverse else "left"
    words: Cell = [
        text(name, "banner", side=side, white=reverse),
        text(says, "heading", side=side, white=reverse),
    ]
    shape: Cell = Mark(mark, MARK_MM, filled=reverse, reversed_out=reverse) if mark else ""
    cells, widths = [shape, words], [MARK_MM + 6, WIDTH_MM - MARK_MM - 6]
    if reverse:
        cells, widths = cells[::-1], widths[::-1]
    return table([cells], widths, Grid(lines=False, box=True, fill=reverse))
