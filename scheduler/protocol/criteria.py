"""Toxicity criteria: which grades a version defines for a term, and whether the term is haematologic.

A grade means different things in different versions, so a protocol names its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A toxicity as its criteria name it; `grades` are those that are defined, in rising order."""

    name: str
    haematologic: bool
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of the criteria. A CTCAE 3.0 term with a site is named 'Pain: Joint'.

    `loaded` where the full list was loaded; else these are only the terms that shipped protocols need.
    """

    version: str
    terms: Mapping[str, Term]
    loaded: bool = False

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
