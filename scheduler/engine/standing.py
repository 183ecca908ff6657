"""What the record makes of a planned item: given, missed, ended, held, or at another level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.cycle_days import day_number
from scheduler.engine import levels
from scheduler.engine.amounts import dosage
from scheduler.engine.body_size import BodySize
from scheduler.engine.episodes import Episode, Episodes
from scheduler.engine.examinations import Examined, as_recorded, examined
from scheduler.engine.following import following, once_a_day, spaced
from scheduler.engine.levels import Step
from scheduler.engine.reasons import Reason, because
from scheduler.engine.schedule import Item
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate
from scheduler.record.events import DoseGiven, DoseMissed, DoseTakenWhileHeld, ReloadConfirmed, TreatmentEnded
from scheduler.record.history import History

COMING = ("given", "planned", "blocked", "not-computable")


@dataclass(frozen=True, slots=True)
class Ending:
    """From a day on treatments (none named: all) do not come any more."""

    on: date
    treatments: tuple[str, ...]
    reason: Reason

    def covers(self, item: Item) -> bool:
        return item.date >= self.on and (not self.treatments or item.slot.key in self.treatments)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything recorded that changes doses, ready to be asked about each item."""

    protocol: Protocol
    history: History
    episodes: Episodes
    taken: dict[str, tuple[int, DoseGiven | DoseTakenWhileHeld]]
    missed: dict[str, tuple[int, DoseMissed]]
    endings: tuple[Ending, ...]
    steps: dict[str, tuple[Step, ...]]
    reloads: tuple[tuple[int, ReloadConfirmed], ...]
    examined: Examined

    @property
    def changes_nothing(self) -> bool:
        known = (self.taken, self.missed, self.endings, self.steps, self.reloads, self.examined)
        return not self.episodes.all and not any(known)

    def applied(self, items: Sequence[Item], sizes: Sequence[BodySize]) -> list[Item]:
        """The items as they stand; what is drawn or done only with a dose goes with it."""
        if self.changes_nothing:
            return list(items)
        known = once_a_day(items, [self._fact(item) or self._ended(item) or self._held(item) or item for item in items])
        doses = following(self.protocol, items, known, self._out_since)
        reloaded = dict(self._reloaded(doses))
        doses = [
            self._dose(item, sizes[item.cycle - 1], reloaded) if item.slot.kind == "dose" else item for item in doses
        ]
        doses = once_a_day(items, spaced(self.protocol, items, doses))
        companions: dict[tuple[int, int], list[Item]] = {}
        for dose in doses:
            companions.setdefault((dose.cycle, dose.slot.day), []).append(dose)
        return [
            self._assessment(item, companions[item.cycle, item.slot.day]) if item.slot.kind == "assessment" else item
            for item in doses
        ]

    def _dose(self, item: Item, size: BodySize, reloaded: dict[str, tuple[int, m.Reload]]) -> Item:
        item = self._at_level(item, size)
        if item.id in reloaded:
            item = self._loading(item, size, *reloaded[item.id])
        return self._fact(item) or self._ended(item) or self._held(item) or item

    def _fact(self, item: Item) -> Item | None:
        """What is recorded about the item itself: given or missed."""
        if item.id in self.taken:
            return self._given(item, *self.taken[item.id])
        if item.id in self.missed:
            number, event = self.missed[item.id]
            why = Reason("event", f"Event {number}: not taken on {event.happened_on}. It is not made up.")
            return item._replace(status="missed", reasons=(*item.reasons, why))
        return None

    def _given(self, item: Item, number: int, event: DoseGiven | DoseTakenWhileHeld) -> Item:
        while_held = " while it was held" if isinstance(event, DoseTakenWhileHeld) else ""
        moved = f"; {item.date} was planned" if event.happened_on != item.date else ""
        why = Reason("event", f"Event {number}: given on {event.happened_on}{while_held}{moved}.")
        return item._replace(
            status="given",
            date=event.happened_on,
            study_day=day_number(event.happened_on, self.history.day_1),
            amount=event.amount or item.amount,
            reasons=(*item.reasons, why),
        )

    def _out_since(self, item: Item) -> date:
        """The day from which it is known that a dose does not come; what was due before it stays as it was."""
        if item.status == "missed" and item.id in self.missed:
            return self.missed[item.id][1].happened_on
        if item.status == "ended":
            return min((ending.on for ending in self.endings if ending.covers(item)), default=date.min)
        began = (e.since[item.slot.key] for e in self.episodes.all if holds(e, item.slot.key, item.date))
        return min(began, default=date.min) if item.status == "held" else date.min

    def _ended(self, item: Item) -> Item | None:
        for ending in self.endings:
            if ending.covers(item):
                return item._replace(status="ended", reasons=(*item.reasons, ending.reason))
        return None

    def _held(self, item: Item) -> Item | None:
        if item.status in ("ended", "skipped"):
            return None
        for episode in self.episodes.all:
            if holds(episode, item.slot.key, item.date):
                return item._replace(status="held", reasons=(*item.reasons, *hold_reasons(episode)))
        return None

    def _at_level(self, item: Item, size: BodySize) -> Item:
        step = levels.level_on(self.steps.get(item.slot.key, ()), item.date)
        if step is None or step.level == 0:
            return item
        row = self._row(item.slot.key, step.level)
        decided = Reason("event", f"Event {step.number}: level {step.level} from {step.on} on.")
        if row is None:
            lacking = Reason("arithmetic", f"No amount: the protocol has no level {step.level} of {item.slot.name}.")
            return item._replace(
                status="not-computable" if item.status == "planned" else item.status,
                level=step.level,
                rate=None,
                amount=None,
                reasons=(*item.reasons, decided, lacking),
            )
        dose = dosage(row[0], (), size)
        status = "not-computable" if dose.amount is None and item.status == "planned" else item.status
        said = [reason for reason in item.reasons if reason.kind != "arithmetic" or " = " not in reason.text]
        return item._replace(
            status=status,
            level=step.level,
            rate=row[0],
            amount=dose.amount,
            reasons=(*said, row[1], decided, *dose.reasons[-1:]),
        )

    def _row(self, treatment: str, level: int) -> tuple[Rate, Reason] | None:
        for row, statement in self.protocol.effects(m.Level, self.history.enrolment.arm):
            if (row.treatment, row.level) == (treatment, level):
                return row.rate, because(statement, row.place)
        return None

    def _reloaded(self, items: Sequence[Item]) -> Iterator[tuple[str, tuple[int, m.Reload]]]:
        """The first dose that comes on or after the day on which a person confirmed to load again."""
        for number, event in self.reloads:
            for reload, _ in self.protocol.effects(m.Reload, self.history.enrolment.arm):
                if reload.treatment != event.treatment:
                    continue
                mine = [i for i in items if i.slot.key == reload.treatment and i.date >= event.happened_on]
                coming = [i for i in mine if (self._fact(i) or self._ended(i) or self._held(i) or i).status in COMING]
                if coming:
                    yield min(coming, key=lambda item: item.date).id, (number, reload)

    def _loading(self, item: Item, size: BodySize, number: int, reload: m.Reload) -> Item:
        dose = dosage(reload.dose, (), size)
        why = Reason("event", f"Event {number}: loaded again.")
        minutes = reload.minutes if reload.minutes is not None else item.over_minutes
        return item._replace(
            rate=reload.dose, amount=dose.amount, over_minutes=minutes, reasons=(*item.reasons, why, *dose.reasons[-1:])
        )

    def _assessment(self, item: Item, companions: Sequence[Item]) -> Item:
        if item.id in self.examined:
            return as_recorded(item, *self.examined[item.id], self.history.day_1)
        ended = self._ended(item)
        if ended is not None and not any(ending.treatments for ending in self.endings):
            return ended
        with_it = [d for d in companions if d.slot.key in item.slot.goes_with]
        if not with_it:
            return item
        if with_it[0].date != item.date:
            on = with_it[0].date
            why = Reason("event", f"It goes with {with_it[0].slot.name}, on {on}.")
            item = item._replace(date=on, study_day=day_number(on, self.history.day_1), reasons=(*item.reasons, why))
        skips = self.protocol.setting("blood_when_held") == "skipped"
        if not skips or any(dose.status in COMING for dose in with_it):
            return item
        why = Reason("event", "The dose that it goes with is not given.")
        return item._replace(status="skipped", reasons=(*item.reasons, why))


