"""The ledger stands in the log, on both databases: found, chained, copied, and never two writers at once."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from ward import DAY, enrol, record

from scheduler.quantities import Amount
from scheduler.record.stock import LEDGER, SyringesReturned, VialsReceived
from scheduler.store.backup import restore
from scheduler.store.event_log import EventLog, open_log
from scheduler.store.faults import Conflict
from tests.ledger_ward import Ward, anything

VIALS = VialsReceived(DAY, "aldesleukin", Amount(Decimal(22), "million units"), "AB-1", date(2027, 1, 31), 10)


def test_a_story_of_the_ledger(address: str) -> None:
    ward = Ward(address)
    anything(ward, random.Random(5), 25)  # noqa: S311 - a story told again the same way
    assert ward.log.verify() == []
    ward.close()


def test_the_ledger_is_no_patient(log: EventLog) -> None:
    enrol(log)
    record(log, LEDGER, VIALS, 0, due=None)
    assert log.subjects() == ("OSU-1",)
    assert [e.event for e in log.entries(LEDGER)] == [VIALS]
    assert log.verify() == []


def test_a_copy_holds_the_ledger(log: EventLog, tmp_path: Path, clock) -> None:
    record(log, LEDGER, VIALS, 0, due=None)
    log.backup(tmp_path / "copy.db")
    restore(tmp_path / "copy.db", tmp_path / "again.db")
    with open_log(tmp_path / "again.db", now=clock) as again:
        assert again.entries(LEDGER) == log.entries(LEDGER)


def test_an_entry_that_rests_on_another_name_is_turned_away_when_that_has_changed(log: EventLog) -> None:
    enrol(log)
    record(log, LEDGER, VIALS, 0, due=None)
    back = [("back", SyringesReturned(DAY, ("4821057P",)))]
    said = {"by": "N. Reyes", "role": "nurse", "reason": "", "expected": 3}
    with pytest.raises(Conflict, match="an entry for pharmacy/ledger came in from N"):
        log.append_all("OSU-1", back, unchanged=((LEDGER, 0),), **said)
    assert len(log.entries("OSU-1")) == 3
    (stored,) = log.append_all("OSU-1", back, unchanged=((LEDGER, 1),), **said)
    record(log, LEDGER, VIALS, 1, due=None)
    assert log.append_all("OSU-1", back, unchanged=((LEDGER, 1),), **said) == (stored,), "a retry is not judged again"
