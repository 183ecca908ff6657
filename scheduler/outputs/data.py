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
from functools import lru_cache
from json.encoder import encode_basestring

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item, Schedule
from scheduler.problems import printable
from scheduler.quantities import Amount, Rate, plain

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets read as the beginning of a formula, the wide forms of East Asia among them."""

COLUMNS = (
    *("protocol", "edition", "arm", "subject"),
    *("id", "cycle", "day", "study_day", "date", "kind", "treatment", "name", "status", "level"),
    *("rate_value", "rate_unit", "amount_value", "amount_unit", "route", "over_minutes", "given_by", "time"),
    *("window_first", "window_last", "reasons"),
)
KEPT = 4096
"""How many written reasons, slots and amounts are kept: most are the same in every patient's schedule."""


def schedule_json(schedule: Schedule) -> str:
    """The schedule as one JSON object, in the shape that other tools rely on."""
    cycles = [{"cycle": c.cycle, "start": str(c.start), "length_days": c.length_days} for c in schedule.cycles]
    head = {
        "protocol": _safe(schedule.protocol),
        "edition": schedule.edition,
        "arm": _safe(schedule.arm),
        "subject": _safe(schedule.subject),
        "through": str(schedule.through),
        "cycles": cycles,
    }
    problems = [{"code": _safe(n.code), "text": _safe(n.text), "item": _safe(n.item)} for n in schedule.notices]
    items = ",\n".join([_item(item) for item in schedule.items])
    return f'{_json(head)[:-1]}, "items": [\n{items}\n], "problems": {_json(problems)}}}\n'


def _item(item: Item) -> str:
    """One item on one line; written by hand, because most of its parts are written already."""
    slot, window = item.slot, item.window
    what, route, given = _slot(slot.kind, slot.key, slot.name, slot.route, slot.given_by, slot.time)
    over = "null" if item.over_minutes is None else item.over_minutes
    days = f'["{window[0]}", "{window[1]}"]' if window else "null"
    reasons = ", ".join([_reason(reason) for reason in item.reasons])
    return (
        f'{{"id": {encode_basestring(_safe(item.id) or "")}, "cycle": {item.cycle}, "day": {slot.day}, '
        f'"study_day": {item.study_day}, "date": "{item.date}", {what}, "status": "{item.status}", '
        f'"level": {item.level}, "rate": {_measure(item.rate)}, "amount": {_measure(item.amount)}, {route}, '
        f'"over_minutes": {over}, {given}, "window": {days}, "reasons": [{reasons}]}}'
    )


@lru_cache(maxsize=KEPT)
def _slot(kind: str, key: str, name: str, route: str, by: str, time: str | None) -> tuple[str, str, str]:
    """The three runs of keys that a slot fills in."""
    what = {"kind": kind, "treatment": _safe(key), "name": _safe(name)}
    given = {"given_by": by, "time": _safe(time)}
    return _json(what)[1:-1], _json({"route": _safe(route)})[1:-1], _json(given)[1:-1]


@lru_cache(maxsize=KEPT)
def _measure(measure: Amount | Rate | None) -> str:
    if measure is None:
        return "null"
    value = measure.amount.value if isinstance(measure, Rate) else measure.value
    return _json({"value": plain(value), "unit": measure.unit})


@lru_cache(maxsize=KEPT)
def _reason(reason: Reason) -> str:
    return _json({"kind": reason.kind, "text": _safe(reason.text) or "", "at": _safe(reason.at) or ""})


def schedule_csv(schedule: Schedule) -> str:
    """The items of a schedule as a table, one row each; an empty cell is what JSON calls null."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    about = [_text(schedule.protocol), schedule.edition, _text(schedule.arm), _text(schedule.subject)]
    texts: dict[int, str] = {}
    for item in schedule.items:
        reasons = [texts.get(id(r)) or texts.setdefault(id(r), _in_words(r)) for r in item.reasons]
        writer.writerow([*about, *_row(item), _text(" | ".join(reasons))])
    return out.getvalue()


def _row(item: Item) -> list[str | int | None]:
    slot, rate, amount = item.slot, item.rate, item.amount
    first, last = item.window or (None, None)
    return [
        *(_text(item.id), item.cycle, slot.day, item.study_day, str(item.date)),
        *(slot.kind, _text(slot.key), _text(slot.name), item.status, item.level),
        *((plain(rate.amount.value), _text(rate.unit)) if rate else (None, None)),
        *((plain(amount.value), _text(amount.unit)) if amount else (None, None)),
        *(_text(slot.route), item.over_minutes, slot.given_by, _text(slot.time)),
        *(first and str(first), last and str(last)),
    ]


def _in_words(reason: Reason) -> str:
    at = f" ({reason.at})" if reason.at else ""
    return f"{reason.kind}: {reason.text}{at}"


def _text(text: str | None) -> str | None:
    """A text cell: never a formula, never two lines."""
    if not text:
        return None
    mark = "'" if text.startswith(FORMULA_STARTS) else ""
    return mark + (_safe(text) or "")


def _safe(text: str | None) -> str | None:
    """Text without control, invisible or direction-turning characters; null for none."""
    if not text:
        return None
    return text if text.isprintable() else printable(text)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
