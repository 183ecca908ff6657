"""What was really taken, beside what was planned: per cycle, per treatment, per drug. Pure.

Relative dose intensity is what was received by a day, in per cent of what the protocol would have given by that same
day without holds, reductions, delays and missed doses. Both stand over the same time, so that doses are compared;
a cycle that began late has given less by then, and this shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scheduler.engine.schedule import Item, Schedule
from scheduler.engine.whereabouts import HandedOut, handed_out
from scheduler.quantities import EXACT, Amount
from scheduler.record.events import DoseTakenWhileHeld
from scheduler.record.history import History

LEFT_OUT = ("skipped", "ended", "blocked")


class Taken(NamedTuple):
    """One treatment in one cycle: doses by what became of them, and syringes by where they are.

    `planned` are all doses that the protocol has until the day; `unrecorded` are those of which nobody has said
    anything; `while_held` are among the given.
    """

    cycle: int
    treatment: str
    name: str
    planned: int
    given: int
    missed: int
    held: int
    left_out: int
    unrecorded: int
    while_held: int
    issued: int
    used: int
    returned: int
    out: int


class Dose(NamedTuple):
    """A treatment, or a whole drug: received and planned until the day; None where an amount is not known."""

    key: str
    name: str
    received: Amount | None
    planned: Amount | None

    @property
    def intensity(self) -> Decimal | None:
        """Received in per cent of planned, exact to 60 digits; None where nothing was planned."""
        if self.received is None or self.planned is None or not self.planned.value:
            return None
        return EXACT.divide(EXACT.multiply(100, self.received.value), self.planned.value)


@dataclass(frozen=True, slots=True)
class Adherence:
    """Through a day, included."""

    subject: str | None
    through: date
    cycles: tuple[Taken, ...]
    treatments: tuple[Dose, ...]
    drugs: tuple[Dose, ...]


def adherence(schedule: Schedule, undisturbed: Schedule, history: History, through: date) -> Adherence:
    """`undisturbed` is the schedule without holds, reductions, delays and anything taken."""
    doses = [i for i in schedule.items if i.slot.kind == "dose" and i.date <= through]
    planned = [i for i in undisturbed.items if i.slot.kind == "dose" and i.date <= through and i.status == "planned"]
    while_held = {event.item for _, event in history.of(DoseTakenWhileHeld)}
    out = handed_out(history)
    keys = dict.fromkeys((i.cycle, i.slot.key) for i in doses)
    rows = (_taken([i for i in doses if (i.cycle, i.slot.key) == key], while_held, out) for key in keys)
    given = [i for i in doses if i.status == "given"]
    treatments = {i.slot.key: i.slot.name for i in (*planned, *doses)}
    drugs = {i.slot.drug: i.slot.drug for i in (*planned, *doses)}
    return Adherence(
        schedule.subject,
        through,
        tuple(rows),
        tuple(_dose(k, n, _of(given, "key", k), _of(planned, "key", k)) for k, n in treatments.items()),
        tuple(_dose(k, n, _of(given, "drug", k), _of(planned, "drug", k)) for k, n in drugs.items()),
    )


def _of(items: Iterable[Item], what: str, name: str) -> list[Item]:
    return [item for item in items if getattr(item.slot, what) == name]


def _taken(mine: list[Item], while_held: set[str], out: Mapping[str, HandedOut]) -> Taken:
    ids = {item.id for item in mine}
    syringes = [each for each in out.values() if each.syringe.item in ids]
    states = [item.status for item in mine]

    def count(*wanted: str) -> int:
        return sum(state in wanted for state in states)

    def where(state: str) -> int:
        return sum(each.state == state for each in syringes)

    return Taken(
        cycle=mine[0].cycle,
        treatment=mine[0].slot.key,
        name=mine[0].slot.name,
        planned=len(mine),
        given=count("given"),
        missed=count("missed"),
        held=count("held"),
        left_out=count(*LEFT_OUT),
        unrecorded=count("planned", "not-computable"),
        while_held=len(ids & while_held),
        issued=len(syringes),
        used=where("used"),
        returned=where("returned"),
        out=where("out"),
    )


def _dose(key: str, name: str, given: list[Item], planned: list[Item]) -> Dose:
    unit = next((i.amount.unit for i in (*planned, *given) if i.amount is not None), None)
    return Dose(key, name, _sum(given, unit), _sum(planned, unit))


def _sum(items: Iterable[Item], unit: str | None) -> Amount | None:
    """The exact sum; None where one amount is not known, or is of another kind."""
    if unit is None:
        return None
    total = Decimal(0)
    for item in items:
        same = item.amount.in_unit(unit) if item.amount is not None else None
        if same is None:
            return None
        total = EXACT.add(total, same.value)
    return Amount(total, unit)
