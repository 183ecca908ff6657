"""The label of a syringe: everything that has to stand on it, in words, before anything is drawn.

After the labels of investigational drugs (21 CFR 312.6) and the standards for giving chemotherapy at
home (ASCO and ONS 2024): two identifiers, full name, dose and volume together, concentration, route,
when to give, when made, until when and how it keeps, lot, which of how many, whom to phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from scheduler.engine.measuring import REFUSE_ABOVE, compared
from scheduler.engine.syringes import Syringe
from scheduler.outputs.fitting import Words
from scheduler.outputs.paper_words import DRAFT, INVESTIGATIONAL, Whose, stored_moment
from scheduler.outputs.safe_words import in_words
from scheduler.problems import Refused
from scheduler.protocol.product_model import Product
from scheduler.quantities import EXACT, Amount
from scheduler.record.stock import FilledSyringe

BLANK, SHORT_BLANK = "_" * 16, "_" * 9


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label; `number` is the syringe's own, '' where it is not yet prepared.

    `place` is 0, 1, ... by the letter of the treatment: it decides the look. `counted` is 'syringe 1 of 6'.
    """

    heading: str
    mark: str
    place: int
    headline: str
    body: tuple[Words, ...]
    number: str
    source: str
    replaces: str
    subject: str
    dose: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A prepared syringe, and the moment in UTC at which it was made up."""

    syringe: FilledSyringe
    made_at: str


FilledByDose = Mapping[str, Sequence[Filled]]
"""Prepared syringes by the id of the dose they are for."""


def strengths(found: Sequence[Syringe]) -> list[list[Syringe]]:
    """The syringes of each treatment, by its letter: the place in this list decides how a strength looks."""

    def key(each: Syringe) -> tuple[str, str]:
        return each.item.slot.letter, each.item.slot.key

    return [list(group) for _, group in groupby(sorted(found, key=key), key)]


def labels_of(found: Sequence[Syringe], whose: Whose, filled: FilledByDose | None) -> list[Label]:
    """A label for every syringe that is drawn up; where `filled` (by the id of the dose) is given, for those only."""
    made: list[Label] = []
    for each in found:
        if filled is not None:
            made += [_label(each, whose, _prepared(one)) for one in filled.get(each.item.id, ())]
        elif each.draw.drawn is not None:
            parts = each.draw.drawn.parts
            made += [_label(each, whose, _Part(each.draw.drawn.volume, n, parts)) for n in range(1, parts + 1)]
    return made


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the syringes of a dose: mL in it, which of how many, and what the ledger knows of it."""

    volume: Decimal
    part: int
    parts: int
    filled: Filled | None = None


def _prepared(one: Filled) -> _Part:
    return _Part(one.syringe.volume, one.syringe.part, one.syringe.parts, one)


def _label(each: Syringe, whose: Whose, part: _Part) -> Label:
    slot, product = each.item.slot, each.product
    ordered = part.filled.syringe.amount if part.filled else each.item.amount
    if product is None or ordered is None:
        raise Refused(f"{each.item.id} of {whose.subject}: without a product and an amount there is no label.")
    content = _content(each, product, part, ordered, whose)
    return Label(
        heading=slot.name,
        mark=slot.mark,
        place=whose.places[slot.key],
        headline=f"{content.rounded()} in {Amount(part.volume, 'mL')}",
        body=tuple(_body(each, product, whose, (ordered, content), part)),
        number=part.filled.syringe.number if part.filled else "",
        source=whose.source,
        replaces=whose.replaces,
        subject=whose.subject,
        dose=each.item.id,
    )


def _content(each: Syringe, product: Product, part: _Part, ordered: Amount, whose: Whose) -> Amount:
    """What the syringe holds; Refused where concentration and volumes do not make the ordered dose."""
    content = product.concentration.times(part.volume).in_unit(ordered.unit)
    if content is None:
        raise Refused(f"{each.item.id} of {whose.subject}: the dose is in {ordered.unit}, the product is not.")
    whole = EXACT.multiply(content.value, part.parts)
    deviation = EXACT.divide(EXACT.multiply(100, EXACT.subtract(whole, ordered.value)), ordered.value)
    if abs(deviation) > REFUSE_ABOVE:
        raise Refused(
            f"{each.item.id} of {whose.subject}: {Amount(part.volume, 'mL')} at {product.concentration} per mL hold "
            f"{compared(deviation)}. No label is printed; compare the product file with what was drawn up."
        )
    return content


def _body(
    each: Syringe, product: Product, whose: Whose, amounts: tuple[Amount, Amount], part: _Part
) -> Iterable[Words]:
    item, slot = each.item, each.item.slot
    ordered, content = amounts
    filled = part.filled
    if not whose.approved or product.standing == "draft":
        yield Words(f"{DRAFT}.", bold=True)
    yield Words(f"For {slot.route} use only.", bold=True, joins=True)
    differs = f"; dose ordered {ordered.rounded()}" if ordered.rounded() != content.rounded() else ""
    yield Words(f"{product.concentration} per mL{differs}.", joins=True)
    yield Words(f"{whose.patient}.", bold=True, joins=True)
    at = f" at {slot.time}" if slot.time else ""
    where = "Inject at home" if slot.given_by == "patient" else "To be given in the clinic"
    yield Words(f"{where} on {in_words(item.date)}{at}: cycle {item.cycle}, day {slot.day}.", bold=True, joins=True)
    yield Words(f"{_counted(each, part)}; trial {whose.protocol}.", joins=True)
    yield from made_lines(filled, whose, product.beyond_use_hours)
    yield Words(product.storage, joins=True)
    yield from last_lines(whose)


def made_lines(filled: Filled | None, whose: Whose, keeps: int) -> Iterable[Words]:
    """Until when, from when, of which lot; or room to write all three, with how many hours it keeps."""
    if filled is None:
        yield Words(f"Do not use after {BLANK} (date, time, zone),", bold=True)
        yield Words(f"that is {keeps} hours after preparing, {BLANK}; lot {SHORT_BLANK}.", joins=True)
        return
    yield Words(f"Do not use after {whose.moment(stored_moment(filled.syringe.use_until))}.", bold=True)
    made = whose.moment(stored_moment(filled.made_at), zone=False)
    yield Words(f"Prepared {made}; lot {filled.syringe.lot}.", joins=True)


def last_lines(whose: Whose) -> Iterable[Words]:
    """Whom to ask, and what the law wants on an investigational drug."""
    yield Words(f"{whose.contact}.", joins=True)
    yield Words(INVESTIGATIONAL, joins=True)


def _counted(each: Syringe, part: _Part) -> str:
    if part.parts > 1:
        return f"Part {part.part} of {part.parts} of this dose: all parts make the dose, each at its own site"
    of = "" if each.of else "at least "
    return f"Syringe {each.number} of {of}{each.counted}" if each.number else "Syringe of this day"
