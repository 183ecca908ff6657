"""The program as people run it: as a process of its own, two at a time, cut off in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

START = ("--start", "2024-01-08", "--height", "165", "--weight", "70")
"""Days that have been on every computer's calendar."""


def c1d1(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "C1D1_HOME": str(folder), "C1D1_BY": "K. Berg"}
    environment.pop("C1D1_DB", None)
    return subprocess.run(
        [sys.executable, "-m", "scheduler.cli", *words],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    done = c1d1(tmp_path / "home", "patient", "enrol", "A1", "--protocol", "trastuzumab-il2", *START)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "home"


def entries(folder: Path) -> int:
    shown = c1d1(folder, "patient", "show", "A1").stdout
    return int(shown.splitlines()[1].split()[0])


def test_it_answers_on_both_streams_and_with_its_status(folder: Path) -> None:
    done = c1d1(folder, "record", "toxicity", "A1", "Fever", "3", "--on", "2024-01-17")
    assert done.returncode == 0
    assert "HELD: give nothing" in done.stdout
    refused = c1d1(folder, "record", "weight", "A2", "70")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "There is no patient A2 in this record. See c1d1 patient list.\n"
    assert c1d1(folder, "record", "weight", "A1").returncode == 2
    assert c1d1(folder, "log", "verify", "--projections").returncode == 0


@pytest.mark.slow
def test_of_two_who_record_the_same_dose_one_wins(folder: Path) -> None:
    words = ("record", "given", "A1", "C1D2", "--on", "2024-01-09", "--after", "3")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: c1d1(folder, *words), range(4)))
    assert sorted(each.returncode for each in done) == [0, 1, 1, 1]
    assert entries(folder) == 4
    told = [each.stderr for each in done if each.returncode]
    assert all(
        "Traceback" not in text and ("Since you looked" in text or "is recorded as given" in text) for text in told
    )


@pytest.mark.slow
def test_a_killed_command_has_recorded_all_or_nothing(folder: Path) -> None:
    words = [sys.executable, "-m", "scheduler.cli", "record", "level", "A1", "aldesleukin", "--on", "2024-01-09"]
    environment = {**os.environ, "C1D1_HOME": str(folder), "C1D1_BY": "K. Berg"}
    for wait in (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
        before = entries(folder)
        process = subprocess.Popen([*words, "--", "-1"], env=environment, stdout=subprocess.DEVNULL)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        process.wait()
        assert entries(folder) - before in (0, 2)
        assert c1d1(folder, "log", "verify", "--projections").returncode == 0
