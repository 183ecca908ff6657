"""The sheets of an Excel workbook as plain rows of text. The only door to openpyxl.

A workbook comes from outside: it is unpacked within limits first, and only its XML is handed on.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from scheduler.problems import Refused

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 10_000, 60, 40
LAST_ROW_OF_EXCEL = 1_048_576
LARGEST_UNPACKED = 64_000_000
MOST_PARTS = 2_000
CHUNK = 65_536
ENCODING = re.compile(r"\s*<\?xml[^>]*\sencoding\s*=\s*[\"']([^\"']*)")
BROKEN = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, SyntaxError, zipfile.BadZipFile)
"""What openpyxl lets through where a workbook breaks its form; SyntaxError is how XML parsers complain."""


class Sheet(NamedTuple):
    """A table as it stands: every cell as text, a formula as its formula."""

    title: str
    rows: list[tuple[str, ...]]


def is_workbook(data: bytes) -> bool:
    """Whether it is packed as an .xlsx file is."""
    return data.startswith(b"PK\x03\x04")


def read_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook; Refused where it is none, or is too large."""
    import openpyxl  # nothing else in the house needs it
    from openpyxl.utils.exceptions import InvalidFileException

    packed = _harmless(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which nobody asks for
            book = openpyxl.load_workbook(packed, read_only=True, keep_links=False)
            found: list[Sheet] = []
            for sheet in book.worksheets[:MOST_SHEETS]:
                if sheet.sheet_state == "visible":
                    sheet.reset_dimensions()  # what a sheet says of its size need not be so
                    found.append(Sheet(sheet.title, _rows(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))))
            book.close()
    except (*BROKEN, InvalidFileException) as fault:
        raise _not_readable() from fault
    return found


def _rows(cells: Iterable[tuple[object, ...]]) -> list[tuple[str, ...]]:
    """Up to the last row with anything in it; empty ones may follow without number."""
    rows: list[tuple[str, ...]] = []
    for number, row in enumerate(cells):
        if number > LAST_ROW_OF_EXCEL:
            raise _too_large()
        if any(value is not None for value in row):
            if number > MOST_ROWS:
                raise _too_large()
            rows += [()] * (number - len(rows))
            rows.append(tuple("" if value is None else str(value) for value in row))
    return rows


def _harmless(data: bytes) -> io.BytesIO:
    """The XML of a workbook, packed anew: whatever the old packing says of sizes is not relied on."""
    new = io.BytesIO()
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new, "w") as packed:
            parts = [part for part in old.infolist() if part.filename.endswith((".xml", ".rels"))]
            if len(parts) > MOST_PARTS:
                raise _too_large()
            for part in {part.filename: part for part in parts}.values():
                content = _unpacked(old, part, left)
                left -= len(content)
                packed.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as fault:
        raise _not_readable() from fault
    new.seek(0)
    return new


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """One part, read in small pieces, so that a bomb is noticed before it is unpacked."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _not_readable()
    content = bytearray()
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            content += piece
            if len(content) > most:
                raise _too_large()
    text = content.decode("utf-8-sig")
    declared = ENCODING.match(text)
    if "<!DOCTYPE" in text or "<!ENTITY" in text or (declared and declared[1].casefold() != "utf-8"):
        raise Refused("The workbook holds XML that Excel does not write. Save it anew with Excel or LibreOffice.")
    return bytes(content)


def _not_readable() -> Refused:
    return Refused("It is not a workbook that can be read. Save it anew as .xlsx, or as CSV UTF-8.")


def _too_large() -> Refused:
    return Refused("The workbook is far larger inside than a list of criteria. Save its table alone as CSV UTF-8.")
