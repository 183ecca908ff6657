"""A calendar for the wall: a month on a page, to be read at arm's length and in black and white.

Each day shows the mark of its syringe or box, the mark's words and the time, visits, and HOLD with a cross; a day
without a dose is empty. It names no drug, no trial and no amount: visitors read it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby

from scheduler.outputs import patient_texts as said
from scheduler.outputs.fitting import LEADING, Box, Words
from scheduler.outputs.languages import Language
from scheduler.outputs.paper import MM
from scheduler.outputs.paper_words import Whose
from scheduler.outputs.patient_days import HomeDose, PatientDay
from scheduler.outputs.patient_pages import ACROSS, DRAFT_WIDTH, LEAST, MARGIN, Sheet, contact, write_pages
from scheduler.problems import Refused

TITLE, HEAD = 13 * MM, 7 * MM
NOTES = 4 * LEAST * LEADING + 3 * MM
NUMBER, MOST_MARK = 7.8 * MM, 12 * MM
VISIT = 6.5 * MM
PAD = 1 * MM


def write_wall(days: Sequence[PatientDay], language: Language, whose: Whose, released: date) -> bytes:
    """Whole months as PDF; Refused where nothing is to be taken in them. `released` is the last day with doses."""
    if not any(dose.state in ("dose", "ask", "hold") for day in days for dose in day.doses):
        raise Refused("No dose is to be taken at home in these months, so there is no calendar of them.")
    months = [tuple(month) for _, month in groupby(days, lambda day: (day.on.year, day.on.month))]
    drawings = [partial(_month, month, released) for month in months]
    return write_pages(language.say(said.WALL), ACROSS, language, whose, drawings)


def _month(days: Sequence[PatientDay], released: date, sheet: Sheet) -> None:
    language, first = sheet.language, days[0].on
    free = sheet.width if sheet.whose.approved else sheet.width - DRAFT_WIDTH - PAD
    title = f"{language.month(first)}: {language.say(said.WALL).lower()}"
    sheet.words(title, Box(MARGIN, sheet.top, free, TITLE), 26, bold=True)
    start = (first.weekday() - language.first_weekday) % 7
    weeks = (start + len(days) + 6) // 7
    top, bottom = sheet.top - TITLE - HEAD, sheet.bottom + NOTES
    wide, high = sheet.width / 7, (top - bottom) / weeks
    monday = first - timedelta(days=start)
    for column in range(7):
        box = Box(MARGIN + column * wide, top + HEAD, wide, HEAD)
        sheet.middle(language.weekday(monday + timedelta(days=column)), box, 14, bold=True)
    for number, day in enumerate(days, start=start):
        cell = Box(MARGIN + number % 7 * wide, top - number // 7 * high, wide, high)
        _day(sheet, day, cell)
    _notes(sheet, released, bottom)


def _day(sheet: Sheet, day: PatientDay, cell: Box) -> None:
    say = sheet.language.say
    sheet.framed(cell, 1)
    rest = cell
    if day.visit:
        rest = cell._replace(height=cell.height - VISIT)
        sheet.white_on_black(say(said.CLINIC_VISIT), cell._replace(top=cell.top - rest.height, height=VISIT))
    shown = [dose for dose in day.doses if dose.state != "out"]
    if day.held:
        sheet.crossed(rest)
        word = Box(rest.left + 2 * MM, rest.top - rest.height / 2 + 4.5 * MM, rest.width - 4 * MM, 9 * MM)
        sheet.white(word)
        sheet.middle(say(said.HOLD), word, 20, bold=True)
    elif len(shown) == 1:
        _single(sheet, shown[0], rest)
    elif shown:
        _several(sheet, shown, rest)
    elif not day.released:
        low = Box(rest.left + PAD, rest.top - NUMBER, rest.width - 2 * PAD, rest.height - NUMBER)
        sheet.middle(say(said.NOT_RELEASED), low)
    corner = Box(cell.left + 0.5 * MM, cell.top - 0.5 * MM, 10 * MM, NUMBER - PAD)
    if day.held:
        sheet.white(corner)
    sheet.words(str(day.on.day), corner._replace(left=cell.left + PAD, height=NUMBER), 18, bold=True)


def _single(sheet: Sheet, dose: HomeDose, cell: Box) -> None:
    """The time beside the day's number; below them the mark with its words."""
    language = sheet.language
    clock = Box(cell.left + 13 * MM, cell.top - PAD, cell.width - 14 * MM, NUMBER - PAD)
    sheet.words(dose.time, clock, 16, bold=True, side="right")
    side = min(MOST_MARK, cell.height - NUMBER - PAD)
    at = (cell.left + PAD, cell.top - NUMBER - side)
    sheet.mark(dose.mark, at, side, filled=bool(dose.place % 2))
    word = said.ASK if dose.state == "ask" else ""
    beside = Box(cell.left + side + 2 * PAD, cell.top - NUMBER, cell.width - side - 3 * PAD, side + PAD / 2)
    sheet.middle(language.say(word) if word else language.mark(dose.mark), beside, 14, bold=True)


def _several(sheet: Sheet, doses: Sequence[HomeDose], cell: Box) -> None:
    """A line for each dose, its mark before the time."""
    high = (cell.height - PAD) / len(doses)
    side = min(MOST_MARK, high - 1)
    for number, dose in enumerate(doses):
        top = cell.top - PAD / 2 - number * high
        left = cell.left + 12 * MM
        sheet.mark(dose.mark, (left, top - side), side, filled=bool(dose.place % 2))
        if dose.state == "hold":
            sheet.crossed(Box(left, top, side, side))
        words = sheet.language.say(said.HOLD) if dose.state == "hold" else dose.time
        box = Box(left + side + PAD, top, cell.width - 13 * MM - side - PAD, high)
        sheet.middle(words or sheet.language.mark(dose.mark), box, 14, bold=True)


def _notes(sheet: Sheet, released: date, top: float) -> None:
    say, language = sheet.language.say, sheet.language
    texts = (said.SAME_MARK, said.EMPTY)
    plain = " ".join((*map(say, texts), say(said.UNTIL, day=language.long_day(released)), say(said.PHONE_COUNTS)))
    words = (Words(plain), Words(contact(language, sheet.whose), bold=True))
    sheet.paragraphs(words, Box(MARGIN, top - 1 * MM, sheet.width, NOTES))
