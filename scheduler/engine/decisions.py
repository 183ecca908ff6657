"""Decision points: a cycle waits until a person has answered; the answer lets it go on or ends it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
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


class Verdicts(NamedTuple):
    """The verdicts on a cycle, each from a day on: an answer changes nothing before its day."""

    since: tuple[date, ...]
    found: tuple[Verdict, ...]

    def on(self, day: date) -> Verdict:
        """The verdict that counts on a day."""
        return self.found[-1] if len(self.found) == 1 else self.found[bisect_right(self.since, day) - 1]


@lru_cache(maxsize=64)
def decisions(protocol: Protocol) -> tuple[tuple[Decision, Statement], ...]:
    """The decision points of a protocol by cycle, each with its statement."""
    return tuple(sorted(protocol.effects(Decision), key=lambda found: found[0].cycle))


def answers(history: History, decision: Decision) -> list[ResponseAssessed]:
    """The answers that decide something, by day; on one day as recorded."""
    decides = (*decision.goes_on, *decision.ends)
    return [e for _, e in history.of(ResponseAssessed) if e.before_cycle == decision.cycle and e.response in decides]


def go_ahead(protocol: Protocol, history: History, cycle: int) -> ResponseAssessed | None:
    """The first answer that lets a cycle begin; None where nothing is asked before it, or it may not begin.

    Of two answers of one day the later one counts.
    """
    for decision, _ in decisions(protocol):
        if decision.cycle == cycle:
            by_day = {answer.happened_on: answer for answer in answers(history, decision)}
            return next((answer for answer in by_day.values() if answer.response in decision.goes_on), None)
    return None


def verdicts(protocol: Protocol, history: History, cycle: int) -> Verdicts:
    """What the decisions up to and including the one before a cycle make of it."""
    asked = [(decision, statement) for decision, statement in decisions(protocol) if decision.cycle <= cycle]
    days = {answer.happened_on for decision, _ in asked for answer in answers(history, decision)}
    since = (date.min, *sorted(days))
    return Verdicts(since, tuple(_verdict(asked, history, day) for day in since))


def _verdict(asked: list[tuple[Decision, Statement]], history: History, on: date) -> Verdict:
    reasons: list[Reason] = []
    for decision, statement in asked:
        status, answer = _answered(decision, history, on)
        reasons += [because(statement, decision.place), answer]
        if status != "planned":
            return Verdict(status, tuple(reasons))
    return Verdict("planned", tuple(reasons))


def _answered(decision: Decision, history: History, on: date) -> tuple[Status, Reason]:
    known = [answer for answer in answers(history, decision) if answer.happened_on <= on]
    if not known:
        return "blocked", _waiting(decision, history)
    answer = known[-1]
    text = f"The {decision.question} before cycle {decision.cycle} is {answer.response}, on {answer.happened_on}"
    if answer.response in decision.goes_on:
        return "planned", Reason("event", f"{text}: treatment goes on.")
    return "ended", Reason("event", f"{text}: treatment ends.")


def _waiting(decision: Decision, history: History) -> Reason:
    last = history.response_before(decision.cycle)
    asked = f"The {decision.question} before cycle {decision.cycle}"
    if last is None:
        nobody = f"Nobody has recorded the {decision.question} before cycle {decision.cycle} yet."
        return Reason("event", nobody)
    text = f"{asked} is {last.response}, on {last.happened_on}"
    if last.response in (*decision.goes_on, *decision.ends):
        return Reason("event", f"{text}; up to then the cycle waited.")
    return Reason("event", f"{text}, which decides nothing; the cycle still waits.")
