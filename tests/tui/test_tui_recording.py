"""Recording: forms, toxicities, doses, proposals, enrolment; what is refused, and what stays typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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


def test_a_dose_level_is_set_by_hand_with_a_preview(ward: Clinic) -> None:
    play(
        ward.app(),
        ("001<enter>s", ("SET WHICH DOSE LEVEL", "aldesleukin, intermediate dose: level 0", "(in force now)")),
        ("2", ("Level -1 set: aldesleukin_intermediate", "CHANGED", "level -1; planned before")),
        ("ne<enter>", ("SIGNED by Nurse Example, entry 4",)),
        ("s1", ("above level -1", "Give your reason")),
        ("recovered<enter>", ("Level 0 set", "!")),
        ("ne<enter>", ("SIGNED by Nurse Example, entry 5",)),
    )
    assert "recovered" in ward.words("S-001")


def test_what_was_given_is_corrected_with_what_it_said(ward: Clinic) -> None:
    ward.record(
        "S-001", lambda scene: doses.given(scene, "C1D2", "1.5 million units", "20:00", "L-7"), date(2026, 1, 6)
    )
    play(
        ward.app(),
        ("001<enter>hc", ("1 It was given otherwise", "2 It was missed", "3 It did not happen")),
        ("1", ("DOSE GIVEN", "1.5 million units", "20:00", "L-7")),
        ("<tab><tab>20:30<enter>", ("Entry 4 was wrong; it is now: Given", "20:30", "lot L-7")),
        ("misread<enter>ne<enter>", ("CORRECTED",)),
        ("<end><home><down>c2", ("Missed: C1D2/aldesleukin_low", "A correction needs a reason")),
        ("not at home<enter>ne<enter>", ("CORRECTED by entry 5 and 6",)),
        ("c", ("1 It was given after all",)),
        ("1", ("DOSE GIVEN",)),
    )


def test_a_laboratory_value_is_corrected_with_what_it_said(ward: Clinic) -> None:
    ward.record("S-001", lambda scene: facts.lab(scene, "neutrophils", Decimal(1200), "per mm3"), DAY_1)
    play(
        ward.app(),
        ("001<enter>hc1", ("LABORATORY VALUE", "neutrophils", "1200", "2026-01-05")),
        ("<tab>900<enter>", ("now: neutrophils 900 per mm3", "on Mon 2026-01-05")),
    )


def test_a_correction_keeps_the_day_of_its_entry(ward: Clinic) -> None:
    play(ward.app(), ("001<enter>hc1", ("2026-01-05",)), ("71<enter>", ("it is now: Weight 71 kg, on Mon 2026-01-05",)))


def test_judging_a_cause_corrects_the_toxicity_and_opens_no_second_one(ward: Clinic) -> None:
    due_to = ("aldesleukin=unlikely", "trastuzumab=unlikely")
    ward.record("S-001", lambda scene: facts.toxicity(scene, "fatigue", 3, due_to), ward.today)
    play(
        ward.app(),
        ("001<enter>", ("? Fatigue",)),
        ("r", ("GRADE of Fatigue", "Enter keeps grade 3", "trastuzumab: unlikely", "aldesleukin: unlikely")),
        (
            "dr<enter>",
            ("Entry 4 was wrong; it is now: Fatigue", "aldesleukin: possible", "was judged (judge-4)"),
        ),
        ("ne<enter>", ("SIGNED by Nurse Example, entry 5", "HELD: aldesleukin")),
    )
    assert "it is now: Fatigue" in ward.words("S-001")


def test_an_enrolment_takes_the_clinics_settings_warns_of_closed_days_and_chooses_the_route(clinic: Clinic) -> None:
    (clinic.home.folder / "clinic.toml").write_text('zone = "Europe/Berlin"\n', encoding="utf-8")
    play(
        clinic.app(),
        ("<f4>X-1<tab>trastuzumab-weekly<tab><tab>2026-02-01<tab>165<tab>70<tab>", ("Europe/Berlin",)),
        ("<tab><tab>pigeon<enter>", ("one of caldav, feed, import, paper",)),
        ("<up><down>feed<enter>", ("Right so?", "Cycle 1: Sun 2026-02-01 to", "Sunday")),
        ("ne<enter>", ("ENROLLED X-1, entries 1 to 4.",)),
    )
    assert "Calendars travel by: feed" in clinic.words("X-1")
