"""The tables of toxicity criteria: one file for each version, `ctcae-3.0.csv`.

Columns are term, haematologic and grades; no grade texts. What is shipped holds only terms that protocols
need; a clinic may have loaded the full lists beside it. A loaded list adds terms and changes none.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from scheduler.problems import Refused
from scheduler.protocol.criteria import Criteria, Term
from scheduler.protocol.wording import listed

_VERSION = re.compile(r"(CTC|CTCAE) (\d+\.\d+)")
_FILE = re.compile(r"(ctc|ctcae)-(\d+\.\d+)")
_GRADES = re.compile(r"1?2?3?4?5?")


def table_name(version: str) -> str | None:
    """'ctcae-3.0.csv' for 'CTCAE 3.0'; None for what names no version."""
    match = _VERSION.fullmatch(version)
    return f"{match[1].lower()}-{match[2]}.csv" if match else None


def read_criteria(version: str, folder: Path, lists: Path | None = None) -> Criteria | None:
    """A version, 'CTCAE 3.0': the table that is shipped, and the list that a clinic loaded; None without either."""
    shipped = _table(version, folder)
    loaded = _table(version, lists) if lists is not None else None
    if loaded is None:
        return shipped
    return Criteria(version, _together(loaded, shipped), loaded=True)


def versions(folder: Path, lists: Path | None = None) -> tuple[str, ...]:
    """Every version that there is a table of, as protocols write it."""
    stems = {path.stem for place in (folder, lists) if place is not None for path in place.glob("*.csv")}
    found = [_FILE.fullmatch(stem) for stem in sorted(stems)]
    return tuple(f"{match[1].upper()} {match[2]}" for match in found if match)


def check_agreement(new: Criteria, shipped: Criteria | None) -> None:
    """Refused where a list gives a term other grades than the shipped table: it is another version, or was changed."""
    known = {term.name.casefold(): term for term in shipped.terms.values()} if shipped else {}
    for term in new.terms.values():
        own = known.get(term.name.casefold())
        if own is not None and own.grades != term.grades:
            raise Refused(
                f"It is not {new.version}, or was changed: it gives {term.name} {_shown(term)},"
                f" and {new.version} gives it {_shown(own)}."
            )


def written_table(criteria: Criteria) -> str:
    """A version as the text of its file."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("term", "haematologic", "grades"))
    for name in sorted(criteria.terms):
        term = criteria.terms[name]
        rows.writerow((name, "yes" if term.haematologic else "no", "".join(map(str, term.grades))))
    return text.getvalue()


def _shown(term: Term) -> str:
    return f"the grade{'' if len(term.grades) == 1 else 's'} {listed([str(grade) for grade in term.grades], 'and')}"


def _together(loaded: Criteria, shipped: Criteria | None) -> dict[str, Term]:
    known = dict(shipped.terms) if shipped else {}
    spelt = {name.casefold() for name in known}
    more = {name: term for name, term in loaded.terms.items() if name.casefold() not in spelt}
    return dict(sorted((known | more).items()))


def _table(version: str, folder: Path) -> Criteria | None:
    name = table_name(version)
    path = folder / name if name else None
    if path is None or not path.is_file():
        return None
    try:
        terms = list(_terms(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, csv.Error):
        raise Refused(f"{path} is damaged. Load the list of {version} again with c1d1 criteria load FILE.") from None
    return Criteria(version, {term.name: term for term in terms})


def _terms(text: str) -> Iterator[Term]:
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        name, flag, grades = row["term"] or "", row["haematologic"], row["grades"] or ""
        if not (name and name.isprintable() and flag in ("yes", "no") and grades and _GRADES.fullmatch(grades)):
            raise ValueError(name)
        yield Term(name, flag == "yes", tuple(map(int, grades)))
