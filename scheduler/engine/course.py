"""The course: what a protocol writes for each cycle of one arm, worked out once for all patients.

An entry is a slot (what, on which day) with the rate it is dosed at and the reasons that come from the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from scheduler.engine.day_order import in_order, order_pairs
from scheduler.engine.reasons import Reason, ReasonKind
from scheduler.engine.schedule import Slot
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol, Statement
from scheduler.protocol.policies import POLICIES, BearsOn
from scheduler.quantities import Amount, Rate


@dataclass(frozen=True, slots=True)
class Entry:
    """One dose or assessment of a cycle. `bands` and `rate` are empty for assessments; `blood` is in mL."""

    slot: Slot
    rate: Rate | None
    bands: tuple[m.Band, ...]
    minutes: m.Minutes
    blood: Amount | None
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Course:
    """A protocol for one arm and one time of home doses."""

    protocol: Protocol
    arm: str | None
    home_dose_time: str | None
    _cycles: dict[int, tuple[Entry, ...]] = field(default_factory=dict)

    def cycle(self, number: int) -> tuple[Entry, ...]:
        """The entries of a cycle, by day and in the order within the day."""
        if number not in self._cycles:
            self._cycles[number] = tuple(self._in_order([*self._doses(number), *self._assessments(number)]))
        return self._cycles[number]

    def _in_order(self, entries: list[Entry]) -> Iterator[Entry]:
        pairs = order_pairs(self.protocol)
        names = [a.key for a in self.protocol.assessments] + [t.key for t in self.protocol.treatments]
        by_slot = {id(entry.slot): entry for entry in entries}
        for day in sorted({entry.slot.day for entry in entries}):
            slots = [entry.slot for entry in entries if entry.slot.day == day]
            for rank, slot in enumerate(in_order(slots, pairs, names)):
                entry = by_slot[id(slot)]
                yield replace(entry, slot=replace(slot, rank=rank))

    def _doses(self, cycle: int) -> Iterator[Entry]:
        for give, statement in self.protocol.effects(m.Give, self.arm):
            for day in self._days(give.when, cycle):
                yield from self._dose(give, statement, cycle, day)

    def _dose(self, give: m.Give, statement: Statement, cycle: int, day: int) -> Iterator[Entry]:
        treatment = self.protocol.treatment(give.dose.treatment)
        minutes, said = self._minutes(give, cycle)
        bands = tuple(b for b, _ in self.protocol.effects(m.Band, self.arm) if b.treatment == treatment.key)
        reasons = (
            _reason(statement, give.place),
            *said,
            *_day_reason(give.when, day),
            *assumptions(self.protocol, treatment.key, self._topics(give)),
        )
        times = self._times(give)
        for number, time in enumerate(times, start=1):
            slot = Slot(
                kind="dose",
                key=treatment.key,
                name=treatment.name,
                letter=treatment.letter,
                day=day,
                drug=treatment.drug,
                mark=treatment.mark,
                product=treatment.product,
                route=give.dose.route,
                given_by=self.protocol.given_by(treatment.key),
                time=time,
                dose_number=number if len(times) > 1 else 0,
                window=self._window(treatment.key),
            )
            yield Entry(slot, give.dose.rate, bands, minutes, None, reasons)

    def _assessments(self, cycle: int) -> Iterator[Entry]:
        for assess, statement in self.protocol.effects(m.Assess, self.arm):
            assessment = self.protocol.assessment(assess.assessment)
            for day in self._days(assess.when, cycle):
                reasons = [_reason(statement, assess.place), *_day_reason(assess.when, day)]
                window = assess.window
                if isinstance(assess.when, m.BeforeDay1) and window is None:
                    window, more = self._screening()
                    reasons += more
                slot = Slot(
                    "assessment", assessment.key, assessment.name, assessment.letter, day, window=window or (0, 0)
                )
                yield Entry(slot, None, (), m.Minutes(None, None), assess.blood, tuple(reasons))

    def _days(self, when: m.When, cycle: int) -> Iterator[int]:
        """The days of a cycle that a WHEN names; calendar months are dates, not days, and come later."""
        match when:
            case m.OnDays() if cycle in when.cycles:
                yield from when.days
            case m.DaysAfter() if cycle in when.cycles:
                yield from sorted(day + after for day in self._days_of(when.treatment, cycle) for after in when.offsets)
            case m.TiedTo() if cycle in when.cycles:
                by = {"evening before": -1, "day before": -1, "day after": 1}.get(when.part, 0)
                yield from (_shifted(day, by) for day in self._days_of(when.treatment, cycle))
            case m.BeforeEach() if cycle in when.cycles:
                yield from sorted({day for key in when.treatments for day in self._days_of(key, cycle)})
            case m.BeforeDay1() if cycle == 1:
                yield -1
            case m.AfterCycles() if cycle - 1 in when.cycles:
                yield 1
            case m.EveryCycles() if cycle > 1 and (cycle - 1) % when.every == 0:
                yield 1

    def _days_of(self, treatment: str, cycle: int) -> list[int]:
        """The days on which a treatment is given; a protocol that passed `check` has no circle here."""
        gives = [give for give, _ in self.protocol.effects(m.Give, self.arm) if give.dose.treatment == treatment]
        return sorted({day for give in gives for day in self._days(give.when, cycle)})

    def _times(self, give: m.Give) -> tuple[str | None, ...]:
        """The times of day at home; the clinic sets its own."""
        if self.protocol.given_by(give.dose.treatment) == "clinic":
            return (None,) * give.dose.times_daily
        if give.dose.at:
            return give.dose.at
        if isinstance(give.when, m.TiedTo) and give.when.part in ("evening before", "morning of"):
            return (self.protocol.setting(f"{give.when.part.split()[0]}_time"),)
        return (self.home_dose_time or self.protocol.setting("home_dose_time"),)

    def _minutes(self, give: m.Give, cycle: int) -> tuple[m.Minutes, tuple[Reason, ...]]:
        if give.dose.minutes is not None:
            return give.dose.minutes, ()
        for infuse, statement in self.protocol.effects(m.Infuse, self.arm):
            if infuse.treatment == give.dose.treatment and cycle in infuse.cycles:
                return infuse.minutes, (_reason(statement, infuse.place),)
        return m.Minutes(None, None), ()

    def _window(self, treatment: str) -> tuple[int, int]:
        windows = (w for w, _ in self.protocol.effects(m.Window) if w.treatment == treatment)
        return next(((w.before, w.after) for w in windows), (0, 0))

    def _screening(self) -> tuple[tuple[int, int], list[Reason]]:
        days = int(self.protocol.setting("screening_window").split()[0] or 1)
        found = [_reason(s, e.place) for e, s in self.protocol.settings() if e.policy == "screening_window"]
        return (days - 1, 0), found

    def _topics(self, give: m.Give) -> set[BearsOn]:
        """What kind of dose this is, so that it names the policies that bear on it and no others."""
        at_home = self.protocol.given_by(give.dose.treatment) == "patient"
        topics: set[BearsOn] = {"date", "home" if at_home else "clinic"}
        if give.dose.rate is None or give.dose.rate.per:
            topics.add("amount")
        match give.when:
            case m.TiedTo():
                topics.add("premedication")
            case m.DaysAfter():
                topics.add("followed")
            case _ if at_home and not give.dose.at:
                topics.add("time")
        return topics


@lru_cache(maxsize=64)
def course(protocol: Protocol, arm: str | None, home_dose_time: str | None) -> Course:
    """The course of an arm; the same protocol value gives the same course."""
    return Course(protocol, arm, home_dose_time)


def _reason(statement: Statement, place: object) -> Reason:
    kind: ReasonKind = "assumption" if statement.standing == "assumed" else statement.standing
    return Reason(kind, statement.text, getattr(place, "short", ""))


def _day_reason(when: m.When, day: int) -> tuple[Reason, ...]:
    match when:
        case m.DaysAfter():
            return (Reason("arithmetic", f"Counted from the day on which {when.treatment} is given: day {day}."),)
        case m.TiedTo():
            return (Reason("arithmetic", f"Tied to {when.treatment}, {when.part} it: day {day}."),)
        case _:
            return ()


def _shifted(day: int, by: int) -> int:
    """A day moved by some days; there is no day 0."""
    moved = day + by
    return moved - 1 if moved <= 0 < day else moved


def assumptions(protocol: Protocol, treatment: str, topics: set[BearsOn]) -> Iterator[Reason]:
    """The assumed statements that bear on a dose: policies on its topics, and what is assumed of its treatment."""
    wanted = {policy.name for policy in POLICIES if policy.bears_on in topics}
    for statement in protocol.statements:
        if statement.standing != "assumed" or not statement.in_use:
            continue
        for effect in statement.effects:
            if _bears(effect, treatment, wanted):
                yield _reason(statement, statement.place)
                break


def _bears(effect: m.Effect, treatment: str, wanted: set[str]) -> bool:
    match effect:
        case m.Setting():
            return effect.policy in wanted
        case m.GivenWhere() | m.Window() | m.Supply():
            return effect.treatment == treatment
        case m.Order():
            return treatment in (effect.later, effect.earlier)
        case _:
            return False
