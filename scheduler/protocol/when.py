"""WHEN: the left side of `give` and `assess`.

cycle 1 days 2-7, 12-21                       arm cohort-1 cycle 2+ day 1
cycle 2+, 1 and 4 days after each trastuzumab
cycle 1+ evening before paclitaxel            cycle 1+ morning of paclitaxel
cycle 1+ before each trastuzumab, interleukin_12
before day 1        after cycles 1, 3        after every 4 cycles        every 3 months after cycle 3
every 3 months from day 1
"""

from __future__ import annotations

from typing import Literal, cast

from scheduler.cycle_days import LAST_CYCLE, Cycles, read_days
from scheduler.problems import Misread
from scheduler.protocol.meaning import (
    AfterCycles,
    BeforeDay1,
    BeforeEach,
    DaysAfter,
    EveryCycles,
    EveryMonths,
    OnDays,
    TiedTo,
    When,
)
from scheduler.protocol.words import Names, Words

EXAMPLE = "cycle 1 days 2-7, 12-21"
MOST_MONTHS = 24
_DAYS = r"[0-9][0-9,+ -]*"
_PARTS = r"(evening before|morning of|day before|day after)\b"


def read_when(text: str, names: Names) -> tuple[tuple[str, ...], When]:
    """The arms it is limited to (none: all of them), and when; raises Misread."""
    words = Words(text)
    arms = words.arms(names)
    when = _when(words, names)
    words.end("bad-when", EXAMPLE)
    return arms, when


def _when(words: Words, names: Names) -> When:
    if words.take(r"before day 1\b"):
        return BeforeDay1()
    if words.take(r"after every\b"):
        every = words.number("bad-when", "a number of cycles", "after every 4 cycles", LAST_CYCLE)
        words.need(r"cycles?\b", "bad-when", "the word 'cycles'", "after every 4 cycles")
        return EveryCycles(every)
    if words.take(r"after cycles?\b"):
        return AfterCycles(words.cycles())
    if words.take(r"every\b"):
        return _every_months(words)
    words.need(r"cycles?\b", "bad-when", "a cycle", EXAMPLE)
    return _in_cycles(words, names)


def _every_months(words: Words) -> EveryMonths:
    example = "every 3 months after cycle 3"
    months = words.number("bad-when", "a number of months", example, MOST_MONTHS)
    words.need(r"months?\b", "bad-when", "the word 'months'", example)
    if words.take(r"from day 1\b"):
        return EveryMonths(months, 0)
    words.need(r"after cycle\b", "bad-when", "'after cycle' or 'from day 1'", example)
    return EveryMonths(months, words.number("bad-when", "the number of a cycle", example, LAST_CYCLE))


def _in_cycles(words: Words, names: Names) -> When:
    cycles = words.cycles()
    if words.take(r"days?\b(?! before| after)"):
        found = words.need(_DAYS, "bad-days", "a day", EXAMPLE)
        return OnDays(cycles, words.inner(lambda text: read_days(text.rstrip()), found))
    if words.take(r"before each\b"):
        return BeforeEach(cycles, words.names(names.treatments, "unknown-treatment", "a treatment"))
    part = words.take(_PARTS)
    if part is not None:
        kind = cast('Literal["evening before", "morning of", "day before", "day after"]', part.group(1))
        words.take(r"each\b")
        return TiedTo(cycles, kind, words.name(names.treatments, "unknown-treatment", "a treatment"))
    if words.take(",") or words.rest[:1].isdigit():
        return _days_after(words, names, cycles)
    raise words.fault("bad-when", "'day', 'days', 'before each' or the like", f"Write it like '{EXAMPLE}'.")


def _days_after(words: Words, names: Names, cycles: Cycles) -> DaysAfter:
    example = "cycle 2+, 1 and 4 days after each trastuzumab"
    offsets: list[int] = []
    while not offsets or words.take(r",|and\b"):
        start = words.at
        offsets.append(words.number("bad-when", "a number of days", example))
        if offsets != sorted(set(offsets)):
            what = f"Day {offsets[-1]} stands twice or out of order here."
            mend = "Write each day once, in rising order."
            raise Misread("days-out-of-order", what, mend, start, len(str(offsets[-1])))
    words.need(r"days? after\b", "bad-when", "'days after'", example)
    words.take(r"each\b")
    treatment = words.name(names.treatments, "unknown-treatment", "a treatment")
    return DaysAfter(cycles, tuple(offsets), treatment)
