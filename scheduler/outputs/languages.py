"""The languages of patients' papers. The only door to Babel.

A catalogue is one file, translations/CODE.po, read as it is: 80 texts take 12 ms, and nothing has to be compiled for a
fresh checkout or a wheel. A language is added by adding its file. English is the text itself.

Numbers of doses look the same in every language: as on the syringe's label, with a point before the decimals. "1,79"
would be right in Spanish, and a patient would compare it with the label's 1.79; "1.500" is one and a half to one
reader, fifteen hundred to another. So outside English no number has a separator of thousands, the decimal sign is
always a point, and the digits stand beside it in words. Dates are written by the rules of the language.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from scheduler.problems import Refused
from scheduler.protocol.wording import listed, quoted
from scheduler.quantities import Amount, plain, shown_number
from scheduler.shipped import translations_folder

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, its texts by the English ones, and its rules for dates; made by `language`."""

    code: str
    texts: Mapping[str, str]
    locale: Locale

    def say(self, text: str, **values: object) -> str:
        """The text in this language, its {places} filled; what is filled in is never read as a text itself."""
        return self.texts.get(text, text).format(**values)

    def has(self, text: str) -> bool:
        """Whether it says this text; for texts that come from files and may be in no catalogue."""
        return self.code == ENGLISH or text in self.texts

    # ------------------------------------------------------------ days

    def long_day(self, on: date) -> str:
        """'Monday, November 2, 2026', 'lunes, 2 de noviembre de 2026'."""
        from babel.dates import format_date

        return str(format_date(on, "full", locale=self.locale))

    def short_day(self, on: date) -> str:
        """'November 2', '2 de noviembre'."""
        return self._date("MMMMd", on)

    def month(self, on: date) -> str:
        """'November 2026', 'Noviembre de 2026': as a title."""
        words = self._date("yMMMM", on)
        return words[:1].upper() + words[1:]

    def weekday(self, on: date) -> str:
        """'Monday', 'lunes'."""
        from babel.dates import format_date

        return str(format_date(on, "EEEE", locale=self.locale))

    def _date(self, skeleton: str, on: date) -> str:
        from babel.dates import format_skeleton

        return str(format_skeleton(skeleton, on, locale=self.locale))

    @property
    def first_weekday(self) -> int:
        """With which weekday a week begins, from 0 for Monday."""
        return int(self.locale.first_week_day)

    # ------------------------------------------------------------ numbers

    def mark(self, mark: str) -> str:
        """'circle A', 'círculo A'."""
        shape, space, letter = mark.rpartition(" ")
        return f"{self.say(shape) if shape in SHAPES else shape}{space}{letter}"

    def number(self, value: Decimal) -> str:
        """As on the label: always a point before decimals; a comma from 1,000 in English alone."""
        return shown_number(value) if self.code == ENGLISH else plain(value)

    def amount(self, amount: Amount) -> str:
        """'1.8 million units', '1.8 millones de unidades'."""
        one = f"1 {amount.unit}"
        if amount.value == 1 and one in ONES:
            return self.say(one)
        unit = str(Amount(amount.value, amount.unit)).rpartition(shown_number(amount.value))[2].strip()
        return f"{self.number(amount.value)} {self.say(unit)}"

    def spelled(self, value: Decimal) -> str:
        """The digits in words, 'one point eight': a lost or misread point is found out."""
        words = {".": POINT, **dict(zip(string.digits, DIGITS, strict=True))}
        return " ".join(self.say(words[sign]) for sign in plain(value))


def wants_words(value: Decimal) -> bool:
    """Whether a number can be misread by its point or its separators: it has decimals, or four digits and more."""
    return value != value.to_integral_value() or abs(value) >= 1000


POINT = "point"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
UNITS = (
    *("g", "mg", "mcg", "nanogram", "nanograms", "mmol", "mL"),
    *("unit", "units", "thousand units", "million units"),
)
SHAPES = ("circle", "square", "triangle", "diamond", "star", "bar")
ONES = ("1 thousand units", "1 million units")
"""Where one is said otherwise than many in some languages, and not in English."""
WORDS = (POINT, *DIGITS, *UNITS, *ONES, *SHAPES)
"""What the numbers and marks of every paper are made of; a catalogue has all of them."""


def known() -> tuple[str, ...]:
    """The codes of the languages, English first."""
    return (ENGLISH, *sorted(path.stem for path in translations_folder().glob("*.po")))


@cache
def language(code: str) -> Language:
    """A language by its code; Refused where there is no catalogue."""
    from babel import Locale

    if code not in known():
        raise Refused(f"Papers are not written in {quoted(code)}. Choose {listed(known())} with --language.")
    return Language(code, {} if code == ENGLISH else catalogue(code), Locale.parse(code))


def catalogue(code: str) -> dict[str, str]:
    """The texts of a language by the English ones; one that lost or invented a {place} is left out: English stands."""
    from babel.messages.pofile import read_po

    with (translations_folder() / f"{code}.po").open("rb") as file:
        read = read_po(file, locale=code)
    pairs = ((str(one.id), str(one.string)) for one in read if one.id and one.string and not one.fuzzy)
    return {text: said for text, said in pairs if places(text) == places(said)}


def places(text: str) -> set[str]:
    """The {places} of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
