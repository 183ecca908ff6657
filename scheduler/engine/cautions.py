"""What the record has brought that a person should look at: a dose taken while held, a visit out of its window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scheduler.engine import levels
from scheduler.engine.body_size import BodySize
from scheduler.engine.episodes import Episodes
from scheduler.engine.home_doses import out_of_hours, premedication
from scheduler.engine.schedule import Cycle, Item, Notice
from scheduler.engine.timeline import DatedCycle
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import shown_number
from scheduler.record.events import DoseTakenWhileHeld
from scheduler.record.history import History


def cautions(
    protocol: Protocol,
    history: History,
    episodes: Episodes,
    dated: Sequence[DatedCycle],
    items: Sequence[Item],
) -> Iterator[Notice]:
    """All cautions, in the order of the record."""
    for number, event in history.of(DoseTakenWhileHeld):
        text = f"Event {number}: {event.item} was taken on {event.happened_on} while it was held."
        yield Notice("taken-while-held", text, event.item)
    yield from _lifted_too_soon(protocol, episodes)
    yield from _raised(protocol, history)
    yield from _out_of_window(protocol, dated)
    yield from out_of_hours(protocol, history, items)
    yield from premedication(protocol, items)


def _lifted_too_soon(protocol: Protocol, episodes: Episodes) -> Iterator[Notice]:
    for episode in episodes.all:
        ends = [(end, treatment) for treatment, end in episode.holds.items() if end is not None]
        for end, treatment in sorted(ends)[:1]:
            if not episode.ordered and (episode.resolved is None or end < episode.resolved):
                name = protocol.treatment(treatment).name
                who = f"Event {episode.lifted_by[treatment]} let {name} go on from {end} on"
                text = f"{who}, and {episode.cause}, is not resolved."
                yield Notice("lifted-unresolved", text)


def _raised(protocol: Protocol, history: History) -> Iterator[Notice]:
    """Levels that a person has raised again, where the protocol never does."""
    if protocol.setting("re_escalation") != "never":
        return
    for treatment, steps in levels.steps(history).items():
        for before, after in pairwise(steps):
            if after.level > before.level:
                name = protocol.treatment(treatment).name
                text = f"Event {after.number} raises {name} from level {before.level} to {after.level} on {after.on}."
                yield Notice("level-raised", f"{text} This protocol never raises a reduced dose.")


def _out_of_window(protocol: Protocol, dated: Sequence[DatedCycle]) -> Iterator[Notice]:
    """Cycles that begin further from the planned day than the window of any clinic treatment allows."""
    clinic = [w for w, _ in protocol.effects(m.Window) if protocol.given_by(w.treatment) == "clinic"]
    without_asking = protocol.setting("late_dose_within")
    for each in dated:
        days = (each.cycle.start - each.planned).days
        if clinic and days and not -max(w.before for w in clinic) <= days <= max(w.after for w in clinic):
            text = (
                f"Cycle {each.cycle.cycle} begins on {each.cycle.start}, {abs(days)} days "
                f"{'after' if days > 0 else 'before'} {each.planned}: outside its window."
            )
            yield Notice("outside-window", text)
            if without_asking and days > int(without_asking.split()[0]):
                text = f"Cycle {each.cycle.cycle} begins more than {without_asking} late: the investigator decides."
                yield Notice("late-dose", text)


def new_weights(cycles: Sequence[Cycle], sizes: Sequence[BodySize]) -> Iterator[Notice]:
    """Cycles from which on another weight is used."""
    for (_, before), (cycle, after) in pairwise(zip(cycles, sizes, strict=False)):
        if before.weight is not None and after.weight is not None and before.weight.kg != after.weight.kg:
            text = (
                f"From cycle {cycle.cycle} on doses follow {shown_number(after.weight.kg)} kg, measured on "
                f"{after.weight.happened_on}, instead of {shown_number(before.weight.kg)} kg."
            )
            yield Notice("weight-changed", text)
