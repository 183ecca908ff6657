"""The worksheet of an infusion bag: inputs and formulas on one page, volume, vials and bag on the next."""

from __future__ import annotations

from datetime import date

from scheduler.engine.infusions import Infusion
from scheduler.engine.measuring import compared
from scheduler.outputs import worksheet_words as words
from scheduler.outputs.banner import banner
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, Section, gap, table, text, together
from scheduler.outputs.paper_words import Whose
from scheduler.outputs.safe_words import rate_in_words, without_slash
from scheduler.protocol.product_model import Bag, Infusing, Product
from scheduler.quantities import Amount, plain


def bag_sections(infusion: Infusion, on: date, whose: Whose) -> list[Section]:
    """The page to check and the page to prepare; where nothing can be prepared, one page that says why."""
    foot = words.page_foot(whose, [infusion.product])
    prepare = Section(_head(words.PREPARE, infusion, on, whose), tuple(_answers(infusion)), foot)
    product, infusing = infusion.product, infusion.product.infusing if infusion.product else None
    if infusion.volume is None or product is None or infusing is None:
        return [prepare]
    story = _questions(infusion, product, infusing)
    return [Section(_head(words.CHECK, infusion, on, whose), tuple(story), foot), prepare]


def _head(title: str, infusion: Infusion, on: date, whose: Whose) -> tuple[Part, ...]:
    item, slot = infusion.item, infusion.item.slot
    draft = not whose.approved or infusion.product is None or infusion.product.standing == "draft"
    head = words.page_head(title, on, whose, draft=draft, more=f"cycle {item.cycle}, day {slot.day}")
    over = f", over {item.over_minutes} minutes" if item.over_minutes else ""
    return (
        head,
        gap(2),
        banner(slot.name, slot.mark, f"for {slot.route} infusion{over}", whose.places[slot.key]),
        gap(1),
    )


def _questions(infusion: Infusion, product: Product, infusing: Infusing) -> list[Part]:
    item = infusion.item
    lines = words.measured([item])
    lines += [("Ordered", rate_in_words(item.rate) if item.rate else "as ordered"), words.one_vial(product)]
    lines += [("Measured to", f"{plain(infusing.step)} mL"), ("In the bag", _bounds(infusing))]
    lines += [("Bags", ", or ".join(_bag(each) for each in infusing.bags))]
    per = item.rate.per if item.rate else ""
    area = [f"Body surface area: {words.area_formula([infusion])}."] if per == "m2" else []
    size = {"m2": ", times body surface area", "kg": ", times body weight", "": ""}[per]
    how = [
        *area,
        f"Dose: what is ordered{size}.",
        "Volume: the dose divided by what one mL holds, rounded once; a tie is rounded down.",
        "Vials: the dose divided by what one vial holds, rounded up.",
        "Final concentration: the dose divided by the volume in the bag in the end.",
    ]
    unit = item.amount.unit if item.amount else ""
    heads = ("My body surface", "My dose", "My volume", "My vials", "My bag", "My final concentration")
    area_cell: Cell = words.blank("m2") if per == "m2" else text("none needed", "small")
    row: list[Cell] = [area_cell, *map(words.blank, (unit, "mL", "vials", "mL", f"{unit} per mL"))]
    titles: list[Cell] = [text(head, "strong") for head in heads]
    results = table([titles, row], (40, 45, 40, 40, 40, WIDTH_MM - 205), Grid(head=1, columns=True, box=True))
    return [
        *(gap(2), words.facts(lines), gap(3)),
        *(text("Work out without looking at anybody else's result", "heading"), gap(1), *map(text, how)),
        *(gap(2), results, gap(3), together(*words.signed("Second person"))),
    ]


def _bounds(infusing: Infusing) -> str:
    if infusing.least is None or infusing.most is None:
        return "no source bounds the concentration"
    return f"{infusing.least} to {infusing.most} per mL"


def _bag(bag: Bag) -> str:
    taken = ", the drug's volume taken out first" if bag.takes_out else ""
    return f"{Amount(bag.volume, 'mL')} {bag.fluid}{taken}"


def _answers(infusion: Infusion) -> list[Part]:
    item, product = infusion.item, infusion.product
    if infusion.volume is None or infusion.bag is None or product is None:
        return [gap(3), text("NOT TO BE PREPARED", "heading"), text(without_slash(infusion.refusal))]
    amount = str(item.amount.rounded()) if item.amount else ""
    heads = ("Dose", "Draw up", "Difference", "Vials", "Into", "Then it holds", "Left over")
    off = infusion.warning or compared(infusion.deviation)
    row: list[Cell] = [
        text(amount, "strong"),
        text(str(Amount(infusion.volume, "mL")), "large"),
        text(f"WARNING: {infusion.warning}" if infusion.warning else off, "strong" if infusion.warning else "body"),
        text(f"{infusion.vials} of {product.vial}"),
        text(_bag(infusion.bag)),
        text(f"{infusion.final.rounded()} per mL" if infusion.final else ""),
        text(str(infusion.left_over.rounded()) if infusion.left_over else ""),
    ]
    titles: list[Cell] = [text(head, "strong") for head in heads]
    answer = table([titles, row], (33, 34, 42, 36, 52, 38, WIDTH_MM - 235), Grid(head=1, columns=True, box=True))
    hours = product.infusing.hours if product.infusing else 0
    handling = [*(product.infusing.handling if product.infusing else ()), f"The bag keeps {hours} hours."]
    assumed = [f"{without_slash(r.text)} ({r.at})" for r in item.assumptions]
    assumed += [f"{fact.text} ({fact.place.short})" for fact in product.assumptions]
    return [
        *(gap(1), text(words.HIDE, "strong"), gap(2), answer, gap(2), *map(text, handling), gap(2)),
        *(together(*words.batch_blanks(product, hours)), gap(3), together(*words.signed("Prepared by")), gap(2)),
        text("Assumed: no source says it, a person has to confirm it", "strong"),
        *(text(f"{number}. {line}", "small") for number, line in enumerate(assumed, start=1)),
    ]
