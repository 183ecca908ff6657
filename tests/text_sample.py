"""A schedule by hand, in every state that text and data can meet; its protocol is tests/goldens/text-sample.yaml."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from scheduler.cycle_days import date_of_day, day_number
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Cycle, Item, Notice, Schedule, Slot, Status
from scheduler.protocol.model import Protocol
from scheduler.protocol.read import read_protocol
from scheduler.quantities import Amount, Rate, read_amount, read_rate, shown_number

GOLDENS = Path(__file__).parent / "goldens"
START = date(2026, 1, 5)
CYCLES = (Cycle(1, START, 21), Cycle(2, START + timedelta(days=21), 28))
AREA = Decimal("1.791243521968")

SMALL = Slot(
    kind="dose",
    key="gammaleukin_small",
    name="gammaleukin, small dose",
    letter="A",
    day=2,
    drug="gammaleukin",
    mark="circle A",
    route="subcutaneous",
    given_by="patient",
    time="20:00",
    window=(0, 0),
)
LARGE = replace(SMALL, key="gammaleukin_large", name="gammaleukin, large dose", letter="B", mark="square B")
TABLET = Slot("dose", "deltasone", "deltasone", "D", 1, "deltasone", "triangle D", "", "oral", "patient", "07:00")
TWICE = replace(TABLET, key="betatinib", name="betatinib", letter="N", drug="betatinib", mark="diamond N")
INFUSION = Slot("dose", "alphamab", "alphamab", "M", 1, "alphamab", route="intravenous", window=(1, 3))
GRADES = Slot("assessment", "toxicity", "toxicity grades, CTCAE 5.0", "x", 1, window=(0, 0))
BLOOD = Slot("assessment", "blood", "research blood sample", "b", 1, window=(0, 0))
SCAN = Slot("assessment", "imaging", "imaging of the chest, the abdomen and the pelvis", "i", -1, window=(27, 0))

WINDOWS = Reason("assumption", "Windows are those of the site.", "text-sample.yaml:154")
TIMES = Reason(
    "assumption", "Home doses are taken at fixed times, and what is missed is left out.", "text-sample.yaml:182"
)
WEIGHT = Reason("event", "Weight 70 kg, measured on 2026-01-05.")
HEIGHT = Reason("event", "Height 165 cm, measured on 2026-01-05.")
AREA_WHY = Reason("arithmetic", "Body surface area by Mosteller from 165 cm and 70 kg: 1.7912 m2.")
NO_WEIGHT = Reason("arithmetic", "No amount: no weight is recorded on or before day 1 of the cycle. Record it.")
FATIGUE = Reason("event", "Fatigue, grade 3, on 2026-01-13, probably due to gammaleukin.")
TOO_CLOSE = Notice("too-close", "C1D2 and C1D3 are too close to each other.", "C1D3/gammaleukin_small")
UNDECIDED = Reason("event", "Nobody has recorded the response before cycle 2 yet.")


def sample_protocol() -> Protocol:
    """The protocol of the sample, as its file says it."""
    protocol = read_protocol(GOLDENS / "text-sample.yaml", "text-sample.yaml")[1]
    assert protocol is not None
    return protocol


def item(
    slot: Slot,
    day: int,
    *why: Reason,
    cycle: int = 1,
    status: Status = "planned",
    rate: str = "",
    factor: Decimal | None = None,
    minutes: int | None = None,
    level: int = 0,
    late: int = 0,
) -> Item:
    """One item; `rate` times `factor` is its amount, `late` the days by which it was moved."""
    dosed = read_rate(rate) if rate else None
    on = date_of_day(day, CYCLES[cycle - 1].start) + timedelta(days=late)
    amount = _amount(dosed, factor)
    reasons = [Reason("paper", f"{slot.name} is written for this day.", "text-sample.yaml:60")]
    reasons += [TIMES] if slot.given_by == "patient" else [WINDOWS] if slot.kind == "dose" else []
    if dosed and dosed.per and amount:
        reasons += [WEIGHT, *([HEIGHT, AREA_WHY] if dosed.per == "m2" else [])]
        reasons.append(
            Reason(
                "arithmetic",
                f"{dosed} x {shown_number(round(factor or Decimal(0), 4))} {dosed.per} = {amount.rounded()}.",
            )
        )
    number = day_number(on, START)
    return Item(replace(slot, day=day), cycle, on, number, status, level, dosed, amount, minutes, (*reasons, *why))


def _amount(rate: Rate | None, factor: Decimal | None) -> Amount | None:
    if rate is None or (rate.per and factor is None):
        return None
    return rate.amount.times(factor) if factor is not None else rate.amount


def sample_schedule() -> Schedule:
    """Two cycles with everything; the second is cut off after its first week."""
    return Schedule(
        protocol="sample-trial",
        edition=3,
        arm="weekly",
        subject="S-001",
        start=START,
        zone="Europe/Berlin",
        through=CYCLES[1].start + timedelta(days=8),
        cycles=CYCLES,
        items=tuple(sorted([*_cycle_1(), *_cycle_2()], key=lambda one: one.date)),
        notices=(TOO_CLOSE,),
        go_no_go=(START, CYCLES[1].start),
    )


def _cycle_1() -> list[Item]:
    kg, evening = Decimal(70), replace(TABLET, time="21:00")
    small, reduced = "1 million units/m2", "0.75 million units/m2"
    blood = read_amount("20 mL")
    return [
        item(SCAN, -1, WINDOWS),
        item(evening, -1, rate="10 mg"),
        item(TABLET, 1, rate="10 mg"),
        item(GRADES, 1),
        item(BLOOD, 1)._replace(amount=blood),
        item(INFUSION, 1, status="given", rate="4 mg/kg", factor=kg, minutes=90),
        *(item(replace(TWICE, time=t, dose_number=n), 1, rate="1,250 mg") for n, t in ((1, "08:00"), (2, "20:00"))),
        item(SMALL, 2, status="given", rate=small, factor=AREA),
        item(SMALL, 3, Reason("event", "Forgotten."), status="missed", rate=small, factor=AREA),
        item(LARGE, 9, FATIGUE, status="held", rate="12 million units/m2", factor=AREA),
        item(LARGE, 10, FATIGUE, status="held", rate="12 million units/m2", factor=AREA),
        item(INFUSION, 15, rate="2 mg/kg", factor=kg, minutes=30, late=2),
        item(SMALL, 16, rate=reduced, factor=AREA, level=-1),
        item(SMALL, 17, status="skipped", rate=reduced, factor=AREA, level=-1),
    ]


def _cycle_2() -> list[Item]:
    return [
        item(replace(TABLET, time="21:00"), -1, rate="10 mg", cycle=2),
        item(GRADES, 1, cycle=2),
        item(INFUSION, 1, NO_WEIGHT, cycle=2, status="not-computable", rate="2 mg/kg"),
        item(SMALL, 2, NO_WEIGHT, cycle=2, status="not-computable", rate="1 million units/m2"),
        item(LARGE, 4, UNDECIDED, cycle=2, status="blocked", rate="12 million units/m2", factor=AREA),
        item(LARGE, 5, cycle=2, status="ended", rate="12 million units/m2", factor=AREA),
    ]
