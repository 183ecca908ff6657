"""Dose level tables: they fall, they have no gaps, and they begin at the prescribed dose."""

from __future__ import annotations

from itertools import pairwise

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import Give, Level, Rule


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
                    f"Level {below.level} of {treatment} is {below.rate}, not below level {above.level}, {above.rate}.",
                    "Correct the amounts: each level is lower than the one above it.",
                )
            elif above.level - below.level > 1:
                c.problem(
                    below.place,
                    "level-missing",
                    f"{treatment} has level {above.level} and {below.level}, and none between them.",
                    f"Add level {above.level - 1}.",
                )


def levels_start_at_the_dose(c: Checking) -> None:
    for (treatment, arm), rows in _tables(c).items():
        rates = [g.dose.rate for g, _ in c.protocol.effects(Give, arm) if g.dose.treatment == treatment and g.dose.rate]
        if rows[0].level != 0:
            c.problem(
                rows[0].place,
                "level-missing",
                f"{treatment} has no level 0.",
                "Add level 0, the prescribed dose.",
            )
        elif rates and rows[0].rate not in rates:
            c.problem(
                rows[0].place,
                "level-0-differs",
                f"Level 0 of {treatment} is {rows[0].rate}, and it is given at {rates[0]}.",
                "Write the prescribed dose as level 0.",
            )


def a_level_below_exists(c: Checking) -> None:
    """A rule that lowers a dose finds the level it names."""
    tables = _tables(c)
    for rule, _ in c.protocol.effects(Rule):
        if rule.resume in (None, "same level"):
            continue
        wanted = -1 if rule.resume == "one level down" else int(str(rule.resume).removeprefix("level "))
        held = {
            treatment
            for treatment in rule.holds
            if not rule.due_to or c.protocol.treatment(treatment).drug in rule.due_to
        }
        for arm in c.arms:
            lowered = {treatment for treatment, table_arm in tables if table_arm == arm}
            missing = [t for t in held & lowered if all(row.level > wanted for row in tables[t, arm])]
            if missing or not held & lowered:
                c.problem(
                    rule.place,
                    "no-level-below",
                    f"This rule goes on at {rule.resume}, and no table has level {wanted} for {', '.join(sorted(missing or held))}.",
                    "Add it under 'levels', as an amount.",
                )
