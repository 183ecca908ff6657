"""Every concentration, syringe and splitting for the doses of a patient, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.engine.comparing import Option, options
from scheduler.engine.measuring import compared
from scheduler.engine.syringes import Syringe
from scheduler.outputs.drawing_words import product_lines
from scheduler.outputs.lines import clean, day, joined, sign, wrapped
from scheduler.protocol.product_model import Product
from scheduler.quantities import Amount

HEADS = ("Per mL", "In", "Volume", "Against the dose", "Verdict")


def distinct(found: Sequence[Syringe]) -> list[Syringe]:
    """The first syringe of every treatment and amount that a product file is known for."""
    first: dict[tuple[str, Amount], Syringe] = {}
    for each in found:
        if each.product is not None and each.item.amount is not None:
            first.setdefault((each.item.slot.key, each.item.amount), each)
    return list(first.values())


def comparison_text(subject: str, found: Sequence[Syringe], made_from: str) -> str:
    """A table for each dose that differs; what is never used, and which file says so."""
    lines = [f"Ways to draw up the doses of {subject}; made from {made_from}"]
    chosen = distinct(found)
    for product in {each.product.file: each.product for each in chosen if each.product}.values():
        lines += [line for words in product_lines(product) for line in wrapped(clean(words), "  ", "    ")]
    for each in chosen:
        if each.product is not None and each.item.amount is not None:
            lines += ["", *_dose(each, each.item.amount, each.product)]
    refused = {each.item.slot.name: each.draw.refusal for each in found if each.product is None}
    for name, why in refused.items():
        lines += ["", *wrapped(clean(f"{name}: {why}"))]
    return joined(lines)


def _dose(each: Syringe, amount: Amount, product: Product) -> Iterator[str]:
    slot = each.item.slot
    title = f"{sign(slot.mark, slot.letter)} {slot.name}, {amount.rounded()}, from {day(each.item.date)} on"
    yield from wrapped(clean(title))
    rows = [HEADS, *(_row(option) for option in options(amount, product))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS) - 1)]
    for *cells, verdict in rows:
        left = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"  {left}  {verdict}"
    for band in product.avoided:
        yield from wrapped(clean(f"never made: {band.least.value} to {band.most} per mL. {band.because}"), "  ", "    ")
    for what in product.never:
        yield f"  never used: {clean(what)}"


def _row(option: Option) -> tuple[str, str, str, str, str]:
    each = option.measured
    parts = f"{each.parts} of " if each.parts > 1 else ""
    volume = Amount(each.volume, "mL")
    shown = f"{volume} each" if each.parts > 1 else str(volume)
    if option.verdict in ("refused", "impossible"):
        shown = "no volume"
    why = f": {option.why}" if option.why else ""
    return (
        str(option.concentration),
        f"{parts}{each.kind.name}",
        shown,
        compared(each.deviation).removesuffix(" than the dose").removesuffix(" to the dose"),
        f"{option.verdict}{why}",
    )
