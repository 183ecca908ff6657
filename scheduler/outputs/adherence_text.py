"""Adherence as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from scheduler.engine.adherence import Adherence, Dose, Taken
from scheduler.outputs.lines import clean, day, joined, titled, wrapped
from scheduler.quantities import EXACT, Amount, plain

WORDS = {
    "given": "given",
    "missed": "missed",
    "held": "held",
    "left_out": "left out",
    "unrecorded": "NOT RECORDED",
    "while_held": "TAKEN WHILE HELD",
}
SYRINGES = ("issued", "used", "returned", "out")


def adherence_text(found: Adherence) -> str:
    """For people: cycles, then what was received of each treatment and drug."""
    lines = [f"ADHERENCE of {clean(found.subject or 'nobody')} through {day(found.through)}"]
    lines += titled("DOSES AND SYRINGES", (line for row in found.cycles for line in _row(row)))
    lines += titled("RECEIVED, of what the protocol would have given by that day", _doses(found.treatments))
    if len(found.drugs) < len(found.treatments):
        lines += titled("BY DRUG, all strengths together", _doses(found.drugs))
    unrecorded = sum(row.unrecorded for row in found.cycles)
    if unrecorded:
        doses = "1 dose is" if unrecorded == 1 else f"{unrecorded:,} doses are"
        lines += ["", *wrapped(f"{doses} NOT RECORDED: if taken, more was received than stands here.")]
    lines += ["", *wrapped("Relative dose intensity counts holds, reductions, delays and missed doses alike.")]
    return joined(lines)


def _row(row: Taken) -> Iterator[str]:
    counts = {name: getattr(row, name) for name in WORDS}
    said = [f"{number} {WORDS[name]}" for name, number in counts.items() if number]
    syringes = f"syringes: {row.issued} issued, {row.used} used, {row.returned} returned"
    syringes += f", {row.out} STILL OUT" if row.out else ""
    text = f"{row.name}: {row.planned} planned, {', '.join(said)}" + (f"; {syringes}" if row.issued else "")
    yield from wrapped(clean(text), f"  cycle {row.cycle}  ", " " * 11)


def _doses(doses: tuple[Dose, ...]) -> Iterator[str]:
    for dose in doses:
        if dose.received is None or dose.planned is None:
            yield from wrapped(f"{clean(dose.name)}: an amount is not known, so nothing is added up", "  ", "    ")
            continue
        share = f", relative dose intensity {percent(dose)} %" if dose.intensity is not None else ""
        text = f"{clean(dose.name)}: {_shown(dose.received)} of {_shown(dose.planned)}{share}"
        yield from wrapped(text, "  ", "    ")


def _shown(amount: Amount) -> str:
    return str(amount.rounded()) if amount.value else f"0 {amount.unit}"


def percent(dose: Dose) -> str:
    """One decimal, without a trailing zero."""
    share = dose.intensity
    return "" if share is None else plain(share.quantize(Decimal("0.1"), ROUND_HALF_UP, EXACT))


def adherence_csv(found: Adherence) -> str:
    """A row for each cycle and treatment; sums stand in the JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("subject", "through", *Taken._fields))
    for row in found.cycles:
        writer.writerow((found.subject, found.through, *row))
    return out.getvalue()


def adherence_json(found: Adherence) -> str:
    """Amounts and per cent as exact decimal texts."""

    def dose(each: Dose) -> dict[str, object]:
        return {
            "id": each.key,
            "name": each.name,
            "received": _amount(each.received),
            "planned": _amount(each.planned),
            "relative_dose_intensity_percent": percent(each) or None,
        }

    table = {
        "subject": found.subject,
        "through": str(found.through),
        "cycles": [row._asdict() for row in found.cycles],
        "treatments": [dose(each) for each in found.treatments],
        "drugs": [dose(each) for each in found.drugs],
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def _amount(amount: Amount | None) -> dict[str, str] | None:
    return None if amount is None else {"value": plain(amount.value), "unit": amount.unit}
