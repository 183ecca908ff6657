"""Schedules made by hand for the tests of syringes and of their list, and the shipped product."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Cycle, Item, Schedule, Slot
from scheduler.protocol.product_model import Product
from scheduler.protocol.products import read_product
from scheduler.quantities import Amount, Rate

DAY_1 = date(2026, 1, 5)
LOW, INTERMEDIATE = "aldesleukin_low", "aldesleukin_intermediate"
MARKS = {LOW: "circle A", INTERMEDIATE: "square B"}
NAMES = {LOW: "aldesleukin, low dose", INTERMEDIATE: "aldesleukin, intermediate dose"}
SIZE = Reason("event", "Weight 70 kg, measured on 2026-01-05.")
NO_WEIGHT = Reason("arithmetic", "No amount: no weight is recorded on or before day 1 of the cycle. Record it.")
ASSUMED = Reason("assumption", "Body surface area is Mosteller's.", "trastuzumab-il2.yaml:200")
FOLDER = Path(__file__).resolve().parent.parent / "protocols" / "products"


def shipped() -> dict[str, Product]:
    product, problems = read_product(FOLDER / "aldesleukin.yaml", "aldesleukin.yaml")
    assert problems == []
    assert product is not None
    return {"aldesleukin": product}


def dose(study_day, amount="1.8", key=LOW, unit="million units", **changes) -> Item:
    """A home dose on a study day of a 21-day cycle 1 and 14-day cycles after it."""
    cycle = 1 if study_day <= 21 else 2 + (study_day - 22) // 14
    day = study_day if cycle == 1 else 1 + (study_day - 22) % 14
    slot = Slot(
        kind="dose",
        key=key,
        name=changes.pop("name", NAMES[key]),
        letter="A" if key == LOW else "B",
        day=day,
        drug="aldesleukin",
        mark=MARKS[key],
        product=changes.pop("product", "aldesleukin"),
        route=changes.pop("route", "subcutaneous"),
        given_by=changes.pop("given_by", "patient"),
        time="20:00",
    )
    value = None if amount is None else Amount(Decimal(amount), unit)
    made = Item(
        slot,
        cycle,
        DAY_1 + timedelta(days=study_day - 1),
        study_day,
        "planned",
        0,
        Rate(Amount(Decimal(1 if key == LOW else 12), "million units"), "m2"),
        value,
        None,
        (SIZE, ASSUMED),
    )
    return made._replace(**changes)


def schedule(*items: Item, visits=(1, 22), last=21, **changes) -> Schedule:
    """A schedule up to a study day; `visits` are the study days of the go/no-go visits."""
    given = {
        "protocol": "trastuzumab-il2",
        "edition": 1,
        "arm": None,
        "subject": "013-S0007",
        "start": DAY_1,
        "zone": "Europe/Berlin",
        "through": DAY_1 + timedelta(days=last - 1),
        "cycles": (Cycle(1, DAY_1, 21),),
        "items": tuple(sorted(items, key=lambda item: item.date)),
        "notices": (),
        "go_no_go": tuple(DAY_1 + timedelta(days=visit - 1) for visit in visits),
    }
    return Schedule(**(given | changes))


def first_cycle(low="1.8", intermediate="21.6", **changes) -> Schedule:
    """All 19 home doses of cycle 1."""
    days = [*range(2, 8), *range(12, 22)]
    items = [dose(day, low) for day in days]
    items += [dose(day, intermediate, INTERMEDIATE) for day in (9, 10, 11)]
    return schedule(*items, **changes)


def everything():
    """A schedule with every kind of row: warned, refused, held, without an amount, over 1 mL, reduced."""
    return schedule(
        *(dose(day, "1.7912") for day in range(2, 8)),
        dose(12, "0.7875", level=-2),
        dose(13, "0.4635"),
        dose(14, status="held"),
        dose(15, None, status="not-computable", reasons=(NO_WEIGHT,)),
        dose(16, "1.35", level=-1),
        *(dose(day, "24", INTERMEDIATE) for day in (9, 10)),
        dose(11, "60", INTERMEDIATE),
        dose(22, "20.4", INTERMEDIATE, level=-1),
        visits=(1, 22),
        last=35,
    )
