"""How events are stored: every form ever written stays readable, and what is read is what was written."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.problems import Refused
from scheduler.quantities import Amount
from scheduler.record import codec, events
from scheduler.record.codec import FORMATS, KINDS, Unreadable, decode, encode
from scheduler.record.events import EventCorrected, HeightMeasured, WeightMeasured

SAMPLES = Path(__file__).parent / "stored_samples"
DAY = date(2026, 1, 5)

# ---------------------------------------------------------------- what was ever stored


def samples() -> list[tuple[str, int, str, str]]:
    """Kind, format, stored text, and how the event reads: two lines of a file each, 'WeightMeasured-1.txt'."""
    found = []
    for path in sorted(SAMPLES.glob("*.txt")):
        kind, _, number = path.stem.rpartition("-")
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [(kind, int(number), body, shown) for body, shown in zip(lines[::2], lines[1::2], strict=True)]
    return found


@pytest.mark.parametrize(("kind", "number", "body", "shown"), samples())
def test_a_stored_form_is_read_as_it_was_meant(kind: str, number: int, body: str, shown: str) -> None:
    assert decode(kind, number, body) == eval(shown, vars(events) | {"Amount": Amount})  # noqa: S307 - our own sample


def test_every_form_that_is_written_today_has_a_sample() -> None:
    """A kind or a field is new? Add the two lines to the file; lines that stand there are never edited."""
    shapes = {(kind, number, shape(json.loads(body))) for kind, number, body, _ in samples()}
    missing = [
        f"{SAMPLES.name}/{event.kind}-{event.format}.txt:\n{event.body}"
        for event in (encode(least(kind)) for kind in KINDS.values())
        if (event.kind, event.format, shape(json.loads(event.body))) not in shapes
    ]
    assert not missing, "\n".join(missing)


def shape(table: dict[str, object]) -> tuple[str, ...]:
    return tuple(sorted(table))


def least(kind: type) -> Any:
    """An event with only what it must have."""
    hints = get_type_hints(kind, vars(events))
    values = {date: DAY, Decimal: Decimal(1), int: 1, str: "x", Amount: Amount(Decimal(1), "mg")}
    needed = [field.name for field in fields(kind) if field.default is field.default_factory]
    return kind(**{name: values.get(hints[name], ()) for name in needed})


# ---------------------------------------------------------------- round trip

TEXTS = st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "), max_size=20)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: TEXTS.filter(codec.is_clean),
    int: st.integers(-(10**6), 10**6),
    Decimal: NUMBERS | st.integers(0, 10**6).map(Decimal),
    date: st.dates(),
}


def values(hint: object) -> st.SearchStrategy[Any]:
    if hint in PLAIN:
        return PLAIN[hint]
    parts = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(values(parts[0]), max_size=3).map(tuple)
    if NoneType in parts:
        some = [part for part in parts if part is not NoneType and part is not EventCorrected]
        return st.none() | st.one_of([values(part) for part in some])
    return made(hint)


def made(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, vars(events))
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_what_is_read_is_what_was_written(kind: type) -> None:
    @given(made(kind))
    def round_trip(event: Any) -> None:
        stored = encode(event)
        assert decode(*stored) == event
        assert encode(decode(*stored)) == stored

    round_trip()


@given(made(HeightMeasured))
def test_the_text_is_canonical(event: HeightMeasured) -> None:
    body = encode(event).body
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_a_number_keeps_the_digits_that_were_entered() -> None:
    assert encode(WeightMeasured(DAY, Decimal("70.0"))).body == '{"happened_on":"2026-01-05","kg":"70.0"}'
    assert encode(WeightMeasured(DAY, Decimal("7E+1"))).body == '{"happened_on":"2026-01-05","kg":"70"}'


# ---------------------------------------------------------------- strict


@pytest.mark.parametrize(
    ("kind", "number", "body", "said"),
    [
        ("WeightGuessed", 1, "{}", "this version of c1d1 knows no 'WeightGuessed'; use the version that recorded it."),
        ("WeightMeasured", 9, "{}", "format 9 of WeightMeasured is not known to this version of c1d1"),
        ("WeightMeasured", 1, '{"happened_on":"2026-01-05"}', "the field 'kg' is missing."),
        ("WeightMeasured", 1, '{"happened_on":"2026-01-05","kg":"70","lb":"1"}', "it has the unknown field 'lb'."),
        ("WeightMeasured", 1, '{"happened_on":"2026-01-05","kg":"70","kg":"7"}', "not the text of one table"),
        ("WeightMeasured", 1, '{"happened_on":"2026-01-05","kg":70}', "kg: not a number."),
        ("WeightMeasured", 1, '{"happened_on":"2026-01-05","kg":"7e1"}', "kg: not a number."),
        ("WeightMeasured", 1, '{"happened_on":"20260105","kg":"70"}', "happened_on: not a date."),
        ("WeightMeasured", 1, '{"happened_on":"2026-02-30","kg":"70"}', "happened_on: not a date."),
        ("CycleStarted", 1, '{"happened_on":"2026-01-05","cycle":true}', "cycle: not a whole number."),
        ("CycleStarted", 1, '{"happened_on":"2026-01-05","cycle":1.0}', "cycle: not a whole number."),
        ("HoldOrdered", 1, '{"happened_on":"2026-01-05","treatments":"a"}', "treatments: not a list."),
        ("WeightMeasured", 1, "[]", "not a table of fields."),
        ("WeightMeasured", 1, "[" * 90_000, "not the text of one table of fields."),
        ("WeightMeasured", 1, "x" * 100_001, "it is longer than 100,000 characters."),
        (
            "EventCorrected",
            1,
            '{"happened_on":"2026-01-05","number":1,"replacement":{"kind":"X","format":1,"body":{}}}',
            "replacement: this version of c1d1 knows no 'X'",
        ),
    ],
)
def test_what_is_not_understood_is_refused_in_one_sentence(kind: str, number: int, body: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(kind, number, body)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("hidden", ["\x1b]0;x\x07", "a\u202eb", "a\u200bb", "\x00", "two\nlines", "\ud800"])
def test_a_hidden_character_is_not_recorded(hidden: str) -> None:
    with pytest.raises(Refused, match=r"^DoseMissed cannot be recorded: item: it holds a hidden character"):
        encode(events.DoseMissed(DAY, hidden))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1E+100", "1E-100"])
def test_a_number_that_is_none_is_not_recorded(number: str) -> None:
    with pytest.raises(Refused, match="kg: not a number that can be kept exactly"):
        encode(WeightMeasured(DAY, Decimal(number)))


def test_an_older_format_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, heights were kept in metres."""

    def to_cm(table: dict[str, object]) -> dict[str, object]:
        return {"happened_on": table["happened_on"], "cm": str(Decimal(str(table["metres"])) * 100)}

    monkeypatch.setitem(FORMATS, "HeightMeasured", 2)
    monkeypatch.setitem(codec.STEPS, ("HeightMeasured", 1), to_cm)
    old = decode("HeightMeasured", 1, '{"happened_on":"2026-01-05","metres":"1.65"}')
    assert old == HeightMeasured(DAY, Decimal(165))
    assert encode(old).format == 2
