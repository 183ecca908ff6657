"""What the tests of the pharmacy's papers share: whose papers, prepared syringes, and how a PDF is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium

from scheduler.engine.syringes import Syringe, syringes
from scheduler.outputs.labels import Filled
from scheduler.outputs.paper_words import Whose
from scheduler.record.stock import FilledSyringe
from scheduler.record.syringe_numbers import fits, made
from tests.syringe_sample import INTERMEDIATE, LOW, first_cycle, shipped

PRODUCTS = shipped()
APPROVED = {"aldesleukin": replace(PRODUCTS["aldesleukin"], standing="approved")}
SEAL = "4f1c22ab90de" + 52 * "0"
WHOSE = Whose(
    subject="S-001",
    protocol="trastuzumab-il2",
    edition=1,
    zone="Europe/Berlin",
    approved=False,
    name="Person Example",
    entry=17,
    seal=SEAL,
    replaces="replaces what entry 12 handed out",
    clinic="Example Hospital, pharmacy",
    phone="030 0000 0000",
    places={LOW: 0, INTERMEDIATE: 1, "trastuzumab": 0, "paclitaxel": 0, "interleukin_12": 0},
)
LONGEST_SUBJECT = "OSU-0123456789-0123456789-0123456789-012"


def found(products=PRODUCTS, **changes) -> tuple[Syringe, ...]:
    """The syringes of a first cycle: 16 of circle A, 3 of square B."""
    return syringes(first_cycle(**changes), products)


def filled(planned: tuple[Syringe, ...], first: int = 4821057) -> dict[str, list[Filled]]:
    """Each of them made up at 15:00 UTC on the day before its dose, for 48 hours, with a number of its own."""
    ready: dict[str, list[Filled]] = {}
    numbers = (made(digits) for digits in count(first, 7919) if fits(digits))
    for each in planned:
        assert each.draw.drawn is not None
        at = datetime.combine(each.item.date - timedelta(days=1), time(15), ZoneInfo("UTC"))
        one = FilledSyringe(
            number=next(numbers),
            item=each.item.id,
            amount=each.item.amount,
            volume=Decimal(each.draw.drawn.volume),
            lot="AB1234",
            use_until=f"{at + timedelta(hours=48):%Y-%m-%dT%H:%MZ}",
        )
        ready[each.item.id] = [Filled(one, f"{at:%Y-%m-%dT%H:%MZ}")]
    return ready


def pages(data: bytes) -> list[str]:
    """The words of every page, by another library."""
    return [" ".join(p.get_textpage().get_text_range().split()) for p in pdfium.PdfDocument(data)]


def text(data: bytes) -> str:
    return " ".join(pages(data))


def letters(data: bytes, page: int = 0) -> list[tuple[str, float, float, float, float]]:
    """Every visible character of a page with its box: left, bottom, right, top, in points."""
    drawn = pdfium.PdfDocument(data)[page].get_textpage()
    boxes = ((drawn.get_text_range(n, 1), *drawn.get_charbox(n)) for n in range(drawn.count_chars()))
    return [each for each in boxes if each[0].strip()]


def picture(data: bytes, dpi: int = 150, page: int = 0):
    """A page in shades of grey, as a copier sees it."""
    return pdfium.PdfDocument(data)[page].render(scale=dpi / 72).to_pil().convert("L")
