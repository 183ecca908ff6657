"""Who may do what: the whole table, on the desk and on the command line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cli import saying
from scheduler.cli.user import ROLES
from scheduler.clinic import rights
from scheduler.clinic.desk import Desk, Draft, Signature, open_desk
from scheduler.clinic.home import find_home
from scheduler.clinic.scene import Intent
from scheduler.problems import Refused
from scheduler.record import events as e
from scheduler.record.codec import KINDS
from tests import accounts_sample
from tests.accounts_sample import PEOPLE, WardWithPins
from tests.on_the_line import enrol_a

quick_hashes, pinned = accounts_sample.quick_hashes, accounts_sample.pinned  # fixtures

N, P, I = "nurse", "pharmacist", "investigator"  # noqa: E741 - the columns of the table
TABLE = {
    "PatientEnrolled": {N, I},
    "WeightMeasured": {N, I},
    "HeightMeasured": {N, I},
    "LabResult": {N, I},
    "ToxicityGraded": {N, I},
    "VisitMoved": {N, I},
    "CycleStarted": {N, I},
    "DoseGiven": {N, P, I},
    "DoseTakenWhileHeld": {N, P, I},
    "DoseMissed": {N, P, I},
    "HoldOrdered": {N, P, I},
    "HoldLifted": {I},
    "DoseLevelSet": {I},
    "AssessmentDone": {N, I},
    "AssessmentLeftOut": {N, I},
    "ReloadConfirmed": {I},
    "TreatmentEnded": {I},
    "ResponseAssessed": {I},
    "ProposalDeclined": {I},
    "ProtocolAmended": {I},
    "VialsReceived": {P, I},
    "VialsDiscarded": {P, I},
    "ShelfCounted": {P, I},
    "SyringesPrepared": {P, I},
    "SyringesDiscarded": {P, I},
    "SyringeChecked": {N, P, I},
    "SyringesIssued": {N, P, I},
    "SyringesReturned": {N, P, I},
    "NearMiss": {N, P, I},
    "AssumptionConfirmed": {I},
    "CalendarRouteChosen": {N, I},
    "CalendarIssued": {N, I},
    "ZoneChanged": {N, I},
    "PaperHandedOut": {N, I},
}
"""Written down once more, so that the table of the program does not change unseen."""


@pytest.mark.promise("P24")
def test_the_table_says_who_records_what() -> None:
    kinds = KINDS.keys() - {"EventCorrected"}
    assert kinds == rights.RECORDS.keys(), "give a new kind of event its right in rights.RECORDS and in this table"
    assert {kind: {r for r in rights.ROLES if rights.may(r, rights.RECORDS[kind])} for kind in kinds} == TABLE
    assert {role for role in rights.ROLES if rights.may(role, "accounts")} == {"admin"}
    assert {role for role in rights.ROLES if rights.may(role, "seal")} == {N, P, I}
    assert rights.RIGHTS["monitor"] == ()
    assert rights.RIGHTS["admin"] == ("accounts",)
    assert rights.RIGHTS.keys() == set(rights.ROLES) == set(ROLES)
    assert saying.ROLES == rights.CLINICAL
    assert set(rights.RECORDS.values()) | {"seal", "accounts"} == rights.ACTIONS.keys()


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_nobody_knows_nobody_may(role: str, action: str) -> None:
    if role not in rights.ROLES or action not in rights.ACTIONS:
        assert not rights.may(role, action)
    assert not rights.may("investigator", action) or action in rights.ACTIONS


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(Refused) as refused:
        rights.check("nurse", "resume", "N. Reyes")
    assert str(refused.value) == (
        "N. Reyes is a nurse, and may not let treatment go on after a hold. That takes: investigator."
    )
    with pytest.raises(Refused, match=r"^An admin may not record a dose\. That takes: nurse, pharmacist or invest"):
        rights.check("admin", "dose")


# ---------------------------------------------------------------- the desk


@pytest.fixture
def ward(pinned: WardWithPins) -> WardWithPins:
    """A patient on trastuzumab and aldesleukin, a hold that could end, and somebody in each role."""
    enrol_a(pinned)
    pinned.records("toxicity A1 Fever 3 --on 2026-01-08")
    pinned.records("toxicity A1 Fever 1 --on 2026-01-12")
    pinned.staff()
    return pinned


def desk(ward: WardWithPins) -> Desk:
    return open_desk(find_home(str(ward.folder)))


def weight(desk: Desk) -> Draft:
    return desk.draft(desk.chart("A1"), lambda scene: Intent((e.WeightMeasured(scene.on, Decimal(71)),)), None, "")


@pytest.mark.promise("P24")
def test_the_desk_takes_only_signed_entries_within_the_rights(ward: WardWithPins) -> None:
    with desk(ward) as open_one:
        draft = weight(open_one)
        with pytest.raises(Refused, match="Here people sign with a PIN"):
            open_one.store(draft, Signature(PEOPLE[N]))
        for role in rights.ROLES:
            signature = Signature(PEOPLE[role], role, "", authenticated=True)
            if role not in TABLE["WeightMeasured"]:
                with pytest.raises(Refused, match="may not record a measure"):
                    open_one.store(draft, signature)
        for forged in (Signature("Nobody", N, "", authenticated=True), Signature(PEOPLE[N], I, "", authenticated=True)):
            with pytest.raises(Refused, match="only a person with an account in this role"):
                open_one.store(draft, forged)
        (entry,) = open_one.store(draft, Signature(PEOPLE[N], N, "", authenticated=True))
    assert (entry.number, entry.authenticated) == (6, True)


@pytest.mark.promise("P24")
def test_what_a_correction_takes_is_the_right_for_what_stood_and_for_what_comes(ward: WardWithPins) -> None:
    day = accounts_sample.DAY
    with desk(ward) as open_one:
        entries = open_one.log.entries("A1")
    stood = {
        6: e.HoldOrdered(day, ("trastuzumab",)),
        7: e.DoseMissed(day, "C1D2/aldesleukin_low"),
        8: e.EventCorrected(day, 7, e.ToxicityGraded(day, "Fever", 3, "CTC 2.0")),
    }
    every = (*entries, *(replace(entries[0], number=number, event=event) for number, event in stood.items()))
    taken = {
        3: ("measure",),
        6: ("hold", "resume"),
        7: ("dose", "toxicity"),
    }
    for number, actions in taken.items():
        assert rights.needed((e.EventCorrected(day, number),), every) == actions
    lifted = e.HoldLifted(day, ("trastuzumab",))
    assert rights.needed((e.EventCorrected(day, 3, lifted),), every) == ("measure", "resume")
    assert rights.needed((lifted, lifted)) == ("resume",)


def test_a_signature_means_what_was_signed() -> None:
    day = accounts_sample.DAY
    meant = {
        "recorded": e.DoseMissed(day, "x"),
        "ordered": e.HoldOrdered(day, ("x",)),
        "confirmed": e.HoldLifted(day, ("x",)),
        "decided": e.ProposalDeclined(day, "x"),
        "corrected": e.EventCorrected(day, 1),
    }
    assert {rights.meaning(event): event for event in meant.values()} == meant


# ---------------------------------------------------------------- the command line

COMMANDS = {
    "record weight A1 70.5": {N, I},
    "record height A1 166": {N, I},
    "record lab A1 neutrophils 1200 per_mm3": {N, I},
    "record toxicity A1 Fever 1": {N, I},
    "record visit A1 2 2026-01-27": {N, I},
    "record given A1 C1D2 --on 2026-01-06": {N, P, I},
    "record missed A1 C1D3": {N, P, I},
    "record hold A1": {N, P, I},
    "record decline A1 resume-4 --reason no": {I},
    "record lift A1 aldesleukin --reason yes": {I},
    "record level A1 trastuzumab 0": {I},
    "record reload A1 trastuzumab --reason gap": {I},
    "record response A1 SD": {I},
    "record end A1 progression": {I},
    "record amend A1 --protocol AMENDED": {I},
    "record correct A1 3 70.2 --reason typing": {N, I},
    "patient enrol B2 --protocol trastuzumab-il2 --start 2026-01-05 --height 165 --weight 70": {N, I},
    "log seal": {N, P, I},
    "user add X --role nurse": {"admin"},
    "user role N.REYES --role nurse": {"admin"},
    "user retire M.ITO": {"admin"},
    "user reset P.LIND": {"admin"},
}


@pytest.mark.promise("P24")
@pytest.mark.parametrize("role", rights.ROLES)
def test_every_role_at_every_command(ward: WardWithPins, role: str, tmp_path: Path) -> None:
    ward.on("2026-01-14")
    amended = ward.amended_protocol(tmp_path)
    names = {"AMENDED": str(amended), "N.REYES": PEOPLE[N], "M.ITO": PEOPLE["monitor"], "P.LIND": PEOPLE[P]}
    for command, allowed in COMMANDS.items():
        words = [names.get(word, word) for word in command.split()]
        before = ward.everything()
        result = ward.as_(PEOPLE[role], *words)
        if role in allowed:
            assert result.exit_code == 0, (command, result.stderr)
        else:
            assert result.exit_code == 1, command
            assert f"{PEOPLE[role]} is a" in result.stderr, command
            assert "may not" in result.stderr, command
            assert ward.everything() == before, command


@pytest.mark.promise("P24")
@pytest.mark.parametrize("role", rights.ROLES)
def test_everybody_may_read(ward: WardWithPins, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("C1D1_BY", PEOPLE[role])
    before = ward.everything()
    for words in ("patient list", "patient show A1", "schedule A1", "today", "why A1 C1D2", "log verify", "user list"):
        ward.says(*words.split())
    ward.says("record", "hold", "A1", "--preview")
    assert ward.everything() == before
