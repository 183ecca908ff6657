"""Accounts on the command line: the first one, PINs from people and from files, what the record says of who signed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli import main
from tests import accounts_sample
from tests.accounts_sample import PEOPLE, PIN, WardWithPins

quick_hashes, pinned = accounts_sample.quick_hashes, accounts_sample.pinned  # fixtures
ward, staffed = accounts_sample.ward, accounts_sample.staffed
NURSE, ADMIN, DOCTOR = PEOPLE["nurse"], PEOPLE["admin"], PEOPLE["investigator"]


def typing(lines: list[str], *words: str) -> Result:
    """A command by somebody who types these lines where a PIN is asked for."""
    return CliRunner().invoke(main, list(words), input="".join(f"{line}\n" for line in lines))


# ---------------------------------------------------------------- before, and with the first account


def test_before_the_first_account_a_name_suffices_and_the_record_says_so(ward: WardWithPins) -> None:
    ward.records("weight A1 71")
    entries = ward.everything()[0]
    assert [entry.authenticated for entry in entries[0]] == [False] * 4
    shown = ward.says("patient", "show", "A1")
    assert len(re.findall(r"recorded, not authenticated, \S+ \S+ UTC by K\. Berg, nurse", shown)) == 4
    assert "nobody is authenticated" in ward.says("user", "list")
    assert ward.says("user", "log") == ""


def test_the_first_account_is_an_admins_and_says_why(ward: WardWithPins) -> None:
    said = ward.refuses("user", "add", NURSE, "--role", "nurse")
    assert said.startswith("The first account has to be an admin's (--role admin): from then on everybody signs")
    result = typing([PIN, PIN], "user", "add", ADMIN, "--role", "admin")
    assert result.exit_code == 0, result.output
    assert "every command that records asks for a PIN" in result.stdout
    assert PIN not in result.output
    refused = ward.refuses("record", "weight", "A1", "71")
    assert refused == "There is no account of this name. See c1d1 user list."


def test_a_new_pin_is_typed_twice_the_same(ward: WardWithPins) -> None:
    for lines, words in (
        ([PIN, "quiet-river-8"], "The two PINs differ"),
        (["728"], "at least 4 characters"),
        (["A.  HO"], "is not the name"),
        ([], "No PIN was given"),
    ):
        result = typing(lines, "user", "add", ADMIN, "--role", "admin")
        assert (result.exit_code, result.stdout) == (1, "")
        assert words in result.stderr
        assert "nobody is authenticated" in ward.says("user", "list")


def test_an_account_needs_no_record_of_patients(pinned: WardWithPins) -> None:
    pinned.staff("nurse")
    assert re.fullmatch(
        r"A\. Ho: admin, since \d{4}-\d\d-\d\d N\. Reyes: nurse, since \d{4}-\d\d-\d\d ", pinned.says("user", "list")
    )
    assert '"role": "nurse"' in pinned.says("user", "list", "--format", "json")


# ---------------------------------------------------------------- signing


@pytest.mark.promise("P25")
def test_a_recording_asks_for_the_pin_and_records_who_proved_it(
    staffed: WardWithPins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("C1D1_PIN_FILE")
    words = ("record", "weight", "A1", "71", "--by", "n. reyes", "--role", "investigator", "--reason", "on the scales")
    before = staffed.everything()
    result = typing(["not-the-pin"], *words)
    assert result.exit_code == 1
    assert "This is not the PIN of N. Reyes. Nothing was recorded" in result.stderr
    assert (staffed.everything()[:2], staffed.notes()[-1]) == (before[:2], "failed")
    assert "Try again in a second" in typing([PIN], *words).stderr
    result = typing([PIN], "record", "weight", "A1", "71", "--by", DOCTOR, "--reason", "on the scales")
    assert result.exit_code == 0, result.output
    assert PIN not in result.output
    entry = staffed.everything()[0][0][-1]
    assert (entry.recorded_by, entry.role, entry.reason, entry.authenticated) == (
        *(DOCTOR, "investigator"),
        "on the scales",
        True,
    )


def test_a_preview_asks_for_nothing_and_a_refusal_comes_before_the_pin(
    staffed: WardWithPins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("C1D1_PIN_FILE")
    notes = staffed.notes()
    assert typing([], "record", "weight", "A1", "71", "--by", NURSE, "--preview").exit_code == 0
    for words, said in (
        (("record", "weight", "A1", "7", "--by", NURSE), "outside 20 to 300 kg"),
        (("record", "lift", "A1", "--by", NURSE), "No treatment is held"),
        (("record", "level", "A1", "trastuzumab", "0", "--by", NURSE), "may not set a dose level"),
    ):
        result = typing([], *words)
        assert result.exit_code == 1
        assert "PIN" not in result.output or said in result.output
    assert staffed.notes() == notes


@pytest.mark.promise("P33")
def test_nobody_is_who_the_environment_says(staffed: WardWithPins, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, NURSE)
    monkeypatch.delenv("C1D1_BY")
    assert "Say who records: --by NAME" in staffed.refuses("record", "weight", "A1", "71")
    assert "Say which with --by NAME" in staffed.refuses("user", "add", "X", "--role", "nurse")
    assert "Say who you are" in staffed.refuses("user", "pin")
    monkeypatch.setenv("C1D1_BY", NURSE)
    staffed.pin("not-the-pin")
    assert "This is not the PIN" in staffed.refuses("record", "weight", "A1", "71")


@pytest.mark.usefixtures("staffed")
def test_without_a_terminal_no_pin_is_read_from_the_pipe() -> None:
    """Python would read it with echo; the program says what to do instead."""
    command = [sys.executable, "-m", "scheduler.cli", "record", "weight", "A1", "71", "--by", NURSE]
    environment = {name: value for name, value in os.environ.items() if name != "C1D1_PIN_FILE"}
    told = subprocess.run(
        command, input=f"{PIN}\n", text=True, capture_output=True, env=environment, check=False, start_new_session=True
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert "There is no terminal to ask for the PIN" in told.stderr


# ---------------------------------------------------------------- looking after accounts


@pytest.mark.promise("P32")
def test_a_retired_person_records_no_more_and_stays_in_the_list(staffed: WardWithPins) -> None:
    staffed.records("weight A1 71", "--by", NURSE)
    staffed.says("user", "retire", NURSE, "--by", ADMIN)
    before = staffed.everything()
    assert staffed.refuses("record", "weight", "A1", "72", "--by", NURSE) == (
        "The account of N. Reyes is retired, and records no more."
    )
    assert staffed.everything() == before
    assert re.search(r"N\. Reyes: nurse, since \S+, retired \d{4}", staffed.says("user", "list"))
    assert "and signed 2026-06-30 12:00 UTC by N. Reyes, nurse" in staffed.says("patient", "show", "A1")
    assert "never given to somebody else" in staffed.refuses(
        "user", "add", "N. REYES", "--role", "nurse", "--by", ADMIN
    )
    assert "--take-back" in staffed.refuses("user", "reset", NURSE, "--by", ADMIN)
    staffed.says("user", "reset", NURSE, "--take-back", "--by", ADMIN)
    staffed.records("weight A1 72", "--by", NURSE)
    log = staffed.says("user", "log", NURSE)
    assert re.search(r"made nurse, by A\. Ho.*confirmed.*retired, by A\. Ho.*reinstated, by A\. Ho.*confirmed", log)


def test_a_locked_account_is_shown_and_reset(staffed: WardWithPins, tmp_path: Path) -> None:
    staffed.pin("not-the-pin")
    for day in range(10, 20):
        staffed.on(f"2026-07-{day}").refuses("record", "weight", "A1", "71", "--by", NURSE)
    staffed.pin(PIN)
    assert "locked after 10 wrong PINs" in staffed.refuses("record", "weight", "A1", "71", "--by", NURSE)
    assert re.search(r"N\. Reyes: nurse, since \S+, locked", staffed.says("user", "list"))
    staffed.says("user", "reset", NURSE, "--by", ADMIN)
    staffed.records("weight A1 71", "--by", NURSE)
    assert (tmp_path / "C1D1_PIN_FILE").exists()


def test_people_change_their_own_pin(staffed: WardWithPins, tmp_path: Path) -> None:
    (tmp_path / "C1D1_NEW_PIN_FILE").write_text("another-pin\n", encoding="utf-8")
    staffed.says("user", "pin", "--by", NURSE)
    assert "not the PIN" in staffed.refuses("record", "weight", "A1", "71", "--by", NURSE)
    staffed.on("2026-07-01").pin("another-pin")
    staffed.records("weight A1 71", "--by", NURSE)


@pytest.mark.parametrize("name", ["\x1b]0;x\x07", "a\u202eb", "", "x" * 101, " x"])
def test_a_hostile_name_gets_no_account_and_reaches_no_terminal(staffed: WardWithPins, name: str) -> None:
    said = staffed.refuses("user", "add", name, "--role", "nurse", "--by", ADMIN)
    assert said.startswith("The name of the account is missing, too long, or holds a hidden character")
    for words in (("user", "retire", name, "--by", ADMIN), ("record", "weight", "A1", "71", "--by", name or "\x1b")):
        assert "\x1b" not in staffed.refuses(*words)


# ---------------------------------------------------------------- what the record shows


@pytest.mark.promise("P26")
def test_a_signature_shows_name_time_and_meaning_and_what_changed_after_it(staffed: WardWithPins) -> None:
    staffed.records("weight A1 71 --on 2026-01-12", "--by", NURSE)
    staffed.records("level A1 trastuzumab 0", "--by", DOCTOR, "--reason", "as planned")
    staffed.records("correct A1 4 71.5 --reason typing", "--by", NURSE)
    staffed.records("correct A1 3 70.5 --reason typing", "--by", NURSE)
    shown = staffed.says("patient", "show", "A1")
    assert (
        "recorded and signed 2026-06-30 12:00 UTC by N. Reyes, nurse CHANGED AFTER ITS SIGNATURE by entry 6;" in shown
    )
    assert "confirmed and signed 2026-06-30 12:00 UTC by Dr. Weiss, investigator: as planned" in shown
    assert "corrected and signed 2026-06-30 12:00 UTC by N. Reyes, nurse: typing" in shown
    assert "by K. Berg, nurse CORRECTED by entry 7;" in shown


def test_a_seal_is_signed_too(staffed: WardWithPins) -> None:
    staffed.pin("not-the-pin")
    before = staffed.everything()[:2]
    assert "not the PIN" in staffed.refuses("log", "seal", "--by", NURSE)
    assert staffed.everything()[:2] == before
    staffed.on("2026-07-01").pin(PIN)
    assert staffed.says("log", "seal", "--by", NURSE).startswith("Seal 1:")
    assert "as they were recorded" in staffed.says("log", "verify")
