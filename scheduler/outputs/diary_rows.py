"""The days of a diary's page: what to take, boxes for the time and for 'not taken', room to write."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.outputs import patient_texts as said
from scheduler.outputs.fitting import Box, Set, Words, fit, put
from scheduler.outputs.languages import Language
from scheduler.outputs.paper import MM
from scheduler.outputs.patient_days import HomeDose, PatientDay, State
from scheduler.outputs.patient_pages import LEAST, MARGIN, Sheet
from scheduler.problems import Refused

COLUMNS = {said.DAY: 39, said.WHAT: 72, said.TIME_TAKEN: 22, said.NOT_TAKEN: 19, said.SYMPTOMS: 34}
"""The columns of a week, in mm."""
VISIT, DOSE, NONE, LEAST_ROW, MOST_ROW = 7 * MM, 12 * MM, 9 * MM, 13 * MM, 22 * MM
MARK = 10.5 * MM
PAD = 1.2 * MM
ROUTES = {
    "subcutaneous": said.UNDER_THE_SKIN,
    "intramuscular": said.INTO_A_MUSCLE,
    "oral": said.BY_MOUTH,
}
WORDS: dict[State, str] = {"out": said.LEFT_OUT, "ask": said.ASK}
RECORDED: dict[State, str] = {"taken": said.TAKEN, "missed": said.NOT_TAKEN_RECORDED}


def amount_words(dose: HomeDose, language: Language) -> tuple[str, ...]:
    """'1.8 million units', 'in 0.1 mL': the same numbers as on the label, each phrase of one piece."""
    phrases = [language.say(said.IN_PARTS, parts=dose.parts)] if dose.parts > 1 else []
    phrases += [language.amount(dose.amount)] if dose.amount else []
    phrases += [language.say(said.IN_VOLUME, volume=language.amount(dose.volume))] if dose.volume else []
    return tuple(phrases)


def head_height(language: Language) -> float:
    """How high the names of the columns stand in this language."""
    return max(_name_of(name, width, language).height for name, width in COLUMNS.items()) + 2 * PAD


def _name_of(name: str, width: float, language: Language) -> Set:
    box = Box(0, 0, width * MM - 2 * PAD, 100 * MM)
    found = fit((Words(language.say(name), bold=True),), box, LEAST, LEAST)
    if found is None:
        raise Refused(f"The column '{language.say(name)}' holds a word that is too long for the diary.")
    return found


def height_of(day: PatientDay, language: Language) -> float:
    """The least height of a day's row."""
    doses = sum(_height(dose, language) for dose in day.doses)
    return max(LEAST_ROW, (VISIT if day.visit else 0) + (doses or NONE))


def _height(dose: HomeDose, language: Language) -> float:
    """How high a dose's words stand beside its mark in the smallest print."""
    width = COLUMNS[said.WHAT] * MM - MARK - 3 * PAD
    found = fit(_said(dose, language), Box(0, 0, width, 100 * MM), LEAST, LEAST)
    return max(DOSE, found.height + 2 * PAD if found else 0)


def draw_rows(sheet: Sheet, days: Sequence[PatientDay], top: float, bottom: float) -> None:
    """The table between two heights; what room is left goes to the rows, up to a limit."""
    head = head_height(sheet.language)
    spare = (top - bottom - head - sum(height_of(day, sheet.language) for day in days)) / len(days)
    lefts = _lefts()
    y = top - head
    for left, (name, width) in zip(lefts, COLUMNS.items(), strict=True):
        put(sheet.page, _name_of(name, width, sheet.language), Box(left + PAD, top - PAD, width * MM - 2 * PAD, head))
    sheet.line(MARGIN, y, MARGIN + sheet.width, line=1.6)
    for day in days:
        least = height_of(day, sheet.language)
        high = max(least, min(MOST_ROW, least + spare))
        _row(sheet, day, y, high)
        y -= high
        sheet.line(MARGIN, y, MARGIN + sheet.width, line=0.6)
    for left in lefts[1:]:
        sheet.page.line(left, top, left, y)


def _lefts() -> list[float]:
    lefts = [MARGIN]
    for width in COLUMNS.values():
        lefts.append(lefts[-1] + width * MM)
    return lefts[:-1]


def _row(sheet: Sheet, day: PatientDay, top: float, high: float) -> None:
    lefts, widths = _lefts(), [width * MM for width in COLUMNS.values()]
    language = sheet.language
    name = (Words(language.weekday(day.on), bold=True), Words(language.short_day(day.on)))
    sheet.paragraphs(name, Box(lefts[0] + PAD, top - PAD, widths[0] - 2 * PAD, high - PAD), 13)
    cell = Box(lefts[1] + PAD, top, widths[1] - 2 * PAD, high)
    if day.visit:
        sheet.white_on_black(language.say(said.CLINIC_VISIT), cell._replace(top=top - PAD / 2, height=VISIT - PAD))
        cell = cell._replace(top=top - VISIT, height=high - VISIT)
    if not day.doses:
        sheet.middle(language.say(said.NO_DOSE if day.released else said.NOT_RELEASED), cell)
        return
    heights = [_height(dose, language) for dose in day.doses]
    spare = (cell.height - sum(heights)) / len(heights)
    top = cell.top
    for dose, least in zip(day.doses, heights, strict=True):
        _dose(sheet, dose, cell._replace(top=top, height=least + spare))
        top -= least + spare


def _dose(sheet: Sheet, dose: HomeDose, cell: Box) -> None:
    """One dose: its mark and amount, and, while it is to be taken, the boxes to fill in."""
    language, lefts = sheet.language, _lefts()
    time = Box(lefts[2], cell.top, COLUMNS[said.TIME_TAKEN] * MM, cell.height)
    box = Box(lefts[3], cell.top, COLUMNS[said.NOT_TAKEN] * MM, cell.height)
    if dose.state == "out":
        sheet.middle(language.say(said.LEFT_OUT), cell)
        return
    mark = Box(cell.left, cell.top - cell.height / 2 + MARK / 2, MARK, MARK)
    sheet.mark(dose.mark, (mark.left, mark.top - MARK), MARK, filled=bool(dose.place % 2))
    beside = Box(cell.left + MARK + PAD, cell.top - PAD, cell.width - MARK - PAD, cell.height - PAD)
    if dose.state == "hold":
        sheet.crossed(mark)
        sheet.crossed(Box(time.left, cell.top - PAD, time.width + box.width, cell.height - 2 * PAD))
    sheet.beside(_said(dose, language), beside)
    if dose.state in ("dose", "ask"):
        middle = cell.top - cell.height / 2
        frame = Box(time.left + 2 * MM, middle + 4.5 * MM, time.width - 4 * MM, 9 * MM)
        sheet.framed(frame)
        sheet.middle(":", frame, 14, bold=True)
        side = 6.5 * MM
        sheet.framed(Box(box.left + (box.width - side) / 2, middle + side / 2, side, side), 1.2)


def _said(dose: HomeDose, language: Language) -> tuple[Words, ...]:
    if dose.state == "hold":
        return Words(f"{language.say(said.HOLD)}:", bold=True), Words(language.say(said.NO_DOSE_CALL))
    if dose.state == "ask":
        return (Words(language.say(said.ASK), bold=True),)
    at = language.say(said.AT, time=dose.time) if dose.time else ""
    last = language.say(RECORDED[dose.state]) if dose.state in RECORDED else at
    return *(Words(words, bold=dose.state == "dose") for words in amount_words(dose, language)), Words(last)
