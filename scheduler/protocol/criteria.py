"""Toxicity criteria: which grades a version defines for a term, and whether the term is haematologic.

A grade means different things in different versions, so a protocol names its own. The folder holds one
table for each version, `ctcae-3.0.csv`, with columns term, haematologic and grades; no grade texts, and
only terms that protocols need.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_VERSION = re.compile(r"(CTC|CTCAE) (\d+\.\d+)")
_FILE = re.compile(r"(ctc|ctcae)-(\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Term:
    """A toxicity as its criteria name it; `grades` are those that are defined, in rising order."""

    name: str
    haematologic: bool
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of the criteria. A CTCAE 3.0 term with a site is named 'Pain: Joint'."""

    version: str
    terms: Mapping[str, Term]

    def grades(self, term: str) -> tuple[int, ...]:
        """Grades that the version defines for a term; none for a term it does not know."""
        known = self.terms.get(term)
        return known.grades if known else ()

    def named(self, text: str) -> str | None:
        """The term that is written so or, where only one does, begins so; case does not count."""
        wanted = text.strip().casefold()
        if not wanted:
            return None
        begins = [name for name in self.terms if name.casefold().startswith(wanted)]
        exact = [name for name in begins if name.casefold() == wanted]
        found = exact or begins
        return found[0] if len(found) == 1 else None

    def is_haematologic(self, term: str) -> bool:
        """A term that the version does not know is taken as nonhaematologic, to which rules apply."""
        known = self.terms.get(term)
        return known is not None and known.haematologic


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
