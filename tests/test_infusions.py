"""Infusions: the volume to withdraw, the vials, the bag, the concentration in it, what is left over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.engine.infusions import bag_volumes, infusion, infusions
from scheduler.engine.schedule import Item
from scheduler.outputs.drawing_words import infusion_words
from scheduler.protocol.product_files import read_products
from scheduler.protocol.product_model import Bag
from scheduler.quantities import Amount, plain
from tests.syringe_sample import dose, schedule

PRODUCTS = read_products()[0]


def mg(value) -> Amount:
    return Amount(Decimal(value), "mg")


def given_by_vein(product, amount, **changes) -> Item:
    return dose(2, amount, unit="mg", product=product, route="intravenous", given_by="clinic", name=product, **changes)


def made(product, amount, products=PRODUCTS, **changes):
    return infusion(given_by_vein(product, amount, **changes), products)


# ---------------------------------------------------------------- the worked examples


def test_trastuzumab_for_70_kg() -> None:
    found = made("trastuzumab", "280")
    assert plain(found.volume) == "13.3"  # 280 mg / 21 = 13.333 mL
    assert found.content == mg("279.3")
    assert found.deviation == Decimal("-0.25")
    assert (found.vials, found.left_over) == (1, mg("140.7"))
    assert found.bag == Bag(Decimal(250), "0.9 % sodium chloride", takes_out=False)
    assert found.final.rounded() == mg("1.061")  # 279.3 mg in 263.3 mL
    assert found.range is None


def test_paclitaxel_for_1_7_m2() -> None:
    found = made("paclitaxel", "297.5")
    assert plain(found.volume) == "49.6"  # 297.5 mg / 6 = 49.583 mL
    assert found.content == mg("297.6")
    assert (found.vials, found.left_over) == (1, mg("2.4"))
    assert (found.bag.volume, found.bag.takes_out) == (500, True)
    assert found.final == mg("0.5952")
    assert bag_volumes(found.content, PRODUCTS["paclitaxel"].infusing) == (248, 992)


@pytest.mark.parametrize(
    ("amount", "volume"),
    [
        ("0.3", "0"),
        ("0.9", "0.1"),
        ("0.90000000000001", "0.2"),
        ("1.5", "0.2"),
        ("297.3", "49.5"),
        ("297.3000001", "49.6"),
    ],
)
def test_a_tie_goes_down(amount, volume) -> None:
    """At 6 mg per mL a tenth of a mL is 0.6 mg, so 0.3, 0.9 and 297.3 mg lie right between two tenths."""
    product = replace(PRODUCTS["paclitaxel"], infusing=replace(PRODUCTS["paclitaxel"].infusing, least=None, most=None))
    found = infusion(given_by_vein("paclitaxel", amount), {"paclitaxel": product})
    exact = Fraction(amount) / 6
    off = abs(Fraction(volume) / exact - 1) * 100
    if off > 10:
        assert found.volume is None
    else:
        assert plain(found.volume) == volume


@pytest.mark.parametrize(("amount", "vials"), [("300", 1), ("300.1", 1), ("300.6", 2), ("600", 2), ("605", 3)])
def test_vials_are_counted_for_what_is_withdrawn(amount, vials) -> None:
    assert made("paclitaxel", amount).vials == vials


# ---------------------------------------------------------------- the bag


@pytest.mark.parametrize(
    ("amount", "bag"),
    [("150", 500), ("149", 250), ("75", 250), ("600", 500), ("606", 1000), ("1200", 1000)],
)
def test_the_first_bag_that_keeps_the_concentration_inside_the_range(amount, bag) -> None:
    found = made("paclitaxel", amount)
    assert found.bag.volume == bag
    assert Decimal("0.3") <= found.final.value <= Decimal("1.2")


@pytest.mark.parametrize(("amount", "needs"), [("60", "50 to 200 mL"), ("1300", "1,084 to 4,334 mL")])
def test_where_no_bag_would_do_the_bags_that_would_are_named(amount, needs) -> None:
    found = made("paclitaxel", amount)
    assert (found.volume, found.vials, found.bag) == (None, 0, None)
    assert f"needs a bag of {needs} to stay between 0.3 mg and 1.2 mg per mL" in found.refusal
    assert infusion_words(found).startswith("NO VOLUME: ")
    assert " from " not in infusion_words(found).split(". ")[0]


def test_a_bag_that_is_filled_up_grows_by_the_drug() -> None:
    product = PRODUCTS["paclitaxel"]
    bags = (Bag(Decimal(100), "5 % dextrose", takes_out=False),)
    product = replace(product, infusing=replace(product.infusing, bags=bags))
    found = infusion(given_by_vein("paclitaxel", "120"), {"paclitaxel": product})
    assert found.final == mg("1")  # 120 mg in 100 mL and 20 mL


@settings(max_examples=60)
@given(st.decimals("1", "2000", places=3), st.sampled_from(["trastuzumab", "paclitaxel"]))
def test_what_is_made_is_what_was_ordered_within_what_is_told(amount, product) -> None:
    found = made(product, amount)
    if found.volume is None:
        assert found.refusal
        return
    content = Fraction(found.volume) * Fraction(found.product.stock.value)
    assert Fraction(found.content.value) == content
    assert abs((content / Fraction(amount) - 1) * 100 - Fraction(found.deviation)) < Fraction(1, 10**30)
    assert abs(found.deviation) <= 10
    vials = Fraction(found.product.vial.value) * found.vials
    assert vials - Fraction(found.left_over.value) == content
    assert 0 <= found.left_over.value < found.product.vial.value
    if found.range:
        assert found.range[0].value <= found.final.value <= found.range[1].value


# ---------------------------------------------------------------- what gets no volume


@pytest.mark.parametrize("status", ["held", "blocked", "not-computable"])
def test_no_volume_while_nothing_is_to_be_prepared(status) -> None:
    found = made("trastuzumab", "280", status=status)
    assert found.volume is None
    assert found.refusal


def test_without_a_product_file_or_with_one_for_syringes_there_is_no_volume() -> None:
    assert "no product file" in made("", "280").refusal
    assert (
        "names no bag" in made("aldesleukin", "280").refusal or "never converted" in made("aldesleukin", "280").refusal
    )
    assert "still requires" in made("interleukin-12", "0.007").refusal


def test_only_infusions_still_to_come() -> None:
    found = infusions(
        schedule(
            given_by_vein("trastuzumab", "280"),
            given_by_vein("trastuzumab", "280", status="given"),
            dose(3, "1.8"),
        ),
        PRODUCTS,
    )
    assert [each.item.status for each in found] == ["planned"]


def test_the_sentence_has_amount_and_volume_together() -> None:
    words = infusion_words(made("trastuzumab", "280"))
    assert words.startswith("280 mg ordered: withdraw 13.3 mL from 1 vial of 420 mg (0.3 % less than the dose).")
    assert "250 mL 0.9 % sodium chloride, added to the full bag; then 1.061 mg per mL" in words
    assert "140.7 mg left over; it keeps 28 days. In other sizes: 2 vials of 150 mg." in words
    assert "/" not in words
