"""What stands around the rows of the syringe schedule: whose it is, the product, what to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING
from zoneinfo import ZoneInfo

from scheduler.engine.batches import Session, Uncovered
from scheduler.engine.measuring import compared
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Schedule
from scheduler.engine.syringes import Release, Syringe
from scheduler.outputs.drawing_words import dilution_words
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, gap, table, text
from scheduler.outputs.safe_words import in_words, without_slash
from scheduler.protocol.product_model import Product
from scheduler.quantities import plain

HOW = (
    "Each volume is the exact dose divided by the concentration, rounded once to a mark of the "
    "smallest syringe that holds it; half a mark is rounded down. The difference is counted in per "
    "cent of the exact dose: above 5 % it is a warning, above 10 % no volume is printed. Doses are "
    "printed to four digits; the number of a syringe counts within its strength and its visit."
)
_SIZE = re.compile(r"\d (?:kg|cm|m2)\b")
"""The reasons that name a body size are the inputs of an amount."""


def whose(schedule: Schedule) -> str:
    """Patient, protocol and first day, as every page says them."""
    patient = f"Patient {schedule.subject}" if schedule.subject else "No patient: a plan"
    arm = f", arm {schedule.arm}" if schedule.arm else ""
    protocol = f"protocol {schedule.protocol}, edition {schedule.edition}{arm}"
    return f"{patient}; {protocol}; cycle 1, day 1 on {in_words(schedule.start)}"


def source(made_from: str) -> tuple[Part, ...]:
    """The entry and seal of the record behind one patient's pages."""
    return (text(f"Made from {made_from}", "small"),) if made_from else ()


def foot(schedules: Sequence[Schedule], used: Sequence[Product], made_from: str) -> str:
    """What the sheets were made from."""
    protocols = dict.fromkeys(f"{each.protocol}, edition {each.edition}" for each in schedules)
    products = "; ".join(dict.fromkeys(product.stated for product in used))
    parts = [f"Made by c1d1 from {'; '.join(protocols)}", made_from, products]
    return f"{'; '.join(part for part in parts if part)}. A pharmacist confirms every volume."


def session_words(session: Session, until: datetime, zone: str) -> str:
    """'Draw up on Mon 26 Jan 2026 and hand out. ...': the day on which the patient fetches them."""
    opens, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (session.made_at, until))
    why = " (only if the visit on that day releases them)" if session.visit else ""
    named = "UTC" if zone == "UTC" else f"{zone} time"
    return (
        f"Draw up on {in_words(session.on)}{why} and hand out. Made up at {opens:%H:%M}, they are to be used by "
        f"{in_words(ends.date())}, {ends:%H:%M} {named}."
    )


def not_covered(found: Sequence[Uncovered]) -> list[Part]:
    """Doses that no day of drawing up reaches: no volume, and why."""
    if not found:
        return []
    lines = [text(f"{in_words(each.syringe.item.date)}: {without_slash(each.why)}") for each in found]
    return [text("NOT COVERED: no day on which they can be drawn up", "strong"), *lines, gap(4)]


def overview(schedule: Schedule, found: Sequence[Syringe], last: date) -> Part:
    """What the list covers, and the product's facts with their standing."""
    covers = f"{in_words(found[0].item.date)} to {in_words(last)}"
    patient = schedule.subject or "none: a plan for a body size"
    lines = [("Patient", patient), ("Covers", covers)]
    for product in dict.fromkeys(each.product for each in found if each.product):
        lines += _product_lines(product)
    half = (len(lines) + 1) // 2
    left, right = lines[:half], [*lines[half:], ("", "")][:half]
    rows: list[list[Cell]] = [
        [text(one, "small"), text(words, "small"), text(other, "small"), text(more, "small")]
        for (one, words), (other, more) in zip(left, right, strict=True)
    ]
    wide = WIDTH_MM / 2 - 22
    return table(rows, (22, wide, 22, wide), Grid())


def _product_lines(product: Product) -> list[tuple[str, str]]:
    def said(fact: str) -> str:
        return f"({product.behind(fact).standing})"

    made = f"a vial of {product.vial}{_dissolved(product)} gives {product.stock} per mL"
    keeps = f"{product.beyond_use_hours} hours from reconstitution {said('beyond_use')}"
    lines = [
        ("Product", f"{product.name}: {made} {said('concentration')}"),
        *_used(product),
        ("If diluted", f"with {product.diluent} only {said('diluent')}"),
        ("Keeps", f"{keeps}. {product.storage} {said('storage')}"),
    ]
    for band in product.avoided:
        words = f"{plain(band.least.value)} to {band.most} per mL: {band.because}"
        lines.append(("Avoid", f"{words} {said('avoid')}"))
    if product.never:
        lines.append(("Never use", f"{', '.join(product.never)} {said('never')}"))
    return lines


