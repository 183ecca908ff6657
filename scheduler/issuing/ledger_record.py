"""The accountability record as paper: made from the ledger and from the records of the patients, by one function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.clinic.pharmacy import Pharmacy
from scheduler.engine.stock_lines import ledger_lines
from scheduler.engine.syringe_lines import syringe_lines
from scheduler.outputs.ledger_print import Strength, write_ledger
from scheduler.outputs.paper_words import places_of


def ledger_record(pharmacy: Pharmacy, products: Sequence[str], clinic: str) -> bytes:
    """The PDF for these products; `clinic` is its name, or ''."""
    lines = {name: ledger_lines(pharmacy.entries, name) for name in products}
    seal = f", seal {pharmacy.entries[-1].seal[:12]}" if pharmacy.entries else ""
    made_from = f"entry {pharmacy.last_number} of the ledger{seal}"
    return write_ledger(lines, pharmacy.stock, tuple(_strengths(pharmacy, set(products))), made_from, clinic)


def _strengths(pharmacy: Pharmacy, products: set[str]) -> Iterator[Strength]:
    """A record for each treatment of which something was made up; its name is the one that its protocol gives it."""
    prepared = pharmacy.stock.prepared
    subjects = sorted({each.subject for each in prepared.values()})
    entries = {subject: pharmacy.desk.log.entries(subject) for subject in subjects}
    first = {each.treatment: each for each in reversed(prepared.values())}
    for key, each in sorted(first.items()):
        if each.product in products:
            protocol = pharmacy.desk.chart(each.subject).protocol
            treatment, place = protocol.treatment(key), places_of(protocol)[key]
            lines = syringe_lines(pharmacy.entries, entries, prepared, key)
            yield Strength(treatment.name, treatment.mark, each.product, place, protocol.name, lines)
