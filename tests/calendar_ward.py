"""A ward of one patient whose calendar is handed out, and what is read from the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ics_rules import Part, broken_rules, events
from tests.on_the_line import Ward

FEVER = ("record", "toxicity", "A1", "Fever", "3", "--due-to", "aldesleukin=probable")


@pytest.fixture
def ward(tmp_path, monkeypatch) -> Ward:
    """A1 is enrolled on day 1 in New York, and it is that day."""
    monkeypatch.chdir(tmp_path)
    made = Ward(tmp_path, monkeypatch).on("2026-01-05")
    made.says(
        *("patient", "enrol", "A1", "--protocol", "trastuzumab-il2", "--zone", "America/New_York"),
        *("--start", "2026-01-05", "--height", "165", "--weight", "70"),
    )
    return made


def file(name: str) -> list[Part]:
    data = Path(name).read_bytes()
    assert broken_rules(data) == []
    return events(data)


def by_day(found: list[Part]) -> dict[str, Part]:
    return {event.one("DTSTART")[:8]: event for event in found}


def titles(found: list[Part]) -> set[str]:
    return {event.text("SUMMARY") for event in found}


def stamps(event: Part) -> tuple[str, str, str]:
    return event.one("SEQUENCE"), event.one("DTSTAMP"), event.one("LAST-MODIFIED")
