"""Doses that are counted from another dose: they follow the day on which it was really given.

A dose whose leading dose was left out is left out too, and one that would come too close to the next dose
of another treatment is dropped: both where the protocol's policies say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from scheduler.cycle_days import day_number
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol

NOT_GIVEN = ("missed", "skipped", "ended")


def following(protocol: Protocol, items: Sequence[Item], leading: Sequence[Item]) -> list[Item]:
    """The items with the moved ones moved; `leading` are the same items with what the record says of each."""
    by_id = {item.id: item for item in leading}
    planned = {item.id: item for item in items}
    follow = protocol.setting("dependent_days") == "follow_actual_day"
    omit = protocol.setting("dependent_dose_when_omitted") == "not_given"
    found = []
    for item in items:
        anchor = f"C{item.cycle}D{item.slot.anchor_day}/{item.slot.follows}" if item.slot.follows else ""
        lead = by_id.get(anchor)
        if lead is None:
            found.append(item)
        elif omit and lead.status in NOT_GIVEN:
            found.append(_left_out(item, f"{lead.slot.name} of {lead.cycle_day} was not given."))
        elif follow and (days := (lead.date - planned[anchor].date).days):
            found.append(_moved(item, days, f"It follows {lead.slot.name}, given on {lead.date}: {days:+d} days."))
        else:
            found.append(item)
    return found


def spaced(protocol: Protocol, items: Sequence[Item]) -> list[Item]:
    """Without the moved doses that come too close to the next dose of the other treatment."""
    dropped: dict[str, str] = {}
    for rule, _ in protocol.effects(m.Spacing):
        others = [item for item in items if item.slot.key == rule.other and item.status not in NOT_GIVEN]
        for item in items:
            if item.slot.key == rule.treatment and item.slot.follows and item.status not in ("given", *NOT_GIVEN):
                close = next((o for o in others if 0 < (o.date - item.date).days < rule.days), None)
                if close is not None and _was_moved(item):
                    dropped[item.id] = f"Less than {rule.days} days before {close.slot.name} on {close.date}: left out."
    return [_left_out(item, dropped[item.id]) if item.id in dropped else item for item in items]


def _was_moved(item: Item) -> bool:
    return any(reason.kind == "event" and reason.text.startswith("It follows ") for reason in item.reasons)


def _moved(item: Item, days: int, why: str) -> Item:
    return item._replace(
        date=item.date + timedelta(days=days),
        study_day=day_number(item.date + timedelta(days=days), item.date - timedelta(days=item.study_day - 1)),
        reasons=(*item.reasons, Reason("event", why)),
    )


def _left_out(item: Item, why: str) -> Item:
    return item._replace(status="skipped", reasons=(*item.reasons, Reason("event", why)))
