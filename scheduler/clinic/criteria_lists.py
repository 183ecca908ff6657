"""The full lists of toxicity criteria of a clinic: loaded from a file, kept in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from scheduler.clinic.home import Home
from scheduler.problems import Refused
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.criteria_list import read_list
from scheduler.protocol.criteria_tables import check_agreement, read_criteria, table_name, versions, written_table
from scheduler.protocol.criteria_versions import version_named
from scheduler.protocol.wording import listed
from scheduler.shipped import protocols_folder
from scheduler.store.files import PRIVATE_FOLDER, make_private, put_in_place, remove


class Loading(NamedTuple):
    """A list that was loaded; `before` is what counted until then, None where nothing was known of the version."""

    criteria: Criteria
    left_out: int
    before: Criteria | None


def load_list(home: Home, path: Path, version: str | None = None) -> Loading:
    """Read a published list and keep its terms and grades; Refused where it is none, or not of its version."""
    found = read_list(path, version)
    criteria = found.criteria
    try:
        check_agreement(criteria, read_criteria(criteria.version, _shipped()))
    except Refused as refused:
        raise Refused(f"{path.name}: {refused}") from None
    before = read_criteria(criteria.version, _shipped(), _readable(home, criteria.version))
    name = table_name(criteria.version)
    assert name is not None  # noqa: S101 - a version that was read has a name
    _keep(home, name, written_table(criteria))
    return Loading(criteria, found.left_out, before)


def known(home: Home) -> list[Criteria]:
    """Every version that is at hand here."""
    found = [read_criteria(version, _shipped(), home.lists) for version in versions(_shipped(), home.lists)]
    return [criteria for criteria in found if criteria is not None]


def one(home: Home, version: str) -> Criteria:
    """A version by its name or number; Refused with those at hand."""
    wanted = version_named(version)
    found = read_criteria(wanted, _shipped(), home.lists)
    if found is None:
        there = listed(versions(_shipped(), home.lists), "and")
        raise Refused(f"{wanted} is not at hand here; {there} are. Load its list with c1d1 criteria load FILE.")
    return found


def _shipped() -> Path:
    return protocols_folder() / "criteria"


def _readable(home: Home, version: str) -> Path | None:
    """The folder of the lists, unless the one that is about to be replaced is damaged."""
    try:
        read_criteria(version, _shipped(), home.lists)
    except Refused:
        return None
    return home.lists


def _keep(home: Home, name: str, text: str) -> None:
    """Whole or not at all, and for the owner's eyes only."""
    for folder in (home.folder, home.lists):
        if not folder.is_dir():
            folder.mkdir(PRIVATE_FOLDER, parents=True)
    part = home.lists / f"{name}.{os.getpid()}.part"
    remove(part)
    make_private(part)
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        put_in_place(part, home.lists / name)
    finally:
        remove(part)
