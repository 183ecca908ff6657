"""Printed pages as such: fonts, boxes, bytes, and names that try to be more than names."""

from __future__ import annotations

import ctypes
import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c
import pytest

from scheduler.outputs.paper import printable
from scheduler.outputs.syringe_list import write_syringe_list
from scheduler.problems import Refused
from tests.syringe_sample import everything, first_cycle, shipped

PRODUCTS = shipped()


def pages(data: bytes) -> list[str]:
    document = pdfium.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def text(data: bytes) -> str:
    return " ".join(pages(data))


@pytest.fixture(scope="module")
def full() -> bytes:
    return write_syringe_list(everything(), PRODUCTS, made_from="event 17, seal 4f1c22ab90de")


# ---------------------------------------------------------------- the page itself


def test_all_fonts_are_embedded(full) -> None:
    names = set()
    for page in pdfium.PdfDocument(full):
        for thing in page.get_objects(filter=[c.FPDF_PAGEOBJ_TEXT]):
            font = c.FPDFTextObj_GetFont(thing.raw)
            assert c.FPDFFont_GetIsEmbedded(font) == 1
            buffer = ctypes.create_string_buffer(100)
            c.FPDFFont_GetBaseFontName(font, buffer, 100)
            names.add(buffer.value.decode().split("+")[-1])
    assert names == {"DejaVuSans", "DejaVuSans-Bold"}
    assert b"Helvetica" not in full  # nor is another one named


def boxes(page):
    """The boxes of all characters that leave ink, in points."""
    found = page.get_textpage()
    for index in range(found.count_chars()):
        if found.get_text_range(index, 1).strip():
            yield found.get_charbox(index)


LONG = "Nguyễn-Świętosławska " * 12


@pytest.mark.parametrize("subject", ["013-S0007", LONG, "W" * 300])
def test_nothing_is_cut_off_and_nothing_lies_on_another(subject) -> None:
    data = write_syringe_list(replace(everything(), subject=subject), PRODUCTS, made_from="event 17 " * 20)
    for page in pdfium.PdfDocument(data):
        width, height = page.get_size()
        assert (round(width), round(height)) == (842, 595)
        found = sorted(boxes(page))
        for left, bottom, right, top in found:
            assert left >= 30
            assert bottom >= 12
            assert right <= width - 30
            assert top <= height - 30
        for index, (left, bottom, right, top) in enumerate(found):
            for other in found[index + 1 :]:
                if other[0] >= right:
                    break
                wide = min(right, other[2]) - other[0]
                high = min(top, other[3]) - max(bottom, other[1])
                assert not (wide > 1.5 and high > 1.5), (left, bottom, right, top, other)


def test_the_same_input_gives_the_same_bytes_in_any_process(full) -> None:
    again = write_syringe_list(everything(), PRODUCTS, made_from="event 17, seal 4f1c22ab90de")
    assert again == full
    program = (
        "import hashlib; from tests.test_paper import *; "
        "data = write_syringe_list(everything(), PRODUCTS, made_from='event 17, seal 4f1c22ab90de'); "
        "print(hashlib.sha256(data).hexdigest())"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == hashlib.sha256(full).hexdigest()


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "name",
    [
        "<b>Ann</b>",
        "Ann <b>",
        "<a href='https://example.org'>Ann</a>",
        "<img src='/etc/hostname'/>",
        "<font size=40>Ann</font>",
        "<para><seq id='x'/>",
        "&lt;Ann&gt; & &amp;",
        "]]> <!-- <?php",
        "{{7*7}} %s %(x)s ${HOME}",
        "Zażółć gęślą jaźń Świętosława Żółkiewska",
        "Nguyễn Thị Phương Ưu Đặng Ỷ",
        "Δημήτρης Щербаков Ölçer Çağlar Þór",
    ],
)
def test_a_name_prints_as_it_is_written(name) -> None:
    data = write_syringe_list(first_cycle(subject=name), PRODUCTS)
    assert f"Patient {name};" in pages(data)[0]
    for page in pdfium.PdfDocument(data):
        assert c.FPDFPage_GetAnnotCount(page.raw) == 0
        kinds = {thing.type for thing in page.get_objects()}
        assert c.FPDF_PAGEOBJ_IMAGE not in kinds


def test_a_decomposed_name_is_composed() -> None:
    assert "Patient Żółć;" in text(write_syringe_list(first_cycle(subject="Z\u0307o\u0301łc\u0301"), PRODUCTS))


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "محمد",
        "דוד",
        "ᮊᮥᮒ",
        "क्षमा",
        "สมชาย",
        "x\u0301\u0302",
        "a\u202eb",
        "a\x1b[31m",
        "a\x00b",
        "a\u200bb",
        "\ud800",
        "\ue000",
        "Ann\ufffd",
    ],
)
def test_a_name_that_would_not_print_right_is_refused_in_one_sentence(name) -> None:
    with pytest.raises(Refused, match=r"^'.*' holds the character U\+[0-9A-F]+, which this print cannot show; .*\.$"):
        write_syringe_list(first_cycle(subject=name), PRODUCTS)


def test_line_ends_in_a_name_become_spaces() -> None:
    assert printable("Ann\r\n\tBee \u00a0 Cee") == "Ann Bee Cee"
