"""From a schedule to calendar entries: what goes into the patient's calendars, when, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler.engine.schedule import Item, Schedule
from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendar_words import LOOKS, Detail, Look, Purpose, State, long_date, titled
from scheduler.outputs.zones import after, clock, moment
from scheduler.problems import Refused

HOME_MINUTES = 15
VISIT_MINUTES = 60
"""The least that a visit takes up in the patient's calendar; its infusions may take longer."""

FIRST_HOME_TIME = time(4)
"""Between midnight and this no home dose: days are mixed up then, and clocks change."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The issue in which an entry was last changed, when that was decided (UTC), and how often before."""

    issue: int
    on: date
    until: date
    stamp: datetime
    sequence: int = 0
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar. `key` is stable; an all-day entry has dates, and `end` is the day after."""

    key: str
    start: datetime | date
    end: datetime | date
    title: str
    look: Look
    text: tuple[str, ...]
    revision: Revision


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a calendar is made from. `revisions` are those of entries changed since the first issue, by key."""

    schedule: Schedule
    purpose: Purpose
    detail: Detail
    zone: ZoneInfo
    opening: time
    first: Revision
    revisions: dict[str, Revision] = field(default_factory=dict)

    def revision(self, key: str) -> Revision:
        return self.revisions.get(key, self.first)

    def state(self, items: Iterable[Item]) -> State:
        """The common state of the items of one entry."""
        changed = self.revision
        return words.common_state([words.state_of(item, changed=changed(item.id).changed) for item in items])

    def entry(
        self,
        key: str,
        when: tuple[datetime | date, datetime | date],
        titled_as: tuple[Look, str],
        text: Iterable[str],
    ) -> Entry:
        """One entry, its text ending with the issue it was last changed in."""
        revision = self.revision(key)
        look, title = titled_as
        issue = words.issue_lines(revision.issue, revision.on, revision.until)
        lines = tuple(words.clean(line) for line in (*text, *issue))
        return Entry(key, *when, title, look, lines, revision)


def is_home_dose(item: Item) -> bool:
    return item.slot.kind == "dose" and item.slot.given_by == "patient"


def lasts_days(item: Item) -> bool:
    """Whether it is an examination due within several days, like a scan in the week before day 1."""
    window = item.window
    return item.slot.kind == "assessment" and window is not None and window[0] < window[1]


# ---------------------------------------------------------------------------- home doses


def home_entries(sheet: Sheet) -> Iterator[Entry]:
    """The home doses up to the next go/no-go visit; none beyond a decision that nobody has made."""
    mine = [item for item in sheet.schedule.items if is_home_dose(item)]
    if not mine:
        raise Refused("There are no home doses in this schedule, so there is no calendar of them.")
    until = sheet.first.until
    released = [item for item in mine if _is_released(item, until) and item.status != "blocked"]
    if not released:
        raise Refused(
            f"No home doses are released up to {long_date(until)};"
            " make this calendar on the day of the visit that releases them."
        )
    for item in released:
        yield _home_entry(sheet, item)


def _is_released(item: Item, until: date) -> bool:
    """Up to the day before the next visit; a premedication for that visit belongs to it and is taken before it."""
    return item.date <= until or (item.slot.follows != "" and item.date == until + timedelta(days=1))


def _home_entry(sheet: Sheet, item: Item) -> Entry:
    at = _home_time(item)
    start = moment(item.date, at, sheet.zone)
    state = sheet.state([item])
    look = LOOKS["home", state]
    dose = f"{item.slot.mark} dose".strip()
    title = titled(look, _home_things(sheet, item, state), dose)
    return sheet.entry(item.id, (start, after(start, HOME_MINUTES)), (look, title), _home_text(sheet, item, state))


def _home_time(item: Item) -> time:
    if item.slot.time is None:
        raise Refused(f"The home dose {item.id} has no time of day; set the time of home doses.")
    at = clock(item.slot.time)
    if at < FIRST_HOME_TIME:
        raise Refused(
            f"The home dose {item.id} is at {at:%H:%M}; between 00:00 and 04:00 a calendar may show it"
            " on the wrong day, so choose another time."
        )
    return at


def _home_things(sheet: Sheet, item: Item, state: State) -> Sequence[str]:
    """What the dose may be called, richest first; an amount only where it is to be taken."""
    slot = item.slot
    if slot.drug and slot.drug.casefold() in slot.mark.casefold():
        raise Refused(
            f"The mark '{words.clean(slot.mark)}' names the drug; choose one that says nothing, like circle A."
        )
    base = f"home dose, {slot.mark}" if slot.mark else "home dose"
    if sheet.detail == "discreet" or state not in ("planned", "changed", "ask"):
        return (base,)
    amount = f" {words.shown(item.amount)}" if state != "ask" and item.amount else ""
    return (f"{base}: {slot.name}{amount}", f"{base}: {slot.drug or slot.name}{amount}", base)


_HOME_TEXTS: dict[State, str] = {
    "planned": "See your dosing sheet{mark}.",
    "changed": "This has changed: see your newest dosing sheet{mark}.",
    "ask": "The clinic has not confirmed this dose yet: ask the clinic before you take it.",
    "tentative": "Nothing is taken now; ask the clinic.",
    "held": "Nothing is taken now; the clinic tells you when to go on.",
    "off": "This is no longer planned; nothing is taken.",
}


def _home_text(sheet: Sheet, item: Item, state: State) -> Iterator[str]:
    slot = item.slot
    if sheet.detail == "full":
        if state in ("planned", "changed") and item.amount:
            yield f"{slot.name}: {words.shown(item.amount)}, {slot.route}."
        elif state == "ask":
            yield f"{slot.name}, {slot.route}: the amount is not known yet, ask the clinic."
        else:
            yield f"{slot.name}."
    yield _HOME_TEXTS[state].format(mark=f", {slot.mark}" if slot.mark else "")


# ------------------------------------------------------------------------- clinic visits


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
    return sheet.entry(leading(items).id, (start, after(start, minutes)), (look, title), text)


def _span_entry(sheet: Sheet, window: tuple[date, date], items: list[Item]) -> Entry:
    """An all-day entry over the days of a window, without alarm: it would ring at midnight."""
    first, last = window
    state = sheet.state(items)
    look = replace(LOOKS["visits", state], alarm=0, transparent=True)
    base = f"appointment{'s' if len(items) > 1 else ''} between {words.span(first, last)}"
    full = [f"{base}: {', '.join(i.slot.name for i in items)}"] if sheet.detail == "full" else []
    when = (first, last + timedelta(days=1))
    text = [*_visit_text(sheet, items, state), "The clinic tells you on which of these days."]
    return sheet.entry(leading(items).id, when, (look, titled(look, [*full, base])), text)


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
