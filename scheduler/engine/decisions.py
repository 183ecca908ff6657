"""Decision points: a cycle waits until a person has answered; the answer lets it go on or ends it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from scheduler.engine.reasons import Reason, because
from scheduler.engine.schedule import Status
from scheduler.protocol.meaning import Decision
from scheduler.protocol.model import Protocol, Statement
from scheduler.record.events import ResponseAssessed
from scheduler.record.history import History


class Verdict(NamedTuple):
    """Whether a cycle goes on (planned), waits (blocked) or does not come (ended), and why."""

    status: Status
    reasons: tuple[Reason, ...]


@lru_cache(maxsize=64)
def decisions(protocol: Protocol) -> tuple[tuple[Decision, Statement], ...]:
    """The decision points of a protocol by cycle, each with its statement."""
    return tuple(sorted(protocol.effects(Decision), key=lambda found: found[0].cycle))


def go_ahead(protocol: Protocol, history: History, cycle: int) -> ResponseAssessed | None:
    """The answer that lets a cycle begin; None where nothing is asked before it, or it may not begin."""
    for decision, _ in decisions(protocol):
        answer = history.response_before(cycle) if decision.cycle == cycle else None
        if answer is not None and answer.response in decision.goes_on:
            return answer
    return None


def verdict(protocol: Protocol, history: History, cycle: int) -> Verdict:
    """What the decisions up to and including the one before a cycle make of it."""
    reasons: list[Reason] = []
    for decision, statement in decisions(protocol):
        if decision.cycle > cycle:
            break
        status, answer = _answered(decision, history)
        reasons += [because(statement, decision.place), answer]
        if status != "planned":
            return Verdict(status, tuple(reasons))
    return Verdict("planned", tuple(reasons))


def _answered(decision: Decision, history: History) -> tuple[Status, Reason]:
    answer = history.response_before(decision.cycle)
    if answer is None:
        nobody = f"Nobody has recorded the {decision.question} before cycle {decision.cycle} yet."
        return "blocked", Reason("event", nobody)
    text = f"The {decision.question} before cycle {decision.cycle} is {answer.response}, on {answer.happened_on}"
    if answer.response in decision.goes_on:
        return "planned", Reason("event", f"{text}: treatment goes on.")
    if answer.response in decision.ends:
        return "ended", Reason("event", f"{text}: treatment ends.")
    return "blocked", Reason("event", f"{text}, which decides nothing; the cycle still waits.")
