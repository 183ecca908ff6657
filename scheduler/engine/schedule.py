"""What comes out of the engine: a schedule of items, each with its reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, NamedTuple

from scheduler.engine.reasons import Reason
from scheduler.quantities import Amount, Rate

Kind = Literal["dose", "assessment"]
ProposalKind = Literal["resume", "stop", "remove", "reload", "judge", "answer"]
Status = Literal["planned", "given", "missed", "held", "skipped", "ended", "blocked", "not-computable"]


@dataclass(frozen=True, slots=True)
class Slot:
    """What a protocol writes for one day of a cycle; shared by all patients and cycles it applies to.

    `key` is the treatment's or assessment's name in the file; `dose_number` is 1, 2, ... where a treatment
    is taken several times a day, otherwise 0; `window` are days before and after; `rank` is the order
    within a day; `code` replaces the cycle day in the id where the item is not tied to one. `follows` is the
    treatment whose dose on `anchor_day` it is counted from; `goes_with` are the treatments that a blood
    sample precedes; `closes` tells that it belongs to the cycle before, though due on day 1 of this one.
    """

    kind: Kind
    key: str
    name: str
    letter: str
    day: int
    drug: str = ""
    mark: str = ""
    product: str = ""
    route: str = ""
    given_by: str = "clinic"
    time: str | None = None
    dose_number: int = 0
    window: tuple[int, int] | None = None
    rank: int = 0
    code: str = ""
    follows: str = ""
    anchor_day: int = 0
    goes_with: tuple[str, ...] = ()
    closes: bool = False


class Item(NamedTuple):
    """One dose or assessment of one patient.

    `amount` is exact, before the pharmacy rounds it (mL of blood for an assessment), and None where it
    cannot be computed or is not stated. `level` is 0, -1, ...; `date` is when it is due.
    """

    slot: Slot
    cycle: int
    date: dt.date
    study_day: int
    status: Status
    level: int
    rate: Rate | None
    amount: Amount | None
    over_minutes: int | None
    reasons: tuple[Reason, ...]

    @property
    def id(self) -> str:
        """Stable for ever: a dose that moves keeps it."""
        code = self.slot.code or f"C{self.cycle}D{self.slot.day}"
        number = f"/{self.slot.dose_number}" if self.slot.dose_number else ""
        return f"{code}/{self.slot.key}{number}"

    @property
    def cycle_day(self) -> str:
        return f"C{self.cycle}D{self.slot.day}"

    @property
    def window(self) -> tuple[dt.date, dt.date] | None:
        """First and last day on which it may happen."""
        if self.slot.window is None:
            return None
        before, after = self.slot.window
        return self.date - timedelta(days=before), self.date + timedelta(days=after)

    @property
    def assumptions(self) -> tuple[Reason, ...]:
        """What it rests on that no source says."""
        return tuple(reason for reason in self.reasons if reason.kind == "assumption")


class Cycle(NamedTuple):
    """A cycle of one patient; `length_days` is what the protocol writes."""

    cycle: int
    start: dt.date
    length_days: int

    @property
    def last_day(self) -> dt.date:
        return self.start + timedelta(days=self.length_days - 1)


class Notice(NamedTuple):
    """Something a person should know: `code` is stable, `text` one or two sentences, `item` an id or ''."""

    code: str
    text: str
    item: str = ""


class Proposal(NamedTuple):
    """Something that a person has to decide; nothing of it happens by itself.

    `id` is stable; `levels` are the level at which each treatment would go on; `since` the day it arose.
    """

    id: str
    kind: ProposalKind
    text: str
    treatments: tuple[str, ...]
    levels: tuple[tuple[str, int], ...]
    since: dt.date


@dataclass(frozen=True, slots=True)
class Schedule:
    """All items up to and including `through`, by date and order within the day."""

    protocol: str
    edition: int
    arm: str | None
    subject: str | None
    start: dt.date
    zone: str
    through: dt.date
    cycles: tuple[Cycle, ...]
    items: tuple[Item, ...]
    notices: tuple[Notice, ...]
    go_no_go: tuple[dt.date, ...]
    """The visits that release the home doses after them, in order."""
    proposals: tuple[Proposal, ...] = ()
    zones: tuple[tuple[dt.date, str], ...] = ()
    """Where the patient is from a day on, in order; `zone` before the first."""

    def zone_on(self, day: dt.date) -> str:
        """The IANA zone by whose clock a dose is taken at home on a day."""
        return next((zone for since, zone in reversed(self.zones) if since <= day), self.zone)

    def released_until(self, on: dt.date) -> dt.date:
        """The last day whose home doses are released on a day: the one before the next go/no-go visit."""
        return next((visit - timedelta(days=1) for visit in self.go_no_go if visit > on), self.through)
