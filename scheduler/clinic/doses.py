"""Doses as they were really given or missed: each once, found or not found to be as planned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from scheduler.clinic import finding
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.words import day
from scheduler.engine.schedule import Item
from scheduler.problems import Misread, Refused
from scheduler.protocol.policies import CLOCK
from scheduler.protocol.wording import quoted
from scheduler.quantities import Amount, read_amount
from scheduler.record.events import DoseGiven, DoseMissed, DoseTakenWhileHeld

WORTH_SAYING = Decimal(10)
"""Per cent: what was given differs so much from what was planned."""


def given(
    scene: Scene, text: str, amount: str | None = None, time: str | None = None, lot: str | None = None
) -> Intent:
    """A dose was given. One that was held is recorded as taken while held, and flagged."""
    item = _item(scene, text)
    _only_once(scene, item)
    on = _day_given(scene, item)
    taken = _amount(item, amount)
    if time is not None and not re.fullmatch(CLOCK, time, re.ASCII):
        raise Refused(f"{quoted(time)} is not a time of day. Write it like 20:00.")
    kept_lot = finding.clean_text(lot, "lot", 60) if lot else None
    flags = tuple(_flags(item, taken, on))
    if item.status == "held":
        if kept_lot is not None:
            raise Refused(f"{item.id} was held; record it without --lot, and say the lot in --reason.")
        return Intent((DoseTakenWhileHeld(on, item.id, taken, time),), flags)
    return Intent((DoseGiven(on, item.id, taken, time, kept_lot),), flags)


def missed(scene: Scene, text: str) -> Intent:
    """A dose was not taken. It counts for its own day, unless another is named."""
    item = _item(scene, text)
    _only_once(scene, item)
    on = scene.said_on or min(item.date, scene.usual)
    if item.date > scene.today:
        raise Refused(
            f"{item.id} is planned for {day(item.date)} and cannot be missed yet. Record it when it has been."
        )
    if item.status in ("held", "skipped", "ended"):
        state = "left out" if item.status == "skipped" else item.status
        raise Refused(f"{item.id} is {state}; there is nothing to miss on {day(item.date)}.")
    return Intent((DoseMissed(on, item.id),))


def _item(scene: Scene, text: str) -> Item:
    through = finding.reach(scene.chart, text, scene.on)
    return finding.item(scene.schedule(through), text)


def _only_once(scene: Scene, item: Item) -> None:
    """Refused, with what is recorded, where the dose has an entry already."""
    words = {DoseGiven: "given", DoseTakenWhileHeld: "taken while held", DoseMissed: "missed"}
    history = scene.chart.history
    for number, event in zip(history.numbers, history.events, strict=True):
        if isinstance(event, DoseGiven | DoseTakenWhileHeld | DoseMissed) and event.item == item.id:
            raise Refused(
                f"{item.id} is recorded as {words[type(event)]} on {day(event.happened_on)} (entry {number})."
                f" If that is wrong: c1d1 record correct {scene.chart.subject} {number} ..."
            )


def _day_given(scene: Scene, item: Item) -> date:
    """The day that was named; without one today, if the dose may be given today."""
    first, last = item.window or (item.date, item.date)
    if scene.said_on is None and not first <= scene.on <= last:
        raise Refused(
            f"{item.id} is planned for {day(item.date)}. Say on which day it was given, like --on {item.date}."
        )
    if abs(scene.on - item.date) > timedelta(days=60):
        raise Refused(f"{item.id} is planned for {day(item.date)}, far from {day(scene.on)}. Check the date.")
    return scene.on


def _amount(item: Item, text: str | None) -> Amount:
    """What was said, else what was planned: kept with the entry, so that it is never computed anew."""
    if text is None:
        if item.amount is None:
            raise Refused(f"No amount can be computed for {item.id}. Say how much was given, like --amount '280 mg'.")
        return item.amount
    try:
        found = read_amount(text.strip())
    except Misread as misread:
        raise Refused(f"{misread} {misread.mend}") from None
    if item.amount is not None and found.in_unit(item.amount.unit) is None:
        raise Refused(f"{item.id} is planned in {item.amount.unit}, and {found} is something else. Check the amount.")
    return found


def _flags(item: Item, taken: Amount, on: date) -> Iterator[str]:
    if item.status == "held":
        yield f"{item.id} was held when it was given. It is recorded as taken while held: tell the investigator."
    elif item.status in ("ended", "skipped", "blocked"):
        state = "left out" if item.status == "skipped" else item.status
        yield f"{item.id} was {state} when it was given: tell the investigator."
    same = taken.in_unit(item.amount.unit) if item.amount is not None else None
    if same is not None and item.amount is not None:
        off = abs(same.value - item.amount.value)
        if off * 100 > WORTH_SAYING * item.amount.value:
            yield f"{taken} was given, and {item.amount.rounded()} was planned: tell the investigator."
    if item.window is not None and not item.window[0] <= on <= item.window[1]:
        yield f"{day(on)} is outside the window of {item.id}, planned for {day(item.date)}."
