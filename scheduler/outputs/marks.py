"""The mark of a home treatment, drawn as a shape: the same on list, label, box and diary."""

from __future__ import annotations

from scheduler.outputs.paper import BLACK, BOLD, MM, WHITE, Part, printable


class Mark(Part):
    """A home treatment's mark ("circle A"): the shape with its letter, black on white or reversed.

    An unknown shape leaves the letter alone. `size` is in mm.
    """

    def __init__(self, mark: str, size: float, *, filled: bool, reversed_out: bool = False) -> None:
        super().__init__()
        self.shape, _, letter = printable(mark).rpartition(" ")
        self.letter = letter[:2]
        self.width = self.height = size * MM
        self.filled, self.reversed_out = filled, reversed_out
        self.hAlign = "CENTER"

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, side = self.canv, self.width
        front, back = (WHITE, BLACK) if self.reversed_out else (BLACK, WHITE)
        ink = back if self.filled else front
        line = max(1.0, side / 14)
        inset = line / 2
        canvas.setLineWidth(line)
        canvas.setStrokeColor(front)
        canvas.setFillColor(front if self.filled else back)
        if self.shape == "circle":
            canvas.circle(side / 2, side / 2, side / 2 - inset, stroke=1, fill=1)
        elif self.shape == "square":
            canvas.rect(inset, inset, side - 2 * inset, side - 2 * inset, stroke=1, fill=1)
        else:
            ink = front
        size = side * 0.58
        canvas.setFillColor(ink)
        canvas.setFont(BOLD, size)
        canvas.drawCentredString(side / 2, side / 2 - size * 0.36, self.letter)
