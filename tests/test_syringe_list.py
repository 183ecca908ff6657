"""The printed syringe schedule, read back by another library: its words, fonts, boxes and bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from scheduler.outputs.safe_words import in_words, ranges, without_slash
from scheduler.outputs.syringe_list import write_syringe_list
from scheduler.problems import Refused
from tests.syringe_sample import DAY_1, INTERMEDIATE, dose, everything, first_cycle, schedule, shipped

PRODUCTS = shipped()
APPROVED = {"aldesleukin": replace(PRODUCTS["aldesleukin"], standing="approved")}


def pages(data: bytes) -> list[str]:
    document = pdfium.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def text(data: bytes) -> str:
    return " ".join(pages(data))


@pytest.fixture(scope="module")
def full() -> bytes:
    return write_syringe_list(everything(), PRODUCTS, made_from="event 17, seal 4f1c22ab90de")


# ---------------------------------------------------------------- what stands there


def test_a_row_says_all_that_is_to_be_drawn_up(full) -> None:
    row = (
        "A Tue 6 Jan 2026 at 20:00 cycle 1, day 2 1.791 million units rests on assumption 1 0.1 mL "
        "1.8 million units 0.5 % more than the dose 1 mL syringe marks of 0.01 mL 1 of 8"
    )
    assert row in pages(full)[0]


def test_the_head_names_patient_protocol_and_product(full) -> None:
    first = pages(full)[0]
    for words in (
        "Patient 013-S0007; protocol trastuzumab-il2, edition 1; cycle 1, day 1 on Mon 5 Jan 2026",
        "aldesleukin, low dose circle A: for subcutaneous use only",
        "a vial of 22 million units with 1.2 mL sterile water for injection gives 18 million units per mL (label)",
        "1.13 to 1.6 million units per mL: Diluted",
        "48 hours from reconstitution (label)",
        "insulin syringe (assumed)",
        "Weight 70 kg, measured on Mon 5 Jan 2026.",
        "Visit on Mon 5 Jan 2026: doses up to Sun 25 Jan 2026; 8 syringes on this list",
    ):
        assert words in first, words


def test_doses_beyond_the_shelf_life_are_told(full) -> None:
    assert "6 of these doses fall after Wed 7 Jan 2026. A syringe made up at the visit keeps 48 hours" in pages(full)[0]


def test_warnings_and_refusals_are_words_and_a_refusal_has_no_volume(full) -> None:
    words = text(full)
    assert "WARNING: Rounded to the mark it is 6.7 % less than the dose: above 5 %." in words
    assert words.count("NOT TO BE DRAWN UP") == 4
    for day, why in (("day 13", "16.5 % more"), ("day 14", "On hold"), ("day 15", "no weight")):
        row = re.search(rf"cycle 1, {day} (.*?) A \w+ \d+ Jan", words)[1]
        assert why in row
        assert set(re.findall(r"[\d.]+ mL", row)) <= {"1 mL", "0.01 mL"}  # the syringe's own
    assert "no amount" in words
    assert "2 levels down" in words
    assert "needs more than one vial" in words


def test_the_larger_syringe_is_explained_without_a_second_volume(full) -> None:
    last = pages(full)[-1]
    assert "24 million units is too much for one 1 mL syringe." in last
    assert "Divided between 2 of them, marks of 0.01 mL, it would be 0.3 % less than the dose;" in last
    assert "in one 3 mL syringe, marks of 0.1 mL, it is 2.5 % less than the dose." in last
    assert "1.33" not in text(full)


def test_a_release_that_is_cut_says_so(full) -> None:
    assert "doses up to Sun 8 Feb 2026, where the schedule ends before the next visit" in text(full)
    assert "1 of at least 1" in text(full)


def test_assumptions_are_numbered_and_told(full) -> None:
    assert "1. Body surface area is Mosteller's. (trastuzumab-il2.yaml:200)" in pages(full)[-1]
    assert "Product: Insulin syringes are never used. (aldesleukin.yaml:" in pages(full)[-1]


def test_every_page_says_what_it_was_made_from_and_its_number(full) -> None:
    found = pages(full)
    digest = hashlib.sha256((Path(__file__).parent.parent / "protocols/products/aldesleukin.yaml").read_bytes())
    for number, page in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in page
        assert "event 17, seal 4f1c22ab90de" in page
        assert f"SHA-256 {digest.hexdigest()[:12]}" in page
        assert "A pharmacist confirms every volume." in page
        assert "Patient 013-S0007" in page
        assert "DRAFT" in page


@pytest.mark.parametrize(
    ("products", "approved", "draft"),
    [(PRODUCTS, False, True), (PRODUCTS, True, True), (APPROVED, False, True), (APPROVED, True, False)],
)
def test_draft_until_protocol_and_product_are_approved(products, approved, draft) -> None:
    found = pages(write_syringe_list(first_cycle(), products, approved=approved))
    assert {"DRAFT" in page for page in found} == {draft}


def test_only_up_to_a_day_with_the_numbers_of_the_whole_release() -> None:
    data = write_syringe_list(first_cycle(), PRODUCTS, DAY_1 + timedelta(days=2))
    assert "2 of 16" in text(data)
    assert "3 of 16" not in text(data)
    assert "intermediate" not in text(data)
    whole = write_syringe_list(first_cycle(), PRODUCTS)
    assert write_syringe_list(first_cycle(), PRODUCTS, DAY_1 + timedelta(days=400)) == whole


def test_nothing_to_draw_up_is_said_in_one_sentence() -> None:
    with pytest.raises(Refused, match=r"^No home dose is to be drawn up until Mon 5 Jan 2026: nothing to print\.$"):
        write_syringe_list(first_cycle(), PRODUCTS, DAY_1)


# ---------------------------------------------------------------- two strengths


def test_no_page_holds_two_strengths(full) -> None:
    for page in pages(full)[:-1]:
        assert ("low dose" in page) is not ("intermediate dose" in page)
        assert ("circle A" in page) is not ("square B" in page)


def test_strengths_differ_in_shape_and_place_in_black_and_white() -> None:
    looks = {}
    for page in pdfium.PdfDocument(write_syringe_list(first_cycle(), PRODUCTS)):
        strength = re.search("(low|intermediate) dose|$", page.get_textpage().get_text_range())[1]
        image = page.render(scale=2).to_pil().convert("RGB")
        assert all(red == green == blue for _, (red, green, blue) in image.getcolors(1 << 24))
        if strength:
            banner = image.convert("L").crop((60, 160, image.width - 60, 230))
            dark = sum(banner.histogram()[:64]) / (banner.width * banner.height)
            (mark,) = [left for left, height, letter in letters(page) if letter in "AB" and height > 15.5]
            looks[strength] = ("black" if dark > 0.5 else "white", "left" if mark < 100 else "right")
    assert looks == {"low": ("white", "left"), "intermediate": ("black", "right")}


def letters(page):
    """Left edge, height and letter of every character."""
    found = page.get_textpage()
    for index in range(found.count_chars()):
        left, bottom, _, top = found.get_charbox(index)
        yield left, top - bottom, found.get_text_range(index, 1)


# ---------------------------------------------------------------- notation

FORBIDDEN = {
    "IU, MIU, MU, U": r"\b(?:IU|MIU|MU|MM|U|u)\b",
    "M or K for a number": r"\d ?[MKk]\b",
    "microgram sign": r"[µμ]g|\bug\b",
    "ng": r"\bng\b",
    "latin": r"\b(?:QD|QOD|OD|q\.d\.|HS|BT|PO|D/C|AD|SC|SQ|SubQ|sub q|S\.C\.)\b",
    "cc, ml": r"\b(?:cc|ml|ML)\b",
    "unit with a point": r"\b(?:mL|mg|g)\.(?= [a-z])",
    "trailing zero": r"\d\.\d*0\b",
    "naked decimal": r"(?<![\d\w])\.\d",
    "number without comma": r"(?<![\d.,])(?!20\d\d\b)\d{4,}",
    "number at its unit": r"\d(?:mL|mg|g|units?|million|%|hours)\b",
    "signs": r"[@&<>+±≤≥]",
    "slash": r"(?<![\w.-])[\w.]+/\w+",
    "drug in short": r"\b(?:IL-2|rIL-2|T-DM1|TRAZ|MTX)\b",
    "day in figures": r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b",
    "cycle in short": r"\bC\d+D\d+\b",
}


@pytest.mark.parametrize("notation", FORBIDDEN)
def test_no_error_prone_notation(notation, full) -> None:
    words = re.sub(r"013-S0007|SHA-256 [0-9a-f]{12}|seal [0-9a-f]{12}|[\w-]+\.yaml(?::\d+)?", " ", text(full))
    assert re.search(FORBIDDEN[notation], words) is None, re.search(".{0,30}" + FORBIDDEN[notation] + ".{0,30}", words)


@pytest.mark.parametrize(
    "notation", ["5 MIU", "18 million IU", "1.0 mL", ".5 mL", "10mL", "2 cc", "1/2", "C2D9", "+3", "10000 units"]
)
def test_the_list_of_forbidden_notation_finds_them(notation) -> None:
    assert any(re.search(pattern, f"give {notation} now") for pattern in FORBIDDEN.values())


def test_small_words() -> None:
    assert in_words(DAY_1) == "Mon 5 Jan 2026"
    assert ranges([1, 2, 3, 5, 5]) == "1 to 3, 5"
    assert ranges([]) == ""
    assert without_slash("4 mg/kg on 2026-01-05") == "4 mg per kg on Mon 5 Jan 2026"
    assert without_slash("code 2026-13-45") == "code 2026-13-45"


def test_parts_and_a_dilution_are_told_on_the_row() -> None:
    product = PRODUCTS["aldesleukin"]
    weaker = product.dilutions[1]  # 6 million units per mL
    changed = replace(product, over_capacity="equal parts", uses=(("", weaker),), concentration=weaker)
    words = text(write_syringe_list(schedule(dose(9, "9", INTERMEDIATE)), {"aldesleukin": changed}))
    assert "2 times, at 2 sites: 0.75 mL 9 million units diluted to 6 million units per mL" in words
    assert "all 2 syringes together" in words
    assert "6 million units per mL: to 1 mL of the solution 2 mL 5 % dextrose (assumed)" in words
