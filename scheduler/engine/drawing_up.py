"""What to draw up for one dose of one product: a volume in a syringe, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scheduler.engine.comparing import refusal
from scheduler.engine.measuring import Measured, choose, measure
from scheduler.protocol.product_model import Product
from scheduler.quantities import EXACT, Amount


@dataclass(frozen=True, slots=True)
class Draw:
    """What to draw up. `exact` is the volume of the whole dose in mL before rounding, to 60 digits.

    `measured` is the dose in every syringe of the product, `drawn` the one to use; where there is
    none, `refusal` says why, and what would help.
    """

    exact: Decimal | None = None
    measured: tuple[Measured, ...] = ()
    drawn: Measured | None = None
    refusal: str = ""


def draw(amount: Amount, product: Product) -> Draw:
    """One dose (more than 0) of a product, at its chosen concentration."""
    per_ml = product.concentration.in_unit(amount.unit)
    if per_ml is None:
        return Draw(
            refusal=f"The dose is in {amount.unit} and the product in {product.concentration.unit}; "
            "one is never converted into the other."
        )
    if not product.syringes:
        return Draw(refusal=f"The product file {product.file} names no syringes: it is made for infusions only.")
    exact = EXACT.divide(amount.value, per_ml.value)
    measured = tuple(measure(amount, per_ml, kind) for kind in product.syringes)
    chosen = choose(amount, per_ml, product)
    if chosen is not None and not chosen.refused:
        return Draw(exact, measured, chosen)
    return Draw(exact, measured, None, refusal(amount, product, measured))
