"""A small schedule by hand, with everything a calendar can meet; every protocol in it is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Cycle, Item, Schedule, Slot, Status
from scheduler.quantities import read_amount, read_rate

START = date(2026, 2, 16)
STAMP = datetime(2026, 2, 16, 15, 30, tzinfo=UTC)

LOW = Slot(
    "dose",
    "aldesleukin_low",
    "aldesleukin, low dose",
    "A",
    2,
    "aldesleukin",
    "circle A",
    "aldesleukin",
    "subcutaneous",
    "patient",
    "20:00",
    window=(0, 0),
)
HIGH = replace(LOW, key="aldesleukin_intermediate", name="aldesleukin, intermediate dose", letter="B", mark="square B")
TABLET = Slot(
    "dose",
    "dexamethasone",
    "dexamethasone",
    "D",
    -1,
    "dexamethasone",
    "triangle D",
    route="oral",
    given_by="patient",
    time="21:00",
)
ANTIBODY = Slot("dose", "trastuzumab", "trastuzumab", "T", 1, "trastuzumab", route="intravenous", window=(3, 3), rank=2)
TAXANE = replace(ANTIBODY, key="paclitaxel", name="paclitaxel", drug="paclitaxel", letter="P", window=(0, 0), rank=3)
GRADES = Slot("assessment", "toxicity", "toxicity grades, CTC 2.0", "x", 1, window=(0, 0))
BLOOD = Slot("assessment", "research_blood", "research blood sample", "b", 1, window=(0, 0), rank=1)
SCAN = Slot("assessment", "imaging", "imaging, RECIST", "i", 1, window=(7, 0))

ASSUMED = Reason("assumption", "Injections are given in the evening at 20:00.", "sample.yaml:9")
UNKNOWN = Reason("arithmetic", "No amount: no weight is recorded on or before day 1 of the cycle. Record it.")
UNDECIDED = Reason("event", "Nobody has recorded the response before cycle 3 yet.")


def item(
    slot: Slot,
    days: int,
    cycle: int = 1,
    amount: str = "",
    rate: str = "",
    minutes: int | None = None,
    status: Status = "planned",
    reasons: tuple[Reason, ...] = (ASSUMED,),
) -> Item:
    """An item so many days after day 1 of cycle 1."""
    return Item(
        slot,
        cycle,
        START + timedelta(days=days),
        days + 1 if days >= 0 else days,
        status,
        0,
        read_rate(rate) if rate else None,
        read_amount(amount) if amount else None,
        minutes,
        reasons,
    )


def sample(**changes: object) -> Schedule:
    """Three cycles of a week: the second has a scan, the third waits for an answer."""
    low = {"amount": "1.7910 million units", "rate": "1 million units/m2"}
    high = {"amount": "21.492 million units", "rate": "12 million units/m2"}
    items = [
        item(TABLET, -1, amount="10 mg", rate="10 mg"),
        item(GRADES, 0),
        item(BLOOD, 0, amount="60 mL"),
        item(ANTIBODY, 0, amount="280 mg", rate="4 mg/kg", minutes=90),
        item(TAXANE, 0, amount="313.4 mg", rate="175 mg/m2"),
        item(LOW, 1, **low),
        item(replace(HIGH, day=3), 2, **high),
        item(replace(LOW, day=4), 3, amount="", rate="1 million units/m2", status="not-computable", reasons=(UNKNOWN,)),
        item(GRADES, 7, 2),
        item(replace(BLOOD, name="serum and blood sample"), 7, 2),
        item(SCAN, 7, 2),
        item(ANTIBODY, 7, 2, amount="280 mg", rate="4 mg/kg", minutes=30),
        item(LOW, 8, 2, **low),
        item(ANTIBODY, 14, 3, amount="280 mg", rate="4 mg/kg", minutes=30, status="blocked", reasons=(UNDECIDED,)),
        item(LOW, 15, 3, status="blocked", reasons=(UNDECIDED,), **low),
    ]
    days = [START + timedelta(days=7 * n) for n in range(3)]
    plain = Schedule(
        protocol="sample-trial",
        edition=1,
        arm="cohort-1",
        subject="014",
        start=START,
        zone="America/New_York",
        through=START + timedelta(days=20),
        cycles=tuple(Cycle(n, day, 7) for n, day in enumerate(days, start=1)),
        items=tuple(items),
        notices=(),
        go_no_go=tuple(days),
    )
    return replace(plain, **changes)


def with_items(*items, **changes) -> Schedule:
    return sample(items=tuple(items), **changes)
