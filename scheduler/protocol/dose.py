"""DOSE: the right side of `give`, and the rates and infusion times that other effects name.

trastuzumab 4 mg/kg intravenous over 90 min
trastuzumab 2 mg/kg intravenous over 90 min first, then 30 min
capecitabine 1,000 mg/m2 oral twice daily at 08:00 and 20:00
dexamethasone 10 mg flat oral
capecitabine by bands oral twice daily at 08:00 and 20:00
"""

from __future__ import annotations

import re
from decimal import Decimal

from scheduler.problems import Misread
from scheduler.protocol.meaning import Dose, Minutes
from scheduler.protocol.wording import listed, nearest, quoted
from scheduler.protocol.words import Names, Words
from scheduler.quantities import Amount, Rate, scan_rate, shown_number

EXAMPLE = "trastuzumab 4 mg/kg intravenous over 90 min"
EXAMPLE_AT_HOME = "capecitabine 1,000 mg/m2 oral twice daily at 08:00 and 20:00"
ROUTES = {
    "intravenous": ("intravenous", "IV", "i.v."),
    "subcutaneous": ("subcutaneous", "SC", "s.c.", "subcut", "SUBQ"),
    "intramuscular": ("intramuscular", "IM"),
    "oral": ("oral", "PO", "p.o.", "by mouth"),
}
FREQUENCIES = {"once daily": 1, "twice daily": 2, "three times daily": 3, "four times daily": 4}
LONGEST_INFUSION = 24 * 60
_LENGTHS = ("min", "minute", "minutes", "h", "hour", "hours")
MOST = {
    ("g", ""): 50,
    ("g", "kg"): 3,
    ("g", "m2"): 20,
    ("million units", ""): 1000,
    ("million units", "kg"): 10,
    ("million units", "m2"): 200,
    ("mL", ""): 5000,
    ("mL", "kg"): 100,
    ("mL", "m2"): 3000,
    ("mmol", ""): 1000,
    ("mmol", "kg"): 20,
    ("mmol", "m2"): 500,
}
"""Above these a dose is a slip of the pen: all are larger than the largest doses in use."""
_ROUTE_WORDS = {word: route for route, words in ROUTES.items() for word in words}
_AFTER_UNIT = "|".join([*map(re.escape, _ROUTE_WORDS), "flat", "over"])
_COUNTS = {count: words.removesuffix(" daily") for words, count in FREQUENCIES.items()}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_INFUSED = ("intravenous", "subcutaneous")


def read_dose(text: str, names: Names) -> Dose:
    """A dose sentence; raises Misread naming the word that cannot be read."""
    words = Words(text)
    treatment = words.name(names.treatments, "unknown-treatment", "a treatment")
    rate = None if words.take(r"by bands\b") else _basis(words)
    route = _ROUTE_WORDS[words.one_of(tuple(_ROUTE_WORDS), "bad-route", "a route", ROUTES)]
    minutes = _infusion(words, route) if re.match(r"over\b", words.rest) else None
    frequency = words.take("(" + "|".join(FREQUENCIES) + r")\b")
    start, times = words.at, FREQUENCIES[frequency.group(1)] if frequency else 1
    at = _times(words) if words.take(r"at\b") else ()
    _end(words, EXAMPLE if route == "intravenous" else EXAMPLE_AT_HOME)
    if len(at) != times and (at or times > 1):
        given = f"{len(at) or 'no'} time{'' if len(at) == 1 else 's'} of day"
        raise Misread(
            "times-do-not-match",
            f"This dose is taken {_COUNTS[times]} a day and has {given}.",
            "Write as many times of day as doses, like 'twice daily at 08:00 and 20:00'.",
            start if at else len(text),
            len(text) - start if at else 1,
        )
    return Dose(treatment, rate, route, minutes, times, at)


def _end(words: Words, example: str) -> None:
    """Nothing follows; two words that are nearly a frequency were meant as one."""
    often = " ".join(words.rest.split()[:2])
    near = nearest(often, FREQUENCIES)
    if near:
        what = f"{quoted(often)} is not how often a dose is taken. Did you mean '{near}'?"
        raise Misread("bad-dose", what, f"Write {listed(FREQUENCIES)}.", words.at, len(often))
    words.end("bad-dose", example)


def read_rate_here(words: Words) -> Rate:
    """The rate that comes next in a sentence."""
    try:
        rate, length = scan_rate(words.rest)
    except Misread as fault:
        raise _without_unit(words) or fault.moved(words.at) from None
    start = words.at
    words.at += length
    words.take(r"")
    believable(rate, start, length)
    return rate


def _without_unit(words: Words) -> Misread | None:
    """A number with what follows a unit right behind it."""
    match = re.match(rf"(\S+) +({_AFTER_UNIT})(?!\w)", words.rest)
    if match is None or match[1][0] not in "0123456789":
        return None
    what, start = f"'{match[1]}' has no unit.", words.at + len(match[1])
    return Misread("bad-unit", what, "Write it like '4 mg/kg' or '10 mg flat'.", start, 1)


