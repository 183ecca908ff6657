"""Entries about vials and shelves: received, counted, destroyed, wasted, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from scheduler.clinic import finding
from scheduler.clinic.pharmacy import LedgerDraft, Pharmacy, difference
from scheduler.clinic.words import count, day
from scheduler.problems import Misread, Refused
from scheduler.protocol.product_model import Product
from scheduler.protocol.wording import did_you_mean, listed, quoted
from scheduler.quantities import Amount, read_amount
from scheduler.record.events import Event, EventCorrected
from scheduler.record.stock import (
    ShelfCounted,
    SyringesDiscarded,
    SyringesPrepared,
    VialsDiscarded,
    VialsReceived,
    VialsUsed,
)
from scheduler.record.syringe_numbers import printed

MOST_VIALS = 10_000
SHORT_DATED = 30
"""Days; vials that expire sooner are told when they come in."""


def lot_name(text: str) -> str:
    """A lot as it stands on the vial."""
    lot = finding.clean_text(text, "lot", 60)
    if not lot:
        raise Refused("A lot has no name. Give it as it stands on the vial.")
    return lot


def receive(
    pharmacy: Pharmacy,
    products: Mapping[str, Product],
    name: str,
    delivery: tuple[str, date, int],
    on: date,
    by: str,
    *,
    strength: str | None = None,
    maker: str = "",
) -> LedgerDraft:
    """Vials came in: `delivery` is lot, last day of use, number. Refused where they have expired."""
    lot, expires, vials = delivery
    _check_vials(vials)
    if expires < on:
        raise Refused(f"Lot {lot} was to be used by {day(expires)}. Expired vials are not taken in; send them back.")
    event = VialsReceived(
        happened_on=on,
        product=name,
        strength=_strength(pharmacy, products, name, strength),
        lot=lot_name(lot),
        expires=expires,
        vials=vials,
        maker=finding.clean_text(maker, "maker's name", 100),
    )
    left = (expires - on).days
    flags = [f"Lot {event.lot} expires in {count(left, 'day')}, on {day(expires)}."] if left < SHORT_DATED else []
    return pharmacy.draft((event,), by, flags)


def _check_vials(vials: int) -> None:
    if not 1 <= vials <= MOST_VIALS:
        raise Refused(f"{vials:,} is not a number of vials. Give 1 to {MOST_VIALS:,}.")


def _strength(pharmacy: Pharmacy, products: Mapping[str, Product], name: str, said: str | None) -> Amount:
    """What a vial holds: by the product file, by the ledger, or as it was said for what neither knows."""
    known = [lot.strength for lot in pharmacy.stock.of(name)]
    product = products.get(name)
    found = known[0] if known else product.vial if product is not None else None
    if said is None:
        if found is None:
            near = did_you_mean(name, (*products, *pharmacy.stock.products))
            raise Refused(
                f"No finished product file {quoted(name)} is here, so the vial is not known.{near}"
                f" Name {listed(list(products)) or 'one'}, or say what a vial holds: --strength '22 million units'."
            )
        return found
    if product is None and not finding.SUBJECT.fullmatch(name):
        raise Refused(f"{quoted(name)} is no name of a product. Use letters, digits and hyphens, like interleukin-12.")
    try:
        strength = read_amount(said.strip())
    except Misread as misread:
        raise Refused(f"{misread} {misread.mend}") from None
    if found is not None and strength != found:
        raise Refused(f"A vial of {name} holds {found} here, and not {strength}. Look at the vial.")
    return strength


def product_of(pharmacy: Pharmacy, name: str) -> str:
    """A product that the ledger has; Refused with those that it has otherwise."""
    there = pharmacy.stock.products
    if name not in there:
        have = f" It has {listed(there, 'and')}." if there else " Nothing was received yet: c1d1 ledger receive."
        raise Refused(f"The ledger has no {quoted(name)}.{did_you_mean(name, there)}{have}")
    return name


def discard_vials(pharmacy: Pharmacy, what: tuple[str, str, int], how: str, on: date, by: str) -> LedgerDraft:
    """Vials that nobody gets: `what` is product, lot, number."""
    name, lot, vials = what
    _check_vials(vials)
    return pharmacy.draft((VialsDiscarded(on, product_of(pharmacy, name), lot_name(lot), vials, how),), by)


def discard_syringes(pharmacy: Pharmacy, typed: Sequence[str], how: str, on: date, by: str) -> LedgerDraft:
    """Syringes that nobody gets: never handed out, or brought back. One that is out comes back first."""
    found = [pharmacy.find(text) for text in typed]
    numbers = tuple(dict.fromkeys(each.syringe.number for each in found))
    unchanged: dict[str, int] = {}
    for each in found:
        place = pharmacy.place(each)
        if place in ("out", "used"):
            words = "is out with the patient; record it as brought back first" if place == "out" else "was given"
            mend = f": c1d1 ledger return {each.subject} {each.syringe.number}" if place == "out" else ""
            raise Refused(f"Syringe {printed(each.syringe.number)} {words}{mend}.")
        unchanged[each.subject] = pharmacy.history(each.subject)[1]
    return pharmacy.draft((SyringesDiscarded(on, numbers, how),), by, unchanged=tuple(unchanged.items()))


def counted(pharmacy: Pharmacy, shelf: Iterable[tuple[str, int]], on: date, by: str) -> LedgerDraft:
    """What somebody counted on the shelf, beside what the ledger says; a person settles the difference."""
    events, flags = [], []
    for name, number in shelf:
        if not 0 <= number <= MOST_VIALS:
            raise Refused(f"{number:,} is not a number of vials. Give 0 to {MOST_VIALS:,}.")
        balance = pharmacy.stock.balance(product_of(pharmacy, name))
        events.append(ShelfCounted(on, name, number, balance))
        if number != balance:
            flags.append(difference(name, number, balance))
    return pharmacy.draft(events, by, flags)


def corrected(pharmacy: Pharmacy, number: int, said: Mapping[str, object], on: date, by: str) -> LedgerDraft:
    """An entry with other values (`lot`, `expires`, `vials`, `maker`, those that are given); empty: it is withdrawn."""
    wrong = pharmacy.correctable(number)
    replacement = _replaced(wrong, {key: value for key, value in said.items() if value is not None}) if said else None
    unchanged: tuple[tuple[str, int], ...] = ()
    if isinstance(wrong, SyringesPrepared) and replacement is None:
        mine = pharmacy.of_patient(wrong.subject)
        for each in wrong.syringes:
            if mine[each.number][1] != "pharmacy" or mine[each.number][0].checks:
                state = "was checked" if mine[each.number][1] == "pharmacy" else "left the pharmacy"
                raise Refused(f"Syringe {printed(each.number)} {state}. Waste it instead, with the reason.")
        unchanged = ((wrong.subject, pharmacy.history(wrong.subject)[1]),)
    return pharmacy.draft((EventCorrected(on, number, replacement),), by, unchanged=unchanged)


def _replaced(wrong: Event, said: Mapping[str, object]) -> Event:
    known: tuple[str, ...] = ()
    match wrong:
        case VialsReceived():
            known = ("lot", "expires", "vials", "maker")
        case VialsDiscarded():
            known = ("lot", "vials")
        case SyringesPrepared() if len(wrong.vials) == 1:
            known = ("lot", "vials")
    if not said.keys() <= set(known) or not said:
        can = f"only its {listed(known, 'and')}" if known else "nothing of it"
        raise Refused(f"Of this entry {can} can be corrected. Withdraw it (--withdraw), and record it anew.")
    if isinstance(wrong, SyringesPrepared):
        used = replace(wrong.vials[0], **said)  # type: ignore[arg-type]
        lots = tuple(replace(each, lot=used.lot) for each in wrong.syringes)
        return replace(wrong, vials=(VialsUsed(used.lot, used.vials),), syringes=lots)
    return replace(wrong, **said)  # type: ignore[arg-type]
