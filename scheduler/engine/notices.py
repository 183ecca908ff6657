"""What a person should know about a schedule as a whole: starts, blood, distances, label warnings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from scheduler.engine.body_size import BodySize
from scheduler.engine.loading import loadings
from scheduler.engine.schedule import Item, Notice, Schedule
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import Amount, shown_number
from scheduler.record.history import History

NOT_COMING = ("missed", "held", "skipped", "ended")


@dataclass(frozen=True, slots=True)
class Overview:
    """What notices are made from; `sizes` belong to the cycles from the first on."""

    protocol: Protocol
    history: History
    schedule: Schedule
    sizes: Sequence[BodySize]

    def notices(self) -> Iterator[Notice]:
        """All notices, the protocol's own first."""
        yield from self._label_warnings()
        yield from self._starts()
        for limit, _ in self.protocol.effects(m.BloodLimit):
            yield from self._blood(limit)
        for rule, _ in self.protocol.effects(m.Spacing):
            yield from self._spacing(rule)
        yield from self._loadings()

    def _label_warnings(self) -> Iterator[Notice]:
        for setting, statement in self.protocol.settings():
            if setting.policy == "label_premedication" and setting.value == "warn":
                yield Notice("label-premedication", statement.text)

    def _starts(self) -> Iterator[Notice]:
        """Recorded starts of cycles that the schedule does not follow."""
        followed = {(cycle.cycle, cycle.start) for cycle in self.schedule.cycles}
        for number, on in sorted(self.history.cycle_starts.items()):
            if (number, on) not in followed and on <= self.schedule.through:
                text = (
                    f"Cycle {number} is recorded as begun on {on}. That is not after the cycle before it, or the "
                    "protocol has no such cycle any more; the schedule does not follow it. Correct the record."
                )
                yield Notice("start-not-followed", text)

    def _loadings(self) -> Iterator[Notice]:
        """Loading doses that the gap calls for, and that nobody is asked to confirm because the dose is reduced."""
        for reload, statement, _, after, late in loadings(self.protocol, self.history, self.schedule.items):
            if after.level < 0:
                text = (
                    f"{after.id} is {late} days late. {statement.text} Level {after.level} is in force, so "
                    f"{reload.dose} is not proposed: ask the prescriber."
                )
                yield Notice("loading-of-reduced-dose", text, after.id)

    def _blood(self, rule: m.BloodLimit) -> Iterator[Notice]:
        """The first stretch of weeks in which more blood is planned than the limit allows."""
        for first, total in _stretches(self._coming("assessment"), timedelta(weeks=rule.weeks)):
            weight = self.sizes[first.cycle - 1].weight
            if rule.limit.per == "kg" and weight is None:
                continue
            most = rule.limit.amount.times(weight.kg) if rule.limit.per and weight else rule.limit.amount
            if total.value > most.value:
                each = f" ({shown_number(rule.limit.amount.value)} mL/kg)." if rule.limit.per else "."
                text = f"{total} of blood are planned in the {rule.weeks} weeks from {first.date}; the limit is {most}"
                yield Notice("too-much-blood", text + each)
                return

    def _spacing(self, rule: m.Spacing) -> Iterator[Notice]:
        """Doses that come closer to each other than the protocol allows."""
        mine = self._coming(rule.treatment)
        others = self._coming(rule.other)
        dates = [item.date for item in others]
        following = ((one, others[at]) for one in mine if (at := bisect_right(dates, one.date)) < len(others))
        for one, other in pairwise(mine) if rule.treatment == rule.other else following:
            days = (other.date - one.date).days
            if days < rule.days:
                text = f"{one.id} and {other.id} are {_days(days)} apart; the protocol asks for {rule.days}."
                yield Notice("too-close", text, other.id)

    def _coming(self, what: str) -> list[Item]:
        """The items of a treatment, or of a kind, that are still to be expected, by date."""
        items = self.schedule.items
        return [item for item in items if what in (item.slot.key, item.slot.kind) and item.status not in NOT_COMING]


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _stretches(draws: Sequence[Item], span: timedelta) -> Iterator[tuple[Item, Amount]]:
    """Each draw of blood with the volume of all draws from it on, within the span."""
    volumes = [item.amount.value if item.amount else Decimal(0) for item in draws]
    total, end = Decimal(0), 0
    for at, first in enumerate(draws):
        while end < len(draws) and draws[end].date < first.date + span:
            total, end = total + volumes[end], end + 1
        yield first, Amount(total, "mL")
        total -= volumes[at]
