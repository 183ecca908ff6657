"""Which doses become syringes, what each holds, how they are numbered, and why some are not drawn up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from scheduler.engine.reasons import Reason
from scheduler.engine.syringes import Syringe, syringes
from scheduler.quantities import Amount, plain
from tests.syringe_sample import DAY_1, INTERMEDIATE, dose, first_cycle, schedule, shipped

PRODUCTS = shipped()


def million(value) -> Amount:
    return Amount(Decimal(value), "million units")


def only(*items, **changes) -> Syringe:
    (found,) = syringes(schedule(*items, **changes), PRODUCTS)
    return found


# ---------------------------------------------------------------- amounts that are not there


def test_an_amount_that_is_absent_has_its_reason() -> None:
    why = Reason("arithmetic", "No amount: no weight is recorded on or before day 1 of the cycle.")
    found = only(dose(2, None, status="not-computable", reasons=(why,)))
    assert found.draw.refusal == why.text
    assert only(dose(2, None, status="not-computable", reasons=())).draw.refusal


@pytest.mark.parametrize("status", ["held", "blocked"])
def test_a_held_or_blocked_dose_stays_without_a_volume(status) -> None:
    found = only(dose(2, status=status))
    assert found.draw.drawn is None
    assert "nothing is drawn up" in found.draw.refusal


@pytest.mark.parametrize("status", ["given", "missed", "skipped", "ended"])
def test_what_is_over_needs_no_syringe(status) -> None:
    assert syringes(schedule(dose(2, status=status)), PRODUCTS) == ()


@pytest.mark.parametrize("route", ["oral", "intravenous"])
def test_tablets_and_infusions_need_no_syringe(route) -> None:
    assert syringes(schedule(dose(2, route=route)), PRODUCTS) == ()


def test_an_injection_in_the_clinic_is_drawn_up_as_well() -> None:
    assert len(syringes(schedule(dose(2, given_by="clinic")), PRODUCTS)) == 1


def test_a_product_without_a_file_is_told() -> None:
    (found,) = syringes(schedule(dose(2)), {})
    assert "no product file 'aldesleukin'" in found.draw.refusal


def test_units_are_never_converted_into_mg() -> None:
    assert "never converted" in only(dose(2, "1.1", unit="mg")).draw.refusal


def test_other_units_of_the_same_kind_are() -> None:
    found = only(dose(2, "1791200", unit="units"))
    assert plain(found.draw.drawn.volume) == "0.1"
    assert found.content == Amount(Decimal(1_800_000), "units")


# ---------------------------------------------------------------- content, vials, numbers


def test_what_the_syringe_holds_is_volume_times_concentration() -> None:
    assert only(dose(2, "1.35")).content == million("1.26")


@pytest.mark.parametrize(("amount", "more"), [("21.6", False), ("22.8", True), ("24", True)])
def test_more_than_one_vial(amount, more) -> None:
    assert only(dose(2, amount)).more_than_one_vial is more


def test_numbers_count_per_strength_and_release() -> None:
    found = syringes(first_cycle(), PRODUCTS)
    assert len(found) == 19
    low = [each for each in found if each.item.slot.key != INTERMEDIATE]
    high = [each for each in found if each.item.slot.key == INTERMEDIATE]
    assert [(each.number, each.of) for each in low] == [(n, 16) for n in range(1, 17)]
    assert [(each.number, each.of) for each in high] == [(n, 3) for n in range(1, 4)]


def test_a_dose_on_the_day_of_a_visit_belongs_to_that_visit() -> None:
    items = [dose(21), dose(22, key=INTERMEDIATE), dose(23, key=INTERMEDIATE), dose(36, key=INTERMEDIATE)]
    found = syringes(schedule(*items, visits=(1, 22, 36), last=40), PRODUCTS)
    assert [(each.number, each.of) for each in found] == [(1, 1), (1, 2), (2, 2), (1, None)]
    assert [each.release.visit for each in found[1:]] == [DAY_1 + timedelta(days=days) for days in (21, 21, 35)]
    assert found[1].release.until == DAY_1 + timedelta(days=34)


def test_a_release_that_the_schedule_cuts_has_no_total() -> None:
    found = syringes(first_cycle(visits=(1,)), PRODUCTS)
    assert {each.of for each in found} == {None}
    assert found[0].counted == 16


def test_what_is_not_drawn_up_takes_no_number() -> None:
    found = syringes(schedule(dose(2), dose(3, status="held"), dose(4)), PRODUCTS)
    assert [(each.number, each.counted) for each in found] == [(1, 2), (0, 0), (2, 2)]
