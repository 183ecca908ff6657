"""Rate times body size: the exact amount of a dose, and the arithmetic behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from scheduler.engine.body_size import BodySize
from scheduler.engine.reasons import Reason
from scheduler.protocol.meaning import Band
from scheduler.quantities import Amount, Rate, shown_number


class Dosage(NamedTuple):
    """An amount with its reasons; None where it cannot be computed, and then the reasons say why."""

    rate: Rate | None
    amount: Amount | None
    reasons: tuple[Reason, ...]


def dosage(rate: Rate | None, bands: tuple[Band, ...], size: BodySize) -> Dosage:
    """The amount of one dose for one body size; by rate, or by a table of bands."""
    if rate is None:
        return _by_bands(bands, size)
    if rate.per == "":
        return Dosage(rate, rate.amount, ())
    factor, reasons = _factor(rate.per, size)
    if factor is None:
        return Dosage(rate, None, (*reasons, _missing(rate.per, size)))
    amount = rate.amount.times(factor)
    unit = "kg" if rate.per == "kg" else "m2"
    text = f"{rate} x {shown_number(round(factor, 4))} {unit} = {amount.rounded()}."
    return Dosage(rate, amount, (*reasons, Reason("arithmetic", text)))


def _factor(per: str, size: BodySize) -> tuple[Decimal | None, tuple[Reason, ...]]:
    if per == "kg":
        return (size.weight.kg if size.weight else None), size.reasons_by_weight
    return size.area, size.reasons_by_area


def _missing(per: str, size: BodySize) -> Reason:
    if size.too_old:
        return Reason("arithmetic", size.too_old)
    lacking = [] if size.weight else ["weight"]
    lacking += ["height"] if per == "m2" and size.height is None else []
    what = " and no ".join(lacking)
    return Reason("arithmetic", f"No amount: no {what} is recorded on or before day 1 of the cycle. Record it.")


def _by_bands(bands: tuple[Band, ...], size: BodySize) -> Dosage:
    per = bands[0].per if bands else "m2"
    factor, reasons = _factor(per, size)
    if factor is None:
        return Dosage(None, None, (*reasons, _missing(per, size)))
    rows = sorted(bands, key=lambda band: (band.up_to is None, band.up_to or 0))
    for band in rows:
        if band.up_to is None or factor <= band.up_to:
            bound = "above all bounds" if band.up_to is None else f"up to {shown_number(band.up_to)} {per}"
            text = f"{shown_number(round(factor, 4))} {per} is {bound}: {band.amount}."
            return Dosage(Rate(band.amount), band.amount, (*reasons, Reason("arithmetic", text)))
    text = f"No amount: {shown_number(round(factor, 4))} {per} is above the table of doses."
    return Dosage(None, None, (*reasons, Reason("arithmetic", text)))
