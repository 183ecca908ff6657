"""The small sentences of a product file: text in, values out, Misread at the very word.

vial: 22 million units single-dose            concentration: 18 million units/mL
reconstitute: 1.2 mL sterile water            beyond_use: 48 hours
avoid: 1.13 to 1.6 million units/mL           syringes: 1 mL graduated 0.01 mL
smallest: 1 mL syringe from 0.02 mL           dead_space: 1 mL syringe 0 mL

How a vial is infused and which concentration is used: product_choices.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from scheduler.problems import Misread
from scheduler.quantities import EXACT, Amount, plain, read_amount, read_number

T = TypeVar("T")
MOST_ML = Decimal(1000)
MOST_HOURS = 24 * 366
_ZERO = re.compile(r"0+(?:\.0*)?(?:\s|$)")
_PER_ML = re.compile(r"(.+?)(?:\s*/\s*|\s+per\s+)(?:mL|ml)")


def read_content(text: str) -> Amount:
    """'22 million units', '420 mg': what one vial holds."""
    amount = _amount(text, "A vial")
    if amount.unit == "mL":
        raise Misread(
            "bad-unit",
            f"'{text}' is a volume, not an amount of drug.",
            "Write it like '22 million units'.",
        )
    return amount


def read_vial(text: str) -> tuple[Amount, Decimal, bool]:
    """'300 mg in 50 mL multiple-dose': what it holds, the mL of a solution (0 for a powder), for several doses."""
    match = re.fullmatch(r"(.+?)(?: in (\S+ \S+))? (single-dose|multiple-dose)", text)
    if match is None:
        raise Misread(
            "bad-vial",
            f"'{text}' does not say what a vial holds and for how many doses.",
            "Write it like '22 million units single-dose' or '300 mg in 50 mL multiple-dose'.",
        )
    volume = Decimal(0) if match[2] is None else read_part(read_volume, match, 2)
    return read_part(read_content, match, 1), volume, match[3] == "multiple-dose"


def read_concentration(text: str) -> Amount:
    """'18 million units/mL': the amount in one mL."""
    match = _PER_ML.fullmatch(text)
    if match is None:
        raise Misread(
            "bad-concentration",
            f"'{text}' is not an amount per mL.",
            "Write it like '18 million units/mL'.",
        )
    return read_content(match[1])


def read_band(text: str) -> tuple[Amount, Amount]:
    """'1.13 to 1.6 million units/mL': from the lower to the higher concentration."""
    match = re.fullmatch(r"(\S+) to (.+)", text)
    if match is None:
        raise Misread(
            "bad-band",
            f"'{text}' is not a range of concentrations.",
            "Write it like '1.13 to 1.6 million units/mL'.",
        )
    most = read_part(read_concentration, match, 2)
    least = Amount(read_part(read_number, match, 1), most.unit)
    if least.value >= most.value:
        raise Misread("bad-band", f"'{text}' runs downwards.", "Write the lower number first.")
    return least, most


def read_reconstitution(text: str) -> tuple[Decimal, str]:
    """'1.2 mL sterile water for injection': how many mL of what."""
    match = re.fullmatch(r"(\S+ \S+) (\S.*)", text)
    if match is None:
        raise Misread(
            "bad-reconstitution",
            f"'{text}' does not say how much of what.",
            "Write it like '1.2 mL sterile water for injection'.",
        )
    return read_part(read_volume, match, 1), match[2]


def read_hours(text: str) -> int:
    """'48 hours', '6 days', as hours."""
    match = re.fullmatch(r"(\d{1,4}) (hour|day)s?", text)
    hours = 0 if match is None else int(match[1]) * (24 if match[2] == "day" else 1)
    if not 0 < hours <= MOST_HOURS:
        raise Misread(
            "bad-beyond-use",
            f"'{text}' is not a time that a solution keeps.",
            "Write it like '48 hours' or '6 days'.",
        )
    return hours


def read_syringe(text: str) -> tuple[Decimal, Decimal]:
    """'1 mL graduated 0.01 mL': capacity and distance of the marks, in mL."""
    match = re.fullmatch(r"(\S+ \S+) graduated (\S+ \S+)", text)
    if match is None:
        raise Misread(
            "bad-syringe",
            f"'{text}' does not say what the syringe holds and how it is marked.",
            "Write it like '1 mL graduated 0.01 mL'.",
        )
    capacity, graduation = read_part(read_volume, match, 1), read_part(read_volume, match, 2)
    if capacity < graduation:
        raise Misread(
            "capacity-under-graduation",
            f"A syringe of {plain(capacity)} mL cannot have marks of {plain(graduation)} mL.",
            "Write what it holds first, then the distance of its marks.",
        )
    _whole_marks(capacity, graduation, match.start(2), len(match[2]))
    return capacity, graduation


def read_smallest(text: str) -> tuple[Decimal, Decimal]:
    """'1 mL syringe from 0.02 mL': which syringe, and the least volume that it measures, in mL."""
    match = re.fullmatch(r"(\S+ \S+) syringe from (\S+ \S+)", text)
    if match is None:
        raise Misread(
            "bad-smallest",
            f"'{text}' does not say what a syringe measures at least.",
            "Write it like '1 mL syringe from 0.02 mL'.",
        )
    return read_part(read_volume, match, 1), read_part(read_volume, match, 2)


def read_space(text: str) -> tuple[Decimal, Decimal]:
    """'1 mL syringe 0.07 mL': which syringe, and a volume in mL, which may be 0."""
    match = re.fullmatch(r"(\S+ \S+) syringe (\S+ \S+)", text)
    if match is None:
        raise Misread(
            "bad-space",
            f"'{text}' does not name a syringe and a volume.",
            "Write it like '1 mL syringe 0.07 mL', or 0 mL.",
        )
    nothing = match[2] in ("0 mL", "0 ml")
    return read_part(read_volume, match, 1), Decimal(0) if nothing else read_part(read_volume, match, 2)


def graduation_of(capacity: Decimal, marks: Mapping[Decimal, Decimal]) -> Decimal:
    """The distance of the marks of a syringe of the file; Misread where there is no such."""
    if capacity not in marks:
        raise Misread(
            "unknown-syringe",
            f"The file names no syringe of {plain(capacity)} mL.",
            "Write one that stands below 'syringes:'.",
        )
    return marks[capacity]


def check_smallest(capacity: Decimal, smallest: Decimal, graduation: Decimal) -> None:
    """Misread where a syringe cannot measure so little or so much."""
    if smallest > capacity:
        raise Misread(
            "smallest-over-capacity",
            f"A {plain(capacity)} mL syringe cannot measure {plain(smallest)} mL at least.",
            "Write a volume that the syringe holds.",
        )
    _whole_marks(smallest, graduation, 0, 0)


def check_marks(volume: Decimal, graduation: Decimal) -> None:
    """Misread where a syringe has no mark at a volume."""
    _whole_marks(volume, graduation, 0, 0)


def read_words(text: str) -> str:
    """Any words: a solvent, how it is stored, what is never used."""
    return " ".join(text.split())


def _whole_marks(volume: Decimal, graduation: Decimal, start: int, width: int) -> None:
    if EXACT.remainder(volume, graduation):
        raise Misread(
            "not-a-mark",
            f"With marks of {plain(graduation)} mL no mark stands at {plain(volume)} mL.",
            "Write capacity, marks and smallest volume as the syringe shows them.",
            start,
            width,
        )


def read_volume(text: str) -> Decimal:
    """'0.01 mL', as mL; more than 0."""
    amount = _amount(text, "A volume")
    if amount.unit != "mL":
        raise Misread("bad-unit", f"'{text}' is not a volume.", "Write it in mL, like '0.01 mL'.", 0, len(text))
    if amount.value > MOST_ML:
        raise Misread(
            "bad-volume",
            f"'{text}' is more than any syringe or vial holds.",
            "Write a volume of at most 1,000 mL.",
            0,
            len(text),
        )
    return amount.value


def _amount(text: str, what: str) -> Amount:
    if _ZERO.match(text):
        raise Misread("zero", f"{what} of 0 is impossible.", "Write the amount, like '0.01 mL'.", 0, len(text))
    return read_amount(text)


def read_part(reader: Callable[[str], T], match: re.Match[str], group: int) -> T:
    """A part of a sentence handed to its reader; its faults keep their position."""
    try:
        return reader(match[group])
    except Misread as fault:
        raise fault.moved(match.start(group)) from None
