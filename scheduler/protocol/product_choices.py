"""The sentences of a product file that choose: which concentration for which dose, what if it is too much, which bag.

use: 18 million units/mL for every dose       over_capacity: larger syringe
bags: 250 mL 0.9 % sodium chloride, drug added
"""

from __future__ import annotations

import re
from typing import cast

from scheduler.problems import Misread
from scheduler.protocol.product_facts import read_concentration, read_part, read_volume
from scheduler.protocol.product_model import EVERY_DOSE, Bag, OverCapacity
from scheduler.protocol.wording import did_you_mean, listed, quoted
from scheduler.quantities import Amount

OVER_CAPACITY = ("larger syringe", "equal parts")
FILLED = {"drug added": False, "same volume taken out first": True}


def read_use(text: str) -> tuple[str, Amount]:
    """'6 million units/mL for aldesleukin_low': the treatment ('' for every dose) and its concentration per mL."""
    match = re.fullmatch(r"(.+?) for (every dose|[a-z][a-z0-9_-]{0,39})", text)
    if match is None:
        raise Misread(
            "bad-use",
            f"{quoted(text)} does not say which concentration is used for which dose.",
            "Write it like '18 million units/mL for every dose' or '6 million units/mL for aldesleukin_low'.",
        )
    treatment = EVERY_DOSE if match[2] == "every dose" else match[2]
    return treatment, read_part(read_concentration, match, 1)


def read_over_capacity(text: str) -> OverCapacity:
    """What happens to a dose that one small syringe does not hold."""
    if text not in OVER_CAPACITY:
        raise Misread(
            "bad-over-capacity",
            f"{quoted(text)} does not say how a large dose is given.{did_you_mean(text, OVER_CAPACITY)}",
            f"Write {listed(OVER_CAPACITY)}.",
        )
    return cast("OverCapacity", text)


def read_bag(text: str) -> Bag:
    """'250 mL 0.9 % sodium chloride, drug added', or '..., same volume taken out first'."""
    match = re.fullmatch(r"(\S+ \S+) (\S[^,]*), (.+)", text)
    if match is None or match[3] not in FILLED:
        raise Misread(
            "bad-bag",
            f"{quoted(text)} does not say which bag, of what, and how it is filled.",
            "Write it like '250 mL 0.9 % sodium chloride, drug added' or '..., same volume taken out first'.",
        )
    return Bag(read_part(read_volume, match, 1), match[2], FILLED[match[3]])
