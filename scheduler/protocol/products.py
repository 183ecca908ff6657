"""A product file's text, read into a Product: vial, reconstitution, shelf life, syringes.

Each fact stands under a statement with its source (label, reference, paper), or is an assumption
that a pharmacist confirms. A file with a fault gives no product at all: no syringe is filled from
a half-read file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

from scheduler.problems import Misread, Problem
from scheduler.protocol import product_facts
from scheduler.protocol.located_yaml import Table, read_document
from scheduler.protocol.product_model import Avoided, Product, SyringeKind
from scheduler.protocol.product_statements import LINES, STANDINGS, Found, Given, read_statements
from scheduler.protocol.reading import Reading
from scheduler.quantities import EXACT, Amount, plain

KEYS = ("product", "name", "edition", "standing", "approved_by", "sources", "statements")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def read_product(path: Path, shown_as: str) -> tuple[Product | None, list[Problem]]:
    """Read one file. The product is None where there is any problem; no input raises."""
    document = read_document(path, shown_as)
    r = Reading(document, problems=list(document.problems))
    if document.root is None:
        return None, r.problems
    root = r.table(document.root, "A product", "product: aldesleukin")
    if root is None:
        return None, r.problems
    product = _product(r, root, hashlib.sha256(path.read_bytes()).hexdigest())
    return (None if r.problems else product), sorted(r.problems)


def _product(r: Reading, root: Table, digest: str) -> Product | None:
    r.only(root, KEYS, "a product")
    key, name, edition = _key(r, root), r.required(root, "name"), _edition(r, root)
    standing = r.one_of(r.optional(root, "standing"), ("draft", "approved"), "unknown-standing")
    approved_by = r.optional(root, "approved_by")
    found = read_statements(r, root, _sources(r, root))
    _check_complete(r, root, found)
    if name is None or r.problems:
        return None
    _check_amounts(r, found)
    volume, solvent = found.reconstitute[0].value
    return Product(
        key=key,
        name=name.value,
        edition=edition,
        standing=cast('Literal["draft", "approved"]', standing or "draft"),
        approved_by=approved_by.value if approved_by else "nobody",
        vial=found.vial[0].value,
        solvent_volume=volume,
        solvent=solvent,
        concentration=found.concentration[0].value,
        diluent=found.diluent[0].value,
        avoided=tuple(Avoided(*each.value, each.fact.text) for each in found.avoid),
        storage=found.storage[0].value,
        beyond_use_hours=found.beyond_use[0].value,
        syringes=_syringes(r, found),
        never=tuple(each.value for each in found.never),
        facts=tuple(found.facts),
        file=r.document.file,
        digest=digest,
    )


def _key(r: Reading, root: Table) -> str:
    text = r.required(root, "product")
    if text is not None and not _NAME.fullmatch(text.value):
        what = "up to 40 small letters, digits, - and _, beginning with a letter"
        r.problem(
            text.place,
            "bad-name",
            f"'{text.value}' is not a name: {what}.",
            "Write it like aldesleukin.",
        )
    return text.value if text else ""


def _edition(r: Reading, root: Table) -> int:
    text = r.required(root, "edition")
    if text is None:
        return 0
    if re.fullmatch(r"[1-9]\d{0,3}", text.value) is None:
        r.problem(
            text.place,
            "bad-edition",
            f"'{text.value}' is not the number of an edition.",
            "Write it like 1, and count up with every change.",
        )
        return 0
    return int(text.value)


def _sources(r: Reading, root: Table) -> tuple[str, ...]:
    node, example = root.get("sources"), "label: Proleukin, US prescribing information"
    if node is None:
        mend = f"Add a block 'sources:', like '{example}'."
        r.problem(root.place, "missing", "'sources' is missing.", mend)
        return ()
    table = r.table(node, "'sources'", example)
    for entry in table.entries if table else ():
        r.text(entry.value, entry.key.place, entry.key.value)
        if entry.key.value.split("-")[0] not in STANDINGS:
            r.problem(
                entry.key.place,
                "unknown-source",
                f"'{entry.key.value}' does not say what kind of source it is.",
                "Begin the name with label, reference or paper, like label-2024.",
            )
    return table.keys() if table else ()


def _check_complete(r: Reading, root: Table, found: Found) -> None:
    """Every fact that a syringe depends on is given, and none of them twice."""
    stated = {key for fact in found.facts for key in fact.gives}
    for key in (*LINES, "syringes", "smallest"):
        if key not in stated:
            r.problem(
                root.place,
                "missing-fact",
                f"No statement gives '{key}'.",
                f"Add a statement with its reason and '{key}:'.",
            )
    for key in LINES:
        given: list[Given[object]] = getattr(found, key)
        _once(r, [(key, each) for each in given])
    for pairs in (found.syringes, found.smallest):
        _once(r, [(f"the {plain(each.value[0])} mL syringe", each) for each in pairs])


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


def _check_amounts(r: Reading, found: Found) -> None:
    """The concentration agrees with the vial, and with the concentrations that are avoided."""
    vial, given = found.vial[0].value, found.concentration[0]
    amounts = [(given.value, given.text), *((each.value[1], each.text) for each in found.avoid)]
    for amount, text in amounts:
        if amount.in_unit(vial.unit) is None:
            r.problem(
                text.place,
                "units-do-not-match",
                f"'{text.value}' cannot be compared with a vial of {vial}.",
                f"Write it in {vial.unit}, as on the vial.",
            )
    per_ml = given.value.in_unit(vial.unit)
    if per_ml is not None:
        _check_concentration(r, found, per_ml)


def _check_concentration(r: Reading, found: Found, per_ml: Amount) -> None:
    vial, given = found.vial[0].value, found.concentration[0]
    dissolved = EXACT.multiply(per_ml.value, found.reconstitute[0].value[0])
    if not vial.value <= 2 * dissolved <= 2 * vial.value:
        r.problem(
            given.text.place,
            "concentration-against-vial",
            f"At {given.text.value}, the water of one vial would hold "
            f"{Amount(dissolved, vial.unit)}, and the vial holds {vial}.",
            "Compare vial, water and concentration with the label.",
        )
    for band in found.avoid:
        if Avoided(*band.value, "").holds(given.value):
            r.problem(
                given.text.place,
                "concentration-avoided",
                f"'{given.text.value}' lies in the range that line {band.text.place.line} avoids.",
                "Write another concentration, or correct the range.",
            )


def _syringes(r: Reading, found: Found) -> tuple[SyringeKind, ...]:
    marks = {each.value[0]: each.value[1] for each in found.syringes}
    smallest = {each.value[0]: each.value[1] for each in found.smallest}
    for given in found.smallest:
        capacity, volume = given.value
        try:
            product_facts.check_smallest(capacity, volume, marks.get(capacity))
        except Misread as fault:
            place = given.text.at(fault.start, fault.width or len(given.text.value))
            r.problem(place, fault.code, fault.what, fault.mend)
    for each in found.syringes:
        if each.value[0] not in smallest:
            size = plain(each.value[0])
            r.problem(
                each.text.place,
                "missing-fact",
                f"No statement says what the {size} mL syringe measures at least.",
                f"Add below 'smallest:' a line like '{size} mL syringe from {plain(each.value[1])} mL'.",
            )
    kinds = [SyringeKind(size, mark, smallest.get(size, mark)) for size, mark in marks.items()]
    return tuple(sorted(kinds))
