"""What is drawn up for the patients of an open record: when, for which doses, and which infusions are made.

Nothing is recorded here. What was handed out already and still counts is not drawn up again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler.clinic.chart import LONGEST, Chart
from scheduler.clinic.closed_days import no_pick_up
from scheduler.clinic.desk import Desk
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.clinic.plans import FIRST_START, LAST_START, Faulty
from scheduler.clinic.settings import Settings
from scheduler.engine import to_draw as work
from scheduler.engine.batches import Rules
from scheduler.engine.schedule import Schedule
from scheduler.engine.to_draw import ToDraw
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol
from scheduler.protocol.product_facts import read_hours
from scheduler.protocol.product_model import Product, Products
from scheduler.record.stock import FilledSyringe

LONGEST_SPAN = timedelta(days=366)


def asked_days(first: date | None, last: date | None, today: date, days: int) -> tuple[date, date]:
    """The days that are asked for: from today on where none is given, and so many of them; Refused without sense."""
    begin = first or (min(today, last) if last else today)
    _check_years(begin)
    end = last or begin + timedelta(days=days - 1)
    check_days(begin, end)
    return begin, end


def check_days(first: date, last: date) -> None:
    """Refused where the days make no sense."""
    if last < first:
        raise Refused(f"{last} is before {first}. Give the earlier day with --from.")
    _check_years(first, last)
    if last - first > LONGEST_SPAN:
        raise Refused(f"From {first} to {last} is more than a year. Give fewer days.")


def _check_years(*days: date) -> None:
    for day in days:
        if not FIRST_START <= day <= LAST_START + LONGEST:
            raise Refused(f"{day} is not in the years {FIRST_START.year} to {LAST_START.year}. Mend the day.")


def to_draw(
    desk: Desk,
    settings: Settings,
    products: Products,
    days: tuple[date, date],
    subject: str | None = None,
    left_out: list[str] | None = None,
) -> Iterator[ToDraw]:
    """Every patient's part, or one's; Refused where there is no such patient.

    Of several, one whose chart cannot be opened is named in `left_out`, where there is such a list, and the
    others get theirs; without it that is Refused.
    """
    check_days(*days)
    pharmacy = Pharmacy(desk)
    for name in [subject] if subject is not None else sorted(desk.log.subjects()):
        try:
            yield _part(desk, pharmacy, settings, products, (name, days))
        except (Refused, Faulty) as fault:
            if subject is not None or left_out is None:
                raise
            left_out.append(f"LEFT OUT: {name}. {fault}")


def _part(
    desk: Desk, pharmacy: Pharmacy, settings: Settings, products: Products, asked: tuple[str, tuple[date, date]]
) -> ToDraw:
    name, (first, last) = asked
    chart = desk.chart(name)
    schedule = _schedule(chart, last, desk.today)
    rules = rules_of(settings, schedule, chart.protocol, first)
    made_from = f"entry {chart.last_number}, seal {chart.entries[-1].seal[:12]}"
    approved = chart.protocol.standing == "approved"
    zone, notes = pharmacy_zone(settings, schedule), _notes(chart.protocol, products)
    record = work.Record(chart.history, zone, made_from, approved, notes, _prepared(pharmacy, name))
    return work.to_draw(schedule, record, products, rules, last)


def _schedule(chart: Chart, last: date, today: date) -> Schedule:
    """So far that all syringes of the last visit are on it, and can be counted; ten years at most."""
    end = chart.history.day_1 + LONGEST
    return chart.schedule(min(end, chart.two_cycles_from(min(last, end))), today)


def _prepared(pharmacy: Pharmacy, subject: str) -> tuple[FilledSyringe, ...]:
    """What stands made up in the pharmacy; what a second person did not agree with is made anew."""
    mine = pharmacy.of_patient(subject).values()
    return tuple(each.syringe for each, place in mine if place == "pharmacy" and each.checked is not False)


def _notes(protocol: Protocol, products: Products) -> tuple[str, ...]:
    """Where the protocol and a product file do not agree on how long a syringe keeps: the product file counts."""
    said = protocol.setting("beyond_use_time")
    if not said:
        return ()
    names = dict.fromkeys(each.product for each in protocol.treatments if protocol.given_by(each.key) == "patient")
    found = [product for name in names if isinstance(product := products.get(name), Product)]
    return tuple(
        f"The protocol says that a syringe keeps {said}, and the product file {each.file} says "
        f"{each.beyond_use_hours} hours. The product file counts; the pharmacy answers for it."
        for each in found
        if each.beyond_use_hours != read_hours(said)
    )


def rules_of(settings: Settings, schedule: Schedule, protocol: Protocol, first: date) -> Rules:
    """When this clinic's pharmacy opens, on which days it hands out, how late this protocol's doses may be taken."""
    here = ZoneInfo(pharmacy_zone(settings, schedule))
    return Rules(
        opens=lambda day: _moment(day, settings.opening, here),
        taken=lambda day, clock: _moment(day, clock, ZoneInfo(schedule.zone_on(day))),
        closed=lambda day: no_pick_up(settings, day),
        first=first,
        late=timedelta(hours=_window(protocol)),
    )


def pharmacy_zone(settings: Settings, schedule: Schedule) -> str:
    """The clinic's zone; where nobody has set one, that of the patient's enrolment."""
    return schedule.zone if settings.zone == Settings().zone else settings.zone


@lru_cache(maxsize=4096)
def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def _window(protocol: Protocol) -> int:
    """Hours by which a home dose may be late; 0 where the protocol has no home doses."""
    hours = protocol.setting("home_dose_window").split(" ")[0]
    return int(hours) if hours.isdecimal() else 0
