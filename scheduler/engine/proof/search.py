"""The search: states by the number of events, each looked at once, the laws asked in every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from scheduler.engine.episodes import episodes
from scheduler.engine.proof.courses import course_bounds, course_moves
from scheduler.engine.proof.faults import Case, Fault
from scheduler.engine.proof.ground import Ground, Move, State, ground, history_after, reached, state_after
from scheduler.engine.proof.keys import Key, key_of, way_key
from scheduler.engine.proof.laws import EVERY_RULE_FIRES, broken
from scheduler.engine.proof.letters import Alphabet, alphabet
from scheduler.engine.proof.moves import moves
from scheduler.protocol.meaning import Rule
from scheduler.protocol.model import Protocol

Progress = Callable[[int, int, int], None]
"""Told of each state: how many events deep, how many of so many states are done."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that is broken, with the shortest way there; a rule that never fires has no way."""

    law: str
    fault: Fault
    moves: tuple[Move, ...]
    days: tuple[str, ...]


@dataclass(slots=True)
class Proof:
    """What was searched in one arm, and what was found: nothing, where the protocol is safe within the bounds."""

    arm: str | None
    cycles: int
    events: int
    sequences: int = 0
    states: int = 0
    doses: int = 0
    episodes: int = 0
    letters: int = 0
    stands_for: int = 0
    breaches: list[Breach] = field(default_factory=list)


@dataclass(slots=True)
class Search:
    """One search under way."""

    ground: Ground
    proof: Proof
    fired: set[Rule] = field(default_factory=set)
    known: set[tuple[object, Key]] = field(default_factory=set)
    ways: set[Key] = field(default_factory=set)
    dated: bool = True

    def step(self, before: State, move: Move) -> State | None:
        """The state after a move; None where it is known already, or breaks a law."""
        self.proof.sequences += 1
        history = history_after(self.ground, (*before.moves, move))
        found = episodes(self.ground.protocol, history)
        self.fired |= {f.rule for e in found.all for f in e.fired} | {f.rule for _, _, f in found.removals}
        key = key_of(self.ground, history, found, move.on)
        key_before = key_of(self.ground, before.history, before.found, move.on)
        on = move.on if self.dated else None
        if (on, key) in self.known or key == key_before:
            return None
        self.known.add((on, key))
        state = reached(self.ground, (*before.moves, move), history, found)
        only_asks = (*key[:-2], key[-1]) == (*key_before[:-2], key_before[-1])
        return state if self.judged(before, state) and not only_asks else None

    def judged(self, before: State | None, state: State) -> bool:
        """Ask every law; the first state that breaks one is its shortest counter-example."""
        self.proof.states += 1
        self.proof.doses += len(state.doses)
        key = way_key(self.ground, state.history, state.found)
        found = broken(Case(self.ground, before, state, key, self.ways))
        for law, fault in found:
            if all(breach.law != law.sentence for breach in self.proof.breaches):
                days = tuple(state.cycle_day(move.on) for move in state.moves)
                self.proof.breaches.append(Breach(law.sentence, fault, state.moves, days))
        return not found


def prove(
    protocol: Protocol, arm: str | None, cycles: int = 2, events: int = 3, progress: Progress | None = None
) -> Proof:
    """Search one arm of a protocol that has passed `check`; the same protocol gives the same proof."""
    field = ground(protocol, arm, cycles)
    letters = alphabet(field)
    proof = Proof(arm, cycles, events, letters=len(letters.letters), stands_for=letters.stands_for)
    search = Search(field, proof)
    _wide(search, letters, events, progress)
    _long(search, letters, progress)
    _unfired(search)
    proof.breaches.sort(key=lambda breach: sum(len(move.events) for move in breach.moves))
    return proof


def _wide(search: Search, letters: Alphabet, events: int, progress: Progress | None) -> None:
    """Every move in every state, up to some events."""
    root = state_after(search.ground, ())
    frontier = [root] if search.judged(None, root) else []
    for depth in range(1, events + 1):
        reachable: list[State] = []
        for done, state in enumerate(frontier):
            if progress is not None:
                progress(depth, done, len(frontier))
            found = (search.step(state, move) for move in moves(search.ground, letters, state))
            reachable += [each for each in found if each is not None and depth < events]
        frontier = reachable


def _long(search: Search, letters: Alphabet, progress: Progress | None) -> None:
    """One episode after another, until every occurrence and every level has been passed."""
    rounds, days = course_bounds(search.ground)
    plain = search.ground
    search.ground = ground(plain.protocol, plain.arm, plain.cycles, beyond=rounds * days)
    search.known, search.dated = set(), False
    search.proof.episodes = rounds
    frontier: Iterable[State] = [state_after(search.ground, ())]
    for number in range(1, rounds + 1):
        whole = list(frontier)
        reachable: list[State] = []
        for done, state in enumerate(whole):
            if progress is not None:
                progress(number, done, len(whole))
            reachable += course_moves(search.ground, letters, state, search.step)
        frontier = reachable


def _unfired(search: Search) -> None:
    for rule in search.ground.rules:
        if rule not in search.fired:
            what = "This rule fires in none of them. Look for a missing occurrence before it, or for other grades."
            search.proof.breaches.append(Breach(EVERY_RULE_FIRES, Fault(what, (rule.place,)), (), ()))
