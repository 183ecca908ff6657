"""From a schedule and the products to syringes: what to draw up for each home dose, and its number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.engine.drawing_up import Draw, draw
from scheduler.engine.measuring import WARN_ABOVE, compared, per_cent
from scheduler.engine.schedule import Item, Schedule
from scheduler.protocol.product_model import Product, Products, Unfinished
from scheduler.quantities import Amount

NOTHING_TO_DRAW = ("given", "missed", "skipped", "ended")
_WHY_NOT = {
    "held": "On hold: nothing is drawn up until a person lifts the hold.",
    "blocked": "A decision is open: nothing is drawn up before it is recorded.",
}


class Release(NamedTuple):
    """The visit that releases a home dose, and the last day before the next such visit.

    `visit` is None before the first one, `until` where the schedule ends before the next one.
    """

    visit: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Syringe:
    """One dose as the pharmacy draws it up, in one syringe or in equal parts; where it cannot, `draw.refusal` says why.

    `product` is at the concentration that is chosen for this treatment. `number` counts from 1 per treatment
    and release, 0 where nothing is drawn up; `counted` is how many of its release the schedule holds.
    """

    item: Item
    product: Product | None
    release: Release
    draw: Draw
    number: int = 0
    counted: int = 0

    @property
    def of(self) -> int | None:
        """All syringes of the release; None where the schedule ends before the release does."""
        return self.counted if self.release.until is not None else None

    @property
    def content(self) -> Amount | None:
        """What is really given, all parts together, in the unit of the dose; None where nothing is drawn up."""
        if self.draw.drawn is None or self.product is None or self.item.amount is None:
            return None
        drawn = self.product.concentration.times(self.draw.drawn.whole)
        return drawn.in_unit(self.item.amount.unit)

    @property
    def more_than_one_vial(self) -> bool:
        """Whether it holds more than one vial does."""
        if self.content is None or self.product is None:
            return False
        vial = self.product.vial.in_unit(self.content.unit)
        return vial is not None and self.content.value > vial.value

    @property
    def warning(self) -> str:
        """What is more than 5 % off the dose: the mark, or what stays in the hub; otherwise ''."""
        drawn = self.draw.drawn
        if drawn is None:
            return ""
        said = []
        if abs(drawn.deviation) > WARN_ABOVE:
            said.append(f"Rounded to the mark it is {compared(drawn.deviation)}: above {WARN_ABOVE} %.")
        if drawn.kept_back > WARN_ABOVE:
            said.append(f"The hub keeps back {per_cent(drawn.kept_back)} of the dose: above {WARN_ABOVE} %.")
        return " ".join(said)


def syringes(schedule: Schedule, products: Products) -> tuple[Syringe, ...]:
    """A syringe for every injection that is still to come, in the schedule's order.

    `products` are by the name that treatments give them. A dose that cannot be drawn up (on hold,
    without an amount, too far off at every mark) stays in the list with the reason.
    """
    slots = {(item.slot.key, item.slot.product): item for item in schedule.items if _is_drawn_up(item)}
    chosen = {name: _chosen(item, products) for name, item in slots.items()}
    found = [
        Syringe(item, product, _release(schedule, item.date), _draw(item, product, why))
        for item in schedule.items
        if _is_drawn_up(item)
        for product, why in [chosen[item.slot.key, item.slot.product]]
    ]
    totals = Counter(_series(each) for each in found if each.draw.drawn)
    so_far: Counter[tuple[str, Release]] = Counter()
    numbered = []
    for each in found:
        if each.draw.drawn:
            so_far[_series(each)] += 1
            number, counted = so_far[_series(each)], totals[_series(each)]
            numbered.append(replace(each, number=number, counted=counted))
        else:
            numbered.append(each)
    return tuple(numbered)


def _series(syringe: Syringe) -> tuple[str, Release]:
    return syringe.item.slot.key, syringe.release


def _is_drawn_up(item: Item) -> bool:
    """An injection under the skin or into a muscle, at home or in the clinic; infusions and tablets are no syringes."""
    return item.slot.route in ("subcutaneous", "intramuscular") and item.status not in NOTHING_TO_DRAW


def _release(schedule: Schedule, on: date) -> Release:
    visit = max((each for each in schedule.go_no_go if each <= on), default=None)
    later = min((each for each in schedule.go_no_go if each > on), default=None)
    return Release(visit, later - timedelta(days=1) if later else None)


def refused(item: Item) -> str:
    """Why nothing is prepared for a dose, whatever the product; '' where something is."""
    if item.status in _WHY_NOT:
        return _WHY_NOT[item.status]
    if item.amount is None or item.status == "not-computable":
        said = [reason.text for reason in item.reasons if reason.kind == "arithmetic"]
        return said[-1] if said else "The amount cannot be computed."
    return ""


def product_for(item: Item, products: Products) -> tuple[Product | None, str]:
    """The product of a dose; or None and why there is no volume."""
    found = products.get(item.slot.product)
    if found is None:
        named = f"'{item.slot.product}'" if item.slot.product else f"for {item.slot.drug}"
        return None, f"There is no product file {named}: the vial is not known, so no volume."
    if isinstance(found, Unfinished):
        return None, found.refusal
    return found, ""


def _chosen(item: Item, products: Products) -> tuple[Product | None, str]:
    """The product at the concentration that its file chooses for this treatment."""
    found, why = product_for(item, products)
    if found is None:
        return None, why
    product = found.for_treatment(item.slot.key)
    if product is None:
        return None, (
            f"The product file {found.file} allows several concentrations and chooses none for {item.slot.key}: "
            f"no volume. Add below 'use:' a line like '{found.stock} per mL for {item.slot.key}'."
        )
    return product, ""


def _draw(item: Item, product: Product | None, why: str) -> Draw:
    said = refused(item)
    if said or item.amount is None:
        return Draw(refusal=said)
    return Draw(refusal=why) if product is None else draw(item.amount, product)
