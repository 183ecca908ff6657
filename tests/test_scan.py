"""A syringe under the scanner: the right one is given, every wrong one is refused and recorded as a near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.clinic import preparing
from scheduler.shipped import protocols_folder
from tests import accounts_sample
from tests.accounts_sample import WardWithPins
from tests.on_the_line import Ward, enrol_a

quick_hashes, pinned = accounts_sample.quick_hashes, accounts_sample.pinned  # fixtures
FIRST, SECOND = "1000001P", "1000002R"
PHARMACIST, NURSE = ("--by", "Pharmacist Example"), ("--by", "Nurse Example")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """Tue 2026-01-06, 12:00 UTC: A1 has the syringes of this evening and of tomorrow at home; A2 has none."""
    found = Ward(tmp_path, monkeypatch)
    enrol_a(found)
    enrol_a(found, "A2")
    numbers = iter(range(1, 100))
    monkeypatch.setattr(preparing.secrets, "randbelow", lambda below: next(numbers) % below)
    found.on("2026-01-06")
    stocked(found)
    for number in (FIRST, SECOND):
        found.says("ledger", "check", number, "--result", "0.1", *NURSE)
    found.says("ledger", "issue", "A1", *PHARMACIST)
    return found


def stocked(ward: Ward) -> None:
    lot = ("--lot", "AB-1", "--expires", "2026-01-07", "--vials", "5", *PHARMACIST)
    ward.says("ledger", "receive", "aldesleukin", *lot)
    days = ("--from", "2026-01-06", "--to", "2026-01-07", "--lot", "AB-1=1", *PHARMACIST)
    ward.says("ledger", "prepare", "A1", "aldesleukin_low", *days)


def refused(ward: Ward, number: str, *more: str, subject: str = "A1") -> str:
    """What is said when a syringe must not be given; it has to be in the record of the patient as well."""
    run = ward.run("scan", number, "--give", "--subject", subject, *more)
    assert run.exit_code == 1, run.output
    assert "It is recorded as a near miss." in run.stderr
    assert "DO NOT GIVE: " in run.stderr
    assert "NEAR MISS, stopped: syringe" in ward.says("patient", "show", subject).split("Handed out")[-1]
    return run.stderr


def test_a_scan_tells_whose_it_is_and_which_dose(ward: Ward) -> None:
    assert ward.says("scan", FIRST) == (
        "Syringe 1000-001P: A1, C1D2/aldesleukin_low."
        " For Tue 2026-01-06 at 20:00: aldesleukin, low dose (circle A), subcutaneous"
        " 1.791 million units, 0.1 mL, lot AB-1"
        " Use until Wed 2026-01-07 23:59 (UTC)"
        " Checked by a second person."
        " Nothing speaks against giving it. "
    )


@pytest.mark.parametrize("text", ["1000-001p", " 1000 001P ", "]d11000001P\r\n", "&ààààà&P"])
def test_what_a_scanner_or_a_person_makes_of_the_number(ward: Ward, text: str) -> None:
    assert "Syringe 1000-001P: A1" in ward.says("scan", text)


def test_a_mistyped_number_is_no_near_miss_and_no_dose(ward: Ward) -> None:
    said = ward.refuses("scan 1000011P --give --subject A1")
    assert said == "1000-011P is mistyped: its letter does not fit its digits. Read it again from the label."
    assert "NEAR MISS" not in ward.says("patient", "show", "A1")


def test_the_right_one_is_given_with_its_lot(ward: Ward) -> None:
    said = ward.says("scan", FIRST, "--give", "--subject", "A1", "--time", "12:05")
    assert "Given: C1D2/aldesleukin_low (1.791 million units, 12:05, lot AB-1, syringe 1000-001P)." in said
    (item,) = [i for key, i in ward.items("A1", "2026-01-08").items() if key == "C1D2/aldesleukin_low"]
    assert item["status"] == "given"
    assert "no syringe is in two places" in ward.says("ledger", "verify")


def test_whom_it_is_for_comes_from_the_patient_and_not_from_the_label(ward: Ward) -> None:
    assert "from the wristband and not the label" in ward.refuses("scan", FIRST, "--give")


def test_another_patients_syringe(ward: Ward) -> None:
    assert "It is A1's, and not A2's." in refused(ward, FIRST, subject="A2")
    assert "It is A1's, and not A2's." in ward.run("scan", FIRST, "--subject", "A2").stdout


def test_a_held_one(ward: Ward) -> None:
    ward.records("hold A1", "--reason", "fever")
    assert "C1D2/aldesleukin_low is on HOLD: give nothing." in refused(ward, FIRST)


def test_one_of_a_treatment_that_has_ended(ward: Ward) -> None:
    ward.records("end A1 progression")
    assert "C1D2/aldesleukin_low has ended: give nothing." in refused(ward, FIRST)


def test_tomorrows(ward: Ward) -> None:
    assert "It is for Wed 2026-01-07, and not for Tue 2026-01-06." in refused(ward, SECOND)


def test_one_given_already(ward: Ward) -> None:
    ward.says("scan", FIRST, "--give", "--subject", "A1", "--time", "12:05")
    assert "It was given already." in refused(ward, FIRST)


def test_one_of_a_dose_that_was_recorded_without_it(ward: Ward) -> None:
    ward.records("given A1 C1D2/aldesleukin_low")
    assert "It was given already." in refused(ward, FIRST)


def test_one_brought_back(ward: Ward) -> None:
    ward.says("ledger", "return", "A1", FIRST, *NURSE)
    assert "It was brought back, and never goes out again." in refused(ward, FIRST)


def test_one_past_its_time(ward: Ward) -> None:
    ward.on("2026-01-08")
    said = refused(ward, SECOND)
    assert "It was to be used until 2026-01-07 23:59 UTC: EXPIRED." in said
    assert "Lot AB-1 in it is expired." in said


def test_one_of_another_amount(ward: Ward) -> None:
    ward.records("level A1 aldesleukin_low -1", "--reason", "the investigator's decision")
    assert "It holds 1.791 million units, and C1D2/aldesleukin_low is 1.343 million units now." in refused(ward, FIRST)


def test_one_that_never_left_the_pharmacy(ward: Ward) -> None:
    days = ("--from", "2026-01-06", "--lot", "AB-1=1", *PHARMACIST)
    ward.says("ledger", "prepare", "A2", "aldesleukin_low", *days)
    assert "it was not handed out" in refused(ward, "1000003S", subject="A2")


def test_one_that_nobody_made(ward: Ward) -> None:
    assert "No such syringe was prepared here." in refused(ward, "4821057P")


def test_two_doses_are_not_given_at_once(ward: Ward) -> None:
    ward.on("2026-01-07")
    said = ward.run("scan", FIRST, SECOND, "--give", "--subject", "A1")
    assert said.exit_code == 1
    assert "It is for Tue 2026-01-06, and not for Wed 2026-01-07." in said.stderr


def test_a_dose_of_yesterday_takes_its_time(ward: Ward) -> None:
    ward.on("2026-01-07")
    words = ("scan", FIRST, "--give", "--subject", "A1", "--on", "2026-01-06")
    assert ward.refuses(*words) == "Say at what time it was given on Tue 2026-01-06, like --time 20:00."
    assert "Given: C1D2/aldesleukin_low" in ward.says(*words, "--time", "20:10")


def test_nothing_is_given_in_the_future(ward: Ward) -> None:
    said = ward.refuses("scan", FIRST, "--give", "--subject", "A1", "--time", "20:00")
    assert said == "2026-01-06 20:00 UTC has not come yet. Record it when it has happened."


def test_a_dose_in_two_syringes_is_scanned_with_both(ward: Ward) -> None:
    """The clinic's own product file divides what one syringe does not hold."""
    shipped = (protocols_folder() / "products" / "aldesleukin.yaml").read_text(encoding="utf-8")
    own = ward.folder / "products"
    own.mkdir()
    divided = shipped.replace("over_capacity: larger syringe", "over_capacity: equal parts")
    (own / "aldesleukin.yaml").write_text(divided, encoding="utf-8")
    (ward.folder / "clinic.toml").write_text('products = "products"\n', encoding="utf-8")
    ward.on("2026-01-13")
    lot = ("--lot", "CD-2", "--expires", "2026-12-31", "--vials", "5", *PHARMACIST)
    ward.says("ledger", "receive", "aldesleukin", *lot)
    said = ward.says("ledger", "prepare", "A1", "aldesleukin_intermediate", "--lot", "CD-2=1", *PHARMACIST)
    assert "1000-003S C1D9/aldesleukin_intermediate, part 1 of 2 of a dose of 21.49 million units, 0.6 mL" in said
    both = ("1000003S", "1000004T")
    for number in both:
        assert "in 2 equal parts; the volume of one." in ward.says("ledger", "check", number)
        ward.says("ledger", "check", number, "--result", "0.6", *NURSE)
    ward.says("ledger", "issue", "A1", *PHARMACIST)
    said = ward.refuses("scan", both[0], "--give", "--subject", "A1")
    assert said == "C1D9/aldesleukin_intermediate is in 2 syringes, and 1 is here. Scan all of them together."
    said = ward.says("scan", *both, "--give", "--subject", "A1")
    assert "Given: C1D9/aldesleukin_intermediate (21.49 million units, 12:00, lot CD-2, syringes 1000-003S and" in said


