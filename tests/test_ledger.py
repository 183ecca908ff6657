"""The pharmacy's ledger on the command line: in, out, checked by two, and never below zero unnoticed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pypdfium2
import pytest

from scheduler.clinic import preparing
from tests.on_the_line import Ward, enrol_a

BY_PHARMACIST, BY_NURSE = ("--by", "Pharmacist Example"), ("--by", "Nurse Example")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """A1 is enrolled; it is the day before the first home dose, at 12:00 UTC; numbers come one after the other."""
    found = Ward(tmp_path, monkeypatch)
    enrol_a(found)
    numbers = iter(range(1, 1000))
    monkeypatch.setattr(preparing.secrets, "randbelow", lambda below: next(numbers) % below)
    return found.on("2026-01-05")


FIRST, SECOND, THIRD = "1000001P", "1000002R", "1000003S"


def receive(ward: Ward, lot: str = "AB-1", vials: int = 5, expires: str = "2027-01-31", *more: str) -> str:
    words = ("ledger", "receive", "aldesleukin", "--lot", lot, "--expires", expires, "--vials", str(vials))
    return ward.says(*words, *BY_PHARMACIST, *more)


def prepare(ward: Ward, first: str = "2026-01-06", last: str = "2026-01-06", *more: str) -> str:
    words = (
        "ledger",
        "prepare",
        "A1",
        "aldesleukin_low",
        "--from",
        first,
        "--to",
        last,
        *(more or ("--lot", "AB-1=1")),
    )
    return ward.says(*words, *BY_PHARMACIST)


def issue(ward: Ward) -> None:
    """One syringe, for the evening of 2026-01-06, made, checked and handed out."""
    receive(ward)
    prepare(ward)
    ward.says("ledger", "check", FIRST, "--result", "0.1", *BY_NURSE)
    ward.says("ledger", "issue", "A1", *BY_PHARMACIST)


# ---------------------------------------------------------------- vials


def test_vials_come_in_and_stand_in_the_balance(ward: Ward) -> None:
    assert receive(ward, "AB-1", 5, "2027-01-31", "--maker", "Example Pharma") == (
        "Recorded in the ledger as entry 1."
        " Mon 2026-01-05: Received: 5 vials of aldesleukin from Example Pharma, 22 million units in each, lot AB-1,"
        " to be used by Sun 2027-01-31. Balance of aldesleukin: 5 vials (before: 0). "
    )
    assert "5 received, 0 used, 5 left" in ward.says("ledger", "show")


def test_a_preview_stores_nothing(ward: Ward) -> None:
    assert "PREVIEW for the ledger: nothing is stored." in receive(ward, "AB-1", 5, "2027-01-31", "--preview")
    assert "The ledger is empty." in ward.says("ledger", "show")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("aldesleukin --lot X --expires 2026-01-04 --vials 1", "Expired vials are not taken in; send them back."),
        ("aldesluekin --lot X --expires 2027-01-04 --vials 1", "Did you mean 'aldesleukin'?"),
        ("interleukin-12 --lot X --expires 2027-01-04 --vials 1", "so the vial is not known."),
        ("aldesleukin --lot X --expires 2027-01-04 --vials 99999", "99,999 is not a number of vials."),
        ("aldesleukin --lot X --expires 2027-01-04 --vials 1 --strength 18", "has no unit"),
        ("aldesleukin --lot \u0645 --expires 2027-01-04 --vials 1", "which this print cannot show"),
        ("aldesleukin --lot A\u202eB --expires 2027-01-04 --vials 1", "holds the character U+202E"),
        ("../../etc --lot X --expires 2027-01-04 --vials 1 --strength 18", "'../../etc' is no name of a product."),
    ],
)
def test_what_cannot_come_in_is_refused(ward: Ward, words: str, said: str) -> None:
    assert said in ward.refuses(f"ledger receive {words}")


def test_one_lot_has_one_date_and_one_product_one_strength(ward: Ward) -> None:
    receive(ward)
    said = ward.refuses("ledger receive aldesleukin --lot AB-1 --expires 2027-02-28 --vials 1")
    assert "Lot AB-1 of aldesleukin is in the ledger as to be used by 2027-01-31." in said
    more = ("--expires", "2027-01-31", "--vials", "1", "--strength", "18 million units")
    said = ward.refuses("ledger", "receive", "aldesleukin", "--lot", "C", *more)
    assert said == "A vial of aldesleukin holds 22 million units here, and not 18 million units. Look at the vial."


def test_a_product_without_a_file_is_counted_by_what_its_vial_says(ward: Ward) -> None:
    words = ("--lot", "X", "--expires", "2027-01-04", "--vials", "2", "--strength", "10 mcg", *BY_PHARMACIST)
    assert "2 vials of interleukin-12, 10 mcg in each" in ward.says("ledger", "receive", "interleukin-12", *words)


def test_more_vials_than_there_are_cannot_leave(ward: Ward) -> None:
    receive(ward, vials=1)
    said = ward.refuses("ledger waste aldesleukin --lot AB-1=2 --reason broken")
    assert said == (
        "By the ledger 1 vial of lot AB-1 of aldesleukin is left. 2 cannot be taken out; count the shelf:"
        " c1d1 ledger verify --count aldesleukin=N, and record or correct what is missing."
    )


def test_a_correction_is_a_line_of_its_own_and_needs_a_reason(ward: Ward) -> None:
    receive(ward, vials=50)
    assert "A correction needs a reason" in ward.refuses("ledger correct 1 --vials 5")
    ward.says("ledger", "correct", "1", "--vials", "5", "--reason", "typing error", *BY_PHARMACIST)
    rows = list(csv.DictReader(io.StringIO(ward.run("ledger", "show", "--format", "csv").stdout)))
    assert [(r["what"], r["vials"], r["balance"]) for r in rows] == [
        ("received", "+50", "50"),
        ("correction of entry 1: received", "-45", "5"),
    ]
    assert rows[0]["note"] == "CORRECTED by entry 2"
    assert rows[1]["note"] == "typing error"


def test_a_correction_that_leaves_fewer_than_were_used_is_refused(ward: Ward) -> None:
    receive(ward, vials=2)
    prepare(ward)
    ward.says("ledger", "waste", "aldesleukin", "--lot", "AB-1=1", "--reason", "broken", *BY_PHARMACIST)
    said = ward.refuses("ledger correct 1 --vials 1 --reason miscounted")
    assert "By the ledger 0 vials of lot AB-1 of aldesleukin are left." in said


def test_the_shelf_is_compared_and_a_difference_stands_until_a_count_agrees(ward: Ward) -> None:
    receive(ward)
    run = ward.run("ledger", "verify", "--count", "aldesleukin=4", *BY_PHARMACIST)
    assert run.exit_code == 1
    assert "DISCREPANCY of aldesleukin: 4 vials on the shelf, 5 in the ledger: 1 fewer." in run.stderr
    ward.says("ledger", "waste", "aldesleukin", "--lot", "AB-1=1", "--reason", "found broken", *BY_PHARMACIST)
    assert "DISCREPANCY" in ward.run("ledger", "verify").stderr
    said = ward.says("ledger", "verify", "--count", "aldesleukin=4", *BY_PHARMACIST)
    assert "Counted on the shelf: 4 vials of aldesleukin, as the ledger says." in said
    assert "no syringe is in two places" in said


# ---------------------------------------------------------------- syringes


def test_a_syringe_gets_its_number_and_its_last_moment(ward: Ward) -> None:
    receive(ward)
    assert prepare(ward) == (
        "Recorded in the ledger as entry 2. For A1, to be used until 2026-01-07 12:00 UTC:"
        " 1000-001P C1D2/aldesleukin_low, 1.791 million units, 0.1 mL"
        " Balance of aldesleukin: 4 vials (before: 5). "
    )


def test_a_number_is_never_given_twice(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(ward)
    prepare(ward)
    drawn = iter([1, 1, 2])
    monkeypatch.setattr(preparing.secrets, "randbelow", lambda _: next(drawn))
    ward.on("2026-01-07")
    assert "1000-002R" in prepare(ward, "2026-01-07", "2026-01-07")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("aldesleukin_low --lot AB-1=1 --from 2026-01-08", "C1D4/aldesleukin_low is due later. Prepare fewer days."),
        ("aldesleukin_low --lot XX=1 --from 2026-01-06", "Lot XX of aldesleukin was never received."),
        (
            "aldesleukin_low --lot AB-1=6 --from 2026-01-06",
            "By the ledger 5 vials of lot AB-1 of aldesleukin are left.",
        ),
        ("aldesleukin_low --from 2026-01-06", "Say which vials are used: --lot LOT=VIALS."),
        ("aldesleukin_low --lot AB-1 --from 2026-01-06", "--lot takes a name and a number, like --lot AB-1=2."),
        ("aldesleukin_low --lot AB-1=9999999 --from 2026-01-06", "--lot takes a name and a number"),
        ("aldesleukin_low --lot AB-1=1 --from 2026-01-06 --to 2026-01-05", "Give the first day first."),
        ("aldesleukin --lot AB-1=1 --from 2026-01-06", "aldesleukin has several strengths. Prepare one at a time"),
        (
            "aldesleukin_low --lot AB-1=1 --from 2026-01-05",
            "There is nothing to prepare of aldesleukin_low on Mon 2026",
        ),
        (
            "aldesleukin_low --lot AB-1=1 --from 2026-01-12",
            "There is nothing to prepare of aldesleukin_low on Mon 2026",
        ),
    ],
)
def test_what_is_not_prepared(ward: Ward, words: str, said: str) -> None:
    receive(ward)
    assert said in ward.refuses(f"ledger prepare A1 {words}")


def test_nothing_is_made_from_a_lot_on_the_day_after_its_last(ward: Ward) -> None:
    receive(ward, "OLD", 5, "2026-01-06")
    assert "to be used until 2026-01-06 23:59 UTC" in prepare(ward, "2026-01-06", "2026-01-06", "--lot", "OLD=1")
    ward.on("2026-01-07")
    said = ward.refuses("ledger prepare A1 aldesleukin_low --lot OLD=1 --from 2026-01-07")
    assert "is due later" in said or "Lot OLD of aldesleukin was to be used by 2026-01-06." in said


def test_nothing_is_prepared_for_a_held_dose(ward: Ward) -> None:
    receive(ward)
    ward.records("hold A1", "--reason", "fever")
    said = ward.refuses("ledger prepare A1 aldesleukin_low --lot AB-1=1 --from 2026-01-06")
    assert "LEFT OUT: C1D2/aldesleukin_low is held; nothing is prepared for it." in said


def test_one_dose_has_one_syringe_until_that_is_gone(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    said = ward.refuses("ledger prepare A1 aldesleukin_low --lot AB-1=1 --from 2026-01-06")
    assert "LEFT OUT: C1D2/aldesleukin_low has syringe 1000-001P." in said
    ward.says("ledger", "waste", FIRST, "--reason", "dropped", *BY_PHARMACIST)
    assert "1000-002R" in prepare(ward)


# ---------------------------------------------------------------- the second person


def test_the_second_person_sees_what_to_compute_from_and_no_result(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    said = ward.says("ledger", "check", FIRST)
    assert "1.791 million units" in said
    assert "18 million units per mL" in said
    assert "0.1 mL" not in said.replace("marks of 0.1 mL", "")


def test_the_same_person_twice_is_refused(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    for name in ("Pharmacist Example", "pharmacist  example"):
        said = ward.refuses("ledger", "check", FIRST, "--result", "0.1", "--by", name)
        assert said.endswith("prepared syringe 1000-001P, and cannot be the second person as well.")


def test_two_results_that_differ_keep_the_syringe_in_the_pharmacy(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    run = ward.run("ledger", "check", FIRST, "--result", "1", *BY_NURSE)
    assert run.exit_code == 1
    assert "DISCREPANCY: the two results differ." in run.stderr
    assert "0.1 mL" not in run.output
    assert "A1 is ready: prepared" in ward.refuses("ledger issue A1")
    assert "The second person's volume was another." in ward.refuses("ledger", "issue", "A1", FIRST)
    assert "give your reason" in ward.refuses("ledger", "check", FIRST, "--result", "0.1", *BY_NURSE)
    ward.says("ledger", "check", FIRST, "--result", "0.1", "--by", "Second Nurse")
    assert "Handed out: 1000-001P" in ward.says("ledger", "issue", "A1", *BY_PHARMACIST)


def test_a_preview_of_the_check_tells_nothing(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    for volume in ("0.1", "0.2"):
        said = ward.says("ledger", "check", FIRST, "--result", volume, "--preview", *BY_NURSE)
        assert "agree" not in said
        assert "DISCREPANCY" not in said


# ---------------------------------------------------------------- out and back


def test_what_nobody_checked_goes_out_only_with_a_reason(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    said = ward.refuses("ledger", "issue", "A1", FIRST)
    assert said == "No second person has checked syringe 1000-001P. Give your reason with --reason."
    said = ward.says("ledger", "issue", "A1", FIRST, "--reason", "alone on Sunday", *BY_PHARMACIST)
    assert "! No second person has checked syringe 1000-001P." in said


def test_a_syringe_goes_out_once_and_to_its_patient(ward: Ward) -> None:
    issue(ward)
    enrol_a(ward.on("2026-01-05"), "A2")
    assert ward.refuses("ledger", "issue", "A1", FIRST) == "Syringe 1000-001P is handed out already."
    said = ward.refuses("ledger", "issue", "A2", FIRST)
    assert said == "Syringe 1000-001P is A1's, and not A2's. Nothing is handed out."


def test_an_amount_that_has_changed_does_not_go_out(ward: Ward) -> None:
    receive(ward)
    prepare(ward)
    ward.says("ledger", "check", FIRST, "--result", "0.1", *BY_NURSE)
    ward.records("level A1 aldesleukin_low -1", "--reason", "the investigator's decision")
    said = ward.refuses("ledger", "issue", "A1", FIRST)
    assert "C1D2/aldesleukin_low is 1.343 million units now. Waste it, make another." in said


def test_what_comes_back_never_goes_out_again(ward: Ward) -> None:
    issue(ward)
    assert "never given again" in ward.says("ledger", "return", "A1", FIRST, *BY_NURSE)
    assert "was brought back, and never goes out again" in ward.refuses("ledger", "issue", "A1", FIRST)
    assert "recorded as returned already" in ward.refuses("ledger", "return", "A1", FIRST)
    assert "BROUGHT BACK, to be destroyed: 1" in ward.says("ledger", "show")
    assert "Balance" not in ward.says("ledger", "destroy", FIRST, "--reason", "came back", *BY_PHARMACIST)
    assert "is destroyed already" in ward.refuses("ledger", "destroy", FIRST, "--reason", "again")
    assert "no syringe is in two places" in ward.says("ledger", "verify")


def test_what_is_out_is_not_destroyed_in_the_pharmacy(ward: Ward) -> None:
    issue(ward)
    said = ward.refuses("ledger", "destroy", FIRST, "--reason", "tidying up")
    assert "is out with the patient; record it as brought back first: c1d1 ledger return A1" in said


def test_after_a_hold_the_numbers_that_are_out_are_called_back(ward: Ward) -> None:
    issue(ward)
    said = ward.records("hold A1", "--reason", "fever")
    called = "SYRINGES TO CALL BACK: they are with the patient 1000-001P, C1D2/aldesleukin_low of Tue 2026-01-06: is on"
    assert called in said
    assert called in ward.says("schedule", "A1")
    assert "CALL BACK what is at home: 1000-001P (C1D2/aldesleukin_low is on hold)" in ward.says("today")
    assert "A1: 1000-001P, C1D2/aldesleukin_low of Tue 2026-01-06: is on hold" in ward.says("ledger", "show")
    ward.says("ledger", "return", "A1", FIRST, *BY_NURSE)
    assert "CALL BACK: they" not in ward.says("schedule", "A1")
    assert "CALL BACK" not in ward.says("today")
    assert "as they were recorded" in ward.says("log", "verify", "--projections")


def test_the_handing_out_is_not_withdrawn_under_a_later_entry(ward: Ward) -> None:
    issue(ward)
    ward.says("ledger", "return", "A1", FIRST, *BY_NURSE)
    said = ward.refuses("record", "correct", "A1", "4", "--withdraw", "--reason", "wrong patient")
    assert said == "Entry 5 names syringe 1000-001P, which was not handed out. Correct the later entry first."


def test_the_ledger_is_in_verify_backup_and_rebuild_and_no_patient(ward: Ward, tmp_path: Path) -> None:
    issue(ward)
    assert "All 7 entries are as they were recorded." in ward.says("log", "verify", "--projections")
    assert "The worklist of 1 patient is made anew." in ward.says("log", "rebuild")
    ward.says("log", "backup", str(tmp_path / "copy.db"))
    assert "All 7 entries" in ward.says("--db", str(tmp_path / "copy.db"), "log", "verify")
    assert "1000-001P" in ward.says("--db", str(tmp_path / "copy.db"), "ledger", "show")
    assert "pharmacy/ledger" not in ward.says("patient", "list")
    assert "is not a patient's number" in ward.refuses("schedule pharmacy/ledger")


# ---------------------------------------------------------------- on paper


def test_the_accountability_record_is_read_back_from_the_paper(ward: Ward, tmp_path: Path) -> None:
    issue(ward)
    receive(ward, "Z-9", 3, "2027-06-30", "--maker", "Żółć <b>Pharma</b>")
    ward.says("ledger", "show", "-o", str(tmp_path / "ledger.pdf"))
    pages = list(pypdfium2.PdfDocument(tmp_path / "ledger.pdf"))
    syringes = " ".join(pages[1].get_textpage().get_text_range().split())
    words = " ".join(pages[0].get_textpage().get_text_range().split())
    for wanted in (
        "Investigational agent accountability record",
        "vial of 22 million units",
        "A1 Dispensed: 1 syringe 1.791 million units each syringes 1000-001P -1 4",
        "+3 7 Żółć <b>Pharma</b> lot Z-9",
        "AB-1 Sun 31 Jan 2027 5 1 0 4",
        "from entry 4 of the ledger, seal",
        "Page 1 of 2",
    ):
        assert wanted in words
    for wanted in (
        "made up for one dose: aldesleukin, low dose",
        "A1 Prepared: 1000-001P 1.791 million units each +1 1 lot AB-1",
        "A1 Handed out: 1000-001P 1.791 million units each -1 0 lot AB-1",
    ):
        assert wanted in syringes
    assert (tmp_path / "ledger.pdf").read_bytes()[:5] == b"%PDF-"


def test_an_empty_ledger_is_not_printed(ward: Ward, tmp_path: Path) -> None:
    assert "The ledger is empty" in ward.refuses("ledger", "show", "-o", str(tmp_path / "ledger.pdf"))


def test_a_cell_is_never_a_formula(ward: Ward) -> None:
    receive(ward, "=1+1")
    rows = list(csv.DictReader(io.StringIO(ward.run("ledger", "show", "--format", "csv").stdout)))
    assert rows[0]["lot"] == "'=1+1"
    assert rows[0]["vials"] == "+5"


def test_nothing_goes_out_from_a_lot_that_has_expired_since(ward: Ward) -> None:
    """Made in time; handed out a day later, when its lot is past its last day."""
    receive(ward, "OLD", 5, "2026-01-05")
    said = ward.refuses("ledger prepare A1 aldesleukin_low --lot OLD=1 --from 2026-01-06")
    assert "is due later" in said
    receive(ward)
    prepare(ward)
    ward.says("ledger", "check", FIRST, "--result", "0.1", *BY_NURSE)
    more = ("--expires", "2026-01-05", "--reason", "misread from the vial", *BY_PHARMACIST)
    ward.says("ledger", "correct", "2", *more)
    ward.on("2026-01-06")
    assert "It would be past its time when it is due." in ward.refuses("ledger", "issue", "A1", FIRST)
