"""Infusions: the volume to withdraw, the vials, the bag, the concentration in the bag, and what is left over.

The volume is the dose divided by the concentration of the vial, rounded once to what it is measured to, a
tie down; no dose is rounded to whole vials. The bag is the first of the product file in which the
concentration stays inside the range.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scheduler.engine.measuring import REFUSE_ABOVE, WARN_ABOVE, compared
from scheduler.engine.schedule import Item, Schedule
from scheduler.engine.syringes import NOTHING_TO_DRAW, product_for, refused
from scheduler.protocol.product_model import Bag, Infusing, Product, Products
from scheduler.quantities import EXACT, Amount, plain, shown_number


@dataclass(frozen=True, slots=True)
class Infusion:
    """One infusion as the pharmacy makes it; where it cannot, `refusal` says why and there is no volume.

    `exact` is the volume in mL before rounding, `volume` what is withdrawn from `vials` vials; `deviation`
    is in signed per cent of the dose; `final` is per mL in the bag; `left_over` is what the vials still hold.
    """

    item: Item
    product: Product | None
    refusal: str = ""
    exact: Decimal | None = None
    volume: Decimal | None = None
    deviation: Decimal = Decimal(0)
    content: Amount | None = None
    vials: int = 0
    left_over: Amount | None = None
    bag: Bag | None = None
    final: Amount | None = None

    @property
    def range(self) -> tuple[Amount, Amount] | None:
        """The least and the greatest concentration per mL in the bag; None where no source bounds it."""
        infusing = self.product.infusing if self.product else None
        if infusing is None or infusing.least is None or infusing.most is None:
            return None
        return infusing.least, infusing.most

    @property
    def warning(self) -> str:
        """One sentence where the volume is more than 5 % off the dose, otherwise ''."""
        if self.volume is None or abs(self.deviation) <= WARN_ABOVE:
            return ""
        return f"Rounded it is {compared(self.deviation)}: above {WARN_ABOVE} %."


def infusions(schedule: Schedule, products: Products) -> tuple[Infusion, ...]:
    """Every infusion that is still to come, in the schedule's order; one without a volume stays, with the reason."""
    return tuple(
        infusion(item, products)
        for item in schedule.items
        if item.slot.kind == "dose" and item.slot.route == "intravenous" and item.status not in NOTHING_TO_DRAW
    )


def infusion(item: Item, products: Products) -> Infusion:
    """One infusion of a product that its treatment names."""
    product, unknown = product_for(item, products)
    said = refused(item) or unknown
    if said or product is None or item.amount is None:
        return Infusion(item, product, said)
    per_ml = product.stock.in_unit(item.amount.unit)
    if product.infusing is None:
        return Infusion(item, product, f"The product file {product.file} names no bag: it is made for syringes only.")
    if per_ml is None:
        why = f"The dose is in {item.amount.unit} and the product in {product.stock.unit}; one is never converted."
        return Infusion(item, product, why)
    return _made(item, item.amount, product, product.infusing, per_ml)


def _made(item: Item, amount: Amount, product: Product, infusing: Infusing, per_ml: Amount) -> Infusion:
    exact = EXACT.divide(amount.value, per_ml.value)
    volume = _stepped(amount, per_ml, infusing.step)
    content = Amount(EXACT.multiply(volume, per_ml.value), amount.unit)
    deviation = EXACT.divide(EXACT.multiply(100, EXACT.subtract(content.value, amount.value)), amount.value)
    if abs(deviation) > REFUSE_ABOVE:
        why = (
            f"Measured to {plain(infusing.step)} mL it would be {compared(deviation)}; above {REFUSE_ABOVE} % nothing "
            "is drawn up. A finer measure, or a weaker solution, would do; the pharmacy decides."
        )
        return Infusion(item, product, why, exact)
    bag = next((each for each in infusing.bags if _fits(each, volume, content, infusing)), None)
    if bag is None:
        return Infusion(item, product, _no_bag(content, infusing), exact)
    vials = vials_for(content, product.vial)
    vial = product.vial.in_unit(content.unit) or product.vial
    left_over = Amount(EXACT.subtract(EXACT.multiply(vial.value, vials), content.value), content.unit)
    final = Amount(EXACT.divide(content.value, bag.total(volume)), content.unit)
    return Infusion(item, product, "", exact, volume, deviation, content, vials, left_over, bag, final)


def _stepped(amount: Amount, per_ml: Amount, step: Decimal) -> Decimal:
    """The volume at a whole number of steps, a tie down; no quotient is formed on the way."""
    one = EXACT.multiply(per_ml.value, step)
    steps = EXACT.divide_int(amount.value, one)
    if EXACT.multiply(2, EXACT.remainder(amount.value, one)) > one:
        steps += 1
    return EXACT.multiply(steps, step)


def vials_for(content: Amount, vial: Amount) -> int:
    """Whole vials that an amount takes."""
    same = vial.in_unit(content.unit)
    if same is None:
        raise ValueError(f"{content} cannot come from vials of {vial}")
    return int(EXACT.divide(content.value, same.value).to_integral_value(ROUND_CEILING))


def _fits(bag: Bag, volume: Decimal, content: Amount, infusing: Infusing) -> bool:
    """Whether the bag holds the volume at a concentration inside the range, both its ends included."""
    if bag.takes_out and volume > bag.volume:
        return False
    bounds = _bounds(content, infusing)
    return bounds is None or bounds[0] <= bag.total(volume) <= bounds[1]


def _bounds(content: Amount, infusing: Infusing) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest volume in mL in which the concentration stays inside the range."""
    least = infusing.least.in_unit(content.unit) if infusing.least else None
    most = infusing.most.in_unit(content.unit) if infusing.most else None
    if least is None or most is None:
        return None
    return EXACT.divide(content.value, most.value), EXACT.divide(content.value, least.value)


def bag_volumes(content: Amount, infusing: Infusing) -> tuple[int, int] | None:
    """The same in whole mL, inside the range."""
    bounds = _bounds(content, infusing)
    if bounds is None:
        return None
    return int(bounds[0].to_integral_value(ROUND_CEILING)), int(bounds[1].to_integral_value(ROUND_FLOOR))


def _no_bag(content: Amount, infusing: Infusing) -> str:
    volumes = bag_volumes(content, infusing)
    needs = (
        f"{content.rounded()} needs a bag of {volumes[0]:,} to {volumes[1]:,} mL to stay between "
        f"{infusing.least} and {infusing.most} per mL"
        if volumes
        else f"{content.rounded()} takes more room than a bag has"
    )
    named = ", ".join(f"{shown_number(bag.volume)} mL" for bag in infusing.bags)
    return f"{needs}; the product file names {named}. Another bag would do; the pharmacy decides."
