"""One issue of a patient's calendar after another: what stays to the byte, what is revised, what may go.

A calendar program updates an entry only where its stamps are newer, and keeps what is absent: so an entry that
changes gets a higher SEQUENCE and the stamp of the issue, one that does not keeps every byte, and one that was
handed out stays, as HOLD or CANCELLED, until its day has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from scheduler.engine.schedule import Item
from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendar_entries import (
    Entry,
    Revision,
    Sheet,
    home_entry,
    is_home_dose,
    is_released,
    lasts_days,
    told_to_take,
)
from scheduler.outputs.calendar_visits import visit_entries
from scheduler.outputs.calendar_words import LOOKS, Purpose, titled
from scheduler.outputs.calendars import in_order

Handed = Mapping[str, Entry]
"""Every entry that was ever handed out, by its key, as it was last."""

_OVER = ("given", "missed")

_GONE: dict[Purpose, str] = {
    "home": "This is no longer planned; nothing is taken.",
    "visits": "This is no longer planned.",
}


class Facts(NamedTuple):
    """What makes an issue besides the schedule: its number, the day it is made on where the patient is, up to when.

    `anew` where the issue before cannot be made again byte by byte (the words of the program have changed since):
    then nobody knows what the patient's calendar shows, and every entry is told again.
    """

    number: int
    on: date
    until: date
    stamp: datetime
    anew: bool = False


def next_entries(sheet: Sheet, facts: Facts, handed: Handed) -> tuple[Entry, ...]:
    """The entries of an issue, from its day on; one that shows nothing new is the very one that was handed out."""
    sheet = replace(sheet, revisions={key: _revised(entry.revision, facts) for key, entry in handed.items()})
    found = _home(sheet, facts, handed) if sheet.purpose == "home" else _visits(sheet, facts, handed)
    return tuple(in_order(_kept(sheet, facts, entry, handed.get(entry.key)) for entry in found))


def first_revision(facts: Facts) -> Revision:
    """Of an entry that nobody had before."""
    return Revision(facts.number, facts.on, facts.until, facts.stamp)


def _revised(before: Revision, facts: Facts) -> Revision:
    """The next revision; no issue can have given a higher one than its number less one."""
    sequence = facts.number - 1 if facts.anew else before.sequence + 1
    return replace(first_revision(facts), sequence=sequence, changed=before.changed)


def _kept(sheet: Sheet, facts: Facts, entry: Entry, before: Entry | None) -> Entry:
    """The one that was handed out, if this one shows nothing else; else this one, with the time it moved from."""
    if before is None:
        return entry
    if entry is before:
        return replace(before, revision=sheet.revision(entry.key)) if facts.anew else before
    was = before.was if entry.start == before.start else before.start
    moved = (words.moved_line(was, entry.start),) if was is not None else ()
    entry = replace(entry, text=(*moved, *entry.text), told=entry.told or before.told, was=was)
    return before if _shown(entry) == _shown(before) and not facts.anew else entry


def _shown(entry: Entry) -> tuple[object, ...]:
    return (entry.start, entry.end, entry.title, entry.look, entry.text)


def reach(handed: Handed, until: date) -> date:
    """The last day that an issue has to know about."""
    return max([until, *(entry.last_day for entry in handed.values())])


# ---------------------------------------------------------------- home doses


def _home(sheet: Sheet, facts: Facts, handed: Handed) -> Iterator[Entry]:
    items = {item.id: item for item in sheet.schedule.items if is_home_dose(item)}
    changed = {key for key, item in items.items() if key in handed and _is_told_anew(item, handed[key])}
    revisions = {key: replace(r, changed=r.changed or key in changed) for key, r in sheet.revisions.items()}
    sheet = replace(sheet, revisions=revisions)
    for item in items.values():
        entry = _home_entry(sheet, facts, item, handed.get(item.id))
        if entry is not None:
            yield entry
    yield from _gone(sheet, facts, handed, items)


def _is_told_anew(item: Item, before: Entry) -> bool:
    return before.told not in ("", told_to_take(item))


def _home_entry(sheet: Sheet, facts: Facts, item: Item, before: Entry | None) -> Entry | None:
    """None where nothing is to be shown, or not any more."""
    stands = before is not None and _stands(before, facts)
    if item.status in _OVER:
        return _over(sheet, facts, item, before) if before is not None and stands else None
    if item.date >= facts.on and is_released(item, facts.until) and item.status != "blocked":
        return None if before is None and item.status == "ended" else home_entry(sheet, item)
    if before is None or not stands or not isinstance(before.start, datetime):
        return None
    late = item.date < facts.on
    return home_entry(sheet, item, "off" if late else "held", before.start)


def _stands(before: Entry, facts: Facts) -> bool:
    """Whether its day, or its time in the zone that the patient has left, is still to come."""
    return before.last_day >= facts.on or (isinstance(before.start, datetime) and before.start > facts.stamp)


def _over(sheet: Sheet, facts: Facts, item: Item, before: Entry) -> Entry:
    """Of a dose that was taken or missed the entry stays as it was, unless it would still ring."""
    on_its_day = item.date == before.last_day
    rings = isinstance(before.start, datetime) and before.start > facts.stamp
    return before if on_its_day and not rings else _off(sheet, before)


def _gone(sheet: Sheet, facts: Facts, handed: Handed, still: Iterable[str]) -> Iterator[Entry]:
    """What was handed out and is on the schedule no more."""
    there = set(still)
    for key, before in handed.items():
        if key not in there and _stands(before, facts):
            yield _off(sheet, before)


def _off(sheet: Sheet, before: Entry) -> Entry:
    look = LOOKS[sheet.purpose, "off"]
    made = sheet.entry(
        before.key,
        (before.start, before.end),
        (look, titled(look, [before.thing])),
        [_GONE[sheet.purpose]],
        ("off", before.thing, ""),
    )
    return replace(made, told=before.told)


# ---------------------------------------------------------------- visits


def _visits(sheet: Sheet, facts: Facts, handed: Handed) -> Iterator[Entry]:
    """What is done on one day is one visit; what was given on another day leaves a visit that is off."""
    last = reach({k: e for k, e in handed.items() if _stands(e, facts)}, facts.until)
    mine = tuple(item for item in sheet.schedule.items if not is_home_dose(item) and _is_between(item, facts.on, last))
    entries = list(visit_entries(replace(sheet, schedule=replace(sheet.schedule, items=mine)))) if mine else []
    for entry in entries:
        before = handed.get(entry.key)
        if before is not None or entry.state != "off":
            yield entry
    yield from _gone(sheet, facts, handed, [entry.key for entry in entries])


def _is_between(item: Item, first: date, last: date) -> bool:
    begin, end = item.window if lasts_days(item) and item.window else (item.date, item.date)
    return end >= first and begin <= last
