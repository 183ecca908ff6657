"""What people type, found in what there is: a patient, a treatment, a toxicity, an item of the schedule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from scheduler.clinic.chart import Chart
from scheduler.clinic.words import day
from scheduler.cycle_days import CycleDay, read_cycle_day
from scheduler.engine.schedule import Item, Schedule
from scheduler.problems import Misread, Refused
from scheduler.protocol.model import Protocol
from scheduler.protocol.wording import did_you_mean, listed, quoted

SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
MOST_CHOICES = 8
LONGEST_TEXT = 1_000


def check_subject(subject: str) -> str:
    """A patient's number in the trial: letters, digits and hyphens, never a name."""
    if not SUBJECT.fullmatch(subject):
        raise Refused(
            f"{quoted(subject)} is not a patient's number. Use up to 40 letters, digits and hyphens, like OSU-014."
        )
    return subject


def no_such_subject(subject: str, known: Sequence[str]) -> Refused:
    """For a number that nobody has."""
    return Refused(
        f"There is no patient {subject} in this record.{did_you_mean(subject, known)} See c1d1 patient list."
    )


def clean_text(text: str, what: str, longest: int = LONGEST_TEXT) -> str:
    """A text that a person typed: on one line, nothing hidden in it, not without end."""
    text = text.strip()
    if len(text) > longest:
        raise Refused(f"The {what} has {len(text):,} characters, and {longest:,} are kept. Shorten it.")
    if not text.isprintable():
        raise Refused(f"The {what} holds a character that cannot be seen. Type it anew, on one line.")
    return text


def treatments(protocol: Protocol, named: Sequence[str]) -> tuple[str, ...]:
    """Treatments by their keys, or by a drug for all its strengths; none named are none."""
    found: list[str] = []
    for name in named:
        wanted = name.strip().casefold()
        mine = [t.key for t in protocol.treatments if wanted in (t.key.casefold(), t.name.casefold())]
        mine = mine or [t.key for t in protocol.treatments if wanted == t.drug.casefold()]
        if not mine:
            known = [t.key for t in protocol.treatments]
            raise Refused(f"{quoted(name)} is not a treatment here.{did_you_mean(name, known)} Name {listed(known)}.")
        found += mine
    return tuple(dict.fromkeys(found))


def drug(protocol: Protocol, name: str) -> str:
    """A drug by its name, or by one of its treatments."""
    drugs = {t.drug.casefold(): t.drug for t in protocol.treatments}
    by_treatment = {text.casefold(): t.drug for t in protocol.treatments for text in (t.key, t.name)}
    found = (drugs | by_treatment).get(name.strip().casefold())
    if found is None:
        known = list(drugs.values())
        raise Refused(f"{quoted(name)} is not a drug here.{did_you_mean(name, known)} Name {listed(known)}.")
    return found


def term(protocol: Protocol, text: str) -> str:
    """The criteria's term that is written so, or the only one that begins so."""
    criteria = protocol.vocabulary
    if criteria is None:
        raise Refused(f"The grades of {protocol.criteria} are not at hand here, so no grade can be checked.")
    found = criteria.named(text)
    if found is not None:
        return found
    wanted = text.strip().casefold()
    begins = [name for name in criteria.terms if wanted and name.casefold().startswith(wanted)]
    if begins:
        raise Refused(
            f"{quoted(text)} begins several terms of {criteria.version}: {_choices(begins)}. Write more of it."
        )
    holds = [name for name in criteria.terms if wanted and wanted in name.casefold()]
    near = f" Perhaps {_choices(holds)}." if holds else did_you_mean(text, criteria.terms)
    short = "" if criteria.loaded else " Only the terms of the shipped protocols are at hand: c1d1 criteria load FILE."
    raise Refused(f"{criteria.version} has no term that begins with {quoted(text)}.{near}{short}")


def _choices(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_CHOICES} more" if len(names) > MOST_CHOICES else ""
    return "; ".join(names[:MOST_CHOICES]) + more


def item(schedule: Schedule, text: str, treatment: str | None = None) -> Item:
    """The dose of an id, or the only one of a cycle day; the choices are told where there are several."""
    found = [i for i in items(schedule, text, treatment) if i.slot.kind == "dose"]
    if not found:
        raise Refused(f"No dose is written for {text.upper()}; only examinations are. Name a day with a dose.")
    if len(found) > 1:
        ids = listed([i.id for i in found])
        raise Refused(f"{text.upper()} has {len(found)} doses. Name one: {ids}.")
    return found[0]


def examination(schedule: Schedule, text: str) -> Item:
    """The examination of an id, or the only one of a cycle day; the choices are told where there are several."""
    found = [i for i in items(schedule, text) if i.slot.kind == "assessment"]
    if not found:
        raise Refused(f"{text.upper()} has no examination, only doses: record it with c1d1 record given.")
    if len(found) > 1:
        ids = listed([i.id for i in found])
        raise Refused(f"{text.upper()} has {len(found)} examinations. Name one: {ids}.")
    return found[0]


def items(schedule: Schedule, text: str, treatment: str | None = None) -> list[Item]:
    """Everything that is meant by an id or by a cycle day, perhaps of one treatment or drug."""
    wanted = text.strip().casefold()
    found = [i for i in schedule.items if i.id.casefold() == wanted]
    if not found:
        cycle_day = _cycle_day(text, schedule)
        found = [i for i in schedule.items if not i.slot.code and (i.cycle, i.slot.day) == cycle_day]
    if treatment is not None:
        name = treatment.strip().casefold()
        mine = [i for i in found if name in (i.slot.key.casefold(), i.slot.drug.casefold(), i.slot.name.casefold())]
        if found and not mine:
            there = listed(list(dict.fromkeys(i.slot.key for i in found)), "and")
            raise Refused(f"{text.upper()} has no {treatment}; it has {there}.")
        found = mine
    if not found:
        raise Refused(_nothing(schedule, text))
    return found


def _cycle_day(text: str, schedule: Schedule) -> tuple[int, int]:
    try:
        found: CycleDay = read_cycle_day(text.strip())
    except Misread as misread:
        if "/" in text:
            code = text.partition("/")[0]
            there = [i.id for i in schedule.items if i.id.partition("/")[0].casefold() == code.casefold()]
            mend = f" That day has {listed(there, 'and')}." if there else ""
            raise Refused(f"There is no {quoted(text)} on the schedule.{mend}") from None
        raise Refused(f"{misread} {misread.mend}") from None
    return found.cycle, found.day


def _nothing(schedule: Schedule, text: str) -> str:
    found = _cycle_day(text, schedule)
    cycle = next((c for c in schedule.cycles if c.cycle == found[0]), None)
    if cycle is None:
        return f"Cycle {found[0]} is not on the schedule up to {day(schedule.through)}."
    return f"Nothing is written for {text.upper()}; cycle {cycle.cycle} has {cycle.length_days} days."


def reach(chart: Chart, text: str, on: date) -> date:
    """How far a schedule must go so that an item is on it."""
    through = on + timedelta(days=60)
    found = re.match(r"C(\d{1,3})D", text.strip(), re.IGNORECASE)
    if found is not None:
        known = chart.cycles_until(chart.history.day_1 + timedelta(days=3650))
        mine = [cycle for cycle in known if cycle.cycle == int(found[1])]
        through = max([through, *(cycle.last_day + timedelta(days=60) for cycle in mine)])
    return through
