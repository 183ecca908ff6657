"""The pharmacy's papers from the record: labels, box labels, worksheets, infusion sheets, for one patient or all.

Command line and app print through it. Nothing is recorded here: papers show what stands in the record
and in the ledger. What gets no paper is told with its reason, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.clinic.chart import LONGEST, Chart
from scheduler.clinic.desk import Desk
from scheduler.clinic.drawing_up import check_days, to_draw
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.clinic.plans import Faulty
from scheduler.clinic.settings import Settings
from scheduler.engine.infusions import Infusion, infusions
from scheduler.engine.schedule import Schedule
from scheduler.engine.stock import Prepared
from scheduler.engine.syringes import Syringe, syringes
from scheduler.engine.to_draw import ToDraw
from scheduler.issuing.ready import Ready, not_made, ready
from scheduler.outputs.bag_labels import bag_labels_of
from scheduler.outputs.box_label import BoxLabel, box_labels, write_box_labels
from scheduler.outputs.infusion_sheet import InfusionDay, infusion_days, write_infusion_sheet
from scheduler.outputs.label_sheets import USUAL, write_labels
from scheduler.outputs.labels import Label, labels_of
from scheduler.outputs.paper_words import Whose, places_of
from scheduler.outputs.safe_words import in_words, without_slash
from scheduler.outputs.worksheet import Preparation, write_worksheet
from scheduler.problems import Refused
from scheduler.protocol.product_model import Products
from scheduler.quantities import Amount
from scheduler.record.stock import SyringesIssued

WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which papers: of one patient or (None) of all, for doses from `first` to `last`, both included."""

    subject: str | None
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF, and sentences about what is not on it."""

    content: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Patient:
    """One patient's part: what is planned, and the syringes of the asked days that are made up already."""

    whose: Whose
    schedule: Schedule
    found: tuple[Syringe, ...]
    bags: tuple[Infusion, ...]
    prepared: tuple[Prepared, ...]

    @property
    def ready(self) -> Ready:
        return ready(self.whose.subject, self.whose.zone, (*self.found, *self.bags), self.prepared)


class PharmacyPapers:
    """Papers from an open record, with the clinic's settings and its products."""

    def __init__(self, desk: Desk, settings: Settings, products: Products) -> None:
        self.desk, self.settings, self.products = desk, settings, products
        self.pharmacy = Pharmacy(desk)

    def labels(self, asked: Asked, sheet: str = USUAL, start_at: int = 1, *, planned: bool = False) -> Paper:
        """Labels of the prepared syringes; `planned`: of what is to be prepared, with blanks and no code."""
        made: list[Label] = []
        notes: list[str] = []
        for patient in self._patients(asked, notes):
            prepared = patient.ready
            filled = None if planned else prepared.filled
            made += labels_of(patient.found, patient.whose, filled)
            made += bag_labels_of(patient.bags, patient.whose, filled)
            notes += not_made(patient.whose.subject, (*patient.found, *patient.bags)) if planned else prepared.notes
        if not made:
            raise Refused(_nothing("label", asked, notes, planned=planned))
        return Paper(write_labels(made, sheet, start_at), tuple(notes))

    def boxes(self, asked: Asked, *, planned: bool = False) -> Paper:
        """Labels of the boxes that go home."""
        made: list[BoxLabel] = []
        notes: list[str] = []
        for patient in self._patients(asked, notes):
            prepared = patient.ready
            made += box_labels(patient.found, patient.whose, None if planned else prepared.filled)
            notes += not_made(patient.whose.subject, patient.found) if planned else prepared.notes
        if not made:
            raise Refused(_nothing("box label", asked, notes, planned=planned))
        return Paper(write_box_labels(made), tuple(notes))

    def worksheet(self, asked: Asked) -> Paper:
        """The preparation worksheets of the asked days, by the days on which things are prepared."""
        made: list[Preparation] = []
        notes: list[str] = []
        days = (asked.first, asked.last)
        for part in to_draw(self.desk, self.settings, self.products, days, asked.subject, notes):
            whose = self._whose(self.desk.chart(part.subject), part.schedule, asked)
            made += _preparations(part, whose)
            notes += _uncovered(part)
        return Paper(write_worksheet(sorted(made, key=lambda each: (each.on, each.whose.subject))), tuple(notes))

    def infusions(self, asked: Asked) -> Paper:
        """The infusion sheets of the asked days."""
        days: list[InfusionDay] = []
        notes: list[str] = []
        for patient in self._patients(asked, notes):
            volumes = {each.item.id: _bag_words(each) for each in infusions(patient.schedule, self.products)}
            found = infusion_days(patient.schedule, patient.whose, asked.first, asked.last)
            days += [replace(day, volumes=volumes) for day in found]
        return Paper(write_infusion_sheet(sorted(days, key=lambda each: (each.on, each.whose.subject))), tuple(notes))

    def _patients(self, asked: Asked, left_out: list[str]) -> Iterable[_Patient]:
        """One or all; of all, one whose record cannot be read is told in `left_out`, and the others get theirs."""
        check_days(asked.first, asked.last)
        for subject in [asked.subject] if asked.subject is not None else sorted(self.desk.log.subjects()):
            try:
                yield self._patient(subject, asked)
            except (Refused, Faulty) as fault:
                if asked.subject is not None:
                    raise
                left_out.append(f"LEFT OUT: {subject}. {fault}")

    def _patient(self, subject: str, asked: Asked) -> _Patient:
        chart = self.desk.chart(subject)
        schedule = self._schedule(chart, asked.last)
        found = tuple(each for each in syringes(schedule, self.products) if asked.holds(each.item.date))
        bags = tuple(each for each in infusions(schedule, self.products) if asked.holds(each.item.date))
        ids = _ids(schedule, asked)
        mine = self.pharmacy.of_patient(subject).values()
        prepared = tuple(one for one, place in mine if place == "pharmacy" and one.syringe.item in ids)
        return _Patient(self._whose(chart, schedule, asked), schedule, found, bags, prepared)

    def _schedule(self, chart: Chart, last: date) -> Schedule:
        """So far that all syringes of the last visit are on it, and can be counted."""
        far = chart.history.day_1 + LONGEST
        return chart.schedule(min(chart.two_cycles_from(min(last, far)), far), self.desk.today)

    def _whose(self, chart: Chart, schedule: Schedule, asked: Asked) -> Whose:
        person = self.desk.log.person(chart.subject)
        return Whose(
            subject=chart.subject,
            protocol=schedule.protocol,
            edition=schedule.edition,
            zone=schedule.zone_on(asked.first),
            approved=chart.protocol.standing == "approved",
            arm=schedule.arm or "",
            name=person.name if person else "",
            entry=chart.last_number,
            seal=chart.entries[-1].seal,
            replaces=_replaces(chart, _ids(schedule, asked)),
            clinic=self.settings.name,
            phone=self.settings.phone,
            places=places_of(chart.protocol),
        )


