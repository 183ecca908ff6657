"""Labels on their sheets: every code reads back, nothing is cut off, strengths differ on a copy as well."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import event, given, settings
from hypothesis import strategies as st

from scheduler.engine.syringes import syringes
from scheduler.outputs.label_sheets import SHEETS, write_labels
from scheduler.outputs.labels import labels_of
from scheduler.outputs.paper import MM
from scheduler.problems import Refused
from tests.paper_sample import LONGEST_SUBJECT, PRODUCTS, WHOSE, filled, found, letters, pages, picture, text
from tests.syringe_sample import dose, schedule

FOUND = found()
READY = filled(FOUND)


def labels(whose=WHOSE, planned=FOUND, ready=READY):
    return labels_of(planned, whose, ready)


def one_label(whose=WHOSE, sheet="roll", **changes) -> str:
    """The words of a single label for the dose of day 2."""
    planned = syringes(schedule(dose(2, **changes)), PRODUCTS)
    return text(write_labels(labels_of(planned, whose, filled(planned)), sheet))


# ---------------------------------------------------------------- sheets


@pytest.mark.parametrize(
    ("sheet", "first", "count"), [("L7160", 1, 1), ("L7160", 3, 1), ("L7160", 4, 2), ("roll", 1, 19)]
)
def test_a_used_sheet_goes_on_where_it_is_free(sheet, first, count) -> None:
    found_pages = pages(write_labels(labels(), sheet, first))
    assert len(found_pages) == count
    assert all(f"Page {n} of {count}" in page for n, page in enumerate(found_pages, start=1))
    assert " ".join(found_pages).count("subcutaneous") == 19


def test_labels_stand_in_their_place_on_the_sheet() -> None:
    """The first of two labels from place 20 on stands in the last row of L7160, second column."""
    data = write_labels(labels()[:2], "L7160", 20)
    heads = [(left / MM, bottom / MM) for c, left, bottom, _, top in letters(data) if c == "A" and top - bottom > 5]
    left, bottom = heads[0]
    assert 7.21 + 66.04 < left < 7.21 + 66.04 + 63.5
    assert 15 < bottom < 15.15 + 38.1


@pytest.mark.parametrize(
    ("sheet", "first"), [("L7160", 0), ("L7160", 22), ("5160", 31), ("roll", 2), ("A4", 1), ("<b>", 1)]
)
def test_sheets_and_places_that_do_not_exist_are_refused(sheet, first) -> None:
    with pytest.raises(Refused) as refused:
        write_labels(labels(), sheet, first)
    assert "L7160" in str(refused.value) or "roll" in str(refused.value) or "5160" in str(refused.value)


def test_the_same_labels_give_the_same_bytes() -> None:
    assert write_labels(labels(), "L7160", 5) == write_labels(labels(), "L7160", 5)


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_code_on_a_sheet_is_read_back(sheet, dpi) -> None:
    data = write_labels(labels(), sheet)
    read = []
    for page in range(len(pages(data))):
        codes = zxingcpp.read_barcodes(picture(data, dpi, page), formats=zxingcpp.BarcodeFormat.DataMatrix)
        read += [code.text for code in codes]
    assert sorted(read) == sorted(each[0].syringe.number for each in READY.values())


# ---------------------------------------------------------------- nothing is cut off


def inside(data: bytes, sheet_name: str, count: int) -> bool:
    """Whether every letter of a page lies within one of its labels, or in the margins of the sheet."""
    sheet = SHEETS[sheet_name]

    def holds(left, bottom, right, top) -> bool:
        for place in range(count):
            row, column = divmod(place, sheet.columns)
            x = (sheet.left + column * sheet.across) * MM
            y = (sheet.page[1] - sheet.top - row * sheet.down) * MM
            if x <= left and right <= x + sheet.size[0] * MM and y - sheet.size[1] * MM <= bottom and top <= y:
                return True
        return False

    edge = (sheet.page[1] - sheet.top) * MM
    return all(
        holds(*box)
        or (not sheet.is_roll and (box[1] >= edge or box[3] <= (sheet.page[1] - sheet.top) * MM - edge + 12.7 * MM))
        for _, *box in letters(data)
    )


@pytest.mark.parametrize("sheet", SHEETS)
def test_nothing_leaves_its_label(sheet) -> None:
    assert inside(write_labels(labels(), sheet), sheet, SHEETS[sheet].labels)


LONG = "fam-trastuzumab deruxtecan-nxki, intermediate dose of cycle 2"[:60]


def longest(sheet) -> bytes:
    whose = replace(WHOSE, subject=LONGEST_SUBJECT, name="Maximiliana-Alexandrina von und zu Hohenexample-Musterperson")
    planned = syringes(schedule(*(dose(day, name=LONG) for day in (2, 3))), PRODUCTS)
    return write_labels(labels_of(planned, whose, filled(planned)), sheet)


@pytest.mark.parametrize("sheet", ["L7160", "roll"])
def test_the_longest_names_fit_on_large_labels(sheet) -> None:
    data = longest(sheet)
    assert inside(data, sheet, SHEETS[sheet].labels)
    assert LONGEST_SUBJECT in text(data)
    assert LONG in text(data)


def test_the_longest_names_are_refused_on_small_labels() -> None:
    with pytest.raises(Refused, match=r"does not fit on 5160 at a size that can be read\. Take larger labels \(roll\)"):
        longest("5160")


def test_print_never_gets_smaller_than_readable() -> None:
    whose = replace(WHOSE, name=" ".join(["Exampleperson"] * 40))
    with pytest.raises(Refused, match="does not fit on L7160"):
        write_labels(labels(whose), "L7160")


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(categories=["Lu", "Ll"], include_characters=" <>&", max_codepoint=0x24F), max_size=60))
def test_any_latin_name_fits_or_is_refused_in_a_sentence(name) -> None:
    planned = syringes(schedule(dose(2)), PRODUCTS)
    made = labels_of(planned, replace(WHOSE, name=name), filled(planned))
    try:
        data = write_labels(made, "roll")
    except Refused as refused:
        said = str(refused)
        event(said[:40])
    else:
        said = "".join(text(data).split())
    assert said.endswith(".") or "".join(unicodedata.normalize("NFC", name).split()) in said


# ---------------------------------------------------------------- two strengths


def test_strengths_differ_in_word_ground_and_place_without_colour() -> None:
    made = labels()
    looks = []
    for label in (made[0], next(each for each in made if each.place == 1)):
        data = write_labels([label], "roll")
        image = picture(data, 200)
        band = image.crop((30, 30, image.width - 30, 60))
        dark = sum(band.histogram()[:64]) / (band.width * band.height)
        mark = next(left for c, left, bottom, _, top in letters(data) if c in "AB" and top - bottom > 6)
        looks.append((label.heading, dark > 0.5, mark > image.width / 200 * 36))
    assert looks == [("aldesleukin, low dose", False, False), ("aldesleukin, intermediate dose", True, True)]


def test_print_is_black_and_white() -> None:
    data = write_labels(labels(), "L7160")
    import pypdfium2 as pdfium

    colours = pdfium.PdfDocument(data)[0].render(scale=1).to_pil().convert("RGB").getcolors(1 << 24)
    assert all(red == green == blue for _, (red, green, blue) in colours)


def test_a_sheet_names_every_patient_it_was_made_for() -> None:
    made = [*labels()[:2], *labels(replace(WHOSE, subject="S-002", entry=4, replaces=""))[:2]]
    words = pages(write_labels(made))[0]
    assert "S-001: entry 17, seal 4f1c22ab90de; replaces what entry 12 handed out" in words
    assert "S-002: entry 4, seal 4f1c22ab90de" in words
