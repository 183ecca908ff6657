"""The forms of measures, doses, visits and answers: what each asks, and the fact that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from scheduler.clinic import doses, facts, orders
from scheduler.clinic.choices import confirmation
from scheduler.clinic.desk import Judge
from scheduler.clinic.patient_view import PatientView
from scheduler.clinic.words import amount, day
from scheduler.engine.schedule import Item, Proposal
from scheduler.problems import Refused, printable
from scheduler.record.events import (
    DoseGiven,
    DoseMissed,
    DoseTakenWhileHeld,
    Event,
    HeightMeasured,
    LabResult,
    WeightMeasured,
)
from tui.entry import Entry
from tui.screens.form import Field, Form

ALL = "all treatments"
Values = Mapping[str, str]


def read_day(text: str, today: date) -> date | None:
    """'2026-01-05', or '-1' for yesterday; None where nothing was typed."""
    if not text:
        return None
    if re.fullmatch(r"-\d{1,2}", text, re.ASCII):
        return today + timedelta(days=int(text))
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text} is not a day of the calendar.") from None
    raise Refused(f"'{printable(text)}' is not a date. Write it like 2026-01-05, or -1 for yesterday.")


def read_number(text: str, what: str) -> Decimal:
    """An exact decimal."""
    if not re.fullmatch(r"-?\d{1,7}(\.\d{1,4})?", text, re.ASCII):
        shown = f"'{printable(text)}' is not a number. " if text else ""
        raise Refused(f"{shown}Give the {what} like 70 or 70.5, without a unit.")
    return Decimal(text)


class Was(NamedTuple):
    """The entry that a form corrects: its number, and what counts of it now."""

    number: int
    event: Event


def _day_field(view: PatientView, was: Was | None = None, label: str = "On") -> Field:
    on = view.seen if was is None else was.event.happened_on
    return Field("on", label, on.isoformat(), "year-month-day, or -1 for yesterday")


def weight(view: PatientView, was: Was | None = None) -> Form:
    """Body weight in kg."""

    def entry(values: Values) -> Entry:
        kg = read_number(values["kg"], "weight in kg")
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Weight {kg} kg", lambda scene: facts.weight(scene, kg), on, was)

    known = [f"{day(w.happened_on)}  {w.kg} kg" for w in view.chart.history.weights[-6:]]
    return Form("WEIGHT", (Field("kg", "New weight, kg"), _day_field(view, was)), entry, ("Before:", *known))


def height(view: PatientView, was: Was | None = None) -> Form:
    """Body height in cm."""

    def entry(values: Values) -> Entry:
        cm = read_number(values["cm"], "height in cm")
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Height {cm} cm", lambda scene: facts.height(scene, cm), on, was)

    known = [f"{day(h.happened_on)}  {h.cm} cm" for h in view.chart.history.heights[-3:]]
    return Form("HEIGHT", (Field("cm", "New height, cm"), _day_field(view, was)), entry, ("Before:", *known))


def lab(view: PatientView, was: Was | None = None) -> Form:
    """A laboratory value."""

    def entry(values: Values) -> Entry:
        value = read_number(values["value"], "value")
        test, unit = values["test"], values["unit"]
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Laboratory: {test}", lambda scene: facts.lab(scene, test, value, unit), on, was)

    old = was.event if was is not None and isinstance(was.event, LabResult) else None
    fields = (
        Field("test", "Test", old.test if old else "", "like neutrophils"),
        Field("value", "Value", f"{old.value:f}" if old else ""),
        Field("unit", "Unit", old.unit if old else ""),
    )
    return Form("LABORATORY VALUE", (*fields, _day_field(view, was)), entry)


def response(view: PatientView) -> Form:
    """The answer to a decision point."""

    def entry(values: Values) -> Entry:
        answer = values["answer"].upper()
        if answer not in facts.RESPONSES:
            raise Refused(f"Give the response as one of {', '.join(facts.RESPONSES)}.")
        cycle = int(read_number(values["cycle"], "cycle")) if values["cycle"] else None
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Response {answer}", lambda scene: facts.response(scene, answer, cycle), on)

    fields = (
        Field("answer", "Response", hint="CR, PR, SD, PD or NE"),
        Field("cycle", "Before cycle", hint="empty: the decision that is due"),
        _day_field(view),
    )
    return Form("RESPONSE", fields, entry)


def visit(view: PatientView, cycle: int | None) -> Form:
    """Day 1 of a cycle on another day."""

    def entry(values: Values) -> Entry:
        moved = int(read_number(values["cycle"], "cycle"))
        to = read_day(values["to"], view.seen)
        if to is None:
            raise Refused("Give the new day, like 2026-01-05.")
        return _entry(view, f"Day 1 of cycle {moved} to {day(to)}", lambda scene: facts.visit(scene, moved, to), None)

    fields = (Field("cycle", "Cycle", str(cycle or "")), Field("to", "Its day 1 is on", hint="year-month-day"))
    known = [f"Cycle {c.cycle}: {day(c.start)}" for c in view.schedule.cycles[-8:]]
    return Form("VISIT MOVED", fields, entry, ("As planned now:", *known))


def given(view: PatientView, item: Item, was: Was | None = None) -> Form:
    """A dose that was given, as planned or otherwise."""

    def entry(values: Values) -> Entry:
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Given: {item.id}", _given(item, values), on, was)

    old = was.event if was is not None and isinstance(was.event, DoseGiven | DoseTakenWhileHeld) else None
    planned = f"{item.id}, {item.slot.name}, {amount(item)}, planned for {day(item.date)}"
    on = min(item.date, view.seen) if old is None else old.happened_on
    fields = (
        Field("amount", "Amount", str(old.amount) if old and old.amount else "", "empty: as planned"),
        Field("on", "On", on.isoformat(), "year-month-day, or -1 for yesterday"),
        Field("time", "At", (old.time if old else None) or "", "like 20:00; may stay empty"),
        Field("lot", "Lot", (old.lot if isinstance(old, DoseGiven) else None) or "", "may stay empty"),
    )
    return Form("DOSE GIVEN", fields, entry, (planned,) if old is None else ())


def _given(item: Item, values: Values) -> Judge:
    how_much, time, lot = (values[key] or None for key in ("amount", "time", "lot"))
    return lambda scene: doses.given(scene, item.id, how_much, time, lot)


def missed(view: PatientView, item: Item, was: Was | None = None) -> Entry:
    """A dose that was not taken, on its own day."""
    return _entry(view, f"Missed: {item.id}", lambda scene: doses.missed(scene, item.id), None, was)


def set_level(view: PatientView, treatment: str, level: int) -> Entry:
    """A dose level that a person sets, without a rule's proposal."""
    title = f"Level {level}: {treatment}"
    return Entry(view.subject, title, lambda scene: orders.set_level(scene, treatment, level))


