"""DOSE: the right side of `give`, and the rates and infusion times that other effects name.

trastuzumab 4 mg/kg intravenous over 90 min
trastuzumab 2 mg/kg intravenous over 90 min first, then 30 min
capecitabine 1,000 mg/m2 oral twice daily at 08:00 and 20:00
dexamethasone 10 mg flat oral
capecitabine by bands oral twice daily at 08:00 and 20:00
"""

from __future__ import annotations

import re

from scheduler.problems import Misread
from scheduler.protocol.meaning import Dose, Minutes
from scheduler.protocol.words import Names, Words
from scheduler.quantities import Rate, scan_rate

EXAMPLE = "trastuzumab 4 mg/kg intravenous over 90 min"
ROUTES = {
    "intravenous": ("intravenous", "IV", "i.v."),
    "subcutaneous": ("subcutaneous", "SC", "s.c.", "subcut", "SUBQ"),
    "intramuscular": ("intramuscular", "IM"),
    "oral": ("oral", "PO", "p.o.", "by mouth"),
}
FREQUENCIES = {"once daily": 1, "twice daily": 2, "three times daily": 3, "four times daily": 4}
LONGEST_INFUSION = 24 * 60
_ROUTE_WORDS = {word: route for route, words in ROUTES.items() for word in words}
_ROUTE = "(" + "|".join(re.escape(word) for word in _ROUTE_WORDS) + r")(?!\w)"
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def read_dose(text: str, names: Names) -> Dose:
    """A dose sentence; raises Misread naming the word that cannot be read."""
    words = Words(text)
    treatment = words.name(names.treatments, "unknown-treatment", "a treatment")
    rate = None if words.take(r"by bands\b") else _basis(words)
    route = _ROUTE_WORDS[words.need(_ROUTE, "bad-route", "A route (intravenous, subcutaneous, oral)", EXAMPLE).group(1)]
    minutes = read_minutes(words) if words.rest.startswith("over ") else None
    frequency = words.take("(" + "|".join(FREQUENCIES) + r")\b")
    times = FREQUENCIES[frequency.group(1)] if frequency else 1
    at = _times(words) if words.take(r"at\b") else ()
    words.end("bad-dose", EXAMPLE)
    if times > 1 and len(at) != times:
        raise Misread(
            "times-do-not-match",
            f"'{text}' is taken {times} times a day and names {len(at)} times of day.",
            "Write every time of day, like 'twice daily at 08:00 and 20:00'.",
            0,
            len(text),
        )
    return Dose(treatment, rate, route, minutes, times, at)


def read_rate_here(words: Words) -> Rate:
    """The rate that comes next in a sentence."""
    try:
        rate, length = scan_rate(words.rest)
    except Misread as fault:
        raise fault.moved(words.at) from None
    words.at += length
    words.take(r"")
    return rate


def _basis(words: Words) -> Rate:
    """A rate that says what it is per: kg, m2, or in so many words nothing ('flat')."""
    start = words.at
    rate = read_rate_here(words)
    if not words.take(r"flat\b") and not rate.per:
        raise Misread(
            "dose-without-basis",
            f"'{rate}' does not say per what: per kg, per m2, or the same for everybody.",
            f"Write it like '{rate}/kg', '{rate}/m2' or '{rate} flat'.",
            start,
            words.at - start,
        )
    return rate


def read_minutes(words: Words) -> Minutes:
    """'over 90 min', 'over 3 hours', 'over 90 min first, then 30 min'."""
    words.need(r"over\b", "bad-infusion-time", "The word 'over'", EXAMPLE)
    first = _length(words)
    if words.take(r"first, then\b"):
        return Minutes(first, _length(words))
    return Minutes(first, first)


def read_clock(text: str) -> str:
    """'08:00': a time of day on the 24-hour clock, with both digits of the hour."""
    if _CLOCK.fullmatch(text) is None:
        raise Misread(
            "bad-time",
            f"'{text}' is not a time of day.",
            "Write it with four digits, like 08:00 or 20:00.",
            0,
            len(text),
        )
    return text


def _length(words: Words) -> int:
    start = words.at
    number = words.number("bad-infusion-time", "A length of time", "over 90 min")
    unit = words.need(r"(min(?:utes)?|h(?:ours?)?)\b", "bad-infusion-time", "'min' or 'hours'", "over 90 min").group(1)
    minutes = number * 60 if unit.startswith("h") else number
    if not 0 < minutes <= LONGEST_INFUSION:
        raise Misread(
            "bad-infusion-time",
            f"An infusion of {number} {unit} is not believable.",
            "Write a length between 1 minute and 24 hours.",
            start,
            words.at - start,
        )
    return minutes


def _times(words: Words) -> tuple[str, ...]:
    found = [words.inner(read_clock, words.need(r"\S+?(?=,|\s|$)", "bad-time", "A time of day", "at 20:00"))]
    while words.take(r",|and\b"):
        found.append(words.inner(read_clock, words.need(r"\S+?(?=,|\s|$)", "bad-time", "A time of day", "at 20:00")))
    if sorted(set(found)) != found:
        raise Misread(
            "bad-time",
            f"'{words.text}' names its times out of order.",
            "Write them in rising order.",
            0,
            len(words.text),
        )
    return tuple(found)
