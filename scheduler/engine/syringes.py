"""From a schedule and the products to syringes: what to draw up for each home dose, and its number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.engine.measuring import WARN_ABOVE, Draw, compared, draw
from scheduler.engine.schedule import Item, Schedule
from scheduler.protocol.product_model import Product
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
    """One home dose as the pharmacy draws it up; where it cannot, `draw.refusal` says why.

    `number` counts from 1 per treatment and release, 0 where nothing is drawn up; `counted` is how
    many of its release the schedule holds.
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
        """What the syringe really holds, in the unit of the dose; None where nothing is drawn up."""
        if self.draw.drawn is None or self.product is None or self.item.amount is None:
            return None
        drawn = self.product.concentration.times(self.draw.drawn.volume)
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
        """One sentence where the mark is more than 5 % off the dose, otherwise ''."""
        drawn = self.draw.drawn
        if drawn is None or abs(drawn.deviation) <= WARN_ABOVE:
            return ""
        return f"Rounded to the mark it is {compared(drawn.deviation)}: above {WARN_ABOVE} %."


def syringes(schedule: Schedule, products: Mapping[str, Product]) -> tuple[Syringe, ...]:
    """A syringe for every injection that is still to come, in the schedule's order.

    `products` are by the name that treatments give them. A dose that cannot be drawn up (on hold,
    without an amount, too far off at every mark) stays in the list with the reason.
    """
    found = [
        Syringe(item, product, _release(schedule, item.date), _draw(item, product))
        for item in schedule.items
        if _is_drawn_up(item)
        for product in [products.get(item.slot.product)]
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


def _draw(item: Item, product: Product | None) -> Draw:
    if item.status in _WHY_NOT:
        return Draw(refusal=_WHY_NOT[item.status])
    if item.amount is None or item.status == "not-computable":
        said = [reason.text for reason in item.reasons if reason.kind == "arithmetic"]
        return Draw(refusal=said[-1] if said else "The amount cannot be computed.")
    if product is None:
        named = f"'{item.slot.product}'" if item.slot.product else f"for {item.slot.drug}"
        return Draw(refusal=f"There is no product file {named}: the vial is not known, so no volume.")
    return draw(item.amount, product)
