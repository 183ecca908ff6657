"""The worked example: every paper of the ward is there, on whatever day of the week it is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.cli.demonstration_ward import write_ward
from scheduler.clinic import home
from scheduler.problems import Refused

MONDAY = datetime(2027, 3, 8, 15, tzinfo=UTC)
"""The clocks change on the Sunday of that week."""


@pytest.mark.parametrize("day", range(7))
def test_the_ward_is_complete_on_every_day_of_the_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], day: int
) -> None:
    monkeypatch.setattr(home, "now", lambda: MONDAY + timedelta(days=day))
    write_ward(tmp_path)
    said = capsys.readouterr().out
    asked = {Path(word).name for word in said.split() if word.endswith((".pdf", ".ics", ".txt"))}
    written = {path.name for path in (tmp_path / "ward").iterdir()}
    assert len(asked) >= 12
    assert asked <= written
    assert "ON HOLD\n  DEMO-002" in said
    assert "HOLD" in (tmp_path / "ward" / "DEMO-002-home-issue-02.ics").read_text(encoding="utf-8")
    assert "level -1" in said or "16.12 million units" in said


def test_a_ward_that_stands_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "record.db").write_text("somebody's")
    write_ward(tmp_path)
    assert "was left as it is" in capsys.readouterr().out
    assert (tmp_path / "ward" / "record.db").read_text() == "somebody's"


def test_a_fault_on_the_way_is_told_in_the_words_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.cli.demonstration_ward.STORY", ("patient show NOBODY-1",))
    with pytest.raises(Refused, match="c1d1 patient show NOBODY-1"):
        write_ward(tmp_path)
