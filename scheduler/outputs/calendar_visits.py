"""Clinic visits in the patient's calendar: what is done on one day is one entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from scheduler.engine.schedule import Item
from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendar_entries import Entry, Sheet, is_home_dose, lasts_days
from scheduler.outputs.calendar_words import LOOKS, State, titled
from scheduler.outputs.zones import after, moment
from scheduler.problems import Refused

VISIT_MINUTES = 60
"""The least that a visit takes up in the patient's calendar; its infusions may take longer."""


def visit_entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each day in the clinic, and one for each stretch of days with a scan or the like."""
    mine = [item for item in sheet.schedule.items if not is_home_dose(item)]
    if not mine:
        raise Refused("There are no clinic visits in this schedule, so there is no calendar of them.")
    days = sorted((i for i in mine if not lasts_days(i)), key=lambda i: (i.date, i.slot.rank, i.id))
    for day, together in groupby(days, key=lambda item: item.date):
        yield _visit_entry(sheet, day, list(together))
    spans = sorted((i for i in mine if lasts_days(i)), key=lambda i: (i.window or (), i.id))
    for window, together in groupby(spans, key=lambda item: item.window):
        if window is not None:
            yield _span_entry(sheet, window, list(together))


def leading(items: Sequence[Item]) -> Item:
    """The one whose id names the visit, so that it keeps its UID while examinations come and go."""
    return min(items, key=lambda item: (item.slot.kind != "dose", item.slot.rank, item.id))


def _visit_entry(sheet: Sheet, day: date, items: list[Item]) -> Entry:
    start = moment(day, sheet.opening, sheet.zone)
    minutes = max(VISIT_MINUTES, sum(item.over_minutes or 0 for item in items))
    state = sheet.state(items)
    look = LOOKS["visits", state]
    base = f"clinic visit {sheet.opening:%H:%M}"
    names = ", ".join(item.slot.name for item in items if item.slot.kind == "dose")
    full = [f"{base}: {names}"] if names and sheet.detail == "full" else []
    title = titled(look, [*full, base])
    text = _visit_text(sheet, items, state)
    return sheet.entry(leading(items).id, (start, after(start, minutes)), (look, title), text, (state, base, ""))


def _span_entry(sheet: Sheet, window: tuple[date, date], items: list[Item]) -> Entry:
    """An all-day entry over the days of a window, without alarm: it would ring at midnight."""
    first, last = window
    state = sheet.state(items)
    look = replace(LOOKS["visits", state], alarm=0, transparent=True)
    base = f"appointment{'s' if len(items) > 1 else ''} between {words.span(first, last)}"
    full = [f"{base}: {', '.join(i.slot.name for i in items)}"] if sheet.detail == "full" else []
    when = (first, last + timedelta(days=1))
    text = [*_visit_text(sheet, items, state), "The clinic tells you on which of these days."]
    return sheet.entry(leading(items).id, when, (look, titled(look, [*full, base])), text, (state, base, ""))


_VISIT_TEXTS: dict[State, str] = {
    "planned": "See your visit sheet.",
    "changed": "This has changed: see your newest visit sheet.",
    "ask": "See your visit sheet.",
    "tentative": "This waits for a decision of the clinic and may change or fall away.",
    "held": "Not on this day; the clinic tells you when to come.",
    "off": "This is no longer planned.",
}


def _visit_text(sheet: Sheet, items: Sequence[Item], state: State) -> Iterator[str]:
    if sheet.detail == "full":
        yield from (f"{_for_patient(item)}." for item in items)
    yield _VISIT_TEXTS[state]


def _for_patient(item: Item) -> str:
    if item.slot.route != "intravenous":
        return item.slot.name
    minutes = f"over {item.over_minutes} minutes" if item.over_minutes else "length not stated"
    return f"{item.slot.name}, infusion, {minutes}"
