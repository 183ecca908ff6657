"""Toxicity criteria: what each version defines, and that nothing else is shipped with them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scheduler.protocol.criteria import Criteria
from scheduler.protocol.criteria_tables import read_criteria, versions
from scheduler.shipped import protocols_folder

FOLDER = protocols_folder() / "criteria"
ALL = ("CTC 2.0", "CTCAE 3.0", "CTCAE 4.0", "CTCAE 5.0", "CTCAE 6.0")


def criteria(version: str) -> Criteria:
    found = read_criteria(version, FOLDER)
    assert found is not None
    return found


def test_the_versions_that_are_shipped() -> None:
    assert versions(FOLDER) == ALL


@pytest.mark.parametrize("version", ["CTCAE 9.0", "CTCAE", "", "ctcae 3.0", "../CTCAE 3.0"])
def test_an_unknown_version_has_no_table(version: str) -> None:
    assert read_criteria(version, FOLDER) is None


@pytest.mark.parametrize(
    ("version", "term", "grades"),
    [
        ("CTC 2.0", "Dizziness/lightheadedness", (1, 2, 3, 4, 5)),
        ("CTC 2.0", "Nausea", (1, 2, 3, 5)),
        ("CTCAE 3.0", "Dizziness", (1, 2, 3, 4)),
        ("CTCAE 3.0", "Fatigue (asthenia, lethargy, malaise)", (1, 2, 3, 4)),
        ("CTCAE 3.0", "Nausea", (1, 2, 3, 4, 5)),
        ("CTCAE 3.0", "Injection site reaction/extravasation changes", (1, 2, 3)),
        ("CTCAE 4.0", "Dizziness", (1, 2, 3)),
        ("CTCAE 5.0", "Dizziness", (1, 2, 3)),
        ("CTCAE 5.0", "Pain", (1, 2, 3)),
        ("CTCAE 5.0", "Nausea", (1, 2, 3)),
        ("CTCAE 5.0", "Injection site reaction", (1, 2, 3, 4, 5)),
        ("CTCAE 5.0", "Pericardial effusion", (2, 3, 4, 5)),
        ("CTCAE 5.0", "Palmar-plantar erythrodysesthesia syndrome", (1, 2, 3)),
        ("CTCAE 5.0", "Ejection fraction decreased", (2, 3, 4)),
        ("CTCAE 6.0", "Pain", (1, 2, 3)),
        ("CTCAE 6.0", "Lymphopenia", (1,)),
    ],
)
def test_a_version_defines_its_own_grades(version: str, term: str, grades: tuple[int, ...]) -> None:
    assert criteria(version).grades(term) == grades


def test_a_term_of_another_version_has_no_grades() -> None:
    assert criteria("CTCAE 6.0").grades("Ejection fraction decreased") == ()


@pytest.mark.parametrize(
    ("version", "haematologic"),
    [
        ("CTC 2.0", "Platelets"),
        ("CTCAE 3.0", "Leukocytes (total WBC)"),
        ("CTCAE 4.0", "White blood cell decreased"),
        ("CTCAE 5.0", "Neutrophil count decreased"),
        ("CTCAE 6.0", "Thrombocytopenia"),
    ],
)
def test_counts_are_haematologic_in_every_version(version: str, haematologic: str) -> None:
    assert criteria(version).is_haematologic(haematologic)


@pytest.mark.parametrize("version", ALL)
def test_fever_with_low_neutrophils_is_not_haematologic(version: str) -> None:
    term = criteria(version).named("Febrile neutropenia")
    assert term is not None
    assert not criteria(version).is_haematologic(term)


def test_an_unknown_term_is_not_haematologic() -> None:
    assert not criteria("CTCAE 3.0").is_haematologic("Toothache")


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("Diarrhea", "Diarrhea"),
        ("fati", "Fatigue (asthenia, lethargy, malaise)"),
        ("PAIN: J", "Pain: Joint"),
        ("neuropathy: s", "Neuropathy: sensory"),
        ("Pain", None),
        ("Toothache", None),
        ("", None),
    ],
)
def test_a_term_is_found_by_an_unambiguous_beginning(typed: str, term: str | None) -> None:
    assert criteria("CTCAE 3.0").named(typed) == term


def test_a_whole_term_wins_over_longer_ones() -> None:
    both = {name: criteria("CTCAE 5.0").terms["Pain"] for name in ("Pain", "Pain in extremity")}
    assert Criteria("CTCAE 5.0", both).named("pain") == "Pain"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_a_table_holds_terms_flags_and_grades_only(path: Path) -> None:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["term", "haematologic", "grades"]
    names = [row[0] for row in rows[1:]]
    assert names == sorted(set(names))
    for _, haematologic, grades in rows[1:]:
        assert haematologic in {"yes", "no"}
        assert list(grades) == sorted(set(grades) & set("12345"))
        assert grades
