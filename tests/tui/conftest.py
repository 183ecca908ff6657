"""A clean terminal, an empty clinic, and a ward of two patients."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from tui_clinic import NOW, Clinic

from scheduler.clinic import home


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment must not change."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "C1D1_BY", "C1D1_DB", "C1D1_PIN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of the clinic's day, also in the record."""
    monkeypatch.setattr(home, "now", lambda: NOW)


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ward's record, made once."""
    ward = Clinic(tmp_path_factory.mktemp("ward"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home, "now", lambda: NOW - timedelta(hours=1))
        ward.enrol("S-001")
        ward.enrol("S-002")
        ward.fever("S-002", 3, date(2026, 1, 16))
        ward.fever("S-002", 1, date(2026, 1, 19))
    return ward.home.folder


@pytest.fixture
def ward(template: Path, tmp_path: Path) -> Clinic:
    """Two patients on aldesleukin, one of them held and ready to go on."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Clinic(tmp_path)
