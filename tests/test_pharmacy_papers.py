"""Labels, boxes, worksheets and infusion sheets from the command line, out of a record with a ledger."""

from __future__ import annotations

import re

import pytest
import zxingcpp

from scheduler.clinic.chart import Chart
from scheduler.clinic.desk import Desk
from scheduler.problems import Refused
from scheduler.record.syringe_numbers import read
from tests.on_the_line import Ward, enrol_a, enrol_b
from tests.paper_sample import pages, picture, text

MADE = ("--from", "2026-01-06", "--to", "2026-01-07")


@pytest.fixture
def ward(tmp_path, monkeypatch) -> Ward:
    """Patient A1 on day 1, with twenty vials on the shelf."""
    ward = Ward(tmp_path, monkeypatch).on("2026-01-05")
    enrol_a(ward)
    ward.says("ledger", "receive", "aldesleukin", "--lot", "AB1234", "--expires", "2027-06-30", "--vials", "20")
    return ward


def prepare(ward: Ward, treatment: str = "aldesleukin_low", *days: str) -> list[str]:
    """On Tuesday the 6th, the day of the first dose; the numbers of the syringes that were made."""
    ward.on("2026-01-06")
    lot = ("--lot", "AB1234=1", "--time", "10:00")
    words = ward.says("ledger", "prepare", "A1", treatment, *(days or MADE), *lot)
    return [read(number) for number in re.findall(r"\b[1-9]\d{3}-\d{3}[A-Z]\b", words)]


def paper(ward: Ward, *words: str) -> tuple[bytes, str]:
    """The PDF that a command writes, and what it says about what is not on it."""
    path = ward.folder / "paper.pdf"
    result = ward.run(*words, "-o", str(path))
    assert result.exit_code == 0, result.output
    return path.read_bytes(), result.stderr


def test_labels_of_what_is_prepared_carry_the_ledger_s_numbers(ward) -> None:
    numbers = prepare(ward)
    data, said = paper(ward, "labels", "A1", *MADE)
    assert said == ""
    codes = zxingcpp.read_barcodes(picture(data, 300), formats=zxingcpp.BarcodeFormat.DataMatrix)
    assert sorted(code.text for code in codes) == sorted(numbers)
    assert text(data).count("lot AB1234") == len(numbers) == 2
    assert "A1: entry 3, seal " in text(data)


def test_before_anything_is_prepared_labels_are_refused_and_planned_ones_offered(ward) -> None:
    said = ward.refuses("labels", "A1", *MADE, "-o", str(ward.folder / "no.pdf"))
    assert said == (
        "There is no label to print for doses from Tue 6 Jan 2026 to Wed 7 Jan 2026. "
        "Record what is prepared first, or print --planned labels with blanks."
    )
    assert not (ward.folder / "no.pdf").exists()
    data, _ = paper(ward, "labels", "A1", *MADE, "--planned")
    assert text(data).count("For subcutaneous use only") == 2
    assert zxingcpp.read_barcodes(picture(data, 300)) == []


def test_after_a_hold_a_prepared_syringe_gets_no_label(ward) -> None:
    prepare(ward)
    ward.records("hold A1", "--reason", "asked by phone", "--role", "investigator")
    said = ward.refuses("labels", "A1", *MADE, "-o", str(ward.folder / "no.pdf"))
    assert "On hold: nothing is drawn up until a person lifts the hold" in said


def test_after_another_level_a_syringe_for_the_old_dose_gets_no_label(ward) -> None:
    prepare(ward)
    ward.records("level A1 aldesleukin_low -1", "--reason", "asked by phone", "--role", "investigator")
    data = ward.refuses("labels", "A1", *MADE, "-o", str(ward.folder / "no.pdf"))
    assert "it was made for 1.791 million units, and now 1.343 million units is planned" in data


def test_a_syringe_that_the_second_person_does_not_agree_with_gets_no_label(ward) -> None:
    first, second = prepare(ward)
    ward.run("ledger", "check", first, "--result", "0.2", "--by", "Second Example")
    data, said = paper(ward, "labels", "A1", *MADE)
    assert "the second person's result does not agree" in said
    codes = zxingcpp.read_barcodes(picture(data, 300), formats=zxingcpp.BarcodeFormat.DataMatrix)
    assert [code.text for code in codes] == [second]


def test_a_record_that_cannot_be_read_is_named_and_the_others_get_their_labels(ward, monkeypatch) -> None:
    enrol_a(ward, "A2")
    chart = Desk.chart

    def broken(desk: Desk, subject: str, known_at: int | None = None) -> Chart:
        if subject == "A2":
            raise Refused("Its protocol is lost.")
        return chart(desk, subject, known_at)

    monkeypatch.setattr(Desk, "chart", broken)
    data, said = paper(ward, "labels", *MADE, "--planned")
    assert "LEFT OUT: A2. Its protocol is lost." in said
    assert text(data).count("number A1") == 2


