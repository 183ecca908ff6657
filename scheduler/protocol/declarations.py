"""The head of a protocol file: sources, arms, treatments, assessments, each declared under a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problems import Place
from scheduler.protocol.located_yaml import Node, Table, Text
from scheduler.protocol.model import Arm, Assessment, Source, Treatment
from scheduler.protocol.reading import EVERYTHING, Reading
from scheduler.protocol.wording import listed, quoted
from scheduler.protocol.words import Names

STANDINGS = ("paper", "registry", "label")
SHAPES = ("circle", "square", "triangle", "diamond", "star", "bar")
"""What screen, label and calendar can draw for a home treatment."""

MOST_NAMES = 40
LONGEST_NAME = 60
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MARK = re.compile(rf"({'|'.join(SHAPES)}) [A-Z]")
_WITH_MEANING = (
    *("all", "and", "arm", "arms", "before", "after", "each", "every", "cycle", "cycles", "day", "days", "level"),
    *("window", "volume", "over", "flat", "removal", "stopping", "apart", "or", "of", "at", "by"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """All that a file declares."""

    sources: tuple[Source, ...]
    arms: tuple[Arm, ...]
    treatments: tuple[Treatment, ...]
    assessments: tuple[Assessment, ...]


def read_head(r: Reading, root: Table) -> Head:
    """The declarations; their names become known to the sentences."""
    head = Head(_sources(r, root), _arms(r, root), _treatments(r, root), _assessments(r, root))
    r.names = Names(
        tuple(arm.key for arm in head.arms),
        tuple(treatment.key for treatment in head.treatments),
        tuple(assessment.key for assessment in head.assessments),
        tuple(dict.fromkeys(treatment.drug for treatment in head.treatments)),
    )
    _names_differ(r, head)
    _letters_differ(r, root)
    return head


def bad_name(r: Reading, text: Text) -> None:
    """A problem where a name of the file is none, or has a meaning of its own in the sentences."""
    name = text.value
    if not _NAME.fullmatch(name):
        r.problem(
            text.place,
            "bad-name",
            f"{quoted(name)} is not a name: up to 40 small letters, digits, - and _, beginning with a letter.",
            "Write it like trastuzumab-il2 or aldesleukin_low.",
        )
    elif name in _WITH_MEANING:
        r.problem(
            text.place,
            "reserved-name",
            f"'{name}' has a meaning of its own in the sentences of a protocol.",
            "Choose another name.",
        )


def shown_name(r: Reading, text: Text | None) -> str:
    """A name as people read it, on a label too; '' where there is none."""
    if text is not None and len(text.value) > LONGEST_NAME:
        what = f"This name has {len(text.value)} characters, and a label has room for {LONGEST_NAME}."
        r.problem(text.at(LONGEST_NAME, 1), "too-long", what, "Shorten it.")
    return text.value if text else ""


def _declared(r: Reading, root: Table, key: str, example: str, unknown: tuple[str, ...]) -> list[tuple[Text, Node]]:
    """A block of named things; `unknown` are the codes that only repeat that it cannot be read."""
    node = root.get(key)
    table = r.table(node, f"'{key}'", example) if node is not None else None
    if table is None:
        if node is None and key in ("sources", "treatments"):
            mend = f"Add a block '{key}:' with a line like '{example}'."
            r.problem(root.place, "missing", f"'{key}' is missing.", mend)
        if node is not None or key in ("sources", "treatments"):
            r.hushed.update(unknown)
        return []
    before = len(r.problems)
    for entry in table.entries[:MOST_NAMES]:
        bad_name(r, entry.key)
    if len(r.problems) > before:  # its sentences may use the name that was meant
        r.hushed.update(unknown)
    if len(table.entries) > MOST_NAMES:
        place = table.entries[MOST_NAMES].key.place
        r.problem(place, "too-many-names", f"More than {MOST_NAMES} {key} stand here.", "Take out what is not needed.")
        r.hushed.update(unknown)
        r.lost.add(EVERYTHING)
    return [(entry.key, entry.value) for entry in table.entries[:MOST_NAMES]]


def _sources(r: Reading, root: Table) -> tuple[Source, ...]:
    found = []
    for name, node in _declared(r, root, "sources", "paper: Mani A, et al. 2009", ("unknown-source",)):
        text = r.text(node, name.place, name.value)
        if name.value.split("-")[0] not in STANDINGS:
            r.problem(
                name.place,
                "bad-source-name",
                f"{quoted(name.value)} does not say what kind of source it is.",
                "Begin the name with paper, registry or label, like label-paclitaxel.",
            )
        found.append(Source(name.value, text.value if text else "", name.place))
    return tuple(found)


def _arms(r: Reading, root: Table) -> tuple[Arm, ...]:
    found = []
    for name, node in _declared(r, root, "arms", "cohort-1: 100 nanograms/kg intravenous", ("unknown-arm",)):
        shown = shown_name(r, r.text(node, name.place, name.value))
        found.append(Arm(name.value, shown or name.value, name.place))
    return tuple(found)


def _treatments(r: Reading, root: Table) -> tuple[Treatment, ...]:
    found: list[Treatment] = []
    example = "trastuzumab: {name: trastuzumab, drug: trastuzumab, letter: T}"
    unknown = ("unknown-treatment", "unknown-drug", "unknown-name")
    for key, node in _declared(r, root, "treatments", example, unknown):
        table = r.table(node, quoted(key.value), "name: trastuzumab") or Table((), key.place)
        if isinstance(node, Table):
            table = r.only(table, ("name", "drug", "letter", "mark", "product"), "a treatment")
            name, drug, letter = (r.required(table, part) for part in ("name", "drug", "letter"))
        else:
            name = drug = letter = None
        mark, product = r.optional(table, "mark"), r.optional(table, "product")
        for text in (drug, product):
            if text is not None:
                bad_name(r, text)
        _check_mark(r, mark)
        drug_name = drug.value if drug else key.value
        shown = [text.value if text else "" for text in (letter, mark, product)]
        found.append(Treatment(key.value, shown_name(r, name), drug_name, shown[0], shown[1], shown[2], key.place))
    return tuple(found)


def _check_mark(r: Reading, mark: Text | None) -> None:
    if mark is not None and not _MARK.fullmatch(mark.value):
        r.problem(
            mark.place,
            "bad-mark",
            f"{quoted(mark.value)} is not a mark.",
            f"Write {listed(SHAPES)} and a capital letter, like 'circle A'.",
        )


def _assessments(r: Reading, root: Table) -> tuple[Assessment, ...]:
    found: list[Assessment] = []
    example = "toxicity: {name: toxicity grades, letter: x}"
    for key, node in _declared(r, root, "assessments", example, ("unknown-assessment", "unknown-name")):
        table = r.table(node, quoted(key.value), "name: toxicity grades")
        name = letter = None
        if table is not None:
            table = r.only(table, ("name", "letter"), "an assessment")
            name, letter = r.required(table, "name"), r.required(table, "letter")
        found.append(Assessment(key.value, shown_name(r, name) or key.value, letter.value if letter else "", key.place))
    return tuple(found)


def _names_differ(r: Reading, head: Head) -> None:
    """No two things of a file are called the same, neither in its sentences nor before people."""
    keys = [(treatment.key.replace("-", "_"), treatment.place) for treatment in head.treatments]
    keys += [(assessment.key.replace("-", "_"), assessment.place) for assessment in head.assessments]
    for key, place, line in _twice(keys):
        what = f"{quoted(key)} is too like the name in line {line}."
        r.problem(place, "name-twice", what, "Choose another name for one of the two.")
    shown = (
        [(arm.name, arm.place) for arm in head.arms],
        [(treatment.name, treatment.place) for treatment in head.treatments],
        [(assessment.name, assessment.place) for assessment in head.assessments],
    )
    for names in shown:
        for name, place, line in _twice([(" ".join(name.casefold().split()), place) for name, place in names]):
            what = f"People read the same name here as in line {line}: {quoted(name)}."
            r.problem(place, "same-name", what, "Name each so that nobody confuses them.")


def _twice(names: list[tuple[str, Place]]) -> Iterator[tuple[str, Place, int]]:
    """Each name that stands before, with its place and the line of the first."""
    first: dict[str, Place] = {}
    for name, place in names:
        if name and name in first:
            yield name, place, first[name].line
        first.setdefault(name, place)


def _letters_differ(r: Reading, root: Table) -> None:
    """Each treatment and assessment has its own letter in the printed table."""
    taken: dict[str, Text] = {}
    for block in (root.get("treatments"), root.get("assessments")):
        for entry in block.entries[:MOST_NAMES] if isinstance(block, Table) else ():
            letter = entry.value.get("letter") if isinstance(entry.value, Table) else None
            if not isinstance(letter, Text):
                continue
            if len(letter.value) != 1 or not (letter.value.isascii() and letter.value.isalpha()):
                _bad_letter(r, letter, "is not one letter from A to Z or a to z")
            elif letter.value in taken:
                _bad_letter(r, letter, f"is taken already, in line {taken[letter.value].place.line}")
            taken.setdefault(letter.value, letter)


def _bad_letter(r: Reading, letter: Text, why: str) -> None:
    what = f"{quoted(letter.value)} {why}."
    r.problem(letter.place, "bad-letter", what, "Give each one its own single letter, for the printed table.")
