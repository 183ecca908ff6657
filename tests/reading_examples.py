"""The language of tests/examples: what is given, what is expected. Each line is one of the sentences below.

Given: `2026-01-05 enrolled, day 1` (or `day 1 on 2026-01-07`; `, home doses at 19:00`; `, zone Europe/Berlin`),
`2026-01-05 weight 70 kg`, `2026-01-05 height 165 cm`, `2026-03-02 cycle 4 began`,
`2026-03-07 response before cycle 4: PR`. Lines stand in the order in which they were recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Schedule
from scheduler.protocol.located_yaml import Items, Node, Table, Text, read_document
from scheduler.record.events import (
    CycleStarted,
    Event,
    HeightMeasured,
    PatientEnrolled,
    ResponseAssessed,
    WeightMeasured,
)
from scheduler.record.history import History
from tests.conftest import protocol

FOLDER = Path(__file__).parent / "examples"
DAYS = 420


@dataclass(frozen=True)
class Line:
    """One sentence and where it stands."""

    text: str
    at: str


@dataclass(frozen=True)
class Example:
    name: str
    at: str
    protocol: str
    arm: str | None
    through: date | None
    given: tuple[Line, ...]
    expect: tuple[Line, ...]

    def schedule(self) -> Schedule:
        """What the engine makes of the given lines; without `through` for 420 days."""
        history = History(tuple(event(line.text, self.arm) for line in self.given))
        return build_schedule(
            protocol(self.protocol), history, self.through or history.day_1 + timedelta(days=DAYS - 1)
        )


def examples() -> Iterator[Example]:
    """All examples of the folder."""
    for path in sorted(FOLDER.glob("*.yaml")):
        document = read_document(path, path.name)
        assert not document.problems, "\n".join(problem.shown() for problem in document.problems)
        assert isinstance(document.root, Items), f"{path.name} is a list of examples"
        yield from (_example(node) for node in document.root.items)


def _example(node: Node) -> Example:
    assert isinstance(node, Table), f"{node.place}: an example has a name, a protocol, given and expect"
    unknown = set(node.keys()) - {"name", "protocol", "arm", "through", "given", "expect"}
    assert not unknown, f"{node.place}: {unknown}"
    through = _text(node, "through")
    return Example(
        name=_text(node, "name") or "",
        at=node.place.short,
        protocol=_text(node, "protocol") or "",
        arm=_text(node, "arm"),
        through=date.fromisoformat(through) if through else None,
        given=tuple(_lines(node, "given")),
        expect=tuple(_lines(node, "expect")),
    )


def _text(table: Table, key: str) -> str | None:
    node = table.get(key)
    return node.value if isinstance(node, Text) else None


def _lines(table: Table, key: str) -> Iterator[Line]:
    """The lines of a list; `where: what` is a table of one entry to YAML, and one sentence to us."""
    node = table.get(key)
    assert isinstance(node, Items), f"{table.place}: {key} is a list of sentences"
    for item in node.items:
        if isinstance(item, Table):
            (entry,) = item.entries
            assert isinstance(entry.value, Text)
            yield Line(f"{entry.key.value}: {entry.value.value}", item.place.short)
        elif isinstance(item, Text):
            yield Line(item.value, item.place.short)


# --- given --------------------------------------------------------------------------------------

_DATE = r"\d{4}-\d\d-\d\d"
_ENROLLED = re.compile(
    rf"enrolled, day 1(?: on (?P<day_1>{_DATE}))?(?:, home doses at (?P<time>\d\d:\d\d))?(?:, zone (?P<zone>\S+))?"
)
_RESPONSE = re.compile(r"response before cycle (\d+): (\w+)")


def event(text: str, arm: str | None) -> Event:
    """One given line as an event."""
    written, _, what = text.partition(" ")
    on = date.fromisoformat(written)
    if found := _ENROLLED.fullmatch(what):
        day_1 = date.fromisoformat(found["day_1"] or written)
        return PatientEnrolled(on, day_1, arm=arm, home_dose_time=found["time"], zone=found["zone"] or "UTC")
    if found := re.fullmatch(r"weight ([\d.]+) kg", what):
        return WeightMeasured(on, Decimal(found[1]))
    if found := re.fullmatch(r"height ([\d.]+) cm", what):
        return HeightMeasured(on, Decimal(found[1]))
    if found := re.fullmatch(r"cycle (\d+) began", what):
        return CycleStarted(on, int(found[1]))
    if found := _RESPONSE.fullmatch(what):
        return ResponseAssessed(on, int(found[1]), found[2])
    message = f"no such event: {text}"
    raise ValueError(message)
