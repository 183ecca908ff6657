"""The pharmacy's ledger: from its entries to lots, balances, and the syringes that were made of them. Pure.

One product is one agent in one strength, so each has a ledger of its own. What cannot be (a lot that nobody
received, more vials out than in, a number twice) is a fault; nothing that would be one is ever recorded, and
`ledger verify` tells the ones that came in otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from scheduler.quantities import Amount
from scheduler.record.events import Event
from scheduler.record.history import counting
from scheduler.record.recorded import Recorded
from scheduler.record.stock import (
    FilledSyringe,
    ShelfCounted,
    SyringeChecked,
    SyringesDiscarded,
    SyringesPrepared,
    VialsDiscarded,
    VialsReceived,
)
from scheduler.record.syringe_numbers import printed

DESTROYED, WASTED = "destroyed", "wasted"


@dataclass(frozen=True, slots=True)
class Lot:
    """Vials of one lot: what came in, what went into syringes, what was destroyed or wasted."""

    product: str
    lot: str
    strength: Amount
    expires: date
    maker: str
    received: int = 0
    used: int = 0
    discarded: int = 0

    @property
    def balance(self) -> int:
        return self.received - self.used - self.discarded


class Check(NamedTuple):
    """A second person's own result, compared with what was drawn up."""

    by: str
    agrees: bool
    entry: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A syringe as the ledger knows it; `gone` is destroyed or wasted, else ''."""

    syringe: FilledSyringe
    subject: str
    treatment: str
    product: str
    made_at: str
    by: str
    entry: int
    lots: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    gone: str = ""

    @property
    def checked(self) -> bool | None:
        """Whether the last check agrees; None before the first."""
        return self.checks[-1].agrees if self.checks else None

    @property
    def use_until(self) -> datetime:
        return moment(self.syringe.use_until)


class Fault(NamedTuple):
    """What cannot be, in which entry, and how to mend it."""

    entry: int
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Stock:
    """All of the ledger; made by `stock_of`. Lots are by product and lot, counts by product, the latest of each."""

    lots: dict[tuple[str, str], Lot] = field(default_factory=dict)
    prepared: dict[str, Prepared] = field(default_factory=dict)
    counts: dict[str, tuple[int, ShelfCounted]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def balance(self, product: str) -> int:
        """The vials that should stand on the shelf."""
        return sum(lot.balance for lot in self.lots.values() if lot.product == product)

    @property
    def products(self) -> tuple[str, ...]:
        return tuple(sorted({lot.product for lot in self.lots.values()}))

    def of(self, product: str) -> tuple[Lot, ...]:
        """The lots of a product, the first to expire first."""
        return tuple(sorted((x for x in self.lots.values() if x.product == product), key=lambda x: (x.expires, x.lot)))


def moment(text: str) -> datetime:
    """A moment as events keep it, '2026-01-07T15:00Z'."""
    return datetime.fromisoformat(text)


def contents(syringe: FilledSyringe) -> str:
    """'1.791 million units, 0.1 mL'; of a part it says so, for the amount is that of the whole dose."""
    part = f"part {syringe.part} of {syringe.parts} of a dose of " if syringe.parts > 1 else ""
    return f"{part}{syringe.amount.rounded()}, {Amount(syringe.volume, 'mL')}"


def same_person(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def stock_of(entries: Sequence[Recorded]) -> Stock:
    """What the ledger says, corrections applied."""
    fold = _Fold({entry.number: entry.recorded_by for entry in entries})
    for number, event in counting(entries):
        fold.take(number, event)
    return Stock(fold.lots, fold.prepared, fold.counts, tuple(fold.faults))


class _Fold:
    def __init__(self, by: dict[int, str]) -> None:
        self._by = by
        self.lots: dict[tuple[str, str], Lot] = {}
        self.prepared: dict[str, Prepared] = {}
        self.counts: dict[str, tuple[int, ShelfCounted]] = {}
        self.faults: list[Fault] = []

    def take(self, number: int, event: Event) -> None:
        match event:
            case VialsReceived():
                self._receive(number, event)
            case SyringesPrepared():
                self._prepare(number, event)
            case VialsDiscarded():
                self._out(number, (event.product, event.lot), event.vials)
                self._change((event.product, event.lot), discarded=event.vials)
            case SyringesDiscarded():
                self._discard(number, event)
            case SyringeChecked():
                self._check(number, event)
            case ShelfCounted():
                self.counts[event.product] = (number, event)
            case _:
                self._fault(number, "An entry of another kind stands in the ledger.", "Run c1d1 log verify.")

    def _receive(self, number: int, event: VialsReceived) -> None:
        key = event.product, event.lot
        known = self.lots.get(key)
        if event.vials < 1:
            self._fault(number, f"{event.vials} vials cannot come in.", "Give the number of vials that came.")
        if known is not None and known.expires != event.expires:
            what = f"Lot {event.lot} of {event.product} is in the ledger as to be used by {known.expires}."
            self._fault(number, what, "Look at the vials; one lot has one expiry date.")
        strengths = {lot.strength for lot in self.lots.values() if lot.product == event.product}
        if strengths - {event.strength}:
            other = ", ".join(map(str, strengths - {event.strength}))
            what = f"The ledger of {event.product} counts vials of {other}, and these hold {event.strength}."
            self._fault(number, what, "Another strength takes a product file, and a ledger, of its own.")
        self.lots.setdefault(key, Lot(event.product, event.lot, event.strength, event.expires, event.maker))
        self._change(key, received=event.vials)

    def _prepare(self, number: int, event: SyringesPrepared) -> None:
        for used in event.vials:
            key = event.product, used.lot
            self._out(number, key, used.vials, least=0)
            lot = self.lots.get(key)
            if lot is not None and event.happened_on > lot.expires:
                what = f"Lot {lot.lot} of {lot.product} was to be used by {lot.expires}."
                self._fault(number, what, "Nothing is made from an expired lot; destroy it, and take another.")
            self._change(key, used=used.vials)
        if not event.vials or not event.syringes:
            self._fault(number, "A preparation takes vials and makes syringes.", "Name both.")
        for syringe in event.syringes:
            if syringe.number in self.prepared:
                self._fault(number, f"Syringe {printed(syringe.number)} exists already.", "Prepare it under another.")
                continue
            lots = tuple(used.lot for used in event.vials)
            whose = (event.subject, event.treatment, event.product, event.made_at)
            self.prepared[syringe.number] = Prepared(syringe, *whose, self._by[number], number, lots)

    def _check(self, number: int, event: SyringeChecked) -> None:
        known = self._known(number, event.number)
        if known is None:
            return
        if same_person(known.by, self._by[number]):
            what = f"{known.by} prepared syringe {printed(event.number)}, and cannot be the second person as well."
            self._fault(number, what, "Somebody else checks it.")
        check = Check(self._by[number], event.result == known.syringe.volume, number)
        self.prepared[event.number] = replace(known, checks=(*known.checks, check))

    def _discard(self, number: int, event: SyringesDiscarded) -> None:
        for each in dict.fromkeys(event.numbers):
            known = self._known(number, each)
            if known is not None:
                self.prepared[each] = replace(known, gone=event.how)

    def _known(self, number: int, syringe: str) -> Prepared | None:
        known = self.prepared.get(syringe)
        if known is None:
            self._fault(number, f"No syringe {printed(syringe)} was prepared.", "Read the number from the label.")
        elif known.gone:
            self._fault(number, f"Syringe {printed(syringe)} is {known.gone} already.", "Look at the ledger.")
        return known

    def _out(self, number: int, key: tuple[str, str], vials: int, least: int = 1) -> None:
        """Vials leave: they have to be there. A preparation out of a vial that is open already takes none."""
        product, lot = key
        known = self.lots.get(key)
        if vials < least:
            self._fault(number, f"{vials} vials cannot be taken out.", "Give the number of vials.")
        if known is None:
            self._fault(number, f"Lot {lot} of {product} was never received.", "Read the lot from the vial.")
        elif known.balance < vials:
            there = "1 vial" if known.balance == 1 else f"{known.balance:,} vials"
            what = f"By the ledger {there} of lot {lot} of {product} {'is' if known.balance == 1 else 'are'} left."
            mend = f"{vials:,} cannot be taken out; count the shelf: c1d1 ledger verify --count {product}=N"
            self._fault(number, what, f"{mend}, and record or correct what is missing.")

    def _change(self, key: tuple[str, str], *, received: int = 0, used: int = 0, discarded: int = 0) -> None:
        known = self.lots.get(key)
        if known is not None:
            self.lots[key] = replace(
                known,
                received=known.received + received,
                used=known.used + used,
                discarded=known.discarded + discarded,
            )

    def _fault(self, number: int, what: str, mend: str) -> None:
        self.faults.append(Fault(number, what, mend))
