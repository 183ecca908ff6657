"""A protocol file's text, read into a Protocol: the skeleton, and the statements one after another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, cast

from scheduler.protocol.declarations import bad_name, read_head
from scheduler.protocol.located_yaml import Document, Table, read_document, read_text
from scheduler.protocol.meaning import Rule
from scheduler.protocol.model import Conflict, Protocol, Source, Statement
from scheduler.protocol.reading import EVERYTHING, Reading
from scheduler.protocol.statements import read_conflict, read_statement

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
LONGEST_TITLE = 200
MOST_EFFECTS = 600


def read_protocol(path: Path, shown_as: str) -> tuple[Document, Protocol | None, Reading]:
    """Read one file. The protocol is None where the file has no readable skeleton."""
    return _read(read_document(path, shown_as))


def read_protocol_text(data: bytes, shown_as: str) -> tuple[Document, Protocol | None, Reading]:
    """Read the content of a file, called `shown_as` in places."""
    return _read(read_text(data, shown_as))


def _read(document: Document) -> tuple[Document, Protocol | None, Reading]:
    r = Reading(document, problems=list(document.problems))
    if document.problems:
        r.lost.add(EVERYTHING)
    if any(problem.code in ("key-not-text", "no-key", "hidden-character") for problem in document.problems):
        r.hushed.add("missing")
    if document.root is None:
        return document, None, r
    root = r.table(document.root, "A protocol", "protocol: trastuzumab-il2")
    if root is None:
        return document, None, r
    return document, _protocol(r, root), r


def _protocol(r: Reading, root: Table) -> Protocol:
    root = r.only(root, KEYS, "a protocol")
    head = read_head(r, root)
    statements, conflicts = _statements(r, root, head.sources)
    standing = r.one_of(r.optional(root, "standing"), ("draft", "approved"), "unknown-standing", "a standing")
    approved_by = r.optional(root, "approved_by")
    return Protocol(
        name=_name(r, root),
        title=_title(r, root),
        edition=_edition(r, root),
        criteria=_text(r, root, "criteria"),
        standing=cast('Literal["draft", "approved"]', standing or "draft"),
        approved_by=approved_by.value if approved_by else "nobody",
        sources=head.sources,
        arms=head.arms,
        treatments=head.treatments,
        assessments=head.assessments,
        statements=statements,
        conflicts=conflicts,
        file=r.document.file,
        digest=r.document.digest,
    )


def _text(r: Reading, root: Table, key: str) -> str:
    text = r.required(root, key)
    return text.value if text else ""


def _title(r: Reading, root: Table) -> str:
    text = r.required(root, "title")
    if text is not None and len(text.value) > LONGEST_TITLE:
        what = f"The title has {len(text.value)} characters, and a sheet has room for {LONGEST_TITLE}."
        r.problem(text.at(LONGEST_TITLE, 1), "too-long", what, "Shorten it.")
    return text.value if text else ""


def _name(r: Reading, root: Table) -> str:
    text = r.required(root, "protocol")
    if text is not None:
        bad_name(r, text)
    return text.value if text else ""


def _edition(r: Reading, root: Table) -> int:
    text = r.required(root, "edition")
    if text is None:
        return 0
    if re.fullmatch(r"[1-9][0-9]{0,3}", text.value) is None:
        r.problem(
            text.place,
            "bad-edition",
            f"'{text.value}' is not the number of an edition.",
            "Write it like 1, and count up with every change.",
        )
        return 0
    return int(text.value)


def _statements(
    r: Reading, root: Table, sources: tuple[Source, ...]
) -> tuple[tuple[Statement, ...], tuple[Conflict, ...]]:
    statements: list[Statement | None] = []
    conflicts: list[Conflict | None] = []
    node, effects = root.get("statements"), 0
    if node is None:
        r.problem(root.place, "missing", "'statements' is missing.", "Add 'statements:' and below it '- says: ...'.")
        r.lost.add(EVERYTHING)
        return (), ()
    for item in r.items(node, "'statements'", "says: The first cycle has 21 days."):
        if isinstance(item, Table) and item.get("conflict") is not None:
            conflicts.append(read_conflict(r, item, sources))
            continue
        statement = read_statement(r, item, sources)
        effects += sum(10 if isinstance(effect, Rule) else 1 for effect in statement.effects) if statement else 0
        if effects > MOST_EFFECTS:
            what = f"More than {MOST_EFFECTS} lines for the schedule stand up to here; a rule counts as ten."
            r.problem(item.place, "too-many-lines", what, "Take out what does not belong to the protocol.")
            r.lost.add(EVERYTHING)
            break
        statements.append(statement)
    return tuple(s for s in statements if s is not None), tuple(c for c in conflicts if c is not None)
