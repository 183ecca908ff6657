"""The tables of toxicity criteria: one file for each version, `ctcae-3.0.csv`.

Columns are term, haematologic and grades; no grade texts, and only terms that protocols need.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from scheduler.protocol.criteria import Criteria, Term

_VERSION = re.compile(r"(CTC|CTCAE) (\d+\.\d+)")
_FILE = re.compile(r"(ctc|ctcae)-(\d+\.\d+)")


def read_criteria(version: str, folder: Path) -> Criteria | None:
    """The table of a version, 'CTCAE 3.0'; None where the folder has none."""
    match = _VERSION.fullmatch(version)
    path = folder / f"{match[1].lower()}-{match[2]}.csv" if match else None
    if path is None or not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        terms = [_term(row["term"], row["haematologic"], row["grades"]) for row in rows]
    return Criteria(version, {term.name: term for term in terms})


def versions(folder: Path) -> tuple[str, ...]:
    """Every version that the folder has a table of, as protocols write it."""
    found = [_FILE.fullmatch(path.stem) for path in sorted(folder.glob("*.csv"))]
    return tuple(f"{match[1].upper()} {match[2]}" for match in found if match)


def _term(name: str, haematologic: str, grades: str) -> Term:
    return Term(name, haematologic == "yes", tuple(int(grade) for grade in grades))
