"""The forms of measures, doses, visits and answers: what each asks, and the fact that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from scheduler.clinic import doses, facts, orders
from scheduler.clinic.choices import confirmation
from scheduler.clinic.desk import Judge
from scheduler.clinic.patient_view import PatientView
from scheduler.clinic.words import amount, day
from scheduler.engine.schedule import Item, Proposal
from scheduler.problems import Refused, printable
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


def _day_field(view: PatientView, label: str = "On") -> Field:
    return Field("on", label, view.seen.isoformat(), "year-month-day, or -1 for yesterday")


def weight(view: PatientView, correcting: int | None = None) -> Form:
    """Body weight in kg."""

    def entry(values: Values) -> Entry:
        kg = read_number(values["kg"], "weight in kg")
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Weight {kg} kg", lambda scene: facts.weight(scene, kg), on, correcting)

    known = [f"{day(w.happened_on)}  {w.kg} kg" for w in view.chart.history.weights[-6:]]
    return Form("WEIGHT", (Field("kg", "New weight, kg"), _day_field(view)), entry, ("Before:", *known))


def height(view: PatientView, correcting: int | None = None) -> Form:
    """Body height in cm."""

    def entry(values: Values) -> Entry:
        cm = read_number(values["cm"], "height in cm")
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Height {cm} cm", lambda scene: facts.height(scene, cm), on, correcting)

    known = [f"{day(h.happened_on)}  {h.cm} cm" for h in view.chart.history.heights[-3:]]
    return Form("HEIGHT", (Field("cm", "New height, cm"), _day_field(view)), entry, ("Before:", *known))


def lab(view: PatientView) -> Form:
    """A laboratory value."""

    def entry(values: Values) -> Entry:
        value = read_number(values["value"], "value")
        test, unit = values["test"], values["unit"]
        on = read_day(values["on"], view.seen)
        return _entry(view, f"Laboratory: {test}", lambda scene: facts.lab(scene, test, value, unit), on)

    fields = (Field("test", "Test", hint="like neutrophils"), Field("value", "Value"), Field("unit", "Unit"))
    return Form("LABORATORY VALUE", (*fields, _day_field(view)), entry)


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


def given(view: PatientView, item: Item) -> Form:
    """A dose that was given, as planned or otherwise."""

    def entry(values: Values) -> Entry:
        on = read_day(values["on"], view.seen)
        judge = _given(item, values)
        return _entry(view, f"Given: {item.id}", judge, on)

    planned = f"{item.id}, {item.slot.name}, {amount(item)}, planned for {day(item.date)}"
    fields = (
        Field("amount", "Amount", hint="empty: as planned"),
        Field("on", "On", min(item.date, view.seen).isoformat(), "year-month-day, or -1 for yesterday"),
        Field("time", "At", hint="like 20:00; may stay empty"),
        Field("lot", "Lot", hint="may stay empty"),
    )
    return Form("DOSE GIVEN", fields, entry, (planned,))


def _given(item: Item, values: Values) -> Judge:
    how_much, time, lot = (values[key] or None for key in ("amount", "time", "lot"))
    return lambda scene: doses.given(scene, item.id, how_much, time, lot)


def missed(view: PatientView, item: Item) -> Entry:
    """A dose that was not taken, on its own day."""
    return Entry(view.subject, f"Missed: {item.id}", lambda scene: doses.missed(scene, item.id))


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


def _entry(view: PatientView, title: str, judge: Judge, on: date | None, correcting: int | None = None) -> Entry:
    return Entry(view.subject, title, judge, on, correcting=correcting)
