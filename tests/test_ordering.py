"""How many vials some days take: per patient and day, over all patients, with what is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from scheduler.engine.batches import Rules
from scheduler.engine.ordering import Order, orders
from scheduler.engine.to_draw import Record, ToDraw, to_draw
from scheduler.protocol.product_files import read_products
from scheduler.quantities import Amount
from tests.syringe_sample import DAY_1, INTERMEDIATE, dose, schedule

PRODUCTS = read_products()[0]
LAST = DAY_1 + timedelta(days=20)


def moment(day: date, clock: str = "09:00") -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=int(clock[:2]))


def work(*items, subject="S-001", closed=()) -> ToDraw:
    shut = {DAY_1 + timedelta(days=day - 1) for day in closed}
    rules = Rules(moment, moment, lambda day: "closed" if day in shut else "", DAY_1)
    record = Record(None, "UTC", "a plan", approved=False)
    return to_draw(schedule(*items, subject=subject), record, PRODUCTS, rules, LAST)


def vein(day, amount, product):
    return dose(day, amount, unit="mg", product=product, route="intravenous", given_by="clinic")


def order(*parts: ToDraw) -> Order:
    (found,) = orders(parts).products
    return found


def test_syringes_of_one_patient_and_day_share_a_vial() -> None:
    found = order(work(dose(2), dose(3)))  # 3.6 million units on one day
    assert [(need.doses, need.content, need.vials) for need in found.needs] == [
        (2, Amount(Decimal("3.6"), "million units"), 1)
    ]
    assert found.vials == found.shared == 1


def test_days_and_patients_have_vials_of_their_own() -> None:
    found = order(work(dose(2), dose(5)), work(dose(2), subject="S-002"))
    assert [(need.subject, need.vials) for need in found.needs] == [("S-001", 1), ("S-002", 1), ("S-001", 1)]
    assert (found.vials, found.shared) == (3, 1)


def test_an_intermediate_dose_above_1_83_m2_takes_more_than_one_vial() -> None:
    assert order(work(dose(9, "21.6", INTERMEDIATE))).vials == 1
    assert order(work(dose(9, "22.68", INTERMEDIATE))).vials == 2


def test_infusions_are_counted_one_by_one() -> None:
    found = order(work(vein(2, "280", "trastuzumab"), vein(9, "140", "trastuzumab")))
    assert (found.vials, found.shared) == (2, 1)
    assert found.product.vial == Amount(Decimal(420), "mg")


def test_what_is_not_counted_is_told() -> None:
    part = work(
        dose(2, status="held"),
        dose(3, product="interleukin-12"),
        dose(6),
        dose(9),
        closed=(5, 6),
    )
    found = orders([part])
    assert found.unknown == {"aldesleukin": 1}  # the sample's drug, of which no vial is known
    assert found.not_counted == {
        "aldesleukin, without a volume": 1,
        "aldesleukin, not covered by any day": 1,
    }
    assert found.products[0].vials == 1


def test_nothing_to_do_is_no_order() -> None:
    assert orders([work()]).products == ()
