"""Pages that a patient takes home: what stands on each of them, at its top and at its foot.

Nothing on them is smaller than 12 point (what guides for trial diaries ask for), and everything is black on white or
white on black. What does not fit is refused, never clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.outputs import patient_texts as said
from scheduler.outputs.fitting import LEADING, Box, Set, Words, fit, put
from scheduler.outputs.languages import Language
from scheduler.outputs.marks import draw_mark
from scheduler.outputs.paper import BLACK, MM, WHITE, Page, blank_pages
from scheduler.outputs.paper_words import Whose
from scheduler.problems import Refused

LEAST = 12.0
"""The smallest print, in points."""
MARGIN = 12 * MM
DRAFT_WIDTH = 62 * MM
FOOT_LINES = 2
FOOT = FOOT_LINES * LEAST * LEADING + 2 * MM
BLANK = "_" * 18


class Size(NamedTuple):
    """A page, in mm."""

    width: float
    height: float


UPRIGHT, ACROSS = Size(210, 297), Size(297, 210)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page being drawn: its size in points, the language, whose it is."""

    page: Page
    size: Size
    language: Language
    whose: Whose

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.size.width * MM - 2 * MARGIN

    @property
    def top(self) -> float:
        return self.size.height * MM - MARGIN

    @property
    def bottom(self) -> float:
        """Where the foot begins."""
        return MARGIN + FOOT

    def words(self, text: str, box: Box, most: float = LEAST, *, bold: bool = False, side: str = "left") -> float:
        """Words in a box, as large as fits; how high they are, in points."""
        return self.paragraphs((Words(text, bold),), box, most, side=side)

    def paragraphs(self, texts: Sequence[Words], box: Box, most: float = LEAST, *, side: str = "left") -> float:
        done = self.fitted(texts, box, most)
        put(self.page, done, box, side=side)
        return done.height

    def fitted(self, texts: Sequence[Words], box: Box, most: float = LEAST) -> Set:
        """The words at the largest size from `most` to 12 point that fits; Refused where none does."""
        found = fit(texts, box, most, LEAST)
        if found is None:
            words = " ".join(text.text for text in texts)
            raise Refused(f"'{words[:60]}' is too long for its place on the paper. Shorten the name or the text.")
        return found

    def beside(self, texts: Sequence[Words], box: Box, most: float = LEAST) -> None:
        """Paragraphs half way down a box, on its left."""
        done = self.fitted(texts, box, most)
        put(self.page, done, box._replace(top=box.top - (box.height - done.height) / 2))

    def middle(self, text: str, box: Box, most: float = LEAST, *, bold: bool = False) -> None:
        """Words in the very middle of a box."""
        done = self.fitted((Words(text, bold),), box, most)
        put(self.page, done, box._replace(top=box.top - (box.height - done.height) / 2), side="centre")

    def white_on_black(self, text: str, box: Box, most: float = LEAST) -> None:
        self.page.setFillColor(BLACK)
        self.page.rect(box.left, box.top - box.height, box.width, box.height, stroke=0, fill=1)
        self.page.setFillColor(WHITE)
        self.middle(text, box, most, bold=True)
        self.page.setFillColor(BLACK)

    def white(self, box: Box) -> None:
        """Nothing but paper."""
        self.page.setFillColor(WHITE)
        self.page.rect(box.left, box.top - box.height, box.width, box.height, stroke=0, fill=1)
        self.page.setFillColor(BLACK)

    def framed(self, box: Box, line: float = 0.8) -> None:
        """An empty frame."""
        self.page.setStrokeColor(BLACK)
        self.page.setLineWidth(line)
        self.page.rect(box.left, box.top - box.height, box.width, box.height, stroke=1, fill=0)

    def line(self, left: float, y: float, right: float, *, line: float = 0.8) -> None:
        self.page.setStrokeColor(BLACK)
        self.page.setLineWidth(line)
        self.page.line(left, y, right, y)

    def mark(self, mark: str, at: tuple[float, float], side: float, *, filled: bool) -> None:
        """A mark with its lower left corner at a place; what is written after it is black again."""
        draw_mark(self.page, mark, at, side, filled=filled)
        self.page.setFillColor(BLACK)

    def crossed(self, box: Box, line: float = 1.4) -> None:
        """A cross from corner to corner, with a white edge so that it shows on black too."""
        right, bottom = box.left + box.width, box.top - box.height
        for colour, wide in ((WHITE, 2.4 * line), (BLACK, line)):
            self.page.setStrokeColor(colour)
            self.page.setLineWidth(wide)
            self.page.line(box.left, box.top, right, bottom)
            self.page.line(box.left, bottom, right, box.top)


def contact(language: Language, whose: Whose) -> str:
    """Whom to call; without a number a line to write it on."""
    phone = whose.phone or BLANK
    if whose.clinic:
        return language.say(said.CALL, clinic=whose.clinic, phone=phone)
    return language.say(said.CALL_CLINIC, phone=phone)


Drawing = Callable[[Sheet], None]


def write_pages(title: str, size: Size, language: Language, whose: Whose, drawings: Sequence[Drawing]) -> bytes:
    """The pages as PDF, each with what it was made from, 'Page n of N', and DRAFT while the protocol is."""
    pages, buffer = blank_pages(title, size.width, size.height, language.code)
    for number, draw in enumerate(drawings, start=1):
        pages.setFillColor(BLACK)
        sheet = Sheet(pages, size, language, whose)
        if not whose.approved:
            corner = Box(MARGIN + sheet.width - DRAFT_WIDTH, sheet.top, DRAFT_WIDTH, 12 * MM)
            sheet.white_on_black(language.say(said.DRAFT), corner, 14)
        _foot(sheet, number, len(drawings))
        draw(sheet)
        pages.showPage()
    pages.save()
    return buffer.getvalue()


def _foot(sheet: Sheet, number: int, count: int) -> None:
    say, whose = sheet.language.say, sheet.whose
    sheet.line(MARGIN, sheet.bottom, MARGIN + sheet.width)
    paging = say(said.PAGE, page=number, pages=count)
    right = 40 * MM
    box = Box(MARGIN, sheet.bottom - 1 * MM, sheet.width, FOOT - 1 * MM)
    sheet.words(paging, box._replace(left=MARGIN + sheet.width - right, width=right), bold=True, side="right")
    text = said.MADE_FROM_REPLACING if whose.replaces else said.MADE_FROM if whose.entry else said.MADE_FROM_PLAN
    made = say(text, entry=whose.entry, seal=whose.seal[:12], old=whose.replaces)
    sheet.words(f"{whose.subject}. {made}", box._replace(width=sheet.width - right - 2 * MM))
