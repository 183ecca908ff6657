"""A clinic that has loaded a full list of criteria: what is kept of it, and who uses it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from scheduler.shipped import protocols_folder
from tests import criteria_files as made
from tests.criteria_files import CLEAN, CSV_3, CSV_5, HEADER, TOOTHACHE
from tests.on_the_line import Ward, enrol_a


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    return Ward(tmp_path / "home", monkeypatch)


def test_a_loaded_list_is_kept_without_codes_and_texts(ward: Ward, tmp_path: Path) -> None:
    path = made.written(tmp_path / "5.csv", CSV_5)
    said = ward.says("criteria", "load", str(path))
    assert said.startswith("CTCAE 5.0: 4 terms, 1 of them haematologic, loaded.")
    assert "It takes the place of the list of 44 terms that came with c1d1." in said
    kept = (ward.folder / "criteria" / "ctcae-5.0.csv").read_text(encoding="utf-8")
    assert kept.splitlines() == [
        "term,haematologic,grades",
        "Anemia,yes,12345",
        "Dizziness,no,123",
        "Febrile neutropenia,no,345",
        "Toothache,no,123",
    ]
    assert "CTCAE 5.0: 45 terms, the full list, loaded" in ward.says("criteria", "list")
    assert "1 2 3 - - Toothache" in ward.says("criteria", "list", "5.0")
    assert '"term": "Toothache"' in ward.says("criteria", "list", "5", "--format", "json")
    assert "CTCAE 9.0 is not at hand here" in ward.refuses("criteria", "list", "9.0")


def test_a_shorter_list_says_what_it_lost(ward: Ward, tmp_path: Path) -> None:
    ward.says("criteria", "load", str(made.written(tmp_path / "5.csv", CSV_5)))
    said = ward.says("criteria", "load", str(made.workbook(tmp_path / "5.xlsx", (CLEAN, [HEADER, TOOTHACHE]))))
    assert "44 terms of that list are not in this one." in said


def test_what_is_shipped_stays_as_it_was(ward: Ward, tmp_path: Path) -> None:
    shipped = protocols_folder() / "criteria" / "ctcae-5.0.csv"
    before = shipped.read_bytes()
    ward.says("criteria", "load", str(made.written(tmp_path / "5.csv", CSV_5)))
    assert shipped.read_bytes() == before
    assert "sound" in ward.says("protocol", "check", "trastuzumab-weekly")


def test_protocols_and_enrolled_patients_use_a_loaded_list(ward: Ward, tmp_path: Path) -> None:
    enrol_a(ward)
    toothache = ("record", "toxicity", "A1", "Tooth", "3", "--on", "2026-01-14")
    assert "Only the terms of the shipped protocols are at hand: c1d1 criteria load FILE." in ward.refuses(*toothache)
    head = CSV_3.splitlines()[0].replace("select_ae,", "")
    text = f"{head}\n2.0,DENTAL,Toothache,Toothache,1,a,b,c,,\n2.0,DENTAL,Tooth loss,Loss,2,a,b,,,\n"
    ward.says("criteria", "load", str(made.written(tmp_path / "2.csv", text)))
    assert "begins several terms of CTC 2.0: Tooth loss; Toothache" in ward.refuses(*toothache)
    said = ward.says(*(word if word != "Tooth" else "tootha" for word in toothache))
    assert "Toothache, grade 3, CTC 2.0" in said
    no_grade = ward.refuses("record", "toxicity", "A1", "Toothache", "4", "--on", "2026-01-15")
    assert no_grade == "CTC 2.0 defines no grade 4 for Toothache; it has 1, 2 and 3."


def test_a_protocol_may_name_a_term_of_a_loaded_list(ward: Ward, tmp_path: Path) -> None:
    text = (protocols_folder() / "trastuzumab-weekly.yaml").read_text(encoding="utf-8")
    path = made.written(tmp_path / "mine.yaml", text + RULE)
    said = ward.refuses("protocol", "check", str(path))
    assert "unknown-term" in said
    assert "load the full list with c1d1 criteria load FILE" in said
    ward.says("criteria", "load", str(made.written(tmp_path / "5.csv", CSV_5.replace("severe,,,", "severe,x,,"))))
    assert "sound" in ward.says("protocol", "check", str(path))


RULE = """
  - assumes: Toothache of grade 3 or 4 holds trastuzumab.
    because: A test says so.
    otherwise: It does not.
    confirmed_by: nobody
    rules:
      - when: grade 3-4 of Toothache
        hold: trastuzumab
        until: grade 1 or baseline
        resume: same level
"""


def test_a_damaged_list_is_said_and_can_be_loaded_again(ward: Ward, tmp_path: Path) -> None:
    path = str(made.written(tmp_path / "5.csv", CSV_5))
    ward.says("criteria", "load", path)
    kept = ward.folder / "criteria" / "ctcae-5.0.csv"
    for content in (b"term,haematologic,grades\nFever,maybe,7\n", b"\xff", b"nothing\n1\n"):
        kept.write_bytes(content)
        assert "ctcae-5.0.csv is damaged. Load the list of CTCAE 5.0 again" in ward.refuses("criteria", "list")
        ward.refuses("protocol", "check", "trastuzumab-weekly")
    ward.says("criteria", "load", path)
    assert "45 terms" in ward.says("criteria", "list")


@pytest.mark.promise("P40")
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a profile's folder private by itself")
def test_only_the_owner_can_read_a_loaded_list(ward: Ward, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        for _ in range(2):
            ward.says("criteria", "load", str(made.written(tmp_path / "5.csv", CSV_5)))
    finally:
        os.umask(before)
    lists = ward.folder / "criteria"
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (ward.folder, lists, *lists.iterdir())}
    assert modes == {ward.folder.name: "0o700", "criteria": "0o700", "ctcae-5.0.csv": "0o600"}
