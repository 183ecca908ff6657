"""Expand the interleukin-2 protocol for many patients, with and without the engine; print seconds as JSON.

`python -m tests.bench.expansion 1000 [written]`; with `written` every plan is written as JSON and let go.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Schedule
from scheduler.outputs.data import schedule_json
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from scheduler.record.events import HeightMeasured, PatientEnrolled, WeightMeasured
from scheduler.record.history import History
from scheduler.shipped import protocols_folder

CYCLES, LAST_DAY = 23, 329
ROUNDS = 3
FIRST = (
    ("trastuzumab", (1, 8)),
    ("aldesleukin_low", (*range(2, 8), *range(12, 22))),
    ("aldesleukin_intermediate", (9, 10, 11)),
)
LATER = (("trastuzumab", (1,)), ("aldesleukin_intermediate", (1, 2, 3)), ("aldesleukin_low", tuple(range(4, 15))))


def patients(count: int) -> Iterator[History]:
    """No two with the same start, weight and height."""
    for n in range(count):
        day_1 = date(2026, 1, 1) + timedelta(days=n)
        weight = WeightMeasured(day_1, Decimal(450 + n % 700) / 10)
        yield History((PatientEnrolled(day_1, day_1), weight, HeightMeasured(day_1, Decimal(150 + n % 41))))


def engine(protocol: Protocol, histories: Iterable[History]) -> Iterator[Schedule]:
    """One schedule after another."""
    for history in histories:
        yield build_schedule(protocol, history, history.enrolment.day_1 + timedelta(days=LAST_DAY - 1))


def bare(start: date) -> list[tuple[date, str]]:
    """The doses of the same days, by the shortest Python there is: no amounts, no reasons, no order."""
    found, day_1 = [], start
    for cycle in range(1, CYCLES + 1):
        for treatment, days in FIRST if cycle == 1 else LATER:
            for day in days:
                found.append((day_1 + timedelta(days=day - 1), treatment))  # noqa: PERF401
        day_1 += timedelta(days=21 if cycle == 1 else 14)
    return found


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """The shortest of some rounds, in seconds, and what the work counted."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        counted = work()
        rounds.append((time.perf_counter() - began, counted))
    return min(rounds)


def main(count: int, *, written: bool) -> None:
    """Measure, or write."""
    protocol = library.load(protocols_folder() / "trastuzumab-il2.yaml").protocol
    assert protocol is not None
    if written:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            nowhere.writelines(schedule_json(schedule) for schedule in engine(protocol, patients(count)))
        print("{}")
        return
    histories = list(patients(count))
    first = next(iter(engine(protocol, histories)))
    doses = [(item.date, item.slot.key) for item in first.items if item.slot.kind == "dose"]
    assert sorted(doses) == sorted(bare(histories[0].enrolment.day_1))
    with_reasons, items = timed(lambda: sum(len(schedule.items) for schedule in engine(protocol, histories)))
    without, _ = timed(lambda: sum(len(bare(history.enrolment.day_1)) for history in histories))
    print(json.dumps({"engine": with_reasons, "bare": without, "items": items}))


if __name__ == "__main__":
    main(int(sys.argv[1]), written="written" in sys.argv[2:])
