"""Recording: forms, toxicities, doses, proposals, enrolment; what is refused, and what stays typed."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from tui_clinic import DAY_1, SIZES, Clinic, drive, play, press, said

from scheduler.clinic import doses, facts


@SIZES
def test_a_toxicity_offers_only_what_the_criteria_define(ward: Clinic, size) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        app = pilot.app
        await press(pilot, "001<enter>tzzz")
        assert "CTC 2.0 has no term that holds this." in said(app)
        await press(pilot, "<backspace><backspace><backspace>fat<enter>")
        assert "GRADE of Fatigue" in said(app)
        assert "grade 4" in said(app)
        await press(pilot, "rrd")
        assert "trastuzumab: unlikely" in said(app)
        await press(pilot, "o")
        app.screen.query_one("#on", Input).value = "yesterday"
        await press(pilot, "<enter>2")
        assert "'yesterday' is not a date." in said(app)
        await press(pilot, "o")
        app.screen.query_one("#on", Input).value = "-1"
        await press(pilot, "<enter>2")
        assert "Mon 2026-01-19: Fatigue" in said(app)
        assert "trastuzumab: unlikely" in said(app)

    drive(ward.app(), steps, size)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("k<enter>", "Give the weight in kg like 70 or 70.5"),
        ("k700<enter>", "700 kg"),
        ("k154<enter>", "NOTHING IS SAVED"),
        ("k70<tab><backspace><backspace>99<enter>", "'99' is not a date"),
        ("c1.65<enter>", "metres"),
        ("lANC<enter>", "Give the value like 70"),
        ("eXX<enter>", "Give the response as one of CR, PR, SD, PD, NE"),
        ("v<enter>", "Give the new day"),
        ("<left><left>g<enter>", "NOTHING IS SAVED"),
        ("<home>m", "NOTHING IS SAVED"),
        ("<end>m", "cannot be missed yet"),
        ("<end>g<enter>", "C1D21"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_what_was_typed_stays(ward: Clinic, keys, says) -> None:
    play(ward.app(), ("001<enter>", ("S-001",)), (keys, (says,)))
    assert ward.count("S-001") == 3


def test_a_dose_that_is_recorded_already_is_not_recorded_twice(ward: Clinic) -> None:
    ward.record("S-001", lambda scene: doses.given(scene, "C1D1"), DAY_1)
    play(ward.app(), ("001<enter><home>m", ("is recorded as given",)), ("ne<enter>", ("is recorded as given",)))
    assert ward.count("S-001") == 4


def test_several_doses_of_a_day_are_asked_for(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter><down><home>g", ("WHICH DOSE", "1 C2D1/trastuzumab", "2 C2D1/aldesleukin_intermediate")),
        ("1", ("DOSE GIVEN", "C2D1/trastuzumab")),
    )


def test_a_day_without_doses_has_nothing_to_record(clinic: Clinic) -> None:
    clinic.enrol("S-001", "trastuzumab-weekly", DAY_1)
    play(
        clinic.app(), ("001<enter><down><down><right>m", ("No dose stands on this day",)), ("r", ("Nothing is to be",))
    )


def test_progression_is_followed_by_an_end_with_its_reason(ward: Clinic) -> None:
    ward.record("S-001", lambda scene: facts.response(scene, "PD", 3))
    play(
        ward.app(),
        ("001<enter>r", ("END OF TREATMENT", "Remove the patient from treatment?")),
        ("disease<enter>", ("ENDED: give nothing",)),
        ("ne<enter>", ("SIGNED",)),
    )
    assert "Ended: all treatment, disease progression" in ward.words("S-001")


def test_a_hold_is_ordered_and_treatment_is_ended_by_a_person(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter>o", ("HOLD WHICH TREATMENT", "1 all treatments")),
        ("<enter>", ("Hold ordered: trastuzumab", "HELD: give nothing")),
        ("ne<enter>", ("SIGNED", "HELD: trastuzumab")),
        ("dpatient<enter>", ("ENDED: give nothing",)),
        ("<escape><escape>", ("Nothing was saved.",)),
    )
    assert ward.count("S-001") == 4


@SIZES
def test_a_patient_is_enrolled(clinic: Clinic, size) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await press(pilot, "<f4>X-1<tab>trastuzumab-il2<tab><tab>2026-02-02<tab>165<tab>x<enter>")
        assert "'x' is not a number" in said(pilot.app)
        await press(pilot, "<backspace>70<enter>")
        assert "day 1 on Mon 2026-02-02" in said(pilot.app)
        assert not (clinic.home.folder / "record.db").exists() or clinic.count("X-1") == 0
        await press(pilot, "ne<enter>")
        assert "ENROLLED X-1, entries 1 to 3." in said(pilot.app)

    drive(clinic.app(), steps, size)
    assert clinic.count("X-1") == 3


def test_an_enrolment_with_arms_wants_one_of_them(clinic: Clinic) -> None:
    play(
        clinic.app(),
        ("<f4>X-1<tab>trastuzumab-pac<tab><tab>2026-02-02<tab>165<tab>70<enter>", ("has the arms cohort-1",)),
        ("<up><up><up>cohort-1<enter>", ("arm cohort-1",)),
    )
