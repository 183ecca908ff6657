"""No protocol file gets the better of `check`: no traceback, no hanging, no flood of memory."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.protocol import library
from tests.broken_files import HOSTILE, SOUND

PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
from scheduler.cli import main
main(["protocol", "check", sys.argv[1]])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit a program like this")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_within_two_seconds_and_200_megabytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.yaml"
    HOSTILE[name](path)
    run = [sys.executable, "-c", PROGRAM, str(path)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert done.stderr.rstrip().endswith(("problem.", "problems."))


# ---------------------------------------------------------------- files that went wrong by chance

TEXTS = SOUND | {path.stem: path.read_text(encoding="utf-8") for path in library.shipped()}
STRANGE = [*":-'\"[]{}#&*!|>%@`\\\t\0", "\u202e", "\u200b", "\ufeff", "\ufffd", "\x1b[31m", "٤", "é", "\r", " ", "\n"]
STRANGE += ["0", "-1", "99999999999", "1+", "days", "cycle", ": ", "- ", "<<", "~", "all", "  "]


def spoiled(text: str, chance: random.Random) -> str:
    """The text with some lines lost, doubled, swapped or indented, and some characters changed."""
    for _ in range(chance.randint(1, 4)):
        lines = text.split("\n")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(8):
            case 0:
                del lines[one : one + chance.randint(1, 5)]
            case 1:
                lines.insert(one, lines[other])
            case 2:
                lines[one], lines[other] = lines[other], lines[one]
            case 3:
                lines[one] = " " * chance.randint(0, 8) + lines[one].lstrip()
            case 4:
                del lines[one + 1 :]
                lines[one] = lines[one][: chance.randint(0, 40)]
            case _:
                at = chance.randint(0, len(lines[one]))
                lines[one] = lines[one][:at] + chance.choice(STRANGE) + lines[one][at + chance.randint(0, 3) :]
        text = "\n".join(lines)
    return text


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_spoiled_by_chance_is_read_or_refused(name: str, tmp_path: Path) -> None:
    """Three hundred of each; what is read without a problem can be read again from its own text."""
    chance, path = random.Random(name), tmp_path / f"{name}.yaml"  # noqa: S311
    for number in range(300):
        text = spoiled(TEXTS[name], chance)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        loaded = library.load(path)
        assert loaded.protocol is not None or loaded.problems, number
        assert list(loaded.problems) == sorted(loaded.problems), number
        for problem in loaded.problems:
            assert problem.shown().replace("\n", "").isprintable(), number
