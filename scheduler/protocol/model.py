"""What a protocol file means: frozen values, each knowing the place it was written at.

A protocol is a list of statements. Each has a standing (paper, registry, label or assumed) and
effects (`meaning`): what it means for the schedule. Nothing here computes; the engine does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NoReturn, TypeVar, cast

from scheduler.problems import Place
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.meaning import Effect, GivenBy, GivenWhere, Setting

E = TypeVar("E")
Standing = Literal["paper", "registry", "label", "assumed"]


@dataclass(frozen=True, slots=True)
class Source:
    """A paper, registry entry or label; `key` is its name in the file and begins with its standing."""

    key: str
    text: str
    place: Place

    @property
    def standing(self) -> Standing:
        kind = self.key.split("-")[0]
        return kind if kind in ("paper", "registry", "label") else "assumed"  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm or cohort, fixed at enrolment."""

    key: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Treatment:
    """A drug at one strength, as it is prescribed; two strengths of a drug are two treatments.

    `mark` tells the home syringe on screen, label and calendar ("circle A"); `letter` stands for the
    treatment in the protocol's own kind of table.
    """

    key: str
    name: str
    drug: str
    letter: str
    mark: str
    product: str
    place: Place


@dataclass(frozen=True, slots=True)
class Assessment:
    """An examination, a blood sample or a scan."""

    key: str
    name: str
    letter: str
    place: Place


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement is found: source, section, and the fingerprint of the cited sentence."""

    source: str
    where: str
    letters: str
    place: Place


@dataclass(frozen=True, slots=True)
class Statement:
    """A reason and its meaning. `text` is what it says or assumes, in our own words.

    `because`, `otherwise` and `confirmed_by` belong to assumptions. A statement that is switched off
    (`use: off`) is read and checked, shown, and has no effect on the schedule.
    """

    standing: Standing
    text: str
    citation: Citation | None
    because: str
    otherwise: str
    confirmed_by: str
    in_use: bool
    effects: tuple[Effect, ...]
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that disagree, and which one the file follows."""

    text: str
    between: tuple[str, ...]
    follows: str
    because: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Protocol:
    """A protocol file that was read; `digest` is the SHA-256 of its bytes, and tells two files apart.

    `vocabulary` are the toxicity criteria that it pins, None where they are not known here.
    """

    name: str
    title: str
    edition: int
    criteria: str
    standing: Literal["draft", "approved"]
    approved_by: str
    sources: tuple[Source, ...]
    arms: tuple[Arm, ...]
    treatments: tuple[Treatment, ...]
    assessments: tuple[Assessment, ...]
    statements: tuple[Statement, ...]
    conflicts: tuple[Conflict, ...]
    file: str
    digest: str
    vocabulary: Criteria | None = None

    def effects(self, kind: type[E], arm: str | None = None) -> Iterator[tuple[E, Statement]]:
        """Effects of one kind that are in use, in file order, each with its statement.

        With an arm, those of other arms are left out.
        """
        return cast("Iterator[tuple[E, Statement]]", iter(_effects(self, cast("Hashable", kind), arm)))

    def settings(self) -> Iterator[tuple[Setting, Statement]]:
        """Every policy that is chosen, with the statement that chooses it."""
        return self.effects(Setting)

    @property
    def settled_from(self) -> int:
        """From this cycle on every cycle is written like the one before it."""
        named = [1]
        for statement in self.statements:
            for effect in statement.effects:
                cycles = getattr(effect, "cycles", None) or getattr(getattr(effect, "when", None), "cycles", None)
                named += cycles.named if cycles is not None else ()
        return max(named) + 1

    def treatment(self, key: str) -> Treatment:
        """The treatment of that name; KeyError where the file has none."""
        return next((t for t in self.treatments if t.key == key), None) or _missing(key)

    def assessment(self, key: str) -> Assessment:
        """The assessment of that name; KeyError where the file has none."""
        return next((a for a in self.assessments if a.key == key), None) or _missing(key)

    def setting(self, policy: str) -> str:
        """The choice made for a policy; '' where the file says nothing (`check` reports that)."""
        return _choices(self).get(policy, "")

    def given_by(self, treatment: str) -> GivenBy:
        """Who gives a treatment; the clinic where the file says nothing (`check` reports that)."""
        return next((g.by for g, _ in self.effects(GivenWhere) if g.treatment == treatment), "clinic")


@lru_cache(maxsize=1024)
def _effects(protocol: Protocol, kind: Hashable, arm: str | None) -> tuple[tuple[Effect, Statement], ...]:
    """The effects of a protocol, worked out once: a protocol never changes, and schedules ask for them often."""
    return tuple(
        (effect, statement)
        for statement in protocol.statements
        for effect in (statement.effects if statement.in_use else ())
        if isinstance(effect, cast("type", kind)) and (arm is None or not _arms(effect) or arm in _arms(effect))
    )


def _arms(effect: Effect) -> tuple[str, ...]:
    """The arms that an effect is limited to; none: it counts for all."""
    arms: tuple[str, ...] = getattr(effect, "arms", ())
    return arms


@lru_cache(maxsize=64)
def _choices(protocol: Protocol) -> dict[str, str]:
    """The choice made for each policy; of two the first one."""
    return {setting.policy: setting.value for setting, _ in reversed([*protocol.settings()])}


def _missing(key: str) -> NoReturn:
    raise KeyError(key)
