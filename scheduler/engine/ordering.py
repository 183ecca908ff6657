"""How many vials the work of some days takes: over all patients, by product. Pure.

Syringes that are drawn up for one patient on one day may come out of the same vial; infusions, other days and
other patients have vials of their own. So the number is enough without sharing, and never less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.engine.infusions import vials_for
from scheduler.engine.to_draw import ToDraw
from scheduler.protocol.product_model import Product, Unfinished
from scheduler.quantities import EXACT, Amount

ASSUMED = (
    "Syringes that are drawn up for one patient on one day share vials; infusions, days and patients do not.",
    "A vial gives all that it holds; what stays in the vial, spilling and breakage are not counted.",
    "What is left in a multiple-dose vial is not carried over to another dose.",
    "Doses on hold, waiting for a decision or without an amount are not counted; nor are those that no day covers.",
)


@dataclass(frozen=True, slots=True)
class Need:
    """What one patient takes of one product on one day: so much drug, in so many vials."""

    on: date
    subject: str
    product: Product
    doses: int
    content: Amount
    vials: int


@dataclass(frozen=True, slots=True)
class Order:
    """The vials of one product, by day and patient."""

    product: Product
    needs: tuple[Need, ...]

    @property
    def vials(self) -> int:
        return sum(need.vials for need in self.needs)

    @property
    def shared(self) -> int:
        """The vials if nothing were left over: the least that any sharing could come to."""
        unit = self.product.vial.unit
        contents = (need.content.in_unit(unit) for need in self.needs)
        total = sum((each.value for each in contents if each is not None), Decimal(0))
        return vials_for(Amount(total, unit), self.product.vial)


@dataclass(frozen=True, slots=True)
class Orders:
    """Every product with its vials; doses without a known vial by drug; doses that are not counted, by reason."""

    products: tuple[Order, ...]
    unknown: dict[str, int]
    not_counted: dict[str, int]
    used: tuple[Product | Unfinished, ...]


def orders(found: Iterable[ToDraw]) -> Orders:
    """The vials for what all patients' parts have in their sessions and infusions."""
    needs: list[Need] = []
    unknown: dict[str, int] = defaultdict(int)
    not_counted: dict[str, int] = defaultdict(int)
    used: dict[str, Product | Unfinished] = {}
    for work in found:
        needs += _needs(work)
        used |= {each.file: each for each in work.used}
        refused = [(each.item, each.product) for each in work.refused]
        refused += [(each.item, each.product) for each in work.infusions if each.volume is None]
        for item, product in refused:
            if product is None and item.status == "planned" and item.amount is not None:
                unknown[item.slot.drug] += 1
            else:
                not_counted[f"{item.slot.drug}, without a volume"] += 1
        for left in work.batches.uncovered:
            not_counted[f"{left.syringe.item.slot.drug}, not covered by any day"] += 1
    by_file: dict[str, list[Need]] = defaultdict(list)
    for need in sorted(needs, key=lambda need: (need.product.key, need.on, need.subject)):
        by_file[need.product.file].append(need)
    made = tuple(Order(each[0].product, tuple(each)) for each in by_file.values())
    return Orders(made, dict(unknown), dict(not_counted), tuple(used.values()))


def _needs(work: ToDraw) -> list[Need]:
    found: list[Need] = []
    for session in work.batches.sessions:
        parts: dict[str, list[tuple[Product, Amount]]] = defaultdict(list)
        for each in session.syringes:
            drawn, product = each.draw.drawn, each.product
            if drawn is not None and product is not None:
                filled = product.concentration.times(EXACT.multiply(drawn.fill, drawn.parts))
                parts[product.file].append((product, filled))
        found += [_need(session.on, work.subject, part) for part in parts.values()]
    found += [
        Need(each.item.date, work.subject, each.product, 1, each.content, each.vials)
        for each in work.infusions
        if each.product is not None and each.content is not None
    ]
    return found


def _need(on: date, subject: str, part: list[tuple[Product, Amount]]) -> Need:
    product, unit = part[0][0], part[0][0].vial.unit
    amounts = (amount.in_unit(unit) for _, amount in part)
    total = Amount(sum((each.value for each in amounts if each is not None), Decimal(0)), unit)
    return Need(on, subject, product, len(part), total, vials_for(total, product.vial))