def _dissolved(product: Product) -> str:
    return f" with {plain(product.solvent_volume)} mL {product.solvent}" if product.solvent else ""


def _used(product: Product) -> list[tuple[str, str]]:
    """Which of several concentrations is in the syringes; with one there is nothing to say."""
    if not product.dilutions:
        return []
    diluted = ""
    if product.concentration != product.stock:
        diluted = f": {dilution_words(product, product.concentration)}"
    return [("In use", f"{product.concentration} per mL{diluted} ({product.behind('use').standing})")]


def release_words(
    release: Release, found: Sequence[Syringe], schedule: Schedule, *, planned: bool = False
) -> tuple[Part, ...]:
    """The visit, how many syringes, what they are computed from; which outlast their life, if no days are planned."""
    drawn = [each for each in found if each.draw.drawn]
    counted = f"{len(drawn) or 'no'} {'syringe' if len(drawn) == 1 else 'syringes'} on this list"
    since = f"Visit on {in_words(release.visit)}" if release.visit else "Before the first visit"
    until = (
        f"doses up to {in_words(release.until)}"
        if release.until
        else f"doses up to {in_words(schedule.through)}, where the schedule ends before the next visit"
    )
    lines = [text(f"{since}: {until}; {counted}", "heading")]
    inputs = dict.fromkeys(without_slash(r.text) for each in found for r in _inputs(each))
    for part in ([i for i in inputs if " = " not in i], [i for i in inputs if " = " in i]):
        lines += [text(" ".join(part))] if part else []
    outlast = "" if planned else _outlast(release, drawn)
    return tuple([*lines, text(outlast, "strong")] if outlast else lines)


def _inputs(each: Syringe) -> Iterable[Reason]:
    return (r for r in each.item.reasons if r.kind in ("event", "arithmetic") and _SIZE.search(r.text))


def _outlast(release: Release, drawn: Sequence[Syringe]) -> str:
    """Doses of days that a syringe drawn up at the visit does not reach."""
    if release.visit is None or not drawn or drawn[0].product is None:
        return ""
    hours = drawn[0].product.beyond_use_hours
    last = release.visit + timedelta(days=hours // 24)
    late = sum(each.item.date > last for each in drawn)
    if not late:
        return ""
    many = "1 of these doses falls" if late == 1 else f"{late} of these doses fall"
    return (
        f"{many} after {in_words(last)}. A syringe made up at the visit keeps {hours} hours and does "
        "not reach them: plan another preparation."
    )


def assumptions(found: Sequence[Syringe]) -> list[Reason]:
    """What the doses rest on that no source says, each once, in order."""
    return list(dict.fromkeys(reason for each in found for reason in each.item.assumptions))


def notes(found: Sequence[Syringe], assumed: Sequence[Reason]) -> tuple[Part, ...]:
    """How volumes are found, why a larger syringe, and what is assumed."""
    lines = [gap(4), text("How to read this list", "heading")]
    lines += [text(words) for words in (HOW, *_larger(found))]
    products = dict.fromkeys(each.product for each in found if each.product)
    said = [f"{number}. {r.text} ({r.at})" for number, r in enumerate(assumed, start=1)]
    said += [f"Product: {f.text} ({f.place.short})" for p in products for f in p.assumptions]
    if said:
        lines += [gap(4), text("Assumed: no source says it, a person has to confirm it", "heading")]
        lines += [text(without_slash(words)) for words in said]
    return tuple(lines)


def _larger(found: Sequence[Syringe]) -> Iterable[str]:
    """Why a dose goes into a larger syringe with coarser marks; no second volume to mix up."""
    seen: dict[str, None] = {}
    for each in found:
        drawn, amount = each.draw.drawn, each.item.amount
        smaller = [m for m in each.draw.measured if drawn and m.kind.capacity < drawn.kind.capacity]
        if drawn is None or amount is None or not smaller or smaller[-1].volume <= smaller[-1].kind.capacity:
            continue
        kind = smaller[-1].kind
        syringes = int((smaller[-1].volume / kind.capacity).to_integral_value(ROUND_CEILING))
        words = (
            f"{amount.rounded()} is too much for one {kind.name}. Divided between {syringes} of them, {kind.marks}, "
            f"it would be {compared(smaller[-1].deviation)}; in one {drawn.kind.name}, {drawn.kind.marks}, "
            f"it is {compared(drawn.deviation)}."
        )
        seen[words] = None
    return seen


def sign_off() -> tuple[Part, ...]:
    """Where the pharmacist confirms, by a calculation of their own."""
    words = (
        "To be confirmed by a pharmacist: work each volume out again from dose and concentration "
        "without looking at the volumes above, then compare."
    )
    cells: list[Cell] = [[text(name, "small"), gap(8)] for name in ("Name", "Signature", "Date and time")]
    box = table([cells], (100, 100, WIDTH_MM - 200), Grid(box=True, columns=True))
    return text(words, "strong"), gap(2), box
