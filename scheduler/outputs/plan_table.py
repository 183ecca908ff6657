"""The dated plan: cycle by cycle, one line for each dose and assessment, with what it rests on.

Under the title of a cycle stands how each amount was worked out, once for all doses of that amount, with
the numbers of the assumptions; these are listed at the end. A line names the state first where something
is not simply planned, and shows no amount for what is not to be given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from scheduler.cycle_days import date_of_day
from scheduler.engine.schedule import Cycle, Item, Schedule, Status
from scheduler.outputs.item_words import (
    NOTHING_TO_GIVE,
    STATES,
    Notes,
    arithmetic,
    cause,
    level,
    place,
    row_order,
    sizes,
    span,
    state_and_amount,
    window,
)
from scheduler.outputs.lines import WIDTH, clean, day, joined, listing, numbers, sign, standing, titled, wrapped
from scheduler.protocol.model import Protocol

RESEARCH = "Research software: a qualified person checks every date and amount before anything is given."
HOW_TO_READ = "At a time of day the patient takes it at home. Numbers in brackets: assumptions, listed at the end."
LONGEST_NAME = 30
"""A name that is longer stands on a line of its own, with the amount below it."""


def plan_table(schedule: Schedule, protocol: Protocol) -> str:
    """The whole plan: head, notices, cycles, assumptions."""
    plan = _Plan(schedule)
    numbers_of_cycles = sorted({item.cycle for item in schedule.items} | {c.cycle for c in schedule.cycles})
    body = [line for number in numbers_of_cycles for line in plan.cycle(number)]
    return joined([*_head(schedule, protocol), *body, *_assumptions(plan.notes, protocol)])


def _head(schedule: Schedule, protocol: Protocol) -> list[str]:
    arm = next((f"{arm.key}: {arm.name}" for arm in protocol.arms if arm.key == schedule.arm), "")
    facts = [
        ("Protocol", f"{protocol.name}, edition {protocol.edition}: {standing(protocol)}"),
        ("Title", protocol.title),
        ("Criteria", f"{protocol.criteria}, for toxicity"),
        ("Arm", arm),
        ("Subject", schedule.subject or ""),
        ("Shown", f"{day(schedule.start)} (day 1 of cycle 1) to {day(schedule.through)}"),
    ]
    notices = [line for n in schedule.notices for line in wrapped(clean(n.text), "  ! ")]
    return [
        *listing((fact for fact in facts if fact[1]), indent=""),
        *("", RESEARCH, HOW_TO_READ),
        *titled("NOTICES", notices),
    ]


class _Plan:
    """One plan being written; assumptions are numbered as they come."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.notes = Notes()
        self.order = row_order(schedule)
        self.size: tuple[str, ...] = ()
        self.levels: dict[str, int] = {}
        self.day_width = max((len(item.cycle_day) for item in schedule.items), default=0)
        names = [len(clean(item.slot.name)) for item in schedule.items]
        self.name_width = max((width for width in names if width <= LONGEST_NAME), default=LONGEST_NAME)

    def cycle(self, number: int) -> list[str]:
        """Title, body size where it is new, visits that release home doses, why not, amounts, then the lines."""
        items = [item for item in self.schedule.items if item.cycle == number]
        cycle = next((c for c in self.schedule.cycles if c.cycle == number), None)
        causes = Counter((item.status, text) for item in items if (text := cause(item)))
        shared = {found for found, count in causes.items() if count > 1}
        lines = ["", _cycle_title(number, cycle, self.schedule.through), *self._sizes(items), *self._visits(cycle)]
        for status, text in sorted(shared):
            lines += wrapped(f"{STATES[status]}: {text}", "  ", "    ")
        lines += self._amounts(items)
        self.levels.clear()
        for _, week in groupby(items, key=lambda item: max(0, item.slot.day - 1) // 7):
            lines += ["", *(line for item in week for line in self._line(item, cycle, shared))]
        return lines

    def _sizes(self, items: Sequence[Item]) -> Iterator[str]:
        found = sizes(items)
        if found and found != self.size:
            self.size = found
            yield from wrapped(" ".join(found), "  ")

    def _visits(self, cycle: Cycle | None) -> list[str]:
        visits = [on for on in self.schedule.go_no_go if cycle and cycle.start <= on <= cycle.last_day]
        text = f"Go or no-go visit for the home doses that follow it: {', '.join(map(day, visits))}."
        return wrapped(text, "  ", "    ") if visits else []

    def _amounts(self, items: Sequence[Item]) -> Iterator[str]:
        """'(A) aldesleukin, low dose: 1 million units/m2 x 1.7912 m2 = 1.791 million units [1 5-9]'.

        What was really given may be another amount, and stands on its own line only.
        """
        alike: dict[tuple[object, ...], list[Item]] = {}
        for item in sorted(items, key=lambda i: self.order[i.slot.key]):
            if item.slot.kind == "dose" and item.status != "given":
                alike.setdefault((item.slot.key, item.level, item.rate, item.amount), []).append(item)
        for found in alike.values():
            slot = found[0].slot
            title = ", ".join(part for part in (clean(slot.name), level(found[0])) if part)
            yield from wrapped(
                f"{title}: {arithmetic(found[0])} {self.notes.of(found)}", f"  {sign(slot.mark, slot.letter)} "
            )

    def _line(self, item: Item, cycle: Cycle | None, shared: set[tuple[Status, str]]) -> Iterator[str]:
        slot, name, text = item.slot, clean(item.slot.name), state_and_amount(item)
        start = f"{day(item.date)}  {item.cycle_day:<{self.day_width}}  {place(slot):<6}  "
        start += f"{sign(slot.mark, slot.letter)} "
        under = " " * len(start)
        if slot.kind == "assessment":
            text = f"{text} {self.notes.of([item])}".strip()
        if len(name) > self.name_width and len(f"{start}{name}  {text}") > WIDTH:
            yield from wrapped(name, start, under)
            start, name = under, ""
        if text or name:
            yield from wrapped(text, f"{start}{name:<{self.name_width}}  ")
        why = cause(item)
        own = "" if (item.status, why) in shared else why
        for more in (self._new_level(item), _moved(item, cycle), window(item), own):
            yield from wrapped(more, under) if more else ()

    def _new_level(self, item: Item) -> str:
        """'level -1 from here on': where the level changes, and where a cycle begins below the starting dose."""
        if item.status in NOTHING_TO_GIVE or self.levels.get(item.slot.key, 0) == item.level:
            return ""
        self.levels[item.slot.key] = item.level
        return f"level {item.level} from here on"


def _moved(item: Item, cycle: Cycle | None) -> str:
    """'moved from Mon 2026-01-12', where it is not due on the day that the protocol writes for it."""
    planned = date_of_day(item.slot.day, cycle.start) if cycle else item.date
    return f"moved from {day(planned)}" if planned != item.date and not item.slot.code else ""


def _cycle_title(number: int, cycle: Cycle | None, through: date) -> str:
    if cycle is None:
        return f"CYCLE {number}: begins after the last day shown"
    cut = f", shown up to {day(through)}" if through < cycle.last_day else ""
    return f"CYCLE {number}: {cycle.length_days} days, {span(cycle.start, cycle.last_day)}{cut}"


def _assumptions(notes: Notes, protocol: Protocol) -> list[str]:
    """Each assumption once with its place in the file, then those that nobody has confirmed."""
    confirmed = {s.text for s in protocol.statements if s.confirmed_by not in ("", "nobody")}
    rows = ((f"{number}", f"{reason.text} ({reason.at})") for number, reason in notes.listed.values())
    open_ones = [number for number, reason in notes.listed.values() if reason.text not in confirmed]
    lines = [*listing(rows, indent=""), *wrapped(f"Confirmed by nobody yet: {numbers(open_ones) or 'none'}.")]
    return titled("ASSUMPTIONS that this plan rests on", lines if notes.listed else [])
