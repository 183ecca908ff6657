"""One patient's part of the pharmacy's work: sessions, infusions, what gets no volume, what has to come back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from scheduler.engine.batches import LAST_MOMENT, Batches, Rules, Trade, batches, trade
from scheduler.engine.infusions import Infusion, infusions
from scheduler.engine.schedule import Item, Schedule
from scheduler.engine.syringes import Syringe, syringes
from scheduler.engine.whereabouts import CallBack, handed_out, to_call_back
from scheduler.protocol.product_model import Product, Products, Unfinished
from scheduler.record.history import History
from scheduler.record.stock import FilledSyringe


@dataclass(frozen=True, slots=True)
class ToDraw:
    """What is drawn up from `first` to `last`, both included, for one patient.

    `syringes` are those of the whole schedule, `trade` is about the releases that begin until `last`; `refused`
    are the doses of the days asked for without a volume; `ready` are the ids of the doses for which a syringe
    that still counts is made up, or with the patient, already; `used` are the product files behind it all.
    `made_from` names the entry and seal of the record that it comes from; `approved` is whether the protocol is;
    `zone` is the pharmacy's; `notes` is what somebody should know about it all.
    """

    schedule: Schedule
    first: date
    last: date
    zone: str
    made_from: str
    approved: bool
    syringes: tuple[Syringe, ...]
    batches: Batches
    trade: tuple[Trade, ...]
    refused: tuple[Syringe, ...]
    infusions: tuple[Infusion, ...]
    call_back: tuple[CallBack, ...]
    ready: frozenset[str]
    notes: tuple[str, ...]
    used: tuple[Product | Unfinished, ...]

    @property
    def subject(self) -> str:
        return self.schedule.subject or "a plan"

    @property
    def drawn(self) -> tuple[Syringe, ...]:
        """The syringes of all sessions."""
        return tuple(each for session in self.batches.sessions for each in session.syringes)

    @property
    def is_empty(self) -> bool:
        found = (self.drawn, self.batches.uncovered, self.refused, self.infusions, self.call_back)
        return not any(found)


class Record(NamedTuple):
    """What a patient's part rests on: the history (None: a plan without a record), and words about it."""

    history: History | None
    zone: str
    made_from: str
    approved: bool
    notes: tuple[str, ...] = ()
    prepared: tuple[FilledSyringe, ...] = ()
    """What is made up and not handed out."""


def to_draw(schedule: Schedule, record: Record, products: Products, rules: Rules, last: date) -> ToDraw:
    """What is drawn up from `rules.first` to `last`; the schedule reaches as far as the release of the last day."""
    found = syringes(schedule, products)
    back = to_call_back(schedule, record.history) if record.history else ()
    out = _out(record.history, back) if record.history else frozenset()
    ready = out | _prepared(found, record.prepared, rules)
    wanted = tuple(each for each in found if each.item.id not in ready)
    bags = tuple(each for each in infusions(schedule, products) if rules.first <= each.item.date <= last)
    return ToDraw(
        schedule=schedule,
        first=rules.first,
        last=last,
        zone=record.zone,
        made_from=record.made_from,
        approved=record.approved,
        syringes=found,
        batches=_until(batches(wanted, rules), last),
        trade=trade([each for each in wanted if (each.release.visit or date.min) <= last], rules),
        refused=tuple(each for each in found if each.draw.drawn is None and rules.first <= each.item.date <= last),
        infusions=bags,
        call_back=back,
        ready=ready,
        notes=record.notes,
        used=_used([*(each.item for each in found), *(each.item for each in bags)], products),
    )


def _until(plan: Batches, last: date) -> Batches:
    """What is drawn up until a day, and what is not covered until then."""
    return Batches(
        tuple(each for each in plan.sessions if each.on <= last),
        tuple(each for each in plan.uncovered if each.syringe.item.date <= last),
    )


def _out(history: History, back: Sequence[CallBack]) -> frozenset[str]:
    gone = {each.syringe.number for each in back}
    handed = handed_out(history).items()
    return frozenset(each.syringe.item for number, each in handed if each.state == "out" and number not in gone)


def _prepared(found: Sequence[Syringe], prepared: Sequence[FilledSyringe], rules: Rules) -> frozenset[str]:
    """The doses for which every part is made up in the amount that is planned, and keeps until then."""
    ready: set[str] = set()
    for each in found:
        item = each.item
        if item.status != "planned":
            continue
        taken = rules.taken(item.date, item.slot.time or LAST_MOMENT)
        mine = [
            one
            for one in prepared
            if one.item == item.id and one.amount == item.amount and datetime.fromisoformat(one.use_until) >= taken
        ]
        if mine and len({one.part for one in mine}) >= mine[0].parts:
            ready.add(item.id)
    return frozenset(ready)


def _used(items: Sequence[Item], products: Products) -> tuple[Product | Unfinished, ...]:
    names = dict.fromkeys(item.slot.product for item in items)
    return tuple(products[name] for name in names if name in products)
