"""The examples of tests/examples: a name, a protocol, what is given and what is expected.

The sentences of `given` stand in `reading_events`, those of `expect` in `expectations`. Given lines stand in the
order in which they were recorded, and events are numbered from 1 in that order. Before a sentence of `expect` may
stand when somebody looks at the schedule, or how much of the record was known then:

    looked at on 2026-02-17, proposal: remove
    as known at event 4, C1D11: held because of event 4

`switched_on` names statements of the protocol by their beginning: an offered rule that the file leaves off.
`instead` changes words of the file, another choice of a policy for instance; a semicolon begins a further line:

    - "first_home_dose: home -> first_home_dose: observed_in_clinic"

`protocol` is one of the house, or of tests/wild_protocols.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from scheduler.engine.build import build_schedule
from scheduler.engine.schedule import Schedule
from scheduler.protocol.located_yaml import Items, Node, Table, Text, read_document
from scheduler.protocol.model import Protocol
from scheduler.record.history import History, history_of
from scheduler.record.recorded import Recorded
from tests.conftest import protocol
from tests.expectations import wrong
from tests.reading_events import Reader

FOLDER = Path(__file__).parent / "examples"
DAYS = 420
_LOOKED = re.compile(
    r"(?:looked at on (?P<on>\d{4}-\d\d-\d\d), )?(?:as known at event (?P<number>\d+), )?(?P<rest>.+)", re.DOTALL
)


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
    switched_on: tuple[str, ...]
    instead: tuple[tuple[str, str], ...]
    given: tuple[Line, ...]
    expect: tuple[Line, ...]

    @property
    def followed(self) -> Protocol:
        return protocol(self.protocol, self.switched_on, self.instead)

    @cached_property
    def log(self) -> tuple[Recorded, ...]:
        """The given lines as entries of a log."""
        reader, noon = Reader(self.followed, self.arm), datetime(2026, 1, 1, 12, tzinfo=UTC)
        events = [reader.event(line.text) for line in self.given]
        return tuple(
            Recorded(number, f"{number}", "S1", event, noon, "nurse", "nurse", "", authenticated=False, seal="")
            for number, event in enumerate(events, start=1)
        )

    def history(self, known_at: int | None = None) -> History:
        return history_of(self.log, known_at)

    def schedule(self, seen_on: date | None = None, known_at: int | None = None) -> Schedule:
        """What the engine makes of the given lines; without `through` for 420 days."""
        history = self.history(known_at)
        through = self.through or history.day_1 + timedelta(days=DAYS - 1)
        return build_schedule(self.followed, history, through, seen_on)

    def wrong(self) -> Iterator[str]:
        """What is not as expected, and what there is instead."""
        known: dict[tuple[date | None, int | None], Schedule] = {}
        for line in self.expect:
            looked = _LOOKED.fullmatch(line.text)
            assert looked
            seen_on = date.fromisoformat(looked["on"]) if looked["on"] else None
            number = int(looked["number"]) if looked["number"] else None
            if (seen_on, number) not in known:
                known[seen_on, number] = self.schedule(seen_on, number)
            if instead := wrong(looked["rest"], known[seen_on, number]):
                yield f"{line.at}: {line.text}\n  instead: {instead}"


def examples() -> Iterator[Example]:
    """All examples of the folder."""
    for path in sorted(FOLDER.glob("*.yaml")):
        document = read_document(path, path.name)
        assert not document.problems, "\n".join(problem.shown() for problem in document.problems)
        assert isinstance(document.root, Items), f"{path.name} is a list of examples"
        yield from (_example(node) for node in document.root.items)


def _example(node: Node) -> Example:
    assert isinstance(node, Table), f"{node.place}: an example has a name, a protocol, given and expect"
    unknown = set(node.keys()) - {"name", "protocol", "arm", "through", "switched_on", "instead", "given", "expect"}
    assert not unknown, f"{node.place}: {unknown}"
    through = _text(node, "through")
    return Example(
        name=_text(node, "name") or "",
        at=node.place.short,
        protocol=_text(node, "protocol") or "",
        arm=_text(node, "arm"),
        through=date.fromisoformat(through) if through else None,
        switched_on=tuple(line.text for line in _lines(node, "switched_on")) if node.get("switched_on") else (),
        instead=tuple(_instead(node)),
        given=tuple(_lines(node, "given")),
        expect=tuple(_lines(node, "expect")),
    )


def _instead(node: Table) -> Iterator[tuple[str, str]]:
    """Words of the file, an arrow, other words."""
    for line in _lines(node, "instead") if node.get("instead") else ():
        old, arrow, new = line.text.partition(" -> ")
        assert arrow, f"{line.at}: words, an arrow, other words"
        yield old, new.replace("; ", "\n      ")


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
