"""A product file's text, read into a Product: vial, reconstitution, shelf life, syringes, bags.

Each fact stands under a statement with its source (label, reference, paper), is an assumption that a
pharmacist confirms, or is `required` because nobody knows it. A file with a fault gives no product at
all: no syringe is filled from a half-read file. A file with required facts gives an `Unfinished` one.
"""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, cast

from scheduler.problems import Problem
from scheduler.protocol.located_yaml import Table, read_document
from scheduler.protocol.product_checks import check_amounts, check_complete, syringe_kinds
from scheduler.protocol.product_model import (
    EVERY_DOSE,
    Avoided,
    Infusing,
    Product,
    Standing,
    Unfinished,
)
from scheduler.protocol.product_statements import STANDINGS, Found, read_statements
from scheduler.protocol.reading import Reading

KEYS = ("product", "name", "edition", "standing", "approved_by", "sources", "statements")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class _Head(NamedTuple):
    """What stands above the statements."""

    key: str
    name: str
    edition: int
    standing: Standing
    approved_by: str
    digest: str
    site: bool


def read_product(path: Path, shown_as: str, *, site: bool = False) -> tuple[Product | Unfinished | None, list[Problem]]:
    """Read one file, the site's own or a shipped one. None where there is any problem; no input raises."""
    document = read_document(path, shown_as)
    r = Reading(document, problems=list(document.problems))
    if document.root is None:
        return None, r.problems
    root = r.table(document.root, "A product", "product: aldesleukin")
    if root is None:
        return None, r.problems
    head = _head(r, root, hashlib.sha256(path.read_bytes()).hexdigest(), site=site)
    product = _product(r, root, head)
    return (None if r.problems else product), sorted(r.problems)


def _head(r: Reading, root: Table, digest: str, *, site: bool) -> _Head:
    r.only(root, KEYS, "a product")
    key, name, edition = _key(r, root), r.required(root, "name"), _edition(r, root)
    standing = r.one_of(r.optional(root, "standing"), ("draft", "approved"), "unknown-standing")
    approver = r.optional(root, "approved_by")
    approved_by = approver.value if approver else "nobody"
    if standing == "approved" and approved_by == "nobody":
        r.problem(
            approver.place if approver else root.place,
            "approved-by-nobody",
            "The product is approved by nobody.",
            "Write who approved it, or 'standing: draft'.",
        )
    return _Head(
        key, name.value if name else "", edition, cast("Standing", standing or "draft"), approved_by, digest, site
    )


def _product(r: Reading, root: Table, head: _Head) -> Product | Unfinished | None:
    found = read_statements(r, root, _sources(r, root))
    check_complete(r, root, found)
    _check_confirmed(r, head, found)
    if r.problems:
        return None
    if found.required:
        key, name, edition, standing, _, digest, site = head
        return Unfinished(
            key, name, edition, standing, found.required, tuple(found.facts), r.document.file, digest, site
        )
    check_amounts(r, found)
    vial, _, multiple_dose = found.vial[0].value
    volume, solvent = found.reconstitute[0].value if found.reconstitute else (Decimal(0), "")
    stock = found.concentration[0].value
    uses = tuple(each.value for each in found.use) or ((EVERY_DOSE, stock),)
    return Product(
        key=head.key,
        name=head.name,
        edition=head.edition,
        standing=head.standing,
        approved_by=head.approved_by,
        vial=vial,
        multiple_dose=multiple_dose,
        other_vials=tuple(each.value for each in found.other_vials),
        solvent_volume=volume,
        solvent=solvent,
        stock=stock,
        concentration=dict(uses).get(EVERY_DOSE, stock),
        dilutions=tuple(each.value for each in found.dilutions),
        uses=uses,
        diluent=found.diluent[0].value,
        avoided=tuple(Avoided(*each.value, each.fact.text) for each in found.avoid),
        storage=found.storage[0].value,
        beyond_use_hours=found.beyond_use[0].value,
        syringes=syringe_kinds(r, found),
        over_capacity=found.over_capacity[0].value if found.over_capacity else "larger syringe",
        never=tuple(each.value for each in found.never),
        infusing=_infusing(found),
        facts=tuple(found.facts),
        file=r.document.file,
        digest=head.digest,
        site=head.site,
    )


def _infusing(found: Found) -> Infusing | None:
    if not found.bags:
        return None
    least, most = found.final[0].value if found.final else (None, None)
    return Infusing(
        bags=tuple(each.value for each in found.bags),
        least=least,
        most=most,
        step=found.measured_to[0].value,
        hours=found.bag_beyond_use[0].value,
        handling=tuple(each.value for each in found.handling),
    )


def _check_confirmed(r: Reading, head: _Head, found: Found) -> None:
    """A file that is approved leaves no assumption open."""
    for fact in found.facts:
        if head.standing == "approved" and fact.standing == "assumed" and fact.confirmed_by == "nobody":
            r.problem(
                fact.place,
                "approved-unconfirmed",
                "The product is approved, and nobody has confirmed this assumption.",
                "Write who confirmed it, or 'standing: draft'.",
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
