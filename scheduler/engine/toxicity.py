"""Which rules a toxicity fires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scheduler.protocol.criteria import Criteria
from scheduler.protocol.meaning import GradeCondition, Rule
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.events import ToxicityGraded

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
    if event.grade not in condition.grades or event.term in condition.but_not:
        return False
    if condition.terms and event.term not in condition.terms:
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
