"""The real program in a real terminal. It runs wherever tmux is installed, and fails in CI where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tui_clinic import SIZES, Clinic

TMUX = shutil.which("tmux")
WAIT = 60.0


def test_tmux_is_there_in_ci() -> None:
    assert TMUX or not os.environ.get("CI"), "Install tmux, or the real program is never looked at."


class Terminal:
    """A tmux server of its own, with one window in which c1d1 runs."""

    def __init__(self, folder: Path, size: tuple[int, int], more: str = "") -> None:
        self.socket = str(folder / "tmux")
        program = f"{sys.executable} -m scheduler.cli; echo ENDED $?; sleep 600"
        settings = f"C1D1_HOME='{folder}' C1D1_BY='Nurse Example' {more}"
        window = ("-x", str(size[0]), "-y", str(size[1]))
        self.tmux("-f", "/dev/null", "new-session", "-d", *window, f"env {settings} sh -c '{program}'")

    def tmux(self, *words: str) -> str:
        run = subprocess.run([str(TMUX), "-S", self.socket, *words], capture_output=True, text=True, check=False)
        return run.stdout

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def until(self, text: str) -> str:
        end = time.monotonic() + WAIT
        while text not in (found := self.screen()):
            assert time.monotonic() < end, f"{text!r} does not appear on:\n{found}"
            time.sleep(0.05)
        return found

    def close(self) -> None:
        self.tmux("kill-server")


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    found: list[Terminal] = []
    yield found
    for terminal in found:
        terminal.close()


@pytest.mark.slow
@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
@SIZES
def test_a_missed_dose_is_signed_in_a_real_terminal_and_leaving_ends_with_status_0(clinic: Clinic, terminals, size):
    from scheduler.clinic.home import today

    clinic.enrol("S-001", "lapatinib-capecitabine", min(today(), clinic.today))
    terminals.append(terminal := Terminal(clinic.home.folder, size))
    terminal.until("Find: _")
    terminal.tmux("send-keys", "S-001", "Enter")
    terminal.until("○ home")
    terminal.tmux("send-keys", "k")
    terminal.until("New weight")
    terminal.tmux("send-keys", "71", "Enter")
    terminal.until("NOTHING IS SAVED")
    terminal.tmux("send-keys", "ne", "Enter")
    terminal.until("SIGNED by Nurse Example, entry 4")
    terminal.tmux("send-keys", "C-q")
    terminal.until("ENDED 0")
    assert "Weight 71 kg" in clinic.words("S-001")


@pytest.mark.slow
@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
@pytest.mark.parametrize("more", ["NO_COLOR=1", "TERM=xterm COLORTERM="])
def test_without_colours_it_reads_the_same(ward: Clinic, terminals, more: str) -> None:
    terminals.append(terminal := Terminal(ward.home.folder, (80, 24), more))
    terminal.until("TO BE DECIDED")
    terminal.tmux("send-keys", "002", "Enter")
    terminal.until("■A")
