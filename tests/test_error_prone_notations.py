"""No output shows a notation that has made people take a wrong dose: one test over every one of them."""

from __future__ import annotations

import re

import pytest

from scheduler.cli import COMMANDS
from tests.error_prone import NOTATIONS, OUTPUTS, found_in
from tests.on_the_line import Ward, enrol_a, enrol_b


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """A ward with both trials, a hold, a changed weight, and syringes that are prepared."""
    with pytest.MonkeyPatch.context() as patch:
        ward = Ward(tmp_path_factory.mktemp("ward"), patch).on("2026-01-13")
        for subject in ("A1", "P1"):
            enrol_a(ward, subject)
        enrol_b(ward)
        ward.records("given A1 C1D1/trastuzumab --on 2026-01-05")
        ward.records("given A1 C1D2/aldesleukin_low --on 2026-01-06")
        ward.says("ledger", "receive", "aldesleukin", "--lot", "AB1234", "--expires", "2027-06-30", "--vials", "20")
        made = ("--from", "2026-01-13", "--to", "2026-01-14", "--lot", "AB1234=3", "--time", "09:00")
        ward.says("ledger", "prepare", "P1", "aldesleukin_intermediate", *made)
        ward.records("toxicity B1 Fatigue 3 --on 2026-01-12 --due-to interleukin-12=definite")
        yield ward


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_output_shows_an_error_prone_notation(ward, output) -> None:
    words = OUTPUTS[output](ward)
    assert len(words) > 20
    assert found_in(words) == {}


@pytest.mark.parametrize(
    "words",
    [
        *("give 5 MIU now", "18 million IU", "10 U", "5 MM units", "give 100 K units", "3 µg", "5 ug", "14,000 ng"),
        *("10 mg QD", "5 mg q.d.", "BID", "5 mg SC", "10 mg PO", "at HS", "D/C it", "2 cc", "3 ml", "5 mg. daily"),
        *(
            "1.0 mg",
            "0.10 mL",
            "10.50 mg",
            "give .5 mg",
            "5000 units",
            "1000000 units",
            "10mg",
            "0.1mL",
            "2million units",
        ),
        *(
            "4 mg/kg",
            "1 million units/m2",
            "25 units/10 units",
            "5 mg/day",
            "grade ≥ 3",
            "dose > 10",
            "2 + 3 mg",
            "2 @ 5 mg",
        ),
        *("IL-2", "rIL-2 at home", "IL-12", "T-DM1", "MTX", "1/2 tablet", "5/7", "½ tablet"),
    ],
)
def test_the_list_finds_them(words) -> None:
    assert found_in(words)


@pytest.mark.parametrize(
    "words",
    [
        "1.8 million units in 0.1 mL. For subcutaneous use only.",
        "4 mg per kg x 70 kg = 280 mg; 1,400 mg; 0.05 mL; 10 % more; level -1; C2D9; S-001; MU-014",
        "Mon 2026-11-02 at 20:00; aldesleukin.yaml:120; SHA-256 affce73995ae; trastuzumab-il2; interleukin-12",
        "175 mg per m2 over 180 minutes; CTCAE 3.0; version 1.10; page 1 of 12; part 1 of 2; 1,000 mL",
    ],
)
def test_the_list_leaves_safe_words_alone(words) -> None:
    assert found_in(words) == {}


def test_every_command_that_shows_doses_is_on_the_list() -> None:
    """A new command is either here, or shows no dose of its own."""
    without = {"demo", "criteria", "record", "publish", "log", "user", "serve", "closed", "export", "import"}
    named = (
        " ".join(OUTPUTS)
        .replace("what to draw up", "syringes")
        .replace("why a dose", "why")
        .replace("wall calendar", "wall")
    )
    missing = [name for name in COMMANDS if name not in without and not re.search(name.rstrip("s"), named)]
    assert not missing


def test_every_notation_is_tried() -> None:
    assert len(NOTATIONS) == 16
