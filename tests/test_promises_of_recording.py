"""What the audit trail promises, on the command line: one entry for each event, with who, when, why; nothing lost.

The table below covers every command of `c1d1 record`; a new command has to find its place in it.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.cli.record import record
from scheduler.cli.record_correct import KINDS
from scheduler.clinic import home
from scheduler.clinic.desk import open_desk
from scheduler.clinic.home import find_home
from scheduler.record.events import EventCorrected
from scheduler.record.recorded import Recorded
from scheduler.shipped import protocols_folder
from tests.on_the_line import Ward, enrol_a, enrol_b

SIGNED = ("--by", "Dr. Weiss", "--role", "investigator", "--reason", "asked for by the sponsor")
HELD = ("toxicity A1 Fever 3 --on 2026-01-14", "toxicity A1 Fever 0 --on 2026-01-16")
RESTED = ("toxicity B1 Fatigue 4 --on 2026-01-28 --due-to interleukin-12=definite",)
LATE = ("given A1 C1D1 --on 2026-01-05",)

CALLS: dict[str, tuple[tuple[str, ...], str]] = {
    "weight": ((), "weight A1 71 --on 2026-01-12"),
    "height": ((), "height A1 166 --on 2026-01-12"),
    "toxicity": ((), "toxicity A1 Fever 3 --on 2026-01-14"),
    "lab": ((), "lab A1 neutrophils 1200 'per mm3' --on 2026-01-14"),
    "response": ((), "response B1 SD --on 2026-03-01"),
    "visit": ((), "visit A1 2 2026-01-27 --on 2026-01-20"),
    "given": ((), "given A1 C1D2 --on 2026-01-06 --time 20:00 --lot X-1"),
    "missed": ((), "missed A1 C1D2 --on 2026-01-07"),
    "done": ((), "done A1 C1D8/toxicity --on 2026-01-12"),
    "hold": ((), "hold A1 aldesleukin_low --on 2026-01-14"),
    "lift": (HELD, "lift A1 aldesleukin_low --on 2026-01-20"),
    "level": ((), "level A1 aldesleukin_low -1 --on 2026-01-20"),
    "reload": (LATE, "reload A1 trastuzumab --on 2026-02-20"),
    "decline": (RESTED, "decline B1 PROPOSAL --on 2026-01-29"),
    "end": ((), "end A1 progression --on 2026-02-01"),
    "route": ((), "route A1 feed"),
    "zone": ((), "zone A1 Europe/Lisbon --on 2026-02-01"),
    "amend": ((), "amend A1 --protocol EDITION-2 --on 2026-02-01"),
    "correct": ((), "correct A1 3 71"),
}
"""What is recorded before, and the call itself."""

RIGHT = {
    "weight": "71.5",
    "height": "167",
    "toxicity": "toxicity Fever 2",
    "lab": "lab neutrophils 1300 'per mm3'",
    "response": "PR",
    "visit": "2 2026-01-28",
    "given": "given C1D2 --lot X-2",
    "missed": "missed C1D3",
    "done": "done C1D8/toxicity --on 2026-01-13",
    "hold": "hold aldesleukin_intermediate",
    "lift": "lift aldesleukin_low --level -2",
    "level": "aldesleukin_low -2",
    "end": "end 'lost to follow-up'",
}
"""The values that a correction of the call gives instead; what is not named is withdrawn."""


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    for enrol in (enrol_a, enrol_b):
        enrol(found)
    return found


def prepared(ward: Ward, name: str, folder: Path) -> list[str]:
    """The words of a call, after what comes before it."""
    before, call = CALLS[name]
    for each in before:
        ward.records(each)
    if "EDITION-2" in call:
        text = (protocols_folder() / "trastuzumab-il2.yaml").read_text(encoding="utf-8")
        path = folder / "edition 2.yaml"
        path.write_text(text.replace("edition: 1", "edition: 2", 1), encoding="utf-8")
        call = call.replace("EDITION-2", shlex.quote(str(path)))
    if "PROPOSAL" in call:
        call = call.replace("PROPOSAL", ward.proposals("B1", "2026-01-29")[0])
    return shlex.split(call)


def trail() -> dict[str, tuple[Recorded, ...]]:
    """Every entry of everybody."""
    with open_desk(find_home()) as desk:
        return {subject: desk.log.entries(subject) for subject in desk.log.subjects()}


def added(before: dict[str, tuple[Recorded, ...]], after: dict[str, tuple[Recorded, ...]]) -> list[Recorded]:
    assert {subject: after[subject][: len(entries)] for subject, entries in before.items()} == before
    return [entry for subject, entries in after.items() for entry in entries[len(before.get(subject, ())) :]]


# ---------------------------------------------------------------- one entry for each event


@pytest.mark.promise("P22")
def test_the_table_covers_every_command() -> None:
    assert set(CALLS) == set(record.commands)
    assert set(KINDS.values()) - {"enrolment"} <= set(CALLS)


@pytest.mark.promise("P22")
@pytest.mark.parametrize("name", CALLS)
def test_a_recording_command_leaves_one_entry_for_each_event(ward: Ward, tmp_path: Path, name: str) -> None:
    words = prepared(ward, name, tmp_path)
    before = trail()
    ward.says("record", *words, *SIGNED, "--preview")
    assert trail() == before
    said = ward.run("record", *words, *SIGNED).stdout
    new = added(before, trail())
    facts = re.findall(r"^  \w{3} \d{4}-\d\d-\d\d: ", said, re.MULTILINE)
    told = re.match(r"Recorded for (\w+) as entr(?:y|ies) ([\d, ]+)\.", said)
    assert told is not None, said
    assert [entry.number for entry in new] == [int(number) for number in told[2].split(", ")]
    assert len(new) == len(facts) == 1
    (entry,) = new
    assert (entry.subject, entry.recorded_by, entry.role) == (told[1], "Dr. Weiss", "investigator")
    assert entry.reason == "asked for by the sponsor"
    assert entry.recorded_at.utcoffset() == timedelta(0)
    assert "All" in ward.says("log", "verify", "--projections")


@pytest.mark.promise("P22")
def test_an_enrolment_leaves_its_three_events(ward: Ward) -> None:
    before = trail()
    enrol_a(ward, "A2")
    assert [type(entry.event).__name__ for entry in added(before, trail())] == [
        "PatientEnrolled",
        "HeightMeasured",
        "WeightMeasured",
    ]


@pytest.mark.promise("P22")
def test_looking_and_being_refused_leave_nothing(ward: Ward) -> None:
    before = trail()
    for words in (
        "schedule A1",
        "why A1 C1D2",
        "today",
        "patient list",
        "patient show A1",
        "log verify",
        "log rebuild",
    ):
        ward.says(*words.split())
    for words in ("weight A1 7", "given A1 C1D2", "lift A1", "toxicity A1 Nonsense 3", "hold A1 aspirin"):
        ward.refuses("record", *words.split())
    assert trail() == before


# ---------------------------------------------------------------- corrections


@pytest.mark.promise("P19")
@pytest.mark.parametrize("name", [name for name in CALLS if name != "correct"])
def test_a_corrected_entry_is_shown_with_its_old_and_new_value(ward: Ward, tmp_path: Path, name: str) -> None:
    words = prepared(ward, name, tmp_path)
    ward.says("record", *words, "--reason", "as it was first taken")
    subject = words[1]
    wrong = trail()[subject][-1]
    fix = shlex.split(RIGHT[name]) if name in RIGHT else ["--withdraw"]
    call = ["record", "correct", subject, str(wrong.number), *fix]
    assert ward.refuses(*call) == "A correction needs a reason. Say with --reason why the entry was wrong."
    before = ward.run("patient", "show", subject).stdout.splitlines()
    old = next(line for line in before if re.match(rf" *{wrong.number} +\w{{3}} \d{{4}}-", line))
    ward.says(*call, *SIGNED)

    entry = trail()[subject][-1]
    assert isinstance(entry.event, EventCorrected)
    assert trail()[subject][wrong.number - 1] == wrong
    shown = [line for line in ward.run("patient", "show", subject).stdout.splitlines() if line.strip()]
    after = shown.index(old)  # the initial entry, word for word
    assert f"CORRECTED by entry {entry.number}; what stands above is the old value" in " ".join(
        shown[after : after + 5]
    )
    text = re.sub(r"\s+", " ", " ".join(shown))
    assert f"Entry {wrong.number} was wrong" in text
    for who, why in (("K. Berg, nurse", "as it was first taken"), ("Dr. Weiss, investigator", SIGNED[-1])):
        assert re.search(rf"recorded[^:]* 2026-06-30 12:00 UTC by {who}[^:]*: {why}", text)
    assert (entry.event.replacement is None) == (name not in RIGHT)
    assert entry.event.replacement != wrong.event


@pytest.mark.promise("P19")
def test_the_schedule_as_known_before_a_correction_can_still_be_shown(ward: Ward) -> None:
    ward.records("toxicity A1 Fever 3 --on 2026-01-14")
    number = str(trail()["A1"][-1].number)
    known = ("--as-known-at", number, "--on", "2026-01-15")
    held = ward.items("A1", "2026-01-25", *known)
    ward.records(f"correct A1 {number} toxicity Fever 1", "--reason", "misread")
    assert ward.items("A1", "2026-01-25", *known) == held
    assert held["C1D12/aldesleukin_low"]["status"] == "held"
    assert ward.items("A1", "2026-01-25", "--on", "2026-01-15")["C1D12/aldesleukin_low"]["status"] == "planned"


# ---------------------------------------------------------------- the clock


@pytest.mark.promise("P20")
def test_a_clock_set_back_keeps_the_order_and_is_said(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    ward.records("weight A1 71 --on 2026-01-12")
    monkeypatch.setattr(home, "now", lambda: datetime(2026, 6, 30, 9, tzinfo=UTC))
    ward.records("weight A1 72 --on 2026-01-12")
    monkeypatch.setattr(home, "now", lambda: datetime(2026, 6, 30, 15, tzinfo=UTC))
    ward.records("weight A1 73 --on 2026-01-12")
    entries = trail()["A1"]
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    moments = [entry.recorded_at for entry in entries]
    assert moments == sorted(set(moments))
    assert moments[-1] == datetime(2026, 6, 30, 15, tzinfo=UTC)
    verified = ward.run("log", "verify")
    assert verified.exit_code == 0
    assert "Entry 5 of A1: the computer's clock had been set back to 2026-06-30T09:00" in verified.stderr
    assert verified.stderr.count("set back") == 1
    weights = re.findall(r"Weight \d+ kg", ward.says("patient", "show", "A1"))
    assert weights == ["Weight 70 kg", "Weight 71 kg", "Weight 72 kg", "Weight 73 kg"]
