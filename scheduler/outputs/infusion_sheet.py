"""The infusion sheet of a clinic day: what is given in which order, over how long, and room for what really happened.

One page for each patient and day. What the patient has taken at home before stands on top, because
somebody has to ask; what is on hold or undecided keeps its row, and says so in the place of an amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.engine.schedule import Item, Schedule
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, Section, gap, table, text, together, write
from scheduler.outputs.paper_words import INVESTIGATIONAL, Whose
from scheduler.outputs.safe_words import in_words, rate_in_words, without_slash
from scheduler.outputs.worksheet_words import page_head, signed
from scheduler.problems import Refused

TITLE = "Infusion sheet"
_WIDTHS = (9, 62, 52, 26, 22, 22, 27, WIDTH_MM - 220)
_HEADS = ("", "What", "How much, how", "Lot", "Start", "Stop", "Given in full, or mL", "Given by; checked by")
_NOT_GIVEN = {
    "held": "ON HOLD: not given until a person lifts the hold.",
    "blocked": "NOT YET DECIDED: not given before the decision is recorded.",
    "not-computable": "NO AMOUNT: not given before it is known.",
    "given": "Recorded as given.",
    "missed": "Recorded as missed.",
    "skipped": "Skipped: not given.",
    "ended": "ENDED: not given any more.",
}


@dataclass(frozen=True, slots=True)
class InfusionDay:
    """What one patient gets in the clinic on a day, in the order of giving, and what was to be taken before.

    `volumes` says, by the id of a dose, what the pharmacy makes of it; without it there is room to write.
    """

    whose: Whose
    on: date
    before: tuple[Item, ...]
    items: tuple[Item, ...]
    notices: tuple[str, ...] = ()
    volumes: Mapping[str, str] = field(default_factory=dict)


def infusion_days(schedule: Schedule, whose: Whose, first: date, last: date) -> list[InfusionDay]:
    """The days between `first` and `last`, both included, on which a dose is given in the clinic."""
    found: list[InfusionDay] = []
    days = {i.date for i in schedule.items if _in_clinic(i) and first <= i.date <= last}
    for day in sorted(days):
        items = tuple(i for i in schedule.items if i.date == day and i.slot.given_by != "patient")
        drugs = {(i.slot.key, i.cycle) for i in items if i.slot.kind == "dose"}
        before = tuple(
            i
            for i in schedule.items
            if i.slot.kind == "dose" and i.slot.given_by == "patient" and (i.slot.follows, i.cycle) in drugs
        )
        notices = tuple(n.text for n in schedule.notices if not n.item or n.item in {i.id for i in items})
        found.append(InfusionDay(whose, day, before, items, notices))
    return found


def _in_clinic(item: Item) -> bool:
    return item.slot.kind == "dose" and item.slot.given_by != "patient" and item.status not in ("ended", "skipped")


def write_infusion_sheet(days: Sequence[InfusionDay]) -> bytes:
    """The sheets as PDF, in the order given."""
    if not days:
        raise Refused("Nothing is given in the clinic on these days: there is no infusion sheet to print.")
    return write(TITLE, [_section(day) for day in days], "")


def _section(day: InfusionDay) -> Section:
    whose = day.whose
    head = page_head(TITLE, day.on, whose, draft=not whose.approved, more=_cycles(day))
    story: list[Part] = [gap(2), *_taken_before(day.before), _rows(day), gap(2)]
    story += [text(line, "small") for line in _sizes(day)]
    story += [text(f"Note: {without_slash(line)}", "strong") for line in day.notices]
    story += [gap(3), together(*signed("Nurse in charge")), gap(2), text(INVESTIGATIONAL, "small")]
    foot = f"{whose.subject}: made by c1d1 from {whose.made_from}. {whose.contact}."
    return Section((head,), tuple(story), foot)


def _cycles(day: InfusionDay) -> str:
    names = dict.fromkeys(f"cycle {i.cycle}, day {i.slot.day}" for i in day.items if i.slot.kind == "dose")
    return "; ".join(names)


def _taken_before(items: Sequence[Item]) -> list[Part]:
    if not items:
        return []
    rows: list[list[Cell]] = [
        [text(h, "strong") for h in ("Taken at home before: ask", "How much", "Taken at", "Not taken, because")]
    ]
    for item in items:
        at = f" at {item.slot.time}" if item.slot.time else ""
        rows.append([text(f"{item.slot.name}, {in_words(item.date)}{at}"), text(_amount(item)), gap(6), ""])
    return [table(rows, (100, 60, 40, WIDTH_MM - 200), Grid(head=1, columns=True, box=True)), gap(4)]


def _rows(day: InfusionDay) -> Part:
    lines: list[list[Cell]] = [[text(head, "strong") for head in _HEADS]]
    spans = []
    for number, item in enumerate(day.items, start=1):
        name: Cell = [text(item.slot.name, "heading" if item.slot.kind == "dose" else "body"), *_window(item)]
        if item.slot.kind == "dose" and item.status != "planned":
            spans.append(((2, number), (len(_HEADS) - 1, number)))
            lines.append([text(str(number), "strong"), name, text(_NOT_GIVEN[item.status], "strong"), *[""] * 5])
            continue
        lines.append([text(str(number), "strong"), name, _how(item, day.volumes.get(item.id, "")), *[""] * 5])
    return table(lines, _WIDTHS, Grid(head=1, columns=True, box=True, spans=tuple(spans)))


def _how(item: Item, volume: str) -> list[Part]:
    if item.slot.kind != "dose":
        return [text(f"{item.amount} of blood" if item.amount else ""), gap(3)]
    parts = [text(_amount(item), "large")]
    over = f"over {item.over_minutes} minutes" if item.over_minutes else ""
    if item.slot.route == "intravenous" and not over:
        over = "how long: not stated in the source"
    parts.append(text(", ".join(filter(None, (item.slot.route, over))), "strong"))
    if item.slot.route != "oral":
        parts.append(text(volume or "Volume and bag, from the pharmacy: ________ mL", "small"))
    if item.level:
        parts.append(text(f"{-item.level} level{'' if item.level == -1 else 's'} down", "small"))
    return parts


def _window(item: Item) -> list[Part]:
    if item.window is None or item.window[0] == item.window[1]:
        return []
    first, last = (in_words(day) for day in item.window)
    return [text(f"allowed from {first} to {last}", "small")]


def _amount(item: Item) -> str:
    return str(item.amount.rounded()) if item.amount else "no amount"


def _sizes(day: InfusionDay) -> list[str]:
    """What the amounts were worked out from, once for each drug."""
    lines = [
        f"{item.slot.name}: {rate_in_words(item.rate)}. "
        + " ".join(without_slash(r.text) for r in item.reasons if r.kind == "event" and "measured" in r.text)
        for item in day.items
        if item.slot.kind == "dose" and item.rate is not None and item.status == "planned"
    ]
    return list(dict.fromkeys(lines))
