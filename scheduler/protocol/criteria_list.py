"""A full list of criteria as NCI publishes it, CSV or workbook: only terms and which grades they have are kept.

Codes, definitions and the texts of the grades stay in the file; nothing of them is stored.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scheduler.problems import Refused
from scheduler.protocol.criteria import Criteria, Term
from scheduler.protocol.criteria_versions import is_by_category, version_in_title, version_named
from scheduler.protocol.criteria_workbook import MOST_ROWS, Sheet, is_workbook, read_sheets
from scheduler.protocol.wording import hidden, listed, quoted

LARGEST_FILE = 20_000_000
LONGEST_TERM = 300
HEADER_WITHIN = 20
GRADES = (1, 2, 3, 4, 5)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
BLOOD = "blood/bone marrow"
HAEMATOLOGIC = frozenset({
    "anemia",
    "bone marrow hypocellular",
    "cd4 lymphocytes decreased",
    "eosinophilia",
    "hemoglobin increased",
    "hemolysis",
    "leukocytosis",
    "lymphocyte count decreased",
    "lymphocyte count increased",
    "lymphopenia",
    "neutrophil count decreased",
    "platelet count decreased",
    "thrombocytopenia",
    "white blood cell decreased",
})  # fmt: skip
"""From CTCAE 4.0 on no category decides it, so the terms are named; febrile neutropenia is not among them."""

_TERM = re.compile(r"((ctcae|ctc) )?(v?\d[\d.]* )?(ae )?term|adverse event( term)?")
_CATEGORY = re.compile(r"(.* )?(category|soc|system organ class)")


class Columns(NamedTuple):
    """Where things stand in a table; None where it has no such column."""

    term: int
    grades: tuple[int, ...]
    category: int | None
    select: int | None
    version: int | None


class Table(NamedTuple):
    """A sheet whose header row was found: the rows below it, and the number of the first of them."""

    title: str
    columns: Columns
    rows: Sequence[tuple[str, ...]]
    first: int


class Found(NamedTuple):
    """What a file gives; `left_out` counts rows that name a term and define no grade."""

    criteria: Criteria
    left_out: int


def read_list(path: Path, version: str | None = None) -> Found:
    """The list of a file; `version` where the file does not say it. Refused with one sentence where it is none."""
    try:
        return _found(_table(_sheets(_content(path))), version)
    except Refused as refused:
        raise Refused(f"{path.name}: {refused}") from None


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise Refused("It is not a file. Name the CSV file or the workbook.")
    with path.open("rb") as stream:
        data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise Refused(f"It is larger than {LARGEST_FILE // 1_000_000} MB, far more than a list of criteria has.")
    if not data.strip():
        raise Refused("It is empty. Name the CSV file or the workbook with the list.")
    return data


def _sheets(data: bytes) -> list[Sheet]:
    if data.startswith(OLD_EXCEL):
        raise Refused("It is a workbook in the old form of Excel, or locked. Save it as .xlsx without a password.")
    return read_sheets(data) if is_workbook(data) else [Sheet("", _csv_rows(data))]


def _csv_rows(data: bytes) -> list[tuple[str, ...]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("It is neither a workbook nor text in UTF-8. Save the list as CSV UTF-8.") from None
    rows: list[tuple[str, ...]] = []
    while text.startswith("#"):
        text = text.partition("\n")[2]
        rows.append(())
    header = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(tuple(row))
            if len(rows) > MOST_ROWS:
                break
    except csv.Error:
        raise Refused("It is not a table: its quotes or its cells do not end. Save the list as CSV UTF-8.") from None
    return rows


# ---------------------------------------------------------------- where the table is


def _table(sheets: Sequence[Sheet]) -> Table:
    """The only sheet with a header row of the list, or the one that NCI calls the clean copy."""
    found = [table for sheet in sheets for table in _tables(sheet)]
    clean = [table for table in found if "clean" in table.title.casefold()]
    chosen = clean or found
    if not chosen:
        raise Refused("No row names a column Term and the columns Grade 1 to Grade 5, so it holds no list of criteria.")
    if len(chosen) > 1:
        titles = listed([quoted(table.title) for table in chosen], "and")
        raise Refused(f"The sheets {titles} each hold a list. Save the right one alone, as .xlsx or as CSV UTF-8.")
    if len(chosen[0].rows) > MOST_ROWS - HEADER_WITHIN:
        raise Refused(f"It has more than {MOST_ROWS - HEADER_WITHIN:,} rows, far more than a list of criteria.")
    return chosen[0]


def _tables(sheet: Sheet) -> Iterator[Table]:
    filled = [number for number, row in enumerate(sheet.rows) if any(row)]
    for number in filled[:HEADER_WITHIN]:
        columns = _columns(sheet.rows[number])
        if columns is not None:
            yield Table(sheet.title, columns, sheet.rows[number + 1 :], number + 2)
            return


def _columns(row: tuple[str, ...]) -> Columns | None:
    """The columns by their words, however they are spaced; None where this is no header of a list."""
    names = [" ".join(re.findall(r"[a-z0-9.]+", _spaced(cell).casefold())) for cell in row]
    term = [at for at, name in enumerate(names) if _TERM.fullmatch(name)]
    grades = [[at for at, name in enumerate(names) if name == f"grade {grade}"] for grade in GRADES]
    if any(len(found) != 1 for found in (term, *grades)):
        return None
    category = next((at for at, name in enumerate(names) if _CATEGORY.fullmatch(name)), None)
    select, version = (names.index(name) if name in names else None for name in ("select ae", "version"))
    return Columns(term[0], tuple(found[0] for found in grades), category, select, version)


# ---------------------------------------------------------------- what the table says


def _found(table: Table, said: str | None) -> Found:
    version = _version(table, said)
    if is_by_category(version) and table.columns.category is None:
        raise Refused(f"{version} tells blood counts by their category, and the list has no column Category.")
    terms: dict[str, Term] = {}
    left_out = 0
    for number, row in enumerate(table.rows, start=table.first):
        term = _term(row, number, table.columns, version)
        if term is None:
            continue
        if not term.grades:
            left_out += 1
        elif term.name.casefold() in terms:
            raise Refused(f"Row {number:,} names {quoted(term.name)} a second time. Take one of them out.")
        else:
            terms[term.name.casefold()] = term
    if not terms:
        raise Refused("The list has no term with a grade.")
    return Found(Criteria(version, {term.name: term for term in terms.values()}, loaded=True), left_out)


def _version(table: Table, said: str | None) -> str:
    """As the column says, else the sheet's name, else the person; where two speak, they must agree."""
    at = table.columns.version
    written = {_spaced(_cell(row, at)) for row in table.rows if _cell(row, table.columns.term)} - {""}
    if len(written) > 1:
        raise Refused(f"Its column Version names {listed(sorted(written)[:4], 'and')}. Load one version at a time.")
    own = version_named(written.pop()) if written else version_in_title(table.title)
    wanted = version_named(said) if said is not None else own
    if wanted is None:
        raise Refused("It does not say which version it is. Say it with --version, like --version 5.0.")
    if own is not None and not wanted.startswith(own):  # CTCAE 4.03 calls itself 4.0
        raise Refused(f"It is a list of {own}, and not of {wanted}.")
    return wanted


