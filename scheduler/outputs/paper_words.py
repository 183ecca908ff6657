"""What all papers of the pharmacy say in the same words: whose they are, moments with zone, what they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scheduler.engine.schedule import Schedule
from scheduler.outputs.safe_words import in_words
from scheduler.protocol.model import Protocol

DRAFT = "DRAFT: not for patients"
INVESTIGATIONAL = "Caution: New Drug\u2014Limited by Federal (or United States) law to investigational use."
"""The words that 21 CFR 312.6(a) asks for on the immediate package of an investigational drug."""


def places_of(protocol: Protocol) -> dict[str, int]:
    """The treatments of each drug in the order of their letters: the same on every paper, whatever days are on it."""
    return _places((each.letter, each.key, each.drug) for each in protocol.treatments)


def places_in(schedule: Schedule) -> dict[str, int]:
    """The same from a schedule that reaches over all strengths of a drug."""
    return _places((i.slot.letter, i.slot.key, i.slot.drug) for i in schedule.items if i.slot.kind == "dose")


def _places(treatments: Iterable[tuple[str, str, str]]) -> dict[str, int]:
    """From letter, key and drug of each treatment."""
    drugs: Counter[str] = Counter()
    places: dict[str, int] = {}
    for _, key, drug in sorted(set(treatments)):
        places[key] = drugs[drug]
        drugs[drug] += 1
    return places


@dataclass(frozen=True, slots=True)
class Whose:
    """One patient as papers name them, and the state of the record that a paper was made from.

    `places` are those of `places_of`: they decide how a strength looks. `name` is empty where none is kept:
    then a line is left to write it on. `entry` and `seal` are those of the record's last entry (0 and '' for
    a plan without a record); `replaces` says which paper of which entry this one takes the place of, and is
    empty where nothing was handed out before.
    """

    subject: str
    protocol: str
    edition: int
    zone: str
    approved: bool
    places: Mapping[str, int]
    arm: str = ""
    name: str = ""
    entry: int = 0
    seal: str = ""
    replaces: str = ""
    clinic: str = ""
    phone: str = ""

    @property
    def patient(self) -> str:
        """Both identifiers, the name as a line to write on where none is kept."""
        return f"Patient {self.name or '_' * 12}, number {self.subject}"

    @property
    def trial(self) -> str:
        arm = f", arm {self.arm}" if self.arm else ""
        return f"trial {self.protocol}, edition {self.edition}{arm}"

    @property
    def made_from(self) -> str:
        """'entry 17, seal 4f1c22ab90de; replaces the labels of entry 12'."""
        return f"{self.source}; {self.replaces}" if self.replaces else self.source

    @property
    def source(self) -> str:
        return f"entry {self.entry}, seal {self.seal[:12]}" if self.entry else "a plan, no record"

    @property
    def contact(self) -> str:
        phone = f"hone {self.phone or '_' * 14}"
        return f"{self.clinic}, p{phone}" if self.clinic else f"P{phone}"

    def moment(self, utc: datetime, *, zone: bool = True) -> str:
        """'Wed 7 Jan 2026, 10:00 Europe/Berlin time': a moment where the patient is."""
        there = utc.astimezone(ZoneInfo(self.zone))
        named = "UTC" if self.zone == "UTC" else f"{self.zone} time"
        return f"{in_words(there.date())}, {there:%H:%M}{f' {named}' if zone else ''}"


def stored_moment(text: str) -> datetime:
    """A moment as the ledger keeps it, '2026-01-07T15:00Z'."""
    return datetime.fromisoformat(text).astimezone(UTC)
