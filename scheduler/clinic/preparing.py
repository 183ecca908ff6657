"""Syringes made for a patient's doses, and the second person's check of each.

The volume is the program's, from the schedule as it stands; nothing is prepared for a dose that is not to come, from
an expired lot, or to be used past its time. The check takes the second person's own result and shows no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.clinic import finding
from scheduler.clinic.chart import Chart
from scheduler.clinic.pharmacy import LedgerDraft, Pharmacy
from scheduler.clinic.stocking import lot_name
from scheduler.clinic.words import count, day
from scheduler.engine.infusions import infusions
from scheduler.engine.schedule import Item, Schedule
from scheduler.engine.stock import Prepared, Stock, same_person
from scheduler.engine.syringes import syringes
from scheduler.problems import Refused
from scheduler.protocol.product_model import Product
from scheduler.protocol.wording import listed
from scheduler.quantities import Amount, plain
from scheduler.record.stock import FilledSyringe, SyringeChecked, SyringesPrepared, VialsUsed
from scheduler.record.syringe_numbers import LEAST, MOST, fits, made, printed

Chance = Callable[[int], int]
"""A whole number below another, by chance."""
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made: for one treatment, for the doses of these days, from these lots, at a moment (UTC)."""

    subject: str
    treatment: str
    first: date
    last: date
    lots: tuple[tuple[str, int], ...]
    at: datetime
    reason: str = ""


class Making(NamedTuple):
    """One dose to make up: mL in each of its `parts`, what all of them hold, how long it keeps; or why not."""

    item: Item
    volume: Decimal | None
    parts: int = 1
    content: Amount | None = None
    hours: int = 0
    refusal: str = ""


def prepare(
    pharmacy: Pharmacy, products: Mapping[str, Product], wanted: Wanted, by: str, chance: Chance | None = None
) -> LedgerDraft:
    """The syringes of the doses that are to come; what is left out (held, made already) is told."""
    chart = pharmacy.desk.chart(wanted.subject)
    if wanted.last < wanted.first:
        raise Refused(f"{day(wanted.last)} is before {day(wanted.first)}. Give the first day first.")
    (key, *more) = finding.treatments(chart.protocol, [wanted.treatment])
    if more:
        raise Refused(f"{wanted.treatment} has several strengths. Prepare one at a time: {listed([key, *more])}.")
    schedule = chart.schedule(wanted.last + timedelta(days=60), pharmacy.desk.today)
    product = _product(chart, key, products)
    lots = tuple(VialsUsed(lot_name(lot), vials) for lot, vials in wanted.lots)
    if not lots:
        raise Refused("Say which vials are used: --lot LOT=VIALS.")
    on = min(wanted.at.astimezone(ZoneInfo(schedule.zone)).date(), pharmacy.desk.today)
    mine = [i for i in schedule.items if i.slot.key == key and wanted.first <= i.date <= wanted.last]
    drawn = {each.item.id: each for each in _makings(schedule, products)}
    chosen, left_out = _to_make(pharmacy, wanted.subject, mine, drawn, schedule.released_until(on))
    if not chosen:
        raise Refused(" ".join([f"There is nothing to prepare of {key} on {_days(wanted)}.", *left_out]))
    hours = min(each.hours for each in chosen)
    use_until = _use_until(pharmacy.stock, product, lots, wanted.at, schedule.zone, hours)
    for each in chosen:
        _check_reach(schedule, each.item, use_until)
    _check_vials(chosen, product, lots, wanted.reason)
    parts = [(each, part) for each in chosen for part in range(1, each.parts + 1)]
    numbers = _numbers(pharmacy.stock, len(parts), chance or secrets.randbelow)
    filled = tuple(_filled(*each, n, lots, use_until) for each, n in zip(parts, numbers, strict=True))
    event = SyringesPrepared(on, wanted.subject, key, product.key, lots, stamp(wanted.at), filled)
    return pharmacy.draft((event,), by, left_out, ((wanted.subject, chart.last_number),))


def stamp(at: datetime) -> str:
    """A moment as events keep it, cut to the minute: '2026-01-07T15:00Z'."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def due_at(schedule: Schedule, item: Item, *, latest: bool = False) -> datetime:
    """When a dose is due, in UTC: at its time, or at the end of its day where none is said or `latest` is asked."""
    at = LAST_MINUTE if latest or item.slot.time is None else time.fromisoformat(item.slot.time)
    return datetime.combine(item.date, at, ZoneInfo(schedule.zone_on(item.date))).astimezone(UTC)


def _days(wanted: Wanted) -> str:
    return day(wanted.first) if wanted.first == wanted.last else f"{day(wanted.first)} to {day(wanted.last)}"


def _product(chart: Chart, key: str, products: Mapping[str, Product]) -> Product:
    treatment = chart.protocol.treatment(key)
    product = products.get(treatment.product)
    if product is None:
        raise Refused(f"There is no product file for {treatment.name}: the vial is not known, so nothing is prepared.")
    return product


def _makings(schedule: Schedule, products: Mapping[str, Product]) -> Iterator[Making]:
    """Every syringe and every infusion that is still to come."""
    for each in syringes(schedule, products):
        drawn = each.draw.drawn
        if drawn is None or each.product is None:
            yield Making(each.item, None, refusal=each.draw.refusal)
        else:
            yield Making(each.item, drawn.volume, drawn.parts, each.content, each.product.beyond_use_hours)
    for bag in infusions(schedule, products):
        hours = bag.product.infusing.hours if bag.product and bag.product.infusing else 0
        yield Making(bag.item, bag.volume, 1, bag.content, hours, bag.refusal)


def _use_until(
    stock: Stock, product: Product, lots: Sequence[VialsUsed], at: datetime, zone: str, hours: int
) -> datetime:
    """The product's time from now, and never past the last day of a lot."""
    ends = [at + timedelta(hours=hours)]
    for used in lots:
        lot = stock.lots.get((product.key, used.lot))
        if lot is not None:
            midnight = datetime.combine(lot.expires + timedelta(days=1), time(), ZoneInfo(zone))
            ends.append(midnight.astimezone(UTC) - timedelta(minutes=1))
    return min(ends)


