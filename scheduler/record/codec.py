"""An event as it is stored: its kind, the number of its format, and a canonical JSON text.

Canonical: keys sorted, no spaces, UTF-8, decimals and dates as texts, amounts as {"unit", "value"}, every
field written. The seals of the log are made over these very bytes, so a text once stored is never written
anew. What is read and written follows from the fields of the dataclasses; a new field with a default needs
nothing more, and any other change of a class takes the next format number and a step in `STEPS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import NamedTuple, TypeVar, cast, get_args, get_origin, get_type_hints

from scheduler.problems import Refused
from scheduler.record import events
from scheduler.record.events import Event

LONGEST_BODY = 100_000
MOST_DIGITS = 60

KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}
FORMATS: dict[str, int] = dict.fromkeys(KINDS, 1)
STEPS: dict[tuple[str, int], Callable[[dict[str, object]], dict[str, object]]] = {}
"""From each older format of a kind, how its fields become those of the next format."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_T = TypeVar("_T")
_write_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class Stored(NamedTuple):
    """What the log keeps of an event."""

    kind: str
    format: int
    body: str


class Unreadable(Refused):
    """A stored form that this version cannot read; nothing is guessed."""


class _Unfit(Exception):
    """What is wrong with a value, to stand after the name of its field: 'not a number'."""


class _Form(NamedTuple):
    """How values of one type are written and read; both raise _Unfit."""

    write: Callable[[object], object]
    read: Callable[[object], object]


_RECORDS: dict[type, _Form] = {}


def encode(event: Event) -> Stored:
    """The stored form of an event; Refused where a text holds hidden characters, or a value is no value."""
    kind = type(event).__name__
    try:
        body = _write_json(_record(type(event)).write(event))
    except _Unfit as unfit:
        raise Refused(f"{kind} cannot be recorded: {unfit}.") from None
    if len(body) > LONGEST_BODY:
        raise Refused(f"{kind} cannot be recorded: it is longer than {LONGEST_BODY:,} characters.")
    return Stored(kind, FORMATS[kind], body)


def decode(kind: str, number: int, body: str) -> Event:
    """The event of a stored form of any format ever written; Unreadable with one sentence otherwise."""
    if len(body) > LONGEST_BODY:
        raise Unreadable(f"A stored {kind} cannot be read: it is longer than {LONGEST_BODY:,} characters.")
    try:
        return _read_kind(kind, number, _read_json(body))
    except (ValueError, RecursionError):
        raise Unreadable(f"A stored {kind} cannot be read: it is not the text of one table of fields.") from None
    except _Unfit as unfit:
        raise Unreadable(f"A stored {kind} cannot be read: {unfit}.") from None


def is_clean(text: str) -> bool:
    """Whether a text holds only what can be seen: no control, bidirectional or invisible characters."""
    return text.isprintable()


def _read_kind(kind: object, number: object, table: object) -> Event:
    if not isinstance(kind, str) or kind not in KINDS:
        raise _Unfit(f"this version of c1d1 knows no '{kind}'; use the version that recorded it")
    if type(number) is not int or not 1 <= number <= FORMATS[kind]:
        raise _Unfit(f"format {number} of {kind} is not known to this version of c1d1; use the one that recorded it")
    if isinstance(table, dict):
        for earlier in range(number, FORMATS[kind]):
            table = STEPS[kind, earlier](table)
    return cast("Event", _record(KINDS[kind]).read(table))


# ---------------------------------------------------------------- one form for each type of field


def _record(kind: type) -> _Form:
    """Events, and the small values within them: a table of exactly their fields."""
    if kind not in _RECORDS:
        _RECORDS[kind] = _record_of(kind)
    return _RECORDS[kind]


