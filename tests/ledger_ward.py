"""A pharmacy that anything can happen to, and a plain account of it kept beside, to compare with."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from scheduler.clinic import handing_out, orders, preparing, scanning, stocking
from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.enrolment import Enrolment, enrolment
from scheduler.clinic.pharmacy import LedgerDraft, Pharmacy
from scheduler.engine.stock_lines import ledger_lines
from scheduler.problems import Refused
from scheduler.protocol.library import shipped_products
from scheduler.record.stock import SyringesIssued, SyringesPrepared
from scheduler.store.event_log import open_log

FIRST = date(2026, 1, 5)
DRUG = "aldesleukin"
PATIENTS = ("S-001", "S-002")
LOTS = {"LONG": date(2027, 12, 31), "SHORT": FIRST + timedelta(days=2), "OLD": FIRST - timedelta(days=1)}
PREPARES, CHECKS = "Pharmacist Example", "Nurse Example"


class Ward:
    """Each method does one thing, rightly or wrongly, and keeps the account only where it was taken."""

    def __init__(self, address: str | Path) -> None:
        self.today = FIRST
        self.products = shipped_products()
        self.log = open_log(address, now=lambda: datetime.combine(self.today, datetime.min.time(), UTC))
        self.desk = Desk(self.log, self.today)
        self._chance = random.Random(1).randrange  # noqa: S311 - numbers that come again with the story
        self.vials: Counter[str] = Counter()
        self.places: dict[str, str] = {}
        self.before: dict[str, str] = {}
        self.refused: Counter[str] = Counter()
        for subject in PATIENTS:
            asked = Enrolment("trastuzumab-il2", FIRST - timedelta(days=1), Decimal(165), Decimal(70))
            events, found = enrolment(asked, subject, self.today)
            self.desk.enrol(subject, events, found.text, Signature(CHECKS))

    def close(self) -> None:
        self.log.close()

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(hours=9)

    def _enter(self, judge: Callable[[Pharmacy], LedgerDraft], by: str = PREPARES) -> LedgerDraft | None:
        pharmacy = Pharmacy(self.desk)
        try:
            draft = judge(pharmacy)
            pharmacy.store(draft, Signature(by, "pharmacist", "a reason"))
        except Refused as refused:
            self.refused[str(refused)] += 1
            return None
        return draft

    # ------------------------------------------------------------ what can happen

    def day_passes(self) -> None:
        self.today += timedelta(days=1)
        self.desk = Desk(self.log, self.today)

    def receive(self, lot: str, vials: int) -> None:
        what = (lot, LOTS[lot], vials)
        if self._enter(lambda p: stocking.receive(p, self.products, DRUG, what, self.today, PREPARES)):
            assert LOTS[lot] >= self.today
            self.vials[lot] += vials

    def prepare(self, subject: str, lots: tuple[tuple[str, int], ...], days: int) -> None:
        last = self.today + timedelta(days=days)
        wanted = preparing.Wanted(subject, "aldesleukin_low", self.today, last, lots, self.now)
        draft = self._enter(lambda p: preparing.prepare(p, self.products, wanted, PREPARES, self._chance))
        if draft is not None:
            (event,) = draft.events
            assert isinstance(event, SyringesPrepared)
            for lot, vials in lots:
                assert 0 < vials <= self.vials[lot]
                assert LOTS[lot] >= self.today
                self.vials[lot] -= vials
            for syringe in event.syringes:
                assert syringe.number not in self.places
                self.places[syringe.number] = "pharmacy"

    def check(self, number: str, result: str, by: str) -> None:
        if self._enter(lambda p: preparing.check(p, number, Decimal(result), self.today, by, "again"), by):
            assert by != PREPARES
            assert self.places[number] == "pharmacy"

    def issue(self, subject: str, number: str) -> None:
        if self._record(subject, lambda scene, p: handing_out.issue(scene, p, [number], self.now)):
            assert self.places[number] == "pharmacy"
            assert Pharmacy(self.desk).stock.prepared[number].checked
            self.places[number] = "out"

    def take_back(self, subject: str, number: str) -> None:
        if self._record(subject, lambda scene, p: handing_out.take_back(scene, p, [number])):
            assert self.places[number] == "out"
            self.places[number] = "returned"

    def _record(self, subject: str, judge: Callable[..., object]) -> bool:
        pharmacy = Pharmacy(self.desk)
        try:
            draft = self.desk.draft(self.desk.chart(subject), lambda scene: judge(scene, pharmacy), None, "")
            self.desk.store(draft, Signature(CHECKS))
        except Refused as refused:
            self.refused[str(refused)] += 1
            return False
        return True

    def give(self, subject: str, number: str) -> None:
        """Whatever is scanned, the dose or a near miss is recorded."""
        verdict = scanning.give(self.desk, subject, [number], None, "08:59", self.now)
        self.desk.store(verdict.draft, Signature(CHECKS))
        if not verdict.against:
            assert self.places[number] == "out"
            self.places[number] = "used"

    def hold(self, subject: str) -> None:
        self._record(subject, lambda scene, _p: orders.hold(scene, ()))

    def discard(self, number: str, how: str) -> None:
        if self._enter(lambda p: stocking.discard_syringes(p, [number], how, self.today, PREPARES)):
            assert self.places[number] in ("pharmacy", "returned")
            self.before[number] = self.places[number]
            self.places[number] = how

    def discard_vials(self, lot: str, vials: int) -> None:
        if self._enter(lambda p: stocking.discard_vials(p, (DRUG, lot, vials), "wasted", self.today, PREPARES)):
            assert vials <= self.vials[lot]
            self.vials[lot] -= vials

    def correct(self, entry: int, vials: int) -> None:
        """Another number of vials, or nothing at all; the account is made anew from what the ledger says of it."""
        before = Pharmacy(self.desk).stock
        draft = self._enter(
            lambda p: stocking.corrected(p, entry, {"vials": vials} if vials else {}, self.today, PREPARES)
        )
        if draft is not None:
            for key, lot in draft.after.lots.items():
                was = before.lots[key].balance if key in before.lots else 0
                self.vials[lot.lot] += lot.balance - was
            gone_lots = {lot for _, lot in before.lots} - {lot for _, lot in draft.after.lots}
            for lot in gone_lots:
                self.vials[lot] = 0
            for number, each in draft.after.prepared.items():
                if before.prepared[number].gone and not each.gone:
                    self.places[number] = self.before[number]
            for number in before.prepared.keys() - draft.after.prepared.keys():
                assert self.places.pop(number) == "pharmacy"

    # ------------------------------------------------------------ what has to be true

    def check_all(self) -> None:
        pharmacy = Pharmacy(self.desk)
        stock = pharmacy.stock
        assert list(pharmacy.findings()) == []
        assert {lot.lot: lot.balance for lot in stock.lots.values() if lot.balance} == +self.vials
        assert all(lot.balance >= 0 for lot in stock.lots.values())
        assert {each.syringe.number: place for each, place in pharmacy.placed()} == self.places
        lines = ledger_lines(pharmacy.entries, DRUG)
        assert sum(line.vials for line in lines) == stock.balance(DRUG)
        assert all(line.balance >= 0 for line in lines)
        assert not lines or lines[-1].balance == stock.balance(DRUG)
        for subject in PATIENTS:
            for _, event in self.desk.chart(subject).history.of(SyringesIssued):
                for syringe in event.syringes:
                    assert syringe.use_until[:10] >= str(event.happened_on)
                    assert all(LOTS[lot] >= event.happened_on for lot in stock.prepared[syringe.number].lots)


def anything(ward: Ward, chance: random.Random, steps: int) -> None:
    """So many things happen, some of them impossible; after each the accounts agree."""
    for _ in range(steps):
        happen(ward, chance)
        ward.check_all()


NEEDS = {"check": "pharmacy", "issue": "pharmacy", "give": "out", "take back": "out"}


def happen(ward: Ward, chance: random.Random) -> None:
    """Mostly what a sensible person would do, so that stories go on; else with any syringe, patient, lot or number."""
    usual = {"receive": 3, "prepare": 4, "check": 6, "issue": 5, "give": 4, "take back": 1, "destroy": 1}
    odd = dict.fromkeys(("any lot", "prepare of any", "any check", "vials lost", "correct", "hold"), 0.7)
    ways = usual | odd | {"a day": 0.3}
    (chosen,) = chance.choices([*ways], [*ways.values()])
    fitting = [n for n, place in ward.places.items() if place == NEEDS.get(chosen, place)]
    some = fitting if chance.random() < 0.8 else [*ward.places]
    number = chance.choice(some or ["4821057P"])
    prepared = Pharmacy(ward.desk).stock.prepared
    whose = prepared[number].subject if number in prepared else PATIENTS[0]
    subject = whose if chance.random() < 0.9 else chance.choice(PATIENTS)
    lot, vials = chance.choice([*LOTS]), chance.randint(1, 3)
    entries = len(Pharmacy(ward.desk).entries)
    actions = {
        "receive": lambda: ward.receive("LONG", vials),
        "prepare": lambda: ward.prepare(chance.choice(PATIENTS), (("LONG", 1),), 1),
        "check": lambda: ward.check(number, "0.1", CHECKS),
        "issue": lambda: ward.issue(subject, number),
        "give": lambda: ward.give(subject, number),
        "take back": lambda: ward.take_back(subject, number),
        "destroy": lambda: ward.discard(number, chance.choice(["destroyed", "wasted"])),
        "any lot": lambda: ward.receive(lot, vials),
        "prepare of any": lambda: ward.prepare(subject, (("LONG", 1), (lot, vials)), chance.randint(0, 3)),
        "any check": lambda: ward.check(number, chance.choice(["0.1", "1"]), chance.choice([PREPARES, CHECKS])),
        "vials lost": lambda: ward.discard_vials(lot, vials),
        "correct": lambda: ward.correct(chance.randint(1, entries + 1), chance.randint(0, 4)),
        "hold": lambda: ward.hold(subject) if chance.random() < 0.1 else None,
        "a day": ward.day_passes,
    }
    actions[chosen]()
