"""The flows of every day, with their keys counted; nothing is stored before the signature.

Counted with a PIN of four digits, the shortest that the accounts take, and Enter after it; each digit more is a
key more. The aims: 18 keys from the worklist to a signed grade, 6 for a missed dose, 10 for a weight, 10 to resume.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from tui_clinic import SIZES, Clinic, drive, press, said, shown

from scheduler.clinic import facts
from scheduler.clinic.accounts import Accounts
from scheduler.store.faults import Away

PIN = "4829"


def with_accounts(clinic: Clinic, role: str = "nurse", pin: str = PIN) -> None:
    """An admin, and the person who works."""
    with clinic.desk() as desk:
        accounts = Accounts(desk.log.accounts)
        accounts.add("Ada Admin", "admin", "admin-pin-1")
        accounts.add("Nurse Example", role, pin, accounts.sign("Ada Admin", "admin-pin-1"))


async def sign_in(pilot: Pilot[None], pin: str = PIN) -> None:
    assert "SIGN IN" in shown(pilot.app)
    pilot.app.screen.query_one("#who", Input).value = "Nurse Example"
    pilot.app.screen.query_one("#pin", Input).value = pin
    await press(pilot, "<enter>")
    assert "TODAY" in shown(pilot.app)


@SIZES
@pytest.mark.parametrize(("pin", "counted"), [("4829", 15), ("482915", 17)])
def test_fever_from_the_worklist_to_signed_takes_at_most_18_keys_with_a_pin(ward: Clinic, size, pin, counted) -> None:
    with_accounts(ward, pin=pin)

    async def steps(pilot: Pilot[None]) -> None:
        await sign_in(pilot, pin)
        keys = await press(pilot, "001<enter>")
        keys += await press(pilot, "tfev<enter>3")
        assert "NOTHING IS SAVED" in shown(pilot.app)
        assert "HELD: give nothing" in shown(pilot.app)
        assert "SYRINGES TO CALL BACK" in shown(pilot.app)
        assert ward.count("S-001") == 3
        keys += await press(pilot, f"{pin}<enter>")
        assert "SIGNED by Nurse Example, entry 4" in shown(pilot.app)
        assert keys == counted <= 18

    drive(ward.app(), steps, size)
    assert "grade 3" in ward.words("S-001")
    assert "not authenticated" not in ward.words("S-001")


@SIZES
@pytest.mark.parametrize(
    ("flow", "most", "counted", "recorded"),
    [
        ("m", 6, 6, "Missed: C1D16/aldesleukin_low"),
        ("k72<enter>", 10, 9, "Weight 72 kg"),
        ("k71.5<enter>", 11, 11, "Weight 71.5 kg"),
        ("g<enter>", 10, 7, "Given: C1D16/aldesleukin_low"),
    ],
    ids=["missed", "weight", "weight with a decimal", "given"],
)
def test_daily_entries_take_few_keys(ward: Clinic, flow, most, counted, recorded, size) -> None:
    with_accounts(ward)

    async def steps(pilot: Pilot[None]) -> None:
        await sign_in(pilot)
        await press(pilot, "001<enter>")
        keys = await press(pilot, flow)
        assert ward.count("S-001") == 3
        keys += await press(pilot, f"{PIN}<enter>")
        assert "SIGNED by Nurse Example, entry 4" in shown(pilot.app)
        assert keys == counted <= most

    drive(ward.app(), steps, size)
    assert recorded in ward.words("S-001")


@SIZES
def test_resuming_takes_one_key_and_the_signature(ward: Clinic, size) -> None:
    with_accounts(ward, "investigator")

    async def steps(pilot: Pilot[None]) -> None:
        await sign_in(pilot)
        await press(pilot, "<enter>")
        assert "■ HELD" in shown(pilot.app)
        keys = await press(pilot, "r")
        assert "level -1" in shown(pilot.app)
        keys += await press(pilot, f"{PIN}<enter>")
        assert keys == 6
        assert "■ HELD" not in shown(pilot.app)

    drive(ward.app(), steps, size)
    assert "Goes on at level -1" in ward.words("S-002")


def test_without_accounts_the_initials_sign(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>")
        assert await press(pilot, "mne<enter>") == 4
        assert "SIGNED by Nurse Example, entry 4" in shown(pilot.app)

    drive(ward.app(), steps)
    assert "not authenticated" in ward.words("S-001")


def test_a_nurse_with_an_account_may_not_resume(ward: Clinic) -> None:
    with_accounts(ward)

    async def steps(pilot: Pilot[None]) -> None:
        await sign_in(pilot)
        await press(pilot, "<enter>r")
        assert "may not let treatment go on" in said(pilot.app)
        await press(pilot, f"{PIN}<enter>")
        assert "may not let treatment go on" in said(pilot.app)

    drive(ward.app(), steps)
    assert ward.count("S-002") == 5


def test_a_wrong_pin_stores_nothing_and_keeps_the_entry(ward: Clinic) -> None:
    with_accounts(ward)

    async def steps(pilot: Pilot[None]) -> None:
        await sign_in(pilot)
        await press(pilot, "001<enter>m999999<enter>")
        assert "not the PIN of Nurse Example" in shown(pilot.app)
        assert "Missed: C1D16" in shown(pilot.app)

    drive(ward.app(), steps)
    assert ward.count("S-001") == 3


def test_declining_asks_for_a_reason_first(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "<enter>x")
        assert "Give your reason." in said(pilot.app)
        assert "--reason" not in shown(pilot.app)
        await press(pilot, "stays off<enter>ne<enter>")
        assert "SIGNED" in shown(pilot.app)

    drive(ward.app(), steps)
    assert "Declined: resume-4" in ward.words("S-002")
    assert "stays off" in ward.words("S-002")


def test_whoever_was_faster_is_shown_and_the_entry_is_kept(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>m")
        ward.fever("S-001", 3, ward.today)
        await press(pilot, "ne<enter>")
        text = said(pilot.app)
        assert "Not saved" in text
        assert "grade 3" in text

    drive(ward.app(), steps)
    assert ward.count("S-001") == 4


def test_an_entry_that_still_holds_after_a_conflict_is_signed_again(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>m")
        ward.record("S-001", lambda scene: facts.height(scene, Decimal(166)))
        await press(pilot, "ne<enter>")
        assert "Height 166 cm" in shown(pilot.app)
        await press(pilot, "ne<enter>")
        assert "SIGNED by Nurse Example, entry 5" in shown(pilot.app)

    drive(ward.app(), steps)
    assert "Missed" in ward.words("S-001")


def test_an_entry_outlives_a_store_that_went_away_and_is_never_doubled(ward: Clinic) -> None:
    app = ward.app()

    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>m")
        with app.place.desk() as desk:
            kept, append_all = desk.log, desk.log.append_all

            def lost(*args: object, **more: object) -> None:
                append_all(*args, **more)  # type: ignore[arg-type]
                raise Away("The record was lost on the way. Try again.")

            kept.append_all = lost  # type: ignore[method-assign, assignment]
            await press(pilot, "ne<enter>")
            assert "lost on the way" in said(app)
            assert "Missed: C1D16" in said(app)
            kept.append_all = append_all  # type: ignore[method-assign]
        await press(pilot, "ne<enter>")
        assert "SIGNED by Nurse Example, entry 4" in said(app)

    drive(app, steps)
    assert ward.count("S-001") == 4


def test_escape_goes_back_step_by_step_and_saves_nothing(ward: Clinic) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "001<enter>tfev<enter>3")
        await press(pilot, "<escape>")
        assert "GRADE of Fever" in shown(pilot.app)
        await press(pilot, "<escape>")
        assert "Take the term" in shown(pilot.app)
        await press(pilot, "<escape>")
        assert "Nothing was saved." in shown(pilot.app)
        await press(pilot, "<escape>")
        assert "TODAY" in shown(pilot.app)

    drive(ward.app(), steps)
    assert ward.count("S-001") == 3
