"""A syringe under the scanner: whose it is, for which dose, and why it may not be given.

`give` always ends in something to record: the dose, or the near miss. Nobody talks a syringe that is held, expired,
another patient's, for another day, given or brought back into being given here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.clinic import doses
from scheduler.clinic.chart import Chart
from scheduler.clinic.desk import Desk, Draft
from scheduler.clinic.enrolment import clock_time
from scheduler.clinic.handing_out import WORDS, expired_lots
from scheduler.clinic.pharmacy import Pharmacy, Place
from scheduler.clinic.scene import Intent, Scene, check_moment
from scheduler.clinic.words import day
from scheduler.engine.schedule import Item, Schedule
from scheduler.engine.stock import Prepared
from scheduler.problems import Refused
from scheduler.protocol.wording import listed
from scheduler.record.events import DoseGiven
from scheduler.record.stock import LEDGER, NearMiss
from scheduler.record.syringe_numbers import printed, read

STATES = {
    "held": "is on HOLD: give nothing",
    "ended": "has ended: give nothing",
    "blocked": "waits for a decision: give nothing",
    "skipped": "is left out: give nothing",
    "missed": "is recorded as missed",
    "given": "is recorded as given",
    "not-computable": "has no amount that can be computed",
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """A syringe, where it is, its dose as it stands now (None: no longer there), and what speaks against giving it."""

    syringe: Prepared
    place: Place
    item: Item | None
    zone: str
    against: tuple[str, ...]

    @property
    def use_until(self) -> datetime:
        """By the clock of the patient."""
        return self.syringe.use_until.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What giving would be: `draft` is the dose where nothing is `against` it, otherwise the near miss."""

    scanned: tuple[Scanned, ...]
    against: tuple[str, ...]
    draft: Draft


def look(pharmacy: Pharmacy, text: str, at: datetime, subject: str | None = None, on: date | None = None) -> Scanned:
    """A syringe as it stands at a moment; `subject` is the patient for whom somebody holds it in hand."""
    return _scanned(pharmacy, pharmacy.find(text), at, subject, on)


def _scanned(pharmacy: Pharmacy, found: Prepared, at: datetime, subject: str | None, on: date | None) -> Scanned:
    chart = pharmacy.desk.chart(found.subject)
    schedule = _schedule(chart, found, at)
    item = next((i for i in schedule.items if i.id == found.syringe.item), None)
    zone = schedule.zone_on(item.date if item else at.date())
    today = on or at.astimezone(ZoneInfo(zone)).date()
    place = pharmacy.place(found)
    whose = [] if subject in (None, found.subject) else [f"It is {found.subject}'s, and not {subject}'s."]
    against = (*whose, *_of_syringe(pharmacy, found, place, at, today), *_of_dose(found, item, today))
    return Scanned(found, place, item, zone, tuple(against))


def _schedule(chart: Chart, found: Prepared, at: datetime) -> Schedule:
    last = max(at, found.use_until).date() + timedelta(days=60)
    return chart.schedule(max(last, chart.last_event_on), max(at.date(), chart.history.day_1))


def _of_syringe(pharmacy: Pharmacy, found: Prepared, place: Place, at: datetime, on: date) -> Iterator[str]:
    if place == "pharmacy":
        yield "By the ledger it has not left the pharmacy: it was not handed out."
    elif place != "out":
        yield f"It {WORDS[place]}."
    if found.checked is False:
        yield "The second person's volume was another."
    if at > found.use_until:
        yield f"It was to be used until {found.use_until:%Y-%m-%d %H:%M} UTC: EXPIRED."
    late = expired_lots(pharmacy, found, on)
    if late:
        yield f"Lot {listed(late, 'and')} in it is expired."


def _of_dose(found: Prepared, item: Item | None, on: date) -> Iterator[str]:
    if item is None:
        yield f"{found.syringe.item} is no longer on the schedule."
        return
    if item.status != "planned":
        yield f"{item.id} {STATES[item.status]}."
    elif item.amount != found.syringe.amount:
        now = item.amount.rounded() if item.amount else "without an amount"
        yield f"It holds {found.syringe.amount.rounded()}, and {item.id} is {now} now."
    first, last = item.window or (item.date, item.date)
    if item.status != "given" and not first <= on <= last:
        yield f"It is for {day(item.date)}, and not for {day(on)}."


# ---------------------------------------------------------------- giving


def give(
    desk: Desk, subject: str, typed: Sequence[str], said_on: date | None, said_time: str | None, now: datetime
) -> Verdict:
    """The dose out of these syringes (all its parts), or the near miss, for the patient at hand; nothing is stored."""
    chart = desk.chart(subject)
    pharmacy = Pharmacy(desk)
    numbers = tuple(dict.fromkeys(read(text) for text in typed))
    unknown = [number for number in numbers if number not in pharmacy.stock.prepared]
    if unknown:
        return _stopped(desk, chart, unknown[0], said_on, ("No such syringe was prepared here.",), ())
    at, clock = _moment(desk, chart, said_on, said_time, now)
    on = said_on or desk.today
    scanned = tuple(_scanned(pharmacy, pharmacy.stock.prepared[n], at, subject, on) for n in numbers)
    for each in scanned:
        if each.against:
            return _stopped(desk, chart, each.syringe.syringe.number, said_on, each.against, scanned)
    _check_whole(scanned)
    first = scanned[0].syringe.syringe

    def judge(scene: Scene) -> Intent:
        intent = doses.given(scene, first.item, None, clock, first.lot)
        events = tuple(replace(e, syringes=numbers) if isinstance(e, DoseGiven) else e for e in intent.events)
        return Intent(events, intent.flags, ((LEDGER, pharmacy.last_number),))

    return Verdict(scanned, (), desk.draft(chart, judge, said_on, ""))


def _stopped(
    desk: Desk, chart: Chart, number: str, on: date | None, why: tuple[str, ...], scanned: tuple[Scanned, ...]
) -> Verdict:
    draft = desk.draft(chart, lambda scene: Intent((NearMiss(scene.on, number, why),)), on, "")
    return Verdict(scanned, why, draft)


def _moment(desk: Desk, chart: Chart, on: date | None, said: str | None, now: datetime) -> tuple[datetime, str]:
    """When it is given, and by the patient's clock."""
    day_given = on or desk.today
    zone = ZoneInfo(chart.schedule(chart.history.day_1, desk.today).zone_on(day_given))
    clock = clock_time(said)
    if clock is None:
        if day_given != desk.today:
            raise Refused(f"Say at what time it was given on {day(day_given)}, like --time 20:00.")
        return now, f"{now.astimezone(zone):%H:%M}"
    at = datetime.combine(day_given, time.fromisoformat(clock), zone).astimezone(UTC)
    check_moment(at, now)
    return at, clock


def _check_whole(scanned: Sequence[Scanned]) -> None:
    """One dose at a time, and all of it."""
    items = list(dict.fromkeys(each.syringe.syringe.item for each in scanned))
    if len(items) > 1:
        raise Refused(f"These are syringes of {len(items)} doses, {listed(items, 'and')}. Give one dose at a time.")
    parts = scanned[0].syringe.syringe.parts
    if len(scanned) < parts:
        raise Refused(f"{items[0]} is in {parts} syringes, and {len(scanned)} is here. Scan all of them together.")


def heading(scanned: Scanned) -> str:
    """'Syringe 4821-057P: S-001, C1D2/aldesleukin_low'."""
    filled = scanned.syringe.syringe
    return f"Syringe {printed(filled.number)}: {scanned.syringe.subject}, {filled.item}"
