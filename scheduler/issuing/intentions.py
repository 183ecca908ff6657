"""Issues that are about to be recorded, kept until they are: what a patient may have seen is never forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from scheduler.clinic.chart import Chart
from scheduler.record.codec import decode, encode
from scheduler.record.events import Event
from scheduler.record.handed_out import CalendarIssued


class Intention(NamedTuple):
    """An event with its id, under which it is recorded once."""

    event_id: str
    event: Event


def written(intentions: Iterable[Intention]) -> str:
    """As one text; '' for none."""
    found = [[each.event_id, *encode(each.event)] for each in intentions]
    return json.dumps(found) if found else ""


def read(text: str) -> tuple[Intention, ...]:
    """The intentions in such a text; Unreadable (Refused) where another version of the program wrote it."""
    found = json.loads(text) if text else []
    return tuple(Intention(event_id, decode(kind, number, body)) for event_id, kind, number, body in found)


def open_ones(intentions: Iterable[Intention], chart: Chart) -> Iterator[Intention]:
    """Those that are still to be recorded.

    Another desk may have issued under the same number meanwhile. Where it knew the same facts, that issue says all;
    where something was recorded in between, both may have been seen, and this one takes the next number.
    """
    recorded = {entry.event_id for entry in chart.entries}
    numbers: dict[str, int] = {}
    for entry in chart.entries:
        if isinstance(entry.event, CalendarIssued):
            numbers[entry.event.purpose] = entry.event.number
    for each in intentions:
        event = each.event
        if each.event_id in recorded or not isinstance(event, CalendarIssued):
            continue
        last = numbers.get(event.purpose, 0)
        if event.number > last or _something_new(chart, event.made_from):
            numbers[event.purpose] = max(event.number, last + 1)
            yield Intention(each.event_id, replace(event, number=numbers[event.purpose]))


def _something_new(chart: Chart, since: int) -> bool:
    return any(entry.number > since and not isinstance(entry.event, CalendarIssued) for entry in chart.entries)
