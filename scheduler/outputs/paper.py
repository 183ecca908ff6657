"""Paper: pages, words and tables as PDF. The only door to reportlab.

The same input gives the same bytes: no date, no chance. Words are words: nothing in a name or a
reason is read as markup, and a character that would not print right is refused, never a black box.
Everything is black on white or white on black, so that any printer and copier keeps it.
Fonts: DejaVu Sans, embedded; licence in fonts/LICENSE.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from scheduler.problems import Refused

Part = Flowable
Page = Canvas
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
MARGIN, FOOT, PADDING = 12 * mm, 16 * mm, 1 * mm
MM = mm
WIDTH_MM = 273
"""What an A4 page across leaves between its margins, in mm."""

Side = Literal["left", "centre", "right"]
Look = Literal["banner", "title", "large", "heading", "strong", "body", "small"]
_LOOKS: dict[Look, tuple[str, float]] = {
    "banner": (BOLD, 20),
    "title": (BOLD, 16),
    "large": (BOLD, 14),
    "heading": (BOLD, 11),
    "strong": (BOLD, 9),
    "body": (PLAIN, 9),
    "small": (PLAIN, 8),
}
_SIDES: dict[Side, Literal[0, 1, 2]] = {"left": TA_LEFT, "centre": TA_CENTER, "right": TA_RIGHT}
_RIGHT_TO_LEFT = ("R", "AL", "AN", "RLE", "RLO", "RLI")
_NOT_DRAWN = ("M", "C")  # marks that stack on a letter; characters without a picture
LOST = "\ufffd"  # what stands for a character that was lost on the way
_LAST_READ_BACK = 0xFFFF  # what lies beyond is drawn by reportlab, but a PDF reader finds other words there
BLACK, WHITE, _THIN = colors.black, colors.white, colors.grey


@lru_cache(maxsize=8192)
def printable(words: str) -> str:
    """The words as they will be printed, on one line; Refused where a character would not print right.

    Letters of Latin (Polish and Vietnamese included), Greek and Cyrillic print; writing from right
    to left and writing that DejaVu Sans has no shapes for do not.
    """
    line = " ".join(unicodedata.normalize("NFC", words).split())
    known = _fonts()
    for character in line:
        kind = unicodedata.category(character)
        backwards = unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
        drawn = ord(character) in known and ord(character) <= _LAST_READ_BACK
        if backwards or kind[0] in _NOT_DRAWN or character == LOST or not drawn:
            seen = "".join(c if c.isprintable() else "?" for c in line)
            raise Refused(
                f"'{seen}' holds the character U+{ord(character):04X}, which this print cannot "
                "show; write it in Latin, Greek or Cyrillic letters."
            )
    return line


def blank_pages(title: str, width_mm: float, height_mm: float, language: str = "en") -> tuple[Page, BytesIO]:
    """Pages to put things on at their place, and the buffer that holds the PDF once they are saved."""
    _fonts()
    buffer = BytesIO()
    size = (width_mm * mm, height_mm * mm)
    first: Any = PLAIN  # the stubs of reportlab take this name for a number
    pages = Canvas(buffer, pagesize=size, invariant=1, initialFontName=first, lang=language)
    pages.setTitle(printable(title))
    pages.setCreator("c1d1")
    return pages, buffer


@lru_cache(maxsize=16384)
def width_of(words: str, *, bold: bool = False) -> float:
    """The width of printable words at a size of one point; it grows with the size."""
    _fonts()
    return float(pdfmetrics.stringWidth(words, BOLD if bold else PLAIN, 1))


@cache
def _fonts() -> frozenset[int]:
    """Both fonts made known to reportlab; the characters that both of them can show."""
    folder = Path(__file__).resolve().parent / "fonts"
    shown: list[set[int]] = []
    for name in (PLAIN, BOLD):
        font = TTFont(name, str(folder / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        shown.append(set(font.face.charToGlyph))
    return frozenset(shown[0] & shown[1])


def text(words: str, look: Look = "body", *, side: Side = "left", white: bool = False) -> Part:
    """A paragraph; the words are plain text, whatever is in them. `white` is for black ground."""
    font, size = _LOOKS[look]
    style = ParagraphStyle(
        look,
        fontName=font,
        fontSize=size,
        leading=size * 1.25,
        textColor=WHITE if white else BLACK,
        alignment=_SIDES[side],
        splitLongWords=True,
    )
    return Paragraph(escape(printable(words)), style)


def gap(height_mm: float) -> Part:
    return Spacer(1, height_mm * mm)


def together(*parts: Part) -> Part:
    """Parts that stay on one page."""
    return KeepTogether(list(parts))


def room_for(height_mm: float) -> Part:
    """A new page, unless so much of this one is left."""
    return CondPageBreak(height_mm * mm)


Cell = Part | Sequence[Part] | str


@dataclass(frozen=True, slots=True)
class Grid:
    """How a table is drawn: `lines` between rows, `box` around, `fill` black; `head` rows repeat.

    `spans` are ((column, row), (column, row)) from and to, both included.
    """

    lines: bool = True
    box: bool = False
    fill: bool = False
    head: int = 0
    columns: bool = False
    spans: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    boxes: tuple[tuple[int, int], ...] = ()


def table(rows: Sequence[Sequence[Cell]], widths_mm: Sequence[float], grid: Grid) -> Part:
    """Cells wrap; a row never breaks over a page."""
    style: list[tuple[Any, ...]] = [
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), PADDING),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
    ]
    if grid.lines:
        style.append(("LINEBELOW", (0, 0), (-1, -1), 0.5, _THIN))
    if grid.columns:
        style.append(("LINEAFTER", (0, 0), (-2, -1), 0.25, _THIN))
    if grid.head:
        style.append(("LINEBELOW", (0, grid.head - 1), (-1, grid.head - 1), 1.2, BLACK))
    if grid.box:
        style.append(("BOX", (0, 0), (-1, -1), 2, BLACK))
    if grid.fill:
        style.append(("BACKGROUND", (0, 0), (-1, -1), BLACK))
    style += [("SPAN", first, last) for first, last in grid.spans]
    style += [("BOX", cell, cell, 1.2, BLACK) for cell in grid.boxes]
    cells = [[list(c) if isinstance(c, tuple) else c for c in row] for row in rows]
    widths = [width * mm for width in widths_mm]
    made = Table(cells, widths, repeatRows=grid.head, hAlign="LEFT", splitByRow=1)
    made.setStyle(style)
    return made


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one kind: `head` stands on top of each of them, `story` flows below; `foot` is their own, if any."""

    head: tuple[Part, ...]
    story: tuple[Part, ...]
    foot: str = ""


