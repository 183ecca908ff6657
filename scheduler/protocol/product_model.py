"""What a product file means: how a drug is made up and measured. Frozen values, nothing read here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scheduler.problems import Place
from scheduler.quantities import Amount, plain

FactStanding = Literal["label", "reference", "paper", "assumed"]


@dataclass(frozen=True, slots=True, order=True)
class SyringeKind:
    """A kind of syringe: what it holds, how far apart its marks are, the least it measures. All in mL."""

    capacity: Decimal
    graduation: Decimal
    smallest: Decimal

    @property
    def name(self) -> str:
        return f"{plain(self.capacity)} mL syringe"

    @property
    def marks(self) -> str:
        return f"marks of {plain(self.graduation)} mL"


@dataclass(frozen=True, slots=True)
class Avoided:
    """Concentrations, per mL, that are not made, both ends included; and why."""

    least: Amount
    most: Amount
    because: str

    def holds(self, concentration: Amount) -> bool:
        """Whether a concentration per mL lies in the band; one of another kind never does."""
        same = concentration.in_unit(self.least.unit)
        most = self.most.in_unit(self.least.unit)
        return same is not None and most is not None and self.least.value <= same.value <= most.value


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a product file: its reason, and the names of the facts that it gives.

    `source` is the source and the section; it is empty for an assumption, which has `because`,
    `otherwise` and `confirmed_by` instead.
    """

    standing: FactStanding
    text: str
    source: str
    because: str
    otherwise: str
    confirmed_by: str
    note: str
    gives: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Product:
    """A product file that was read without a fault; `digest` is the SHA-256 of its bytes.

    `concentration` is per mL, after reconstitution of one vial with `solvent_volume` mL of
    `solvent`; `beyond_use_hours` count from reconstitution; `syringes` are in rising capacity.
    """

    key: str
    name: str
    edition: int
    standing: Literal["draft", "approved"]
    approved_by: str
    vial: Amount
    solvent_volume: Decimal
    solvent: str
    concentration: Amount
    diluent: str
    avoided: tuple[Avoided, ...]
    storage: str
    beyond_use_hours: int
    syringes: tuple[SyringeKind, ...]
    never: tuple[str, ...]
    facts: tuple[Fact, ...]
    file: str
    digest: str

    def behind(self, fact: str) -> Fact:
        """The statement that gives a fact; KeyError where no statement does."""
        found = next((each for each in self.facts if fact in each.gives), None)
        if found is None:
            raise KeyError(fact)
        return found

    @property
    def assumptions(self) -> tuple[Fact, ...]:
        """What no source says."""
        return tuple(fact for fact in self.facts if fact.standing == "assumed")
