"""DataMatrix codes: the number of a syringe for a scanner, and nothing else. The only door to ppf.datamatrix.

Drawn as one path of black squares, so that no printer leaves a seam between them, on white with a
quiet zone of two modules; the standard asks for one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ppf.datamatrix import DataMatrix  # type: ignore[import-untyped] # it carries no types

from scheduler.outputs.paper import BLACK, WHITE, Page
from scheduler.record import syringe_numbers

QUIET = 2
"""Modules of white around the code."""


class Modules(NamedTuple):
    """A square code: modules in a row, and the runs of black of each row, top down: (first module, how many)."""

    side: int
    rows: tuple[tuple[tuple[int, int], ...], ...]


@lru_cache(maxsize=4096)
def modules(number: str) -> Modules:
    """The code of a syringe number; Refused where it is none."""
    matrix = DataMatrix(syringe_numbers.read(number)).matrix
    return Modules(len(matrix), tuple(tuple(_runs(row)) for row in matrix))


def _runs(row: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place, black in enumerate(row):
        if black and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif black:
            runs.append((place, 1))
    return runs


def draw_code(page: Page, number: str, left: float, bottom: float, side: float) -> None:
    """The code of a syringe number, quiet zone included, in a square; all in points."""
    code = modules(number)
    module = side / (code.side + 2 * QUIET)
    page.setFillColor(WHITE)
    page.rect(left, bottom, side, side, stroke=0, fill=1)
    path = page.beginPath()
    for down, row in enumerate(code.rows, start=1):
        y = bottom + side - (QUIET + down) * module
        for start, long in row:
            path.rect(left + (QUIET + start) * module, y, long * module, module)
    page.setFillColor(BLACK)
    page.drawPath(path, stroke=0, fill=1)
