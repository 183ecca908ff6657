"""The agent accountability record on paper: one record for each agent and strength, line by line, with the balance.

The columns are those of the NCI's record for investigational agents (NIH-2564): line, date, patient's initials and
number, dose, quantity dispensed or received, balance, maker and lot, recorder. The drawing is our own. Initials are
not kept in the record and stay blank; a correction is a line of its own, beside the line that it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.engine.stock import Lot, Stock
from scheduler.engine.stock_lines import Line
from scheduler.engine.syringe_lines import SyringeLine
from scheduler.outputs.banner import banner
from scheduler.outputs.ledger_text import dose, note, signed, what
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, Section, gap, table, text, together, write
from scheduler.outputs.safe_words import in_words
from scheduler.problems import Refused
from scheduler.record.syringe_numbers import printed

TITLE = "Investigational agent accountability record"
BLANK = "____________________"
COLUMNS = {
    "Line": 18,
    "Date": 31,
    "Patient's initials": 18,
    "Patient's number": 25,
    "Dose": 46,
    "Vials in or out": 26,
    "Balance": 18,
    "Maker and lot": 40,
    "Recorded by": 28,
    "Recorder's initials": 23,
}


@dataclass(frozen=True, slots=True)
class Strength:
    """What was made up of one treatment; `place` is 0, 1 by the letter of the treatments of one drug."""

    name: str
    mark: str
    product: str
    place: int
    protocol: str
    lines: tuple[SyringeLine, ...]


def write_ledger(
    lines: Mapping[str, Sequence[Line]],
    stock: Stock,
    strengths: Sequence[Strength],
    made_from: str,
    institution: str = "",
) -> bytes:
    """The record of each product, then of each strength of syringes made of it, as PDF, A4 across.

    `made_from` names the entry and seal behind it; without an `institution` a line is left to write it on. Refused
    where there is no line.
    """
    if not any(lines.values()):
        raise Refused("The ledger is empty: nothing to print. Begin with c1d1 ledger receive.")
    sections = []
    for product, mine in lines.items():
        agent = (product, f"vial of {stock.of(product)[0].strength}")
        sections.append(Section(_head(*agent, institution, ""), _story(product, mine, stock)))
        sections += [_of_syringes(each, institution) for each in strengths if each.product == product]
    return write(TITLE, sections, f"Made by c1d1 from {made_from}. It replaces every earlier print of this record.")


def _head(agent: str, form: str, institution: str, protocol: str) -> tuple[Part, ...]:
    rows: list[list[Cell]] = [
        [_named("Institution", institution or BLANK), _named("Protocol number", protocol or BLANK)],
        [_named("Agent", agent), _named("Dose form and strength", form)],
        [_named("Dispensing area", BLANK), _named("Investigator", BLANK)],
    ]
    box = table(rows, (WIDTH_MM / 2, WIDTH_MM / 2), Grid(box=True, columns=True))
    return (text(TITLE, "title"), gap(1), box, gap(2))


def _of_syringes(strength: Strength, institution: str) -> Section:
    head = _head(strength.product, f"made up for one dose: {strength.name}", institution, strength.protocol)
    says = "Made up by the pharmacy; balance: how many it holds. What comes back is not added again."
    widths = {name.replace("Vials", "Doses"): wide for name, wide in COLUMNS.items()}
    heads: list[Cell] = [text(name, "small") for name in widths]
    rows = [_syringe_row(number, line) for number, line in enumerate(strength.lines, start=1)]
    lines = table([heads, *rows], tuple(widths.values()), Grid(head=1, columns=True))
    return Section((*head, banner(strength.name, strength.mark, says, strength.place), gap(2)), (lines,))


def _syringe_row(number: int, line: SyringeLine) -> list[Cell]:
    about = [text(f"{line.what.capitalize()}: {', '.join(printed(each) for each in line.numbers)}", "small")]
    about += [text(f"{line.dose.rounded()} each", "small")] if line.dose else []
    return [
        [text(str(number)), text(line.entry, "small")],
        text(in_words(line.on), "small"),
        "",
        text(line.subject, "small"),
        about,
        text(signed(line.syringes) or "none", "strong", side="right"),
        text(f"{line.balance:,}", "strong", side="right"),
        text(f"lot {line.lot}", "small"),
        text(line.by, "small"),
        "",
    ]


def _named(name: str, value: str) -> list[Part]:
    return [text(name, "small"), text(value, "strong")]


def _story(product: str, mine: Sequence[Line], stock: Stock) -> tuple[Part, ...]:
    heads: list[Cell] = [text(name, "small") for name in COLUMNS]
    rows = [_row(number, line, stock.lots.get((product, line.lot))) for number, line in enumerate(mine, start=1)]
    lines = table([heads, *rows], tuple(COLUMNS.values()), Grid(head=1, columns=True))
    return (lines, gap(4), together(*_lots(stock.of(product))))


def _row(number: int, line: Line, lot: Lot | None) -> list[Cell]:
    number_of, _, each = dose(line).partition(" of ")  # a number stays beside its unit
    about = [text(f"{what(line).capitalize()}{': ' if number_of else ''}{number_of}", "small")]
    about += [text(f"{each} each", "small")] if each else []
    about += [text(note(line), "small")] if note(line) else []
    made = [text(lot.maker, "small")] if lot is not None and lot.maker else []
    named = [text(f"lot {line.lot}", "small")] if line.lot else []
    return [
        [text(str(number)), text(f"entry {line.entry}", "small")],
        text(in_words(line.on), "small"),
        "",
        text(line.subject, "small") if line.subject else "",
        about,
        text(signed(line.vials) or "none", "strong", side="right"),
        text(f"{line.balance:,}", "strong", side="right"),
        [*made, *named],
        text(line.by, "small"),
        "",
    ]


def _lots(lots: Sequence[Lot]) -> list[Part]:
    heads: list[Cell] = [
        text(name, "small") for name in ("Lot", "Use until", "Received", "Used", "Destroyed or wasted", "Left")
    ]
    rows: list[list[Cell]] = [
        [
            text(lot.lot),
            text(in_words(lot.expires)),
            *(text(f"{n:,}", side="right") for n in (lot.received, lot.used, lot.discarded, lot.balance)),
        ]
        for lot in lots
    ]
    box: list[Cell] = [[text(name, "small"), gap(8)] for name in ("Counted on the shelf", "Signature", "Date and time")]
    return [
        text("Lots", "heading"),
        gap(1),
        table([heads, *rows], (60, 50, 30, 30, 45, 30), Grid(head=1, columns=True)),
        gap(3),
        table([box], (80, 100, WIDTH_MM - 180), Grid(box=True, columns=True)),
    ]
