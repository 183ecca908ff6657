"""What the papers say is so: commands run, paths exist, nothing of one machine is written down."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from itertools import product
from pathlib import Path

import pytest

from scheduler.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAPERS = [ROOT / "README.md", ROOT / "scheduler" / "DESIGN.md", ROOT / "protocols" / "README.md"]
ROOMS = ("scheduler", "tui", "tests", "protocols", ".ci")


def own_files() -> list[Path]:
    """The files of the project, as git knows them; without git, all but what commands make."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = [*ROOT.iterdir(), *(path for room in ROOMS for path in (ROOT / room).rglob("*"))]
        return [path for path in found if path.is_file() and path.suffix != ".pyc"]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


OWN_FILES = own_files()


def words(paper: Path) -> str:
    return paper.read_text(encoding="utf-8") if paper.exists() else ""


def code_blocks(paper: Path) -> list[str]:
    return re.findall(r"^```[^\n]*\n(.*?)^```", words(paper), re.MULTILINE | re.DOTALL)


def test_the_papers_are_there() -> None:
    assert all(words(paper).strip() for paper in PAPERS)


# ---------------------------------------------------------------- commands


def shown_commands() -> list[str]:
    """Every `c1d1 ...` in a code block; where a block shows prompts, what stands behind them."""
    shown = []
    for block in [block for paper in PAPERS for block in code_blocks(paper)]:
        lines = re.sub(r"\\\n\s*", " ", block).splitlines()
        prompted = [line for line in lines if line.startswith("$ ")]
        for part in re.split(r" && | \| |; |\n", "\n".join(prompted or lines)):
            if found := re.match(r"\s*(?:\$ )?(?:\S*/)?(c1d1\b.*)", part):
                shown += re.split(r" · (?=c1d1)", found[1])
    return sorted({each for command in shown for each in written_out(command)})


def written_out(command: str) -> list[str]:
    """`c1d1 protocol list|show [FILE]   what it does`: two commands, without marks and note."""
    bare = re.split(r"(?<=\S) {2,}(?=\S)| > ", command)[0]
    bare = re.sub(r"[\[\]()]|\.\.\.", " ", bare)
    choices = [word.split("|") for word in shlex.split(bare, comments=True) if word != "|"]
    return [shlex.join(choice) for choice in product(*choices)]


@pytest.mark.parametrize("command", shown_commands())
def test_a_shown_command_exists(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--help` behind it, a command checks its own name and options, and does nothing."""
    monkeypatch.setattr(sys, "argv", [*shlex.split(command), "--help"])
    try:
        status = main()
    except SystemExit as end:
        status = end.code
    assert (status or 0, capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize("way", ["make", "bootstrap.py"])
def test_a_shown_way_to_start_exists(way: str) -> None:
    text = "\n".join(block for paper in PAPERS for block in code_blocks(paper))
    shown = set(re.findall(rf"^(?:\$ )?(?:\S+ )?{re.escape(way)} (\w+)", text, re.MULTILINE))
    assert shown <= {"demo", "test", "check", "bench", "clean"}


# ---------------------------------------------------------------- paths


def named_paths(paper: Path) -> list[str]:
    """Links to files, and words in backticks that read like a path or a module of ours."""
    text = re.sub(r"^```.*?^```", "", words(paper), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text)
    ticked = re.findall(r"`([\w.*-]+(?:/[\w.*-]+)*/?)`", text)
    ours = rf"(?:{'|'.join(map(re.escape, ROOMS))})/.*|.*\.(?:py|md|tcss|lock)"
    return sorted({*links, *(name for name in ticked if re.fullmatch(ours, name))})


def exists(name: str, beside: Path) -> bool:
    """From the top, from beside the paper, or - a bare file name - anywhere among our files."""
    if any(any(folder.glob(name.rstrip("/"))) for folder in (ROOT, beside)):
        return True
    return "/" not in name and any(path.name == name for path in OWN_FILES)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_named_path_exists(paper: Path) -> None:
    gone = [name for name in named_paths(paper) if not exists(name, paper.parent)]
    assert not gone, "\n".join(gone)


# ---------------------------------------------------------------- nothing of one machine

FOREIGN = {
    "a folder of one machine": r"(?<![\w.:/*-])/(?:home|root|work|opt|mnt|Users)/|\b[A-Z]:\\Users",
    "a local address": r"\bfile:/{3}(?!etc/)\w|\blocalhost:\d\d|\b127\.0\.0\.1:\d\d",
    "a package index": r"(?:index|find)-(?:url|links)|/simple/|pypi\.org|pythonhosted",
    "a password in an address": r"\w://[^\s/@]+:[^\s/@]+@(?!\w+\.example\b)",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_file_holds(kind: str) -> None:
    held = [
        f"{path.relative_to(ROOT).as_posix()}: {found[0]}"
        for path in OWN_FILES
        if path != Path(__file__).resolve()
        and (found := re.search(FOREIGN[kind], path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert not held, "\n".join(held)


# ---------------------------------------------------------------- the lock


def test_the_lock_holds_versions_hashes_and_markers_only() -> None:
    line = r"[a-z0-9-]+==[\w.]+( ; [\w.'<>=! ()]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    other = [each for each in lock if not re.fullmatch(line, each)]
    assert not other, "\n".join(other)


def test_the_lock_holds_everything_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[^\w.-]", each)[0].lower().replace(".", "-") for each in asked}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not names - set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
