"""What an event changes: two schedules of one patient compared, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from scheduler.engine.schedule import Item, Notice, Proposal, Schedule, Status
from scheduler.engine.whereabouts import CallBack

Group = Literal[
    "held", "ended", "skipped", "blocked", "not-computable", "on again", "changed", "moved",
    "given", "missed", "new", "gone",
]  # fmt: skip
NOT_COMING: tuple[Status, ...] = ("held", "ended", "skipped", "blocked", "missed")
GROUPS: tuple[Group, ...] = (
    "given", "missed", "held", "ended", "blocked", "skipped", "not-computable", "on again", "changed", "moved",
    "new", "gone",
)  # fmt: skip


class Difference(NamedTuple):
    """One item before and after; None where it was not there."""

    group: Group
    before: Item | None
    after: Item | None

    @property
    def item(self) -> Item:
        """The item as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two is always there
        return found

    @property
    def days_later(self) -> int:
        """By how many days it moved."""
        return (self.after.date - self.before.date).days if self.before and self.after else 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs up to and including a day, and the home syringes that are affected."""

    through: date
    differences: tuple[Difference, ...]
    call_back: tuple[Item, ...]
    new_proposals: tuple[Proposal, ...]
    settled: tuple[Proposal, ...]
    new_notices: tuple[Notice, ...]
    out: tuple[CallBack, ...] = ()
    """Syringes with the patient, by number, that must not be used any more."""

    @property
    def is_empty(self) -> bool:
        return not (self.differences or self.new_proposals or self.settled or self.new_notices)

    def of(self, group: Group) -> tuple[Difference, ...]:
        """The differences of one group, by date."""
        found = (difference for difference in self.differences if difference.group == group)
        return tuple(sorted(found, key=lambda d: (d.item.date, d.item.slot.rank)))


def changes(before: Schedule, after: Schedule, on: date, through: date) -> Changes:
    """What is different after an event of a day; items beyond `through` in both schedules are left out.

    Both schedules reach further than `through`, so that nothing appears only because it moved over the edge.
    """
    found = [
        difference
        for difference in _differences(before, after)
        if min(item.date for item in (difference.before, difference.after) if item is not None) <= through
    ]
    known = {proposal.id: proposal for proposal in before.proposals}
    still = {proposal.id: proposal for proposal in after.proposals}
    return Changes(
        through,
        tuple(found),
        tuple(_call_back(found, before, on)),
        tuple(p for p in after.proposals if _said(known.get(p.id)) != _said(p)),
        tuple(p for p in before.proposals if p.id not in still),
        tuple(n for n in after.notices if n not in before.notices),
    )


def _said(proposal: Proposal | None) -> tuple[object, ...]:
    return (proposal.kind, proposal.text, proposal.levels) if proposal else ()


def _differences(before: Schedule, after: Schedule) -> Iterator[Difference]:
    was = {item.id: item for item in before.items}
    now = {item.id: item for item in after.items}
    for key in [*was, *(key for key in now if key not in was)]:
        group = _group(was.get(key), now.get(key))
        if group is not None:
            yield Difference(group, was.get(key), now.get(key))


def _group(before: Item | None, after: Item | None) -> Group | None:
    if before is None or after is None:
        return "new" if after is not None else "gone"
    if before.status != after.status:
        return "on again" if after.status == "planned" else after.status
    if before.date != after.date:
        return "moved"
    if after.status in NOT_COMING:
        return None
    same = (before.level, before.rate, before.amount, before.over_minutes) == (
        after.level, after.rate, after.amount, after.over_minutes,
    )  # fmt: skip
    return None if same else "changed"


def _call_back(found: Iterable[Difference], before: Schedule, on: date) -> Iterator[Item]:
    """Home doses that may have been handed out already and are no longer right, as they were planned."""
    released = before.released_until(on)
    for group, was, now in found:
        if was is None or was.slot.kind != "dose" or was.slot.given_by != "patient" or was.status != "planned":
            continue
        if on <= was.date <= released and group not in ("given", "missed", "moved") and (now is None or now != was):
            yield was
