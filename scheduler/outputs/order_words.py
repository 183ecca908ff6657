"""The vial order of some days, as text and as PDF: per product, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from scheduler.engine.ordering import ASSUMED, Order, Orders
from scheduler.outputs.drawing_words import product_lines
from scheduler.outputs.lines import clean, day, joined, titled, wrapped
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Look, Part, Section, gap, table, text, write
from scheduler.outputs.safe_words import in_words, without_slash
from scheduler.protocol.product_model import Product

TITLE = "Vial order"
HEADS = ("Product", "Vial", "Doses", "Vials needed", "If nothing were left over", "On the shelf", "Short by")


def order_text(found: Orders, days: tuple[date, date], shelf: Mapping[str, int], made_from: str) -> str:
    """`shelf` is the ledger's balance by product; a product that the ledger does not know is not in it."""
    lines = [f"{TITLE} for what is prepared from {day(days[0])} to {day(days[1])}", f"  made from {made_from}"]
    for order in found.products:
        lines += ["", *wrapped(clean(f"{order.product.name}: {_needed(order, shelf)}"))]
        for need in order.needs:
            took = f"{_doses(need.doses)}, {need.content.rounded()}: {_vials(need.vials)}"
            lines.append(f"  {day(need.on)}  {clean(need.subject)}  {took}")
    lines += titled("Not in this order", _left_out(found))
    lines += titled("Assumed", (line for words in ASSUMED for line in wrapped(words, "  ", "  ")))
    files = [words for each in found.used for words in product_lines(each)]
    lines += titled("Product files", (line for words in files for line in wrapped(clean(words), "  ", "    ")))
    if not found.products:
        lines += ["", "No vial is needed on these days."]
    return joined(lines)


def _needed(order: Order, shelf: Mapping[str, int]) -> str:
    product = order.product
    said = f"{_vials(order.vials)} of {product.vial}"
    if product.key in shelf:
        there = shelf[product.key]
        short = max(0, order.vials - there)
        said += f"; {there:,} on the shelf by the ledger, {f'short by {short:,}' if short else 'enough'}"
    if order.shared < order.vials:
        said += f" ({_vials(order.shared)} if nothing were left over)"
    return said


def _vials(count: int) -> str:
    return f"{count:,} vial{'' if count == 1 else 's'}"


def _doses(count: int) -> str:
    return f"{count:,} dose{'' if count == 1 else 's'}"


def _left_out(found: Orders) -> Iterator[str]:
    for drug, count in found.unknown.items():
        yield f"  {clean(drug)}: {_doses(count)}. No vial is known, so no number of vials."
    for what, count in found.not_counted.items():
        yield f"  {clean(what)}: {_doses(count)}"


def write_order(found: Orders, days: tuple[date, date], shelf: Mapping[str, int], made_from: str) -> bytes:
    """The order as PDF, A4 across."""
    heading = f"{TITLE}: prepared from {in_words(days[0])} to {in_words(days[1])}"
    draft = any(each.standing == "draft" for each in found.used)
    story: list[Part] = [gap(3), _table(found, shelf), gap(4)]
    if left := list(_left_out(found)):
        story += [text("Not in this order", "heading"), *(text(line) for line in left), gap(3)]
    story += [text("By patient and day", "heading"), gap(1), _needs(found), gap(3)]
    story += [text("Assumed", "heading"), *(text(words) for words in ASSUMED), gap(3)]
    story += [text(without_slash(words), "small") for each in found.used for words in product_lines(each)]
    cells: list[Cell] = [[text(name, "small"), gap(8)] for name in ("Ordered by", "Signature", "Date and time")]
    story += [gap(4), table([cells], (100, 100, WIDTH_MM - 200), Grid(box=True, columns=True))]
    head: tuple[Part, ...] = (text(heading, "title"),)
    if draft:
        head = (*head, text("DRAFT: a product file in use is not approved.", "strong"))
    return write(
        TITLE, [Section(head, tuple(story))], f"Made by c1d1 from {made_from}. A pharmacist confirms the order."
    )


def _table(found: Orders, shelf: Mapping[str, int]) -> Part:
    rows: list[list[Cell]] = [[text(head, "strong") for head in HEADS]]
    rows += [[text(*pair) for pair in zip(_cells(order, shelf), _LOOKS, strict=True)] for order in found.products]
    return table(rows, (55, 50, 25, 35, 45, 33, WIDTH_MM - 243), Grid(head=1, columns=True))


_LOOKS: tuple[Look, ...] = ("strong", "body", "body", "large", "body", "body", "large")


def _cells(order: Order, shelf: Mapping[str, int]) -> tuple[str, ...]:
    product: Product = order.product
    there = shelf.get(product.key)
    return (
        product.name,
        str(product.vial),
        str(sum(need.doses for need in order.needs)),
        f"{order.vials:,}",
        f"{order.shared:,}",
        "not in the ledger" if there is None else f"{there:,}",
        "" if there is None else f"{max(0, order.vials - there):,}",
    )


def _needs(found: Orders) -> Part:
    heads = ("Day", "Patient", "Product", "Doses", "Drug in all", "Vials")
    rows: list[list[Cell]] = [[text(head, "strong") for head in heads]]
    for order in found.products:
        for need in order.needs:
            cells = (
                in_words(need.on),
                need.subject,
                need.product.name,
                str(need.doses),
                str(need.content.rounded()),
                str(need.vials),
            )
            rows.append([text(cell) for cell in cells])
    return table(rows, (50, 55, 55, 25, 55, WIDTH_MM - 240), Grid(head=1, columns=True))
