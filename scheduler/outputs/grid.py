"""One cycle as a grid: days across, a row per treatment and time of day, a row per assessment.

A cell holds the letter of its row, and behind it the sign of its state. Columns are dates, so that what
was moved stands where it happens. 21 days and the evening before them fit into 80 columns; a longer
cycle goes on in a second grid below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from scheduler.cycle_days import day_number, shown_days
from scheduler.engine.schedule import Cycle, Item, Schedule, Status
from scheduler.outputs.item_words import NOTHING_TO_GIVE, how_much, level, place, row_order, span, window
from scheduler.outputs.lines import and_list, clean, day, joined, letter, sign, wrapped

WIDTH = 80
LABEL = 14
MOST_DAYS = (WIDTH - LABEL) // 3
TWO_WEEKS = 14
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
STATES: dict[Status, tuple[str, str]] = {
    "planned": ("", "planned"),
    "given": ("*", "given"),
    "missed": ("-", "missed"),
    "held": ("#", "held, give nothing"),
    "skipped": ("~", "left out, give nothing"),
    "ended": ("=", "ended, give nothing"),
    "blocked": ("?", "blocked until a decision is entered"),
    "not-computable": ("!", "no amount can be computed"),
}
"""The sign behind the letter, and what it means."""


def grid(schedule: Schedule, cycle: int) -> str:
    """The grid of a cycle with its dates, amounts and key; ValueError where the schedule has no such cycle."""
    found = next((c for c in schedule.cycles if c.cycle == cycle), None)
    if found is None:
        raise ValueError(f"The schedule has no cycle {cycle}.")
    items = [item for item in schedule.items if item.cycle == cycle]
    arm = f", arm {clean(schedule.arm)}" if schedule.arm else ""
    lines = wrapped(f"CYCLE {cycle}: {found.length_days} days, {span(found.start, found.last_day)}{arm}", width=WIDTH)
    rows = _rows(schedule, items)
    for days in _stretches(_days(found, items), found):
        lines += _head(days, found, items)
        for row in rows:
            lines += _row([item for item in row if item.date in days], days, schedule.through)
        lines.append("")
    return joined([*lines, *_key(items), *_guests(schedule, found), *_cut(schedule, found)])


def _rows(schedule: Schedule, items: Sequence[Item]) -> list[list[Item]]:
    """The items of each treatment, then of each assessment, in the same order in every cycle."""
    order = row_order(schedule)
    by_row = sorted(items, key=lambda i: (i.slot.kind == "assessment", order[i.slot.key], i.date))
    return [list(row) for _, row in groupby(by_row, key=lambda i: (i.slot.kind, i.slot.key))]


def _days(cycle: Cycle, items: Iterable[Item]) -> list[date]:
    """Every day of the cycle, and days outside it on which something of the cycle is due."""
    within = {cycle.start + timedelta(days=n) for n in range(cycle.length_days)}
    return sorted(within | {item.date for item in items})


def _stretches(days: list[date], cycle: Cycle) -> Iterator[list[date]]:
    """All days where they fit across; else two weeks of the cycle at a time."""
    if len(days) <= MOST_DAYS:
        yield days
        return
    for _, found in groupby(days, key=lambda on: max(0, (on - cycle.start).days) // TWO_WEEKS):
        stretch = list(found)
        yield from (stretch[n : n + MOST_DAYS] for n in range(0, len(stretch), MOST_DAYS))


def _head(days: Sequence[date], cycle: Cycle, items: Iterable[Item]) -> list[str]:
    visits = {item.date for item in items if place(item.slot) == "clinic"}
    return [
        _line("", (WEEKDAYS[on.weekday()] for on in days)),
        _line("day of month", (str(on.day) for on in days)),
        _line("cycle day", (str(day_number(on, cycle.start)) for on in days)),
        _line("clinic visit", ("^" if on in visits else "" for on in days)),
    ]


def _row(row: Sequence[Item], days: Sequence[date], through: date) -> Iterator[str]:
    """The name with its amounts, then a line for each place and time of day; nothing where nothing is due.

    A dot is a day without; days that the schedule does not reach stay blank.
    """
    if not row:
        return
    slot = row[0].slot
    said = "; ".join(_amounts(row))
    yield from wrapped(f"{clean(slot.name)}{': ' if said else ''}{said}", then="  ", width=WIDTH)
    own = letter(slot.mark, slot.letter)
    for where in dict.fromkeys(place(item.slot) for item in row):
        cells = {i.date: own + STATES[i.status][0] for i in row if place(i.slot) == where}
        at = where if where in ("clinic", "home") else f"home {where}"
        empty = ("." if on <= through else "" for on in days)
        yield _line(f"{sign(slot.mark, slot.letter)} {at}", map(cells.get, days, empty))


def _amounts(row: Sequence[Item]) -> list[str]:
    """How much, on which days where it is not the same on all, and which days stand for several."""
    amounts: dict[str, list[int]] = {}
    for item in row:
        if item.status not in (*NOTHING_TO_GIVE, "missed"):
            text = ", ".join(part for part in (how_much(item), level(item)) if part)
            amounts.setdefault(text, []).append(item.slot.day)
    shown = [text + (f" on {_on_days(days)}" if len(amounts) > 1 else "") for text, days in amounts.items() if text]
    if row[0].slot.kind == "assessment":
        shown += [f"{_on_days([item.slot.day])} stands for {window(item)}" for item in row if window(item)]
    return shown


def _on_days(days: Sequence[int]) -> str:
    return f"day{'s' if len(days) > 1 else ''} {shown_days(days)}"


def _line(label: str, cells: Iterable[str]) -> str:
    return f"{label:<{LABEL}}{''.join(f' {cell:<2}' for cell in cells)}".rstrip()


def _key(items: Sequence[Item]) -> list[str]:
    slots = [item.slot for item in sorted(items, key=lambda i: i.slot.kind != "dose")]
    own = letter(slots[0].mark, slots[0].letter) if slots else ""
    used = [state for status, state in STATES.items() if any(item.status == status for item in items)]
    words = [*(f"{own}{mark} {meaning}" for mark, meaning in used), "^ something in the clinic on that day"]
    lines = wrapped(f"Key: {'; '.join(words)}.", then="     ", width=WIDTH)
    marks = {item.slot.mark: item.slot for item in items if item.slot.mark}
    for _, same in groupby(sorted(marks.values(), key=lambda s: (s.drug, s.letter)), key=lambda s: s.drug):
        strengths = list(same)
        if len(strengths) > 1:
            names = and_list(f"{sign(s.mark, s.letter)} {clean(s.mark)}" for s in strengths)
            text = f"{names} are different strengths of {clean(strengths[0].drug)}."
            lines += wrapped(text, "     ", width=WIDTH)
    return lines


def _guests(schedule: Schedule, cycle: Cycle) -> list[str]:
    """What falls on days of this cycle and belongs to another: the evening before the next day 1."""
    lines = []
    for item in schedule.items:
        if item.cycle != cycle.cycle and cycle.start <= item.date <= cycle.last_day:
            text = f"Also on {day(item.date)}, {place(item.slot)}, for cycle {item.cycle}: {clean(item.slot.name)}."
            lines += wrapped(text, "     ", width=WIDTH)
    return lines


def _cut(schedule: Schedule, cycle: Cycle) -> list[str]:
    """A blank day must not be taken for a free one."""
    if schedule.through >= cycle.last_day:
        return []
    return wrapped(f"Blank: after {day(schedule.through)}, not worked out.", "     ", width=WIDTH)
