"""What a product file means: how a drug is made up and measured. Frozen values, nothing read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from scheduler.problems import Place
from scheduler.quantities import Amount, plain

FactStanding = Literal["label", "reference", "paper", "assumed", "unknown"]
Standing = Literal["draft", "approved"]
OverCapacity = Literal["larger syringe", "equal parts"]
EVERY_DOSE = ""
"""In place of a treatment's name: the concentration of every dose that no other line names."""


@dataclass(frozen=True, slots=True, order=True)
class SyringeKind:
    """A kind of syringe: what it holds, how far apart its marks are, the least it measures. All in mL.

    `dead_space` stays in the hub when the plunger is down; `overfill` is drawn up on top of the dose to
    make up for it, and is no part of the dose.
    """

    capacity: Decimal
    graduation: Decimal
    smallest: Decimal
    dead_space: Decimal = Decimal(0)
    overfill: Decimal = Decimal(0)

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
class Bag:
    """An infusion bag: its volume in mL, what is in it, and whether the drug's volume is taken out first."""

    volume: Decimal
    fluid: str
    takes_out: bool

    def total(self, drug: Decimal) -> Decimal:
        """What hangs in the end, in mL, with `drug` mL in it."""
        return self.volume if self.takes_out else self.volume + drug


@dataclass(frozen=True, slots=True)
class Infusing:
    """How a product becomes an infusion.

    `bags` in the order in which they are tried; `least` and `most` bound the concentration per mL in the
    bag (None where the source names a bag and no bounds); `step` is what the volume is measured to, in mL;
    `hours` is how long the bag keeps.
    """

    bags: tuple[Bag, ...]
    least: Amount | None
    most: Amount | None
    step: Decimal
    hours: int
    handling: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a product file: its reason, and the names of the facts that it gives.

    `source` is the source and the section; it is empty for an assumption, which has `because`,
    `otherwise` and `confirmed_by` instead, and for what nobody knows, which has `because`.
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
class Unfinished:
    """A product file that is in order, with facts that nobody knows yet: no volume comes of it."""

    key: str
    name: str
    edition: int
    standing: Standing
    required: tuple[str, ...]
    facts: tuple[Fact, ...]
    file: str
    digest: str
    site: bool = False

    @property
    def stated(self) -> str:
        return _stated(self)

    @property
    def refusal(self) -> str:
        """Why no volume is printed, and who can help."""
        missing = ", ".join(name.replace("_", " ") for name in self.required)
        return (
            f"The product file {self.file} still requires: {missing}. No source gives them, so no volume is "
            "printed. The pharmacy writes them into a file of its own, from the sponsor's pharmacy manual."
        )


@dataclass(frozen=True, slots=True)
class Product:
    """A product file that was read without a fault; `digest` is the SHA-256 of its bytes.

    `stock` is what one mL holds after one vial is dissolved in `solvent_volume` mL of `solvent` (0 and ''
    for a vial of solution). `concentration` is what counts for a dose: the one chosen for it, `stock` or one
    of `dilutions`. `beyond_use_hours` count from reconstitution; `syringes` are in rising capacity, and none
    for what is only infused.
    """

    key: str
    name: str
    edition: int
    standing: Standing
    approved_by: str
    vial: Amount
    multiple_dose: bool
    other_vials: tuple[Amount, ...]
    solvent_volume: Decimal
    solvent: str
    stock: Amount
    concentration: Amount
    dilutions: tuple[Amount, ...]
    uses: tuple[tuple[str, Amount], ...]
    diluent: str
    avoided: tuple[Avoided, ...]
    storage: str
    beyond_use_hours: int
    syringes: tuple[SyringeKind, ...]
    over_capacity: OverCapacity
    never: tuple[str, ...]
    infusing: Infusing | None
    facts: tuple[Fact, ...]
    file: str
    digest: str
    site: bool = False

    @property
    def stated(self) -> str:
        """Which file counted, as every output says it."""
        return _stated(self)

    @property
    def concentrations(self) -> tuple[Amount, ...]:
        """Every concentration per mL that may be made, the strongest first."""
        return (self.stock, *self.dilutions)

    def for_treatment(self, treatment: str) -> Product | None:
        """The product at the concentration that is chosen for a treatment; None where none is chosen."""
        chosen = dict(self.uses)
        concentration = chosen.get(treatment, chosen.get(EVERY_DOSE))
        return None if concentration is None else replace(self, concentration=concentration)

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


Products = Mapping[str, Product | Unfinished]
"""Product files by the name that treatments give them."""


def _stated(found: Product | Unfinished) -> str:
    whose = "the site's product file" if found.site else "product file"
    return f"{whose} {found.file}, edition {found.edition}, SHA-256 {found.digest[:12]}"