def hold(view: PatientView, treatment: str) -> Entry:
    """A hold that a person orders, of one treatment or of `ALL`."""
    named = [] if treatment == ALL else [treatment]
    return Entry(view.subject, f"Hold {treatment}", lambda scene: orders.hold(scene, named))


def end(view: PatientView, proposal: Proposal | None = None) -> Form:
    """Why treatment ends: all of it, or what a proposal names."""

    def entry(values: Values) -> Entry:
        on, why = read_day(values["on"], view.seen), values["why"]
        if proposal is None:
            return _entry(view, "End of all treatment", lambda scene: facts.end(scene, why), on)
        return _entry(view, f"Confirm {proposal.id}", confirmation(proposal, why), on)

    fields = (Field("why", "Treatment ends for", hint="like adverse event"), _day_field(view))
    return Form("END OF TREATMENT", fields, entry, (proposal.text if proposal else "All treatment ends.",))


def corrected(view: PatientView, was: Was) -> Form | None:
    """The form of an entry with what it says now; None where it has none."""
    match was.event:
        case WeightMeasured():
            return weight(view, was)
        case HeightMeasured():
            return height(view, was)
        case LabResult():
            return lab(view, was)
        case DoseGiven() | DoseTakenWhileHeld() | DoseMissed():
            return given(view, dose_of(view, was.event.item), was)
        case _:
            return None


def dose_of(view: PatientView, key: str) -> Item:
    """The dose of an entry, as the schedule has it now."""
    found = next((item for item in view.schedule.items if item.id == key), None)
    if found is None:
        raise Refused(f"{printable(key)} is no longer on the schedule. Take the entry back, and record it anew.")
    return found


def _entry(view: PatientView, title: str, judge: Judge, on: date | None, was: Was | None = None) -> Entry:
    return Entry(view.subject, title, judge, on, correcting=was.number if was else None)
