"""Data exports: the shape that other tools read, and what a spreadsheet makes of it."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from decimal import Decimal

import pytest

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Schedule
from scheduler.outputs.data import COLUMNS, schedule_csv, schedule_json
from tests.text_sample import GOLDENS, sample_schedule

HEAD = ["protocol", "edition", "arm", "subject", "through", "cycles", "items", "problems"]
ITEM = [
    *("id", "cycle", "day", "study_day", "date", "kind", "treatment", "name", "status", "level", "rate", "amount"),
    *("route", "over_minutes", "given_by", "time", "window", "reasons"),
]
TEXT, NUMBER, NULL = str, int, type(None)
TYPES: dict[str, tuple[type, ...]] = {
    "id": (TEXT,),
    "cycle": (NUMBER,),
    "day": (NUMBER,),
    "study_day": (NUMBER,),
    "date": (TEXT,),
    "kind": (TEXT,),
    "treatment": (TEXT,),
    "name": (TEXT,),
    "status": (TEXT,),
    "level": (NUMBER,),
    "rate": (dict, NULL),
    "amount": (dict, NULL),
    "route": (TEXT, NULL),
    "over_minutes": (NUMBER, NULL),
    "given_by": (TEXT,),
    "time": (TEXT, NULL),
    "window": (list, NULL),
    "reasons": (list,),
}


def rows(schedule: Schedule) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(schedule_csv(schedule))))


def hostile(text: str) -> Schedule:
    """The sample's first item, with a text in every place that comes from a file or a person."""
    schedule = sample_schedule()
    slot = replace(schedule.items[0].slot, name=text, key=text, route=text)
    item = schedule.items[0]._replace(slot=slot, reasons=(Reason("event", text, text),))
    return replace(schedule, protocol=text, subject=text, arm=text, items=(item,))


# ---------------------------------------------------------------- the bytes are the contract


@pytest.mark.parametrize(("kind", "make"), [("json", schedule_json), ("csv", schedule_csv)])
def test_data_are_the_golden_ones(kind: str, make) -> None:
    """To accept new bytes: C1D1_NEW_GOLDENS=1, then read the difference."""
    data = make(sample_schedule()).encode()
    golden = GOLDENS / f"data.{kind}"
    if os.environ.get("C1D1_NEW_GOLDENS"):
        golden.write_bytes(data)
    assert data == golden.read_bytes()


# ---------------------------------------------------------------- JSON


def test_json_has_its_shape() -> None:
    data = json.loads(schedule_json(sample_schedule()))
    assert list(data) == HEAD
    assert data["cycles"][0] == {"cycle": 1, "start": "2026-01-05", "length_days": 21}
    for item in data["items"]:
        assert list(item) == ITEM
        assert all(type(item[key]) in kinds for key, kinds in TYPES.items()), item["id"]
        for measure in (item["rate"], item["amount"]):
            assert measure is None or (list(measure) == ["value", "unit"] and type(measure["value"]) is str)
        for reason in item["reasons"]:
            assert list(reason) == ["kind", "text", "at"]
            assert all(type(value) is str for value in reason.values())
    assert [list(problem) for problem in data["problems"]] == [["code", "text", "item"]]


def test_json_says_what_the_schedule_says() -> None:
    schedule = sample_schedule()
    data = json.loads(schedule_json(schedule))
    assert [item["id"] for item in data["items"]] == [item.id for item in schedule.items]
    for written, item in zip(data["items"], schedule.items, strict=True):
        assert written["date"] == item.date.isoformat()
        assert written["window"] == ([day.isoformat() for day in item.window] if item.window else None)
        assert len(written["reasons"]) == len(item.reasons)
        if item.amount is not None:
            assert Decimal(written["amount"]["value"]) == item.amount.value
        if item.rate is not None:
            assert written["rate"]["unit"] == item.rate.unit


def test_json_amounts_are_exact() -> None:
    large = next(item for item in json.loads(schedule_json(sample_schedule()))["items"] if "large" in item["id"])
    assert large["amount"] == {"value": "21.494922263616", "unit": "million units"}


def test_json_has_one_item_on_each_line_and_is_the_same_every_time() -> None:
    schedule = sample_schedule()
    lines = schedule_json(schedule).splitlines()
    assert len(lines) == len(schedule.items) + 2
    assert schedule_json(schedule) == schedule_json(sample_schedule())
    assert schedule_json(schedule).endswith("}\n")


def test_json_of_an_empty_schedule() -> None:
    data = json.loads(
        schedule_json(replace(sample_schedule(), items=(), notices=(), cycles=(), arm=None, subject=None))
    )
    assert (data["items"], data["problems"], data["cycles"], data["arm"], data["subject"]) == ([], [], [], None, None)


def test_json_keeps_quotes_and_letters_of_all_languages() -> None:
    assert json.loads(schedule_json(hostile('a "b" \\ ä 字')))["items"][0]["name"] == 'a "b" \\ ä 字'


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\u202eb", "a\x00b", "a\nb", "a\u2028b", "a\x9bb"])
def test_data_hold_nothing_that_a_terminal_obeys(text: str) -> None:
    for data in (schedule_json(hostile(text)), schedule_csv(hostile(text))):
        assert all(line.isprintable() for line in data.split("\n"))
    assert json.loads(schedule_json(hostile(text)))["subject"].isprintable()


# ---------------------------------------------------------------- CSV


def test_csv_says_what_json_says() -> None:
    schedule = sample_schedule()
    items = json.loads(schedule_json(schedule))["items"]
    found = rows(schedule)
    assert list(found[0]) == list(COLUMNS)
    for line, item in zip(found, items, strict=True):
        plain = ("id", "cycle", "day", "study_day", "date", "kind", "treatment", "name", "status", "level", "given_by")
        assert [line[key] for key in plain] == [str(item[key]) for key in plain]
        for key in ("rate", "amount"):
            measure = item[key] or {"value": "", "unit": ""}
            assert (line[f"{key}_value"], line[f"{key}_unit"]) == (measure["value"], measure["unit"])
        for key in ("route", "over_minutes", "time"):
            assert line[key] == ("" if item[key] is None else str(item[key]))
        assert [line["window_first"], line["window_last"]] == (item["window"] or ["", ""])
        assert line["reasons"].count(" | ") == len(item["reasons"]) - 1


def test_csv_lines_end_alike() -> None:
    text = schedule_csv(sample_schedule())
    assert text.endswith("\n")
    assert "\r" not in text
    assert len(text.splitlines()) == len(sample_schedule().items) + 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_text_is_a_formula(start: str) -> None:
    line = rows(hostile(f"{start}1+1"))[0]
    for key in ("protocol", "arm", "subject", "treatment", "name", "route"):
        assert line[key].startswith("'"), key


def test_numbers_stay_numbers() -> None:
    line = next(line for line in rows(sample_schedule()) if line["level"] == "-1")
    assert line["rate_value"] == "0.75"
    assert next(line for line in rows(sample_schedule()) if line["day"] == "-1")["study_day"] == "-1"
