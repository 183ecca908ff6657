"""Long courses: one episode after another, each resolved and decided, as long as the protocol counts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from scheduler.engine.loading import usual_interval
from scheduler.engine.proof.cures import better
from scheduler.engine.proof.ground import DAY_1, Ground, Move, State
from scheduler.engine.proof.letters import Alphabet, Letter
from scheduler.engine.proof.moves import accepted, declined, open_on, report
from scheduler.engine.schedule import Proposal
from scheduler.protocol.meaning import GradeCondition, Reload


class Step(Protocol):
    """The state after a move, None where it is known already or breaks a law; `again` looks at a known one too."""

    def __call__(self, before: State, move: Move, *, again: bool = False) -> State | None: ...


PAUSE = 2
"""Days from the end of one episode to the next, and from its beginning to its resolution."""
MOST_ROUNDS = 6


class Course(NamedTuple):
    """Toxicities that hold the same treatments, how many episodes of them to try, and the days for each."""

    letters: tuple[Letter, ...]
    rounds: int
    days: int


def courses(ground: Ground, alphabet: Alphabet) -> list[Course]:
    """One course for all toxicities that hold a treatment in common; the others do not meddle with it."""
    groups: list[list[Letter]] = []
    for letter in alphabet.firing:
        near = [group for group in groups if any(letter.holds & other.holds for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(other for group in near for other in group), letter])
    return [_course(ground, tuple(group)) for group in groups if any(letter.holds for letter in group)]


def _course(ground: Ground, letters: tuple[Letter, ...]) -> Course:
    """As many episodes as pass every occurrence and every level, and one more."""
    held = {key for letter in letters for key in letter.holds}
    rules = [rule for rule in ground.rules if set(rule.holds) & held]
    conditions = [rule.condition for rule in rules if isinstance(rule.condition, GradeCondition)]
    occurrences = max((condition.occurrence for condition in conditions), default=0)
    levels = max((len(ground.tables[key]) for key in held), default=0)
    shortest = max((rule.at_least or 0 for rule in rules), default=0)
    rounds = min(MOST_ROUNDS, max(2, occurrences + 1, levels + 1))
    return Course(letters, rounds, PAUSE + max(_lengths(ground)) + 2 + shortest)


def _lengths(ground: Ground) -> list[int]:
    """How many days an episode lasts: a short one, and where a loading dose may follow, one that brings it."""
    gaps = [
        reload.days_late + usual_interval(ground.protocol, ground.arm, reload.treatment)
        for reload, _ in ground.protocol.effects(Reload, ground.arm)
    ]
    return [PAUSE, *({max(gaps) + PAUSE} if gaps else set())]


def course_moves(ground: Ground, course: Course, state: State, step: Step) -> Iterator[State]:
    """The states after one more episode, each toxicity in turn, each decided in every way."""
    on = max(state.last, DAY_1) + timedelta(days=PAUSE)
    for letter in course.letters:
        began = step(state, report(letter, on))
        if began is None or not any(episode.is_open for episode in began.found.all):
            continue
        short, *long = _lengths(ground)
        resolved = step(began, better(ground, began, on + timedelta(days=short)))
        if resolved is not None:
            yield from _decided(ground, resolved, step)
        for days in long:
            late = step(began, better(ground, began, on + timedelta(days=days)))
            if late is not None:
                list(_decided(ground, late, step, again=True))


def _decided(ground: Ground, state: State, step: Step, *, again: bool = False) -> Iterator[State]:
    """What is proposed is confirmed; what is asked besides a resumption is confirmed after it."""
    day, asked = _asked(ground, state)
    resume = next((p for p in asked if p.kind == "resume"), None)
    moves = [accepted(resume, day)] if resume is not None else []
    for proposal in asked if resume is None else ():
        moves += [accepted(proposal, day), declined(proposal, day)]
    for move in moves:
        found = step(state, move, again=again)
        if found is not None:
            yield found
            besides = open_on(ground, found, day) if resume is not None else ()
            for proposal in besides:
                if proposal.kind in ("stop", "remove", "reload"):
                    step(found, accepted(proposal, day), again=True)


def _asked(ground: Ground, state: State) -> tuple[date, tuple[Proposal, ...]]:
    """What is proposed on the first day on which anything about a hold is."""
    shortest = {rule.at_least or 0 for rule in ground.rules} | {0}
    for days in sorted(shortest):
        day = state.last + timedelta(days=days)
        asked = tuple(p for p in open_on(ground, state, day) if p.kind in ("resume", "stop", "remove"))
        if asked:
            return day, asked
    return state.last, ()