def read_rate_alone(text: str) -> Rate:
    """A rate and nothing else, as a level table has it."""
    words = Words(text)
    rate = read_rate_here(words)
    words.end("bad-rate", "0.75 million units/m2")
    return rate


def read_amount_alone(text: str) -> Amount:
    """An amount and nothing else, as a table of bands has it."""
    rate = read_rate_alone(text)
    if rate.per:
        raise Misread(
            "bad-amount",
            f"'{rate}' is a dose per body size, and a band holds one amount.",
            f"Write it like '{rate.amount}'.",
        )
    return rate.amount


def believable(rate: Rate, start: int, width: int) -> None:
    """Misread where a dose is larger than any in use."""
    for (unit, per), most in MOST.items():
        amount = rate.amount.in_unit(unit)
        if amount is not None and per == rate.per and amount.value > most:
            limit = Rate(Amount(Decimal(most), unit), rate.per)
            raise Misread(
                "dose-not-believable",
                f"'{rate}' is more than any dose in use; nothing above {limit} is read.",
                "Look for a slip in the number or in the unit.",
                start,
                width,
            )


def _basis(words: Words) -> Rate:
    """A rate that says what it is per: kg, m2, or in so many words nothing ('flat')."""
    start = words.at
    rate = read_rate_here(words)
    width, flat = words.at - start, words.take(r"flat\b")
    if flat is not None and rate.per:
        raise Misread(
            "flat-and-by-size",
            f"'{rate} flat' is both by body size and the same for everybody.",
            f"Write '{rate}' or '{rate.amount} flat'.",
            flat.start(),
            len("flat"),
        )
    if flat is None and not rate.per:
        raise Misread(
            "dose-without-basis",
            f"'{rate}' does not say per what: per kg, per m2, or the same for everybody.",
            f"Write it like '{_bare(rate)}/kg', '{_bare(rate)}/m2' or '{rate} flat'.",
            start,
            len(words.text[start : start + width].rstrip()),
        )
    return rate


def _bare(rate: Rate) -> str:
    return f"{shown_number(rate.amount.value)} {rate.amount.unit}"


def _infusion(words: Words, route: str) -> Minutes:
    if route not in _INFUSED:
        raise Misread(
            "bad-infusion-time",
            f"A dose that is {route} does not run in over some time.",
            "Take the time out, or correct the route.",
            words.at,
            len("over"),
        )
    return read_minutes(words)


def read_minutes(words: Words) -> Minutes:
    """'over 90 min', 'over 3 hours', 'over 90 min first, then 30 min'."""
    words.need(r"over\b", "bad-infusion-time", "the word 'over'", "over 90 min")
    start = words.at
    first = _length(words)
    if not words.take(r"first, then\b"):
        return Minutes(first, first)
    later = _length(words)
    if later > first:
        raise Misread(
            "bad-infusion-time",
            f"The first infusion takes {first} min here, and the later ones take longer, {later} min.",
            "Write the longer time first.",
            start,
            words.at - start,
        )
    return Minutes(first, later)


def read_clock(text: str) -> str:
    """'08:00': a time of day on the 24-hour clock, with both digits of the hour."""
    if _CLOCK.fullmatch(text) is None:
        raise Misread(
            "bad-time",
            f"{quoted(text)} is not a time of day.",
            "Write it with four digits, like 08:00 or 20:00.",
            0,
            len(text),
        )
    return text


def _length(words: Words) -> int:
    start = words.at
    number = int(words.need(r"[0-9]{1,4}\b", "bad-infusion-time", "a length of time", "over 90 min").group())
    unit = words.one_of(_LENGTHS, "bad-infusion-time", "'min' or 'hours'", ("min", "hours"))
    minutes = number * 60 if unit.startswith("h") else number
    if not 0 < minutes <= LONGEST_INFUSION:
        raise Misread(
            "bad-infusion-time",
            f"An infusion of {number} {unit} is not believable.",
            "Write a length between 1 minute and 24 hours.",
            start,
            len(words.text[start : words.at].rstrip()),
        )
    return minutes


def _times(words: Words) -> tuple[str, ...]:
    start, found = words.at, [_time(words)]
    while words.take(r",|and\b"):
        found.append(_time(words))
    if sorted(set(found)) != found:
        raise Misread(
            "bad-time",
            f"{quoted(words.text[start : words.at])} names a time twice or out of order.",
            "Write each time once, in rising order.",
            start,
            words.at - start,
        )
    return tuple(found)


def _time(words: Words) -> str:
    return words.inner(read_clock, words.need(r"\S+?(?=,|\s|$)", "bad-time", "a time of day", "at 20:00"))
