"""Sentences about what is drawn up: a syringe, an infusion, a product file. The same on screen and on paper."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from scheduler.engine.infusions import Infusion, vials_for
from scheduler.engine.measuring import Measured, compared
from scheduler.engine.syringes import Syringe
from scheduler.protocol.product_model import Bag, Product, Unfinished
from scheduler.quantities import EXACT, Amount, plain, shown_number

_NUMBERS = {2: "two", 3: "three", 4: "four"}


def volume_words(drawn: Measured) -> str:
    """'0.1 mL in the 1 mL syringe', 'two syringes of 0.56 mL each, at two sites'; with an overfill to which mark."""
    volume = Amount(drawn.volume, "mL")
    if drawn.parts > 1:
        many = _NUMBERS[drawn.parts]
        said = f"{many} {plain(drawn.kind.capacity)} mL syringes of {volume} each, at {many} sites"
    else:
        said = f"{volume} in the {drawn.kind.name}"
    if not drawn.kind.overfill:
        return said
    return (
        f"{said}, filled to {Amount(drawn.fill, 'mL')} because the hub keeps back {Amount(drawn.kind.overfill, 'mL')}"
    )


def syringe_words(each: Syringe) -> str:
    """What is ordered, drawn up, and then held; or why nothing is drawn up."""
    drawn, content, amount = each.draw.drawn, each.content, each.item.amount
    if drawn is None or content is None or amount is None:
        return f"NOT TO BE DRAWN UP: {each.draw.refusal}"
    off = compared(drawn.deviation)
    warning = f" WARNING: {each.warning}" if each.warning else ""
    holds = "hold" if drawn.parts > 1 else "holds"
    per_ml = f"at {each.product.concentration} per mL" if each.product else ""
    return f"{amount.rounded()} ordered: {volume_words(drawn)}, {per_ml}, {holds} {content.rounded()}, {off}.{warning}"


def infusion_words(each: Infusion) -> str:
    """Volume, vials, bag, concentration in the bag, what is left over; or why there is no volume."""
    volume, product, bag = each.volume, each.product, each.bag
    if volume is None or product is None or bag is None or each.content is None or each.final is None:
        return f"NO VOLUME: {each.refusal}"
    warning = f" WARNING: {each.warning}" if each.warning else ""
    vials = f"{each.vials} vial{'' if each.vials == 1 else 's'} of {product.vial}"
    between = f" (allowed {each.range[0]} to {each.range[1]})" if each.range else ""
    return (
        f"{_ordered(each)}: withdraw {Amount(volume, 'mL')} from {vials} ({compared(each.deviation)}).{warning} "
        f"Bag: {bag_words(bag)}; then {short(each.final)} per mL{between}. {_left_over(each, product)}"
    )


def _ordered(each: Infusion) -> str:
    return f"{each.item.amount.rounded()} ordered" if each.item.amount else "no amount"


def bag_words(bag: Bag) -> str:
    how = "after taking the same volume out" if bag.takes_out else "added to the full bag"
    return f"{shown_number(bag.volume)} mL {bag.fluid}, {how}"


def _left_over(each: Infusion, product: Product) -> str:
    if each.left_over is None or not each.left_over.value:
        return "Nothing is left over."
    kept = f"it keeps {keeps_words(product)}" if product.multiple_dose else "it is thrown away: a single-dose vial"
    return f"{each.left_over.rounded()} left over; {kept}.{_other_sizes(each, product)}"


def _other_sizes(each: Infusion, product: Product) -> str:
    if each.content is None or not product.other_vials:
        return ""
    counts = [(vials_for(each.content, vial), vial) for vial in product.other_vials]
    sizes = " or ".join(f"{count} vial{'' if count == 1 else 's'} of {vial}" for count, vial in counts)
    return f" In other sizes: {sizes}."


def keeps_words(product: Product) -> str:
    """'48 hours', '28 days'."""
    hours = product.beyond_use_hours
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 48 else f"{hours} hours"


def short(amount: Amount) -> Amount:
    """A concentration as it is compared with its range: three decimals."""
    rounded = amount.value.quantize(Decimal("0.001"), ROUND_HALF_UP, EXACT)
    return Amount(rounded, amount.unit)


def _how_diluted(product: Product) -> str:
    """For each concentration in use that is not the vial's own: what goes to 1 mL of its solution."""
    weaker = dict.fromkeys(each for _, each in product.uses if each != product.stock)
    return "".join(f" {each} per mL: {dilution_words(product, each)}." for each in weaker)


def dilution_words(product: Product, concentration: Amount) -> str:
    """'to 1 mL of the solution 2 mL 5 % dextrose': exact where three decimals are."""
    same = concentration.in_unit(product.stock.unit)
    if same is None:
        return f"diluted with {product.diluent}"
    added = EXACT.subtract(EXACT.divide(product.stock.value, same.value), 1)
    shown = added.quantize(Decimal("0.001"), ROUND_HALF_UP, EXACT)
    return f"to 1 mL of the solution {Amount(shown, 'mL')} {product.diluent}"


def product_lines(product: Product | Unfinished) -> list[str]:
    """Which file counted, and what it says of the vial, of the concentrations and of the time."""
    draft = "DRAFT, " if product.standing == "draft" else ""
    if isinstance(product, Unfinished):
        return [f"{product.name}: {draft}{product.stated}. {product.refusal}"]
    dissolved = f" with {plain(product.solvent_volume)} mL {product.solvent}" if product.solvent else ""
    dilutions = ""
    if product.dilutions:
        named = ", ".join(f"{each} per mL for {treatment or 'every dose'}" for treatment, each in product.uses)
        dilutions = f" In use: {named} ({product.behind('use').standing}).{_how_diluted(product)}"
    words = (
        f"{product.name}: {draft}{product.stated}. A vial of {product.vial}{dissolved} gives {product.stock} per mL "
        f"({product.behind('concentration').standing}).{dilutions} It keeps {keeps_words(product)} "
        f"({product.behind('beyond_use').standing})."
    )
    return [words]
