"""Trastuzumab, paclitaxel and interleukin-12, worked through on the command line: rests, removal, a late visit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.on_the_line import Ward, enrol_b

CAUSE = "--due-to interleukin-12=probable"


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    enrol_b(found)
    return found


def test_grade_3_fatigue_rests_everything(ward: Ward) -> None:
    ward.records(f"toxicity B1 Fatigue 3 --on 2026-02-03 {CAUSE}")
    assert all(" held " in dose for dose in ward.doses("B1", "2026-02-03", "2026-03-01"))
    assert ward.doses("B1", "2026-02-02", "2026-02-02") == ["2026-02-02 C2D8 trastuzumab planned 0 2 mg/kg"]


def test_it_resumes_with_the_next_week_at_half_the_dose_and_the_cycle_moved(ward: Ward) -> None:
    ward.records(f"toxicity B1 Fatigue 3 --on 2026-02-03 {CAUSE}")
    said = ward.records("toxicity B1 Fatigue 1 --on 2026-02-14")
    assert "interleukin-12 at level -1, 100 nanograms per kg" in said
    said = ward.records("lift B1 --on 2026-02-16")
    assert "Goes on at the same dose: trastuzumab, paclitaxel and dexamethasone" in said
    assert "Goes on at level -1: interleukin_12" in said
    assert ward.doses("B1", "2026-02-16", "2026-02-24") == [
        "2026-02-16 C2D15 trastuzumab planned 0 2 mg/kg",
        "2026-02-17 C2D16 interleukin_12 planned -1 100 nanograms/kg",
        "2026-02-20 C2D19 interleukin_12 planned -1 100 nanograms/kg",
        "2026-02-22 C3D-1 dexamethasone planned 0 10 mg",
        "2026-02-23 C3D1 dexamethasone planned 0 10 mg",
        "2026-02-23 C3D1 trastuzumab planned 0 2 mg/kg",
        "2026-02-23 C3D1 paclitaxel planned 0 175 mg/m2",
        "2026-02-24 C3D2 interleukin_12 planned -1 100 nanograms/kg",
    ]


def test_trastuzumab_is_proposed_to_be_loaded_again_after_more_than_a_week(ward: Ward) -> None:
    ward.records(f"toxicity B1 Fatigue 3 --on 2026-02-03 {CAUSE}")
    ward.records("toxicity B1 Fatigue 1 --on 2026-02-14")
    said = ward.records("lift B1 --on 2026-02-17")
    assert "reload-C2D15/trastuzumab: Load trastuzumab again with 4 mg per kg on 2026-02-17?" in said
    said = ward.records("reload B1 trastuzumab --on 2026-02-17")
    assert "280 mg; planned before: 140 mg" in said
    assert ward.proposals("B1", "2026-02-17") == []


def test_not_resolved_on_day_15_removal_is_proposed(ward: Ward) -> None:
    ward.records(f"toxicity B1 Fatigue 3 --on 2026-02-03 {CAUSE}")
    assert ward.proposals("B1", "2026-02-16") == []
    (proposal,) = ward.proposals("B1", "2026-02-17")
    assert proposal.startswith("remove-4")
    assert "TO BE DECIDED" not in ward.says("today", "--date", "2026-02-16")
    assert "Remove the patient from treatment?" in ward.says("today", "--date", "2026-02-17")


def test_grade_4_neutropenia_is_not_dose_limiting(ward: Ward) -> None:
    said = ward.records(f"toxicity B1 Neutrophils 4 --on 2026-02-03 {CAUSE}")
    assert "No dose, visit or proposal changes." in said


def test_grade_4_nonhaematologic_holds_and_proposes_removal_at_once(ward: Ward) -> None:
    said = ward.records(f"toxicity B1 Fatigue 4 --on 2026-02-03 {CAUSE}")
    assert "remove-4: Remove the patient from treatment?" in said
    assert ward.doses("B1", "2026-02-03", "2026-02-03") == ["2026-02-03 C2D9 interleukin_12 held 0 200 nanograms/kg"]
    said = ward.records("end B1 unacceptable --on 2026-02-04")
    assert "Ended: all treatment, unacceptable toxicity" in said
    assert ward.proposals("B1", "2026-02-04") == []


def test_late_trastuzumab_moves_the_interleukin_12_of_its_week(ward: Ward) -> None:
    said = ward.records("given B1 C2D8 --on 2026-02-03")
    assert "MOVED interleukin-12: Wed 2026-02-04 and Sat 2026-02-07 (C2D9 and C2D12), 2 doses, 1 day later" in said
    assert ward.doses("B1", "2026-02-03", "2026-02-09") == [
        "2026-02-03 C2D8 trastuzumab given 0 2 mg/kg",
        "2026-02-04 C2D9 interleukin_12 planned 0 200 nanograms/kg",
        "2026-02-07 C2D12 interleukin_12 planned 0 200 nanograms/kg",
        "2026-02-09 C2D15 trastuzumab planned 0 2 mg/kg",
    ]


def test_a_response_opens_cycle_4_and_progression_ends_it(ward: Ward) -> None:
    assert all(" blocked " in dose for dose in ward.doses("B1", "2026-03-10", "2026-03-20"))
    assert "PLANNED AGAIN" in ward.records("response B1 PR --on 2026-03-06")
    assert all(" planned " in dose for dose in ward.doses("B1", "2026-03-10", "2026-03-20"))
    ward.records("correct B1 4 response PD", "--reason", "second reading")
    assert all(" ended " in dose for dose in ward.doses("B1", "2026-03-10", "2026-03-20"))


def test_a_late_visit_moves_the_cycle_and_warns_outside_its_window(ward: Ward) -> None:
    said = ward.records("visit B1 2 2026-01-29 --on 2026-01-23")
    assert "paclitaxel: Thu 2026-01-29" in said
    assert "3 days later" in said
    assert "Cycle 2 begins on 2026-01-29, 3 days after 2026-01-26: outside its window." not in said
    said = ward.records("visit B1 2 2026-02-02 --on 2026-01-23")
    assert "outside its window" in said
