"""Dose level tables: they fall, they have no gaps, and they begin at the prescribed dose."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import Level, Rule
from scheduler.quantities import Rate

LEAST_SHARE = Decimal("0.25")
"""A level below this share of the one above it is a slip of the pen: reductions are by a quarter to a half."""


def _tables(c: Checking) -> dict[tuple[str, str | None], list[Level]]:
    tables: dict[tuple[str, str | None], list[Level]] = {}
    for arm in c.arms:
        for level, _ in c.protocol.effects(Level, arm):
            tables.setdefault((level.treatment, arm), []).append(level)
    return {key: sorted(rows, key=lambda row: -row.level) for key, rows in tables.items()}


def levels_fall(c: Checking) -> None:
    for (treatment, _), rows in _tables(c).items():
        for above, below in pairwise(rows):
            if above.level == below.level:
                c.problem(
                    below.place,
                    "level-twice",
                    f"Level {below.level} of {treatment} stands in line {above.place.line} already.",
                    "Keep one of the two.",
                )
            elif below.rate.is_below(above.rate) is None:
                c.problem(
                    below.place,
                    "mixed-basis",
                    f"{below.rate} cannot be compared with {above.rate} in line {above.place.line}.",
                    "Write all levels per the same body size, in one kind of unit.",
                )
            elif not below.rate.is_below(above.rate):
                c.problem(
                    below.place,
                    "level-rises",
                    f"Level {below.level} of {treatment}, {below.rate}, is not below level {above.level}, {above.rate} "
                    f"(line {above.place.line}).",
                    "Correct the amounts: each level is lower than the one above it.",
                )
            elif _share(below.rate, above.rate) < LEAST_SHARE:
                c.problem(
                    below.place,
                    "level-falls-far",
                    f"Level {below.level} of {treatment}, {below.rate}, is less than a quarter of level {above.level}, "
                    f"{above.rate} (line {above.place.line}).",
                    "Look for a slip in the number or in the unit.",
                )


def _share(rate: Rate, of: Rate) -> Decimal:
    amount = rate.amount.in_unit(of.amount.unit)
    return Decimal(1) if amount is None else amount.value / of.amount.value


def levels_have_no_gaps(c: Checking) -> None:
    for (treatment, _), rows in _tables(c).items():
        if rows[0].level != 0:
            c.problem(
                rows[0].place,
                "level-missing",
                f"{treatment} has no level 0.",
                f"Add '- {treatment} level 0:' with the prescribed dose.",
            )
        for above, below in pairwise(rows):
            if above.level - below.level > 1:
                c.problem(
                    below.place,
                    "level-missing",
                    f"{treatment} has level {above.level} and level {below.level}, and none between them.",
                    f"Add level {above.level - 1}, or correct the number.",
                )


def levels_start_at_the_dose(c: Checking) -> None:
    """Level 0 is a dose that the treatment is given at, in the arm of the table."""
    for (treatment, arm), rows in _tables(c).items():
        gives = c.gives(arm)[treatment]
        rates = [give.dose.rate for give in gives if give.dose.rate]
        if not gives and any(c.gives(other)[treatment] for other in c.arms):
            c.problem(
                rows[0].place,
                "level-of-nothing",
                f"{treatment} has levels in arm {arm}, where it is never given.",
                "Write the arms in which it is given before its name.",
            )
        if rows[0].level == 0 and rates and not any(_equal(rows[0].rate, rate) for rate in rates):
            c.problem(
                rows[0].place,
                "level-0-differs",
                f"Level 0 of {treatment} is {rows[0].rate}, and line {gives[0].place.line} gives it at {rates[0]}.",
                "Write the prescribed dose as level 0.",
            )


def _equal(one: Rate, other: Rate) -> bool:
    return one.is_below(other) is False and other.is_below(one) is False


def a_level_below_exists(c: Checking) -> None:
    """A rule that lowers a dose finds the level it names, for every treatment that it may lower."""
    tables = _tables(c)
    everything_held = c.protocol.setting("reduction_applies_to") == "all_held"
    for rule, _ in c.protocol.effects(Rule):
        if rule.resume in (None, "same level"):
            continue
        wanted = -1 if rule.resume == "one level down" else int(str(rule.resume).removeprefix("level "))
        for arm in c.arms:
            held = [t for t in rule.holds if c.gives(arm)[t]]
            due = [t for t in held if not rule.due_to or c.protocol.treatment(t).drug in rule.due_to]
            tabled = [t for t in due if (t, arm) in tables]
            lowered = held if everything_held else tabled or due
            missing = [t for t in lowered if all(row.level > wanted for row in tables.get((t, arm), []))]
            if missing:
                c.problem(
                    c.word_place(rule.place, str(rule.resume)),
                    "no-level-below",
                    f"Level {wanted} is needed here, and no table has it for {', '.join(missing)}.",
                    f"Add '- {missing[0]} level {wanted}: ...' under 'levels', as an amount.",
                )
                break
