"""Amounts and rates: exact decimals with a unit, read in the common forms, printed in the safe ones.

Printing follows the Joint Commission's "Do Not Use" list and ISMP's list of error-prone
abbreviations: "million units" (never IU, MIU, MU, U), "mcg", "nanograms", no trailing zero, a leading
zero, a comma from 1,000, a space between number and unit.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, Context, Decimal
from typing import Literal

from scheduler.problems import Misread

EXACT = Context(prec=60)
"""The arithmetic of doses: wide enough that products of file numbers and body sizes are never rounded."""

SHOWN_DIGITS = 4
"""Significant digits that people see; below 0.05 % off the exact amount, which reasons and data carry."""

_FORMS = {
    "g": ("g", "gram", "grams"),
    "mg": ("mg", "milligram", "milligrams"),
    "mcg": ("mcg", "ug", "µg", "μg", "microgram", "micrograms"),
    "nanograms": ("nanograms", "nanogram", "nanog", "ng"),
    "units": ("units", "unit", "IU", "international units", "international unit"),
    "thousand units": ("thousand units", "thousand IU", "thousand international units"),
    "million units": ("million units", "million IU", "MIU", "million international units"),
    "mmol": ("mmol",),
    "mL": ("mL", "ml", "milliliter", "milliliters", "millilitre", "millilitres"),
}
_UNITS = {form: unit for unit, forms in _FORMS.items() for form in forms}
_SCALES = {"g": ("mass", 9), "mg": ("mass", 6), "mcg": ("mass", 3), "nanograms": ("mass", 0)} | {
    "units": ("activity", 0),
    "thousand units": ("activity", 3),
    "million units": ("activity", 6),
}
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d\d0", re.ASCII)  # 1.500: one and a half, or fifteen hundred
_GLUED = re.compile(r"([0-9,]+(?:\.[0-9]+)?)(\D.*)")
_WORDS = sorted(_UNITS, key=len, reverse=True)
_UNIT = re.compile("(" + "|".join(re.escape(word) for word in _WORDS) + r")(?![\w²])")
_PER = re.compile(r"(?:\s*/\s*|\s+per\s+)(kg|m2|m²)(?![\w²])")

LONGEST_NUMBER = 20
"""Characters of a number that is read; so no product of rate and body size exceeds the 60 digits of EXACT."""

Per = Literal["", "kg", "m2"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a drug or a volume: an exact decimal and a safe unit."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        unit = self.unit
        if self.value == 1 and unit in ("units", "nanograms"):
            unit = unit[:-1]
        return f"{shown_number(self.value)} {unit}"

    def rounded(self, digits: int = SHOWN_DIGITS) -> Amount:
        """As people see it: `digits` significant digits, whole numbers never cut, ties downwards."""
        places = max(0, digits - 1 - self.value.adjusted()) if self.value else 0
        step = Decimal(1).scaleb(-places)
        return Amount(self.value.quantize(step, rounding=ROUND_HALF_DOWN, context=EXACT), self.unit)

    def times(self, factor: Decimal) -> Amount:
        """The exact product; 1,000 nanograms and more become mcg, as the field prints them."""
        value = EXACT.multiply(self.value, factor)
        if self.unit == "nanograms" and value >= 1000:
            return Amount(value.scaleb(-3, EXACT), "mcg")
        return Amount(value, self.unit)

    def in_unit(self, unit: str) -> Amount | None:
        """The same amount in another unit of its kind (mass, activity); None where there is no such."""
        if unit == self.unit:
            return self
        mine, other = _SCALES.get(self.unit), _SCALES.get(unit)
        if mine is None or other is None or mine[0] != other[0]:
            return None
        return Amount(self.value.scaleb(mine[1] - other[1], EXACT), unit)


@dataclass(frozen=True, slots=True)
class Rate:
    """A prescribed dose: an amount per kg of body weight, per m2 of body surface, or flat (per "")."""

    amount: Amount
    per: Per = ""

    @property
    def unit(self) -> str:
        """As data carry it: 'million units/m2', 'mg/kg', 'mg'."""
        return f"{self.amount.unit}/{self.per}" if self.per else self.amount.unit

    def __str__(self) -> str:
        """As people read it: '4 mg per kg'; a slash can be taken for a 1."""
        return f"{self.amount} per {self.per}" if self.per else str(self.amount)

    def is_below(self, other: Rate) -> bool | None:
        """Whether this rate is the smaller one; None where the two cannot be compared."""
        mine = self.amount.in_unit(other.amount.unit)
        return None if mine is None or self.per != other.per else mine.value < other.amount.value


def plain(value: Decimal) -> str:
    """A decimal as data carry it: no exponent, no trailing zero, no comma."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_number(value: Decimal) -> str:
    """A decimal as people read it: as `plain`, with a comma from 1,000."""
    whole, dot, rest = plain(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if not whole.startswith("-") else f"-{shown_number(-value)}"


def read_number(text: str) -> Decimal:
    """'1', '0.75', '1,250.5'; a naked decimal, an exponent, a sign or a misplaced comma is refused."""
    if _NUMBER.fullmatch(text) is None:
        raise Misread(
            "bad-number",
            f"'{text}' is not a number as doses are written.",
            "Write it like 0.75 or 1,250: a digit before the point, a comma only between thousands.",
            0,
            len(text),
        )
    if len(text) > LONGEST_NUMBER:
        raise Misread(
            "bad-number",
            f"'{text[:LONGEST_NUMBER]}...' has more digits than any dose.",
            f"Write at most {LONGEST_NUMBER} characters, perhaps in a larger unit.",
            0,
            len(text),
        )
    if _AMBIGUOUS.fullmatch(text):
        raise Misread(
            "bad-number",
            f"'{text}' can be read as {plain(Decimal(text))} and as {text.replace('.', ',')}.",
            f"Write {plain(Decimal(text))} or {text.replace('.', ',')}.",
            0,
            len(text),
        )
    return Decimal(text.replace(",", ""))


def read_amount(text: str) -> Amount:
    """'280 mg', '1.8 million units'; raises Misread naming the part that cannot be read."""
    rate = read_rate(text)
    if rate.per:
        raise Misread(
            "bad-amount",
            f"'{text}' is a dose per body size, and an amount is wanted here.",
            f"Write it like '{rate.amount}'.",
            0,
            len(text),
        )
    return rate.amount


def read_rate(text: str) -> Rate:
    """'4 mg/kg', '1 million IU/m2', '10 mg'; raises Misread naming the part that cannot be read."""
    rate, end = scan_rate(text)
    if end != len(text):
        raise _bad_unit(text, end)
    return rate


def scan_rate(text: str) -> tuple[Rate, int]:
    """The rate that `text` begins with, and where it ends."""
    number = re.match(r"\S+", text)
    if number is None:
        raise Misread("bad-amount", "An amount is missing here.", "Write it like '4 mg/kg'.", 0, 1)
    glued = _GLUED.fullmatch(number.group())
    if glued is not None and _UNIT.match(glued[2]):
        raise Misread(
            "bad-unit",
            f"No space stands between '{glued[1]}' and '{glued[2]}'.",
            f"Write '{glued[1]} {glued[2]}'.",
            0,
            number.end(),
        )
    value = read_number(number.group())
    if value == 0:
        raise Misread(
            "bad-number",
            "A dose of 0 is no dose.",
            "Take it out, or write the dose.",
            0,
            number.end(),
        )
    start = len(text) - len(text[number.end() :].lstrip(" "))
    unit = _UNIT.match(text, start) if start > number.end() else None
    if unit is None:
        raise _bad_unit(text, number.end())
    per = _PER.match(text, unit.end())
    size: Per = "" if per is None else "kg" if per.group(1) == "kg" else "m2"
    end = unit.end() if per is None else per.end()
    if end < len(text) and not text[end].isspace() and text[end] != ",":
        raise _bad_unit(text, number.end())
    return Rate(Amount(value, _UNITS[unit.group(1)]), size), end


def _bad_unit(text: str, start: int) -> Misread:
    word = re.compile(r"\s*(\S+(?: (?:units?|IU|U)\S*)?)").match(text, start)
    found = word.group(1) if word else ""
    if not found:
        return Misread(
            "bad-unit",
            f"'{text}' has no unit.",
            "Write it like '4 mg/kg' or '10 mg'.",
            0,
            len(text),
        )
    name, slash, per = found.partition("/")
    near = [] if name in _UNITS else difflib.get_close_matches(name, _WORDS, n=1, cutoff=0.7)
    meant = f" Did you mean '{_UNITS[near[0]]}{slash}{per}'?" if near else ""
    return Misread(
        "bad-unit",
        f"'{found}' is not a unit that doses are written in.{meant}",
        "Write the amount itself, never a percentage."
        if found == "%"
        else "Use g, mg, mcg, nanograms, units or million units, alone or with /kg or /m2.",
        word.start(1) if word else start,
        len(found),
    )
