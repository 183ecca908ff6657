"""Amounts are exact, printed as the safety lists demand, and read in the forms people write."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import ROUND_HALF_DOWN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.problems import Misread
from scheduler.quantities import Amount, Rate, plain, read_amount, read_number, read_rate, shown_number

UNITS = ("g", "mg", "mcg", "nanograms", "units", "thousand units", "million units", "mmol", "mL")
values = st.decimals("0.000001", "999999999", allow_nan=False, allow_infinity=False, places=6)
amounts = st.builds(Amount, values.filter(bool), st.sampled_from(UNITS))
rates = st.builds(Rate, amounts, st.sampled_from(("", "kg", "m2")))

# --- printing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        ("1.80", "million units", "1.8 million units"),
        ("1", "million units", "1 million units"),
        ("1", "units", "1 unit"),
        ("1", "nanograms", "1 nanogram"),
        ("1700000", "units", "1,700,000 units"),
        ("280.0", "mg", "280 mg"),
        ("0.5", "mL", "0.5 mL"),
        ("1250", "mg", "1,250 mg"),
        ("999", "mg", "999 mg"),
        ("7", "mcg", "7 mcg"),
        ("1E+3", "mg", "1,000 mg"),
        ("12345.678", "mL", "12,345.678 mL"),
    ],
)
def test_printed_amounts(value: str, unit: str, printed: str) -> None:
    assert str(Amount(Decimal(value), unit)) == printed


@pytest.mark.parametrize(
    ("written", "printed", "unit"),
    [
        ("1 million IU/m2", "1 million units per m2", "million units/m2"),
        ("4 mg/kg", "4 mg per kg", "mg/kg"),
        ("200 ng per kg", "200 nanograms per kg", "nanograms/kg"),
        ("1,250 mg", "1,250 mg", "mg"),
    ],
)
def test_printed_rates(written: str, printed: str, unit: str) -> None:
    assert (str(read_rate(written)), read_rate(written).unit) == (printed, unit)


@given(rates)
def test_nothing_dangerous_is_printed(rate: Rate) -> None:
    """No IU, MIU, MU, U, ug; no trailing zero, no naked decimal; a space before the unit; commas from 1,000."""
    for printed in (str(rate), str(rate.amount), str(rate.amount.rounded())):
        number, unit = printed.split(" ", 1)
        assert re.fullmatch(r"[1-9]\d{0,2}(,\d{3})*(\.\d*[1-9])?|0\.\d*[1-9]", number), printed
        assert not re.search(r"\b(IU|MIU|MU|U|ug|ng|cc)\b|µ|μ", unit), printed


def test_a_rounded_amount_may_be_small_but_not_nothing() -> None:
    assert str(Amount(Decimal("0.000123456"), "mg").rounded()) == "0.0001235 mg"
    assert str(Amount(Decimal(0), "mL").rounded()) == "0 mL"


@given(amounts, st.integers(1, 6))
def test_rounding_is_to_significant_digits_with_ties_down(amount: Amount, digits: int) -> None:
    rounded = amount.rounded(digits).value
    whole = max(digits, amount.value.adjusted() + 1)
    assert abs(rounded - amount.value) <= Decimal(10) ** (amount.value.adjusted() - digits + 1) / 2
    assert len(plain(rounded).replace(".", "").strip("0")) <= whole
    assert rounded == amount.value.quantize(rounded, ROUND_HALF_DOWN)


@pytest.mark.parametrize(("value", "shown"), [("0.12345", "0.1234"), ("0.12355", "0.1235"), ("1791185", "1,791,185")])
def test_rounded_examples(value: str, shown: str) -> None:
    assert shown_number(Amount(Decimal(value), "mL").rounded().value) == shown


# --- reading ------------------------------------------------------------------------------------


@given(rates)
def test_reading_what_is_printed_gives_the_same(rate: Rate) -> None:
    assert read_rate(str(rate)) == rate
    assert read_amount(str(rate.amount)) == rate.amount


@given(amounts)
def test_data_and_people_see_the_same_number(amount: Amount) -> None:
    assert Decimal(plain(amount.value)) == amount.value == read_number(shown_number(amount.value))
    assert not re.search(r"[eE,]", plain(amount.value))


@pytest.mark.parametrize(
    "written",
    ["1.8 million units", "1.8 million IU", "1.8 MIU", "1.8 million international units", "1.80 MIU"],
)
def test_common_forms_are_read(written: str) -> None:
    assert read_amount(written) == Amount(Decimal("1.8"), "million units")


@pytest.mark.parametrize("unit", ["mcg", "ug", "µg", "μg", "microgram", "micrograms"])
def test_micrograms_are_read_in_all_forms_and_printed_in_one(unit: str) -> None:
    assert str(read_amount(f"7 {unit}")) == "7 mcg"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "bad-amount"),
        (".5 mg", "bad-number"),
        ("1e3 mg", "bad-number"),
        ("-4 mg", "bad-number"),
        ("1,00 mg", "bad-number"),
        ("1,0000 mg", "bad-number"),
        ("0 mg", "bad-number"),
        ("0.0 mg", "bad-number"),
        ("nan mg", "bad-number"),
        ("\u0664 mg", "bad-number"),
        ("4", "bad-unit"),
        ("4mg", "bad-unit"),
        ("1.500 mg", "bad-number"),
        ("4 milligrammes", "bad-unit"),
        ("4 MU", "bad-unit"),
        ("4 U", "bad-unit"),
        ("4 mg/lb", "bad-unit"),
        ("4 mg/kg/day", "bad-unit"),
        ("4 mg extra", "bad-unit"),
        ("1" * 40 + " mg", "bad-number"),
        ("0." + "0" * 40 + "1 mg", "bad-number"),
    ],
)
def test_what_cannot_be_read_is_named(written: str, code: str) -> None:
    with pytest.raises(Misread) as refused:
        read_rate(written)
    assert refused.value.code == code
    assert refused.value.mend
    assert 0 <= refused.value.start <= len(written)


def test_an_amount_is_not_a_rate() -> None:
    with pytest.raises(Misread, match="per body size"):
        read_amount("4 mg/kg")


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(Misread):
        assert read_rate(text).amount.value > 0


# --- arithmetic ---------------------------------------------------------------------------------


@given(amounts, st.decimals("0.1", "300", places=12, allow_nan=False))
def test_amounts_scale_exactly_with_the_rate(amount: Amount, factor: Decimal) -> None:
    """No digit is lost, whatever unit the product is shown in."""
    for times in (1, 3):
        rate = Amount(amount.value * times, amount.unit)
        product = rate.times(factor).in_unit(amount.unit)
        assert product is not None
        assert Fraction(product.value) == times * Fraction(amount.value) * Fraction(factor)


@pytest.mark.parametrize(("kg", "printed"), [("70", "7 mcg"), ("9.99", "999 nanograms"), ("10", "1 mcg")])
def test_a_thousand_nanograms_are_micrograms(kg: str, printed: str) -> None:
    assert str(Amount(Decimal(100), "nanograms").times(Decimal(kg))) == printed


@pytest.mark.parametrize(
    ("amount", "unit", "same"),
    [
        ("1.5 million units", "units", "1,500,000 units"),
        ("18 thousand units", "million units", "0.018 million units"),
        ("1 g", "nanograms", "1,000,000,000 nanograms"),
        ("250 mcg", "mg", "0.25 mg"),
        ("3 mL", "mL", "3 mL"),
    ],
)
def test_an_amount_in_another_unit(amount: str, unit: str, same: str) -> None:
    assert str(read_amount(amount).in_unit(unit)) == same


@pytest.mark.parametrize(("amount", "unit"), [("1 mg", "units"), ("1 mL", "mg"), ("1 mmol", "mg"), ("1 mg", "stone")])
def test_units_of_different_kinds_do_not_meet(amount: str, unit: str) -> None:
    assert read_amount(amount).in_unit(unit) is None


def test_rates_are_compared_over_their_units_and_only_for_the_same_size() -> None:
    assert read_rate("750 thousand units/m2").is_below(read_rate("1 million units/m2")) is True
    assert read_rate("1 million units/m2").is_below(read_rate("1 million units/m2")) is False
    assert read_rate("1 mg/kg").is_below(read_rate("2 mg/m2")) is None
    assert read_rate("1 mg/kg").is_below(read_rate("2 units/kg")) is None