def _bag_words(infusion: Infusion) -> str:
    """'13.3 mL from 1 vial, in 250 mL 0.9 % sodium chloride'; '' where no volume can be said."""
    if infusion.volume is None or infusion.bag is None:
        return ""
    vials = "1 vial" if infusion.vials == 1 else f"{infusion.vials} vials"
    taken = ", the same volume taken out first" if infusion.bag.takes_out else ""
    drawn, bag = Amount(infusion.volume, "mL"), Amount(infusion.bag.volume, "mL")
    return f"{drawn} from {vials}, in {bag} {infusion.bag.fluid}{taken}"


def _replaces(chart: Chart, ids: set[str]) -> str:
    """Where syringes for these doses were handed out before, the entry that says so."""
    events = zip(chart.history.numbers, chart.history.events, strict=True)
    before = [n for n, e in events if isinstance(e, SyringesIssued) and any(s.item in ids for s in e.syringes)]
    return f"replaces what entry {before[-1]} handed out" if before else ""


def _nothing(what: str, asked: Asked, notes: Sequence[str], *, planned: bool) -> str:
    days = f"from {in_words(asked.first)} to {in_words(asked.last)}"
    mend = "" if planned else " Record what is prepared first, or print --planned labels with blanks."
    more = f" And {len(notes) - 3} more." if len(notes) > 3 else ""
    return " ".join([f"There is no {what} to print for doses {days}.{mend}", *notes[:3]]) + more


def _ids(schedule: Schedule, asked: Asked) -> set[str]:
    return {item.id for item in schedule.items if asked.holds(item.date)}


def _preparations(part: ToDraw, whose: Whose) -> list[Preparation]:
    """A sheet for each day on which something is drawn up, mixed, or would be if it could."""
    syringes: dict[date, list[Syringe]] = {}
    for session in part.batches.sessions:
        syringes.setdefault(session.on, []).extend(session.syringes)
    for each in part.refused:
        syringes.setdefault(each.item.date, []).append(each)
    bags: dict[date, list[Infusion]] = {}
    for bag in part.infusions:
        bags.setdefault(bag.item.date, []).append(bag)
    return [
        Preparation(whose, day, tuple(sorted(syringes.get(day, ()), key=_by_day)), tuple(bags.get(day, ())))
        for day in sorted({*syringes, *bags})
    ]


def _by_day(each: Syringe) -> tuple[date, int]:
    return each.item.date, each.item.slot.dose_number


def _uncovered(part: ToDraw) -> list[str]:
    """Doses that no preparation reaches, and syringes that are out and no longer right."""
    lines = [
        f"{part.subject}, {in_words(each.syringe.item.date)}, {each.syringe.item.slot.name}: not covered. {each.why}"
        for each in part.batches.uncovered
    ]
    if part.call_back:
        lines.append(f"{part.subject}: {len(part.call_back)} syringes are out that are not planned so any more.")
    return [without_slash(line) for line in lines]
