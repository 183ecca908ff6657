"""The phrases that the one-line effects are made of: text in, values out, Misread at the very word."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, cast

from scheduler.cycle_days import LAST_CYCLE, LAST_DAY, Cycles
from scheduler.problems import Misread
from scheduler.protocol import dose as dosing
from scheduler.protocol.meaning import Minutes
from scheduler.protocol.words import Names, Words
from scheduler.quantities import Amount, Rate

LONGEST_WINDOW = 180
MOST_BLOOD = 500  # mL at a time
SIZES = {"kg": (Decimal(1), Decimal(300)), "m2": (Decimal("0.1"), Decimal(3))}
RESPONSES = ("CR", "PR", "SD", "PD", "NE")


def arms_and_cycles(text: str, names: Names) -> tuple[tuple[str, ...], Cycles]:
    """'cycle 2+', 'arm cohort-1 cycle 1'."""
    words = Words(text)
    arms = words.arms(names)
    words.need(r"cycles?\b", "bad-when", "a cycle", "cycle 2+")
    cycles = words.cycles()
    words.end("bad-when", "cycle 2+")
    return arms, cycles


def length_in_days(text: str) -> int:
    """'21 days', the length of a cycle."""
    words = Words(text)
    days = words.number("bad-cycle-length", "the length of a cycle", "21 days", LAST_DAY)
    words.need(r"days?\b", "bad-cycle-length", "the word 'days'", "21 days")
    words.end("bad-cycle-length", "21 days")
    return days


def treatment(text: str, names: Names) -> str:
    """The name of a treatment, alone."""
    words = Words(text)
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.end("bad-treatment", name)
    return name


def infusion(text: str, names: Names) -> tuple[tuple[str, ...], Cycles, str]:
    """'cycle 2+ trastuzumab': whose infusion time is meant."""
    words, example = Words(text), "cycle 2+ trastuzumab"
    arms = words.arms(names)
    words.need(r"cycles?\b", "bad-when", "a cycle", example)
    cycles = words.cycles()
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.end("bad-when", example)
    return arms, cycles, name


def infusion_time(text: str) -> Minutes:
    """'over 30 min', 'over 90 min first, then 30 min', 'not stated'."""
    if text == "not stated":
        return Minutes(None, None)
    words = Words(text)
    minutes = dosing.read_minutes(words)
    words.end("bad-infusion-time", "over 90 min first, then 30 min")
    return minutes


def assessment(text: str, names: Names) -> tuple[str, Amount | None, tuple[int, int] | None]:
    """'research_blood 20 mL window 7 days before to 0 days after': name, volume, window."""
    words = Words(text)
    name = words.name(names.assessments, "unknown-assessment", "an assessment")
    blood = None if words.take(r"volume not stated\b") or not words.rest[:1].isdigit() else _blood(words)
    window = _window(words) if words.take(r"window\b") else None
    words.end("bad-assessment", f"{name} 20 mL window 7 days before to 0 days after")
    return name, blood, window


def window(text: str) -> tuple[int, int]:
    """'1 day before to 1 day after'."""
    words = Words(text)
    days = _window(words)
    words.end("bad-window", "1 day before to 1 day after")
    return days


def level_of(text: str, names: Names) -> tuple[tuple[str, ...], str, int]:
    """'aldesleukin_low level -1'."""
    words, example = Words(text), "aldesleukin_low level -1"
    arms = words.arms(names)
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.need(r"level\b", "bad-level", "the word 'level'", example)
    number = words.need(r"(0|-[1-9])(?![0-9])", "bad-level", "0, -1 or a lower number", example)
    words.end("bad-level", example)
    return arms, name, int(number.group(1))


def band_of(text: str, names: Names) -> tuple[tuple[str, ...], str, Literal["kg", "m2"], Decimal | None, Decimal]:
    """'capecitabine up to 1.25 m2', 'capecitabine above 1.25 m2'; last the upper bound, and the number written."""
    words, example = Words(text), "capecitabine up to 1.25 m2"
    arms = words.arms(names)
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    kind = words.need(r"(up to|above)\b", "bad-band", "'up to' or 'above'", example).group(1)
    size = words.need(r"([0-9]{1,3}(\.[0-9]{1,3})?)(?![0-9.])", "bad-band", "a body size", example)
    start, bound = size.start(), Decimal(size.group(1))
    per = cast('Literal["kg", "m2"]', words.one_of(("kg", "m2"), "bad-band", "kg or m2", ("kg", "m2")))
    words.end("bad-band", example)
    if not SIZES[per][0] <= bound <= SIZES[per][1]:
        what = f"'{text[start:]}' is not believable as a body size."
        mend = f"Write a size from {SIZES[per][0]} to {SIZES[per][1]} {per}."
        raise Misread("bad-band", what, mend, start, len(text) - start)
    return arms, name, per, bound if kind == "up to" else None, bound


def before_cycle(text: str) -> int:
    """'before cycle 4'; nothing can be decided before cycle 1, which the enrolment begins."""
    words, example = Words(text), "before cycle 4"
    words.need(r"before cycle\b", "bad-decision", "'before cycle'", example)
    cycle = words.number("bad-decision", "the number of a later cycle", example, LAST_CYCLE, 2)
    words.end("bad-decision", example)
    return cycle


def answers(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """'response CR, PR, SD goes on; PD ends': the question, what goes on, what ends."""
    words, example = Words(text), "response CR, PR, SD goes on; PD ends"
    question = words.need(r"response\b", "bad-decision", "the word 'response'", example).group()
    goes_on = _responses(words)
    words.need(r"goes on\b", "bad-decision", "'goes on'", example)
    words.need(r";", "bad-decision", "a semicolon", example)
    ends = _responses(words)
    words.need(r"ends?\b", "bad-decision", "the word 'ends'", example)
    words.end("bad-decision", example)
    return question, goes_on, ends


def _responses(words: Words) -> tuple[str, ...]:
    found: list[str] = []
    while not found or words.take(r",|and\b"):
        start = words.at
        found.append(words.one_of(RESPONSES, "unknown-response", "a response", RESPONSES))
        if found[-1] in found[:-1]:
            raise Misread("named-twice", f"'{found[-1]}' is named twice.", "Name each one once.", start, 2)
    return tuple(found)


def days_late(text: str, names: Names) -> tuple[str, int]:
    """'trastuzumab more than 7 days late'."""
    words, example = Words(text), "trastuzumab more than 7 days late"
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.need(r"more than\b", "bad-reload", "'more than'", example)
    days = words.number("bad-reload", "a number of days", example)
    words.need(r"days? late\b", "bad-reload", "'days late'", example)
    words.end("bad-reload", example)
    return name, days


def loading_dose(text: str) -> tuple[Rate, int | None]:
    """'4 mg/kg over 90 min'."""
    words = Words(text)
    rate = dosing.read_rate_here(words)
    minutes = dosing.read_minutes(words).first if words.rest else None
    words.end("bad-reload", "4 mg/kg over 90 min")
    return rate, minutes


def one_after_another(text: str, names: Names) -> tuple[str, str]:
    """'paclitaxel after trastuzumab': the later one and the earlier one."""
    words, known = Words(text), names.treatments + names.assessments
    later = words.name(known, "unknown-name", "a treatment or assessment")
    words.need(r"after\b", "bad-order", "the word 'after'", "paclitaxel after trastuzumab")
    earlier = words.name(known, "unknown-name", "a treatment or assessment")
    words.end("bad-order", "paclitaxel after trastuzumab")
    return later, earlier


def warning(text: str, names: Names) -> tuple[Literal["resuming", "reducing"], str]:
    """'resuming interleukin_12', 'reducing trastuzumab': the proposal that a warning stands beside."""
    words, example = Words(text), "resuming interleukin_12"
    what = words.one_of(("resuming", "reducing"), "bad-warning", "'resuming' or 'reducing'", ("resuming", "reducing"))
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.end("bad-warning", example)
    return cast('Literal["resuming", "reducing"]', what), name


def distance(text: str, names: Names) -> tuple[str, int, str]:
    """'interleukin_12 at least 2 days before trastuzumab', 'paclitaxel at least 21 days apart'."""
    words, example = Words(text), "interleukin_12 at least 2 days before trastuzumab"
    name = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.need(r"at least\b", "bad-spacing", "'at least'", example)
    days = words.number("bad-spacing", "a number of days", example)
    words.need(r"days?\b", "bad-spacing", "the word 'days'", example)
    other = name
    if not words.take(r"apart\b"):
        words.need(r"before\b", "bad-spacing", "'apart' or 'before'", example)
        other = words.name(names.treatments, "unknown-treatment", "a treatment")
    words.end("bad-spacing", example)
    return name, days, other


def volume_in_weeks(text: str) -> tuple[Rate, int]:
    """'550 mL in 8 weeks', '10.5 mL/kg in 8 weeks'."""
    words, example = Words(text), "550 mL in 8 weeks"
    rate = dosing.read_rate_here(words)
    if rate.amount.unit != "mL" or rate.per == "m2":
        raise _not_blood(text[: words.at].rstrip(), 0)
    words.need(r"in\b", "bad-blood-limit", "the word 'in'", example)
    weeks = words.number("bad-blood-limit", "a number of weeks", example, 52)
    words.need(r"weeks?\b", "bad-blood-limit", "the word 'weeks'", example)
    words.end("bad-blood-limit", example)
    return rate, weeks


def _blood(words: Words) -> Amount:
    start = words.at
    rate = dosing.read_rate_here(words)
    if rate.amount.unit != "mL" or rate.per:
        raise _not_blood(words.text[start : words.at].rstrip(), start)
    if rate.amount.value > MOST_BLOOD:
        what = f"'{rate}' is more blood than is drawn at a time."
        raise Misread("bad-blood", what, f"Write at most {MOST_BLOOD} mL.", start, len(str(rate)))
    return rate.amount


def _not_blood(text: str, start: int) -> Misread:
    return Misread(
        "bad-blood", f"'{text}' is not a volume of blood.", "Write it in mL, like '20 mL'.", start, len(text)
    )


def _window(words: Words) -> tuple[int, int]:
    example = "1 day before to 1 day after"
    before = words.number("bad-window", "a number of days", example, LONGEST_WINDOW, 0)
    words.need(r"days? before\b", "bad-window", "'days before'", example)
    words.need(r"to\b", "bad-window", "the word 'to'", example)
    after = words.number("bad-window", "a number of days", example, LONGEST_WINDOW, 0)
    words.need(r"days? after\b", "bad-window", "'days after'", example)
    return before, after
