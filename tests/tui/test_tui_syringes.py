"""The pharmacist's list: what to draw up, the second person's check without the first result, papers, a scan."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from test_tui_scanner import listening, scan
from textual.pilot import Pilot
from tui_clinic import SIZES, Clinic, drive, play, press, said, settle, shown

from scheduler.cli import main
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.record.syringe_numbers import printed


@pytest.fixture
def made(ward: Clinic, monkeypatch: pytest.MonkeyPatch) -> str:
    """A syringe for tonight, prepared by somebody else; its number."""
    monkeypatch.setenv("C1D1_HOME", str(ward.home.folder))
    for words in (
        "ledger receive aldesleukin --lot AB-1 --expires 2027-01-31 --vials 9",
        "ledger prepare S-001 aldesleukin_low --from 2026-01-20 --to 2026-01-20 --lot AB-1=1",
    ):
        result = CliRunner().invoke(main, [*words.split(), "--by", "Paul Pharmacist", "--role", "pharmacist"])
        assert result.exit_code == 0, result.output
    with ward.desk() as desk:
        return next(iter(Pharmacy(desk).stock.prepared))


@SIZES
def test_what_is_to_be_drawn_up_is_listed_and_told(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("<f7>", ("SYRINGES Tue 2026-01-20", "TO DRAW UP", "S-001", "aldesleukin, low dose")),
        ("<enter>", ("SYRINGES OF S-00", "mL")),
        ("<escape>o", ("trastuzumab-il2, edition 1",)),
        ("<escape><escape>", ("TODAY",)),
        size=size,
    )


def test_an_empty_pharmacy_says_so(clinic: Clinic) -> None:
    clinic.enrol("S-001", "trastuzumab-weekly", clinic.today)
    play(clinic.app(), ("<f7>", ("Nothing is to be drawn up",)), ("v", ("Only a syringe that is made",)))


@pytest.mark.parametrize(("result", "words"), [("0.1", "AGREE"), ("0.9", "DIFFER")])
def test_the_second_person_works_it_out_alone(ward: Clinic, made: str, result: str, words: str) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        await press(pilot, "<f7>")
        assert "WAITS FOR THE SECOND PERSON" in said(app)
        number = printed(made)
        for _ in range(30):
            if number in said(app).partition("────")[2]:
                break
            await press(pilot, "<down>")
        with ward.desk() as desk:
            volume = f"{Pharmacy(desk).find(made).syringe.volume}"
        await press(pilot, "v")
        assert f"{volume} mL" not in shown(app)
        await press(pilot, f"{volume if words == 'AGREE' else result}<enter>")
        assert f"{words}" not in said(app)
        await press(pilot, "ne<enter>")
        assert words in said(app)

    drive(ward.app(), steps)


def test_papers_are_files(ward: Clinic, made: str) -> None:
    play(ward.app(), ("<f7>p1", ("labels-2026-01-20.pdf",)), ("p3", ("worksheet-2026-01-20.pdf",)))
    assert sorted(p.name for p in (ward.home.folder / "handed-out").glob("*.pdf")) == [
        "labels-2026-01-20.pdf",
        "worksheet-2026-01-20.pdf",
    ]
    assert made


def test_a_scanned_syringe_opens_its_patient_and_says_what_speaks_against_it(ward: Clinic, made: str) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await scan(pilot, made)
        text = said(pilot.app)
        assert "S-001 trastuzumab-il2" in text
        assert printed(made) in text
        assert "STOP. By the ledger it has not left the pharmacy" in text
        await scan(pilot, made)
        await settle(pilot)
        assert "NOTHING IS SAVED" in said(pilot.app)
        assert "NEAR MISS" in said(pilot.app)

    drive(listening(ward), steps)
    assert ward.count("S-001") == 3
