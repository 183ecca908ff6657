"""How fast the record is: what one more entry costs beyond the disk itself, and the worklist as the clinic grows."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert

from scheduler.record.events import PatientEnrolled, WeightMeasured
from scheduler.record.recorded import Recorded
from scheduler.store import schema, sqlite
from scheduler.store.due import DueRow, Projection
from scheduler.store.event_log import EventLog, open_log
from scheduler.store.memory import Memory

DAY = date(2026, 1, 5)
EVENTS, APPENDS, PAGES = 500, 30, 200
MORE_MS, RATIO = 10, 1.5

Row = tuple[str, str, str, str, str]


def rows(project: Projection | None = None) -> list[Row]:
    """What, figure, reference, ratio, aim. `project` makes the worklist of a patient; without it a plain one does."""
    with tempfile.TemporaryDirectory() as folder:
        bare = bare_insert(Path(folder) / "bare.db")
        with open_log(Path(folder) / "record.db", now=lambda: datetime.now(UTC)) as log:
            read, write, first = one_patient(log, project or sixty_days)
        pages = [worklist(Path(folder) / f"{patients}.db", patients) for patients in (10_000, 100_000)]
    more = write - bare
    return [
        (
            f"append to a patient with {EVENTS} events, and project",
            ms(write),
            f"bare fsynced insert {ms(bare)}",
            f"{ms(more)} more",
            verdict(more < MORE_MS, f"under {MORE_MS} ms more"),
        ),
        (
            "the same, as the first thing a program does",
            ms(first),
            f"bare fsynced insert {ms(bare)}",
            f"{ms(first - bare)} more",
            "-",
        ),
        (f"read and check {EVENTS} events", ms(read), f"bare fsynced insert {ms(bare)}", f"{read / bare:.1f}", "-"),
        (
            "worklist page at 100,000 patients",
            ms(pages[1]),
            f"at 10,000 patients {ms(pages[0])}",
            f"{pages[1] / pages[0]:.2f}",
            verdict(pages[1] / pages[0] < RATIO, f"under {RATIO}"),
        ),
    ]


def ms(figure: float) -> str:
    return f"{figure:.2f} ms"


def verdict(met: bool, aim: str) -> str:  # noqa: FBT001 - as it is said
    return aim if met else f"{aim}: MISSED"


def median_ms(times: int, do: Callable[[], object]) -> float:
    def once() -> float:
        start = time.perf_counter()
        do()
        return (time.perf_counter() - start) * 1000

    return statistics.median(once() for _ in range(times))


def bare_insert(path: Path) -> float:
    """One row in a transaction of its own, with the settings of the log and nothing else."""
    connection = sqlite3.connect(path, isolation_level=None)
    sqlite._set_up(connection, None)
    connection.execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, body TEXT)")
    body = "x" * 400
    took = median_ms(APPENDS, lambda: connection.execute("INSERT INTO bare (body) VALUES (?)", (body,)))
    connection.close()
    return took


def one_patient(log: EventLog, project: Projection) -> tuple[float, float, float]:
    """Reading 500 events, adding one to them, and adding one in a program that has not read them before."""
    said = {"by": "N. Reyes", "role": "nurse", "reason": ""}
    events = [PatientEnrolled(DAY, DAY, "S"), *(weight(number) for number in range(1, EVENTS))]
    ids = [(f"form-{number}", event) for number, event in enumerate(events, start=1)]
    log.append_all("S", ids, expected=0, due=project, **said)
    read = median_ms(APPENDS, lambda: log.entries("S"))
    numbers = iter(range(EVENTS, EVENTS + 2 * APPENDS))

    def append() -> None:
        number = next(numbers)
        log.append("S", weight(number), event_id=f"form-{number + 1}", expected=number, due=project, **said)

    def append_first() -> None:
        log._memory = Memory()
        append()

    return read, median_ms(APPENDS, append), median_ms(APPENDS, append_first)


def weight(number: int) -> WeightMeasured:
    return WeightMeasured(DAY + timedelta(days=number), Decimal(700 + number % 50) / 10)


def sixty_days(entries: tuple[Recorded, ...]) -> list[DueRow]:
    """A worklist of sixty doses; a tenth of them changes with every weight."""
    last = entries[-1].number
    return [
        DueRow("S", DAY + timedelta(days=day), f"C1D{day}/x", "planned", "dose", f"dose {last if day % 10 == 0 else 0}")
        for day in range(1, 61)
    ]


def worklist(path: Path, patients: int) -> float:
    """The first page of fifty, in a clinic with five rows for each patient, spread over half a year."""
    with open_log(path, now=lambda: datetime.now(UTC)) as log:
        with log._database.writing() as connection:
            connection.execute(insert(schema.due), list(due_rows(patients)))
        return median_ms(PAGES, lambda: log.due(DAY + timedelta(days=90), since=DAY + timedelta(days=90)))


def due_rows(patients: int) -> Iterator[dict[str, str]]:
    for patient in range(patients):
        for item in range(5):
            on = DAY + timedelta(days=(patient * 7 + item * 31) % 180)
            yield {
                "subject": f"S{patient:06}",
                "item": f"C1D{item + 1}/aldesleukin_low",
                "due_on": on.isoformat(),
                "status": "planned",
                "kind": "dose",
                "text": "aldesleukin, low dose 1.79 million units (0.1 mL) subcutaneous",
                "site": "",
            }


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")
