"""Tables of doses by body size: no hole, no end, no falling dose, one kind of size and unit."""

from __future__ import annotations

from itertools import pairwise

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import Band, Give, Level


def _tables(c: Checking) -> dict[tuple[str, str | None], list[Band]]:
    tables: dict[tuple[str, str | None], list[Band]] = {}
    for arm in c.arms:
        for band, _ in c.protocol.effects(Band, arm):
            tables.setdefault((band.treatment, arm), []).append(band)
    return {key: sorted(rows, key=lambda row: (row.up_to is None, row.bound)) for key, rows in tables.items()}


def bands_are_one_table(c: Checking) -> None:
    """All rows per the same body size, in one kind of unit, each size once, the dose never falling."""
    for rows in _tables(c).values():
        for smaller, larger in pairwise(rows):
            line = smaller.place.line
            amount = larger.amount.in_unit(smaller.amount.unit)
            if smaller.per != larger.per or amount is None:
                c.problem(
                    larger.place,
                    "mixed-bands",
                    f"This row cannot be compared with line {line}: "
                    f"{smaller.per} and {smaller.amount} there, {larger.per} and {larger.amount} here.",
                    "Write all rows in kg or all in m2, and all doses in one kind of unit.",
                )
                c.lost |= {"bands"}
                break
            if (smaller.up_to is None) == (larger.up_to is None) and smaller.bound == larger.bound:
                c.problem(
                    larger.place,
                    "band-twice",
                    f"Line {line} has the dose for this body size already.",
                    "Keep one of the two.",
                )
            elif amount.value > 5 * smaller.amount.value:
                c.problem(
                    larger.place,
                    "band-jumps",
                    f"The dose rises from {smaller.amount} (line {line}) to {larger.amount}, more than fivefold.",
                    "Look for a slip in the number or in the unit.",
                )
            elif amount.value < smaller.amount.value:
                c.problem(
                    larger.place,
                    "band-falls",
                    f"The dose falls from {smaller.amount} (line {line}) to {larger.amount} in a larger body.",
                    "Correct the amounts or the sizes.",
                )


def sizes_have_no_levels(c: Checking) -> None:
    """A level is one rate for everybody, and a dose by bands has none."""
    by_bands = {give.dose.treatment: give for give, _ in c.protocol.effects(Give) if give.dose.rate is None}
    for level, _ in c.protocol.effects(Level):
        if level.treatment in by_bands:
            c.problem(
                level.place,
                "levels-with-bands",
                f"{level.treatment} is given by bands (line {by_bands[level.treatment].place.line}), "
                "and a level would be the same for everybody.",
                "Give it per kg or per m2, or take its levels out.",
            )


def bands_cover_everybody(c: Checking) -> None:
    """The last row is for all who are larger than the row before it."""
    for (treatment, _), rows in _tables(c).items():
        bounded = [row for row in rows if row.up_to is not None]
        above = [row for row in rows if row.up_to is None]
        largest = bounded[-1] if bounded else None
        if not above and largest is not None:
            c.problem(
                largest.place,
                "bands-without-end",
                f"Nothing says the dose of {treatment} above {largest.bound} {largest.per}.",
                f"Add '- {treatment} above {largest.bound} {largest.per}: ...'.",
            )
        for row in above:
            if largest is None or row.bound != largest.bound:
                bound = f"up to {largest.bound} {largest.per} (line {largest.place.line})" if largest else "nowhere"
                c.problem(
                    row.place,
                    "hole-in-bands",
                    f"This row begins above {row.bound} {row.per}, and the rows below it reach {bound}.",
                    "Begin it where the last of the others ends.",
                )


def bands_are_used(c: Checking) -> None:
    """A dose by bands has a table in its arm, and a table has such a dose."""
    tables = _tables(c)
    for give, _ in c.protocol.effects(Give):
        lacking = [arm for arm in give.arms or c.arms if (give.dose.treatment, arm) not in tables]
        if give.dose.rate is None and lacking:
            where = f" in arm {lacking[0]}" if lacking[0] else ""
            c.problem(
                give.dose_place,
                "no-bands",
                f"{give.dose.treatment} is given by bands, and no table of bands is there{where}.",
                f"Add 'bands:' with lines like '- {give.dose.treatment} up to 1.25 m2: 1,500 mg'.",
            )
    for (treatment, arm), rows in tables.items():
        if all(give.dose.rate is not None for give in c.gives(arm)[treatment]):
            c.problem(
                rows[0].place,
                "bands-unused",
                f"{treatment} has a table of bands, and no dose of it is given by bands.",
                f"Write '{treatment} by bands' under 'give', or take the table out.",
            )
