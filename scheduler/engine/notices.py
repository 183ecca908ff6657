"""What a person should know about a schedule as a whole: weights, blood, distances, label warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from scheduler.engine.body_size import BodySize
from scheduler.engine.schedule import Item, Notice
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import EXACT, Amount, shown_number


def notices(protocol: Protocol, items: Sequence[Item], sizes: Sequence[BodySize]) -> Iterator[Notice]:
    """All notices, the protocol's own first."""
    yield from _label_warnings(protocol)
    yield from _blood(protocol, items, sizes)
    yield from _spacing(protocol, items)


def _label_warnings(protocol: Protocol) -> Iterator[Notice]:
    for setting, statement in protocol.settings():
        if setting.policy == "label_premedication" and setting.value == "warn":
            yield Notice("label-premedication", statement.text)


def _blood(protocol: Protocol, items: Sequence[Item], sizes: Sequence[BodySize]) -> Iterator[Notice]:
    """The first stretch of weeks in which more blood is planned than the protocol's limits allow."""
    draws = [(item.date, item.amount) for item in items if item.slot.kind == "assessment" and item.amount]
    weight = sizes[0].weight if sizes else None
    for limit, _ in protocol.effects(m.BloodLimit):
        rate = limit.limit
        if rate.per == "kg" and weight is None:
            continue
        most = rate.amount.times(weight.kg) if rate.per == "kg" and weight else rate.amount
        for first, _ in draws:
            within = [a.value for on, a in draws if first <= on < first + timedelta(weeks=limit.weeks)]
            total = Amount(sum(within, Decimal(0)), "mL")
            if EXACT.compare(total.value, most.value) > 0:
                yield Notice(
                    "too-much-blood",
                    f"{total} of blood are planned in the {limit.weeks} weeks from {first}; the limit is {most}"
                    + (f" ({shown_number(rate.amount.value)} mL/kg)." if rate.per else "."),
                )
                break


def _spacing(protocol: Protocol, items: Sequence[Item]) -> Iterator[Notice]:
    """Doses that come closer to each other than the protocol allows."""
    for rule, _ in protocol.effects(m.Spacing):
        mine = [item for item in items if item.slot.key == rule.treatment]
        if rule.treatment == rule.other:
            pairs = list(pairwise(mine))
        else:
            others = [item for item in items if item.slot.key == rule.other]
            pairs = [(one, next((o for o in others if o.date > one.date), one)) for one in mine]
        for one, other in pairs:
            days = (other.date - one.date).days
            if other is not one and days < rule.days:
                text = f"{one.id} and {other.id} are {days} days apart; the protocol asks for {rule.days}."
                yield Notice("too-close", text, other.id)
