"""A schedule as data: JSON and CSV, for other programs.

Both are deterministic, carry amounts at full precision as decimal strings, dates as ISO 8601, and nothing
that a terminal could stumble over. The JSON has one item on each line; to the keys of an item comes, last
before its reasons, `window`: the first and last day on which it may happen, or null. The amount of an
assessment is the volume of blood. `problems` are the schedule's notices: code, text, and the id of the
item that they are about, or null.

The CSV has one row for each item, after a row of names: fields apart by commas, quoted where needed
(RFC 4180), lines ended by a line feed alone, as tools of all systems read it. It has no notices. A text
that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item, Schedule, Slot
from scheduler.problems import printable
from scheduler.quantities import plain

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets read as the beginning of a formula, the wide forms of East Asia among them."""

COLUMNS = (
    *("protocol", "edition", "arm", "subject"),
    *("id", "cycle", "day", "study_day", "date", "kind", "treatment", "name", "status", "level"),
    *("rate_value", "rate_unit", "amount_value", "amount_unit", "route", "over_minutes", "given_by", "time"),
    *("window_first", "window_last", "reasons"),
)
NUMBERS = frozenset(
    ("edition", "cycle", "day", "study_day", "level", "rate_value", "amount_value", "over_minutes"),
)
Cell = str | int | None




def schedule_json(schedule: Schedule) -> str:
    """The schedule as one JSON object, in the shape that other tools rely on."""
    head = {
        "protocol": schedule.protocol,
        "edition": schedule.edition,
        "arm": schedule.arm,
        "subject": schedule.subject,
        "through": schedule.through.isoformat(),
        "cycles": [{"cycle": c.cycle, "start": c.start.isoformat(), "length_days": c.length_days} for c in schedule.cycles],
    }
    problems = [{"code": n.code, "text": n.text, "item": n.item or None} for n in schedule.notices]
    parts = _Parts()
    items = ",\n".join([parts.item(item) for item in schedule.items])
    return f'{_json(head)[:-1]}, "items": [\n{items}\n], "problems": {_json(problems)}}}\n'


def schedule_csv(schedule: Schedule) -> str:
    """The items of a schedule as a table, one row each; an empty cell is what JSON calls null."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    about = (schedule.protocol, schedule.edition, schedule.arm, schedule.subject)
    for item in schedule.items:
        writer.writerow([_cell(value) for value in (*about, *_row(item))])
    return out.getvalue()


class _Parts:
    """Written JSON of what many items share, so that it is written once."""

    def __init__(self) -> None:
        self.reasons: dict[Reason, str] = {}
        self.slots: dict[Slot, tuple[str, str]] = {}
        self.measures: dict[Amount | Rate | None, str] = {None: "null"}

    def item(self, item: Item) -> str:
        slot = item.slot
        named, given = self.slots.get(slot) or self.slots.setdefault(slot, _slot(slot))
        over = "null" if item.over_minutes is None else str(item.over_minutes)
        window = item.window
        days = f'["{window[0].isoformat()}", "{window[1].isoformat()}"]' if window else "null"
        reasons = ", ".join([self.reasons.get(r) or self._reason(r) for r in item.reasons])
        return (
            f'{{"id": {_json(item.id)}, "cycle": {item.cycle}, "day": {slot.day}, "study_day": {item.study_day}, '
            f'"date": "{item.date.isoformat()}", {named}, "status": "{item.status}", "level": {item.level}, '
            f'"rate": {self._measure(item.rate)}, "amount": {self._measure(item.amount)}, {given[0]}'
            f'"over_minutes": {over}, {given[1]}, "window": {days}, "reasons": [{reasons}]}}'
        )
