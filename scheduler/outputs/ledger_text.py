"""The ledger on the screen and as CSV: lots, lines with the running balance, and the syringes that are not used up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from scheduler.engine.stock import Prepared, Stock, contents
from scheduler.engine.stock_lines import Line
from scheduler.outputs.lines import clean, day, titled, wrapped
from scheduler.record.stock import ShelfCounted, SyringesPrepared, VialsDiscarded
from scheduler.record.syringe_numbers import printed

COLUMNS = (
    "line", "entry", "date", "patient", "what", "dose", "vials", "balance", "lot", "maker", "expires", "recorded_by",
    "note",
)  # fmt: skip
WHERE = {
    "pharmacy": "IN THE PHARMACY",
    "out": "WITH PATIENTS",
    "returned": "BROUGHT BACK, to be destroyed",
}


def what(line: Line) -> str:
    """What a line is about, in a word or two."""
    names = {"VialsReceived": "received", "SyringesPrepared": "dispensed", "ShelfCounted": "shelf counted"}
    event = line.event
    said = event.how if isinstance(event, VialsDiscarded) else names.get(type(event).__name__, "withdrawn")
    return f"correction of entry {line.corrects}: {said}" if line.corrects else said


def note(line: Line) -> str:
    """What else a reader of the line has to know: syringes, a count that differs, a later correction, the reason."""
    parts = []
    if isinstance(line.event, SyringesPrepared) and not line.corrects:
        parts.append(f"syringes {', '.join(printed(each.number) for each in line.event.syringes)}")
    if isinstance(line.event, ShelfCounted):
        same = line.event.counted == line.event.balance
        parts.append(f"{line.event.counted:,} on the shelf" + ("" if same else ": DISCREPANCY"))
    if line.corrected_by:
        parts.append(f"CORRECTED by entry {', '.join(map(str, line.corrected_by))}")
    return "; ".join([*parts, *([line.reason] if line.reason else [])])


def signed(vials: int) -> str:
    """'+10', '-1', '' for none."""
    return f"{vials:+,}" if vials else ""


def dose(line: Line) -> str:
    """What each syringe holds, and how many they are."""
    if not isinstance(line.event, SyringesPrepared) or line.corrects:
        return ""
    number = len(line.event.syringes)
    doses = len({each.item for each in line.event.syringes})
    parts = f", {doses} dose{'' if doses == 1 else 's'}" if doses < number else ""
    each = f" of {line.dose.rounded()}" if line.dose else ""
    return f"{number} syringe{'' if number == 1 else 's'}{parts}{each}"


def ledger_csv(lines: Mapping[str, Sequence[Line]], stock: Stock) -> str:
    """Every line of every product, a column `product` first; lots keep their maker and last day."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("product", "strength", *COLUMNS))
    for product, mine in lines.items():
        for number, line in enumerate(mine, start=1):
            writer.writerow([_guarded(cell) for cell in _cells(product, number, line, stock)])
    return out.getvalue()


def _cells(product: str, number: int, line: Line, stock: Stock) -> tuple[str, ...]:
    lot = stock.lots.get((product, line.lot))
    facts = (lot.maker, str(lot.expires)) if lot else ("", "")
    quantity = (signed(line.vials), str(line.balance))
    first = (product, str(stock.of(product)[0].strength), str(number), str(line.entry), str(line.on), line.subject)
    return (*first, what(line), dose(line), *quantity, line.lot, *facts, line.by, note(line))


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text; numbers with a sign stay numbers."""
    risky = cell[:1] in ("=", "+", "-", "@") and not cell[1:].replace(",", "").isdigit()
    return f"'{cell}" if risky else cell


def ledger_text(
    lines: Mapping[str, Sequence[Line]], stock: Stock, syringes: Sequence[tuple[Prepared, str]]
) -> Iterator[str]:
    """One part for each product, then the syringes by where they are."""
    for product, mine in lines.items():
        strength = stock.of(product)[0].strength
        balance = stock.balance(product)
        yield f"LEDGER of {clean(product)}, vials of {strength}: {balance:,} vial{'' if balance == 1 else 's'} left"
        yield from titled("LOTS", _lots(product, stock))
        yield from titled("LINES", _lines(mine))
        yield ""
    for place, title in WHERE.items():
        found = [each for each, where in syringes if where == place]
        if found:
            yield from [f"SYRINGES {title}: {len(found)}", *_syringes(found), ""]


def _lots(product: str, stock: Stock) -> Iterator[str]:
    for lot in stock.of(product):
        gone = f", {lot.discarded:,} destroyed or wasted" if lot.discarded else ""
        counts = f"{lot.received:,} received, {lot.used:,} used{gone}, {lot.balance:,} left"
        yield from wrapped(clean(f"{lot.lot}, to be used by {day(lot.expires)}: {counts}"), "  ")


def _lines(mine: Sequence[Line]) -> Iterator[str]:
    for number, line in enumerate(mine, start=1):
        who = f" for {line.subject}" if line.subject else ""
        parts = [f"{what(line)}{who}", dose(line), f"lot {line.lot}" if line.lot else "", f"by {line.by}", note(line)]
        text = ", ".join(part for part in parts if part)
        first = f"  {number:>3}  {day(line.on)}  {signed(line.vials):>6}  {line.balance:>6,}  "
        yield from wrapped(clean(text), first, " " * len(first))


def _syringes(found: Sequence[Prepared]) -> Iterator[str]:
    for each in sorted(found, key=lambda each: (each.subject, each.syringe.use_until, each.syringe.item)):
        filled = each.syringe
        until = f"use until {each.use_until:%Y-%m-%d %H:%M} UTC"
        seen = {True: "checked", False: "DISCREPANCY at the check", None: "not checked"}[each.checked]
        text = f"{each.subject}  {filled.item}  {contents(filled)}, lot {filled.lot}, {until}, {seen}"
        yield from wrapped(clean(text), f"  {printed(filled.number)}  ", " " * 14)
