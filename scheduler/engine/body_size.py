"""The weight and height in force, and the body surface area.

Formulas (height H in cm, weight W in kg, area in m2):
Mosteller 1987, Du Bois 1916, Haycock 1978, Gehan and George 1970, Boyd 1935.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from scheduler.engine.reasons import Reason
from scheduler.protocol.model import Protocol
from scheduler.quantities import EXACT, shown_number
from scheduler.record.events import HeightMeasured, WeightMeasured
from scheduler.record.history import History

_ROOTS = Context(prec=34, rounding=ROUND_HALF_EVEN)
_AREA_STEP = Decimal("1e-12")
"""An area is an irrational number; it is kept to 12 decimals (a millionth of a millionth of a m2)."""

FORMULA_NAMES = {
    "mosteller": "Mosteller",
    "du_bois": "Du Bois",
    "haycock": "Haycock",
    "gehan_george": "Gehan and George",
    "boyd": "Boyd",
}


@lru_cache(maxsize=256)
def surface_area(formula: str, height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body surface area in m2 by one of FORMULA_NAMES, to 12 decimals."""
    h, w, p = height_cm, weight_kg, _ROOTS
    if formula == "mosteller":
        area = p.sqrt(p.divide(p.multiply(h, w), Decimal(3600)))
    elif formula == "du_bois":
        area = _product("0.007184", (h, "0.725"), (w, "0.425"))
    elif formula == "haycock":
        area = _product("0.024265", (h, "0.3964"), (w, "0.5378"))
    elif formula == "gehan_george":
        area = _product("0.0235", (h, "0.42246"), (w, "0.51456"))
    else:
        grams = p.multiply(w, Decimal(1000))
        exponent = p.subtract(Decimal("0.7285"), p.multiply(Decimal("0.0188"), p.log10(grams)))
        area = p.multiply(_product("0.0003207", (h, "0.3")), p.power(grams, exponent))
    return area.quantize(_AREA_STEP, context=EXACT)


def _product(factor: str, *powers: tuple[Decimal, str]) -> Decimal:
    result = Decimal(factor)
    for base, exponent in powers:
        result = _ROOTS.multiply(result, _ROOTS.power(base, Decimal(exponent)))
    return result


@dataclass(frozen=True, slots=True)
class BodySize:
    """What doses of one cycle are calculated from; None where nothing is recorded by then."""

    weight: WeightMeasured | None
    height: HeightMeasured | None
    area: Decimal | None
    reasons_by_weight: tuple[Reason, ...]
    reasons_by_area: tuple[Reason, ...]
    too_old: str = ""
    """Why no amount follows the weight, where the last one is older than the protocol allows."""


@dataclass(frozen=True, slots=True)
class SizePolicy:
    """Which weight counts, from which change on (per cent, None: any), which formula, which cap (m2).

    `oldest` is how many days before day 1 of a cycle the last weight may have been measured (None: any number).
    """

    at_enrolment: bool
    recalculate_at: Decimal | None
    formula: str
    cap: Decimal | None
    oldest: int | None = None


@lru_cache(maxsize=64)
def size_policy(protocol: Protocol) -> SizePolicy:
    """What a protocol says of weights and areas."""
    change, cap = protocol.setting("recalculate_at"), protocol.setting("surface_area_cap")
    return SizePolicy(
        at_enrolment=protocol.setting("weight_used") == "enrolment",
        recalculate_at=Decimal(change.split()[0]) if change.endswith("%") else None,
        formula=protocol.setting("body_surface_area"),
        cap=Decimal(cap.split()[0]) if cap.endswith("m2") else None,
        oldest=int(age.split()[0]) if (age := protocol.setting("weight_not_older_than")) else None,
    )


def body_sizes(policy: SizePolicy, history: History, starts: Iterable[date]) -> list[BodySize]:
    """The body size in force in each cycle, given their first days; the same value as long as nothing changes."""
    sizes: list[BodySize] = []
    weights, heights = history.weights, history.heights
    used: WeightMeasured | None = None
    for day_1 in starts:
        used = weight_in_force(weights, used, day_1, policy)
        height = next((height for height in reversed(heights) if height.happened_on <= day_1), None)
        if too_old := _too_old(weights, day_1, policy):
            sizes.append(BodySize(None, height, None, (), (), too_old))
        elif sizes and sizes[-1].weight is used and sizes[-1].height is height:
            sizes.append(sizes[-1])
        else:
            sizes.append(body_size(used, height, policy))
    return sizes


def _too_old(weights: tuple[WeightMeasured, ...], day_1: date, policy: SizePolicy) -> str:
    """Why the last weight does not count for a cycle; '' where it does, or where there is none."""
    known = [weight for weight in weights if weight.happened_on <= day_1]
    days = (day_1 - known[-1].happened_on).days if known else 0
    if policy.oldest is None or days <= policy.oldest:
        return ""
    last = f"{shown_number(known[-1].kg)} kg of {known[-1].happened_on}"
    return (
        f"No amount: the last weight, {last}, is {days} days old on day 1 of the cycle; at most {policy.oldest} may be."
    )


def is_new_weight(used: Decimal, measured: Decimal, threshold: Decimal | None) -> bool:
    """Whether a measured weight differs from the one last used by at least the threshold in per cent."""
    difference = abs(measured - used)
    return difference > 0 if threshold is None else difference * 100 >= threshold * used


def weight_in_force(
    weights: tuple[WeightMeasured, ...], used: WeightMeasured | None, day_1: date, policy: SizePolicy
) -> WeightMeasured | None:
    """The weight for a cycle that begins on `day_1`, given the one used for the cycle before."""
    known = [weight for weight in weights if weight.happened_on <= day_1]
    if not known:
        return used
    if used is None or (not policy.at_enrolment and is_new_weight(used.kg, known[-1].kg, policy.recalculate_at)):
        return known[-1]
    return used


def body_size(weight: WeightMeasured | None, height: HeightMeasured | None, policy: SizePolicy) -> BodySize:
    """Weight, height and area, with the events and the arithmetic behind them."""
    weight_reasons = (_weight_reason(weight),) if weight else ()
    if weight is None or height is None or not policy.formula:
        return BodySize(weight, height, None, weight_reasons, weight_reasons)
    area = surface_area(policy.formula, height.cm, weight.kg)
    text = (
        f"Body surface area by {FORMULA_NAMES[policy.formula]} from {shown_number(height.cm)} cm and "
        f"{shown_number(weight.kg)} kg: {shown_number(round(area, 4))} m2"
    )
    if policy.cap is not None and area > policy.cap:
        text += f", limited to {shown_number(policy.cap)} m2"
        area = policy.cap
    event = Reason("event", f"Height {shown_number(height.cm)} cm, measured on {height.happened_on}.")
    return BodySize(weight, height, area, weight_reasons, (*weight_reasons, event, Reason("arithmetic", text + ".")))


def _weight_reason(weight: WeightMeasured) -> Reason:
    return Reason("event", f"Weight {shown_number(weight.kg)} kg, measured on {weight.happened_on}.")
