"""Two people at the same moment, and entries that came in beside the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.clinic import handing_out, preparing, stocking
from scheduler.clinic.desk import Signature
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.engine.syringe_lines import syringe_lines
from scheduler.problems import Refused
from scheduler.record.stock import LEDGER, SyringesDiscarded, SyringesIssued, VialsDiscarded
from scheduler.store.faults import Conflict
from tests.ledger_ward import CHECKS, DRUG, PREPARES, Ward

ONE = "S-001"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """One syringe, checked, in the pharmacy; 4 vials of lot LONG."""
    found = Ward(tmp_path / "record.db")
    found.receive("LONG", 5)
    found.prepare(ONE, (("LONG", 1),), 0)
    (number,) = found.places
    found.check(number, "0.1", CHECKS)
    yield found
    found.close()


def test_a_syringe_is_not_handed_out_and_destroyed_in_the_same_moment(ward: Ward) -> None:
    (number,) = ward.places
    pharmacy, chart = Pharmacy(ward.desk), ward.desk.chart(ONE)
    out = ward.desk.draft(chart, lambda scene: handing_out.issue(scene, pharmacy, [number], ward.now), None, "")
    away = stocking.discard_syringes(pharmacy, [number], "destroyed", ward.today, PREPARES)
    ward.desk.store(out, Signature(CHECKS))
    with pytest.raises(Conflict, match="an entry for S-001 came in from Nurse Example"):
        pharmacy.store(away, Signature(PREPARES))
    assert list(Pharmacy(ward.desk).findings()) == []


def test_nor_destroyed_and_then_handed_out(ward: Ward) -> None:
    (number,) = ward.places
    pharmacy, chart = Pharmacy(ward.desk), ward.desk.chart(ONE)
    out = ward.desk.draft(chart, lambda scene: handing_out.issue(scene, pharmacy, [number], ward.now), None, "")
    pharmacy.store(stocking.discard_syringes(pharmacy, [number], "wasted", ward.today, PREPARES), Signature(PREPARES))
    with pytest.raises(Conflict, match="an entry for pharmacy/ledger came in from Pharmacist Example"):
        ward.desk.store(out, Signature(CHECKS))


def test_the_last_vial_is_taken_once(ward: Ward) -> None:
    ward.discard_vials("LONG", 3)
    first, second = Pharmacy(ward.desk), Pharmacy(ward.desk)
    what = (DRUG, "LONG", 1)
    mine = stocking.discard_vials(first, what, "wasted", ward.today, PREPARES)
    theirs = stocking.discard_vials(second, what, "wasted", ward.today, CHECKS)
    first.store(mine, Signature(PREPARES))
    with pytest.raises(Conflict):
        second.store(theirs, Signature(CHECKS))
    with pytest.raises(Refused, match="0 vials of lot LONG"):
        stocking.discard_vials(Pharmacy(ward.desk), what, "wasted", ward.today, CHECKS)


def test_a_retry_after_an_outage_stores_once(ward: Ward) -> None:
    pharmacy = Pharmacy(ward.desk)
    draft = stocking.discard_vials(pharmacy, (DRUG, "LONG", 1), "wasted", ward.today, PREPARES)
    assert pharmacy.store(draft, Signature(PREPARES)) == pharmacy.store(draft, Signature(PREPARES))
    assert Pharmacy(ward.desk).stock.balance(DRUG) == 3


def test_who_signs_is_looked_at_once_more(ward: Ward) -> None:
    """The draft was made under one name, and is signed by the one who prepared."""
    ward.prepare("S-002", (("LONG", 1),), 0)
    number = [*ward.places][-1]
    pharmacy = Pharmacy(ward.desk)
    draft = preparing.check(pharmacy, number, pharmacy.find(number).syringe.volume, ward.today, CHECKS)
    with pytest.raises(Refused, match="cannot be the second person as well"):
        pharmacy.store(draft, Signature(PREPARES))


def test_what_came_in_beside_the_program_is_found(ward: Ward) -> None:
    (number,) = ward.places
    syringe = Pharmacy(ward.desk).stock.prepared[number].syringe
    said = {"by": "somebody", "role": "nurse", "reason": ""}
    ward.log.append(ONE, SyringesIssued(ward.today, (syringe,)), event_id="a", expected=3, **said)
    ward.log.append("S-002", SyringesIssued(ward.today, (syringe,)), event_id="b", expected=3, **said)
    ward.log.append(LEDGER, SyringesDiscarded(ward.today, (number,), "wasted"), event_id="c", expected=3, **said)
    ward.log.append(LEDGER, VialsDiscarded(ward.today, DRUG, "LONG", 9, "wasted"), event_id="d", expected=4, **said)
    found = " ".join(Pharmacy(ward.desk).findings())
    shown = f"{number[:4]}-{number[4:]}"
    assert "Ledger, entry 5: By the ledger 4 vials of lot LONG of aldesleukin are left." in found
    assert f"S-001: syringe {shown} is wasted by the ledger and out by the record." in found
    assert f"S-002: syringe {shown} was handed out and never prepared for S-002." in found


def test_the_record_of_a_strength_counts_what_the_pharmacy_holds(ward: Ward) -> None:
    (number,) = ward.places
    ward.issue(ONE, number)
    ward.take_back(ONE, number)
    ward.discard(number, "destroyed")
    ward.prepare("S-002", (("LONG", 1),), 0)
    pharmacy = Pharmacy(ward.desk)
    patients = {subject: ward.log.entries(subject) for subject in (ONE, "S-002")}
    lines = syringe_lines(pharmacy.entries, patients, pharmacy.stock.prepared, "aldesleukin_low")
    assert [(line.what, line.subject, line.syringes, line.balance) for line in lines] == [
        ("prepared", "S-001", 1, 1),
        ("handed out", "S-001", -1, 0),
        ("returned", "S-001", 0, 0),
        ("destroyed", "S-001", 0, 0),
        ("prepared", "S-002", 1, 1),
    ]
