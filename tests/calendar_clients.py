"""Small models of what calendar programs do with files, as they were measured; and a patient's record in memory."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from scheduler.clinic.chart import Chart, chart_of
from scheduler.clinic.kept import Shelf
from scheduler.protocol.model import Protocol
from scheduler.record.events import Event, HeightMeasured, PatientEnrolled, WeightMeasured
from scheduler.record.recorded import Recorded
from tests.ics_rules import Part, events, instant

# ---------------------------------------------------------------- clients


@dataclass
class Client:
    """A calendar on somebody's phone: events by UID. `take` is what it does with a newer file."""

    take: Callable[[dict[str, Part], list[Part]], None]
    kept: dict[str, Part] = field(default_factory=dict)

    def read(self, data: bytes) -> None:
        self.take(self.kept, events(data))

    def alarms(self) -> list[tuple[str, datetime, datetime, str]]:
        """UID, start, when it rings, and the title of everything that rings."""
        return [
            (e.one("UID").partition("#")[0], start, start - before(e), e.text("SUMMARY"))
            for e in self.kept.values()
            if e.within("VALARM") and (start := instant(e, "DTSTART")) is not None
        ]


def before(event: Part) -> timedelta:
    found = re.fullmatch(r"-PT(?:(\d+)H)?(?:(\d+)M)?", event.within("VALARM")[0].one("TRIGGER"))
    assert found
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def updates_by_uid(kept: dict[str, Part], new: list[Part]) -> None:
    """Khal and Evolution: a known UID is replaced, what is absent stays."""
    kept.update({e.one("UID"): e for e in new})


def ignores_known_uids(kept: dict[str, Part], new: list[Part]) -> None:
    """KDE; Thunderbird by drag and drop."""
    for event in new:
        kept.setdefault(event.one("UID"), event)


def aborts_at_a_known_uid(kept: dict[str, Part], new: list[Part]) -> None:
    """Thunderbird's import."""
    for event in new:
        if event.one("UID") in kept:
            return
        kept[event.one("UID")] = event


def drops_the_whole_batch(kept: dict[str, Part], new: list[Part]) -> None:
    """GNOME Calendar's import."""
    if not any(event.one("UID") in kept for event in new):
        updates_by_uid(kept, new)


def keeps_both(kept: dict[str, Part], new: list[Part]) -> None:
    """calcurse: old and new side by side."""
    for event in new:
        kept[f"{event.one('UID')}#{len(kept)}"] = event


def takes_a_feed_literally(kept: dict[str, Part], new: list[Part]) -> None:
    """Thunderbird's network calendar; vdirsyncer."""
    kept.clear()
    updates_by_uid(kept, new)


def looks_at_all_three_stamps(kept: dict[str, Part], new: list[Part]) -> None:
    """GNOME's subscription: replaced only where one of the stamps differs."""
    stamps = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
    _newer(kept, new, lambda old, e: [old.one(s) for s in stamps] != [e.one(s) for s in stamps])


def wants_a_newer_date(kept: dict[str, Part], new: list[Part]) -> None:
    """ICSx5: only LAST-MODIFIED counts, and has to be newer."""
    _newer(kept, new, lambda old, e: e.one("LAST-MODIFIED") > old.one("LAST-MODIFIED"))


def wants_a_higher_sequence(kept: dict[str, Part], new: list[Part]) -> None:
    """Google's subscription."""
    _newer(kept, new, lambda old, e: int(e.one("SEQUENCE")) > int(old.one("SEQUENCE")))


def _newer(kept: dict[str, Part], new: list[Part], is_newer: Callable[[Part, Part], bool]) -> None:
    for uid in set(kept) - {event.one("UID") for event in new}:
        del kept[uid]
    for event in new:
        old = kept.get(event.one("UID"))
        if old is None or is_newer(old, event):
            kept[event.one("UID")] = event


OBEY = (
    updates_by_uid,
    takes_a_feed_literally,
    looks_at_all_three_stamps,
    wants_a_newer_date,
    wants_a_higher_sequence,
)
"""What can be made to obey: an import that replaces, and subscriptions."""

CANNOT = (ignores_known_uids, aborts_at_a_known_uid, drops_the_whole_batch, keeps_both)
"""Imports that leave the old dose with its alarm."""

# ---------------------------------------------------------------- a record in memory


class Record:
    """One patient's entries without a database; `now` is the clock of the house."""

    def __init__(self, protocol: Protocol, enrolled: PatientEnrolled, now: datetime) -> None:
        self.now = now
        self.shelf = Shelf(lambda _: None)
        self.shelf.put(protocol)
        self.desk = SimpleNamespace(shelf=self.shelf, today=now.date())
        self.entries: list[Recorded] = []
        self.add(enrolled, HeightMeasured(enrolled.happened_on, 165), WeightMeasured(enrolled.happened_on, 70))

    def add(self, *found: Event) -> None:
        for event in found:
            number = len(self.entries) + 1
            at = self.now.astimezone(UTC)
            self.entries.append(
                Recorded(number, str(number), "S-001", event, at, "N", "nurse", "", authenticated=False, seal="0" * 64)
            )

    @property
    def chart(self) -> Chart:
        return chart_of(self.entries, self.shelf)
