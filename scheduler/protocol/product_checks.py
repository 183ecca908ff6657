"""Whether the facts of a product file are complete and agree with each other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from scheduler.problems import Misread
from scheduler.protocol import product_facts
from scheduler.protocol.located_yaml import Table
from scheduler.protocol.product_model import Avoided, SyringeKind
from scheduler.protocol.product_statements import LINES, LISTS, Found, Given
from scheduler.protocol.reading import Reading
from scheduler.protocol.wording import listed
from scheduler.quantities import EXACT, Amount, plain

ALWAYS = ("vial", "concentration", "diluent", "storage", "beyond_use")
INJECTED = ("syringes", "smallest", "dead_space", "over_capacity")
INFUSED = ("bags", "measured_to", "bag_beyond_use")
LEAST_DISSOLVED, MOST_DISSOLVED = Decimal("0.5"), Decimal("1.05")
"""How much of a vial the fluid may hold, by its concentration: vials are overfilled, powders add to the volume."""


def check_complete(r: Reading, root: Table, found: Found) -> None:
    """Every fact that a syringe or a bag depends on is given or required, and none of them twice."""
    stated = found.stated
    wanted = list(ALWAYS)
    if "vial" not in stated or not (found.vial and found.vial[0].value[1]):
        wanted.append("reconstitute")
    if "dilutions" in stated:
        wanted.append("use")
    infused = any(key in stated for key in INFUSED)
    if not infused or any(key in stated for key in INJECTED):
        wanted += INJECTED
    if infused:
        wanted += INFUSED
    for key in wanted:
        if key not in stated:
            r.problem(
                root.place,
                "missing-fact",
                f"No statement gives '{key}'.",
                f"Add a statement with its reason and '{key}:', or '{key}: required' where nobody knows.",
            )
    _check_once(r, found)


def _check_once(r: Reading, found: Found) -> None:
    for key in LINES:
        given: list[Given[object]] = getattr(found, key)
        _once(r, [(key, each) for each in given])
    for pairs in (found.syringes, found.smallest, found.dead_space, found.overfill):
        _once(r, [(f"the {plain(each.value[0])} mL syringe", each) for each in pairs])
    _once(r, [(each.value[0] or "every dose", each) for each in found.use])
    _once(r, [(str(each.value), each) for each in found.dilutions])
    for key in found.required:
        if key in (LINES | LISTS) and (already := getattr(found, key)):
            r.problem(
                already[0].text.place,
                "said-twice",
                f"'{key}' is given here, and another statement says that nobody knows it.",
                "Keep the one that holds.",
            )


def _once(r: Reading, given: Sequence[tuple[str, Given[Any]]]) -> None:
    first: dict[str, int] = {}
    for name, each in given:
        if name in first:
            r.problem(
                each.text.place,
                "said-twice",
                f"'{name}' is given already in line {first[name]}.",
                "Keep the one that holds; two of them could be mixed up.",
            )
        first.setdefault(name, each.text.place.line)


def check_amounts(r: Reading, found: Found) -> None:
    """Concentrations agree with the vial, with each other, and with those that are avoided."""
    vial = found.vial[0].value[0]
    given: list[tuple[Amount, Given[Any]]] = [(each.value, each) for each in (*found.concentration, *found.dilutions)]
    pairs: list[Given[Any]] = [*found.avoid, *found.final, *found.use]
    given += [(each.value[1], each) for each in pairs]
    given += [(each.value, each) for each in found.other_vials]
    for amount, each in given:
        if amount.in_unit(vial.unit) is None:
            r.problem(
                each.text.place,
                "units-do-not-match",
                f"'{each.text.value}' cannot be compared with a vial of {vial}.",
                f"Write it in {vial.unit}, as on the vial.",
            )
    stock = found.concentration[0].value.in_unit(vial.unit)
    if stock is not None and not any(problem.code == "units-do-not-match" for problem in r.problems):
        _check_stock(r, found, stock)
        _check_dilutions(r, found, stock)
        _check_uses(r, found)


def _check_stock(r: Reading, found: Found, stock: Amount) -> None:
    (vial, solution, _), given = found.vial[0].value, found.concentration[0]
    fluid = solution or found.reconstitute[0].value[0]
    dissolved = EXACT.multiply(stock.value, fluid)
    least, most = EXACT.multiply(LEAST_DISSOLVED, vial.value), EXACT.multiply(MOST_DISSOLVED, vial.value)
    if not least <= dissolved <= most:
        r.problem(
            given.text.place,
            "concentration-against-vial",
            f"At {given.text.value}, the fluid of one vial would hold "
            f"{Amount(dissolved, vial.unit)}, and the vial holds {vial}.",
            "Compare vial, fluid and concentration with the label.",
        )
    _check_avoided(r, found, given)


def _check_dilutions(r: Reading, found: Found, stock: Amount) -> None:
    for each in found.dilutions:
        diluted = each.value.in_unit(stock.unit)
        if diluted is not None and diluted.value >= stock.value:
            r.problem(
                each.text.place,
                "dilution-not-weaker",
                f"'{each.text.value}' is not weaker than the vial's own {stock} per mL.",
                "Write a concentration that diluting can give.",
            )
        _check_avoided(r, found, each)


def _check_avoided(r: Reading, found: Found, given: Given[Amount]) -> None:
    for band in found.avoid:
        if Avoided(*band.value, "").holds(given.value):
            r.problem(
                given.text.place,
                "concentration-avoided",
                f"'{given.text.value}' lies in the range that line {band.text.place.line} avoids.",
                "Write another concentration, or correct the range.",
            )


def _check_uses(r: Reading, found: Found) -> None:
    made = [each.value for each in (*found.concentration, *found.dilutions)]
    for each in found.use:
        chosen = each.value[1]
        if all(chosen != (one.in_unit(chosen.unit) or one) for one in made):
            r.problem(
                each.text.place,
                "use-not-made",
                f"{chosen} per mL is not a concentration that this file makes.",
                f"Write {listed([f'{one} per mL' for one in made])}, or add it under 'dilutions:'.",
            )


def syringe_kinds(r: Reading, found: Found) -> tuple[SyringeKind, ...]:
    """The syringes in rising capacity, each with the least that it measures, its dead space and its overfill."""
    marks = {each.value[0]: each.value[1] for each in found.syringes}
    for key in ("smallest", "dead_space", "overfill"):
        for given in getattr(found, key):
            _check_named(r, given, marks, key)
    smallest, dead, over = (
        {each.value[0]: each.value[1] for each in given} for given in (found.smallest, found.dead_space, found.overfill)
    )
    for each in found.syringes:
        size = each.value[0]
        for key, known in (("smallest", smallest), ("dead_space", dead)):
            if size not in known:
                example = "from 0.02 mL" if key == "smallest" else "0 mL"
                r.problem(
                    each.text.place,
                    "missing-fact",
                    f"No line of '{key}' names the {plain(size)} mL syringe.",
                    f"Add below '{key}:' a line like '{plain(size)} mL syringe {example}'.",
                )
    kinds = [
        SyringeKind(size, mark, smallest.get(size, mark), dead.get(size, Decimal(0)), over.get(size, Decimal(0)))
        for size, mark in marks.items()
    ]
    return tuple(sorted(kinds))


def _check_named(r: Reading, given: Given[tuple[Decimal, Decimal]], marks: dict[Decimal, Decimal], key: str) -> None:
    """A line about a syringe names one of the file, and a volume that this one can have."""
    capacity, volume = given.value
    try:
        graduation = product_facts.graduation_of(capacity, marks)
        if key == "smallest":
            product_facts.check_smallest(capacity, volume, graduation)
        if key == "overfill":
            product_facts.check_marks(volume, graduation)
    except Misread as fault:
        place = given.text.at(fault.start, fault.width or len(given.text.value))
        r.problem(place, fault.code, fault.what, fault.mend)
