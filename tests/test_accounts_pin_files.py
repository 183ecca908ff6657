"""PINs from files: only from those that nobody else can read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import accounts_sample
from tests.accounts_sample import PEOPLE, PIN, WardWithPins

quick_hashes, pinned = accounts_sample.quick_hashes, accounts_sample.pinned  # fixtures
ward, staffed = accounts_sample.ward, accounts_sample.staffed
NURSE = PEOPLE["nurse"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows keeps files private by their folder")


@POSIX
def test_a_pin_file_that_others_can_read_is_refused(staffed: WardWithPins, tmp_path: Path) -> None:
    path = tmp_path / "C1D1_PIN_FILE"
    for mode in (0o640, 0o604, 0o660, 0o620):
        path.chmod(mode)
        said = staffed.refuses("record", "weight", "A1", "71", "--by", NURSE)
        assert said == (
            "Others can read the file that C1D1_PIN_FILE names, or it is not yours. Make it private: chmod 600."
        )
    path.chmod(0o400)
    staffed.records("weight A1 71", "--by", NURSE)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"two\nlines\n", b"x" * 2000, b"\xff\xfe\x00", b"quiet\x1b[31m", b"\0" * 20]
)
def test_a_pin_file_without_a_pin_is_refused(staffed: WardWithPins, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "C1D1_PIN_FILE").write_bytes(content)
    said = staffed.refuses("record", "weight", "A1", "71", "--by", NURSE)
    assert said == "The file that C1D1_PIN_FILE names holds no PIN. It has to be one line of text."


@POSIX
def test_a_pin_file_that_is_no_file_is_refused(
    staffed: WardWithPins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path, words in (
        (tmp_path / "missing", "cannot be read"),
        (tmp_path / "pipe", "does not name a file"),
        (Path("/dev/null"), "does not name a file"),
        (tmp_path, "does not name a file"),
    ):
        monkeypatch.setenv("C1D1_PIN_FILE", str(path))
        assert words in staffed.refuses("record", "weight", "A1", "71", "--by", NURSE)


def test_a_pin_may_stand_in_a_file_with_any_line_end(staffed: WardWithPins, tmp_path: Path) -> None:
    for number, end in enumerate(("", "\n", "\r\n")):
        (tmp_path / "C1D1_PIN_FILE").write_bytes(f"{PIN}{end}".encode())
        staffed.records(f"weight A1 7{number}", "--by", NURSE)
