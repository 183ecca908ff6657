"""From a schedule and the products to syringes: what to draw up, in which syringe, how far off.

The volume is the dose divided by the concentration, rounded once to a mark of the syringe, a tie to
the mark below. How far that is off counts in per cent of the exact dose: a warning above 5, no
volume above 10 (HOPA: rounding within 10 % is acceptable; audits of the NCI count more as a fault).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from scheduler.engine import undrawn
from scheduler.engine.schedule import Item, Schedule
from scheduler.protocol.product_model import Product, SyringeKind
from scheduler.quantities import EXACT, Amount, plain

WARN_ABOVE, REFUSE_ABOVE = Decimal(5), Decimal(10)
"""Per cent of the exact dose."""

NOTHING_TO_DRAW = ("given", "missed", "skipped", "ended")


class Release(NamedTuple):
    """The visit that releases a home dose, and the last day before the next such visit.

    `visit` is None before the first one, `until` where the schedule ends before the next one.
    """

    visit: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A dose in one kind of syringe: mL at a mark, and how far off in signed per cent of the dose.

    `fits` is whether the syringe can measure that volume: neither too little nor too much for it.
    """

    kind: SyringeKind
    volume: Decimal
    deviation: Decimal
    fits: bool


@dataclass(frozen=True, slots=True)
class Syringe:
    """One home dose as the pharmacy draws it up.

    `exact` is the volume in mL before rounding; `measured` is the dose in every syringe of the
    product, `drawn` the one to use. Where there is none, `refusal` says why in words, and `number`
    is 0. `of` is None where the schedule ends before the release does; `counted` are those known.
    """

    item: Item
    product: Product | None
    release: Release
    exact: Decimal | None = None
    measured: tuple[Measured, ...] = ()
    drawn: Measured | None = None
    refusal: str = ""
    number: int = 0
    counted: int = 0

    @property
    def of(self) -> int | None:
        return self.counted if self.release.until is not None else None

    @property
    def content(self) -> Amount | None:
        """What the syringe really holds, in the unit of the dose."""
        if self.drawn is None or self.product is None or self.item.amount is None:
            return None
        unit = self.item.amount.unit
        return self.product.concentration.times(self.drawn.volume).in_unit(unit)

    @property
    def needs_more_than_one_vial(self) -> bool:
        content = self.content
        vial = self.product.vial.in_unit(content.unit) if self.product and content else None
        return content is not None and vial is not None and content.value > vial.value

    @property
    def warning(self) -> str:
        """One sentence where the mark is more than 5 % off the dose, otherwise ''."""
        if self.drawn is None or abs(self.drawn.deviation) <= WARN_ABOVE:
            return ""
        off = shown_deviation(self.drawn.deviation)
        return f"At the nearest mark it is {off} than the dose; that is above {WARN_ABOVE} %."


def syringes(schedule: Schedule, products: Mapping[str, Product]) -> tuple[Syringe, ...]:
    """A syringe for every home dose of a product that is still to come, in the schedule's order.

    A dose that cannot be drawn up (on hold, without an amount, too far off at every mark) stays in
    the list without a volume and with the reason. Numbers count from 1 per treatment and release.
    """
    found = [
        _syringe(item, products.get(item.slot.product), _release(schedule, item.date))
        for item in schedule.items
        if _is_drawn_up(item)
    ]
    totals = Counter(_series(each) for each in found if each.drawn)
    numbers: Counter[tuple[str, Release]] = Counter()
    return tuple(_numbered(each, numbers, totals) for each in found)


def measure(amount: Amount, concentration: Amount, kind: SyringeKind) -> Measured | None:
    """A dose (more than 0) in one kind of syringe; None where the two units cannot be compared.

    Exact: no quotient is formed before the mark is known.
    """
    per_ml = concentration.in_unit(amount.unit)
    if per_ml is None:
        return None
    mark = EXACT.multiply(per_ml.value, kind.graduation)
    marks = EXACT.divide_int(amount.value, mark)
    if 2 * EXACT.remainder(amount.value, mark) > mark:
        marks += 1
    volume = EXACT.multiply(marks, kind.graduation)
    difference = EXACT.subtract(EXACT.multiply(marks, mark), amount.value)
    deviation = EXACT.divide(100 * difference, amount.value)
    return Measured(kind, volume, deviation, kind.smallest <= volume <= kind.capacity)


def shown_deviation(deviation: Decimal) -> str:
    """'6.7 % less', '2.9 % more', 'equal': one decimal, and more where that would hide a limit."""
    off = abs(deviation)
    if off == 0:
        return "equal"
    shown, places = Decimal(0), 1
    while places <= 6 and _hides(shown, off):
        shown = off.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
        places += 1
    return f"{plain(shown)} % {'more' if deviation > 0 else 'less'}"


def _hides(shown: Decimal, off: Decimal) -> bool:
    return shown == 0 or any((shown > limit) != (off > limit) for limit in (WARN_ABOVE, REFUSE_ABOVE))


def _is_drawn_up(item: Item) -> bool:
    slot = item.slot
    home_dose = slot.kind == "dose" and slot.given_by == "patient" and slot.product != ""
    return home_dose and item.status not in NOTHING_TO_DRAW


def _release(schedule: Schedule, on: date) -> Release:
    visit = max((each for each in schedule.go_no_go if each <= on), default=None)
    later = min((each for each in schedule.go_no_go if each > on), default=None)
    return Release(visit, later - timedelta(days=1) if later else None)


def _syringe(item: Item, product: Product | None, release: Release) -> Syringe:
    bare = Syringe(item, product, release)
    if item.status != "planned" or item.amount is None:
        return _without(bare, undrawn.by_status(item))
    if product is None:
        return _without(bare, f"There is no product file '{item.slot.product}'.")
    per_ml = product.concentration.in_unit(item.amount.unit)
    if per_ml is None:
        return _without(bare, undrawn.by_unit(item.amount, product))
    measured = tuple(
        each for kind in product.syringes if (each := measure(item.amount, per_ml, kind)) is not None
    )
    exact = EXACT.divide(item.amount.value, per_ml.value)
    drawn = next((each for each in measured if each.fits), None)
    known = Syringe(item, product, release, exact, measured)
    ...
    return known
