"""`c1d1 syringes` and `c1d1 order` as a pharmacist types them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from scheduler.clinic.chart import Chart
from scheduler.clinic.desk import Desk
from scheduler.problems import Refused
from tests.on_the_line import Ward, enrol_a, enrol_b
from tests.syringe_sample import FOLDER

WEEKDAYS_ONLY = '[closed]\nweekdays = ["Sat", "Sun"]\n'
SHIPPED = (FOLDER / "aldesleukin.yaml").read_text(encoding="utf-8")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """A pharmacy without weekends, unless a test says otherwise."""
    found = Ward(tmp_path / "home", monkeypatch)
    enrol_a(found)
    found.on("2026-01-05")
    settings(found, WEEKDAYS_ONLY)
    return found


def settings(ward: Ward, text: str) -> None:
    (ward.folder / "clinic.toml").write_text(text, encoding="utf-8")


def site_file(ward: Ward, *changes: tuple[str, str]) -> None:
    text = SHIPPED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (ward.folder / "products").mkdir(exist_ok=True)
    (ward.folder / "products" / "aldesleukin.yaml").write_text(text, encoding="utf-8")
    settings(ward, 'products = "products"\n')


def pages(path: Path) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(path)]


# ---------------------------------------------------------------- what is drawn up when


def test_a_week_on_the_screen(ward: Ward) -> None:
    said = ward.says("syringes", "A1", "--to", "2026-01-11")
    assert "product file aldesleukin.yaml, edition 2, SHA-256" in said
    assert "In use: 18 million units per mL for every dose (assumed)." in said
    assert (
        "Mon 2026-01-05, only if the visit on that day releases them: draw up 1 dose; made at 09:00, "
        "to be used by Wed 2026-01-07 09:00 (UTC)" in said
    )
    assert (
        "(A) Tue 2026-01-06 20:00 C1D2 aldesleukin, low dose 1 of 16: 1.791 million units ordered: "
        "0.1 mL in the 1 mL syringe, at 18 million units per mL, holds 1.8 million units, 0.5 % more than the dose."
        in said
    )
    assert "(A) Sun 2026-01-11 20:00 aldesleukin, low dose: It keeps 48 hours" in said
    assert "T Mon 2026-01-05 C1D1 trastuzumab: 280 mg ordered: withdraw 13.3 mL from 1 vial of 420 mg" in said
    assert "DRAFT: not approved, not for patients" in said
    assert "made from entry 3, seal " in said


def test_48_hours_take_seven_journeys_in_two_weeks_where_nobody_says_that_the_pharmacy_is_closed(ward: Ward) -> None:
    settings(ward, "")
    ward.says("record", "given", "A1", "C1D1", "--on", "2026-01-05", "--by", "N")
    ward.on("2026-01-26")
    said = ward.says("syringes", "A1", "--from", "2026-01-26", "--to", "2026-02-08")
    assert said.count(": draw up ") == 7
    assert "NOT COVERED" not in said
    assert "2 days: syringes are fetched on 7 days" in said


def test_a_longer_time_of_the_pharmacy_s_own_file_means_fewer_journeys_and_is_stated(ward: Ward) -> None:
    site_file(ward, ("beyond_use: 48 hours", "beyond_use: 7 days"))
    said = ward.says("syringes", "A1", "--to", "2026-01-25")
    assert "the site's product file products/aldesleukin.yaml, edition 2, SHA-256" in said
    assert "NOT COVERED" not in said
    assert said.count(": draw up ") == 3
    assert (
        "NOTE: The protocol says that a syringe keeps 48 hours, and the product file products/aldesleukin.yaml" in said
    )


def test_a_weaker_solution_for_one_strength_is_stated_with_how_to_make_it(ward: Ward) -> None:
    chosen = "18 million units/mL for aldesleukin_intermediate\n      - 6 million units/mL for aldesleukin_low"
    site_file(ward, ("18 million units/mL for every dose", chosen), ("larger syringe", "equal parts"))
    said = ward.says("syringes", "A1", "--to", "2026-01-13")
    assert (
        "In use: 18 million units per mL for aldesleukin_intermediate, 6 million units per mL for aldesleukin_low"
        in said
    )
    assert "6 million units per mL: to 1 mL of the solution 2 mL 5 % dextrose." in said
    assert "0.3 mL in the 1 mL syringe, at 6 million units per mL, holds 1.8 million units" in said
    assert "two 1 mL syringes of 0.6 mL each, at two sites, at 18 million units per mL, hold 21.6 million units" in said


def test_the_trade_is_shown(ward: Ward) -> None:
    settings(ward, "[closed]\nweekdays = []\n")
    said = ward.says("syringes", "A1", "--from", "2026-01-26", "--to", "2026-02-08")
    assert said.count(": draw up ") == 7
    assert "NOT COVERED" not in said
    table = "2 days: syringes are fetched on 17 days 7 days: syringes are fetched on 5 days"
    assert re.search(r"2 days: syringes are fetched on \d+ days 7 days: .* 14 days: ", said), table


def test_two_files_of_the_site_or_a_broken_one_stop_everything(ward: Ward) -> None:
    site_file(ward, ("22 million units single", "22 MU single"))
    refused = ward.refuses("syringes A1")
    assert "products/aldesleukin.yaml:24:14: bad-unit" in refused
    assert "bad-unit" in ward.refuses("order")


def test_a_product_file_is_checked_like_a_protocol(ward: Ward) -> None:
    site_file(ward, ("22 million units single", "22 MU single"))
    said = ward.refuses("protocol", "check", str(ward.folder / "products" / "aldesleukin.yaml"))
    assert "aldesleukin.yaml:24:14: bad-unit" in said
    assert "sound, product aldesleukin with" in ward.says("protocol", "check", str(FOLDER / "aldesleukin.yaml"))
    sound = ward.says("protocol", "check", str(FOLDER / "interleukin-12.yaml"))
    assert "sound, product interleukin-12 with 6 statements, still required: vial, reconstitute" in sound


def test_a_hold_leaves_no_volume(ward: Ward) -> None:
    ward.on("2026-01-07").records("toxicity A1 Fever 3 --on 2026-01-07")
    said = ward.says("syringes", "A1", "--to", "2026-01-11")
    assert ": draw up " not in said
    assert "0.1 mL" not in said
    assert "On hold: nothing is drawn up until a person lifts the hold." in said


def test_nobody_knows_the_vial_of_interleukin_12(ward: Ward) -> None:
    enrol_b(ward)
    said = ward.on("2026-01-26").says("syringes", "B1", "--to", "2026-02-08")
    assert "The product file interleukin-12.yaml still requires: vial, reconstitute" in said
    rows = list(csv.DictReader(io.StringIO(ward.run("syringes", "B1", "--to", "2026-02-08", "--format", "csv").stdout)))
    assert rows
    assert {row["volume_mL"] for row in rows if row["treatment"] == "interleukin_12"} == {""}
    assert all("still requires" in row["refusal"] for row in rows if row["treatment"] == "interleukin_12")


def test_data_carry_what_the_screen_says(ward: Ward) -> None:
    found = json.loads(ward.run("syringes", "A1", "--to", "2026-01-11", "--format", "json").stdout)["patients"][0]
    first = found["sessions"][0]["syringes"][0]
    assert first["item"] == "C1D2/aldesleukin_low"
    assert (first["volume_mL"], first["holds"], first["unit"]) == ("0.1", "1.8", "million units")
    assert first["use_until"] == "2026-01-07T09:00Z"
    assert found["infusions"][0]["volume_mL"] == "13.3"
    assert found["not_covered"][0]["item"] == "C1D7/aldesleukin_low"
    rows = list(csv.DictReader(io.StringIO(ward.run("syringes", "--to", "2026-01-11", "--format", "csv").stdout)))
    assert [row["item"] for row in rows] == [
        *(each["item"] for session in found["sessions"] for each in session["syringes"]),
        "C1D7/aldesleukin_low",
    ]


def test_the_pdf_is_by_the_day_of_drawing_up_and_shows_no_volume_for_what_no_day_covers(
    ward: Ward, tmp_path: Path
) -> None:
    path = tmp_path / "s.pdf"
    ward.says("syringes", "-o", str(path), "--to", "2026-01-11")
    found = pages(path)
    assert "Draw up on Mon 5 Jan 2026 (only if the visit on that day releases them) and hand out." in found[0]
    assert "Made from entry 3, seal" in found[0]
    assert "NOT COVERED: no day on which they can be drawn up Sun 11 Jan 2026: It keeps 48 hours" in " ".join(found)
    assert " ".join(found).count("0.1 mL ") == 5
    again = tmp_path / "t.pdf"
    ward.says("syringes", "-o", str(again), "--to", "2026-01-11")
    assert again.read_bytes() == path.read_bytes()


# ---------------------------------------------------------------- comparing, refusing


def test_every_way_is_compared(ward: Ward) -> None:
    said = ward.says("syringes", "--compare", "A1")
    assert "(B) aldesleukin" not in said
    assert "[B] aldesleukin, intermediate dose, 21.49 million units, from Tue 2026-01-13 on" in said
    assert "18 million units 1 mL syringe no volume 0.3 % less impossible: it holds 1 mL" in said
    assert "18 million units 2 of 1 mL syringe 0.6 mL each 0.5 % more would do" in said
    assert "18 million units 3 mL syringe 1.2 mL 0.5 % more chosen" in said
    assert "never used: insulin syringe" in said
    assert "never made: 1.13 to 1.6 million units per mL." in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("syringes --compare", "Say whose doses to compare"),
        ("syringes A1 --compare -o x.pdf", "A PDF holds the syringe list"),
        ("syringes A1 --compare --format json", "The comparison is a table"),
        ("syringes A1 --from 2026-01-09 --to 2026-01-08", "2026-01-08 is before 2026-01-09"),
        ("syringes A1 --from 2026-01-09 --to 2036-01-08", "more than a year"),
        ("syringes A1 --from 9999-12-31", "not in the years 1990 to 2100"),
        ("order --from 9990-01-01", "not in the years 1990 to 2100"),
        ("syringes A2", "There is no patient A2"),
        ("order --from 2026-01-09 --to 2026-01-08", "2026-01-08 is before 2026-01-09"),
    ],
)
def test_what_cannot_be_is_one_sentence(ward: Ward, words: str, sentence: str) -> None:
    assert sentence in ward.refuses(words)


# ---------------------------------------------------------------- the order


def test_the_order_of_a_week(ward: Ward, tmp_path: Path) -> None:
    enrol_b(ward, "B1")
    said = ward.says("order")
    assert "Vial order for what is prepared from Mon 2026-01-05 to Sun 2026-01-11" in said
    assert "aldesleukin: 3 vials of 22 million units (1 vial if nothing were left over)" in said
    assert "trastuzumab: 2 vials of 420 mg" in said
    assert "Mon 2026-01-05 B1 1 dose, 313.2 mg: 2 vials" in said
    assert "aldesleukin, not covered by any day: 1 dose" in said
    path = tmp_path / "o.pdf"
    ward.says("order", "-o", str(path))
    page = pages(path)[0]
    assert "aldesleukin 22 million units 5 3 1 not in the ledger" in page
    assert "DRAFT: a product file in use is not approved." in page


def test_what_stands_on_the_shelf_is_taken_off(ward: Ward) -> None:
    ward.says("ledger", "receive", "aldesleukin", "--lot", "X1", "--expires", "2027-01-31", "--vials", "2")
    assert "2 on the shelf by the ledger, short by 1" in ward.says("order")


def test_what_is_made_up_or_handed_out_is_not_drawn_up_again_and_is_called_back_on_a_hold(ward: Ward) -> None:
    ward.says("ledger", "receive", "aldesleukin", "--lot", "X1", "--expires", "2027-01-31", "--vials", "2")
    made = ward.says(
        *("ledger", "prepare", "A1", "aldesleukin_low", "--from", "2026-01-06"),
        *("--lot", "X1=1", "--time", "09:00", "--on", "2026-01-05"),
    )
    assert "Made up or handed out already C1D2/aldesleukin_low" in ward.says("syringes", "A1")
    number = re.search(r"\d{4}-\d{3}[A-Z]", made)[0]
    ward.says("ledger", "check", number, "--result", "0.1", "--by", "Q. Example")
    ward.says("ledger", "issue", "A1")
    assert "low dose 1 of 16" not in ward.says("syringes", "A1")
    ward.records("toxicity A1 Fever 3 --on 2026-01-05")
    said = ward.says("syringes", "A1")
    assert f"call back syringe {number}, for C1D2/aldesleukin_low: its dose is on hold." in said


def test_a_patient_whose_chart_cannot_be_opened_is_named_and_the_others_get_theirs(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol_a(ward, "A2")
    chart = Desk.chart

    def broken(desk: Desk, subject: str, known_at: int | None = None) -> Chart:
        if subject == "A1":
            raise Refused("The protocol that is kept for A1 cannot be read.")
        return chart(desk, subject, known_at)

    monkeypatch.setattr(Desk, "chart", broken)
    run = ward.run("order")
    assert (run.exit_code, run.stderr) == (0, "LEFT OUT: A1. The protocol that is kept for A1 cannot be read.\n")
    assert "A2" in run.stdout
    assert "cannot be read" in ward.refuses("syringes A1")
