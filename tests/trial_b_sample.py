"""A clinic day of the trial with paclitaxel: cycle 2, day 1 and the days around it, for 60 kg and 160 cm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from scheduler import clinic
from scheduler.engine.schedule import Schedule

ON = date(2026, 1, 26)


@cache
def two_cycles() -> Schedule:
    """Both cycles of cohort 3 from 2026-01-05 on."""
    protocol = clinic.open_protocol("trastuzumab-paclitaxel-il12")
    request = clinic.PlanRequest(date(2026, 1, 5), "cohort-3", Decimal(60), Decimal(160), 2, None, "UTC")
    return replace(clinic.make_plan(protocol, request), subject="S-002")


def day_1() -> Schedule:
    """Cycle 2, day 1 alone."""
    planned = two_cycles()
    return replace(planned, items=tuple(item for item in planned.items if item.date == ON))
