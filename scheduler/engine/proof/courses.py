"""Long courses: one episode after another, each resolved and decided, as long as the protocol counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from scheduler.engine.proof.cures import better
from scheduler.engine.proof.ground import DAY_1, Ground, Move, State
from scheduler.engine.proof.letters import Alphabet
from scheduler.engine.proof.moves import accepted, open_on, report
from scheduler.engine.schedule import Proposal
from scheduler.protocol.meaning import GradeCondition
from scheduler.record.events import ProposalDeclined

Step = Callable[[State, Move], State | None]
PAUSE = 2
"""Days from the end of one episode to the next, and from its beginning to its resolution."""
MOST_ROUNDS = 6


def course_bounds(ground: Ground) -> tuple[int, int]:
    """How many episodes pass every occurrence and every level, and how many days each may take."""
    conditions = [rule.condition for rule in ground.rules if isinstance(rule.condition, GradeCondition)]
    occurrences = max((condition.occurrence for condition in conditions), default=0)
    levels = max((len(table) for table in ground.tables.values()), default=0)
    shortest = max((rule.at_least or 0 for rule in ground.rules), default=0)
    return min(MOST_ROUNDS, max(2, occurrences + 1, levels + 1)), 2 * PAUSE + 2 + shortest


def course_moves(ground: Ground, alphabet: Alphabet, state: State, step: Step) -> Iterator[State]:
    """The states after one more episode, each toxicity in turn, each decided in every way."""
    on = max(state.last, DAY_1) + timedelta(days=PAUSE)
    for letter in alphabet.firing:
        began = step(state, report(letter, on))
        if began is None or not any(episode.is_open for episode in began.found.all):
            continue
        resolved = step(began, better(ground, began, on + timedelta(days=PAUSE)))
        if resolved is not None:
            yield from _decided(ground, resolved, step)


def _decided(ground: Ground, state: State, step: Step) -> Iterator[State]:
    day, asked = _asked(ground, state)
    resume = next((p for p in asked if p.kind == "resume"), None)
    if resume is not None:
        resumed = step(state, accepted(ground, resume, day))
        if resumed is not None:
            yield resumed
        return
    for proposal in asked:
        for move in (accepted(ground, proposal, day), Move(day, (ProposalDeclined(day, proposal.id),), "declined")):
            found = step(state, move)
            if found is not None:
                yield found


def _asked(ground: Ground, state: State) -> tuple[date, tuple[Proposal, ...]]:
    """What is proposed on the first day on which anything about a hold is."""
    shortest = {rule.at_least or 0 for rule in ground.rules} | {0}
    for days in sorted(shortest):
        day = state.last + timedelta(days=days)
        asked = tuple(p for p in open_on(ground, state, day) if p.kind in ("resume", "stop", "remove"))
        if asked:
            return day, asked
    return state.last, ()
