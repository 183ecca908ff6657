"""The label of an infusion bag: as that of a syringe, with what hangs in the end, and over how long it runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scheduler.engine.infusions import Infusion
from scheduler.engine.schedule import Item
from scheduler.outputs.fitting import Words
from scheduler.outputs.labels import Filled, FilledByDose, Label, last_lines, made_lines
from scheduler.outputs.paper_words import DRAFT, Whose
from scheduler.outputs.safe_words import in_words
from scheduler.problems import Refused
from scheduler.protocol.product_model import Product
from scheduler.quantities import Amount


def bag_labels_of(found: Sequence[Infusion], whose: Whose, filled: FilledByDose | None) -> list[Label]:
    """A label for every bag that can be made; where `filled` (by the id of the dose) is given, for those only."""
    made: list[Label] = []
    for each in found:
        if filled is not None:
            made += [_label(each, whose, one) for one in filled.get(each.item.id, ())]
        elif each.volume is not None:
            made.append(_label(each, whose, None))
    return made


def _label(each: Infusion, whose: Whose, filled: Filled | None) -> Label:
    slot, bag = each.item.slot, each.bag
    if each.content is None or bag is None or each.volume is None or each.product is None:
        raise Refused(f"{each.item.id} of {whose.subject}: without a product and a volume there is no label.")
    if filled is not None and filled.syringe.volume != each.volume:
        raise Refused(
            f"{each.item.id} of {whose.subject}: {Amount(filled.syringe.volume, 'mL')} were drawn up, and "
            f"{Amount(each.volume, 'mL')} make the dose. No label is printed; find out which is right."
        )
    return Label(
        heading=slot.name,
        mark=slot.mark,
        place=whose.places[slot.key],
        headline=f"{each.content.rounded()} in {Amount(bag.total(each.volume), 'mL')}",
        body=tuple(_body(each, each.product, whose, filled)),
        number=filled.syringe.number if filled else "",
        source=whose.source,
        replaces=whose.replaces,
        subject=whose.subject,
        dose=each.item.id,
    )


def _body(each: Infusion, product: Product, whose: Whose, filled: Filled | None) -> Iterable[Words]:
    item = each.item
    if not whose.approved or product.standing == "draft":
        yield Words(f"{DRAFT}.", bold=True)
    over = f", over {item.over_minutes} minutes" if item.over_minutes else ""
    yield Words(f"For {item.slot.route} use only{over}.", bold=True, joins=True)
    yield Words(f"{_mixed(each, product)}.", joins=True)
    yield Words(f"{whose.patient}.", bold=True, joins=True)
    where = f"To be given in the clinic on {in_words(item.date)}"
    yield Words(f"{where}: cycle {item.cycle}, day {item.slot.day}.", bold=True, joins=True)
    yield Words(f"Trial {whose.protocol}{_ordered(item, each)}.", joins=True)
    infusing = product.infusing
    yield from made_lines(filled, whose, infusing.hours if infusing else 0)
    yield Words(" ".join(infusing.handling if infusing else ()), joins=True)
    yield from last_lines(whose)


def _mixed(each: Infusion, product: Product) -> str:
    """'5.7 mL at 21 mg per mL in 250 mL 0.9 % sodium chloride; 0.4681 mg per mL in the bag'."""
    bag, volume = each.bag, each.volume
    if bag is None or volume is None or each.final is None:
        return ""
    taken = ", the same volume taken out first" if bag.takes_out else ""
    drawn = f"{Amount(volume, 'mL')} at {product.stock} per mL"
    return f"{drawn} in {Amount(bag.volume, 'mL')} {bag.fluid}{taken}; {each.final.rounded()} per mL in the bag"


def _ordered(item: Item, each: Infusion) -> str:
    if item.amount is None or each.content is None or item.amount.rounded() == each.content.rounded():
        return ""
    return f"; dose ordered {item.amount.rounded()}"