def _to_make(
    pharmacy: Pharmacy, subject: str, mine: Sequence[Item], drawn: Mapping[str, Making], released: date
) -> tuple[list[Making], list[str]]:
    """The doses to come that have no syringe yet; and why the others are left out."""
    there = {
        known.syringe.item: number
        for number, (known, place) in pharmacy.of_patient(subject).items()
        if place in ("pharmacy", "out", "used")
    }
    chosen, left_out = [], []
    for item in mine:
        each = drawn.get(item.id)
        if item.id in there:
            left_out.append(f"LEFT OUT: {item.id} has syringe {printed(there[item.id])}.")
        elif item.status != "planned":
            left_out.append(f"LEFT OUT: {item.id} is {item.status}; nothing is prepared for it.")
        elif item.date > released:
            left_out.append(f"LEFT OUT: {item.id} comes after the next visit that releases doses.")
        elif each is None or each.volume is None:
            left_out.append(f"LEFT OUT: {item.id}. {each.refusal if each else 'It is not made up by the pharmacy.'}")
        else:
            chosen.append(each)
    return chosen, left_out


def _check_reach(schedule: Schedule, item: Item, use_until: datetime) -> None:
    if due_at(schedule, item) > use_until:
        zone = ZoneInfo(schedule.zone_on(item.date))
        until = f"{day(use_until.astimezone(zone).date())} {use_until.astimezone(zone):%H:%M}"
        raise Refused(
            f"A syringe made now is to be used until {until}, and {item.id} is due later. Prepare fewer days."
        )


def _check_vials(chosen: Sequence[Making], product: Product, lots: Sequence[VialsUsed], reason: str) -> None:
    """The vials have to hold what is drawn out of them."""
    contents = [each.content.in_unit(product.vial.unit) for each in chosen if each.content is not None]
    total = sum((amount.value for amount in contents if amount is not None), Decimal(0))
    vials = sum(used.vials for used in lots)
    if total > vials * product.vial.value and not reason:
        held = Amount(vials * product.vial.value, product.vial.unit)
        raise Refused(
            f"{count(vials, 'vial')} of {product.vial} hold {held}, and {count(len(chosen), 'syringe')}"
            f" take {Amount(total, product.vial.unit).rounded()}. Name more vials, or give your reason with --reason."
        )


def _numbers(stock: Stock, wanted: int, chance: Chance) -> list[str]:
    """Numbers that no syringe of this record ever had."""
    found: dict[str, None] = {}
    while len(found) < wanted:
        digits = LEAST + chance(MOST - LEAST + 1)
        if fits(digits) and made(digits) not in stock.prepared:
            found[made(digits)] = None
    return list(found)


def _filled(each: Making, part: int, number: str, lots: Sequence[VialsUsed], use_until: datetime) -> FilledSyringe:
    assert each.volume is not None  # noqa: S101 - chosen so
    assert each.item.amount is not None  # noqa: S101 - nothing is drawn up without
    lot = listed([used.lot for used in lots], "and")
    drawn = (each.item.amount, each.volume, lot, stamp(use_until))
    return FilledSyringe(number, each.item.id, *drawn, part, each.parts)


# ---------------------------------------------------------------- the second person


def check(pharmacy: Pharmacy, text: str, result: Decimal, on: date, by: str, reason: str = "") -> LedgerDraft:
    """The second person's own volume, in mL. It is compared when it is stored, never before."""
    syringe = pharmacy.find(text)
    number = printed(syringe.syringe.number)
    if not 0 < result <= 1_000:
        raise Refused("Give the volume that you worked out in mL, like --result 0.25.")
    if same_person(syringe.by, by):
        raise Refused(f"{syringe.by} prepared syringe {number}, and cannot be the second person as well.")
    place = pharmacy.place(syringe)
    if place != "pharmacy":
        state = {"out": "handed out", "used": "given"}.get(place, place)
        raise Refused(f"Syringe {number} is {state} already; it is checked before it leaves the pharmacy.")
    again = any(same_person(each.by, by) for each in syringe.checks)
    if again and not reason:
        raise Refused(f"You have checked syringe {number} already. To check it again, give your reason with --reason.")
    event = SyringeChecked(on, syringe.syringe.number, result)
    unchanged = ((syringe.subject, pharmacy.history(syringe.subject)[1]),)
    return pharmacy.draft((event,), by, unchanged=unchanged)


def inputs(pharmacy: Pharmacy, products: Mapping[str, Product], text: str) -> list[str]:
    """What the second person works the volume out from; not the first person's result."""
    known: Prepared = pharmacy.find(text)
    filled, found = known.syringe, products.get(known.product)
    parts = f", in {filled.parts} equal parts; the volume of one" if filled.parts > 1 else ""
    lines = [f"Syringe {printed(filled.number)}: {filled.item} of {known.subject}, {filled.amount.rounded()}{parts}."]
    if found is not None:
        product = found.for_treatment(known.treatment) or found
        sizes = [f"{kind.name} with {kind.marks}" for kind in product.syringes]
        bag = f"A bag is measured to {plain(product.infusing.step)} mL." if product.infusing else ""
        how = f"Syringes: {listed(sizes, 'and')}." if sizes else bag
        lines.append(f"{product.name}: {product.concentration} per mL. {how}")
    lines.append("Volume = amount divided by concentration, rounded once to a mark, half a mark down.")
    return lines
