"""`rules`: what a toxicity or a laboratory value does to the doses.

- in: cycle 1                                          (or: arm cohort-1 cycle 2+; left out: any cycle)
  when: second grade 3-4 nonhaematologic of Fatigue; Fever     (or: grade 3-4 except Fatigue; Fever)
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
from scheduler.protocol.phrases import arms_and_cycles
from scheduler.protocol.reading import Reading
from scheduler.protocol.words import Names, Words
from scheduler.quantities import read_number

KEYS = (
    "in",
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
LONGEST_HOLD = 365
_KINDS = ("haematologic", "nonhaematologic")
_COMPARISONS = "below|above|at least|at most"
_SHOWN = "'below', 'above', 'at least' or 'at most'"


def read_rule(r: Reading, node: Node) -> Rule | None:
    """One rule; None after recording what is wrong with it."""
    table = r.table(node, "A rule", "when: grade 3-4")
    if table is None:
        return None
    table = r.only(table, KEYS, "a rule")
    condition = r.understood(r.required(table, "when"), read_condition)
    where = r.understood(r.optional(table, "in"), lambda text: arms_and_cycles(text, r.names))
    rule = Rule(
        condition=condition or _NOTHING,
        due_to=r.understood(r.optional(table, "due_to"), lambda text: _drugs(text, r.names)) or (),
        holds=r.understood(r.optional(table, "hold"), lambda text: _held(text, r.names)) or (),
        until=r.understood(r.optional(table, "until"), _until),
        at_most=r.understood(r.optional(table, "at_most"), _days),
        at_least=r.understood(r.optional(table, "at_least"), _days),
        resume=cast(
            "Resume | None",
            r.one_of(r.optional(table, "resume"), get_args(Resume), "unknown-level", "a level to go on at"),
        ),
        unresolved=r.understood(r.optional(table, "unresolved"), lambda text: _unresolved(text, r.names)),
        propose=r.understood(r.optional(table, "propose"), lambda text: _proposal(text, r.names)),
        place=table.place,
        arms=where[0] if where else (),
        cycles=where[1] if where else None,
    )
    _check_whole(r, table, rule)
    return None if condition is None else rule


def read_condition(text: str) -> GradeCondition | LabCondition:
    """'grade 3-4 except Fever', 'second grade 2 of Diarrhea', 'laboratory neutrophils below 1,500 per mm3'."""
    if re.match(r"laboratory\b", text):
        return _laboratory(text)
    words = Words(text)
    nth = words.take("(" + "|".join(OCCURRENCES) + r")\b")
    grades = _grades(words)
    kind = "any"
    if words.rest and not re.match(r"(of|except)\b", words.rest):
        kind = words.one_of(_KINDS, "bad-condition", "'haematologic', 'nonhaematologic', 'of' or 'except'", _KINDS)
    terms = _terms(words) if words.take(r"of\b") else ()
    but_not = _terms(words) if not terms and words.take(r"except\b") else ()
    words.end("bad-condition", "grade 3-4 nonhaematologic of Fatigue")
    return GradeCondition(
        grades,
        cast('Literal["any", "haematologic", "nonhaematologic"]', kind),
        terms,
        OCCURRENCES[nth.group(1)] if nth else 0,
        but_not,
    )


def _grades(words: Words) -> tuple[int, ...]:
    words.need(r"grade\b", "bad-condition", "the word 'grade'", EXAMPLE)
    found = words.need(r"([1-5])(?:-([1-5])|(\+))?(?![\w-])", "bad-condition", "a grade from 1 to 5", EXAMPLE)
    first = int(found.group(1))
    last = 5 if found.group(3) else int(found.group(2) or first)
    if last < first:
        what = f"'{found.group()}' runs backwards."
        raise Misread("bad-condition", what, f"Write it like '{EXAMPLE}'.", found.start(), len(found.group()))
    return tuple(range(first, last + 1))


def _terms(words: Words) -> tuple[str, ...]:
    """Terms of the criteria, one or several with semicolons between them."""
    found: list[str] = []
    while not found or words.take(";"):
        start = words.at
        term = words.need(r"[^;]+", "bad-condition", "a term of the criteria", "grade 3 of Fatigue; Fever")
        found.append(term.group().rstrip())
        if found[-1] in found[:-1]:
            raise Misread("named-twice", f"'{found[-1]}' is named twice.", "Name each one once.", start, len(found[-1]))
    return tuple(found)


def _laboratory(text: str) -> LabCondition:
    words, example = Words(text), "laboratory neutrophils below 1,500 per mm3"
    words.need(r"laboratory\b", "bad-condition", "the word 'laboratory'", example)
    test = words.need(rf"(\S.*?)(?= (?:{_COMPARISONS})\b)", "bad-condition", f"a test and {_SHOWN}", example).group(1)
    comparison = words.need(rf"({_COMPARISONS})\b", "bad-condition", _SHOWN, example).group(1)
    value = words.inner(read_number, words.need(r"\S+", "bad-condition", "a number", example))
    unit = words.need(r"(?!for [0-9])\S.*?(?= for [0-9]|$)", "bad-condition", "a unit", example).group()
    days = 0
    if words.take(r"for\b"):
        days = words.number("bad-condition", "a number of days", f"{example} for 7 days")
        words.need(r"days?\b", "bad-condition", "the word 'days'", f"{example} for 7 days")
    words.end("bad-condition", example)
    return LabCondition(
        test, cast('Literal["below", "above", "at least", "at most"]', comparison), value, unit.rstrip(), days
    )


def _until(text: str) -> Until:
    """'grade 1 or baseline', or laboratory values joined with 'and'."""
    if re.match(r"laboratory\b", text):
        found, at = [], 0
        for part in re.split(r" and (?=laboratory\b)", text):
            try:
                found.append(_laboratory(part))
            except Misread as fault:
                raise fault.moved(at) from None
            at += len(part) + len(" and ")
        return Until(laboratory=tuple(found))
    words, example = Words(text), "grade 1 or baseline"
    words.need(r"grade\b", "bad-until", "the word 'grade'", example)
    grade = words.need(r"([0-3])(?![\w+-])", "bad-until", "a grade from 0 to 3", example)
    baseline = words.take(r"or baseline\b")
    words.end("bad-until", example)
    return Until(int(grade.group(1)), baseline is not None)


def _days(text: str) -> int:
    words = Words(text)
    days = words.number("bad-hold-length", "a number of days", "14 days", LONGEST_HOLD)
    words.need(r"days?\b", "bad-hold-length", "the word 'days'", "14 days")
    words.end("bad-hold-length", "14 days")
    return days


def _held(text: str, names: Names) -> tuple[str, ...]:
    if text == "all":
        return names.treatments
    return _listed(text, names.treatments, "unknown-treatment", "a treatment")


def _drugs(text: str, names: Names) -> tuple[str, ...]:
    return _listed(text, names.drugs, "unknown-drug", "a drug")


def _listed(text: str, known: tuple[str, ...], code: str, kind: str) -> tuple[str, ...]:
    words = Words(text)
    found = words.names(known, code, kind)
    meant = [word for word in words.rest.split() if word in known]
    words.end("bad-rule", ", ".join([*found, *meant]))
    return found


def _unresolved(text: str, names: Names) -> Proposal:
    words = Words(text)
    words.need(r"propose\b", "bad-proposal", "the word 'propose'", "propose removal")
    try:
        return _proposal(words.rest, names)
    except Misread as fault:
        raise fault.moved(words.at) from None


def _proposal(text: str, names: Names) -> Proposal:
    words = Words(text)
    kind = words.one_of(("removal", "stopping"), "bad-proposal", "a proposal", ("removal", "stopping NAME"))
    treatments = words.names(names.treatments, "unknown-treatment", "a treatment") if kind == "stopping" else ()
    words.end("bad-proposal", "removal" if kind == "removal" else f"stopping {', '.join(treatments)}")
    return Proposal(cast('Literal["removal", "stopping"]', kind), treatments)


def _check_whole(r: Reading, table: Table, rule: Rule) -> None:
    """A hold says when it ends and at which level; what belongs to a hold has one; a rule does something."""
    keys = {entry.key.value for entry in table.entries}
    needed = ("until", "resume") if "hold" in keys else ()
    for key in (*needed, *(("unresolved",) if "at_most" in keys and "hold" in keys else ())):
        if key not in keys:
            what = "has a longest hold" if key == "unresolved" else "holds doses"
            r.problem(
                rule.place,
                "unfinished-rule",
                f"This rule {what} and no '{key}'.",
                f"Add '{key}: {_EXAMPLES[key]}'.",
            )
    for key in ("until", "at_least", "at_most", "resume", "unresolved"):
        if key in keys and not keys & {"hold"}:
            place = next(entry.key.place for entry in table.entries if entry.key.value == key)
            what = f"'{key}' belongs to a hold, and this rule holds nothing."
            r.problem(place, "rule-without-hold", what, "Add 'hold:' with the treatments, or take the line out.")
    if not keys & {"hold", "propose"}:
        r.problem(
            rule.place, "rule-without-action", "This rule does nothing.", "Add 'hold: all' or 'propose: removal'."
        )


_NOTHING = GradeCondition(())
_EXAMPLES = {"until": "grade 1 or baseline", "resume": "one level down", "unresolved": "propose removal"}
