"""The papers that a patient takes home, made from a chart: the diary and the calendar for the wall.

Home doses stand on them only up to the day before the next visit that releases more; what is printed for later days
would be followed after a change.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from scheduler.clinic.chart import LONGEST, Chart
from scheduler.clinic.desk import Desk, Draft
from scheduler.clinic.papers_out import replaced
from scheduler.clinic.scene import Intent
from scheduler.clinic.settings import Settings
from scheduler.clinic.site_products import products_of
from scheduler.clinic.words import day
from scheduler.outputs.diary import write_diary
from scheduler.outputs.languages import language
from scheduler.outputs.paper_words import Whose, places_of
from scheduler.outputs.patient_days import PatientDay, Span, is_to_take, patient_days
from scheduler.outputs.patient_rules import rules_of
from scheduler.outputs.wall_calendar import write_wall
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol
from scheduler.protocol.product_model import Products
from scheduler.protocol.wording import listed
from scheduler.record.handed_out import PaperHandedOut

Kind = Literal["diary", "wall"]
LONGEST_PAPER = timedelta(days=366)


class Paper(NamedTuple):
    """A PDF, what a person should know who hands it out, and the entry that says that it was."""

    content: bytes
    notes: tuple[str, ...]
    entry: PaperHandedOut


class Asked(NamedTuple):
    """Which days, in which language; None: from today up to the last released dose, the clinic's usual language."""

    first: date | None = None
    last: date | None = None
    language: str | None = None


def patient_paper(kind: Kind, desk: Desk, chart: Chart, settings: Settings, asked: Asked) -> Paper:
    """A paper of a patient as the record stands; Refused where there is nothing to take in those days."""
    tongue = language(asked.language or settings.languages[0])
    first = asked.first or max(desk.today, chart.history.day_1 - timedelta(days=1))
    schedule = chart.schedule(_bounded(chart, max(first, asked.last or chart.two_cycles_from(first))), desk.today)
    # As for calendars: a visit releases what follows it once something of its day is recorded.
    released = schedule.released_until(min(desk.today, chart.last_event_on))
    last = asked.last or max([first, *(item.date for item in schedule.items if is_to_take(item, released))])
    _check(first, last)
    if kind == "diary":
        first, last = _weeks(first, last, tongue.first_weekday)
    else:
        first, last = _months(first, last)
    products = products_of(settings)
    whose = replace(whose_of(desk, chart, settings), replaces=str(replaced(chart, kind, first, last) or ""))
    days = patient_days(schedule, products, whose.places, Span(first, last, released))
    if kind == "diary":
        whose = replace(whose, approved=whose.approved and not _drafts(days, products))
        content = write_diary(days, rules_of(chart.protocol, tongue), tongue, whose)
    else:
        content = write_wall(days, tongue, whose, released)
    notes = tuple(_notes(released, last, chart.protocol, _drafts(days, products)))
    digest = hashlib.sha256(content).hexdigest()
    return Paper(content, notes, PaperHandedOut(desk.today, kind, first, last, tongue.code, whose.entry, digest))


def handed_out(desk: Desk, chart: Chart, paper: Paper) -> Draft:
    """The entry that the paper went home; `desk.store` records it."""
    return desk.draft(chart, lambda _: Intent((paper.entry,)), None, "")


def _drafts(days: Sequence[PatientDay], products: Products) -> list[str]:
    """The product files that nobody has approved, and from which a volume stands on the paper."""
    used = {dose.item.slot.product for day in days for dose in day.doses if dose.volume is not None}
    return sorted(key for key in used if products[key].standing == "draft")


def whose_of(desk: Desk, chart: Chart, settings: Settings) -> Whose:
    """The patient, and the state of the record behind a paper."""
    person, protocol = desk.log.person(chart.subject), chart.protocol
    return Whose(
        subject=chart.subject,
        protocol=protocol.name,
        edition=protocol.edition,
        zone=chart.history.enrolment.zone,
        approved=protocol.standing == "approved",
        arm=chart.arm or "",
        name=person.name if person else "",
        entry=chart.last_number,
        seal=chart.entries[-1].seal,
        clinic=settings.name,
        phone=settings.phone,
        places=places_of(protocol),
    )


def _bounded(chart: Chart, through: date) -> date:
    """Whole weeks and months are shown, so the schedule reaches a month further than what was asked."""
    return min(through + timedelta(days=31), chart.history.day_1 + LONGEST)


def _check(first: date, last: date) -> None:
    if last < first:
        raise Refused(f"{last} is before {first}. Give --to a later day than --from.")
    if last - first > LONGEST_PAPER:
        raise Refused(f"From {first} to {last} is more than a year. Print it in parts, with --from and --to.")


def _weeks(first: date, last: date, begins: int) -> tuple[date, date]:
    start = first - timedelta(days=(first.weekday() - begins) % 7)
    return start, last + timedelta(days=6 - (last.weekday() - begins) % 7)


def _months(first: date, last: date) -> tuple[date, date]:
    return first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _notes(released: date, last: date, protocol: Protocol, drafts: Sequence[str]) -> list[str]:
    notes = []
    if released < last:
        notes.append(f"Home doses run up to {day(released)}, the day before the next visit that releases them.")
    if protocol.standing != "approved":
        notes.append(f"Every page says DRAFT: {protocol.name}, edition {protocol.edition}, is approved by nobody.")
    if drafts:
        notes.append(f"Volumes come from product files that nobody has approved: {listed(drafts, 'and')}.")
    return notes
