"""Choices that no shipped protocol makes, each in a copy of one that makes another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Schedule
from scheduler.problems import report
from scheduler.protocol import library
from scheduler.record.events import CycleStarted, Event, WeightMeasured
from scheduler.shipped import protocols_folder
from tests.conftest import IL2, IL12, MONDAY, WEEKLY, doses, goes_on, patient

Plan = Callable[..., Schedule]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    def planned(
        name: str, changes: dict[str, str], *events: Event, arm: str | None = None, kg: str = "70", cm: str = "165"
    ) -> Schedule:
        """A schedule of 120 days by a copy of a protocol with other words in it."""
        text = (protocols_folder() / f"{name}.yaml").read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        copy = tmp_path / "copy.yaml"
        copy.write_text(text, encoding="utf-8")
        loaded = library.load(copy)
        assert loaded.protocol is not None
        assert not loaded.problems, report(loaded.problems)
        return build_schedule(
            loaded.protocol, patient(MONDAY, *events, arm=arm, kg=kg, cm=cm), MONDAY + timedelta(days=119)
        )

    return planned


def starts(found: Schedule) -> list[date]:
    return [cycle.start for cycle in found.cycles]


def infusions(found: Schedule) -> list[Decimal]:
    return [item.amount.value for item in doses(found, "trastuzumab") if item.amount]


# --- the cycle clock ----------------------------------------------------------------------------

KEEPS_PLAN = {"cycle_anchor: actual_day_1": "cycle_anchor: planned_day_1"}


def test_cycles_may_keep_their_planned_days(plan: Plan) -> None:
    on_plan, late = plan(IL2, KEEPS_PLAN), plan(IL2, KEEPS_PLAN, CycleStarted(date(2026, 1, 29), 2))
    assert starts(late)[1] == date(2026, 1, 29)
    assert starts(late)[2:] == starts(on_plan)[2:]
    third = next(item for item in late.items if item.cycle_day == "C3D1")
    assert "Cycle 3 keeps its planned day, 2026-02-09, as cycle 2 was moved." in [r.text for r in third.reasons]


def test_planned_days_that_have_passed_are_left_out(plan: Plan) -> None:
    """Cycle 2 begins so late that the planned day 1 of cycle 3 is over."""
    late = plan(IL2, KEEPS_PLAN, CycleStarted(date(2026, 2, 10), 2))
    assert starts(late)[1:4] == [date(2026, 2, 10), date(2026, 2, 23), date(2026, 3, 9)]


# --- weight and area ----------------------------------------------------------------------------

HEAVIER = WeightMeasured(date(2026, 1, 26), Decimal(100))
A_BIT_HEAVIER = WeightMeasured(date(2026, 1, 26), Decimal("70.1"))


def test_the_weight_of_the_enrolment_may_count_throughout(plan: Plan) -> None:
    assert set(infusions(plan(IL2, {"weight_used: day_1_of_cycle": "weight_used: enrolment"}, HEAVIER))) == {280}


def test_any_change_of_weight_may_count(plan: Plan) -> None:
    changed = infusions(plan(IL2, {"recalculate_at: 10 %": "recalculate_at: any_change"}, A_BIT_HEAVIER))
    assert changed[:3] == [280, 280, Decimal("280.4")]


@pytest.mark.parametrize(("formula", "low"), [("du_bois", "1.771"), ("boyd", "1.818")])
def test_another_formula(plan: Plan, formula: str, low: str) -> None:
    found = plan(IL2, {"body_surface_area: mosteller": f"body_surface_area: {formula}"})
    assert str(doses(found, "aldesleukin_low")[0].amount.rounded()) == f"{low} million units"  # type: ignore[union-attr]


def test_a_cap_of_the_area(plan: Plan) -> None:
    found = plan(IL2, {"surface_area_cap: none": "surface_area_cap: 1.75 m2"})
    assert str(doses(found, "aldesleukin_intermediate")[0].amount) == "21 million units"


# --- doses by bands -----------------------------------------------------------------------------

BANDS = {
    "- cycle 1 day 1: trastuzumab 4 mg/kg intravenous\n": "- cycle 1 day 1: trastuzumab by bands intravenous\n",
    "- cycle 2+ day 1: trastuzumab 2 mg/kg intravenous\n": (
        "- cycle 2+ day 1: trastuzumab by bands intravenous\n"
        "    bands:\n"
        "      - trastuzumab up to 1.5 m2: 120 mg\n"
        "      - trastuzumab up to 1.8 m2: 150 mg\n"
        "      - trastuzumab above 1.8 m2: 200 mg\n"
    ),
    "      recalculate_at: 10 %\n": (
        "      recalculate_at: 10 %\n      body_surface_area: mosteller\n      surface_area_cap: none\n"
    ),
}


@pytest.mark.parametrize(
    ("cm", "kg", "amount"),
    [
        ("165", "40", "120 mg"),
        ("150", "54", "120 mg"),
        ("150", "54.1", "150 mg"),
        ("165", "70", "150 mg"),
        ("165", "90", "200 mg"),
    ],
)
def test_bands(plan: Plan, cm: str, kg: str, amount: str) -> None:
    """150 cm and 54 kg are 1.5 m2; a bound belongs to its own band."""
    found = doses(plan(WEEKLY, BANDS, cm=cm, kg=kg), "trastuzumab")[1]
    assert (str(found.amount), found.status) == (amount, "planned")
    assert any(reason.text.endswith(f": {amount}.") for reason in found.reasons)


# --- visits that release home doses, limits of blood --------------------------------------------


def test_every_visit_with_grades_may_release_home_doses(plan: Plan) -> None:
    by_cycle = plan(IL2, {})
    by_visit = plan(IL2, {"go_no_go: day_1_of_cycle": "go_no_go: every_toxicity_visit"})
    assert by_cycle.go_no_go[:2] == (MONDAY, date(2026, 1, 26))
    assert by_visit.go_no_go[:3] == (MONDAY, date(2026, 1, 12), date(2026, 1, 26))
    assert (by_cycle.released_until(MONDAY), by_visit.released_until(MONDAY)) == (date(2026, 1, 25), date(2026, 1, 11))


@pytest.mark.parametrize(("limit", "warned"), [("480", False), ("479", True)])
def test_the_limit_itself_is_not_too_much_blood(plan: Plan, limit: str, warned: bool) -> None:  # noqa: FBT001
    found = plan(IL12, {"550 mL in 8 weeks": f"{limit} mL in 8 weeks"}, goes_on(), arm="cohort-1")
    assert ("too-much-blood" in {notice.code for notice in found.notices}) is warned
