"""Calendar files: the same byte by byte, keeping every rule, read alike by others, with UIDs that last."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from scheduler.clinic import PlanRequest, make_plan, open_protocol
from scheduler.engine.schedule import Schedule, Status
from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendars import write_calendar
from scheduler.problems import Refused
from scheduler.protocol.library import shipped
from scheduler.quantities import read_number
from tests.calendar_sample import ANTIBODY, GRADES, HIGH, LOW, STAMP, START, TABLET, item, sample, with_items
from tests.ics_rules import broken_rules, events, instant, read

GOLDENS = Path(__file__).parent / "goldens"
KINDS = [("home", "discreet"), ("home", "full"), ("visits", "discreet"), ("visits", "full"), ("clinic", "full")]
NAMED = ("aldesleukin", "trastuzumab", "paclitaxel", "dexamethasone", "sample", "014", "cohort", "toxic", "imaging")


@pytest.mark.parametrize(("purpose", "detail"), KINDS)
def test_a_calendar_is_the_golden_one(purpose, detail) -> None:
    """To accept new bytes: C1D1_NEW_GOLDENS=1, then read the difference."""
    golden = GOLDENS / f"calendar-{purpose}-{detail}.ics"
    data = write_calendar(sample(), purpose, STAMP, detail)
    if os.environ.get("C1D1_NEW_GOLDENS"):
        golden.write_bytes(data)
    assert data == golden.read_bytes()
    assert data == write_calendar(sample(), purpose, STAMP.replace(microsecond=7), detail)


@pytest.mark.parametrize(("purpose", "detail"), KINDS)
def test_a_calendar_keeps_every_rule(purpose, detail) -> None:
    data = write_calendar(sample(), purpose, STAMP, detail)
    assert broken_rules(data, NAMED, discreet=detail == "discreet") == []


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
@pytest.mark.parametrize(("purpose", "detail"), KINDS)
def test_shipped_protocols_make_calendars_that_keep_every_rule(path, purpose, detail) -> None:
    protocol = open_protocol(path.stem)
    arm = protocol.arms[0].key if protocol.arms else None
    request = PlanRequest(START, arm, read_number("70"), read_number("165"), cycles=6, zone="Europe/Berlin")
    plan = make_plan(protocol, request)
    if purpose == "home" and not any(each.slot.given_by == "patient" for each in plan.items):
        with pytest.raises(Refused, match="There are no home doses"):
            write_calendar(plan, purpose, STAMP, detail)
        return
    data = write_calendar(plan, purpose, STAMP, detail)
    named = [w for t in protocol.treatments for w in (t.name, t.drug, t.key)] + [protocol.name]
    assert broken_rules(data, [word.casefold() for word in named], discreet=detail == "discreet") == []


@pytest.mark.parametrize(("purpose", "detail"), KINDS)
def test_two_other_readers_find_the_same_events(purpose, detail) -> None:
    """One that is strict (allenporter's ical), and the writer's own."""
    data = write_calendar(sample(), purpose, STAMP, detail)
    wanted = sorted(
        (e.one("UID"), e.text("SUMMARY"), e.text("DESCRIPTION"), instant(e, "DTSTART"))
        for e in events(data)
        if instant(e, "DTSTART")
    )
    strict = [
        (e.uid, e.summary, e.description, e.dtstart.astimezone(UTC))
        for e in IcsCalendarStream.calendar_from_ics(data.decode()).events
        if isinstance(e.dtstart, datetime)
    ]
    own = [
        (str(e["UID"]), str(e["SUMMARY"]), str(e["DESCRIPTION"]), e.start.astimezone(UTC))
        for e in icalendar.Calendar.from_ical(data).events
        if isinstance(e.start, datetime)
    ]
    assert wanted
    assert sorted(strict) == wanted
    assert sorted(own) == wanted
    counts = [
        len(IcsCalendarStream.calendar_from_ics(data.decode()).events),
        len(icalendar.Calendar.from_ical(data).events),
    ]
    assert counts == [len(events(data))] * 2


def test_every_state_of_an_item_has_words_in_every_calendar() -> None:
    assert set(words.STATES) == set(get_args(Status))
    pairs = {(purpose, state) for purpose in get_args(words.Purpose) for state in get_args(words.State)}
    assert set(words.LOOKS) == pairs


# ---------------------------------------------------------------- UIDs


def uids(schedule: Schedule, purpose: str = "home", **options) -> list[str]:
    return [event.one("UID") for event in events(write_calendar(schedule, purpose, STAMP, **options))]


def test_a_uid_outlives_date_time_dose_edition_and_wording() -> None:
    same = [item(LOW, 1, amount="1 mg"), item(HIGH, 2, amount="2 mg")]
    moved = [item(replace(LOW, time="19:00"), 4, amount="3 mg", status="held"), item(HIGH, 5, amount="4 mg")]
    one = uids(with_items(*same))
    other = uids(with_items(*moved, edition=2, start=START - timedelta(days=3), zone="Asia/Kolkata"), detail="full")
    assert one == other


def test_uids_of_purposes_patients_protocols_arms_and_plans_differ() -> None:
    plain = with_items(item(ANTIBODY, 0, amount="1 mg"))
    nobody = replace(plain, subject=None)
    others = [replace(plain, **c) for c in ({"subject": "015"}, {"protocol": "other"}, {"arm": None})]
    plans = [plain, *others, nobody, replace(nobody, start=START - timedelta(days=1))]
    found = [uid for plan in plans for purpose in ("visits", "clinic") for uid in uids(plan, purpose)]
    assert len(set(found)) == len(found) == 12


# ---------------------------------------------------------------- hostile text


HOSTILE = "x\r\nBEGIN:VEVENT\nSUMMARY:no; \\ , \x00\x1b[31m\u202e\u2066\u200b\ufeff\u2028\x85 \ud800 é漢😀"


@pytest.mark.parametrize(("purpose", "detail"), KINDS)
def test_hostile_text_adds_no_line_and_no_hidden_character(purpose, detail) -> None:
    slots = [replace(slot, name=HOSTILE * 2, mark=f"m{HOSTILE}") for slot in (LOW, ANTIBODY, GRADES, TABLET)]
    items = [item(slot, n, amount="1 mg") for n, slot in enumerate(slots)]
    data = write_calendar(with_items(*items, subject=HOSTILE, protocol=HOSTILE, arm=HOSTILE), purpose, STAMP, detail)
    assert broken_rules(data) == []
    assert len(events(data)) == len(icalendar.Calendar.from_ical(data).events)
    assert {event.name for event in read(data).parts} == {"VEVENT", "VTIMEZONE"}


def test_a_stamp_without_a_zone_is_a_slip_of_the_program() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_calendar(sample(), "home", STAMP.replace(tzinfo=None))
