"""The clinic's work list of one patient: every dose, examination and decision, in order and in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from scheduler.engine.schedule import Item, Schedule
from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendar_entries import Entry, Sheet, is_home_dose, lasts_days
from scheduler.outputs.calendar_words import LOOKS, Look, State, long_date, titled
from scheduler.outputs.zones import after, clock, moment, only_once
from scheduler.problems import Refused

SET_ASIDE = 15
"""Minutes for what is no infusion."""

INFUSION_SET_ASIDE = 60
"""Minutes for an infusion whose length nobody states; its title says so."""


def clinic_entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each thing to do, one after another in the order of the day, and the decisions."""
    mine = [item for item in sheet.schedule.items if not is_home_dose(item)]
    if not mine:
        raise Refused("There is nothing to do in the clinic in this schedule, so there is no list.")
    days = sorted((i for i in mine if not lasts_days(i)), key=lambda i: (i.date, i.slot.rank, i.id))
    for day, together in groupby(days, key=lambda item: item.date):
        yield from _day(sheet, day, list(together))
    for item in mine:
        if lasts_days(item):
            yield _window(sheet, item)
    yield from _releases(sheet)
    yield from _decisions(sheet)


def _day(sheet: Sheet, day: date, items: list[Item]) -> Iterator[Entry]:
    """The infusions run one after another; whatever has a time of its own keeps it."""
    free = moment(day, sheet.opening, sheet.zone)
    for number, item in enumerate(items, start=1):
        at = item.slot.time
        start = moment(day, clock(at), sheet.zone) if at else only_once(free)
        end = after(start, item.over_minutes or _set_aside(item))
        free = max(free, end)
        order = f"{number} of {len(items)} on this day; times follow the order, from {sheet.opening:%H:%M}."
        yield _entry(sheet, item, (start, end), order)


def _window(sheet: Sheet, item: Item) -> Entry:
    first, last = item.window or (item.date, item.date)
    due = f"Between {words.span(first, last)}, due by {long_date(item.date)}."
    return _entry(sheet, item, (first, last + timedelta(days=1)), due)


def _entry(sheet: Sheet, item: Item, when: tuple[datetime | date, datetime | date], order: str) -> Entry:
    """One thing to do; what is on hold or off shows no amount, so that it cannot pass for an order."""
    state = sheet.state([item])
    look = LOOKS["clinic", state]
    if lasts_days(item):
        look = replace(look, transparent=True)
    head = " ".join(filter(None, (sheet.schedule.subject, _code(item))))
    if state in ("held", "off"):
        things: Sequence[str] = (f"{head} {item.slot.name}", head)
        text = [f"{item.slot.name}: nothing is done or given."]
    else:
        things = _things(head, item)
        text = [*_text(item), order, *_closed(sheet.schedule, item)]
    if item.assumptions:
        text.append(f"Assumptions behind it: {len(item.assumptions)}; the schedule names them.")
    text.append(_protocol(sheet.schedule))
    return sheet.entry(item.id, when, (look, titled(look, things)), text, (state, head, ""))


def _closed(schedule: Schedule, item: Item) -> Iterator[str]:
    """The flag of a visit on a closed day, where the schedule carries one."""
    return (notice.text for notice in schedule.notices if notice.code == "closed-day" and notice.item == item.id)


def _things(head: str, item: Item) -> Sequence[str]:
    """What it may be called, richest first; an amount is there as a whole or not at all."""
    named = f"{head} {item.slot.name}"
    amount = f" {words.shown(item.amount)}" if item.amount else ""
    length = f"{', ' if item.over_minutes is None else ' '}{_length(item, 'min')}"
    if item.slot.kind == "assessment":
        window = f" between {words.span(*item.window)}" if lasts_days(item) and item.window else ""
        volume = amount or (", volume not stated" if _is_blood(item) else "")
        return (f"{named}{volume}{window}", f"{named}{volume}", named, head)
    return (f"{named}{amount}{length if _is_infusion(item) else ''}", f"{named}{amount}", named, head)


def _text(item: Item) -> Iterator[str]:
    if item.slot.kind == "assessment":
        volume = words.shown(item.amount) if item.amount else "volume not stated"
        yield f"{item.slot.name}: {volume}." if item.amount or _is_blood(item) else f"{item.slot.name}."
        return
    rate = f" ({item.rate})" if item.rate and item.rate.per else ""
    how = ", ".join(filter(None, (item.slot.route, _length(item, "minutes") if _is_infusion(item) else "")))
    if item.amount is None:
        yield f"{item.slot.name}{rate}, {how}: no amount yet."
        yield from [reason.text for reason in item.reasons if reason.kind == "arithmetic"][-1:]
    else:
        yield f"{item.slot.name}: {words.shown(item.amount)}{rate}, {how}."
    if item.level:
        yield f"Dose level {item.level}."
    if item.window and item.window[0] < item.window[1]:
        yield f"Allowed between {words.span(*item.window)}."
    if _is_infusion(item) and item.over_minutes is None:
        yield f"{INFUSION_SET_ASIDE} minutes are set aside; what follows on this day may begin later."


