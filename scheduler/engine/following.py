"""Doses that are counted from another dose: they follow the day on which it was really given.

A dose whose leading dose was left out is left out too, and one that would come too close to the next dose
of another treatment is dropped: both where the protocol's policies say so. Two on one day there are never.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from scheduler.cycle_days import day_number
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Item
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol

NOT_GIVEN = ("missed", "skipped", "ended")


def following(
    protocol: Protocol, items: Sequence[Item], leading: Sequence[Item], out_since: Callable[[Item], date]
) -> list[Item]:
    """The items with the moved ones moved; `leading` are the same items with what the record says of each.

    `out_since` tells from which day on a leading dose was known not to come; what was due before that stays.
    """
    by_id = {item.id: item for item in leading}
    planned = {item.id: item for item in items}
    follow = protocol.setting("dependent_days") == "follow_actual_day"
    omit = protocol.setting("dependent_dose_when_omitted") == "not_given"
    found = []
    for item in items:
        lead = by_id.get(_anchor(item))
        if lead is None:
            found.append(item)
        elif lead.status in (*NOT_GIVEN, "held"):
            stays = not omit or by_id[item.id].status == "held" or item.date < out_since(lead)
            found.append(item if stays else _left_out(item, f"{lead.slot.name} of {lead.cycle_day} was not given."))
        elif follow and (days := (lead.date - planned[lead.id].date).days):
            found.append(_moved(item, days, f"It follows {lead.slot.name}, given on {lead.date}: {days:+d} days."))
        else:
            found.append(item)
    return found


def spaced(protocol: Protocol, planned: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """Without the moved doses that come too close to a dose of the same or of the other treatment."""
    rules = [rule for rule, _ in protocol.effects(m.Spacing)]
    days = {item.id: item.date for item in planned}
    kept = {item.id: item for item in items if item.status != "skipped"}
    dropped: dict[str, Item] = {}
    for item in items:
        if item.id in kept and item.status not in ("given", *NOT_GIVEN) and _was_moved(item):
            known = {o.id: o._replace(date=days[o.id]) if _is_later_fact(o, item) else o for o in kept.values()}
            close = next((other for rule in rules for other in _too_close(rule, item, known)), None)
            if close is not None:
                text = f"It would come too close to {close.slot.name} of {close.cycle_day}, {close.date}: left out."
                dropped[item.id] = _left_out(kept.pop(item.id), text)
    return [dropped.get(item.id, item) for item in items]


def _is_later_fact(other: Item, item: Item) -> bool:
    """Given after the day of an item: on that day it was still planned for its own."""
    return other.status == "given" and other.date > item.date


def _too_close(rule: m.Spacing, item: Item, kept: Mapping[str, Item]) -> Iterator[Item]:
    """Doses too near to a moved one.

    Of another treatment every dose after its own leading one counts: a moved dose that reaches or passes the
    next leading dose has left its week. That a later dose was missed in the end does not bring an earlier one back.
    """
    if item.slot.key != rule.treatment:
        return
    lead = kept.get(_anchor(item))
    for other in kept.values():
        days = (other.date - item.date).days
        if other.slot.key != rule.other or other.id == item.id or (days < 0 and other.status in NOT_GIVEN):
            continue
        if rule.treatment == rule.other:
            is_close = abs(days) < rule.days
        else:
            is_close = days < rule.days and (lead is None or other.date > lead.date)
        if is_close:
            yield other


def _anchor(item: Item) -> str:
    """The id of the dose that this one is counted from."""
    return f"C{item.cycle}D{item.slot.anchor_day}/{item.slot.follows}" if item.slot.follows else ""


def once_a_day(planned: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """Never two doses of a drug at one time of a day: one that was given, else the one planned there, stays."""
    days = {item.id: item.date for item in planned}
    coming: dict[tuple[object, ...], Item] = {}
    for item in sorted(items, key=lambda item: (item.status != "given", item.date != days[item.id])):
        if item.slot.kind == "dose" and item.status not in NOT_GIVEN:
            coming.setdefault(_moment(item), item)
    return [_displaced(item, coming.get(_moment(item), item)) for item in items]


def _moment(item: Item) -> tuple[object, ...]:
    return item.slot.drug, item.slot.time, item.slot.dose_number, item.date


def _displaced(item: Item, by: Item) -> Item:
    if by.id == item.id or item.status in ("given", *NOT_GIVEN):
        return item
    what = "was given" if by.status == "given" else "is planned"
    return _left_out(item, f"{by.slot.name} of {by.cycle_day} {what} on {by.date}; never two on one day.")


def _was_moved(item: Item) -> bool:
    return any(reason.kind == "event" and reason.text.startswith("It follows ") for reason in item.reasons)


def _moved(item: Item, days: int, why: str) -> Item:
    on = item.date + timedelta(days=days)
    day_1 = item.date - timedelta(days=item.study_day - 1 if item.study_day > 0 else item.study_day)
    return item._replace(
        date=on,
        study_day=day_number(on, day_1),
        reasons=(*item.reasons, Reason("event", why)),
    )


def _left_out(item: Item, why: str) -> Item:
    return item._replace(status="skipped", reasons=(*item.reasons, Reason("event", why)))
