"""Small lists of criteria, in both forms in which NCI's are found: a CSV, and a workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl

GRADES = ("Grade   1 ", "Grade \n2", "Grade\u00a03", "Grade 4", "Grade 5")
HEADER = ("MedDRA Code", "MedDRA SOC", "CTCAE Term\n", *GRADES, "Definition")
CLEAN = "CTCAE v5.0 Clean Copy"
TOOTHACHE = (10044055, "Gastrointestinal disorders", "Toothache", "mild", "moderate", "severe", "-", "-", "A pain.")
DIZZINESS = (10013573, "Nervous system disorders", "Dizziness", "unsteady", "moderate", "severe", "-", None, "Spins.")
ANEMIA = (10002272, "Blood", "Anemia", "<LLN", "<10", "<8", "urgent", "Death", None)

CSV_5 = """\
# A list of criteria
# Source: made up
version,soc,term,code,grade_1,grade_2,grade_3,grade_4,grade_5,definition
5.0,Nervous system disorders,Dizziness,10013573,unsteady,moderate,severe,,-,Spins
5.0,Gastrointestinal disorders,Toothache,10044055,mild,"moderate,
two lines",severe,,,
5.0,Blood and lymphatic system disorders,Anemia,10002272,a,b,c,d,e,
5.0,Blood and lymphatic system disorders,Febrile neutropenia,10016288,,,c,d,e,
"""
CSV_3 = """\
version,category,term,select_ae,ctep_term,code,grade_1,grade_2,grade_3,grade_4,grade_5
3.0,PAIN,Pain,Joint,Joint pain,1,a,b,c,d,
3.0,PAIN,Pain,Tooth,Toothache,2,a,b,c,d,
3.0,BLOOD/BONE MARROW,Myelodysplasia,,Myelodysplasia,3,,,c,d,e
"""


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook of sheets, each a title and rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed_part(path: Path, part: str, old: str, new: str) -> Path:
    """The same workbook with something else inside one of its files."""
    parts = unpacked(path)
    text = parts[part].decode().replace(" />", "/>")  # with lxml, or without
    assert old in text
    return packed(path, parts | {part: text.replace(old, new, 1).encode()})


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written(path, content.getvalue())
