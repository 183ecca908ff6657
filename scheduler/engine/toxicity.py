"""Which rules a toxicity or a laboratory value fires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from scheduler.protocol.criteria import Criteria
from scheduler.protocol.meaning import GradeCondition, LabCondition, Rule
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.events import LabResult, ToxicityGraded

Verdict = Literal["fires", "asks", "no"]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that an event fired: `drugs` are those that it counts as due to."""

    rule: Rule
    statement: Statement
    drugs: tuple[str, ...]


def verdicts(protocol: Protocol, event: ToxicityGraded, arm: str | None) -> list[tuple[Verdict, Fired]]:
    """Every rule whose grade, kind and term fit, and whether its attribution fires, asks, or neither."""
    found: list[tuple[Verdict, Fired]] = []
    for rule, statement in protocol.effects(Rule, arm):
        condition = rule.condition
        if isinstance(condition, GradeCondition) and _fits(condition, protocol.vocabulary, event):
            verdict, drugs = _attributed(protocol, rule, event)
            found.append((verdict, Fired(rule, statement, drugs)))
    return found


def _fits(condition: GradeCondition, criteria: Criteria | None, event: ToxicityGraded) -> bool:
    if event.grade not in condition.grades or (condition.terms and event.term not in condition.terms):
        return False
    haematologic = criteria is not None and criteria.is_haematologic(event.term)
    return condition.kind == "any" or (condition.kind == "haematologic") == haematologic


def _attributed(protocol: Protocol, rule: Rule, event: ToxicityGraded) -> tuple[Verdict, tuple[str, ...]]:
    """Whether the attribution fires a rule, and the drugs that the toxicity is put down to.

    Drugs that somebody has judged come first; where none of them counts, those that nobody has judged are
    'not_assessed', which fires where the protocol says so and asks otherwise. It holds then, but is put down to
    none of them as long as another drug of the study is to blame.
    """
    fires = protocol.setting("attribution_fires")
    drugs = rule.due_to or tuple(dict.fromkeys(treatment.drug for treatment in protocol.treatments))
    judged = {a.drug: a.degree for a in event.due_to if a.drug in drugs}
    if fires == "any":
        return "fires", tuple(judged) or drugs
    counted = tuple(drug for drug, degree in judged.items() if degree in _words(fires))
    unjudged = tuple(drug for drug in drugs if drug not in judged)
    if counted or ("not_assessed" in _words(fires) and unjudged):
        elsewhere = any(a.degree in _words(fires) for a in event.due_to if a.drug not in drugs)
        return "fires", counted or (() if elsewhere else unjudged)
    asks = _words(protocol.setting("attribution_asks"))
    return ("asks" if unjudged or any(degree in asks for degree in judged.values()) else "no"), ()


def _words(setting: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in setting.split(","))


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
