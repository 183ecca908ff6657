"""The search: states by the number of events, each looked at once, the laws asked in every one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.engine.episodes import episodes
from scheduler.engine.proof.courses import course_moves, courses
from scheduler.engine.proof.faults import Case, Fault
from scheduler.engine.proof.ground import DAY_1, Ground, Move, State, ground, history_after, reached, state_after
from scheduler.engine.proof.keys import Key, key_of, way_key
from scheduler.engine.proof.laws import EVERY_RULE_FIRES, broken
from scheduler.engine.proof.letters import Alphabet, alphabet
from scheduler.engine.proof.moves import moves, report
from scheduler.protocol.meaning import Rule
from scheduler.protocol.model import Protocol

FEW_EVENTS = 2
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

    def step(self, before: State, move: Move, *, again: bool = False) -> State | None:
        """The state after a move; None where it is known already, or breaks a law. `again` looks at a known one too."""
        self.proof.sequences += 1
        history = history_after(self.ground, (*before.moves, move))
        found = episodes(self.ground.protocol, history)
        self.fired |= {f.rule for e in found.all for f in e.fired} | {f.rule for _, _, f in found.removals}
        key = key_of(self.ground, history, found, move.on, dated=self.dated)
        key_before = key_of(self.ground, before.history, before.found, move.on, dated=self.dated)
        on = move.on if self.dated else None
        if not again and ((on, key) in self.known or key == key_before):
            return None
        self.known.add((on, key))
        state = reached(self.ground, (*before.moves, move), history, found)
        return state if self.judged(before, state) and key[:-1] != key_before[:-1] else None

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


def arms_to_prove(protocol: Protocol, arm: str | None, cycles: int, events: int) -> list[tuple[str | None, int]]:
    """Each arm, or the one that is asked for, with how many events; an arm with the days of another takes fewer."""
    if arm is not None or not protocol.arms:
        return [(arm, events)]
    seen: set[tuple[object, ...]] = set()
    found: list[tuple[str | None, int]] = []
    for known in protocol.arms:
        field = ground(protocol, known.key, cycles)
        shape = tuple((item.id, item.date) for item in field.untouched.values())
        tables = tuple((key, *sorted(table)) for key, table in field.tables.items())
        found.append((known.key, min(events, FEW_EVENTS) if (shape, tables) in seen else events))
        seen.add((shape, tables))
    return found


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
    for letter in letters.letters:
        if letter.passed:
            search.judged(root, state_after(search.ground, (report(letter, DAY_1),)))
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
    plain, search.dated = search.ground, any(rule.cycles is not None for rule in search.ground.rules)
    for chosen in courses(plain, letters):
        search.ground = ground(plain.protocol, plain.arm, plain.cycles, beyond=chosen.rounds * chosen.days)
        search.known = set()
        search.proof.episodes = max(search.proof.episodes, chosen.rounds)
        frontier = [state_after(search.ground, ())]
        for number in range(1, chosen.rounds + 1):
            reachable: list[State] = []
            for done, state in enumerate(frontier):
                if progress is not None:
                    progress(number, done, len(frontier))
                reachable += course_moves(search.ground, chosen, state, search.step)
            frontier = reachable


def _unfired(search: Search) -> None:
    for rule in search.ground.rules:
        if rule not in search.fired:
            what = "This rule fires in none of them. Look for a missing occurrence before it, or for other grades."
            search.proof.breaches.append(Breach(EVERY_RULE_FIRES, Fault(what, (rule.place,)), (), ()))
