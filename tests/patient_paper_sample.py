"""Patients' papers without a clinic: schedules, days and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pypdfium2
import pypdfium2.raw as pdfium

from scheduler.clinic import PlanRequest, make_plan
from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Schedule
from scheduler.outputs.diary import write_diary
from scheduler.outputs.languages import Language, language
from scheduler.outputs.paper_words import Whose, places_of
from scheduler.outputs.patient_days import PatientDay, Span, patient_days
from scheduler.outputs.patient_rules import rules_of
from scheduler.outputs.wall_calendar import write_wall
from scheduler.protocol.library import shipped_products
from scheduler.protocol.model import Protocol
from scheduler.protocol.product_model import Products
from scheduler.record.events import Event
from tests.conftest import IL2, IL12, TABLETS, patient
from tests.conftest import protocol as shipped_protocol

ARMS = {IL12: "cohort-3"}
WITH_HOME_DOSES = (IL2, IL12, TABLETS)


def protocol(name: str = IL2) -> Protocol:
    return shipped_protocol(name)


@cache
def plan(name: str = IL2, start: date = date(2026, 11, 2), cycles: int = 3) -> Schedule:
    size = (Decimal(70), Decimal(165))
    return make_plan(protocol(name), PlanRequest(start, ARMS.get(name), *size, cycles=cycles))


def with_events(*events: Event, start: date = date(2026, 11, 2), seen: date, days: int = 60) -> Schedule:
    """The schedule of a patient of the trial with aldesleukin, with events, seen on a day."""
    return build_schedule(protocol(), patient(start, *events), start + timedelta(days=days), seen)


def whose(**changed: object) -> Whose:
    known: dict[str, object] = {
        "subject": "S-001",
        "protocol": "trastuzumab-il2",
        "edition": 1,
        "zone": "UTC",
        "approved": True,
        "places": {},
        "entry": 17,
        "seal": "4f1c22ab90de77",
        "clinic": "Example Ward",
        "phone": "+1 555 0100",
    }
    return Whose(**{**known, **changed})  # type: ignore[arg-type] # the test's own words


def days(
    schedule: Schedule, first: date, last: date, released: date | None = None, products: Products | None = None
) -> tuple[PatientDay, ...]:
    span = Span(first, last, released or schedule.through)
    return patient_days(schedule, products or shipped_products(), places_of(protocol(schedule.protocol)), span)


def diary(found: Sequence[PatientDay], code: str = "en", trial: str = IL2, **changed: object) -> bytes:
    tongue: Language = language(code)
    return write_diary(found, rules_of(protocol(trial), tongue), tongue, whose(**changed))


def wall(found: Sequence[PatientDay], code: str = "en", **changed: object) -> bytes:
    return write_wall(found, language(code), whose(**changed), found[-1].on)


# ------------------------------------------------------------------------------ another library reads them


def pages(pdf: bytes) -> list[str]:
    """The words of each page, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def lines(pdf: bytes) -> list[str]:
    """The lines of all pages."""
    document = pypdfium2.PdfDocument(pdf)
    return [line for page in document for line in page.get_textpage().get_text_bounded().splitlines()]


def smallest_print(pdf: bytes) -> float:
    """The smallest size of any letter, in points."""
    return min(
        pdfium.FPDFText_GetFontSize(text.raw, number)
        for text in (page.get_textpage() for page in pypdfium2.PdfDocument(pdf))
        for number in range(text.count_chars())
        if text.get_text_range(number, 1).strip()
    )


def unseen(pdf: bytes) -> float:
    """The share of letters that nobody can see: whose place on the picture is all of one colour."""
    lost = seen = 0
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=2).to_pil().convert("L")
        text = page.get_textpage()
        for number in range(text.count_chars()):
            if not text.get_text_range(number, 1).strip():
                continue
            left, bottom, right, top = text.get_charbox(number)
            box = (
                int(left * 2),
                picture.height - int(top * 2) - 1,
                int(right * 2) + 1,
                picture.height - int(bottom * 2),
            )
            seen += 1
            low, high = picture.crop(box).getextrema()
            lost += high - low < 100
    return lost / max(1, seen)


def out_of_page(pdf: bytes) -> list[str]:
    """Letters that stand outside the margins."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        width, height = page.get_size()
        text = page.get_textpage()
        for number in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number)
            if text.get_text_range(number, 1).strip() and not (
                20 < left < right < width - 20 and 15 < bottom < top < height - 15
            ):
                found.append(text.get_text_range(number, 1))
    return found
