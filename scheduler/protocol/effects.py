"""What a statement means for the schedule: the one-line effects, each with its reader.

`PAIRS` are written 'left: right', `LINES` as one sentence; `rules` and `set` have modules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from scheduler.cycle_days import LAST_CYCLE
from scheduler.protocol import dose as dosing
from scheduler.protocol import meaning, phrases
from scheduler.protocol import when as timing
from scheduler.protocol.located_yaml import Text
from scheduler.protocol.meaning import Effect
from scheduler.protocol.reading import Reading

ENDS = (
    "disease progression",
    "death",
    "withdrawal of consent",
    "unacceptable toxicity",
    "investigator's decision",
)
FORMS = ("pre-filled syringe", "vial", "tablets", "capsules")

Pair = Callable[[Reading, Text, Text], Effect | None]
Line = Callable[[Reading, Text], Effect | None]


def cycle_length(r: Reading, left: Text, right: Text) -> Effect | None:
    when = r.understood(left, lambda text: phrases.arms_and_cycles(text, r.names))
    days = r.understood(right, phrases.length_in_days)
    return None if when is None or days is None else meaning.CycleLength(*when, days, left.place)


def give(r: Reading, left: Text, right: Text) -> Effect | None:
    when = r.understood(left, lambda text: timing.read_when(text, r.names))
    dose = r.understood(right, lambda text: dosing.read_dose(text, r.names))
    if when is None or dose is None:
        return None
    return meaning.Give(*when, dose, left.place, right.place)


def assess(r: Reading, left: Text, right: Text) -> Effect | None:
    when = r.understood(left, lambda text: timing.read_when(text, r.names))
    what = r.understood(right, lambda text: phrases.assessment(text, r.names))
    if when is None or what is None:
        return None
    (arms, at), (name, blood, days) = when, what
    return meaning.Assess(arms, at, name, blood, days, left.place)


def infuse(r: Reading, left: Text, right: Text) -> Effect | None:
    which = r.understood(left, lambda text: phrases.infusion(text, r.names))
    minutes = r.understood(right, phrases.infusion_time)
    return None if which is None or minutes is None else meaning.Infuse(*which, minutes, left.place)


def given_by(r: Reading, left: Text, right: Text) -> Effect | None:
    name = r.understood(left, lambda text: phrases.treatment(text, r.names))
    by = r.one_of(right, ("clinic", "patient"), "unknown-giver", "somebody who gives doses")
    if name is None or by is None:
        return None
    return meaning.GivenWhere(name, cast("meaning.GivenBy", by), left.place)


def window(r: Reading, left: Text, right: Text) -> Effect | None:
    name = r.understood(left, lambda text: phrases.treatment(text, r.names))
    days = r.understood(right, phrases.window)
    return None if name is None or days is None else meaning.Window(name, *days, left.place)


def level(r: Reading, left: Text, right: Text) -> Effect | None:
    which = r.understood(left, lambda text: phrases.level_of(text, r.names))
    rate = r.understood(right, dosing.read_rate_alone)
    return None if which is None or rate is None else meaning.Level(*which, rate, left.place)


def band(r: Reading, left: Text, right: Text) -> Effect | None:
    which = r.understood(left, lambda text: phrases.band_of(text, r.names))
    amount = r.understood(right, dosing.read_amount_alone)
    return None if which is None or amount is None else meaning.Band(*which, amount, left.place)


def decide(r: Reading, left: Text, right: Text) -> Effect | None:
    cycle = r.understood(left, phrases.before_cycle)
    answers = r.understood(right, phrases.answers)
    return None if cycle is None or answers is None else meaning.Decision(cycle, *answers, left.place)


def reload(r: Reading, left: Text, right: Text) -> Effect | None:
    late = r.understood(left, lambda text: phrases.days_late(text, r.names))
    dose = r.understood(right, phrases.loading_dose)
    return None if late is None or dose is None else meaning.Reload(*late, *dose, left.place)


def supply(r: Reading, left: Text, right: Text) -> Effect | None:
    name = r.understood(left, lambda text: phrases.treatment(text, r.names))
    form = r.one_of(right, FORMS, "unknown-form", "a form that is handed out")
    return None if name is None or form is None else meaning.Supply(name, form, left.place)


def order(r: Reading, line: Text) -> Effect | None:
    pair = r.understood(line, lambda text: phrases.one_after_another(text, r.names))
    return None if pair is None else meaning.Order(*pair, line.place)


def end(r: Reading, line: Text) -> Effect | None:
    start = re.fullmatch(r"no cycle starts later than ([1-9][0-9]{0,3}) days after day 1", line.value)
    if start is not None:
        return meaning.LastStart(int(start[1]), line.place)
    last = re.fullmatch(r"after cycle ([1-9][0-9]{0,2})", line.value)
    if last is not None and int(last[1]) <= LAST_CYCLE:
        return meaning.LastCycle(int(last[1]), line.place)
    known = (*ENDS, "after cycle 18", "no cycle starts later than 365 days after day 1")
    event = r.one_of(line, known, "unknown-end", "an end of treatment")
    return None if event is None else meaning.EndOn(event, line.place)


def spacing(r: Reading, line: Text) -> Effect | None:
    found = r.understood(line, lambda text: phrases.distance(text, r.names))
    return None if found is None else meaning.Spacing(*found, line.place)


def blood_limit(r: Reading, line: Text) -> Effect | None:
    found = r.understood(line, phrases.volume_in_weeks)
    return None if found is None else meaning.BloodLimit(*found, line.place)


def warn(r: Reading, line: Text) -> Effect | None:
    found = r.understood(line, lambda text: phrases.warning(text, r.names))
    return None if found is None else meaning.Warn(*found, line.place)


PAIRS: dict[str, tuple[Pair, str]] = {
    "cycles": (cycle_length, "cycle 1: 21 days"),
    "give": (give, "cycle 1 day 1: trastuzumab 4 mg/kg intravenous over 90 min"),
    "assess": (assess, "cycle 2+ day 1: toxicity"),
    "infuse": (infuse, "cycle 2+ trastuzumab: over 30 min"),
    "given_by": (given_by, "trastuzumab: clinic"),
    "window": (window, "trastuzumab: 1 day before to 1 day after"),
    "levels": (level, "aldesleukin_low level -1: 0.75 million units/m2"),
    "bands": (band, "capecitabine up to 1.25 m2: 1,500 mg"),
    "decide": (decide, "before cycle 4: response CR, PR, SD goes on; PD ends"),
    "reload": (reload, "trastuzumab more than 7 days late: 4 mg/kg over 90 min"),
    "supply": (supply, "aldesleukin_low: pre-filled syringe"),
}
LINES: dict[str, tuple[Line, str]] = {
    "order": (order, "paclitaxel after trastuzumab"),
    "end": (end, "disease progression"),
    "spacing": (spacing, "interleukin_12 at least 2 days before trastuzumab"),
    "blood_limit": (blood_limit, "550 mL in 8 weeks"),
    "warn": (warn, "resuming interleukin_12"),
}
