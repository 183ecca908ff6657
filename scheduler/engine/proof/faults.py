"""What a law finds: one sentence on the state, and the places of the file that bring it about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from scheduler.engine.proof.ground import COMING, Ground, State
from scheduler.engine.proof.holding import Span, levels_in_force, spans
from scheduler.engine.proof.keys import Key
from scheduler.engine.schedule import Item, Proposal
from scheduler.problems import Place
from scheduler.record.events import DoseLevelSet, HoldLifted
from scheduler.record.history import History


class Fault(NamedTuple):
    """A law is broken: what is seen, and which lines of the file it comes from."""

    what: str
    places: tuple[Place, ...] = ()


@dataclass(eq=False)
class Case:
    """A state with the one before it, and what several laws ask of it."""

    ground: Ground
    before: State | None
    state: State
    key: Key = ()
    ways: set[Key] | None = None
    """Keys of the states of which it is known that their holds have a way out."""

    @property
    def history(self) -> History:
        return self.state.history

    @cached_property
    def coming(self) -> list[Item]:
        """The doses that somebody will give."""
        return [item for item in self.state.doses.values() if item.status in COMING]

    @cached_property
    def spans(self) -> list[Span]:
        return spans(self.ground.protocol, self.history)

    @cached_property
    def sets_levels(self) -> bool:
        return any(isinstance(event, HoldLifted | DoseLevelSet) for event in self.history.events)

    def level_on(self, item: Item) -> int:
        """The level in force of a dose, by what persons have confirmed."""
        return levels_in_force(self.history, item.date).get(item.slot.key, 0) if self.sets_levels else 0

    @cached_property
    def levels(self) -> dict[str, int]:
        """The levels in force on the day of the last event."""
        return levels_in_force(self.history, self.state.last)

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return self.state.schedule.proposals


@dataclass(frozen=True, slots=True)
class Law:
    """Something that must be so in every state; `find` yields what is not."""

    sentence: str
    find: Callable[[Case], Iterator[Fault]]
