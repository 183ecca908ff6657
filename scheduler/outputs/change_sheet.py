"""The change sheet: what an issue of a calendar says that the one before did not, old beside new.

For the phone call, read out line by line, and for the patient's folder. It says in full what calendars say in marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from scheduler.outputs.calendar_entries import Entry
from scheduler.outputs.calendar_words import zone_name
from scheduler.outputs.lines import clean, day, joined, wrapped

Group = Literal["held", "cancelled", "changed", "moved", "on again", "new"]

TITLES: dict[Group, str] = {
    "held": "HELD: nothing on these days",
    "cancelled": "CANCELLED: no longer planned",
    "changed": "CHANGED",
    "moved": "MOVED",
    "on again": "ON AGAIN, as before",
    "new": "NEW",
}
"""What stops comes first."""

_NOW: dict[Group, str] = {"held": "HOLD: nothing", "cancelled": "CANCELLED: nothing"}


DAYS_IN_A_ROW = 21
"""A row of a table does not break over a page."""


class Change(NamedTuple):
    """One entry, as it was handed out and as it is now."""

    group: Group
    before: Entry | None
    after: Entry


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """A sheet, ready to be drawn. `number` is that of the issue; `replaced` the day of the one before, if any."""

    subject: str
    about: str
    number: int
    on: date
    until: date
    entry: int
    seal: str
    recorded: bool
    replaced: date | None
    route: str
    phone: str
    changes: tuple[Change, ...]

    @property
    def title(self) -> str:
        return f"Change sheet {self.number} for {self.subject}: {self.about}"

    @property
    def origin(self) -> tuple[str, ...]:
        """What it replaces and what it was made from."""
        first = "It is the first, and replaces none."
        old = f"It replaces sheet {self.number - 1} of {day(self.replaced)}." if self.replaced else first
        state = "" if self.recorded else " NOT HANDED OUT YET: the calendar of this issue is not recorded."
        return (
            f"{old} Made from entry {self.entry}, seal {self.seal[:12]}; valid until {day(self.until)}.{state}",
            f"The phone call counts: tell it now, have it read back. {self.route}",
        )


def changes_of(entries: Sequence[Entry], before: Mapping[str, Entry]) -> tuple[Change, ...]:
    """What is not as it was handed out, in order of time."""
    mine = ((entry, before.get(entry.key)) for entry in entries)
    return tuple(Change(_group(entry, old), old, entry) for entry, old in mine if old is not entry)


def _group(entry: Entry, old: Entry | None) -> Group:
    if entry.state in ("held", "tentative"):
        return "held"
    if entry.state == "off":
        return "cancelled"
    if old is None:
        return "new"
    if old.told != entry.told:
        return "changed"
    if old.state in ("held", "tentative", "off"):
        return "on again"
    return "moved" if old.start != entry.start else "changed"


# ---------------------------------------------------------------- in words


class Line(NamedTuple):
    """Changes of several days that are told in the same words: 'Wed 2026-01-14', ..., what it was, what it is."""

    group: Group
    days: tuple[str, ...]
    was: str
    now: str


def told_lines(changes: Sequence[Change]) -> list[Line]:
    """Every change, by group; days that read alike stand together, each of them named."""
    found: dict[tuple[Group, str, str], list[str]] = {}
    for change in changes:
        found.setdefault((change.group, *_words(change)), []).append(_days(change.after))
    lines = [Line(group, tuple(days), was, now) for (group, was, now), days in found.items()]
    return sorted(lines, key=lambda line: list(TITLES).index(line.group))


def _words(change: Change) -> tuple[str, str]:
    old, new = change.before, change.after
    now = _NOW.get(change.group) or f"{_what(new)}{_clock(new, old)}"
    if old is None:
        return "", now
    from_day = f"{_days(old)}: " if _days(old) != _days(new) else ""
    return f"{from_day}{_what(old)}{_clock(old, new)}", now


def _days(entry: Entry) -> str:
    """'Wed 2026-01-14'; the first and the last day of a span."""
    if isinstance(entry.start, datetime):
        return day(entry.start.date())
    return f"{day(entry.start)} to {day(entry.last_day)}" if entry.last_day > entry.start else day(entry.start)


def _clock(entry: Entry, other: Entry | None) -> str:
    """', 20:00'; with the zone where the other one has another."""
    if not isinstance(entry.start, datetime):
        return ""
    differs = other is not None and zone_name(other.start) not in ("", zone_name(entry.start))
    return f", {entry.start:%H:%M}{f' {zone_name(entry.start)} time' if differs else ''}"


def _what(entry: Entry) -> str:
    told = f" (before it: {entry.told})" if entry.told else ""
    if entry.state == "off":
        return f"cancelled{told}"
    if entry.state == "held" or (entry.state == "tentative" and entry.look.transparent):
        return f"HOLD{told}"
    if entry.state == "ask":
        return f"{entry.thing}: amount not known, ask the clinic"
    return entry.told or entry.title


def change_text(sheet: ChangeSheet) -> str:
    """The sheet as text."""
    lines = [part for line in (sheet.title, *sheet.origin) for part in wrapped(clean(line))]
    found = told_lines(sheet.changes)
    for group, title in TITLES.items():
        mine = [line for line in found if line.group == group]
        if mine:
            number = sum(len(line.days) for line in mine)
            lines += ["", f"{title} ({number})", *(part for line in mine for part in _as_text(line))]
    if not found:
        lines += ["", "Nothing has changed."]
    return joined([*lines, "", *(part for line in _signed(sheet) for part in wrapped(line))])


def _as_text(line: Line) -> Iterator[str]:
    yield from wrapped(", ".join(line.days), "  ", "  ")
    if line.was:
        yield from wrapped(clean(line.was), "    was: ", "         ")
    yield from wrapped(clean(line.now), "    now: ", "         ")


def _signed(sheet: ChangeSheet) -> Iterator[str]:
    yield f"Clinic's phone: {clean(sheet.phone) or '_' * 20}"
    yield "Told by phone on ____________ at ______ by ____________________   read back by the patient: [ ]"


# ---------------------------------------------------------------- on paper


def write_change_sheet(sheet: ChangeSheet) -> bytes:
    """The sheet as PDF, A4 across: one table, old beside new."""
    from scheduler.outputs import paper

    head = (paper.text(sheet.title, "title"), *(paper.text(line) for line in sheet.origin), paper.gap(2))
    heads = ("what", "on", "was", "is now", "told, read back")
    rows: list[list[paper.Cell]] = [[paper.text(words, "strong") for words in heads]]
    for line in told_lines(sheet.changes):
        word = TITLES[line.group].partition(":")[0].partition(",")[0]
        for at in range(0, len(line.days), DAYS_IN_A_ROW):
            days = tuple(paper.text(each) for each in line.days[at : at + DAYS_IN_A_ROW])
            was, now = paper.text(line.was or "-"), paper.text(line.now, "strong")
            rows.append([paper.text(word, "strong"), days, was, now, paper.text("[   ]", side="centre")])
    nothing = paper.text("Nothing has changed.", "heading")
    body = paper.table(rows, (32, 40, 84, 84, 33), paper.Grid(head=1, columns=True)) if sheet.changes else nothing
    story = (body, paper.gap(4), *(paper.text(line) for line in _signed(sheet)))
    foot = f"{sheet.title}. If you were told otherwise by phone, that counts."
    return paper.write(sheet.title, [paper.Section(head, story)], foot)
