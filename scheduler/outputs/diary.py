"""The patient's diary: a page for each week, with room for the time of each dose and for how the patient felt.

It says what guides for trial diaries ask for: whose it is, the trial, the cycle, each dose with its mark, amount and
time, the rule for missed doses in the protocol's own words, whom to call. A week without a dose has no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby

from scheduler.outputs import diary_rows as rows
from scheduler.outputs import patient_texts as said
from scheduler.outputs.fitting import Box, Words, fit
from scheduler.outputs.languages import Language, wants_words
from scheduler.outputs.paper import MM
from scheduler.outputs.paper_words import Whose
from scheduler.outputs.patient_days import HomeDose, PatientDay, marks_of
from scheduler.outputs.patient_pages import (
    BLANK,
    DRAFT_WIDTH,
    FOOT,
    LEAST,
    MARGIN,
    UPRIGHT,
    Drawing,
    Sheet,
    contact,
    write_pages,
)
from scheduler.outputs.patient_rules import Rules
from scheduler.problems import Refused

HEAD = 31 * MM
LEGEND_MARK = 10.5 * MM
GAP = 2 * MM
WIDTH = UPRIGHT.width * MM - 2 * MARGIN
BOTTOM = MARGIN + FOOT + 1 * MM
TALL = 500 * MM


def write_diary(days: Sequence[PatientDay], rules: Rules, language: Language, whose: Whose) -> bytes:
    """The diary as PDF; Refused where nothing is to be taken in these days, or where a word cannot be printed."""
    drawings: list[Drawing] = []
    for _, week in groupby(days, lambda day: day.on - timedelta((day.on.weekday() - language.first_weekday) % 7)):
        whole = tuple(week)
        if any(day.doses for day in whole):
            pages = _Week(whole, rules, language, whose).pages()
            drawings += [partial(_draw, page, part) for page, part in pages]
    if not any(dose.state in ("dose", "ask", "hold") for day in days for dose in day.doses):
        raise Refused("No dose is to be taken at home in these days, so there is no diary of them.")
    return write_pages(language.say(said.DIARY), UPRIGHT, language, whose, drawings)


class _Week:
    """A week, and how much room its parts need."""

    def __init__(self, days: Sequence[PatientDay], rules: Rules, language: Language, whose: Whose) -> None:
        self.days, self.language, self.whose = days, language, whose
        self.legend = [(dose, self._words_of(dose)) for dose in marks_of(days) if self._amounts(dose)]
        self.rules = self._rules(rules)

    def pages(self) -> list[tuple[_Week, tuple[PatientDay, ...]]]:
        """The week with the days of each page: all seven, or fewer where days have many doses."""
        room = (
            UPRIGHT.height * MM
            - MARGIN
            - HEAD
            - self.legend_height()
            - rows.head_height(self.language)
            - self.rules_height()
            - BOTTOM
        )
        parts: list[list[PatientDay]] = [[]]
        for day in self.days:
            if parts[-1] and sum(rows.height_of(each, self.language) for each in (*parts[-1], day)) > room:
                parts.append([])
            parts[-1].append(day)
        return [(self, tuple(part)) for part in parts]

    def legend_height(self) -> float:
        heights = (_height(words, WIDTH - LEGEND_MARK - GAP) for _, words in self.legend)
        return sum(max(LEGEND_MARK, height) + GAP for height in heights)

    def rules_height(self) -> float:
        return _height(self.rules, WIDTH - 2 * GAP) + 2 * GAP + 1 * MM

    def _words_of(self, dose: HomeDose) -> tuple[Words, ...]:
        say, slot = self.language.say, dose.item.slot
        how = say(rows.ROUTES.get(slot.route, said.AS_SHOWN))
        same = [each for day in self.days for each in day.doses if each.item.slot.letter == slot.letter]
        clock = sorted({each.time for each in same if each.time})
        times = say(said.AT, time=self._joined(clock)) if clock else ""
        title = say(said.LEGEND, mark=self.language.mark(dose.mark), name=slot.name, how=how, times=times)
        return Words(title.replace(" .", "."), bold=True), *(Words(words) for words in self._amounts(dose))

    def _joined(self, words: Sequence[str]) -> str:
        *first, last = words
        return self.language.say(said.AND, first=", ".join(first), last=last) if first else last

    def _amounts(self, dose: HomeDose) -> list[str]:
        """Each amount of this mark in the week, its numbers in digits and in words."""
        found: dict[str, str] = {}
        for each in (each for day in self.days for each in day.doses):
            if each.item.slot.letter == dose.item.slot.letter and each.state == "dose" and each.amount is not None:
                numbers = [each.amount.value, *([each.volume.value] if each.volume else [])]
                words = "; ".join(self.language.spelled(number) for number in numbers if wants_words(number))
                shown = " ".join(rows.amount_words(each, self.language))
                found[shown] = self.language.say(said.SPELLED, words=words) if words else ""
        return [f"{amount} {words}".strip() for amount, words in found.items()]

    def _rules(self, rules: Rules) -> tuple[Words, ...]:
        say = self.language.say
        first = " ".join(filter(None, (rules.window, *rules.missed)))
        return (
            Words(first),
            Words(f"{say(said.PHONE_COUNTS)} {say(said.BRING)}"),
            Words(contact(self.language, self.whose), bold=True),
        )


def _height(words: Sequence[Words], width: float) -> float:
    """How high words are in the smallest print."""
    done = fit(words, Box(0, 0, width, TALL), LEAST, LEAST)
    if done is None:
        raise Refused(f"'{words[0].text[:60]}' holds a word that is too long for the paper. Shorten it.")
    return done.height


def _draw(week: _Week, part: Sequence[PatientDay], sheet: Sheet) -> None:
    """A page: head, doses, the days, rules."""
    _head(sheet, week)
    y = sheet.top - HEAD
    for dose, words in week.legend:
        high = max(LEGEND_MARK, _height(words, WIDTH - LEGEND_MARK - GAP))
        sheet.mark(dose.mark, (MARGIN, y - LEGEND_MARK), LEGEND_MARK, filled=bool(dose.place % 2))
        sheet.paragraphs(words, Box(MARGIN + LEGEND_MARK + GAP, y, WIDTH - LEGEND_MARK - GAP, high + 1))
        y -= high + GAP
    box = Box(MARGIN, BOTTOM + week.rules_height(), WIDTH, week.rules_height() - 1 * MM)
    rows.draw_rows(sheet, part, y, box.top + 1 * MM)
    sheet.framed(box, 1.6)
    sheet.paragraphs(week.rules, Box(box.left + GAP, box.top - GAP, WIDTH - 2 * GAP, box.height - GAP))


def _head(sheet: Sheet, week: _Week) -> None:
    say, language, whose = sheet.language.say, sheet.language, sheet.whose
    free = WIDTH if whose.approved else WIDTH - DRAFT_WIDTH - GAP
    sheet.words(say(said.DIARY), Box(MARGIN, sheet.top, free, 10 * MM), 20, bold=True)
    first, last = language.long_day(week.days[0].on), language.long_day(week.days[-1].on)
    span = say(said.WEEK, first=first, last=last)
    sheet.words(span, Box(MARGIN, sheet.top - 13 * MM, WIDTH, 6 * MM), 14, bold=True)
    numbers = sorted({str(dose.item.cycle) for day in week.days for dose in day.doses}, key=int)
    about = (
        say(said.PATIENT, number=whose.subject),
        say(said.NAME, name=whose.name or BLANK),
        say(said.TRIAL, protocol=whose.protocol),
        say(said.CYCLES, cycles=", ".join(numbers)),
    )
    sheet.words("; ".join(about), Box(MARGIN, sheet.top - 20 * MM, WIDTH, 10 * MM))
