"""The best that can happen to what holds doses."""

from __future__ import annotations

from datetime import date

from scheduler.engine.laboratory import lab_fires
from scheduler.engine.proof.ground import Ground, Move, State
from scheduler.engine.proof.letters import across
from scheduler.protocol.meaning import LabCondition
from scheduler.record.events import LabResult, ToxicityGraded


def good_values(ground: Ground, state: State, on: date) -> list[LabResult]:
    """For each test that an open hold waits for, the value that meets most of what is asked of it."""
    asked: dict[str, list[LabCondition]] = {}
    for episode in state.found.all:
        for rule in episode.rules if episode.is_open else ():
            for condition in rule.until.laboratory if rule.until else ():
                asked.setdefault(condition.test.casefold(), []).append(condition)
    firing = [rule.condition for rule in ground.rules if isinstance(rule.condition, LabCondition)]
    found = []
    for conditions in asked.values():
        values = [LabResult(on, conditions[0].test, value, conditions[0].unit) for value in across(conditions)]
        best = max(
            values,
            key=lambda v: sum(lab_fires(c, v) for c in conditions) * 100 - sum(lab_fires(c, v) for c in firing),
        )
        found.append(best)
    return found


def better(ground: Ground, state: State, on: date) -> Move:
    """Every toxicity is over, and each laboratory value as good as the rules ask for."""
    last: dict[str, ToxicityGraded] = {e.term: e for _, e in state.history.of(ToxicityGraded)}
    over = [ToxicityGraded(on, e.term, 0, e.criteria) for e in last.values() if e.grade]
    values = good_values(ground, state, on)
    said = ["every toxicity is over", *(f"{value.test} {value.value:f} {value.unit}" for value in values)]
    return Move(on, (*over, *values), "; ".join(said))