def holds(episode: Episode, treatment: str, on: date) -> bool:
    """Whether an episode holds a treatment on a day; the day on which it was let go on is free."""
    if treatment not in episode.holds or on < episode.since[treatment]:
        return False
    end = episode.holds[treatment]
    return end is None or on < end


def hold_reasons(episode: Episode) -> tuple[Reason, ...]:
    """Which event and which rules hold."""
    said = dict.fromkeys(because(fired.statement, fired.rule.place) for fired in episode.fired if fired.rule.holds)
    return (Reason("event", f"Event {episode.number}, {episode.began}: {episode.cause}."), *said)


def standing(protocol: Protocol, history: History, episodes: Episodes) -> Standing:
    """What the record says about doses; of two events about one dose the later one counts."""
    taken: dict[str, tuple[int, DoseGiven | DoseTakenWhileHeld]] = {e.item: (n, e) for n, e in history.of(DoseGiven)}
    taken |= {e.item: (n, e) for n, e in history.of(DoseTakenWhileHeld)}
    missed = {e.item: (n, e) for n, e in history.of(DoseMissed) if n > taken.get(e.item, (0,))[0]}
    taken = {item: found for item, found in taken.items() if item not in missed}
    endings = [
        Ending(
            e.happened_on, e.treatments, Reason("event", f"Event {n}: treatment ended on {e.happened_on}, {e.reason}.")
        )
        for n, e in history.of(TreatmentEnded)
    ]
    endings += [Ending(on, (), Reason("event", f"Event {n}: death on {on}.")) for n, on in episodes.deaths]
    return Standing(
        protocol,
        history,
        episodes,
        taken,
        missed,
        tuple(endings),
        levels.steps(history),
        tuple(history.of(ReloadConfirmed)),
        examined(history),
    )