def _record_of(kind: type) -> _Form:
    hints = get_type_hints(kind, vars(events))
    forms = {field.name: _form(hints[field.name]) for field in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}

    def write(value: object) -> object:
        if type(value) is not kind:
            raise _Unfit(f"not {kind.__name__}")
        return _each([(name, form.write, getattr(value, name)) for name, form in forms.items()])

    def read(table: object) -> object:
        if not isinstance(table, dict):
            raise _Unfit("not a table of fields")
        if table.keys() == forms.keys():
            with suppress(_Unfit):  # the common way, without a name for what is wrong
                return kind(*[form.read(table[name]) for name, form in forms.items()])
        if table.keys() - forms.keys():
            raise _Unfit(f"it has the unknown field '{min(table.keys() - forms.keys())}'")
        if needed - table.keys():
            raise _Unfit(f"the field '{min(needed - table.keys())}' is missing")
        return kind(**_each([(name, forms[name].read, value) for name, value in table.items()]))

    return _Form(write, read)


def _each(values: Iterable[tuple[str, Callable[[object], object], object]]) -> dict[str, object]:
    """Every field, changed; a fault in one is told with its name."""
    done: dict[str, object] = {}
    name = ""
    try:
        for name, change, value in values:
            done[name] = change(value)
    except _Unfit as unfit:
        raise _Unfit(f"{name}: {unfit}") from None
    return done


def _form(hint: object) -> _Form:
    if hint in _PLAIN:
        return _PLAIN[hint]
    parts = get_args(hint)
    if get_origin(hint) is tuple and parts[1:] == (...,):
        return _several(_form(parts[0]))
    if NoneType in parts:
        rest = tuple(part for part in parts if part is not NoneType)
        return _optional(_EVENT if set(rest) == set(KINDS.values()) else _form(rest[0]))
    return _record(cast("type", hint))


def _several(form: _Form) -> _Form:
    def write(values: object) -> object:
        return [form.write(value) for value in _of(tuple, values, "a list")]

    def read(values: object) -> object:
        return tuple(form.read(value) for value in _of(list, values, "a list"))

    return _Form(write, read)


def _optional(form: _Form) -> _Form:
    return _Form(
        lambda value: None if value is None else form.write(value),
        lambda value: None if value is None else form.read(value),
    )


def _of(kind: type[_T], value: object, name: str) -> _T:
    """The value, if it is exactly of that type: True is no number, and an instant is no day."""
    if type(value) is not kind:
        raise _Unfit(f"not {name}")
    return value


def _whole(value: object) -> object:
    return _of(int, value, "a whole number")


def _write_event(value: object) -> object:
    kind = type(value).__name__
    if kind not in KINDS:
        raise _Unfit("not an event")
    return {"kind": kind, "format": FORMATS[kind], "body": _record(type(value)).write(value)}


def _read_event(value: object) -> object:
    if not isinstance(value, dict) or value.keys() != {"kind", "format", "body"}:
        raise _Unfit("not a stored event")
    return _read_kind(value["kind"], value["format"], value["body"])


def _write_text(value: object) -> object:
    text = _of(str, value, "a text")
    if not is_clean(text):
        raise _Unfit("it holds a hidden character; type it anew, on one line")
    return text


def _write_decimal(value: object) -> object:
    number = _of(Decimal, value, "a number")
    if not number.is_finite() or abs(number.adjusted()) >= MOST_DIGITS or len(number.as_tuple().digits) > MOST_DIGITS:
        raise _Unfit("not a number that can be kept exactly")
    return f"{number:f}"


def _read_decimal(value: object) -> object:
    text = _of(str, value, "a number")
    if _NUMBER.fullmatch(text) is None:
        raise _Unfit("not a number")
    return Decimal(text)


def _read_date(value: object) -> object:
    try:
        day = date.fromisoformat(_of(str, value, "a date"))
    except ValueError:
        raise _Unfit("not a date") from None
    if day.isoformat() != value:
        raise _Unfit("not a date")
    return day


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object, in which no key may stand twice."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


_read_json = json.JSONDecoder(object_pairs_hook=_once).decode
_EVENT = _Form(_write_event, _read_event)
_PLAIN: dict[object, _Form] = {
    str: _Form(_write_text, lambda value: _of(str, value, "a text")),
    int: _Form(_whole, _whole),
    Decimal: _Form(_write_decimal, _read_decimal),
    date: _Form(lambda value: _of(date, value, "a date").isoformat(), _read_date),
}