def test_a_preview_stores_neither_the_dose_nor_the_near_miss(ward: Ward) -> None:
    assert "nothing is stored" in ward.says("scan", FIRST, "--give", "--subject", "A1", "--preview")
    assert ward.run("scan", SECOND, "--give", "--subject", "A1", "--preview").exit_code == 1
    shown = ward.says("patient", "show", "A1")
    assert "Given" not in shown
    assert "NEAR MISS" not in shown


@pytest.mark.parametrize("rubbish", ["", "%00", "A" * 3000, "\u202e", "🦠", "'; DROP TABLE events"])
def test_rubbish_is_refused_in_one_sentence(ward: Ward, rubbish: str) -> None:
    assert "is no syringe number." in ward.refuses("scan", rubbish, "--give", "--subject", "A1")


def test_with_accounts_each_entry_takes_its_right(pinned: WardWithPins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing.secrets, "randbelow", lambda _: 1)
    enrol_a(pinned)
    pinned.on("2026-01-06")
    pinned.staff("nurse", "pharmacist")
    words = ("ledger", "receive", "aldesleukin", "--lot", "AB-1", "--expires", "2030-01-31", "--vials", "5")
    said = pinned.as_("N. Reyes", *words).stderr
    assert said.startswith("N. Reyes is a nurse, and may not keep the pharmacy's ledger.")
    assert pinned.as_("P. Lind", *words).exit_code == 0
    assert pinned.as_("P. Lind", "ledger", "prepare", "A1", "aldesleukin_low", "--lot", "AB-1=1").exit_code == 0
    assert "second person" in pinned.as_("p. lind", "ledger", "check", FIRST, "--result", "0.1").stderr
    assert pinned.as_("N. Reyes", "ledger", "check", FIRST, "--result", "0.1").exit_code == 0
    assert pinned.as_("N. Reyes", "ledger", "issue", "A1").exit_code == 0
    pinned.pin("not-the-pin")
    run = pinned.as_("N. Reyes", "scan", FIRST, "--give", "--subject", "A1")
    assert (run.exit_code, run.stdout) == (1, "")
    assert "Given" not in pinned.says("patient", "show", "A1")
