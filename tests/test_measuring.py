"""Volumes, marks and deviations: the worked table of the pharmacy, its ties, limits and refusals."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_DOWN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.engine.comparing import options
from scheduler.engine.drawing_up import draw
from scheduler.engine.measuring import compared, measure
from scheduler.engine.syringes import Syringe, syringes
from scheduler.protocol.product_files import read_products
from scheduler.protocol.product_model import SyringeKind
from scheduler.quantities import Amount, plain
from tests.syringe_sample import INTERMEDIATE, dose, schedule, shipped

PRODUCTS = shipped()
PRODUCT = PRODUCTS["aldesleukin"]
SMALL, LARGE = PRODUCT.syringes


def million(value) -> Amount:
    return Amount(Decimal(value), "million units")


def off(deviation) -> str:
    return compared(Decimal(deviation)).removesuffix(" than the dose").removesuffix(" to the dose")


def only(*items, **changes) -> Syringe:
    (found,) = syringes(schedule(*items, **changes), PRODUCTS)
    return found


# ---------------------------------------------------------------- the worked table

# body surface, rate per m2, mL at marks of 0.01 mL, per cent off to one decimal, warned
WORKED = [
    ("1.4", "1", "0.08", "2.9 % more", False),
    ("1.4", "0.75", "0.06", "2.9 % more", False),
    ("1.4", "0.5625", "0.04", "8.6 % less", True),
    ("1.4", "12", "0.93", "0.4 % less", False),
    ("1.4", "9", "0.7", "equal", False),
    ("1.7", "1", "0.09", "4.7 % less", False),
    ("1.7", "0.75", "0.07", "1.2 % less", False),
    ("1.7", "0.5625", "0.05", "5.9 % less", True),
    ("1.7", "12", "1.13", "0.3 % less", False),
    ("1.7", "9", "0.85", "equal", False),
    ("1.8", "1", "0.1", "equal", False),
    ("1.8", "0.75", "0.07", "6.7 % less", True),  # 0.075: a tie goes down
    ("1.8", "0.5625", "0.06", "6.7 % more", True),
    ("1.8", "12", "1.2", "equal", False),
    ("1.8", "9", "0.9", "equal", False),
    ("2.0", "1", "0.11", "1 % less", False),
    ("2.0", "0.75", "0.08", "4 % less", False),
    ("2.0", "0.5625", "0.06", "4 % less", False),
    ("2.0", "12", "1.33", "0.3 % less", False),
    ("2.0", "9", "1", "equal", False),
]
# what does not fit into 1 mL, at marks of 0.1 mL
LARGER = {
    ("1.7", "12"): ("1.1", "2.9 % less"),
    ("1.8", "12"): ("1.2", "equal"),
    ("2.0", "12"): ("1.3", "2.5 % less"),
}


@pytest.mark.parametrize(("area", "rate", "volume", "percent", "warned"), WORKED)
def test_the_worked_volumes(area, rate, volume, percent, warned) -> None:
    amount = million(rate).times(Decimal(area))
    fine = measure(amount, PRODUCT.concentration, SMALL)
    assert (plain(fine.volume), off(fine.deviation)) == (volume, percent)
    syringe = only(dose(2, amount.value))
    drawn = syringe.draw.drawn
    expected = LARGER.get((area, rate), (volume, percent))
    assert (plain(drawn.volume), off(drawn.deviation)) == expected
    assert drawn.kind == (LARGE if (area, rate) in LARGER else SMALL)
    assert bool(syringe.warning) is warned


@pytest.mark.parametrize(
    "amount",
    [
        million("1.35"),
        million("1.350000000000"),
        Amount(Decimal(1350), "thousand units"),
        Amount(Decimal(1350000), "units"),
        million("0.75").times(Decimal("1.8")),
        million("1.8").times(Decimal("0.75")),
        million("9").times(Decimal("0.15")),
    ],
)
def test_a_tie_goes_down_however_the_dose_was_computed(amount) -> None:
    assert draw(amount, PRODUCT).exact == Decimal("0.075")
    found = draw(amount, PRODUCT).drawn
    assert plain(found.volume) == "0.07"
    assert off(found.deviation) == "6.7 % less"


def test_a_hair_above_a_tie_goes_up() -> None:
    assert plain(draw(million("1.350000000001"), PRODUCT).drawn.volume) == "0.08"
    assert plain(draw(million("1.349999999999"), PRODUCT).drawn.volume) == "0.07"


@given(st.integers(1, 60_000_000), st.sampled_from([SMALL, LARGE]))
def test_the_volume_is_rounded_once_and_told_exactly(units, kind) -> None:
    found = measure(Amount(Decimal(units), "units"), Amount(Decimal(18_000_000), "units"), kind)
    exact, mark = Fraction(units, 18_000_000), Fraction(kind.graduation)
    wrong = Fraction(found.volume) - exact
    assert Fraction(found.volume) % mark == 0
    assert -mark / 2 <= wrong < mark / 2
    assert abs(Fraction(found.deviation) - wrong / exact * 100) < Fraction(1, 10**40)
    assert found.fits == (kind.smallest <= found.volume <= kind.capacity)


@given(st.decimals("0.03", "50", places=6))
def test_nothing_above_ten_per_cent_is_ever_drawn(value) -> None:
    found = draw(million(value), PRODUCT)
    exact = Fraction(value) / 18
    if found.drawn is None:
        assert found.refusal
    else:
        assert not found.refusal
        assert abs(Fraction(found.drawn.volume) - exact) * 10 <= exact
        assert found.drawn.kind == SMALL or found.measured[0].volume > 1


def test_decimal_and_fraction_agree_on_ties() -> None:
    """The rule in one line, against an independent one."""
    for hundredths in range(3, 3000):
        amount = Decimal(hundredths) / 100
        exact = (amount / 18).quantize(Decimal("1e-20"))
        expected = exact.quantize(Decimal("0.01"), ROUND_HALF_DOWN)
        assert measure(million(amount), PRODUCT.concentration, SMALL).volume == expected


# ---------------------------------------------------------------- warnings and refusals


def marked(capacity, mark):
    """The product at 1 million units per mL, in one syringe with these marks."""
    kind = SyringeKind(Decimal(capacity), Decimal(mark), Decimal(mark))
    return at(1, syringes=(kind,), dilutions=())


def at(concentration, **changes):
    """The product with every dose at another concentration per mL."""
    per_ml = million(concentration)
    return replace(PRODUCT, concentration=per_ml, uses=(("", per_ml),), **changes)


@pytest.mark.parametrize(
    ("mark", "amount", "percent", "warned"),
    [
        ("0.01", "0.2", "0", False),
        ("0.01", "0.205", "-2.439", False),
        ("0.01", "0.0952", "5.042", True),
        ("0.01", "0.095", "-5.263", True),
        ("0.21", "0.2", "5", False),  # exactly 5 is within
        ("0.11", "0.1", "10", True),  # and exactly 10 is still drawn up
    ],
)
def test_a_warning_begins_above_five_per_cent_of_the_dose(mark, amount, percent, warned) -> None:
    found = only_of(marked(1, mark), amount)
    assert found.draw.drawn.deviation.quantize(Decimal("0.001")) == Decimal(percent)
    assert bool(found.warning) is warned


def test_a_refusal_begins_above_ten_per_cent_of_the_dose() -> None:
    assert only_of(marked(1, "0.11"), "0.1").draw.drawn is not None
    assert only_of(marked(1, "0.11"), "0.09999").draw.drawn is None


def only_of(product, amount) -> Syringe:
    (found,) = syringes(schedule(dose(2, amount)), {"aldesleukin": product})
    return found


def test_above_ten_per_cent_there_is_no_volume_and_what_would_help() -> None:
    found = only_of(at(18, dilutions=()), "0.4635")  # 0.02575 mL: 0.03 mL would be 16.5 % more
    assert found.draw.drawn is None
    assert (found.number, found.counted, found.content) == (0, 0, None)
    refusal = found.draw.refusal
    assert "16.5 % more" in refusal
    assert "at most 4.6 million units per mL" in refusal
    assert "not between 1.13 and 1.6 million units per mL" in refusal
    # and that would indeed help
    assert abs(only_of(at("4.6"), "0.4635").draw.drawn.deviation) <= 5


def test_a_syringe_of_the_product_that_would_help_is_named() -> None:
    coarse = SyringeKind(Decimal(1), Decimal("0.5"), Decimal("0.5"))
    product = replace(PRODUCT, syringes=(coarse, LARGE))
    refusal = only_of(product, "12.6").draw.refusal  # 0.7 mL: 0.5 mL, or 0.7 mL in the larger one
    assert "28.6 % less" in refusal
    assert "In the 3 mL syringe it would be equal to the dose" in refusal


@pytest.mark.parametrize("amount", ["0.1", "0.000001", "0.269999"])
def test_too_little_to_measure(amount) -> None:
    refusal = only_of(at(18, dilutions=()), amount).draw.refusal
    assert "less than the 1 mL syringe measures, 0.02 mL at least" in refusal
    assert "a concentration of at most" in refusal


def test_too_much_for_every_syringe() -> None:
    found = only(dose(2, "60"))
    assert found.draw.drawn is None
    assert "more than the largest syringe holds, 3 mL" in found.draw.refusal


def test_the_smallest_syringe_that_holds_the_rounded_volume() -> None:
    assert only(dose(2, "18.08")).draw.drawn.kind == SMALL  # 1.0044 mL is 1 mL at the mark
    assert only(dose(2, "18.1")).draw.drawn.kind == LARGE  # 1.0056 mL is 1.01 mL there
    assert plain(only(dose(2, "18.1")).draw.drawn.volume) == "1"


def test_the_deviation_is_told_for_every_syringe() -> None:
    told = [(m.kind.name, off(m.deviation), m.fits) for m in only(dose(2, "20.4")).draw.measured]
    assert told == [("1 mL syringe", "0.3 % less", False), ("3 mL syringe", "2.9 % less", True)]


@pytest.mark.parametrize(
    ("deviation", "shown"),
    [
        ("0", "equal"),
        ("-6.6666666", "6.7 % less"),
        ("2.04", "2 % more"),
        ("0.02", "0.02 % more"),
        ("-0.0004", "0.0004 % less"),
        ("5.04", "5.04 % more"),
        ("-5.0001", "5.0001 % less"),
        ("10.004", "10.004 % more"),
        ("4.96", "5 % more"),
        ("5", "5 % more"),
    ],
)
def test_a_shown_deviation_never_hides_a_limit(deviation, shown) -> None:
    assert off(deviation) == shown


# ---------------------------------------------------------------- several concentrations


def test_the_concentrations_that_would_do_are_named_where_nothing_is_drawn_up() -> None:
    found = only(dose(2, "0.4635"))  # 0.0515 mL at 9: 2.9 % off; 0.07725 mL at 6: 3.6 % off; 0.1545 mL at 3
    assert found.draw.drawn is None
    assert "16.5 % more" in found.draw.refusal
    named = "At 9 million units per mL, 6 million units per mL or 3 million units per mL it would be within 5 %"
    assert named in found.draw.refusal
    for weaker in ("9", "6", "3"):
        assert not only_of(at(weaker), "0.4635").warning


def test_a_dose_far_below_the_smallest_volume_names_the_concentration_that_would_do() -> None:
    refusal = only(dose(2, "0.12")).draw.refusal  # 0.013 mL at 9, 0.02 mL at 6, 0.04 mL at 3
    assert "At 6 million units per mL or 3 million units per mL it would be within 5 %" in refusal


def test_each_strength_has_the_concentration_that_is_chosen_for_it() -> None:
    product = replace(PRODUCT, uses=(("", million(18)), ("aldesleukin_low", million(6))))
    found = syringes(schedule(dose(2, "1.7"), dose(9, "20.4", INTERMEDIATE)), {"aldesleukin": product})
    told = [(plain(each.product.concentration.value), plain(each.draw.drawn.volume)) for each in found]
    assert told == [("6", "0.28"), ("18", "1.1")]  # the worked example at 6 million units per mL: 0.28 mL
    assert found[0].content == million("1.68")
    assert off(found[0].draw.drawn.deviation) == "1.2 % less"


def test_without_a_choice_for_a_treatment_there_is_no_volume() -> None:
    product = replace(PRODUCT, uses=(("aldesleukin_intermediate", million(18)),))
    (found,) = syringes(schedule(dose(2)), {"aldesleukin": product})
    assert found.draw.drawn is None
    assert "chooses none for aldesleukin_low" in found.draw.refusal
    assert "18 million units per mL for aldesleukin_low" in found.draw.refusal


def test_what_is_required_gives_no_volume_and_says_what_is_missing() -> None:
    unknown = read_products()[0]["interleukin-12"]
    (found,) = syringes(schedule(dose(2, product="interleukin-12")), {"interleukin-12": unknown})
    assert (found.product, found.draw.drawn) == (None, None)
    assert "still requires: vial" in found.draw.refusal


def test_every_way_to_draw_up_a_dose_is_compared() -> None:
    told = {
        (plain(o.concentration.value), o.measured.kind.name, o.measured.parts): o
        for o in options(million("20.4"), PRODUCT)
    }
    chosen = [key for key, option in told.items() if option.verdict == "chosen"]
    assert chosen == [("18", "3 mL syringe", 1)]
    assert told["18", "1 mL syringe", 1].verdict == "impossible"
    assert told["18", "1 mL syringe", 1].why == "it holds 1 mL"
    parted = told["18", "1 mL syringe", 2]
    assert (parted.verdict, plain(parted.measured.volume), off(parted.measured.deviation)) == (
        "would do",
        "0.57",
        "0.6 % more",
    )
    assert {o.verdict for o in options(million("0.9"), PRODUCT)} >= {"chosen", "would do"}
    assert options(million("0.4635"), PRODUCT)[0].verdict == "refused"
    assert options(million("1.35"), PRODUCT)[0] == options(million("1.35"), PRODUCT)[0]._replace(
        verdict="chosen", why="above 5 %"
    )


@given(st.decimals("0.05", "60", places=4))
def test_every_concentration_that_would_do_does(value) -> None:
    """Whoever follows the comparison gets a volume within 5 %, and no other verdict hides one."""
    for option in options(million(value), PRODUCT):
        inside = abs(option.measured.deviation) <= 5
        if option.verdict == "would do":
            assert inside
            assert option.measured.fits
        if option.verdict == "with a warning":
            assert not inside
            assert abs(option.measured.deviation) <= 10
        given_off = Fraction(option.measured.whole) * Fraction(option.concentration.value) / Fraction(value) - 1
        assert abs(given_off * 100 - Fraction(option.measured.deviation)) < Fraction(1, 10**30)


# ---------------------------------------------------------------- too much for one syringe

PARTS = replace(PRODUCT, over_capacity="equal parts")


def test_equal_parts_at_two_sites_where_the_file_wants_them() -> None:
    drawn = only_of(PARTS, "20.4").draw.drawn
    assert (drawn.kind, drawn.parts, plain(drawn.volume), plain(drawn.whole)) == (SMALL, 2, "0.57", "1.14")
    assert off(drawn.deviation) == "0.6 % more"
    assert only_of(PARTS, "20.4").content == million("20.52")


def test_a_tie_of_the_parts_goes_down() -> None:
    drawn = only_of(PARTS, "20.34").draw.drawn  # 1.13 mL: 0.565 mL each
    assert (plain(drawn.volume), plain(drawn.whole)) == ("0.56", "1.12")


def test_two_parts_that_do_not_fit_go_into_the_larger_syringe_and_then_into_two_of_it() -> None:
    one = only_of(PARTS, "40").draw.drawn  # 2.22 mL
    assert (one.kind, one.parts, plain(one.volume)) == (LARGE, 1, "2.2")
    two = only_of(PARTS, "60").draw.drawn  # 3.33 mL
    assert (two.kind, two.parts, plain(two.volume)) == (LARGE, 2, "1.7")
    assert only_of(PARTS, "110").draw.drawn is None


@given(st.decimals("1", "100", places=4))
def test_the_parts_make_up_the_whole(value) -> None:
    drawn = draw(million(value), PARTS).drawn
    if drawn is not None:
        assert drawn.whole == drawn.volume * drawn.parts
        exact = Fraction(value) / 18
        assert abs(Fraction(drawn.whole) - exact) * 10 <= exact
        assert drawn.volume % drawn.kind.graduation == 0
        assert drawn.kind.smallest <= drawn.volume <= drawn.kind.capacity


@given(st.lists(st.decimals("0.3", "50", places=4), min_size=2, max_size=6))
def test_more_drug_is_never_less_volume_in_the_same_syringe(values) -> None:
    for kind in (SMALL, LARGE):
        for parts in (1, 2):
            volumes = [measure(million(value), PRODUCT.concentration, kind, parts).whole for value in sorted(values)]
            assert volumes == sorted(volumes)


# ---------------------------------------------------------------- what stays in the hub


def hub(dead, overfill="0"):
    kind = replace(SMALL, dead_space=Decimal(dead), overfill=Decimal(overfill))
    return replace(PRODUCT, syringes=(kind, LARGE))


def test_a_hub_that_keeps_back_more_than_five_per_cent_is_a_warning() -> None:
    found = only_of(hub("0.07"), "1.62")  # 0.09 mL
    assert "The hub keeps back 77.8 % of the dose" in found.warning
    assert plain(found.draw.drawn.fill) == "0.09"


def test_an_overfill_makes_up_for_the_hub_and_is_no_part_of_the_dose() -> None:
    found = only_of(hub("0.07", "0.07"), "1.62")
    assert found.warning == ""
    assert (plain(found.draw.drawn.volume), plain(found.draw.drawn.fill)) == ("0.09", "0.16")
    assert found.content == million("1.62")


def test_the_overfill_has_to_fit_as_well() -> None:
    assert only_of(hub("0.07", "0.07"), "17.1").draw.drawn.kind == LARGE  # 0.95 mL and 0.07 mL
