"""Body surface areas against independent computations, and which weight is in force."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.engine.body_size import (
    FORMULA_NAMES,
    SizePolicy,
    body_size,
    is_new_weight,
    surface_area,
    weight_in_force,
)
from scheduler.record.events import HeightMeasured, WeightMeasured
from tests.conftest import MONDAY

FLOATS: dict[str, Callable[[float, float], float]] = {
    "mosteller": lambda h, w: math.sqrt(h * w / 3600),
    "du_bois": lambda h, w: 0.007184 * h**0.725 * w**0.425,
    "haycock": lambda h, w: 0.024265 * h**0.3964 * w**0.5378,
    "gehan_george": lambda h, w: 0.0235 * h**0.42246 * w**0.51456,
    "boyd": lambda h, w: 0.0003207 * h**0.3 * (1000 * w) ** (0.7285 - 0.0188 * math.log10(1000 * w)),
}
EVERY_CYCLE = SizePolicy(at_enrolment=False, recalculate_at=Decimal(10), formula="mosteller", cap=None)


@pytest.mark.parametrize(
    ("formula", "areas"),
    [
        ("mosteller", ("1.7912", "1.4907", "1.9896")),
        ("du_bois", ("1.7710", "1.5011", "1.8818")),
        ("haycock", ("1.8042", "1.4873", "2.0474")),
        ("gehan_george", ("1.8083", "1.5012", "2.0325")),
        ("boyd", ("1.8183", "1.4977", "2.0863")),
    ],
)
def test_the_published_table(formula: str, areas: tuple[str, ...]) -> None:
    """165 cm and 70 kg, 160 and 50, 150 and 95."""
    sizes = (("165", "70"), ("160", "50"), ("150", "95"))
    found = tuple(f"{surface_area(formula, Decimal(cm), Decimal(kg)):.4f}" for cm, kg in sizes)
    assert found == areas


@given(
    st.sampled_from(sorted(FORMULA_NAMES)),
    st.decimals("100", "250", places=1, allow_nan=False),
    st.decimals("20", "300", places=2, allow_nan=False),
)
def test_every_formula_against_floats(formula: str, cm: Decimal, kg: Decimal) -> None:
    area = surface_area(formula, cm, kg)
    assert math.isclose(float(area), FLOATS[formula](float(cm), float(kg)), rel_tol=1e-11)
    assert area.as_tuple().exponent == -12


def test_there_are_as_many_formulas_as_are_known() -> None:
    assert set(FORMULA_NAMES) == set(FLOATS)


def test_a_cap_limits_the_area_and_says_so() -> None:
    weight, height = WeightMeasured(MONDAY, Decimal(120)), HeightMeasured(MONDAY, Decimal(180))
    capped = SizePolicy(at_enrolment=False, recalculate_at=None, formula="mosteller", cap=Decimal(2))
    size = body_size(weight, height, capped)
    assert size.area == 2
    assert size.reasons_by_area[-1].text.endswith("from 180 cm and 120 kg: 2.4495 m2, limited to 2 m2.")
    assert body_size(weight, height, EVERY_CYCLE).area != 2


# --- which weight is in force -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("used", "measured", "threshold", "is_new"),
    [
        ("70", "77", "10", True),
        ("70", "76.99", "10", False),
        ("70", "63", "10", True),
        ("70", "63.01", "10", False),
        ("66.6", "73.26", "10", True),
        ("66.6", "73.25", "10", False),
        ("70", "73.5", "5", True),
        ("70", "70", None, False),
        ("70", "70.1", None, True),
    ],
)
def test_from_which_change_on_a_weight_is_new(used: str, measured: str, threshold: str | None, is_new: bool) -> None:  # noqa: FBT001
    limit = Decimal(threshold) if threshold else None
    assert is_new_weight(Decimal(used), Decimal(measured), limit) is is_new


kilograms = st.decimals("40", "120", places=1, allow_nan=False)


@given(st.lists(st.tuples(st.integers(-30, 200), kilograms), max_size=8))
def test_every_change_is_against_the_weight_last_used(measured: list[tuple[int, Decimal]]) -> None:
    weights = tuple(sorted((WeightMeasured(MONDAY + timedelta(days=d), kg) for d, kg in measured), key=_day))
    used: WeightMeasured | None = None
    for cycle in range(10):
        day_1 = MONDAY + timedelta(days=21 * cycle)
        before, used = used, weight_in_force(weights, used, day_1, EVERY_CYCLE)
        latest = next((w for w in reversed(weights) if w.happened_on <= day_1), None)
        if before is None or latest is None or abs(latest.kg - before.kg) / before.kg >= Decimal("0.1"):
            assert used == latest
        else:
            assert used == before


def _day(weight: WeightMeasured) -> date:
    return weight.happened_on


def test_the_weight_at_enrolment_stays_where_the_protocol_says_so() -> None:
    policy = SizePolicy(at_enrolment=True, recalculate_at=Decimal(10), formula="mosteller", cap=None)
    first, second = WeightMeasured(MONDAY, Decimal(70)), WeightMeasured(MONDAY + timedelta(days=9), Decimal(100))
    assert weight_in_force((first, second), first, MONDAY + timedelta(days=21), policy) == first
