"""`rules`: what a toxicity or a laboratory value does to the doses.

- when: second grade 3-4 nonhaematologic of Fatigue; Fever
  due_to: aldesleukin
  hold: aldesleukin_low, aldesleukin_intermediate      (or: all)
  until: grade 1 or baseline
  at_least: 7 days
  at_most: 14 days
  resume: one level down                               (or: same level, level -2)
  unresolved: propose removal                          (or: propose stopping aldesleukin_low)
  propose: removal                                     (at once; or: stopping aldesleukin_low)
"""

from __future__ import annotations

import re
from typing import Literal, cast, get_args

from scheduler.problems import Misread
from scheduler.protocol.located_yaml import Node, Table
from scheduler.protocol.meaning import GradeCondition, LabCondition, Proposal, Resume, Rule, Until
from scheduler.protocol.reading import Reading
from scheduler.protocol.words import Names, Words
from scheduler.quantities import read_number

KEYS = (
    "when",
    "due_to",
    "hold",
    "until",
    "at_least",
    "at_most",
    "resume",
    "unresolved",
    "propose",
)
OCCURRENCES = {"first": 1, "second": 2, "third": 3, "fourth": 4}
EXAMPLE = "grade 3-4"
_COMPARISONS = "below|above|at least|at most"
_LAB = re.compile(rf"laboratory (.+?) ({_COMPARISONS}) (\S+)(?: (.+?))?(?: for (\d+) days?)?")


def read_rule(r: Reading, node: Node) -> Rule | None:
    """One rule; None after recording what is wrong with it."""
    table = r.table(node, "A rule", "when: grade 3-4")
    if table is None:
        return None
    r.only(table, KEYS, "a rule")
    condition = r.understood(r.required(table, "when"), read_condition)
    if condition is None:
        return None
    rule = Rule(
        condition=condition,
        due_to=r.understood(r.optional(table, "due_to"), lambda text: _names(text, r.names.drugs, "a drug")) or (),
        holds=r.understood(r.optional(table, "hold"), lambda text: _held(text, r.names)) or (),
        until=r.understood(r.optional(table, "until"), _until),
        at_most=r.understood(r.optional(table, "at_most"), _days),
        at_least=r.understood(r.optional(table, "at_least"), _days),
        resume=cast(
            "Resume | None",
            r.one_of(r.optional(table, "resume"), get_args(Resume), "unknown-level"),
        ),
        unresolved=r.understood(r.optional(table, "unresolved"), lambda text: _unresolved(text, r.names)),
        propose=r.understood(r.optional(table, "propose"), lambda text: _proposal(text, r.names)),
        place=table.place,
    )
    return rule if _is_whole(r, table, rule) else None


def read_condition(text: str) -> GradeCondition | LabCondition:
    """'grade 3-4', 'second grade 2 of Diarrhea', 'laboratory neutrophils below 1,500 per mm3'."""
    if text.startswith("laboratory"):
        return _laboratory(text)
    words = Words(text)
    nth = words.take("(" + "|".join(OCCURRENCES) + r")\b")
    grades = _grades(words)
    kind = words.take(r"(haematologic|nonhaematologic)\b")
    terms = (
        tuple(term.strip() for term in words.need(".+", "bad-condition", "A term", EXAMPLE).group().split(";"))
        if words.take("of ")
        else ()
    )
    words.end("bad-condition", "grade 3-4 nonhaematologic of Fatigue")
    return GradeCondition(
        grades,
        cast('Literal["any", "haematologic", "nonhaematologic"]', kind.group(1) if kind else "any"),
        terms,
        OCCURRENCES[nth.group(1)] if nth else 0,
    )


def _grades(words: Words) -> tuple[int, ...]:
    found = words.need(
        r"grade ([1-5])(?:-([1-5])|(\+))?(?![\w-])",
        "bad-condition",
        "'grade 3' or 'grade 3-4'",
        EXAMPLE,
    )
    first = int(found.group(1))
    last = 5 if found.group(3) else int(found.group(2) or first)
    if last < first:
        raise Misread(
            "bad-condition",
            f"'{found.group()}' runs backwards.",
            "Write it like 'grade 3-4'.",
            found.start(),
        )
    return tuple(range(first, last + 1))


def _laboratory(text: str) -> LabCondition:
    match = _LAB.fullmatch(text)
    if match is None:
        raise Misread(
            "bad-condition",
            f"'{text}' is not a laboratory value that a rule can look at.",
            "Write it like 'laboratory neutrophils below 1,500 per mm3'.",
        )
    comparison = cast('Literal["below", "above", "at least", "at most"]', match[2])
    return LabCondition(match[1], comparison, read_number(match[3]), match[4] or "", int(match[5] or 0))


def _until(text: str) -> Until:
    if text.startswith("laboratory"):
        return Until(laboratory=tuple(_laboratory(part) for part in text.split(" and ")))
    match = re.fullmatch(r"grade ([0-3])( or baseline)?", text)
    if match is None:
        raise Misread(
            "bad-until",
            f"'{text}' does not say when a hold may end.",
            "Write it like 'grade 1 or baseline'.",
        )
    return Until(int(match[1]), bool(match[2]))


def _days(text: str) -> int:
    match = re.fullmatch(r"(\d{1,3}) days?", text)
    if match is None:
        raise Misread("bad-longest-hold", f"'{text}' is not a number of days.", "Write it like '14 days'.")
    return int(match[1])


def _held(text: str, names: Names) -> tuple[str, ...]:
    return names.treatments if text == "all" else _names(text, names.treatments, "a treatment")


def _names(text: str, known: tuple[str, ...], kind: str) -> tuple[str, ...]:
    words = Words(text)
    found = words.names(known, f"unknown-{kind.rsplit(maxsplit=1)[-1]}", kind)
    words.end("bad-rule", ", ".join(known))
    return found


def _unresolved(text: str, names: Names) -> Proposal:
    words = Words(text)
    words.need(r"propose\b", "bad-proposal", "The word 'propose'", "propose removal")
    return words.inner(lambda rest: _proposal(rest, names), words.need(r".*", "bad-proposal", "", ""))


def _proposal(text: str, names: Names) -> Proposal:
    words = Words(text)
    kind = words.need(
        r"(removal|stopping)\b",
        "bad-proposal",
        "'removal' or 'stopping ...'",
        "stopping interleukin_12",
    ).group(1)
    treatments = words.names(names.treatments, "unknown-treatment", "a treatment") if kind == "stopping" else ()
    words.end("bad-proposal", "removal")
    return Proposal(cast('Literal["removal", "stopping"]', kind), treatments)


def _is_whole(r: Reading, table: Table, rule: Rule) -> bool:
    """A hold says when it ends and at which level; a rule does something."""
    keys = {entry.key.value for entry in table.entries}
    missing = [key for key in ("until", "resume") if "hold" in keys and key not in keys]
    for key in missing:
        r.problem(
            rule.place,
            "unfinished-rule",
            f"This rule holds doses and has no '{key}'.",
            f"Add '{key}', like '{_EXAMPLES[key]}'.",
        )
    if not keys & {"hold", "propose"}:
        r.problem(
            rule.place,
            "rule-without-action",
            "This rule does nothing.",
            "Add 'hold: ...' or 'propose: removal'.",
        )
    return True


_EXAMPLES = {"until": "until: grade 1 or baseline", "resume": "resume: one level down"}
