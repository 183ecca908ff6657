"""The label of the box that goes home: which syringe on which day, one box for each strength.

A6 across. The days stand in a table with room to tick off; the mark is the one of syringes, calendar
and diary. Two strengths never share a box, and their labels differ as the syringes' do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.engine.syringes import Syringe
from scheduler.outputs.bands import draw_band
from scheduler.outputs.fitting import Box, Words, fit, put
from scheduler.outputs.labels import FilledByDose, strengths
from scheduler.outputs.marks import draw_mark
from scheduler.outputs.paper import BLACK, MM, Page, blank_pages
from scheduler.outputs.paper_words import DRAFT, INVESTIGATIONAL, Whose, stored_moment
from scheduler.outputs.safe_words import in_words
from scheduler.problems import Refused
from scheduler.record import syringe_numbers

WIDE, HIGH, MARGIN = 148, 105, 6
ROWS, ROW = 9, 5.2
"""Days on one label, and the height of a row in mm; more days take a second label."""


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """One box: `rows` are the day, and what stands on the syringe of that day."""

    whose: Whose
    heading: str
    mark: str
    place: int
    says: str
    rows: tuple[tuple[str, str], ...]
    storage: str
    draft: bool


def box_labels(found: Sequence[Syringe], whose: Whose, filled: FilledByDose | None) -> list[BoxLabel]:
    """A box for every strength that goes home; with `filled`, of the prepared syringes only."""
    made: list[BoxLabel] = []
    for group in strengths(found):
        home = [each for each in group if each.item.slot.given_by == "patient"]
        rows = tuple(row for each in home for row in _rows(each, whose, filled))
        if not rows:
            continue
        slot, product = home[0].item.slot, home[0].product
        draft = not whose.approved or product is None or product.standing == "draft"
        syringes = "1 syringe" if len(rows) == 1 else f"{len(rows)} syringes"
        says = f"{slot.mark}: {syringes}, for {slot.route} use only. Each on its own day, never two on one day."
        if filled and any(one.syringe.parts > 1 for each in home for one in filled.get(each.item.id, ())):
            says = f"{slot.mark}: {syringes}, for {slot.route} use only. All parts of a day together make its dose."
        storage = product.storage if product else ""
        made.append(BoxLabel(whose, slot.name, slot.mark, whose.places[slot.key], says, rows, storage, draft))
    return made


def _rows(each: Syringe, whose: Whose, filled: FilledByDose | None) -> list[tuple[str, str]]:
    at = f" at {each.item.slot.time}" if each.item.slot.time else ""
    day = f"{in_words(each.item.date)}{at}"
    if filled is None:
        return [(day, f"syringe {each.number} of {each.counted}")] if each.draw.drawn else []
    rows = []
    for one in filled.get(each.item.id, ()):
        part = f", part {one.syringe.part} of {one.syringe.parts}" if one.syringe.parts > 1 else ""
        until = whose.moment(stored_moment(one.syringe.use_until))
        rows.append((day, f"{syringe_numbers.printed(one.syringe.number)}{part}; not after {until}"))
    return rows


def write_box_labels(labels: Sequence[BoxLabel]) -> bytes:
    """The labels as PDF, A6 across."""
    if not labels:
        raise Refused("No syringe goes home on these days: there is no box label to print.")
    sheets = [(each, each.rows[n : n + ROWS]) for each in labels for n in range(0, len(each.rows), ROWS)]
    page, buffer = blank_pages("Box labels", WIDE, HIGH)
    for number, (label, rows) in enumerate(sheets, start=1):
        _draw(page, label, rows, f"Page {number} of {len(sheets)}")
        page.showPage()
    page.save()
    return buffer.getvalue()


def _draw(page: Page, label: BoxLabel, rows: Sequence[tuple[str, str]], numbered: str) -> None:
    left, width, top = MARGIN * MM, (WIDE - 2 * MARGIN) * MM, (HIGH - MARGIN) * MM
    if not draw_band(page, label.heading, label.mark, label.place, Box(left, top, width, 12 * MM)):
        raise _too_long(label, label.heading)
    page.setFillColor(BLACK)
    whose = label.whose
    who = [Words(f"{DRAFT}.", bold=True)] if label.draft else []
    who += [Words(f"{whose.patient}; {whose.trial}.", bold=True), Words(label.says, bold=True)]
    _put(page, label, who, Box(left, top - 12.8 * MM, width, 15 * MM), 9)
    for number, (day, says) in enumerate(rows):
        _row(page, label, day, says, top - 28 * MM - number * ROW * MM)
    foot = [
        Words(label.storage),
        Words(f"{whose.contact}. {INVESTIGATIONAL}"),
        Words(f"{whose.made_from}; {numbered}."),
    ]
    _put(page, label, foot, Box(left, MARGIN * MM + 15 * MM, width, 16 * MM), 7.5)


def _row(page: Page, label: BoxLabel, day: str, says: str, y: float) -> None:
    """The mark, the day, the syringe, and a box to tick."""
    left, high, width = MARGIN * MM, ROW * MM, (WIDE - 2 * MARGIN) * MM
    reverse = label.place % 2 == 1
    if label.mark:
        draw_mark(page, label.mark, (left + 0.4 * MM, y - high + 0.4 * MM), high - 0.8 * MM, filled=reverse)
    page.setFillColor(BLACK)
    page.setStrokeColor(BLACK)
    page.setLineWidth(0.4)
    page.line(left, y - high, left + width, y - high)
    page.rect(left + width - high, y - high + 0.7 * MM, high - 1.4 * MM, high - 1.4 * MM, stroke=1, fill=0)
    _put(page, label, [Words(day, bold=True)], Box(left + 7 * MM, y - 0.9 * MM, 47 * MM, high), 9)
    _put(page, label, [Words(says)], Box(left + 55 * MM, y - 0.9 * MM, width - 62 * MM, high), 8)


def _put(page: Page, label: BoxLabel, words: Sequence[Words], box: Box, size: float) -> None:
    found = fit(words, box, size, 5)
    if found is None:
        raise _too_long(label, words[0].text)
    put(page, found, box)


def _too_long(label: BoxLabel, words: str) -> Refused:
    return Refused(
        f"The box label of {label.whose.subject} does not hold all its words at a size that can be read. "
        f"Shorten what makes it long: '{words[:40]}'."
    )
