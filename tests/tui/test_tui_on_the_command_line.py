"""`c1d1` without a command, where there is no terminal, and what it loads."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from scheduler.cli import main


def test_without_a_terminal_it_says_what_else_there_is() -> None:
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_commands_load_no_app() -> None:
    program = "import sys, scheduler.cli.terminal; print(sorted({'textual', 'tui', 'rich'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "[]", run.stderr
