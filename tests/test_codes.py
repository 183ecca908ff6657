"""The code on a label, read back by a barcode reader, and the marks, told apart in black and white."""

from __future__ import annotations

import zlib

import pypdfium2 as pdfium
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.outputs.codes import draw_code, modules
from scheduler.outputs.marks import draw_mark
from scheduler.outputs.paper import MM, blank_pages
from scheduler.problems import Refused
from scheduler.protocol.declarations import SHAPES
from scheduler.record.syringe_numbers import LEAST, MOST, fits, made

NUMBERS = [made(digits) for n in range(40) if fits(digits := LEAST + (MOST - LEAST) * n // 39)]


def sheet_of(numbers: list[str], side: float = 8.5) -> bytes:
    """Many codes on a page, of `side` mm each with their white border."""
    page, buffer = blank_pages("Codes", 100, 100)
    for place, number in enumerate(numbers):
        down, across = divmod(place, 8)
        draw_code(page, number, (3 + across * 12) * MM, (88 - down * 12) * MM, side * MM)
    page.showPage()
    page.save()
    return buffer.getvalue()


def picture(data: bytes, dpi: int, page: int = 0):
    return pdfium.PdfDocument(data)[page].render(scale=dpi / 72).to_pil().convert("L")


def read_back(data: bytes, dpi: int, page: int = 0) -> list[str]:
    found = zxingcpp.read_barcodes(picture(data, dpi, page), formats=zxingcpp.BarcodeFormat.DataMatrix)
    return sorted(code.text for code in found)


@pytest.mark.parametrize("dpi", [200, 300])
def test_every_code_of_a_page_is_read_back(dpi) -> None:
    assert read_back(sheet_of(NUMBERS), dpi) == sorted(NUMBERS)


def test_a_code_holds_the_number_and_nothing_else() -> None:
    """Twelve modules hold eight characters of this kind; a name would not go in."""
    assert {modules(number).side for number in NUMBERS} == {12}
    assert read_back(sheet_of(["4821057" + made(4821057)[-1]]), 300) == [made(4821057)]


@pytest.mark.parametrize("words", ["Nguyen", "S-001", "", "4821057", "4821057A4821057A"])
def test_anything_but_a_syringe_number_is_refused(words) -> None:
    with pytest.raises(Refused):
        modules(words)


@settings(max_examples=20, deadline=None)
@given(st.integers(LEAST, MOST).filter(fits))
def test_any_number_is_read_back(digits) -> None:
    assert read_back(sheet_of([made(digits)]), 200) == [made(digits)]


# ---------------------------------------------------------------- marks


def drawn(mark: str, *, filled: bool = False, reversed_out: bool = False) -> bytes:
    page, buffer = blank_pages("Mark", 30, 30)
    if reversed_out:
        page.rect(0, 0, 30 * MM, 30 * MM, stroke=0, fill=1)
    draw_mark(page, mark, (5 * MM, 5 * MM), 20 * MM, filled=filled, reversed_out=reversed_out)
    page.showPage()
    page.save()
    return buffer.getvalue()


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("reversed_out", [False, True])
def test_every_shape_looks_different_in_black_and_white(filled, reversed_out) -> None:
    pictures = {
        zlib.crc32(picture(drawn(f"{shape} A", filled=filled, reversed_out=reversed_out), 72).tobytes())
        for shape in SHAPES
    }
    assert len(pictures) == len(SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_stays_in_its_square_and_shows_its_letter(shape) -> None:
    data = drawn(f"{shape} B")
    page = pdfium.PdfDocument(data)[0]
    assert page.get_textpage().get_text_range().strip() == "B"
    image = page.render(scale=4).to_pil().convert("L")
    dark = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    low, high = 5 * MM * 4 - 2, 25 * MM * 4 + 2
    assert low <= dark[0] < dark[2] <= high
    assert low <= dark[1] < dark[3] <= high
