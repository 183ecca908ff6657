"""One dose in a syringe: the volume at a mark, how far off it is, and why there may be none.

The volume is the dose divided by the concentration, rounded once to a mark of the syringe, a tie to
the mark below. How far that is off counts in per cent of the exact dose: a warning above 5, no
volume above 10 (HOPA: rounding within 10 % is acceptable; audits of the NCI count more as a fault).
Of the syringes that measure the volume, the smallest is used: its marks are the finest. A dose that it
does not hold goes into a larger one, or in equal parts into two, as the product file says.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from scheduler.protocol.product_model import Product, SyringeKind
from scheduler.quantities import EXACT, Amount, plain

WARN_ABOVE, REFUSE_ABOVE = Decimal(5), Decimal(10)
"""Per cent of the exact dose."""

MOST_PARTS = 2
"""Injections of one dose; nobody is asked for a third."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A dose in one kind of syringe: mL at a mark in each of `parts` of them, and how far off the whole is.

    `deviation` is in signed per cent of the dose. `fits`: the syringe can measure that volume; it is neither
    too little nor too much for it.
    """

    kind: SyringeKind
    volume: Decimal
    deviation: Decimal
    fits: bool
    parts: int = 1

    @property
    def whole(self) -> Decimal:
        """The volume of the whole dose, in mL: that of all parts together."""
        return EXACT.multiply(self.volume, self.parts)

    @property
    def fill(self) -> Decimal:
        """To which mark one syringe is filled, in mL: its volume and what stays in the hub."""
        return EXACT.add(self.volume, self.kind.overfill)

    @property
    def kept_back(self) -> Decimal:
        """What the hubs keep back beyond the overfill, in per cent of the dose."""
        lost = max(Decimal(0), EXACT.subtract(self.kind.dead_space, self.kind.overfill))
        return EXACT.divide(EXACT.multiply(100, lost), self.volume) if self.volume else Decimal(0)

    @property
    def warned(self) -> bool:
        return max(abs(self.deviation), self.kept_back) > WARN_ABOVE

    @property
    def refused(self) -> bool:
        return abs(self.deviation) > REFUSE_ABOVE


def choose(amount: Amount, per_ml: Amount, product: Product) -> Measured | None:
    """The smallest syringe that measures the dose, in parts where the product file wants parts."""
    parts = range(1, MOST_PARTS + 1) if product.over_capacity == "equal parts" else (1,)
    found = (measure(amount, per_ml, kind, number) for kind in product.syringes for number in parts)
    return next((each for each in found if each.fits), None)


def measure(amount: Amount, per_ml: Amount, kind: SyringeKind, parts: int = 1) -> Measured:
    """A dose in one kind of syringe, both amounts in one unit. No quotient is formed on the way."""
    mark = EXACT.multiply(EXACT.multiply(per_ml.value, kind.graduation), parts)
    marks = EXACT.divide_int(amount.value, mark)
    if EXACT.multiply(2, EXACT.remainder(amount.value, mark)) > mark:
        marks += 1
    volume = EXACT.multiply(marks, kind.graduation)
    difference = EXACT.subtract(EXACT.multiply(marks, mark), amount.value)
    deviation = EXACT.divide(EXACT.multiply(100, difference), amount.value)
    fits = kind.smallest <= volume and EXACT.add(volume, kind.overfill) <= kind.capacity
    return Measured(kind, volume, deviation, fits, parts)


def compared(deviation: Decimal) -> str:
    """'6.7 % less than the dose', 'equal to the dose': one decimal, and more where that would hide a limit."""
    if deviation == 0:
        return "equal to the dose"
    return f"{per_cent(deviation)} {'more' if deviation > 0 else 'less'} than the dose"


def per_cent(deviation: Decimal) -> str:
    """'6.7 %', without its sign."""
    off = abs(deviation)
    shown, places = Decimal(0), 1
    while places <= 6 and _hides(shown, off):
        shown = off.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
        places += 1
    return f"{plain(shown)} %"


def _hides(shown: Decimal, off: Decimal) -> bool:
    return shown == 0 or any((shown > limit) != (off > limit) for limit in (WARN_ABOVE, REFUSE_ABOVE))
