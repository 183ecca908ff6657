"""What is drawn up, as JSON and CSV: exact decimals as text, volumes in mL, moments in UTC."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scheduler.engine.infusions import Infusion
from scheduler.engine.syringes import Syringe
from scheduler.engine.to_draw import ToDraw
from scheduler.quantities import EXACT, Amount, plain

FIELDS = (
    "subject",
    "draw_up_on",
    "use_until",
    "date",
    "time",
    "item",
    "treatment",
    "mark",
    "ordered",
    "unit",
    "product",
    "concentration_per_mL",
    "syringe_mL",
    "parts",
    "volume_mL",
    "fill_mL",
    "holds",
    "deviation_percent",
    "warning",
    "refusal",
)


def drawing_json(found: Iterable[ToDraw]) -> str:
    """Every patient's part, with what it was made from."""
    patients = [_patient(work) for work in found]
    return json.dumps({"patients": patients}, indent=1, ensure_ascii=False) + "\n"


def drawing_csv(found: Iterable[ToDraw]) -> str:
    """One line for each dose: drawn up, not covered, or not to be drawn up."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    for work in found:
        writer.writerows(_rows(work))
    return out.getvalue()


def _rows(work: ToDraw) -> Iterator[dict[str, str]]:
    subject = work.schedule.subject or ""
    for session in work.batches.sessions:
        for each, until in zip(session.syringes, session.use_until, strict=True):
            yield {"subject": subject, "draw_up_on": session.on.isoformat(), "use_until": _utc(until), **_syringe(each)}
    for each, why in work.batches.uncovered:
        yield {"subject": subject, **_syringe(each), "refusal": why}
    for each in work.refused:
        yield {"subject": subject, **_syringe(each)}


def _patient(work: ToDraw) -> dict[str, Any]:
    return {
        "subject": work.schedule.subject,
        "protocol": work.schedule.protocol,
        "edition": work.schedule.edition,
        "from": work.first.isoformat(),
        "to": work.last.isoformat(),
        "made_from": work.made_from,
        "notes": list(work.notes),
        "product_files": [each.stated for each in work.used],
        "sessions": [
            {
                "on": session.on.isoformat(),
                "made_at": _utc(session.made_at),
                "syringes": [
                    {**_syringe(each), "use_until": _utc(until)}
                    for each, until in zip(session.syringes, session.use_until, strict=True)
                ],
            }
            for session in work.batches.sessions
        ],
        "not_covered": [{**_syringe(each), "refusal": why} for each, why in work.batches.uncovered],
        "refused": [_syringe(each) for each in work.refused],
        "infusions": [_infusion(each) for each in work.infusions],
        "made_up_or_handed_out": sorted(work.ready),
        "call_back": [
            {"number": each.syringe.number, "item": each.syringe.item, "why": each.why} for each in work.call_back
        ],
        "beyond_use": [
            {"days": each.days, "fetched_on_days": each.fetches, "not_covered": each.uncovered} for each in work.trade
        ],
    }


def _syringe(each: Syringe) -> dict[str, str]:
    item, drawn, product = each.item, each.draw.drawn, each.product
    found = {
        "date": item.date.isoformat(),
        "time": item.slot.time or "",
        "item": item.id,
        "treatment": item.slot.key,
        "mark": item.slot.mark,
        "ordered": plain(item.amount.value) if item.amount else "",
        "unit": item.amount.unit if item.amount else "",
        "product": product.stated if product else "",
        "concentration_per_mL": _amount(product.concentration) if product else "",
        "warning": each.warning,
        "refusal": each.draw.refusal,
    }
    if drawn is not None and each.content is not None:
        found |= {
            "syringe_mL": plain(drawn.kind.capacity),
            "parts": str(drawn.parts),
            "volume_mL": plain(drawn.volume),
            "fill_mL": plain(drawn.fill),
            "holds": plain(each.content.value),
            "deviation_percent": percent(drawn.deviation),
        }
    return found


def _infusion(each: Infusion) -> dict[str, Any]:
    found: dict[str, Any] = {
        "item": each.item.id,
        "date": each.item.date.isoformat(),
        "ordered": _amount(each.item.amount),
        "product": each.product.stated if each.product else "",
        "refusal": each.refusal,
    }
    if each.volume is not None and each.bag is not None:
        found |= {
            "volume_mL": plain(each.volume),
            "deviation_percent": percent(each.deviation),
            "vials": each.vials,
            "left_over": _amount(each.left_over),
            "bag_mL": plain(each.bag.volume),
            "bag_fluid": each.bag.fluid,
            "same_volume_taken_out": each.bag.takes_out,
            "final_per_mL": _amount(each.final and each.final.rounded(6)),
        }
    return found


def percent(deviation: Decimal) -> str:
    """Signed, three decimals: enough to see every limit."""
    return plain(deviation.quantize(Decimal("0.001"), ROUND_HALF_UP, EXACT))


def _amount(amount: Amount | None) -> str:
    return f"{plain(amount.value)} {amount.unit}" if amount else ""


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}Z"