def _term(row: tuple[str, ...], number: int, columns: Columns, version: str) -> Term | None:
    """The term of a row; None for a row without any."""
    name, site = _spaced(_cell(row, columns.term)), _spaced(_cell(row, columns.select))
    if not name:
        return None
    name = f"{name}: {site}" if site else name
    if any(map(hidden, name)) or name[0] in "=+-@#" or len(name) > LONGEST_TERM:
        raise Refused(f"The term of row {number:,} holds hidden characters or a formula, or is too long to be one.")
    texts = [_spaced(_cell(row, at)) for at in columns.grades]
    if any(text.startswith(("=", "#")) for text in texts):
        raise Refused(f"A grade of row {number:,} is a formula or an error of one. Save the values, not formulas.")
    grades = tuple(grade for grade, text in zip(GRADES, texts, strict=True) if any(map(str.isalnum, text)))
    return Term(name, _is_haematologic(name, _spaced(_cell(row, columns.category)), version), grades)


def _is_haematologic(name: str, category: str, version: str) -> bool:
    return category.casefold() == BLOOD if is_by_category(version) else name.casefold() in HAEMATOLOGIC


def _cell(row: tuple[str, ...], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


def _spaced(text: str) -> str:
    """On one line, with single spaces; Excel writes some line breaks as '_x000D_'."""
    return " ".join(unicodedata.normalize("NFC", text.replace("_x000D_", " ")).split())
