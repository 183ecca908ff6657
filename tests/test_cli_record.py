"""Recording on the command line: previews, refusals, corrections, two writers, hostile text, broken stores."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from scheduler.clinic.desk import Desk, Signature, open_desk
from scheduler.clinic.home import find_home
from scheduler.clinic.scene import Intent
from scheduler.record.events import WeightMeasured
from tests.on_the_line import Ward, enrol_a, enrol_b


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    enrol_a(found)
    return found


def test_a_preview_stores_nothing_and_says_what_the_storing_says(ward: Ward) -> None:
    words = "toxicity A1 Fever 3 --on 2026-01-14"
    looked = ward.records(words, "--preview")
    assert "PREVIEW for A1: nothing is stored." in looked
    assert "3 entries" in ward.says("patient", "list")
    stored = ward.records(words, "--after", "3")
    begin, end = "HELD: give nothing", "Compared up to"
    assert looked[looked.index(begin) : looked.index(end)] == stored[stored.index(begin) : stored.index(end)]


def test_a_dose_is_given_once(ward: Ward) -> None:
    ward.records("given A1 C1D2 --on 2026-01-06 --time 20:10 --lot X-1")
    again = ward.refuses("record given A1 C1D2 --on 2026-01-06")
    assert again.startswith("C1D2/aldesleukin_low is recorded as given on Tue 2026-01-06 (entry 4).")
    assert "recorded as given" in ward.refuses("record missed A1 C1D2")
    ward.records("missed A1 C1D3")
    assert "recorded as missed on Wed 2026-01-07" in ward.refuses(
        *["record", "given", "A1", "C1D3", "--on", "2026-01-07"]
    )


def test_what_was_given_is_never_computed_anew(ward: Ward) -> None:
    ward.records("given A1 C1D1 --on 2026-01-05")
    ward.records("correct A1 3 71", "--reason", "typing error")
    items = ward.items("A1", "2026-01-13")
    assert items["C1D1/trastuzumab"]["amount"] == {"value": "280", "unit": "mg"}
    assert items["C1D8/trastuzumab"]["amount"] == {"value": "284", "unit": "mg"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("record weight A1 71 --on 2027-01-01", "has not come yet"),
        ("record weight a1 71", "Did you mean 'A1'?"),
        ("record weight A1 7", "outside 20 to 300 kg"),
        ("record weight A1 700", "700 kg"),
        ("record given A1 C1D1", "Say on which day it was given, like --on 2026-01-05"),
        ("record given A1 C1D0 --on 2026-01-05", "There is no day 0."),
        ("record given A1 C1D50 --on 2026-01-05", "Nothing is written for C1D50; cycle 1 has 21 days."),
        ("record given A1 C2D1 --on 2026-01-26", "C2D1 has 2 doses. Name one: C2D1/trastuzumab or"),
        ("record given A1 C1D2 --on 2026-01-06 --amount 5", "has no unit"),
        ("record given A1 C1D2 --on 2026-01-06 --amount 280mg", "No space stands between"),
        ("record missed A1 C20D3", "cannot be missed yet"),
        ("record given A1 C300D3 --on 2026-01-06", "Cycle 300 is not on the schedule"),
        ("record toxicity A1 Fevr 3", "CTC 2.0 has no term that begins with 'Fevr'"),
        ("record toxicity A1 Fever 3 --due-to aldesleukin=sure", "Write it like aldesleukin=possible"),
        ("record toxicity A1 Fever 3 --due-to aldesleukn=possible", "Did you mean 'aldesleukin'?"),
        ("record lift A1", "Nothing is held for A1."),
        ("record hold A1 aldesleukin_lo", "Did you mean 'aldesleukin_low'?"),
        ("record level A1 trastuzumab -1", "The protocol has no dose levels for trastuzumab."),
        ("record level A1 aldesleukin -4", "no level -4"),
        ("record decline A1 resume-9 --reason no", "There is no open proposal resume-9. Nothing is proposed now."),
        ("record visit A1 2 2026-01-02", "cycle 1 begins on Mon 2026-01-05"),
        ("record correct A1 99 71 --reason x", "A1 has the entries 1 to 3, and no entry 99."),
        ("record correct A1 3 71", "A correction needs a reason."),
        ("record correct A1 1 --withdraw --reason x", "An enrolment is not taken back."),
        ("record amend A1 --protocol trastuzumab-weekly", "is another protocol"),
        ("record amend A1 --protocol trastuzumab-il2", "on this very text"),
        ("schedule A1 --as-known-at 9", "A1 has the entries 1 to 3"),
        ("schedule A1 --through 2050-01-01", "not within ten years"),
        ("why A1 C1D2 paclitaxel", "C1D2 has no paclitaxel; it has aldesleukin_low."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(ward: Ward, words: str, sentence: str) -> None:
    said = ward.refuses(*words.split())
    assert sentence in said
    assert "\n" not in said
    assert "3 entries" in ward.says("patient", "list")


@pytest.mark.parametrize("words", ["record weight A1", "record weight A1 heavy", "record toxicity A1 Fever 6", "foo"])
def test_wrong_usage_exits_with_2(ward: Ward, words: str) -> None:
    assert ward.run(*words.split()).exit_code == 2


def test_nothing_is_recorded_without_a_name(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("C1D1_BY")
    assert ward.refuses("record weight A1 71") == "Say who records: --by NAME, or set C1D1_BY."
    assert "by N. Reyes" in _shown(ward, "record", "weight", "A1", "71", "--by", "N. Reyes")


def _shown(ward: Ward, *words: str) -> str:
    ward.says(*words)
    return ward.says("patient", "show", "A1")


@pytest.mark.parametrize("text", ["a\u202eb", "a\x1b[31mb", "a\nb", "a\u200bb", "x" * 10_000, "\udcff"])
def test_hostile_text_stays_outside(ward: Ward, text: str) -> None:
    ward.refuses("record", "weight", "A1", "71", "--reason", text)
    ward.refuses("record", "weight", "A1", "71", "--by", text)
    ward.refuses("record", "weight", text, "71")
    ward.refuses("record", "toxicity", "A1", text, "2")
    ward.refuses("record", "end", "A1", text)
    ward.refuses("record", "given", "A1", "C1D2", "--on", "2026-01-06", "--lot", text)
    ward.refuses("record", "lab", "A1", text, "5", "mg")
    ward.refuses("record", "hold", "A1", text)
    assert "3 entries" in ward.says("patient", "list")


def test_the_faster_writer_wins_and_the_other_sees_what_came_in(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Desk.draft

    def slow(self: Desk, chart, judge, said_on, reason):
        with open_desk(find_home(), today=self.today) as other:
            event = WeightMeasured(chart.history.day_1, chart.history.weights[-1].kg + 1)
            drafted = real(other, other.chart("A1"), lambda _: Intent((event,)), None, "")
            other.store(drafted, Signature("N. Reyes"))
        return real(self, chart, judge, said_on, reason)

    monkeypatch.setattr(Desk, "draft", slow)
    said = ward.refuses("record toxicity A1 Fever 3 --on 2026-01-14")
    assert "an entry for A1 came in from N. Reyes. Nothing of yours was stored" in said
    assert "Weight 71 kg" in said
    assert "give the same command again" in said
    assert "4 entries" in ward.says("patient", "list")


def test_a_command_for_an_older_state_is_turned_away(ward: Ward) -> None:
    ward.records("weight A1 71")
    said = ward.refuses("record toxicity A1 Fever 3 --on 2026-01-14 --after 3")
    assert "Nothing of yours was stored" in said


def test_a_correction_keeps_who_when_why_and_the_old_value(ward: Ward) -> None:
    ward.records("given A1 C1D2 --on 2026-01-06")
    ward.records("correct A1 4 missed C1D2", "--reason", "syringe found unopened", "--by", "N. Reyes")
    assert ward.items("A1", "2026-01-06")["C1D2/aldesleukin_low"]["status"] == "missed"
    shown = ward.says("patient", "show", "A1")
    assert "Given: C1D2/aldesleukin_low (1.791 million units)" in shown
    assert "Entry 4 was wrong; it is now: Missed: C1D2/aldesleukin_low, on Tue 2026-01-06" in shown
    assert "by N. Reyes, nurse: syringe found unopened" in shown
    assert "is itself a correction, of entry 4" in ward.refuses(
        *["record", "correct", "A1", "5", "given", "C1D2", "--reason", "x"]
    )
    ward.records("correct A1 4 --withdraw", "--reason", "another patient")
    assert ward.items("A1", "2026-01-06")["C1D2/aldesleukin_low"]["status"] == "planned"


def test_an_enrolment_can_be_corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = Ward(tmp_path / "home", monkeypatch)
    enrol_b(ward)
    ward.records("correct B1 1 --arm cohort-2", "--reason", "wrong cohort")
    assert ward.items("B1", "2026-01-27")["C2D2/interleukin_12"]["rate"]["value"] == "300"
    assert "is not an arm" in ward.refuses("record correct B1 1 --arm cohort-9 --reason x")


def test_files_are_private(ward: Ward, tmp_path: Path) -> None:
    ward.says("log", "backup", str(tmp_path / "copy.db"))
    files = [tmp_path / "copy.db", *(tmp_path / "home").iterdir()]
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_record_is_sealed_verified_backed_up_and_restored(
    ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ward.says("log", "seal")
    seal = said.split()[2].rstrip(",")
    assert "All 3 entries are as they were recorded." in ward.says("log", "verify", "--seal", seal, "--projections")
    copy = str(tmp_path / "copy.db")
    ward.says("log", "backup", copy)
    assert "exists already" in ward.refuses("log", "backup", copy)
    monkeypatch.setenv("C1D1_HOME", str(tmp_path / "elsewhere"))
    assert "There is no record in" in ward.refuses("today")
    ward.says("log", "restore", copy)
    ward.says("log", "rebuild")
    assert "A1" in ward.says("patient", "list")


def test_a_store_that_is_away_or_not_ours_is_said(ward: Ward, tmp_path: Path) -> None:
    stranger = tmp_path / "letter.txt"
    stranger.write_text("Dear all, " * 500, encoding="utf-8")
    assert "not a record of c1d1" in ward.refuses("today", "--db", str(stranger))
    assert "There is no record in" in ward.refuses("today", "--db", str(tmp_path / "none.db"))
