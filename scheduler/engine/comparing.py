"""Every concentration, syringe and splitting for one dose, each with its verdict; and what to do without a volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple

from scheduler.engine.measuring import (
    MOST_PARTS,
    REFUSE_ABOVE,
    WARN_ABOVE,
    Measured,
    choose,
    compared,
    measure,
    per_cent,
)
from scheduler.protocol.product_model import Product
from scheduler.protocol.wording import listed
from scheduler.quantities import EXACT, Amount, plain

MARKS_FOR_FIVE_PER_CENT = 10
"""At this many marks, half a mark is 5 % of the dose."""

Verdict = Literal["chosen", "would do", "with a warning", "refused", "impossible"]


class Option(NamedTuple):
    """One way to draw up a dose: at which concentration per mL, in what, and what speaks for or against it."""

    concentration: Amount
    measured: Measured
    verdict: Verdict
    why: str


def options(amount: Amount, product: Product) -> tuple[Option, ...]:
    """Every allowed concentration in every syringe; in equal parts where one syringe does not hold it."""
    found: list[Option] = []
    for concentration in product.concentrations:
        per_ml = concentration.in_unit(amount.unit)
        if per_ml is None:
            continue
        chosen = choose(amount, per_ml, product) if concentration == product.concentration else None
        found += (Option(concentration, each, *_verdict(each, chosen)) for each in _ways(amount, per_ml, product))
    return tuple(found)


def _ways(amount: Amount, per_ml: Amount, product: Product) -> Iterator[Measured]:
    for kind in product.syringes:
        whole = measure(amount, per_ml, kind)
        yield whole
        parted = measure(amount, per_ml, kind, MOST_PARTS)
        if EXACT.add(whole.volume, kind.overfill) > kind.capacity and parted.fits:
            yield parted


def _verdict(each: Measured, chosen: Measured | None) -> tuple[Verdict, str]:
    kind = each.kind
    if not each.fits and each.volume < kind.smallest:
        return "impossible", f"it measures {plain(kind.smallest)} mL at least"
    if not each.fits:
        overfill = f", {plain(kind.overfill)} mL of it overfill" if kind.overfill else ""
        return "impossible", f"it holds {plain(kind.capacity)} mL{overfill}"
    if each.refused:
        return "refused", f"above {REFUSE_ABOVE} %"
    reasons = [f"above {WARN_ABOVE} %"] if abs(each.deviation) > WARN_ABOVE else []
    if each.kept_back > WARN_ABOVE:
        reasons.append(f"its hub keeps back {per_cent(each.kept_back)} of the dose")
    why = ", ".join(reasons)
    if each == chosen:
        return "chosen", why
    return ("with a warning" if reasons else "would do"), why


def refusal(amount: Amount, product: Product, measured: Sequence[Measured]) -> str:
    """Why no syringe of the product will do, and what would; without a volume that could be drawn up."""
    smallest, largest = product.syringes[0], product.syringes[-1]
    if all(EXACT.add(each.volume, each.kind.overfill) > each.kind.capacity for each in measured):
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
    if not best.refused:
        return f"{why}In the {best.kind.name} it would be {compared(best.deviation)}; the pharmacy decides."
    return why + _weaker(amount, product)


def _weaker(amount: Amount, product: Product) -> str:
    """The allowed concentrations that would do; where none does, how weak it would have to be."""
    others = (each for each in options(amount, product) if each.concentration != product.concentration)
    would = dict.fromkeys(each.concentration for each in others if each.verdict == "would do")
    if would:
        names = listed([f"{each} per mL" for each in would])
        return f"At {names} it would be within {WARN_ABOVE} %: the product file allows that; the pharmacy decides."
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
