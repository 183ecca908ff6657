"""`c1d1 criteria`: load, list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home

if TYPE_CHECKING:
    from scheduler.protocol.criteria import Criteria


@click.group()
def criteria() -> None:
    """Toxicity criteria: which versions are at hand, and loading the full list of one.

    Only the terms that the shipped protocols need come with c1d1. The full lists are NCI's.
    """


@criteria.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", metavar="VERSION", help="Which version it is, like 5.0, where the file does not say it.")
@refusing
@at_home
def load(file: Path, version: str | None, home: Home) -> None:
    """Load the full list of a version from FILE: the workbook that NCI publishes (.xlsx), or a CSV.

    Terms are kept, and which grades each has; no codes, and no texts of grades.
    """
    from scheduler.cli.telling import say
    from scheduler.clinic.criteria_lists import load_list
    from scheduler.clinic.words import count

    found = load_list(home, file, version)
    terms = found.criteria.terms
    blood = sum(term.haematologic for term in terms.values())
    say(f"{found.criteria.version}: {count(len(terms), 'term')}, {blood:,} of them haematologic, loaded.")
    if found.left_out:
        say(f"! {count(found.left_out, 'row')} without any grade left out.")
    if found.before is not None:
        kind = "loaded before" if found.before.loaded else "that came with c1d1"
        say(f"It takes the place of the list of {count(len(found.before.terms), 'term')} {kind}.")
        lost = [name for name in found.before.terms if name not in terms]
        if found.before.loaded and lost:
            say(f"! {count(len(lost), 'term')} of that list {'is' if len(lost) == 1 else 'are'} not in this one.")


@criteria.command("list")
@click.argument("version", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@refusing
@at_home
def list_(version: str | None, form: str, home: Home) -> None:
    """List the versions at hand, or every term of VERSION with the grades that it defines."""
    from scheduler.clinic import criteria_lists

    if version is None:
        found = criteria_lists.known(home)
        write(_dumped([_summary(one) for one in found]) if form == "json" else "".join(map(_line, found)), None)
        return
    one = criteria_lists.one(home, version)
    write(_dumped(_summary(one) | {"list": _terms(one)}) if form == "json" else "".join(_lines(one)), None)


def _line(one: Criteria) -> str:
    kind = "the full list, loaded" if one.loaded else "those that the shipped protocols need"
    return f"{one.version}: {len(one.terms):,} terms, {kind}\n"


def _lines(one: Criteria) -> Iterator[str]:
    yield _line(one)
    for name, term in one.terms.items():
        kind = "  haematologic" if term.haematologic else ""
        yield f"  {' '.join(str(grade) if grade in term.grades else '-' for grade in range(1, 6))}  {name}{kind}\n"


def _summary(one: Criteria) -> dict[str, object]:
    return {"version": one.version, "terms": len(one.terms), "loaded": one.loaded}


def _terms(one: Criteria) -> list[dict[str, object]]:
    return [{"term": t.name, "haematologic": t.haematologic, "grades": list(t.grades)} for t in one.terms.values()]


def _dumped(table: object) -> str:
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"