def write(title: str, sections: Sequence[Section], foot: str) -> bytes:
    """The sections on A4 across, each on pages of its own; `foot` and 'Page n of N' on every page."""
    _fonts()
    buffer, size = BytesIO(), landscape(A4)
    document = BaseDocTemplate(
        buffer,
        pagesize=size,
        title=printable(title),
        creator="c1d1",
        invariant=1,
        initialFontName=PLAIN,
        lang="en",
        pageTemplates=[
            _template(str(number), section, size, section.foot or foot) for number, section in enumerate(sections)
        ],
    )
    story: list[Part] = []
    for number, section in enumerate(sections):
        story += [NextPageTemplate(str(number)), PageBreak()] if number else []
        story += section.story
    document.build(story, canvasmaker=_Numbered)
    return buffer.getvalue()


def _template(name: str, section: Section, size: tuple[float, float], foot: str) -> PageTemplate:
    width, top = size[0] - 2 * MARGIN, size[1] - MARGIN
    heights = [part.wrap(width, top)[1] for part in section.head]
    below = text(foot, "small")
    frame = Frame(
        *(MARGIN, FOOT, width, top - sum(heights) - FOOT),
        leftPadding=0,
        rightPadding=0,
        topPadding=1 * mm,
        bottomPadding=0,
    )

    def draw(canvas: Canvas, _: BaseDocTemplate) -> None:
        y = top
        for part in section.head:
            y -= part.wrap(width, top)[1]
            part.drawOn(canvas, MARGIN, y)
        height = below.wrap(width - 30 * mm, FOOT)[1]
        below.drawOn(canvas, MARGIN, FOOT - 3 * mm - height)

    return PageTemplate(name, [frame], onPage=draw)


class _Numbered(Canvas):
    """Writes 'Page n of N' when all pages are known."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as reportlab calls it
        super().__init__(*given, **named)
        self.right = named["pagesize"][0] - MARGIN
        self.finished: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name is reportlab's
        self.finished.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined] # the recipe of reportlab's own manual

    def save(self) -> None:
        for number, page in enumerate(self.finished, start=1):
            self.__dict__.update(page)
            self.setFont(PLAIN, 8)
            words = f"Page {number} of {len(self.finished)}"
            self.drawRightString(self.right, FOOT - 3 * mm - 8, words)
            super().showPage()
        super().save()
