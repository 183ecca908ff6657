"""What calendars say: one table of titles by purpose and state, and the lines below them.

Every title must be right when it is the only text seen, also cut after about 25 characters, struck
through or read aloud: so the word of the state comes first. Titles, texts and names of home and visit
calendars show up on lock screens and lie on other people's servers: in discreet wording they name no
drug, amount, trial, subject or department, only the mark of the syringe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from scheduler.engine.schedule import Item, Status
from scheduler.problems import printable
from scheduler.quantities import Amount

Purpose = Literal["home", "visits", "clinic"]
Detail = Literal["discreet", "full"]
State = Literal["planned", "changed", "ask", "tentative", "held", "off"]
Standing = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

TITLE_LENGTH = 60

HOME_ALARM = 10
"""Minutes before a home dose: time to wash hands and fetch the syringe, too short to forget it again.

Well within the day, so that no change of clocks can move it, and never after the start: Outlook turns
such an alarm into one before it.
"""

VISIT_ALARM = 120
"""Minutes before a visit: time to get there."""

STATES: dict[Status, State] = {
    "planned": "planned",
    "given": "planned",
    "missed": "planned",
    "not-computable": "ask",
    "blocked": "tentative",
    "held": "held",
    "skipped": "held",
    "ended": "off",
}
"""A day that has passed keeps the words it had; the record, not the calendar, tells what was given."""


@dataclass(frozen=True, slots=True)
class Look:
    """How an entry appears in one state. `alarm` is minutes before the start, 0 for none.

    A hold stays CONFIRMED, because programs strike a CANCELLED title through, and a struck "no dose"
    reads as its opposite; it is transparent and silent. CANCELLED is for what is off for good.
    """

    title: str
    status: Standing = "CONFIRMED"
    transparent: bool = False
    alarm: int = 0


_HELD_HOME = Look("HOLD - no {dose} today, call clinic", transparent=True)

LOOKS: dict[tuple[Purpose, State], Look] = {
    ("home", "planned"): Look("{Thing}", alarm=HOME_ALARM),
    ("home", "changed"): Look("CHANGED {thing}, read details", alarm=HOME_ALARM),
    ("home", "ask"): Look("ASK THE CLINIC before {thing}", alarm=HOME_ALARM),
    ("home", "tentative"): _HELD_HOME,
    ("home", "held"): _HELD_HOME,
    ("home", "off"): Look("CANCELLED {thing}", "CANCELLED", transparent=True),
    ("visits", "planned"): Look("{Thing}", alarm=VISIT_ALARM),
    ("visits", "changed"): Look("CHANGED {thing}, read details", alarm=VISIT_ALARM),
    ("visits", "ask"): Look("{Thing}", alarm=VISIT_ALARM),
    ("visits", "tentative"): Look("TENTATIVE {thing}", "TENTATIVE"),
    ("visits", "held"): Look("HOLD - no {thing}, call clinic", transparent=True),
    ("visits", "off"): Look("CANCELLED {thing}", "CANCELLED", transparent=True),
    ("clinic", "planned"): Look("{thing}"),
    ("clinic", "changed"): Look("CHANGED {thing}"),
    ("clinic", "ask"): Look("NO AMOUNT: {thing}"),
    ("clinic", "tentative"): Look("TENTATIVE {thing}", "TENTATIVE"),
    ("clinic", "held"): Look("HOLD - {thing}", transparent=True),
    ("clinic", "off"): Look("CANCELLED {thing}", "CANCELLED", transparent=True),
}

NAMES: dict[Purpose, str] = {
    "home": "Home schedule",
    "visits": "Clinic visits",
    "clinic": "Clinic work list",
}
"""The calendar's name, inside the file; Thunderbird and the patient see the file's own name."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def state_of(item: Item, *, changed: bool = False) -> State:
    """The state that an entry of an item shows; a dose without an amount asks, it never guesses."""
    state = STATES[item.status]
    if state == "planned" and item.slot.kind == "dose" and item.amount is None:
        return "ask"
    return "changed" if changed and state == "planned" else state


def common_state(states: Sequence[State]) -> State:
    """The state of a visit for several things: it takes place as soon as one of them does."""
    order: tuple[State, ...] = ("changed", "planned", "ask", "tentative", "held", "off")
    return min(states, key=order.index)


def titled(look: Look, things: Sequence[str], dose: str = "dose") -> str:
    """The title with the fullest of the things (richest first) that it has room for.

    A thing is left out as a whole: an amount must not be cut.
    """
    for thing in things:
        words = clean(thing)
        first_up = words[:1].upper() + words[1:]
        title = look.title.format(thing=words, Thing=first_up, dose=clean(dose))
        if len(title) <= TITLE_LENGTH:
            return title
    return title[: TITLE_LENGTH - 1].rstrip() + "…"


def clean(text: str) -> str:
    """Text as calendars may hold it: one line, no control, invisible or direction-turning characters."""
    line = " ".join(text.split())
    return line if line.isprintable() else printable(line)


@lru_cache(maxsize=1024)
def shown(amount: Amount) -> str:
    """An amount as people read it: rounded for the eye, in safe units."""
    return str(amount.rounded())


def long_date(day: date) -> str:
    """5 January 2026: the same in every country."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def span(first: date, last: date) -> str:
    """'3 and 7 May', '28 April and 5 May': the words after 'between', without the year."""
    month = f" {_MONTHS[first.month - 1]}" if first.month != last.month else ""
    return f"{first.day}{month} and {last.day} {_MONTHS[last.month - 1]}"


@lru_cache(maxsize=256)
def issue_lines(number: int, on: date, until: date) -> tuple[str, str]:
    """What every entry ends with: a stale calendar must be known for one, and the phone call wins."""
    return (
        f"Issue {number} of {long_date(on)}, valid until {long_date(until)}.",
        "If you were told otherwise by phone, that counts.",
    )


def moved_line(was: datetime | date, now: datetime | date) -> str:
    """What a moved entry says of the time that it had before; with its zone where that is another."""
    if not isinstance(was, datetime):
        return f"Moved from {long_date(was)}."
    zone = f" {zone_name(was)} time" if zone_name(was) != zone_name(now) else ""
    return f"Moved from {long_date(was.date())}, {was:%H:%M}{zone}."


def zone_name(at: datetime | date) -> str:
    """The IANA name of the zone of a local time; '' for a day."""
    return str(at.tzinfo) if isinstance(at, datetime) else ""
