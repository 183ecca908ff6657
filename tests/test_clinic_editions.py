"""The text that a patient was enrolled on counts, until an amendment; and then only from its day on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.on_the_line import Ward

SHIPPED = Path("protocols/trastuzumab-il2.yaml")
LOW = "aldesleukin_low 1 million units/m2 subcutaneous"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A site's own copy of a shipped protocol."""
    path = tmp_path / "mine.yaml"
    path.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture
def ward(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    start = ("--start", "2026-01-05", "--height", "165", "--weight", "70")
    found.says("patient", "enrol", "A1", "--protocol", str(file), *start)
    return found


def edit(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def test_an_edited_file_changes_nothing_for_those_enrolled(ward: Ward, file: Path) -> None:
    before = ward.run("schedule", "A1", "--through", "2026-03-30", "--format", "json").stdout
    edit(file, ("cycle 2+: 14 days", "cycle 2+: 28 days"))
    assert ward.run("schedule", "A1", "--through", "2026-03-30", "--format", "json").stdout == before
    file.unlink()
    assert ward.run("schedule", "A1", "--through", "2026-03-30", "--format", "json").stdout == before


def test_an_amendment_changes_the_future_only(ward: Ward, file: Path) -> None:
    ward.records("given A1 C1D1 --on 2026-01-05")
    before = ward.items("A1", "2026-04-30")
    edit(
        file,
        ("edition: 1", "edition: 2"),
        ("cycle 2+: 14 days", "cycle 2+: 21 days"),
        ("cycle 2+ day 1: trastuzumab 4 mg/kg", "cycle 2+ day 1: trastuzumab 6 mg/kg"),
    )
    looked = ward.records("amend A1 --on 2026-02-12", "--protocol", str(file), "--preview")
    assert "trastuzumab" in looked
    ward.records("amend A1 --on 2026-02-12", "--protocol", str(file))
    after = ward.items("A1", "2026-04-30")
    past = {key: item for key, item in before.items() if item["date"] < "2026-02-12"}
    assert {key: after[key] for key in past} == past
    assert after["C3D1/trastuzumab"]["rate"]["value"] == "4"
    assert (after["C4D1/trastuzumab"]["date"], after["C4D1/trastuzumab"]["rate"]["value"]) == ("2026-03-02", "6")
    assert (before["C4D1/trastuzumab"]["date"], before["C4D1/trastuzumab"]["rate"]["value"]) == ("2026-02-23", "4")
    assert ward.items("A1", "2026-04-30", "--as-known-at", "4") == before
    assert "is on edition 2" not in ward.says("patient", "show", "A1")
    assert "very text" in ward.refuses("record", "amend", "A1", "--protocol", str(file), "--on", "2026-02-12")


def test_another_text_takes_another_edition(ward: Ward, file: Path) -> None:
    edit(file, ("cycle 2+: 14 days", "cycle 2+: 21 days"))
    assert "Count the edition" in ward.refuses("record", "amend", "A1", "--protocol", str(file))


def test_a_hold_goes_on_although_the_new_edition_has_no_such_rule(ward: Ward, file: Path) -> None:
    ward.records("toxicity A1 Fever 3 --on 2026-01-14")
    edit(file, ("edition: 1", "edition: 2"), ("- when: grade 3-4\n", "- when: grade 4\n"))
    ward.records("amend A1 --on 2026-01-20", "--protocol", str(file))
    assert all(" held " in dose for dose in ward.doses("A1", "2026-01-14", "2026-02-08", "aldesleukin_low"))
    assert "ON HOLD" in ward.says("today", "--date", "2026-01-21")
    ward.records("lift A1 --on 2026-01-22")
    assert " planned 0 " in ward.doses("A1", "2026-01-22", "2026-01-22", "aldesleukin_low")[0]
    assert " held " in ward.doses("A1", "2026-01-21", "2026-01-21", "aldesleukin_low")[0]


def test_an_unsound_protocol_enrols_nobody(ward: Ward, file: Path) -> None:
    edit(file, (LOW, "aldesleukin_low one million units"))
    start = ("--start", "2026-01-05", "--height", "165", "--weight", "70")
    said = ward.refuses("patient", "enrol", "A2", "--protocol", str(file), *start)
    assert "mine.yaml" in said
    assert "There is no patient A2" in ward.refuses("schedule", "A2")
