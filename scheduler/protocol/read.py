"""A protocol file's text, read into a Protocol: the skeleton, the names, the statements."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal, cast

from scheduler.problems import Place, Problem
from scheduler.protocol.located_yaml import Document, Node, Table, read_document
from scheduler.protocol.model import Arm, Assessment, Protocol, Source, Treatment
from scheduler.protocol.reading import Reading
from scheduler.protocol.statements import read_conflict, read_statement
from scheduler.protocol.words import Names

KEYS = (
    "protocol",
    "title",
    "edition",
    "criteria",
    "standing",
    "approved_by",
    "sources",
    "arms",
    "treatments",
    "assessments",
    "statements",
)
STANDINGS = ("paper", "registry", "label")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def read_protocol(path: Path, shown_as: str) -> tuple[Document, Protocol | None, list[Problem]]:
    """Read one file. The protocol is None where the file has no readable skeleton."""
    document = read_document(path, shown_as)
    if document.root is None:
        return document, None, list(document.problems)
    r = Reading(document, problems=list(document.problems))
    root = r.table(document.root, "A protocol", "protocol: trastuzumab-il2")
    if root is None:
        return document, None, r.problems
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return document, _protocol(r, root, digest), r.problems


def _protocol(r: Reading, root: Table, digest: str) -> Protocol:
    r.only(root, KEYS, "a protocol")
    sources = _sources(r, root)
    arms = _arms(r, root)
    treatments = _treatments(r, root)
    assessments = _assessments(r, root)
    r.names = Names(
        tuple(arm.key for arm in arms),
        tuple(treatment.key for treatment in treatments),
        tuple(assessment.key for assessment in assessments),
        tuple(dict.fromkeys(treatment.drug for treatment in treatments)),
    )
    nodes = _statement_nodes(r, root)
    conflicts = [node for node in nodes if isinstance(node, Table) and node.get("conflict") is not None]
    statements = [read_statement(r, node, sources) for node in nodes if node not in conflicts]
    standing = r.one_of(r.optional(root, "standing"), ("draft", "approved"), "unknown-standing") or "draft"
    approved_by = r.optional(root, "approved_by")
    return Protocol(
        name=_name(r, root),
        title=_text(r, root, "title"),
        edition=_edition(r, root),
        criteria=_text(r, root, "criteria"),
        standing=cast('Literal["draft", "approved"]', standing),
        approved_by=approved_by.value if approved_by else "nobody",
        sources=sources,
        arms=arms,
        treatments=treatments,
        assessments=assessments,
        statements=tuple(statement for statement in statements if statement is not None),
        conflicts=tuple(c for c in (read_conflict(r, node, sources) for node in conflicts) if c is not None),
        file=r.document.file,
        digest=digest,
    )


def _text(r: Reading, root: Table, key: str) -> str:
    text = r.required(root, key)
    return text.value if text else ""


def _name(r: Reading, root: Table) -> str:
    text = r.required(root, "protocol")
    if text is not None and not _NAME.fullmatch(text.value):
        _bad_name(r, text.place, text.value)
    return text.value if text else ""


def _bad_name(r: Reading, place: Place, name: str) -> None:
    r.problem(
        place,
        "bad-name",
        f"'{name}' is not a name: up to 40 small letters, digits, - and _, beginning with a letter.",
        "Write it like trastuzumab-il2 or aldesleukin_low.",
    )


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


def _named(r: Reading, root: Table, key: str, example: str, *, wanted: bool = True) -> list[tuple[str, Place, Node]]:
    """A block of named things; every name is checked."""
    node = root.get(key)
    if node is None:
        if wanted:
            r.problem(
                root.place,
                "missing",
                f"'{key}' is missing.",
                f"Add a block '{key}:', like '{example}'.",
            )
        return []
    table = r.table(node, f"'{key}'", example)
    entries = table.entries if table else ()
    for entry in entries:
        if not _NAME.fullmatch(entry.key.value):
            _bad_name(r, entry.key.place, entry.key.value)
    return [(entry.key.value, entry.key.place, entry.value) for entry in entries]


def _sources(r: Reading, root: Table) -> tuple[Source, ...]:
    found = []
    for key, place, node in _named(r, root, "sources", "paper: Mani A, et al. 2009"):
        text = r.text(node, place, key)
        if key.split("-")[0] not in STANDINGS:
            r.problem(
                place,
                "unknown-source",
                f"'{key}' does not say what kind of source it is.",
                "Begin the name with paper, registry or label, like label-paclitaxel.",
            )
        elif text is not None:
            found.append(Source(key, text.value, place))
    return tuple(found)


def _arms(r: Reading, root: Table) -> tuple[Arm, ...]:
    found = []
    for key, place, node in _named(r, root, "arms", "cohort-1: 100 nanograms/kg intravenous", wanted=False):
        text = r.text(node, place, key)
        found.append(Arm(key, text.value if text else key, place))
    return tuple(found)


def _treatments(r: Reading, root: Table) -> tuple[Treatment, ...]:
    found: list[Treatment] = []
    for key, place, node in _named(
        r, root, "treatments", "trastuzumab: {name: trastuzumab, drug: trastuzumab, letter: T}"
    ):
        table = r.table(node, f"'{key}'", "name: trastuzumab")
        if table is None:
            continue
        r.only(table, ("name", "drug", "letter", "mark", "product"), "a treatment")
        name, drug, letter = (r.required(table, part) for part in ("name", "drug", "letter"))
        mark, product = (r.optional(table, part) for part in ("mark", "product"))
        words = [text.value if text else "" for text in (name, drug, letter, mark, product)]
        new = Treatment(key, words[0], words[1], words[2], words[3], words[4], place)
        _check_letter(r, table, new.letter, [other.letter for other in found])
        found.append(new)
    return tuple(found)


def _assessments(r: Reading, root: Table) -> tuple[Assessment, ...]:
    found: list[Assessment] = []
    for key, place, node in _named(
        r, root, "assessments", "toxicity: {name: toxicity grades, letter: x}", wanted=False
    ):
        table = r.table(node, f"'{key}'", "name: toxicity grades")
        if table is None:
            continue
        r.only(table, ("name", "letter"), "an assessment")
        name, letter = r.required(table, "name"), r.required(table, "letter")
        _check_letter(r, table, letter.value if letter else "", [other.letter for other in found])
        found.append(Assessment(key, name.value if name else key, letter.value if letter else "", place))
    return tuple(found)


def _check_letter(r: Reading, table: Table, letter: str, taken: list[str]) -> None:
    text = r.optional(table, "letter")
    if text is None or (len(letter) == 1 and letter.isalpha() and letter not in taken):
        return
    why = "is taken already" if letter in taken else "is not one letter"
    r.problem(
        text.place,
        "bad-letter",
        f"'{letter}' {why}.",
        "Give each one its own single letter, for the printed table.",
    )


def _statement_nodes(r: Reading, root: Table) -> tuple[Node, ...]:
    node = root.get("statements")
    if node is None:
        r.problem(
            root.place,
            "missing",
            "'statements' is missing.",
            "Add 'statements:' and below it '- says: ...'.",
        )
        return ()
    return r.items(node, "'statements'", "says: The first cycle has 21 days.")
