"""What happens to vials and syringes, in the past tense, frozen: in the pharmacy's ledger, and with a patient.

The pharmacy's own events stand in the log under `LEDGER`, a name that no patient can have: the same chain, heads,
seals and backups as everything else. What a patient is handed, brings back or nearly gets stands in the patient's
record, with its amounts, so that a chart needs no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.quantities import Amount

LEDGER = "pharmacy/ledger"


@dataclass(frozen=True, slots=True)
class VialsReceived:
    """Vials came in: `strength` is what one holds, `expires` the last day on which it may be used."""

    happened_on: date
    product: str
    strength: Amount
    lot: str
    expires: date
    vials: int
    maker: str = ""


@dataclass(frozen=True, slots=True)
class VialsUsed:
    """How many vials of a lot went into a preparation."""

    lot: str
    vials: int


@dataclass(frozen=True, slots=True)
class FilledSyringe:
    """A syringe, or an infusion bag, made up for one dose of one patient.

    `item` is the dose's id on the schedule, `amount` what was ordered, `volume` what was drawn up, in mL; `lot` names
    every lot in it; `use_until` is the last moment in UTC, like 2026-01-07T15:00Z; `part` of `parts` where a dose is
    split.
    """

    number: str
    item: str
    amount: Amount
    volume: Decimal
    lot: str
    use_until: str
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class SyringesPrepared:
    """Vials were used up, and became syringes for a patient; `made_at` is the moment in UTC."""

    happened_on: date
    subject: str
    treatment: str
    product: str
    vials: tuple[VialsUsed, ...]
    made_at: str
    syringes: tuple[FilledSyringe, ...]


@dataclass(frozen=True, slots=True)
class SyringeChecked:
    """A second person worked out the volume, in mL, without seeing the first result."""

    happened_on: date
    number: str
    result: Decimal


@dataclass(frozen=True, slots=True)
class VialsDiscarded:
    """Vials that were not used for anybody: `how` is destroyed (on purpose) or wasted (broken, lost)."""

    happened_on: date
    product: str
    lot: str
    vials: int
    how: str


@dataclass(frozen=True, slots=True)
class SyringesDiscarded:
    """Syringes that nobody gets any more: destroyed or wasted. None ever goes back to stock."""

    happened_on: date
    numbers: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class ShelfCounted:
    """Somebody counted the vials on the shelf; `balance` is what the ledger said at that moment."""

    happened_on: date
    product: str
    counted: int
    balance: int


@dataclass(frozen=True, slots=True)
class SyringesIssued:
    """Syringes were handed to the patient, or to the ward for the patient."""

    happened_on: date
    syringes: tuple[FilledSyringe, ...]


@dataclass(frozen=True, slots=True)
class SyringesReturned:
    """Syringes came back unused; they are destroyed, and never go back to stock."""

    happened_on: date
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Somebody was about to give a syringe that must not be given; it was stopped. `why` are the reasons."""

    happened_on: date
    number: str
    why: tuple[str, ...]
