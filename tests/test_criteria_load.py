"""Reading a full list of criteria: what is taken from it, and what is turned away."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from scheduler.problems import Refused
from scheduler.protocol import criteria_list, criteria_workbook
from scheduler.protocol.criteria import Term
from scheduler.protocol.criteria_list import read_list
from scheduler.protocol.criteria_versions import version_named
from tests import criteria_files as made
from tests.criteria_files import ANEMIA, CLEAN, CSV_3, CSV_5, DIZZINESS, HEADER, TOOTHACHE
from tests.on_the_line import Ward

FIVE = {
    "Anemia": Term("Anemia", haematologic=True, grades=(1, 2, 3, 4, 5)),
    "Dizziness": Term("Dizziness", haematologic=False, grades=(1, 2, 3)),
    "Toothache": Term("Toothache", haematologic=False, grades=(1, 2, 3)),
}
LONG = "x" * 400


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    return Ward(tmp_path / "home", monkeypatch)


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("change", [str, lambda text: "\ufeff" + text.replace("\n", "\r\n")], ids=["LF", "Excel"])
def test_a_csv_gives_terms_and_the_grades_that_they_have(tmp_path: Path, change) -> None:
    found = read_list(made.written(tmp_path / "5.csv", change(CSV_5)))
    assert (found.criteria.version, found.left_out) == ("CTCAE 5.0", 0)
    fever = {"Febrile neutropenia": Term("Febrile neutropenia", haematologic=False, grades=(3, 4, 5))}
    assert found.criteria.terms == FIVE | fever


def test_a_csv_of_another_countrys_excel_is_read(tmp_path: Path) -> None:
    text = "term;grade 1;grade 2;grade 3;grade 4;grade 5\nDizziness;unsteady, so;b;c;;\n"
    found = read_list(made.written(tmp_path / "5.csv", text), "v5.0")
    assert found.criteria.terms == {"Dizziness": FIVE["Dizziness"]}


def test_version_3_has_sites_and_counts_blood_by_category(tmp_path: Path) -> None:
    found = read_list(made.written(tmp_path / "3.csv", CSV_3)).criteria
    assert found.version == "CTCAE 3.0"
    assert {term.name: (term.haematologic, term.grades) for term in found.terms.values()} == {
        "Pain: Joint": (False, (1, 2, 3, 4)),
        "Pain: Tooth": (False, (1, 2, 3, 4)),
        "Myelodysplasia": (True, (3, 4, 5)),
    }


def test_a_workbook_is_read_by_the_words_of_its_columns(tmp_path: Path) -> None:
    noise = (None, "Nervous system disorders", None, *[None] * 6)
    path = made.workbook(
        tmp_path / "ctcae.xlsx",
        ("Read me", [("CTCAE",), ("Term", "is not a table")]),
        ("CTCAE v4.03 to v5.0", [HEADER, TOOTHACHE]),
        (CLEAN, [("CTCAE v5.0",), HEADER, noise, DIZZINESS, TOOTHACHE, ANEMIA, (1, "SOC", "Empty", *"-----")]),
    )
    found = read_list(path)
    assert (found.criteria.version, found.criteria.terms, found.left_out) == ("CTCAE 5.0", FIVE, 1)


@pytest.mark.parametrize(
    ("written", "version"),
    [("5", "CTCAE 5.0"), (" v4.03 ", "CTCAE 4.03"), ("ctc 2.0", "CTC 2.0"), ("CTCAE version 6.0", "CTCAE 6.0")],
)
def test_a_version_is_known_however_it_is_written(written: str, version: str) -> None:
    assert version_named(written) == version


def test_a_revision_may_call_itself_by_its_version(tmp_path: Path) -> None:
    path = made.workbook(tmp_path / "4.xlsx", ("CTCAE v4.0", [HEADER, TOOTHACHE]))
    assert read_list(path, "4.03").criteria.version == "CTCAE 4.03"


# ---------------------------------------------------------------- what is turned away

ROW = "5.0,soc,{},1,a,b,c,,,\n"
HEAD = "".join(CSV_5.splitlines(keepends=True)[2:3])
BAD_CSV = {
    "empty": ("", "It is empty."),
    "blank": ("\n \n", "It is empty."),
    "prose": ("Dear all,\nplease find enclosed\n", "No row names a column Term"),
    "no term": (CSV_5.replace(",term,", ",name,"), "No row names a column Term"),
    "no grade 5": (CSV_5.replace(",grade_5,", ",death,"), "No row names a column Term"),
    "two terms": (CSV_5.replace(",code,", ",term,"), "No row names a column Term"),
    "no rows": (HEAD, "It does not say which version it is."),
    "only dashes": (HEAD + "5.0,s,Nausea,1,-,-,\u2013,,\u200b,\n", "has no term with a grade"),
    "no version": (CSV_5.replace("5.0,", ","), "It does not say which version it is. Say it with --version"),
    "version word": (CSV_5.replace("5.0,", "five,"), "'five' is not a version of the criteria."),
    "wrong kind": (CSV_5.replace("5.0,", "CTC 5.0,"), "'CTC 5.0' is not a version of the criteria."),
    "two versions": (CSV_5 + "4.0,s,Nausea,1,a,b,c,,,\n", "Its column Version names 4.0 and 5.0."),
    "no category": (CSV_3.replace("category", "group"), "the list has no column Category"),
    "twice": (CSV_5 + ROW.format("DIZZINESS"), "Row 8 names 'DIZZINESS' a second time."),
    "escape": (HEAD + ROW.format("Fe\x1b[31mver"), "The term of row 2 holds hidden characters"),
    "bidi": (HEAD + ROW.format("Fe\u202ever"), "The term of row 2 holds hidden characters"),
    "formula": (HEAD + ROW.format("=HYPERLINK(1)"), "or a formula"),
    "long": (HEAD + ROW.format(LONG), "or is too long to be one"),
    "grade formula": (HEAD + "5.0,s,Nausea,1,a,=B2,c,,,\n", "A grade of row 2 is a formula"),
    "quotes": (HEAD + '5.0,s,"Nausea,1,a,b,c,,,\n', "It is not a table: its quotes"),
    "latin": (CSV_5.encode("utf-16"), "It is neither a workbook nor text in UTF-8."),
    "pdf": (b"%PDF-1.7\n\xe2\xe3", "It is neither a workbook nor text in UTF-8."),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as .xlsx without a password."),
    "no zip": (b"PK\x03\x04 and nothing more", "It is not a workbook that can be read."),
    "rows": (HEAD + "".join(ROW.format(f"Ache {n}") for n in range(10_000)), "It has more than 9,980 rows"),
    "altered": (CSV_5.replace("severe,,-", "severe,disabled,-"), "It is not CTCAE 5.0, or was changed: it gives"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_CSV)
def test_a_bad_file_is_refused_with_its_name_and_one_sentence(ward: Ward, tmp_path: Path, fault: str) -> None:
    content, sentence = BAD_CSV[fault]
    said = ward.refuses("criteria", "load", str(made.written(tmp_path / "list.csv", content)))
    assert said.startswith("list.csv: ")
    assert sentence in said
    assert said.isprintable()
    assert not (ward.folder / "criteria").exists()


def test_what_is_no_file_is_refused(ward: Ward, tmp_path: Path) -> None:
    assert "no such file" in ward.refuses("criteria", "load", str(tmp_path / "gone.csv"))
    assert "It is not a file." in ward.refuses("criteria", "load", str(tmp_path))


def test_a_large_file_is_not_even_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(Refused, match=r"large\.csv: It is larger than 20 MB"):
        read_list(path)


def test_a_version_that_is_not_the_files_own_is_refused(ward: Ward, tmp_path: Path) -> None:
    path = str(made.written(tmp_path / "5.csv", CSV_5))
    assert "It is a list of CTCAE 5.0, and not of CTCAE 4.0." in ward.refuses(
        "criteria", "load", path, "--version", "4.0"
    )
    assert "'99x' is not a version" in ward.refuses("criteria", "load", path, "--version", "99x")


def simple(path: Path) -> Path:
    return made.workbook(path, (CLEAN, [HEADER, DIZZINESS]))


def bomb(path: Path) -> Path:
    """A part that unpacks to 100 MB, and says that it is small."""
    made.packed(path, made.unpacked(simple(path)) | {"xl/worksheets/sheet1.xml": b" " * 100_000_000})
    data = path.read_bytes()
    return made.written(path, data.replace((100_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))


def far_away(path: Path) -> Path:
    """A sheet that says it is as large as Excel can, with a row at its far end."""
    here = '<dimension ref="A1:I2"/>'
    sheet = made.changed_part(simple(path), "xl/worksheets/sheet1.xml", here, '<dimension ref="A1:XFD1048576"/>')
    last = '<row r="99999999999"><c r="XFD99999999999"><v>1</v></c></row></sheetData>'
    return made.changed_part(sheet, "xl/worksheets/sheet1.xml", "</sheetData>", last)


def entity(path: Path) -> Path:
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'
    return made.changed_part(simple(path), "xl/worksheets/sheet1.xml", "<worksheet", doctype)


BAD_WORKBOOKS = {
    "bomb": (bomb, "It is not a workbook that can be read."),
    "large": (
        lambda path: made.packed(path, made.unpacked(simple(path)) | {"xl/a.xml": b" " * 70_000_000}),
        "The workbook is far larger inside",
    ),
    "parts": (
        lambda path: made.packed(path, dict.fromkeys(map("{}.xml".format, range(3_000)), b"")),
        "The workbook is far larger inside",
    ),
    "far away": (far_away, "The workbook is far larger inside"),
    "entity": (entity, "XML that Excel does not write"),
    "no workbook": (lambda path: made.packed(path, {"a.txt": b""}), "It is not a workbook that can be read."),
    "no table": (lambda path: made.workbook(path, ("Sheet1", [("a", "b")])), "No row names a column Term"),
    "no version": (lambda path: made.workbook(path, ("Sheet1", [HEADER, DIZZINESS])), "Say it with --version"),
    "two lists": (
        lambda path: made.workbook(path, ("A", [HEADER, DIZZINESS]), ("B", [HEADER, ANEMIA])),
        "The sheets 'A' and 'B' each hold a list.",
    ),
    "formula": (
        lambda path: made.workbook(path, (CLEAN, [HEADER, (*DIZZINESS[:3], "=A1", *DIZZINESS[4:])])),
        "A grade of row 2 is a formula",
    ),
    "error": (
        lambda path: made.workbook(path, (CLEAN, [HEADER, (*DIZZINESS[:3], "#REF!", *DIZZINESS[4:])])),
        "A grade of row 2 is a formula or an error",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_WORKBOOKS)
def test_a_bad_workbook_is_refused_with_one_sentence(tmp_path: Path, fault: str) -> None:
    make, sentence = BAD_WORKBOOKS[fault]
    with pytest.raises(Refused) as refused:
        read_list(make(tmp_path / "list.xlsx"))
    assert sentence in str(refused.value)


@pytest.mark.parametrize("seed", range(8))
def test_a_torn_workbook_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    parts = made.unpacked(simple(tmp_path / "list.xlsx"))
    for _ in range(30):
        name = chance.choice(sorted(parts))
        content = bytearray(parts[name])
        start = chance.randrange(len(content))
        content[start : start + chance.randrange(40)] = chance.choice([b"", b"<", b'"', b"-1", b"&x;", b"XFD9"])
        path = made.packed(tmp_path / "torn.xlsx", parts | {name: bytes(content)})
        try:
            read_list(path)
        except Refused as refused:
            assert str(refused).startswith("torn.xlsx: ")  # noqa: PT017 - either is well


def test_only_the_xml_of_a_workbook_is_handed_on(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsm"
    made.packed(path, made.unpacked(simple(path)) | {"xl/vbaProject.bin": b"macro"})
    with zipfile.ZipFile(criteria_workbook._harmless(path.read_bytes())) as archive:
        assert all(name.endswith((".xml", ".rels")) for name in archive.namelist())
    assert read_list(path).criteria.terms == {"Dizziness": FIVE["Dizziness"]}


def test_the_workbooks_library_is_loaded_only_for_a_workbook() -> None:
    assert not hasattr(criteria_list, "openpyxl")
    assert not hasattr(criteria_workbook, "openpyxl")
