"""What stands on a preparation worksheet besides its rows: inputs, formulas, blanks to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING

from scheduler.engine.infusions import Infusion
from scheduler.engine.schedule import Item
from scheduler.engine.syringes import Syringe
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, gap, table, text
from scheduler.outputs.paper_words import Whose
from scheduler.outputs.safe_words import in_words, without_slash
from scheduler.protocol.product_model import Product
from scheduler.quantities import EXACT, Amount, plain

CHECK = "Preparation worksheet: independent check"
PREPARE = "Preparation worksheet: what to draw up"
HIDE = "Give this page to the second person only when their own results are written down."
_AREA = re.compile(r"Body surface area by (.+?) from ")
_MEASURED = re.compile(r"(?:Weight|Height) [\d.,]+ (?:kg|cm)\b")
_FORMULAS = {
    "Mosteller": "by Mosteller, the square root of (height in cm times weight in kg, divided by 3,600)",
    "Du Bois": "by Du Bois, 0.007184 times height in cm to the power 0.725 times weight in kg to the power 0.425",
    "Haycock": "by Haycock, 0.024265 times height in cm to the power 0.3964 times weight in kg to the power 0.5378",
    "Gehan and George": (
        "by Gehan and George, 0.0235 times height in cm to the power 0.42246 times weight in kg to the power 0.51456"
    ),
}
"""As in engine/body_size.py; a formula that is not here is named without being written out."""


def inputs(found: Sequence[Syringe]) -> list[tuple[str, str]]:
    """Everything that goes into the results, and no result: sizes as measured, the product as its file says."""
    lines = measured(each.item for each in found)
    for product in dict.fromkeys(each.product for each in found if each.product):
        diluted = "" if product.concentration == product.stock else f", diluted with {product.diluent}"
        lines += [
            one_vial(product),
            ("Concentration", f"{product.concentration} per mL{diluted}"),
            ("Syringes", "; ".join(f"{kind.name}, {kind.marks}" for kind in product.syringes)),
            ("Never", ", ".join(product.never) or "nothing is named"),
        ]
    return lines


def measured(items: Iterable[Item]) -> list[tuple[str, str]]:
    """Weight and height as they were measured."""
    found = dict.fromkeys(
        without_slash(r.text) for item in items for r in item.reasons if r.kind == "event" and _MEASURED.match(r.text)
    )
    return [("Measured", words) for words in found] or [("Measured", "no body size is recorded")]


def one_vial(product: Product) -> tuple[str, str]:
    solvent = f", dissolved with {plain(product.solvent_volume)} mL {product.solvent}" if product.solvent else ""
    return "One vial", f"{product.vial} {product.name}{solvent}; then {product.stock} per mL"


def area_formula(found: Iterable[Syringe | Infusion]) -> str:
    """The formula of the body surface area in words."""
    named = [m[1] for each in found for r in each.item.reasons if (m := _AREA.match(r.text))]
    return _FORMULAS.get(named[0], f"by {named[0]}") if named else "as the protocol says"


def vials_needed(drawn: Sequence[Syringe]) -> str:
    """How many vials the syringes take, by what they hold."""
    contents = [each.content for each in drawn if each.content is not None]
    product = drawn[0].product
    if product is None or not contents:
        return ""
    total = Amount(sum((each.value for each in contents), start=contents[0].value * 0), contents[0].unit)
    vial = product.vial.in_unit(total.unit)
    if vial is None:
        return ""
    many = int(EXACT.divide(total.value, vial.value).to_integral_value(ROUND_CEILING))
    each = "1 syringe holds" if len(contents) == 1 else f"{len(contents)} syringes hold"
    vials = "1 vial" if many == 1 else f"{many} vials"
    return f"{each} {total.rounded()}: at least {vials} of {product.vial}, before what is lost in needles and vials."


def batch_blanks(product: Product | None, keeps: int) -> tuple[Part, ...]:
    """Lots, expiry and times, to be filled in by hand; what is made keeps so many hours."""
    hours = f"{keeps} hours after it" if keeps else ""
    heads = ("Lot of the vials", "Expiry date", "Vials", "Lot of the solvent")
    lots: list[list[Cell]] = [[text(head, "strong") for head in heads]]
    lots += [[gap(6), "", "", ""] for _ in range(2)]
    asked = ("Made up on (date, time, zone)", f"Do not use after: {hours}", "How many were made")
    times: list[list[Cell]] = [[text(head, "strong") for head in asked], [gap(7), "", ""]]
    return (
        table(lots, (90, 60, 33, WIDTH_MM - 183), Grid(box=True, columns=True, head=1)),
        gap(2),
        table(times, (100, 100, WIDTH_MM - 200), Grid(box=True, columns=True, head=1)),
        gap(1),
        text(product.storage if product else "", "small"),
    )


def signed(who: str) -> tuple[Part, ...]:
    """Name, signature, date and time, to be filled in by hand."""
    cells: list[Cell] = [[text(name, "small"), gap(7)] for name in (f"{who}: name", "Signature", "Date and time")]
    return (table([cells], (100, 100, WIDTH_MM - 200), Grid(box=True, columns=True)),)


def blank(unit: str) -> Cell:
    """Room to write in, with the unit behind it."""
    return [gap(5), text(unit, "small", side="right"), gap(0.5)]


def facts(lines: Sequence[tuple[str, str]]) -> Part:
    """Names and what they are, in two columns."""
    half = (len(lines) + 1) // 2
    pairs = [*lines, ("", "")]
    shown: list[list[Cell]] = [
        [text(said, "body" if column % 2 else "strong") for column, said in enumerate((*pairs[n], *pairs[n + half]))]
        for n in range(half)
    ]
    wide = WIDTH_MM / 2 - 32
    return table(shown, (32, wide, 32, wide), Grid())


def page_head(title: str, on: date, whose: Whose, *, draft: bool, more: str = "") -> Part:
    """The title with its day, both identifiers of the patient, and DRAFT while it is one."""
    who: Cell = [
        text(f"{title}, {in_words(on)}", "title"),
        text("; ".join(filter(None, (whose.patient, whose.trial, more))), "strong"),
    ]
    stamp: Cell = [text("DRAFT", "large", side="centre"), text("not for patients", "small", side="centre")]
    grid = Grid(lines=False, boxes=((1, 0),) if draft else ())
    return table([[who, stamp if draft else ""]], (WIDTH_MM - 45, 45), grid)


def page_foot(whose: Whose, products: Iterable[Product | None]) -> str:
    """What the page was made from, and whom to ask."""
    stated = dict.fromkeys(each.stated for each in products if each)
    said = "; ".join([f"{whose.subject}: made by c1d1 from {whose.made_from}", *stated])
    return f"{said}. {whose.contact}. A pharmacist confirms every volume."
