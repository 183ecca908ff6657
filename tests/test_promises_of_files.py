"""Everything that c1d1 writes about patients is for its owner's eyes only, however free the umask is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import criteria_files as made
from tests.conftest import IL2
from tests.on_the_line import Ward, enrol_a

pytestmark = [
    pytest.mark.promise("P40"),
    pytest.mark.skipif(os.name == "nt", reason="Windows keeps a profile's folder private by itself"),
]
PLAN = ("plan", IL2, "--start", "2026-01-05", "--weight", "70", "--height", "165")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    """In a folder that is not there yet, with a umask that lets everybody read."""
    before = os.umask(0o022)
    yield Ward(tmp_path / "new" / "home", monkeypatch)
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Of the folder and everything in it."""
    return {
        str(path.relative_to(folder.parent)): f"{stat.S_IMODE(path.stat().st_mode):o}"
        for path in (folder, *folder.rglob("*"))
    }


@pytest.mark.parametrize("first", ["enrol", "criteria"])
def test_the_data_folder_is_private_whatever_comes_first(ward: Ward, tmp_path: Path, first: str) -> None:
    steps = {
        "enrol": lambda: enrol_a(ward),
        "criteria": lambda: ward.says("criteria", "load", str(made.written(tmp_path / "5.csv", made.CSV_5))),
    }
    steps.pop(first)()
    for step in steps.values():
        step()
    ward.records("toxicity A1 Fever 3 --on 2026-01-14")
    ward.says("log", "seal")
    ward.says("log", "backup", str(ward.folder / "copy.db"))
    ward.says("log", "rebuild")
    found = modes(ward.folder)
    assert {"home/record.db", "home/copy.db", "home/criteria/ctcae-5.0.csv"} <= set(found)
    for name, mode in found.items():
        assert mode == ("700" if name in ("home", "home/criteria") else "600"), name


def test_exports_are_private_and_whole(ward: Ward, tmp_path: Path) -> None:
    enrol_a(ward)
    out = tmp_path / "out"
    out.mkdir(0o700)
    for form in ("table", "json", "csv", "grid"):
        ward.says("schedule", "A1", "--format", form, "-o", str(out / f"schedule.{form}"))
        ward.says(*PLAN, "--format", form, "-o", str(out / f"plan.{form}"))
    for purpose in ("home", "visits", "clinic"):
        ward.says(*PLAN, "--calendar", purpose, "-o", str(out / f"{purpose}.ics"))
    ward.says(*PLAN, "--syringes", "-o", str(out / "syringes.pdf"))
    found = modes(out)
    assert found.pop("out") == "700"
    assert len(found) == 12
    assert set(found.values()) == {"600"}


def test_an_export_takes_the_place_of_a_file_that_others_could_read(ward: Ward, tmp_path: Path) -> None:
    path = made.written(tmp_path / "plan.csv", "old")
    path.chmod(0o644)
    ward.says(*PLAN, "--format", "csv", "-o", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8") != "old"


def test_an_export_takes_the_place_of_nothing_but_a_file(ward: Ward, tmp_path: Path) -> None:
    """A device that is replaced by a file is lost for the whole computer."""
    mine = made.written(tmp_path / "mine.csv", "not yours")
    (tmp_path / "link.csv").symlink_to(mine)
    os.mkfifo(tmp_path / "pipe")
    before = sorted((path.name, path.lstat().st_mode) for path in tmp_path.iterdir())
    for name in ("link.csv", "pipe", "."):
        assert "is no ordinary file. Name another" in ward.refuses(*PLAN, "-o", str(tmp_path / name))
    assert "There is no folder" in ward.refuses(*PLAN, "-o", str(tmp_path / "gone" / "plan.csv"))
    assert sorted((path.name, path.lstat().st_mode) for path in tmp_path.iterdir()) == before
    assert mine.read_text(encoding="utf-8") == "not yours"
