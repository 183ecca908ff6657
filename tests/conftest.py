"""Small builders: a protocol of the house, a patient with weight and height, a schedule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Item, Schedule
from scheduler.problems import report
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from scheduler.record.events import Event, HeightMeasured, PatientEnrolled, ResponseAssessed, WeightMeasured
from scheduler.record.history import History
from scheduler.shipped import protocols_folder

settings.register_profile("house", deadline=None)  # machines are busy; speed is for tests.bench
settings.load_profile("house")

IL2, IL12 = "trastuzumab-il2", "trastuzumab-paclitaxel-il12"
WEEKLY, TABLETS = "trastuzumab-weekly", "lapatinib-capecitabine"
ARMS = {IL2: (None,), IL12: ("cohort-1", "cohort-2", "cohort-3"), WEEKLY: (None,), TABLETS: (None,)}
MONDAY = date(2026, 1, 5)
WILD = Path(__file__).parent / "wild_protocols"


@cache
def protocol(name: str, switched_on: tuple[str, ...] = (), instead: tuple[tuple[str, str], ...] = ()) -> Protocol:
    """A protocol of the house or of tests/wild_protocols, checked.

    `switched_on` are the beginnings of statements that the file offers and leaves off, `instead` other words
    for words that stand in it once, a policy's choice for instance.
    """
    path = protocols_folder() / f"{name}.yaml"
    path = path if path.exists() else WILD / path.name
    with TemporaryDirectory() as folder:
        if switched_on:
            path = _with_rules(path, switched_on, Path(folder))
        if instead:
            path = _with_words(path, instead, Path(folder))
        loaded = library.load(path)
    assert loaded.protocol is not None
    assert not loaded.problems, report(loaded.problems)
    return loaded.protocol


def _with_rules(path: Path, switched_on: tuple[str, ...], folder: Path) -> Path:
    """A copy in which the line `use: off` is taken out of some statements."""
    text = path.read_text(encoding="utf-8")
    for beginning in switched_on:
        before, found, after = text.partition(f"  - says: {beginning}")
        assert found, f"{path.name} says nothing like '{beginning}'"
        text = before + found + after.replace("    use: off\n", "", 1)
    copy = folder / path.name
    copy.write_text(text, encoding="utf-8")
    return copy


def _with_words(path: Path, instead: tuple[tuple[str, str], ...], folder: Path) -> Path:
    text = path.read_text(encoding="utf-8")
    for old, new in instead:
        assert text.count(old) == 1, f"{path.name} says '{old}' {text.count(old)} times"
        text = text.replace(old, new)
    copy = folder / path.name
    copy.write_text(text, encoding="utf-8")
    return copy


def patient(
    day_1: date = MONDAY, *more: Event, arm: str | None = None, kg: str | None = "70", cm: str | None = "165"
) -> History:
    """A patient measured on day 1; None leaves a measure out."""
    events: list[Event] = [PatientEnrolled(day_1, day_1, arm=arm)]
    events += [WeightMeasured(day_1, Decimal(kg))] if kg else []
    events += [HeightMeasured(day_1, Decimal(cm))] if cm else []
    return History((*events, *more))


def goes_on(day_1: date = MONDAY) -> ResponseAssessed:
    """The answer that opens cycle 4 of the interleukin-12 protocol, in time."""
    return ResponseAssessed(day_1 + timedelta(days=60), 4, "PR")


def schedule(name: str, history: History, days: int = 420) -> Schedule:
    """The schedule for some days from day 1 on."""
    return build_schedule(protocol(name), history, history.day_1 + timedelta(days=days - 1))


def doses(found: Schedule, key: str = "", cycle: int = 0) -> list[Item]:
    """The doses of a schedule, of a treatment or of a drug, of one cycle or of all."""
    return [
        item
        for item in found.items
        if item.slot.kind == "dose" and key in ("", item.slot.key, item.slot.drug) and cycle in (0, item.cycle)
    ]
