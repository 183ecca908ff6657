"""Who confirmed an assumption: recorded in the clinic's log, shown wherever the assumption is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scheduler.clinic import confirming
from scheduler.clinic.desk import Desk, Signature, open_desk
from scheduler.clinic.home import Home
from scheduler.clinic.kept import offered
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol
from scheduler.store.event_log import open_log
from scheduler.store.faults import Conflict
from tests import accounts_sample
from tests.accounts_sample import PEOPLE, WardWithPins
from tests.on_the_line import Ward, enrol_a

quick_hashes, pinned = accounts_sample.quick_hashes, accounts_sample.pinned  # fixtures

NAME = "trastuzumab-il2"
IVY = Signature("Ivy Example", "investigator")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    return Ward(tmp_path, monkeypatch)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = Home(tmp_path, str(tmp_path / "record.db"))
    with open_desk(home, must_exist=False, today=date(2026, 1, 20)) as found:
        yield found


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return offered(NAME).protocol


def who(desk: Desk, protocol: Protocol) -> dict[int, str]:
    return {one.number: one.by for one in confirming.assumptions(desk.log, protocol) if one.by}


def test_a_confirmation_names_who_and_when(desk: Desk, protocol: Protocol) -> None:
    chosen = confirming.to_confirm(desk.log, protocol, [2, 5])
    confirming.confirm(desk, protocol, chosen, IVY)
    told = "Ivy Example, investigator, on Tue 2026-01-20, not authenticated"
    assert who(desk, protocol) == {2: told, 5: told}
    shown = confirming.as_confirmed(desk.log, protocol)
    assert [s.confirmed_by for s in shown.statements if s.confirmed_by not in ("", "nobody")] == [told, told]


def test_it_holds_for_this_very_text_alone(desk: Desk, protocol: Protocol) -> None:
    confirming.confirm(desk, protocol, confirming.to_confirm(desk.log, protocol, []), IVY)
    assert len(who(desk, protocol)) == len(confirming.assumptions(None, protocol))
    assert not who(desk, replace(protocol, digest="0" * 64))
    with pytest.raises(Refused, match="is confirmed already"):
        confirming.to_confirm(desk.log, protocol, [])


def test_what_was_taken_back_can_be_confirmed_again(desk: Desk, protocol: Protocol) -> None:
    confirming.confirm(desk, protocol, confirming.to_confirm(desk.log, protocol, [3]), IVY)
    mine = confirming.to_take_back(desk.log, protocol, 3)
    confirming.take_back(desk, protocol, mine, replace(IVY, reason="read it wrongly"))
    assert not who(desk, protocol)
    with pytest.raises(Refused, match="Nobody has confirmed assumption 3"):
        confirming.to_take_back(desk.log, protocol, 3)
    confirming.confirm(desk, protocol, confirming.to_confirm(desk.log, protocol, [3]), Signature("Ann Other"))
    assert who(desk, protocol)[3].startswith("Ann Other")


def test_of_two_who_confirm_at_once_one_is_told(tmp_path: Path, desk: Desk, protocol: Protocol) -> None:
    chosen = confirming.to_confirm(desk.log, protocol, [1])
    name = confirming.kept_under(protocol)
    with open_log(tmp_path / "record.db", now=lambda: datetime.now(UTC)) as other:
        confirming.confirm(Desk(other, desk.today), protocol, chosen, IVY)
    with pytest.raises(Conflict):
        desk.store_beside(name, [desk.log.entries(name)[0].event], ["one"], IVY, 0)


def test_it_is_no_patient_and_the_record_stays_sound(desk: Desk, protocol: Protocol) -> None:
    confirming.confirm(desk, protocol, confirming.to_confirm(desk.log, protocol, [1]), IVY)
    assert desk.log.subjects() == ()
    desk.log.rebuild_due(desk.due)
    assert desk.log.due_findings(desk.due) == ()
    assert desk.log.verify() == []
    with pytest.raises(Refused):
        desk.chart(confirming.kept_under(protocol))


def test_on_the_command_line(ward: Ward) -> None:
    assert "of which 31 are confirmed by nobody" in ward.says("protocol", "assumptions", NAME)
    assert not (ward.folder / "record.db").exists()
    assert "PREVIEW" in ward.says("protocol", "confirm", NAME, "1", "--preview")
    assert "of which 31 are" in ward.says("protocol", "assumptions", NAME)
    assert "Confirmed by K. Berg, investigator." in ward.says("protocol", "confirm", NAME, "1", "2")
    text = ward.says("protocol", "assumptions", NAME)
    assert len(re.findall("confirmed by K. Berg, investigator, on Tue 2026-06-30", text)) == 2
    assert "is confirmed by K. Berg" in ward.refuses("protocol", "confirm", NAME, "2")
    assert "and no assumption 99" in ward.refuses("protocol", "confirm", NAME, "99")
    assert "Name the numbers" in ward.refuses("protocol", "confirm", NAME)
    assert "Say with --reason" in ward.refuses("protocol", "confirm", NAME, "2", "--take-back")
    ward.says("protocol", "confirm", NAME, "2", "--take-back", "--reason", "too early")
    assert "of which 30 are" in ward.says("protocol", "assumptions", NAME)


def test_the_schedule_of_a_patient_names_only_what_is_still_open(ward: Ward) -> None:
    enrol_a(ward.on("2026-01-05"))
    assert "Confirmed by nobody yet: [1-13]." in ward.says("schedule", "A1")
    ward.says("protocol", "confirm", "--patient", "A1", "--all")
    assert "Confirmed by nobody yet: none." in ward.says("schedule", "A1")
    assert "of which 0 are confirmed by nobody" in ward.says("protocol", "assumptions", "--patient", "A1")
    ward.says("protocol", "confirm", "--patient", "A1", "4", "--take-back", "--reason", "too early")
    assert "of which 1 are" in ward.says("protocol", "assumptions", "--patient", "A1")


def test_an_investigator_signs_with_a_pin(pinned: WardWithPins) -> None:
    pinned.staff()
    pinned.says("protocol", "confirm", NAME, "1", "--by", PEOPLE["investigator"])
    text = pinned.says("protocol", "assumptions", NAME)
    assert f"confirmed by {PEOPLE['investigator']}, investigator" in text
    assert "not authenticated" not in text
    refused = pinned.refuses("protocol", "confirm", NAME, "2", "--by", PEOPLE["nurse"])
    assert "may not confirm an assumption of a protocol. That takes: investigator." in refused
