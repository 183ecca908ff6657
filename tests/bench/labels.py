"""Labels for a week of many patients, beside bare reportlab drawing as many pages; run in a program of its own.

    python -m tests.bench.labels 100

prints as JSON how long each took, in seconds, and how many pages and labels there were. The bare pages
carry as many lines of words in the same font as the labels do, without fitting, codes or marks.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from scheduler import clinic
from scheduler.engine.syringes import Syringe, syringes
from scheduler.outputs.label_sheets import write_labels
from scheduler.outputs.labels import Filled, Label, labels_of
from scheduler.outputs.paper import BOLD, MM, blank_pages
from scheduler.outputs.paper_words import Whose, places_of
from scheduler.protocol.library import shipped_products
from scheduler.record.stock import FilledSyringe
from scheduler.record.syringe_numbers import LEAST, fits, made

START, RUNS, LINES, PER_PAGE = date(2026, 1, 5), 3, 13, 21
WEEK = (date(2026, 1, 26), date(2026, 2, 1))
SAMPLE = "Refrigerate at 2 to 8 degrees Celsius, protect from light, do not freeze"


def best(of: Callable[[], object]) -> float:
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        of()
        took.append(time.perf_counter() - began)
    return min(took)


def one_week(patients: int) -> list[Label]:
    """The labels of prepared syringes, from the schedule on."""
    protocol, products = clinic.open_protocol("trastuzumab-il2"), shipped_products()
    places = places_of(protocol)
    found: list[Label] = []
    for patient in range(patients):
        weight = Decimal(50) + patient % 50
        request = clinic.PlanRequest(START, None, weight, Decimal(165), 3, None, "Europe/Berlin")
        schedule = replace(clinic.make_plan(protocol, request), subject=f"S-{patient:03}")
        planned = [each for each in syringes(schedule, products) if WEEK[0] <= each.item.date <= WEEK[1]]
        whose = Whose(f"S-{patient:03}", "trastuzumab-il2", 1, "Europe/Berlin", approved=False, places=places, entry=3)
        found += labels_of(planned, replace(whose, seal="4f1c22ab90de"), filled(planned, patient))
    return found


def filled(planned: list[Syringe], patient: int) -> dict[str, list[Filled]]:
    ready = {}
    numbers = (made(digits) for digits in count(LEAST + patient * 100) if fits(digits))
    for each in planned:
        if each.draw.drawn is None or each.item.amount is None:
            continue
        at = datetime(each.item.date.year, each.item.date.month, each.item.date.day, 8, tzinfo=UTC)
        until = f"{at + timedelta(hours=48):%Y-%m-%dT%H:%MZ}"
        volume = each.draw.drawn.volume
        one = FilledSyringe(next(numbers), each.item.id, each.item.amount, volume, "AB1234", until)
        ready[each.item.id] = [Filled(one, f"{at:%Y-%m-%dT%H:%MZ}")]
    return ready


def bare(pages: int) -> bytes:
    """As many pages, with as many lines of words."""
    page, buffer = blank_pages("Bare", 210, 297)
    for _ in range(pages):
        for label in range(PER_PAGE):
            row, column = divmod(label, 3)
            for line in range(LINES):
                page.setFont(BOLD, 5)
                page.drawString((8 + column * 66) * MM, (280 - row * 38 - line * 2.5) * MM, SAMPLE)
        page.showPage()
    page.save()
    return buffer.getvalue()


def main() -> None:
    """Measure and print."""
    patients = int(sys.argv[1])
    labels = one_week(patients)
    pages = -(-len(labels) // PER_PAGE)
    whole = best(lambda: write_labels(one_week(patients)))
    print(
        json.dumps(
            {
                "whole": whole,
                "drawing": best(lambda: write_labels(labels)),
                "bare": best(lambda: bare(pages)),
                "labels": len(labels),
                "pages": pages,
            }
        )
    )


if __name__ == "__main__":
    main()