# ------------------------------------------------------------------------------ decisions


def _releases(sheet: Sheet) -> Iterator[Entry]:
    """The go/no-go visits: home doses wait for the answer."""
    schedule = sheet.schedule
    home = [item for item in schedule.items if is_home_dose(item)]
    for number, day in enumerate(schedule.go_no_go, start=1):
        until = schedule.released_until(day)
        freed = [item for item in home if day <= item.date <= until]
        if freed:
            state: State = "tentative" if all(item.status == "blocked" for item in freed) else "planned"
            doses = f"{len(freed)} home dose{'' if len(freed) == 1 else 's'}"
            text = f"It releases {doses}, from {long_date(day)} to {long_date(until)}."
            thing = f"DECISION {_cycle_day(schedule, day)}: release home doses?"
            yield _decision(sheet, f"go-no-go/{number}", day, (state, thing), text)


def _decisions(sheet: Sheet) -> Iterator[Entry]:
    """The first decision that nobody has recorded: what comes after it is tentative."""
    blocked = [item for item in sheet.schedule.items if item.status == "blocked"]
    if not blocked:
        return
    first = min(blocked, key=lambda item: (item.cycle, item.date))
    starts = {cycle.cycle: cycle.start for cycle in sheet.schedule.cycles}
    asked = f"before cycle {first.cycle} "
    events = [reason.text for reason in first.reasons if reason.kind == "event" and asked in reason.text]
    text = events[-1] if events else f"Nobody has recorded the answer {asked}yet."
    day = starts.get(first.cycle, first.date)
    thing = f"DECISION before C{first.cycle}: does treatment go on?"
    yield _decision(sheet, f"decision/C{first.cycle}", day, ("planned", thing), text)


def _decision(sheet: Sheet, key: str, day: date, what: tuple[State, str], text: str) -> Entry:
    state, thing = what
    look = LOOKS["clinic", state]
    start = moment(day, sheet.opening, sheet.zone)
    subject = sheet.schedule.subject
    title = titled(look, [f"{thing} {subject}", thing] if subject else [thing])
    when = (start, after(start, SET_ASIDE))
    return sheet.entry(key, when, (look, title), [text, _protocol(sheet.schedule)], (state, thing, ""))


class Attention(NamedTuple):
    """What a person has to look at: `word` is HOLD or TO DECIDE, `what` a few words, `text` a sentence."""

    key: str
    word: str
    what: str
    text: str


def attention_entries(sheet: Sheet, on: date, found: Iterable[Attention]) -> Iterator[Entry]:
    """Holds and open proposals, each over the whole of a day."""
    look = Look("{thing}", transparent=True)
    subject = sheet.schedule.subject or ""
    for key, word, what, text in found:
        title = titled(look, [f"{word} {subject}: {what}", f"{word} {subject}"])
        when = (on, on + timedelta(days=1))
        yield sheet.entry(key, when, (look, title), [text, _protocol(sheet.schedule)], ("planned", title, ""))


# ---------------------------------------------------------------------------- small words


def _set_aside(item: Item) -> int:
    return INFUSION_SET_ASIDE if _is_infusion(item) else SET_ASIDE


def _is_infusion(item: Item) -> bool:
    return item.slot.route == "intravenous"


def _is_blood(item: Item) -> bool:
    return "blood" in item.slot.name.casefold()


def _length(item: Item, unit: str) -> str:
    return "length not stated" if item.over_minutes is None else f"over {item.over_minutes} {unit}"


def _code(item: Item) -> str:
    return item.slot.code or item.cycle_day


def _cycle_day(schedule: Schedule, day: date) -> str:
    """C2D1, for a day of the schedule's cycles."""
    cycle = next(c for c in reversed(schedule.cycles) if c.start <= day)
    return f"C{cycle.cycle}D{(day - cycle.start).days + 1}"


def _protocol(schedule: Schedule) -> str:
    arm = f", arm {schedule.arm}" if schedule.arm else ""
    return f"Protocol {schedule.protocol}, edition {schedule.edition}{arm}."
