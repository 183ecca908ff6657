"""Trastuzumab with aldesleukin, worked through on the command line: holds, levels, a third episode."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.on_the_line import Ward, enrol_a

LOW, INTERMEDIATE = "aldesleukin_low", "aldesleukin_intermediate"


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    enrol_a(found)
    return found


def fever(ward: Ward, grade: int, on: str) -> str:
    return ward.records(f"toxicity A1 Fever {grade} --on {on} --due-to aldesleukin=probable")


def test_grade_3_fever_holds_both_strengths_from_the_next_dose(ward: Ward) -> None:
    said = fever(ward, 3, "2026-01-14")
    assert "HELD: give nothing aldesleukin, intermediate dose (square B): Wed 2026-01-14" in said
    assert "2 of aldesleukin, intermediate dose (square B), 21.49 million units: for Wed 2026-01-14" in said
    assert ward.doses("A1", "2026-01-13", "2026-01-16") == [
        "2026-01-13 C1D9 aldesleukin_intermediate planned 0 12 million units/m2",
        "2026-01-14 C1D10 aldesleukin_intermediate held 0 12 million units/m2",
        "2026-01-15 C1D11 aldesleukin_intermediate held 0 12 million units/m2",
        "2026-01-16 C1D12 aldesleukin_low held 0 1 million units/m2",
    ]
    assert ward.doses("A1", "2026-01-26", "2026-01-26") == [
        "2026-01-26 C2D1 trastuzumab planned 0 4 mg/kg",
        "2026-01-26 C2D1 aldesleukin_intermediate held 0 12 million units/m2",
    ]
    assert ward.proposals("A1", "2026-01-20") == []


def test_resolved_and_confirmed_it_goes_on_one_level_down_and_nothing_is_made_up(ward: Ward) -> None:
    fever(ward, 3, "2026-01-14")
    said = fever(ward, 1, "2026-01-28")
    assert "resume-4: Resume aldesleukin, low dose at level -1, 0.75 million units per m2;" in said
    assert all(" held " in dose for dose in ward.doses("A1", "2026-01-28", "2026-02-08", LOW, INTERMEDIATE))

    said = ward.records("lift A1 --on 2026-01-28")
    assert "Goes on at level -1: aldesleukin_low and aldesleukin_intermediate" in said
    assert ward.doses("A1", "2026-01-27", "2026-01-29") == [
        "2026-01-27 C2D2 aldesleukin_intermediate held 0 12 million units/m2",
        "2026-01-28 C2D3 aldesleukin_intermediate planned -1 9 million units/m2",
        "2026-01-29 C2D4 aldesleukin_low planned -1 0.75 million units/m2",
    ]
    assert ward.proposals("A1", "2026-01-28") == []


def test_a_second_episode_goes_to_level_2_and_a_third_proposes_stopping(ward: Ward) -> None:
    for bad, good in (("2026-01-14", "2026-01-28"), ("2026-02-10", "2026-02-15")):
        fever(ward, 3, bad)
        fever(ward, 1, good)
        ward.records(f"lift A1 --on {good}")
    assert ward.doses("A1", "2026-02-15", "2026-02-15") == [
        "2026-02-15 C3D7 aldesleukin_low planned -2 0.5625 million units/m2"
    ]
    assert ward.doses("A1", "2026-02-23", "2026-02-23", INTERMEDIATE) == [
        "2026-02-23 C4D1 aldesleukin_intermediate planned -2 6.75 million units/m2"
    ]
    fever(ward, 3, "2026-03-10")
    fever(ward, 1, "2026-03-15")
    (proposal,) = ward.proposals("A1", "2026-03-15")
    assert proposal.startswith("stop-")
    assert "no level below -2" in ward.refuses("record lift A1 --on 2026-03-15 --reason wanted")
    assert all(" held " in dose for dose in ward.doses("A1", "2026-03-15", "2026-03-30", LOW, INTERMEDIATE))


def test_grade_4_dizziness_is_known_to_the_version_that_the_protocol_pins(ward: Ward, tmp_path: Path) -> None:
    assert "Dizziness/lightheadedness, grade 4" in ward.records("toxicity A1 Dizziness 4 --on 2026-01-14")
    source = Path("protocols/trastuzumab-il2.yaml").read_text(encoding="utf-8")
    newer = tmp_path / "newer.yaml"
    newer.write_text(source.replace("criteria: CTC 2.0", "criteria: CTCAE 5.0"), encoding="utf-8")
    start = ("--start", "2026-01-05", "--height", "165", "--weight", "70")
    ward.says("patient", "enrol", "A2", "--protocol", str(newer), *start)
    said = ward.refuses("record toxicity A2 Dizziness 4 --on 2026-01-14")
    assert said == "CTCAE 5.0 defines no grade 4 for Dizziness; it has 1, 2 and 3."


def test_a_dose_taken_while_held_is_recorded_and_flagged(ward: Ward) -> None:
    fever(ward, 3, "2026-01-14")
    said = ward.records("given A1 C1D11 --on 2026-01-15")
    assert "Taken while held: C1D11/aldesleukin_intermediate" in said
    assert "! C1D11/aldesleukin_intermediate was held when it was given." in said
    notices = ward.data("A1", "2026-01-20")["problems"]
    assert any(notice["code"] == "taken-while-held" for notice in notices)


def test_an_unresolved_hold_is_lifted_only_with_a_reason(ward: Ward) -> None:
    fever(ward, 3, "2026-01-14")
    said = ward.refuses("record lift A1 --on 2026-01-20")
    assert said.endswith("is not recorded as resolved by 2026-01-20. Give your reason with --reason.")
    assert "level -1" in ward.records("lift A1 --on 2026-01-20", "--reason", "fever explained by influenza")


def test_a_level_above_the_rule_takes_a_reason_and_is_said(ward: Ward) -> None:
    fever(ward, 3, "2026-01-14")
    fever(ward, 1, "2026-01-28")
    words = ["record", "lift", "A1", "--level", "0", "--on", "2026-01-28"]
    assert "is above level -1, which the rules allow" in ward.refuses(*words)
    assert "! Level 0 of aldesleukin, low dose is above level -1" in ward.says(*words, "--reason", "agreed by phone")
    assert " planned 0 12 million" in ward.doses("A1", "2026-01-28", "2026-01-28")[0]


def test_only_one_strength_can_be_lifted(ward: Ward) -> None:
    fever(ward, 3, "2026-01-14")
    fever(ward, 1, "2026-01-28")
    ward.records("lift A1 aldesleukin_low --on 2026-01-28")
    assert ward.doses("A1", "2026-01-28", "2026-01-29") == [
        "2026-01-28 C2D3 aldesleukin_intermediate held 0 12 million units/m2",
        "2026-01-29 C2D4 aldesleukin_low planned -1 0.75 million units/m2",
    ]


def test_a_corrected_grade_takes_its_hold_away_and_the_old_state_can_still_be_shown(ward: Ward) -> None:
    fever(ward, 3, "2026-01-14")
    said = ward.records("correct A1 4 toxicity Fever 2", "--reason", "wrong line")
    assert "PLANNED AGAIN" in said
    assert " planned 0 " in ward.doses("A1", "2026-01-15", "2026-01-15")[0]
    then = ward.items("A1", "2026-01-15", "--as-known-at", "4")
    assert then["C1D11/aldesleukin_intermediate"]["status"] == "held"
    shown = ward.says("patient", "show", "A1")
    assert "grade 3, CTC 2.0 (due to aldesleukin: probable)" in shown
    assert "CORRECTED by entry 5; what stands above is the old value" in shown
    assert "K. Berg, nurse: wrong line" in shown
