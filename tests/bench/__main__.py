"""How fast c1d1 is and how much memory it takes: `make bench`, a printed table, not a test.

Every figure stands beside a reference measured in the same run, because machines differ. Times are the
best of several runs. All runs in programs of its own; this one stays small, so that it does not count with them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.bench import app_rows

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(sys.executable).with_name("c1d1")
COMMAND = [str(INSTALLED)] if INSTALLED.exists() else [sys.executable, "-m", "scheduler.cli"]
PLAN = ["plan", "trastuzumab-il2", "--start", "2026-01-05", "--weight", "70", "--height", "165", "--cycles", "23"]
PATIENTS, FEW = 1000, 100
MEGABYTE = 1_000_000


class Row(NamedTuple):
    what: str
    figure: str
    reference: str
    ratio: str
    aim: str


HEAD = Row("what", "figure", "reference", "ratio", "aim")


class Run(NamedTuple):
    """One program: how long it took, its peak memory in bytes (0 where the system does not tell), what it printed."""

    seconds: float
    peak: int
    printed: str


def run(args: list[str]) -> Run:
    """Run a program to its end; RuntimeError with its words where it fails."""
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(args, cwd=ROOT, stdout=printed, stderr=said)
        peak = 0
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        process.wait()
        seconds = time.perf_counter() - began
        printed.seek(0)
        said.seek(0)
        if process.returncode != 0:
            message = f"{' '.join(args)} failed:\n{said.read()}"
            raise RuntimeError(message)
        return Run(seconds, peak, printed.read())


def expanded(patients: int, *, written: bool) -> tuple[dict[str, float], Run]:
    """What `tests.bench.expansion` prints, with its run."""
    wanted = ["written"] if written else []
    found = run([sys.executable, "-m", "tests.bench.expansion", str(patients), *wanted])
    return json.loads(found.printed), found


def expansion() -> Row:
    figures, _ = expanded(PATIENTS, written=False)
    engine, bare = figures["engine"], figures["bare"]
    what = f"{PATIENTS:,} patients, 23 cycles each ({figures['items']:,.0f} items with amounts and reasons)"
    return Row(
        what, f"{engine:.2f} s", f"{bare * 1000:.0f} ms, bare dates", f"{engine / bare:.0f}x", "< 40x, about 1 s"
    )


def cold_start() -> Row:
    pairs = [(run([*COMMAND, *PLAN]).seconds, run([sys.executable, "-c", "pass"]).seconds) for _ in range(15)]
    plan, nothing = (min(each) for each in zip(*pairs, strict=True))
    return Row(
        "c1d1 plan, 23 cycles, from a cold start",
        f"{plan * 1000:.0f} ms",
        f"{nothing * 1000:.0f} ms, python -c pass",
        f"{plan / nothing:.1f}x",
        "< 8x",
    )


def labels() -> Row:
    figures = json.loads(run([sys.executable, "-m", "tests.bench.labels", str(FEW)]).printed)
    whole, drawing, bare = figures["whole"], figures["drawing"], figures["bare"]
    return Row(
        f"labels of a week, {FEW} patients ({figures['labels']:,.0f} on {figures['pages']:.0f} pages), plans included",
        f"{whole:.2f} s",
        f"{bare:.2f} s, bare reportlab, as many pages",
        f"{drawing / bare:.1f}x drawing, {whole / bare:.1f}x all",
        "< 10x",
    )


def memory_of_a_plan() -> Row:
    plan, nothing = run([*COMMAND, *PLAN]).peak, run([sys.executable, "-c", "pass"]).peak
    return _memory("peak memory of that plan", plan, nothing, "python -c pass", "< 80 MB")


def memory_of_many() -> Row:
    many, few = (expanded(patients, written=True)[1].peak for patients in (PATIENTS, FEW))
    return _memory(f"peak memory, {PATIENTS:,} plans written one by one", many, few, f"{FEW} plans", "flat, < 80 MB")


def calendar_files() -> list[Row]:
    """Files written beside the icalendar library used plainly, and what one patient's hold takes."""
    figures = json.loads(run([sys.executable, "-m", "tests.bench.calendar_files", str(PATIENTS)]).printed)
    own, plain, change = figures["own"], figures["plain"], figures["change"]
    return [
        Row(
            f"calendars of {PATIENTS:,} patients, {figures['events']:,} events: entries, ids, bytes",
            f"{own:.1f} s",
            f"{plain:.0f} s, icalendar used plainly (the same bytes)",
            f"{plain / own:.0f}x faster",
            "10x",
        ),
        Row(
            "one patient's hold to the new file, revisions from the record", f"{change * 1000:.1f} ms", "", "", "< 5 ms"
        ),
    ]


def memory_of_calendars() -> Row:
    module = "tests.bench.calendar_files"
    many, few = (run([sys.executable, "-m", module, str(n), "written"]).peak for n in (PATIENTS, FEW))
    return _memory(f"peak memory, {PATIENTS:,} calendars written one by one", many, few, f"{FEW} calendars", "flat")


def _memory(what: str, figure: int, reference: int, name: str, aim: str) -> Row:
    if not figure or not reference:
        return Row(what, "not told here", name, "", aim)
    shown = f"{reference / MEGABYTE:.1f} MB, {name}"
    return Row(what, f"{figure / MEGABYTE:.1f} MB", shown, f"{figure / reference:.2f}x", aim)


def of_module(words: list[str]) -> tuple[float, str]:
    """Run a module with arguments: seconds, and what it printed."""
    done = run([sys.executable, "-m", *words])
    return done.seconds, done.printed


def main() -> None:
    """Measure all rows and print them."""
    rows = [HEAD, expansion(), cold_start(), labels(), memory_of_a_plan(), memory_of_many()]
    rows += [*calendar_files(), memory_of_calendars()]
    from tests import bench_store  # after the others: it loads the record's libraries into this program

    rows += [Row(*row) for row in app_rows.rows(of_module)]
    rows += [Row(*row) for row in bench_store.rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
