"""The band on top of a label: strength in words and mark; ground, shape and place differ between strengths."""

from __future__ import annotations

from scheduler.outputs.fitting import Box, Words, fit, put
from scheduler.outputs.marks import draw_mark
from scheduler.outputs.paper import BLACK, MM, WHITE, Page

EDGE = 0.6 * MM


def draw_band(page: Page, heading: str, mark: str, place: int, box: Box) -> bool:
    """The first strength (0) black on white with its mark left, the second reversed with it right, and so on.

    False where the heading does not fit at a size that can be read; then nothing of it is drawn.
    """
    reverse = place % 2 == 1
    side = box.height - 2 * EDGE
    kept = side + EDGE if mark else 0
    inner = Box(box.left + 1.1 * MM + (0 if reverse else kept), box.top, box.width - kept - 2.2 * MM, box.height)
    words = fit([Words(heading, bold=True)], inner, box.height * 0.79, 6)
    if words is None:
        return False
    bottom = box.top - box.height
    page.setLineWidth(1)
    page.setStrokeColor(BLACK)
    page.setFillColor(BLACK if reverse else WHITE)
    page.rect(box.left, bottom, box.width, box.height, stroke=1, fill=1)
    left = box.left + box.width - side - EDGE if reverse else box.left + EDGE
    if mark:
        draw_mark(page, mark, (left, bottom + EDGE), side, filled=reverse, reversed_out=reverse)
    page.setFillColor(WHITE if reverse else BLACK)
    spare = (box.height - words.height) / 2
    put(page, words, inner._replace(top=box.top - spare), side="right" if reverse else "left")
    return True
