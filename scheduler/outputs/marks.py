"""The mark of a home treatment, drawn as a shape: the same on list, label, box and diary."""

from __future__ import annotations

from math import cos, pi, sin

from scheduler.outputs.paper import BLACK, BOLD, MM, WHITE, Page, Part, printable

_LETTERS = {
    "circle": (0.58, 0),
    "square": (0.58, 0),
    "triangle": (0.42, -0.14),
    "diamond": (0.44, 0),
    "star": (0.36, -0.02),
    "bar": (0.42, 0),
}
"""How large the letter is and how far above the middle it stands, both as parts of the side."""


class Mark(Part):
    """A home treatment's mark ("circle A"): the shape with its letter, black on white or reversed.

    An unknown shape leaves the letter alone. `size` is in mm.
    """

    def __init__(self, mark: str, size: float, *, filled: bool, reversed_out: bool = False) -> None:
        super().__init__()
        self.mark = printable(mark)
        self.width = self.height = size * MM
        self.filled, self.reversed_out = filled, reversed_out
        self.hAlign = "CENTER"

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        draw_mark(self.canv, self.mark, (0, 0), self.width, filled=self.filled, reversed_out=self.reversed_out)


def draw_mark(
    page: Page, mark: str, at: tuple[float, float], side: float, *, filled: bool, reversed_out: bool = False
) -> None:
    """The mark in a square whose lower left corner is `at`, in points; `filled` black, `reversed_out` on black."""
    shape, _, letter = printable(mark).rpartition(" ")
    left, bottom = at
    front, back = (WHITE, BLACK) if reversed_out else (BLACK, WHITE)
    page.setLineWidth(max(0.8, side / 14))
    page.setLineJoin(0)
    page.setStrokeColor(front)
    page.setFillColor(front if filled else back)
    drawn = _shape(page, shape, left, bottom, side)
    part, above = _LETTERS.get(shape, (0.58, 0))
    size = side * part
    page.setFillColor(back if filled and drawn else front)
    page.setFont(BOLD, size)
    page.drawCentredString(left + side / 2, bottom + side * (0.5 + above) - size * 0.36, letter[:2])


def _shape(page: Page, shape: str, left: float, bottom: float, side: float) -> bool:
    """Whether there is such a shape; its line stays within the square."""
    inset = max(0.8, side / 14) / 2
    inner = side - 2 * inset
    if shape == "circle":
        page.circle(left + side / 2, bottom + side / 2, inner / 2, stroke=1, fill=1)
    elif shape == "square":
        page.rect(left + inset, bottom + inset, inner, inner, stroke=1, fill=1)
    elif shape == "bar":
        page.rect(left + inset, bottom + side * 0.22, inner, side * 0.56, stroke=1, fill=1)
    elif shape in ("triangle", "diamond", "star"):
        path = page.beginPath()
        for number, (across, up) in enumerate(_corners(shape)):
            go = path.lineTo if number else path.moveTo
            go(left + side / 2 + across * inner / 2, bottom + side / 2 + up * inner / 2)
        path.close()
        page.drawPath(path, stroke=1, fill=1)
    else:
        return False
    return True


def _corners(shape: str) -> list[tuple[float, float]]:
    """Across and up from the middle, as parts of half the side; kept off the edge, where lines meet in a point."""
    if shape == "triangle":
        return [(0, 0.9), (0.95, -0.9), (-0.95, -0.9)]
    if shape == "diamond":
        return [(0, 0.95), (0.95, 0), (0, -0.95), (-0.95, 0)]
    radii = (0.88, 0.5)
    turns = [(radii[n % 2], pi / 2 + n * pi / 5) for n in range(10)]
    return [(radius * cos(turn), radius * sin(turn)) for radius, turn in turns]
