"""Labels on sheets: common ones by the name on their box, and a roll that is cut to length.

The first strength has a white band with its mark on the left, the second a black band with its mark
on the right: so they differ in shape, in ground, in place and in word, on a copy as well. What does
not fit at a size that can be read is refused, never cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.outputs.bands import draw_band
from scheduler.outputs.codes import draw_code
from scheduler.outputs.fitting import Box, Set, Words, fit, put
from scheduler.outputs.labels import Label
from scheduler.outputs.paper import BLACK, MM, PLAIN, Page, blank_pages, printable
from scheduler.problems import Refused
from scheduler.record import syringe_numbers

READABLE = 4.5
"""The smallest size of print on a label, in points: small letters of DejaVu Sans are then 0.87 mm tall."""

CODE, COLUMN, NUMBER = 8.5 * MM, 9.3 * MM, 2 * MM
"""The code's side with its white border, the column that is kept free for it, the line of the number below it."""


class Sheet(NamedTuple):
    """A sheet of labels; all in mm. `across` and `down` are the distances from label to label; `inset` stays free."""

    name: str
    says: str
    page: tuple[float, float]
    columns: int
    rows: int
    left: float
    top: float
    size: tuple[float, float]
    across: float
    down: float
    inset: float = 1

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        return self.labels == 1


SHEETS = {
    each.name: each
    for each in (
        Sheet("L7160", "A4, 21 labels of 63.5 by 38.1 mm", (210, 297), 3, 7, 7.21, 15.15, (63.5, 38.1), 66.04, 38.1),
        Sheet(
            *("5160", "US Letter, 30 labels of 66.7 by 25.4 mm", (215.9, 279.4), 3, 10, 4.76, 12.7),
            *((66.675, 25.4), 69.85, 25.4),
        ),
        Sheet("roll", "a roll 62 mm wide, cut every 44 mm", (62, 44), 1, 1, 0, 0, (62, 44), 62, 44, 2),
    )
}
USUAL = "L7160"


@dataclass(frozen=True, slots=True)
class Place:
    """A label's rectangle on its page, in points: left, top edge, width, height, without what stays free."""

    left: float
    top: float
    width: float
    height: float


def write_labels(labels: Sequence[Label], sheet_name: str = USUAL, start_at: int = 1) -> bytes:
    """The labels as PDF; `start_at` is the first free label of the first sheet, counted row by row from 1."""
    sheet = _sheet(sheet_name, start_at)
    if not labels:
        raise Refused("There is no label to print.")
    page, buffer = blank_pages("Syringe labels", *sheet.page)
    pages = -(-(len(labels) + start_at - 1) // sheet.labels)
    for number in range(1, pages + 1):
        first = max(0, (number - 1) * sheet.labels - (start_at - 1))
        last = number * sheet.labels - (start_at - 1)
        for position, label in enumerate(labels[first:last], start=first + start_at - 1):
            _draw(page, label, _place(sheet, position % sheet.labels), sheet, f"Page {number} of {pages}")
        if not sheet.is_roll:
            _margins(page, sheet, labels[first:last], f"Page {number} of {pages}")
        page.showPage()
    page.save()
    return buffer.getvalue()


def _sheet(name: str, start_at: int) -> Sheet:
    sheet = SHEETS.get(name)
    if sheet is None:
        known = "; ".join(f"{each.name} ({each.says})" for each in SHEETS.values())
        raise Refused(f"There is no label sheet '{printable(name)}'. These are known: {known}.")
    if not 1 <= start_at <= sheet.labels:
        what = "A roll has one label at a time" if sheet.is_roll else f"{sheet.name} has the labels 1 to {sheet.labels}"
        raise Refused(f"{what}: start at one of them, not at {start_at}.")
    return sheet


def _place(sheet: Sheet, position: int) -> Place:
    row, column = divmod(position, sheet.columns)
    left = sheet.left + column * sheet.across + sheet.inset
    top = sheet.page[1] - sheet.top - row * sheet.down - sheet.inset
    width, height = (side - 2 * sheet.inset for side in sheet.size)
    return Place(left * MM, top * MM, width * MM, height * MM)


def _margins(page: Page, sheet: Sheet, labels: Sequence[Label], numbered: str) -> None:
    """Above the labels what the sheet was made from, below them its page: waste, but it says where they came from."""
    page.setFillColor(BLACK)
    sources = dict.fromkeys(
        "; ".join(filter(None, (f"{label.subject}: {label.source}", label.replaces))) for label in labels
    )
    box = Box(sheet.left * MM, (sheet.page[1] - 4) * MM, (sheet.page[0] - 2 * sheet.left) * MM, (sheet.top - 5) * MM)
    said = fit([Words(f"Syringe labels. {'. '.join(sources)}.")], box, 7, 4)
    if said is None:
        raise Refused(f"A sheet cannot say what the labels of {len(sources)} patients were made from; print fewer.")
    put(page, said, box)
    page.setFont(PLAIN, 7)
    words = f"{sheet.name}, {sheet.says}. Print at actual size. {numbered}"
    page.drawCentredString(sheet.page[0] / 2 * MM, 5 * MM, words)


# ---------------------------------------------------------------- one label


def _draw(page: Page, label: Label, place: Place, sheet: Sheet, numbered: str) -> None:
    band = place.height * 0.16
    heading = Box(place.left, place.top, place.width, band)
    if not draw_band(page, label.heading, label.mark, label.place, heading):
        raise _too_long(label, sheet, label.heading)
    under = place.top - band - 0.2 * MM
    column, high = (COLUMN, CODE + NUMBER) if label.number else (0.0, 0.0)
    head = Box(place.left, under, place.width - column, place.height * 0.14)
    headline = _fitted([Words(label.headline, bold=True)], head, (10, 6.5), label, sheet)
    page.setFillColor(BLACK)
    put(page, headline, head)
    used = headline.height
    foot = "; ".join(filter(None, (label.source, label.replaces, numbered))) if sheet.is_roll else ""
    left = place.height - band - used - 0.2 * MM
    body = Box(place.left, under - used, place.width, left, column, max(0.0, high - used))
    put(page, _fitted([*label.body, Words(foot, joins=True)], body, (7, READABLE), label, sheet), body)
    if label.number:
        right = place.left + place.width
        draw_code(page, label.number, right - (COLUMN + CODE) / 2, under - CODE - 0.3 * MM, CODE)
        below = Box(right - COLUMN, under - CODE + 0.2 * MM, COLUMN, NUMBER)
        number = [Words(syringe_numbers.printed(label.number), bold=True)]
        put(page, _fitted(number, below, (6, READABLE), label, sheet), below, side="centre")


def _fitted(words: Sequence[Words], box: Box, sizes: tuple[float, float], label: Label, sheet: Sheet) -> Set:
    found = fit(words, box, *sizes)
    if found is None:
        raise _too_long(label, sheet, words[0].text)
    return found


def _too_long(label: Label, sheet: Sheet, words: str) -> Refused:
    larger = "roll" if sheet.name != "roll" else "L7160"
    return Refused(
        f"The label of {label.subject}, {label.dose} does not fit on {sheet.name} at a size that can be read. "
        f"Take larger labels ({larger}), or shorten what makes it long: '{words[:40]}'."
    )
