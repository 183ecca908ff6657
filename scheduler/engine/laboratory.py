"""Laboratory values: which conditions they meet, and which values no rule can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import takewhile

from scheduler.protocol.meaning import LabCondition, Rule
from scheduler.protocol.model import Protocol
from scheduler.quantities import shown_number
from scheduler.record.events import LabResult

_SURELY = 0.85


def conditions(protocol: Protocol, arm: str | None) -> Iterator[LabCondition]:
    """What the rules of an arm ask of laboratory values: to begin a hold, and to end it."""
    for rule, _ in protocol.effects(Rule, arm):
        if isinstance(rule.condition, LabCondition):
            yield rule.condition
        yield from rule.until.laboratory if rule.until else ()


def unread(protocol: Protocol, arm: str | None, result: LabResult) -> str:
    """Why no rule can read a value that one seems to ask for: another unit, a name not quite its own; '' otherwise.

    No value is converted: units of one test differ by factors that depend on the test.
    """
    asked = {condition.test.casefold(): condition for condition in conditions(protocol, arm)}
    rule = asked.get(result.test.casefold())
    value = f"{shown_number(result.value)} {result.unit}"
    if rule is not None and rule.unit != result.unit:
        return (
            f"The protocol asks for {rule.test} in {rule.unit}, and {value} of {result.happened_on} is in another "
            f"unit: no rule can read it. Enter it in {rule.unit}."
        )
    near = meant(result.test, asked) if rule is None else ""
    if near:
        return (
            f"No rule of the protocol asks for {result.test}, {value} of {result.happened_on}; one asks for "
            f"{asked[near].test}. If that is meant, correct the entry."
        )
    return ""


def meant(test: str, asked: Iterable[str]) -> str:
    """The test of a rule that a name was surely meant to be: 'Neutrophil count' for 'neutrophils'; '' where none is.

    'leukocytes' is not 'lymphocytes': nearer is asked for here than for a hint.
    """
    known = {_stem(name): name for name in asked}
    close = get_close_matches(_stem(test), list(known), n=1, cutoff=_SURELY)
    return known[close[0]] if close else ""


def _stem(test: str) -> str:
    words = (word for word in re.findall(r"\w+", test.casefold()) if word not in ("absolute", "count"))
    return " ".join(word.removesuffix("s") for word in words)


def lab_fires(condition: LabCondition, result: LabResult) -> bool:
    """Whether a laboratory value meets a condition on that test, however long the condition has to last."""
    if condition.test.casefold() != result.test.casefold() or condition.unit != result.unit:
        return False
    match condition.comparison:
        case "below":
            return result.value < condition.value
        case "above":
            return result.value > condition.value
        case "at least":
            return result.value >= condition.value
        case "at most":
            return result.value <= condition.value


def lab_has_lasted(condition: LabCondition, results: Sequence[LabResult]) -> bool:
    """Whether the last value of a test meets a condition; one over days asks it of every value of that time."""
    met = list(takewhile(lambda result: lab_fires(condition, result), reversed(results)))
    return bool(met) and (met[0].happened_on - met[-1].happened_on).days >= condition.days
