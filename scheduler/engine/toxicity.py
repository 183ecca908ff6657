"""Which rules a toxicity or a laboratory value fires."""

from __future__ import annotations

from dataclasses import dataclass
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


def fired_by(protocol: Protocol, criteria: Criteria | None, event: ToxicityGraded, arm: str | None) -> list[Fired]:
    """The rules that hold or propose something for this toxicity, whatever their occurrence."""
    return [f for verdict, f in verdicts(protocol, criteria, event, arm) if verdict == "fires"]


def verdicts(
    protocol: Protocol, criteria: Criteria | None, event: ToxicityGraded, arm: str | None
) -> list[tuple[Verdict, Fired]]:
    """Every rule whose grade, kind and term fit, and whether its attribution fires, asks, or neither."""
    found: list[tuple[Verdict, Fired]] = []
    for rule, statement in protocol.effects(Rule, arm):
        condition = rule.condition
        if isinstance(condition, GradeCondition) and _fits(condition, criteria, event):
            verdict, drugs = _attributed(protocol, rule, event)
            found.append((verdict, Fired(rule, statement, drugs)))
    return found


def _fits(condition: GradeCondition, criteria: Criteria | None, event: ToxicityGraded) -> bool:
    if event.grade not in condition.grades or (condition.terms and event.term not in condition.terms):
        return False
    haematologic = criteria is not None and criteria.is_haematologic(event.term)
    return condition.kind == "any" or (condition.kind == "haematologic") == haematologic


def _attributed(protocol: Protocol, rule: Rule, event: ToxicityGraded) -> tuple[Verdict, tuple[str, ...]]:
    """A drug that nobody judged is 'not_assessed'; where the protocol says nothing of that, it asks."""
    fires, asks = protocol.setting("attribution_fires"), protocol.setting("attribution_asks")
    drugs = rule.due_to or tuple(dict.fromkeys(treatment.drug for treatment in protocol.treatments))
    degrees = {drug: "not_assessed" for drug in drugs}
    degrees |= {a.drug: a.degree for a in event.due_to if a.drug in degrees}
    counted = tuple(d for d in drugs if fires == "any" or degrees[d] in _words(fires))
    if counted:
        return "fires", counted
    questionable = any(degree in (*_words(asks), "not_assessed") for degree in degrees.values())
    return ("asks" if questionable else "no"), ()


def _words(setting: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in setting.split(","))


def lab_fires(condition: LabCondition, result: LabResult) -> bool:
    """Whether a laboratory value meets a condition on that test; a condition over days asks for each value."""
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
