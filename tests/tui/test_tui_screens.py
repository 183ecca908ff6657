"""Every screen: what it shows, its empty states, its errors, its keys; at 80x24 and at 100x30."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from tui_clinic import DAY_1, SIZES, Clinic, drive, play, press, said, shown

from scheduler.clinic import doses
from scheduler.store.faults import Away
from tui.screens.base import ClinicScreen
from tui.screens.enrol import EnrolScreen
from tui.screens.history import HistoryScreen
from tui.screens.patient import PatientScreen
from tui.screens.patients import PatientsScreen
from tui.screens.preview import PreviewScreen
from tui.screens.protocols import ProtocolScreen, ProtocolsScreen
from tui.screens.signing import SignScreen
from tui.screens.syringes import CheckScreen, SyringesScreen
from tui.screens.toxicity import ToxicityScreen
from tui.screens.worklist import WorklistScreen

# ------------------------------------------------------------ worklist and patients


@SIZES
def test_the_worklist_puts_decisions_first_and_filters_by_typing(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("", ("TODAY Tue 2026-01-20", "2 patients", "TO BE DECIDED", "OVERDUE", "ON HOLD")),
        ("<f3>", ("only: DUE TODAY", "S-001", "C1D16", "S-002")),
        ("<f3>hold", ("ON HOLD", "since Fri 2026-01-16")),
        ("xyz", ("No line matches",)),
        ("<escape>001<f3>", ("S-001", "C1D16")),
        ("<f3><backspace><backspace><backspace>", ("S-002",)),
        ("<f2>", ("ALL PATIENTS 2 of 2 patients", "S-001: trastuzumab-il2, edition 1, day 1 2026-01-05")),
        ("2", ("1 of 2",)),
        ("<enter>", ("S-002 trastuzumab-il2", "Today Tue 2026-01-20: C1D16")),
        size=size,
    )


def test_a_new_clinic_says_how_to_begin(clinic: Clinic) -> None:
    play(
        clinic.app(),
        ("", ("There is no record here yet. F4 enrols the first patient",)),
        ("<f2>", ("There is no record here yet",)),
        ("<escape><enter>", ("TODAY",)),
    )
    assert not (clinic.home.folder / "record.db").exists()


def test_a_day_without_work_says_so(clinic: Clinic) -> None:
    clinic.enrol("S-001", "trastuzumab-weekly", DAY_1 + timedelta(days=100))
    play(clinic.app(), ("", ("Nothing is due, on hold, overdue or to be decided.",)))


def test_a_whole_number_typed_or_scanned_opens_its_patient(clinic: Clinic) -> None:
    clinic.enrol("S-009", "trastuzumab-weekly", DAY_1 + timedelta(days=100))
    play(
        clinic.app(),
        ("S-009<enter>", ("S-009 trastuzumab-weekly", "before day 1")),
        ("<escape>S-010<enter>", ("There is no patient S-010 in this record.",)),
    )


def test_a_record_that_does_not_answer_is_one_calm_sentence(ward: Clinic) -> None:
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        app.place.close()
        (ward.home.folder / "record.db").write_bytes(b"no database" * 1000)
        await press(pilot, "<f5>")
        assert "The record does not answer. What is shown may be old" in said(app)
        assert "S-002" in shown(app)
        await press(pilot, "<enter>")
        assert "Traceback" not in shown(app)

    drive(app, steps)


def test_a_store_that_goes_away_while_a_patient_is_open_ends_nothing(ward: Clinic) -> None:
    app = ward.app()

    def away(*_: object, **__: object) -> None:
        raise Away("The record cannot be reached.")

    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>")
        with app.place.desk() as desk:
            for name in ("entries", "position", "changed_since", "subjects", "due"):
                setattr(desk.log, name, away)
            desk.log.accounts.any = away  # type: ignore[method-assign, assignment]
        app.look()
        await app.workers.wait_for_complete()
        await press(pilot, "mtfat<enter>3")
        assert "The record cannot be reached." in said(app)
        await press(pilot, "<escape><escape><escape>h<escape>w<escape>k71<enter>")
        assert "The record cannot be reached." in said(app)
        await press(pilot, "<escape><escape><f2>")
        assert "The record cannot be reached." in said(app)

    drive(app, steps)
    assert ward.count("S-001") == 3


def test_what_others_record_appears_at_the_next_look(ward: Clinic) -> None:
    app = ward.app()

    async def look(pilot: Pilot[None]) -> None:
        app.look()
        await app.workers.wait_for_complete()
        await pilot.pause()

    async def steps(pilot: Pilot[None]) -> None:
        await look(pilot)
        ward.fever("S-001", 3, ward.today)
        await look(pilot)
        await press(pilot, "001")
        assert "ON HOLD" in said(app)
        await press(pilot, "<enter>")
        ward.fever("S-001", 1, ward.today)
        await look(pilot)
        assert "Somebody recorded something for this patient just now" in said(app)
        await press(pilot, "m")
        ward.fever("S-001", 2, ward.today)
        await look(pilot)
        assert "recorded for this patient meanwhile" in said(app)

    drive(app, steps)


# ------------------------------------------------------------ one patient


@SIZES
def test_the_home_of_a_patient_tells_states_by_shape_and_letter(ward: Clinic, size) -> None:
    ward.record("S-002", lambda scene: doses.given(scene, "C1D1"), DAY_1)
    ward.record("S-002", lambda scene: doses.missed(scene, "C1D2"))
    play(
        ward.app(),
        (
            "002<enter>",
            (
                "♦T",
                "\N{MULTIPLICATION SIGN}A",
                "!B",
                "■A",
                "Cycle day",
                "C2 2026-01-26",
                "? Resume aldesleukin",
                "■ HELD:",
            ),
        ),
        ("", ("C1D16 Tue 2026-01-20 TODAY", "(A) aldesleukin, low dose 20:00 HELD: give nothing")),
        ("<home>", ("GIVEN: 280 mg",)),
        ("<right>", ("MISSED",)),
        ("<down><home>", ("C2D1 Mon 2026-01-26", "T trastuzumab", "[B] aldesleukin, intermediate dose", "HELD")),
        ("n", ("TODAY",)),
        size=size,
    )


@SIZES
def test_why_names_paper_assumption_event_and_arithmetic(ward: Clinic, size) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "002<enter>w")
        lines = pilot.app.screen.lines  # type: ignore[attr-defined]
        for title in ("The paper says:", "Assumed", "Recorded:"):
            assert any(title in line for line in lines)
        assert all(len(line) <= 76 for line in lines)
        assert "WHY S-002 C1D16" in said(pilot.app)

    drive(ward.app(), steps, size)


@SIZES
def test_the_history_keeps_everything_and_shows_old_states(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("002<enter>h", ("HISTORY S-002", "grade 1", "recorded", "Nurse Example, nurse")),
        ("<down><enter>", ("AS KNOWN AT ENTRY 4", "an old state of the record")),
        ("m", ("an old state of the record",)),
        ("<escape><escape>", ("? Resume",)),
        size=size,
    )


def test_a_weight_is_corrected_and_the_old_value_stays(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>h")
        await press(pilot, "c")
        assert "CORRECT entry 3" in said(pilot.app)
        await press(pilot, "1")
        await press(pilot, "72<enter>")
        assert "Entry 3 was wrong; it is now: Weight 72 kg" in said(pilot.app)
        assert "A correction needs a reason" in said(pilot.app)
        await press(pilot, "wrong scale<enter>ne<enter>")
        assert "CORRECTED" in said(pilot.app)

    drive(ward.app(), steps)
    assert "Weight 72 kg" in ward.words("S-001")


def test_an_entry_is_taken_back_and_an_enrolment_is_not(ward: Clinic) -> None:
    play(
        ward.app(),
        ("002<enter>hc2", ("Entry 5 was wrong and counts no more",)),
        ("wrong patient<enter>ne<enter>", ("CORRECTED", "6 Tue 2026-01-20")),
        ("<end>c1", ("An enrolment is not taken back.",)),
    )
    assert ward.count("S-002") == 6


@SIZES
def test_the_protocol_and_its_assumptions_are_read_on_the_spot(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("002<enter>p", ("PROTOCOL trastuzumab-il2, edition 1", "DRAFT")),
        ("a", ("confirmed by nobody", "Assumption")),
        ("<escape><escape><f6><enter>", ("PROTOCOL lapatinib-capecitabine",)),
        size=size,
    )


@SIZES
def test_an_assumption_is_confirmed_and_says_by_whom(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("002<enter>pc", ("CONFIRM WHICH ASSUMPTION", "1 Assumption 1: A cycle is counted")),
        ("3", ("NOTHING IS SAVED BEFORE YOU SIGN", "you agree that this is how it is done here", "because:")),
        ("<escape>c2ne<enter>", ("of which 30 are confirmed by nobody", "confirmed by nobody")),
        ("<pagedown>", ("confirmed by Nurse Example, nurse, on Tue 2026-01-20, not authenticated",)),
        size=size,
    )
    with ward.desk() as desk:
        assert desk.log.subjects() == ("S-001", "S-002")


def test_all_assumptions_are_confirmed_at_once_and_then_none_is_left(clinic: Clinic) -> None:
    play(
        clinic.app(),
        ("<f6><down><enter>ac", ("CONFIRM WHICH ASSUMPTION",)),
        ("<end><enter>ne<enter>", ("of which 0 are confirmed by nobody",)),
        ("c", ("is confirmed already.",)),
    )


# ------------------------------------------------------------ everywhere


@SIZES
def test_help_fits_the_screen_and_names_every_key(ward: Clinic, size) -> None:
    play(
        ward.app(),
        ("<f1>", ("Keys of this screen", "F2 All patients", "Everywhere", "Ctrl+Q leave")),
        ("<escape>001<enter><f1>", ("w Why", "is a lower dose level")),
        ("<escape>", ("S-001",)),
        size=size,
    )


@pytest.mark.parametrize(
    "screen",
    [
        WorklistScreen, PatientsScreen, PatientScreen, HistoryScreen, PreviewScreen, ToxicityScreen,
        EnrolScreen, ProtocolScreen, ProtocolsScreen, SyringesScreen, CheckScreen, SignScreen,
    ],
)  # fmt: skip
def test_every_screen_explains_itself_in_lines_that_fit(screen: type[ClinicScreen]) -> None:
    assert screen.HELP_TEXT
    assert all(len(line) <= 75 for line in screen.HELP_TEXT.splitlines())
    assert all(isinstance(binding, Binding) and binding.description for binding in screen.BINDINGS)


def test_locking_hides_everything_and_keeps_what_was_typed(ward: Clinic) -> None:
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>k71n<f8>")
        assert "LOCKED" in shown(app)
        assert "S-001" not in shown(app)
        await press(pilot, "<ctrl+p><f1><escape>")
        assert "LOCKED" in shown(app)
        await press(pilot, "<enter>")
        assert "71n" in said(app)

    drive(app, steps)


def test_nobody_works_without_a_name(ward: Clinic) -> None:
    play(
        ward.app(by=""),
        ("", ("SIGN IN", "Your name")),
        ("<enter>", ("Say who records: your name.",)),
        ("Ann Other<enter>", ("TODAY", "Ann Other")),
    )


def test_a_window_that_is_too_small_says_so_and_comes_back(ward: Clinic) -> None:
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "The window is too small" in said(app)
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert "TODAY" in shown(app)

    drive(app, steps)


def test_the_command_palette_has_every_act_of_the_screen_by_name(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter><ctrl+p>", ("ALL COMMANDS", "Given", "Order hold", "Set level")),
        ("weig<enter>", ("WEIGHT", "New weight")),
        ("<escape><ctrl+p>zzz<enter><pagedown><end><home><up>", ("ALL COMMANDS",)),
        ("<escape><ctrl+p>today's<enter>", ("TODAY Tue",)),
        ("<ctrl+p>lock<enter>", ("LOCKED",)),
    )


@SIZES
def test_plain_signs_are_all_ascii_and_told_by_their_legend(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch, size
) -> None:
    monkeypatch.setenv("C1D1_ASCII", "1")
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        for keys in ("", "002<enter>", "t", "<escape>m", "<escape>h"):
            await press(pilot, keys)
            assert shown(app).isascii(), f"after {keys}:\n{shown(app)}"
        await press(pilot, "<escape>")
        assert "HA" in said(app)
        assert "H held: give nothing" in said(app)

    drive(app, steps, size)