def test_what_is_handed_out_is_not_labelled_again_and_what_replaces_it_says_so(ward) -> None:
    numbers = prepare(ward)
    for number in numbers:
        ward.run("ledger", "check", number, "--result", "0.1", "--by", "Second Example")
    ward.says("ledger", "issue", "A1")
    assert "There is no label" in ward.refuses("labels", "A1", *MADE, "-o", str(ward.folder / "no.pdf"))
    data, _ = paper(ward, "labels", "A1", *MADE, "--planned", "--sheet", "roll")
    assert "replaces what entry 4 handed out" in text(data)


def test_the_box_label_names_the_prepared_syringes(ward) -> None:
    numbers = prepare(ward)
    data, _ = paper(ward, "labels", "A1", *MADE, "--box")
    words = text(data)
    assert all(f"{number[:4]}-{number[4:]}" in words for number in numbers)
    assert "circle A: 2 syringes" in words


def test_worksheets_are_made_by_the_day_of_preparing(ward) -> None:
    data, said = paper(ward, "worksheet", "--from", "2026-01-05", "--to", "2026-01-09")
    days = [re.search(r"Preparation worksheet: [\w ]+, (\w+ \d+ Jan 2026)", page)[1] for page in pages(data)]
    assert days == sorted(days, key=lambda day: int(day.split()[1]))
    assert days[0] == "Mon 5 Jan 2026"
    assert said == ""


def test_infusion_sheets_say_the_pharmacy_s_volume(ward) -> None:
    enrol_b(ward)
    data, _ = paper(ward, "worksheet", "B1", "--infusion", "--from", "2026-01-05", "--to", "2026-01-05")
    assert "280 mg intravenous, over 90 minutes 13.3 mL from 1 vial, in 250 mL 0.9 % sodium chloride" in text(data)


def test_the_intermediate_dose_alone_keeps_its_look(ward) -> None:
    data, _ = paper(ward, "labels", "A1", "--from", "2026-01-13", "--to", "2026-01-13", "--planned", "--sheet", "roll")
    image = picture(data, 200)
    band = image.crop((30, 30, image.width - 30, 60))
    assert sum(band.histogram()[:64]) > 0.5 * band.width * band.height


def test_clinic_and_phone_come_from_the_settings(ward) -> None:
    (ward.folder / "clinic.toml").write_text('name = "Example Hospital"\nphone = "030 0000 0000"\n', encoding="utf-8")
    data, _ = paper(ward, "labels", "A1", *MADE, "--planned")
    assert "Example Hospital, phone 030 0000 0000" in text(data)


def test_interleukin_12_without_facts_is_told_and_has_no_label(ward) -> None:
    enrol_b(ward)
    data, said = paper(ward, "labels", "B1", "--from", "2026-01-26", "--to", "2026-02-01", "--planned")
    assert said.count("interleukin-12.yaml still requires") == 2
    assert "interleukin-12" not in text(data).replace("entry", "")
    assert "paclitaxel" in text(data)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("labels", "A1"), "It is a PDF. Name its file with -o FILE.pdf."),
        (("labels", "A9", "-o", "F"), "There is no patient A9"),
        (("labels", "A1", "--from", "2026-01-09", "--to", "2026-01-08", "-o", "F"), "2026-01-08 is before 2026-01-09"),
        (("labels", "A1", "--to", "2100-01-01", "-o", "F"), "is more than a year. Give fewer days."),
        (("labels", "A1", "--planned", "--from", "2100-01-01", "-o", "F"), "There is no label to print"),
        (("worksheet", "--from", "2100-01-01", "-o", "F"), "Nothing is to be prepared"),
        (("labels", "A1", "--planned", "--sheet", "L9999", "-o", "F"), "There is no label sheet 'L9999'"),
        (("labels", "A1", "--planned", "--start-at", "99", "-o", "F"), "L7160 has the labels 1 to 21"),
        (("worksheet", "A1", "--from", "2025-01-05", "--to", "2025-01-06", "-o", "F"), "Nothing is to be prepared"),
        (
            ("worksheet", "A1", "--infusion", "--from", "2026-01-06", "--to", "2026-01-06", "-o", "F"),
            "Nothing is given",
        ),
    ],
)
def test_what_cannot_be_printed_is_refused_and_nothing_is_written(ward, words, why) -> None:
    path = ward.folder / "no.pdf"
    assert why in ward.refuses(*(str(path) if word == "F" else word for word in words))
    assert not path.exists()
