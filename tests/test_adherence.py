"""What was taken of what was planned: syringes, doses, relative dose intensity."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.on_the_line import Ward, enrol_a

LOW, LEVEL_0 = "C1D{}/aldesleukin_low", Decimal("1.791182105017")
"""Million units, at 165 cm and 70 kg."""


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path, monkeypatch)
    enrol_a(found)
    return found.on("2026-01-12")


def low(ward: Ward, through: str) -> dict[str, object]:
    """The row of the low dose in cycle 1, and what was received of it."""
    table = json.loads(ward.run("adherence", "A1", "--through", through, "--format", "json").stdout)
    (row,) = [row for row in table["cycles"] if (row["cycle"], row["treatment"]) == (1, "aldesleukin_low")]
    (sums,) = [dose for dose in table["treatments"] if dose["id"] == "aldesleukin_low"]
    return sums | row


def give(ward: Ward, *days: int) -> None:
    for day in days:
        ward.records(f"given A1 {LOW.format(day)} --on 2026-01-{4 + day:02} --time 20:00")


def test_every_dose_taken_is_a_hundred_per_cent(ward: Ward) -> None:
    give(ward, 2, 3, 4)
    found = low(ward, "2026-01-08")
    assert (found["planned"], found["given"], found["missed"]) == (3, 3, 0)
    assert found["relative_dose_intensity_percent"] == "100"
    assert Decimal(found["received"]["value"]) == 3 * LEVEL_0


def test_missed_held_and_unrecorded_doses_are_told_apart(ward: Ward) -> None:
    """Days 2 and 3 given, 4 missed, 5 held, 6 held and taken all the same, 7 held."""
    give(ward, 2, 3)
    ward.records(f"missed A1 {LOW.format(4)} --on 2026-01-08")
    ward.records("hold A1 --on 2026-01-09 --reason fever")
    give(ward, 6)
    found = low(ward, "2026-01-11")
    assert (found["planned"], found["given"], found["missed"], found["held"]) == (6, 3, 1, 2)
    assert (found["while_held"], found["unrecorded"]) == (1, 0)
    assert found["relative_dose_intensity_percent"] == "50"
    said = ward.says("adherence", "A1", "--through", "2026-01-11")
    assert "aldesleukin, low dose: 6 planned, 3 given, 1 missed, 2 held, 1 TAKEN WHILE HELD" in said


def test_a_reduced_dose_counts_for_what_it_is(ward: Ward) -> None:
    give(ward, 2)
    ward.records("level A1 aldesleukin_low -1 --on 2026-01-07", "--reason", "the investigator's decision")
    give(ward, 3)
    found = low(ward, "2026-01-07")
    assert found["relative_dose_intensity_percent"] == "87.5"


def test_a_cycle_that_begins_late_has_given_less_by_then(ward: Ward) -> None:
    """Cycle 2 is due on Mon 2026-01-26; a week later none of it is given."""
    ward.on("2026-02-01")
    give(ward, *range(2, 8), *range(12, 22))
    assert low(ward, "2026-01-25")["relative_dose_intensity_percent"] == "100"
    ward.records("visit A1 2 2026-02-02 --on 2026-01-26")
    table = json.loads(ward.run("adherence", "A1", "--through", "2026-02-01", "--format", "json").stdout)
    shares = {dose["id"]: dose["relative_dose_intensity_percent"] for dose in table["treatments"]}
    assert shares["aldesleukin_low"] == "80"  # 16 doses; the plan has four of cycle 2 by now, days 4 to 7


def test_what_nobody_recorded_is_said(ward: Ward) -> None:
    give(ward, 2)
    said = ward.says("adherence", "A1", "--through", "2026-01-08")
    assert "2 NOT RECORDED" in said
    assert "if taken, more was received than stands here" in said


def test_strengths_of_one_drug_are_added_up(ward: Ward) -> None:
    table = json.loads(ward.run("adherence", "A1", "--through", "2026-01-11", "--format", "json").stdout)
    assert [drug["id"] for drug in table["drugs"]] == ["trastuzumab", "aldesleukin"]


def test_it_ends_where_treatment_ended(ward: Ward) -> None:
    give(ward, 2, 3)
    ward.records("end A1 progression --on 2026-01-08")
    found = low(ward, "2026-01-11")
    assert found["planned"] == 2
    assert found["relative_dose_intensity_percent"] == "100"


def test_a_spreadsheet_has_a_row_for_each_cycle_and_treatment(ward: Ward) -> None:
    give(ward, 2)
    rows = list(csv.DictReader(io.StringIO(ward.run("adherence", "A1", "--format", "csv").stdout)))
    assert [(r["subject"], r["cycle"], r["treatment"], r["given"]) for r in rows] == [
        ("A1", "1", "trastuzumab", "0"),
        ("A1", "1", "aldesleukin_low", "1"),
    ]


def test_the_future_and_the_time_before_have_no_adherence(ward: Ward) -> None:
    assert "has not come yet" in ward.refuses("adherence A1 --through 2026-02-01")
    assert "A1 has no dose before" in ward.refuses("adherence A1 --through 2026-01-01")
    assert "There is no patient A9" in ward.refuses("adherence A9")
