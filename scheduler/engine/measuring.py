"""One dose in a syringe: the volume at a mark, how far off it is, and why there may be none.

The volume is the dose divided by the concentration, rounded once to a mark of the syringe, a tie to
the mark below. How far that is off counts in per cent of the exact dose: a warning above 5, no
volume above 10 (HOPA: rounding within 10 % is acceptable; audits of the NCI count more as a fault).
Of the syringes that measure the volume, the smallest is used: its marks are the finest.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from scheduler.protocol.product_model import Product, SyringeKind
from scheduler.quantities import EXACT, Amount, plain

WARN_ABOVE, REFUSE_ABOVE = Decimal(5), Decimal(10)
"""Per cent of the exact dose."""

MARKS_FOR_FIVE_PER_CENT = 10
"""At this many marks, half a mark is 5 % of the dose."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A dose in one kind of syringe: mL at a mark, and how far off in signed per cent of the dose.

    `fits`: the syringe can measure that volume; it is neither too little nor too much for it.
    """

    kind: SyringeKind
    volume: Decimal
    deviation: Decimal
    fits: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """What to draw up. `exact` is the volume in mL before rounding, to 60 digits.

    `measured` is the dose in every syringe of the product, `drawn` the one to use; where there is
    none, `refusal` says why, and what would help.
    """

    exact: Decimal | None = None
    measured: tuple[Measured, ...] = ()
    drawn: Measured | None = None
    refusal: str = ""


def draw(amount: Amount, product: Product) -> Draw:
    """One dose (more than 0) of a product."""
    per_ml = product.concentration.in_unit(amount.unit)
    if per_ml is None:
        return Draw(
            refusal=f"The dose is in {amount.unit} and the product in {product.concentration.unit}; "
            "one is never converted into the other."
        )
    exact = EXACT.divide(amount.value, per_ml.value)
    measured = tuple(measure(amount, per_ml, kind) for kind in product.syringes)
    fitting = next((each for each in measured if each.fits), None)
    if fitting is not None and abs(fitting.deviation) <= REFUSE_ABOVE:
        return Draw(exact, measured, fitting)
    return Draw(exact, measured, None, _refusal(amount, product, measured))


def measure(amount: Amount, per_ml: Amount, kind: SyringeKind) -> Measured:
    """A dose in one kind of syringe, both amounts in one unit. No quotient is formed on the way."""
    mark = EXACT.multiply(per_ml.value, kind.graduation)
    marks = EXACT.divide_int(amount.value, mark)
    if EXACT.multiply(2, EXACT.remainder(amount.value, mark)) > mark:
        marks += 1
    volume = EXACT.multiply(marks, kind.graduation)
    difference = EXACT.subtract(EXACT.multiply(marks, mark), amount.value)
    deviation = EXACT.divide(EXACT.multiply(100, difference), amount.value)
    return Measured(kind, volume, deviation, kind.smallest <= volume <= kind.capacity)


def compared(deviation: Decimal) -> str:
    """'6.7 % less than the dose', 'equal to the dose': one decimal, and more where that would hide a limit."""
    off = abs(deviation)
    if off == 0:
        return "equal to the dose"
    shown, places = Decimal(0), 1
    while places <= 6 and _hides(shown, off):
        shown = off.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
        places += 1
    return f"{plain(shown)} % {'more' if deviation > 0 else 'less'} than the dose"


def _hides(shown: Decimal, off: Decimal) -> bool:
    return shown == 0 or any((shown > limit) != (off > limit) for limit in (WARN_ABOVE, REFUSE_ABOVE))


def _refusal(amount: Amount, product: Product, measured: tuple[Measured, ...]) -> str:
    """Why no syringe of the product will do, and what would; without a volume that could be drawn up."""
    smallest, largest = product.syringes[0], product.syringes[-1]
    if not any(each.volume <= each.kind.capacity for each in measured):
        return (
            f"The dose is more than the largest syringe holds, {plain(largest.capacity)} mL. "
            "A larger syringe, or two injections, would hold it; the pharmacy decides."
        )
    fitting = [each for each in measured if each.fits]
    if not fitting:
        return (
            f"The dose is less than the {smallest.name} measures, {plain(smallest.smallest)} mL at least. "
            f"{_weaker(amount, product)}"
        )
    best = min(fitting, key=lambda each: abs(each.deviation))
    why = (
        f"At the nearest mark of the {fitting[0].kind.name} it would be {compared(fitting[0].deviation)}; "
        f"above {REFUSE_ABOVE} % nothing is drawn up. "
    )
    if abs(best.deviation) <= REFUSE_ABOVE:
        return f"{why}In the {best.kind.name} it would be {compared(best.deviation)}; the pharmacy decides."
    return why + _weaker(amount, product)


def _weaker(amount: Amount, product: Product) -> str:
    """The concentration at which half a mark of the finest syringe is at most 5 % of the dose."""
    finest = min(product.syringes, key=lambda kind: kind.graduation)
    volume = max(finest.smallest, EXACT.multiply(MARKS_FOR_FIVE_PER_CENT, finest.graduation))
    most = EXACT.divide(amount.value, volume)
    step = Decimal(1).scaleb(most.adjusted() - 1)
    shown = Amount(most.quantize(step, ROUND_DOWN, EXACT), amount.unit)
    avoided = "".join(f", but not between {plain(band.least.value)} and {band.most} per mL" for band in product.avoided)
    return (
        f"In the {finest.name}, {finest.marks}, a concentration of at most {shown} per mL would keep "
        f"it within {WARN_ABOVE} %{avoided}; the pharmacy decides whether it can be made."
    )
