"""The course: what a protocol writes for each cycle of one arm, worked out once for all patients.

An entry is a slot (what, on which day) and the line of the file that fills it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from scheduler.engine.day_order import DayOrder, day_order
from scheduler.engine.day_rules import DayRules
from scheduler.engine.reasons import Reason, because
from scheduler.engine.schedule import Slot
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol, Statement
from scheduler.protocol.policies import POLICIES, BearsOn
from scheduler.quantities import Amount, Rate


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What one line of the file gives, the same on all its days; shared by cycles and patients.

    A dose has a rate or bands; an assessment has neither, and `blood` (mL) where a volume is stated.
    """

    rate: Rate | None
    bands: tuple[m.Band, ...]
    minutes: m.Minutes
    blood: Amount | None
    reasons: tuple[Reason, ...]


class Entry(NamedTuple):
    """One dose or assessment of a cycle."""

    slot: Slot
    line: Line


@dataclass(slots=True)
class Course:
    """A protocol for one arm and one time of home doses."""

    protocol: Protocol
    arm: str | None
    home_dose_time: str | None
    order: DayOrder
    _days: DayRules
    _cycles: dict[int, tuple[Entry, ...]] = field(default_factory=dict)
    _lines: dict[tuple[object, ...], Line] = field(default_factory=dict)

    def cycle(self, number: int) -> tuple[Entry, ...]:
        """The entries of a cycle, by day and in the order within the day."""
        if number not in self._cycles:
            self._cycles[number] = tuple(self._in_order([*self._doses(number), *self._assessments(number)]))
        return self._cycles[number]

    def _in_order(self, entries: list[Entry]) -> Iterator[Entry]:
        entries.sort(key=lambda entry: entry.slot.day)
        for _, day in groupby(entries, key=lambda entry: entry.slot.day):
            for rank, (slot, line) in enumerate(self.order.arranged(day)):
                yield Entry(replace(slot, rank=rank), line)

    def _day_reason(self, when: m.When, day: int) -> tuple[Reason, ...]:
        match when:
            case m.DaysAfter():
                name = self.protocol.treatment(when.treatment).name
                return (Reason("arithmetic", f"Counted from the day on which {name} is given: day {day}."),)
            case m.TiedTo():
                name = self.protocol.treatment(when.treatment).name
                return (Reason("arithmetic", f"Tied to {name}, {when.part} it: day {day}."),)
            case _:
                return ()

    # --- doses ------------------------------------------------------------------------------

    def _doses(self, cycle: int) -> Iterator[Entry]:
        for give, statement in self.protocol.effects(m.Give, self.arm):
            anchors = self._days.anchors(give.when, cycle)
            for day in self._days.of(give.when, cycle):
                line = self._dose_line(give, statement, cycle, day)
                for slot in self._dose_slots(give, day, anchors.get(day, 0)):
                    yield Entry(slot, line)

    def _dose_line(self, give: m.Give, statement: Statement, cycle: int, day: int) -> Line:
        minutes, said = self._minutes(give, cycle)
        counted = self._day_reason(give.when, day)
        key = (give.place, minutes, counted)
        if key not in self._lines:
            treatment = give.dose.treatment
            bands = tuple(b for b, _ in self.protocol.effects(m.Band, self.arm) if b.treatment == treatment)
            assumed = assumptions(self.protocol, treatment, self._topics(give))
            reasons = (because(statement, give.place), *said, *counted, *assumed)
            self._lines[key] = Line(give.dose.rate, bands, minutes, None, reasons)
        return self._lines[key]

    def _dose_slots(self, give: m.Give, day: int, anchor_day: int) -> Iterator[Slot]:
        treatment = self.protocol.treatment(give.dose.treatment)
        follows = give.when.treatment if isinstance(give.when, m.DaysAfter | m.TiedTo) else ""
        times = self._times(give)
        for number, time in enumerate(times, start=1):
            yield Slot(
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
                follows=follows,
                anchor_day=anchor_day,
            )

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
                return infuse.minutes, (because(statement, infuse.place),)
        return m.Minutes(None, None), ()

    def _window(self, treatment: str) -> tuple[int, int]:
        windows = (w for w, _ in self.protocol.effects(m.Window) if w.treatment == treatment)
        return next(((w.before, w.after) for w in windows), (0, 0))

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

    # --- assessments ------------------------------------------------------------------------

    @property
    def monthly(self) -> Iterator[tuple[m.Assess, m.EveryMonths, Statement]]:
        """The assessments by calendar months, which no cycle holds."""
        for assess, statement in self.protocol.effects(m.Assess, self.arm):
            if isinstance(assess.when, m.EveryMonths):
                yield assess, assess.when, statement

    def _assessments(self, cycle: int) -> Iterator[Entry]:
        for assess, statement in self.protocol.effects(m.Assess, self.arm):
            for day in self._days.of(assess.when, cycle):
                window, said = self._assessment_window(assess)
                slot = self.assessment_slot(assess, day, window)
                said += self._day_reason(assess.when, day)
                yield Entry(slot, self._assessment_line(assess, statement, said))

    def assessment_slot(self, assess: m.Assess, day: int, window: tuple[int, int], code: str = "") -> Slot:
        """The slot of an assessment; `code` stands for the cycle day where it is not tied to one."""
        name = self.protocol.assessment(assess.assessment)
        return Slot(
            kind="assessment",
            key=name.key,
            name=name.name,
            letter=name.letter,
            day=day,
            window=window,
            code=code,
            goes_with=assess.when.treatments if isinstance(assess.when, m.BeforeEach) else (),
            closes=isinstance(assess.when, m.AfterCycles | m.EveryCycles),
        )

    def _assessment_line(self, assess: m.Assess, statement: Statement, said: tuple[Reason, ...]) -> Line:
        key = (assess.place, said)
        if key not in self._lines:
            reasons = (because(statement, assess.place), *said)
            self._lines[key] = Line(None, (), m.Minutes(None, None), assess.blood, reasons)
        return self._lines[key]

    def _assessment_window(self, assess: m.Assess) -> tuple[tuple[int, int], tuple[Reason, ...]]:
        if assess.window is not None or not isinstance(assess.when, m.BeforeDay1):
            return assess.window or (0, 0), ()
        days = int(self.protocol.setting("screening_window").split()[0])
        chosen = (found for found in self.protocol.settings() if found[0].policy == "screening_window")
        return (days - 1, 0), tuple(because(statement, setting.place) for setting, statement in chosen)


@lru_cache(maxsize=64)
def course(protocol: Protocol, arm: str | None, home_dose_time: str | None) -> Course:
    """The course of an arm; the same protocol value gives the same course."""
    return Course(protocol, arm, home_dose_time, day_order(protocol), DayRules(protocol, arm))


def assumptions(protocol: Protocol, treatment: str, topics: set[BearsOn]) -> Iterator[Reason]:
    """The assumed statements that bear on a dose: policies on its topics, and what is assumed of its treatment."""
    wanted = {policy.name for policy in POLICIES if policy.bears_on in topics}
    for statement in protocol.statements:
        is_assumed = statement.standing == "assumed" and statement.in_use
        if is_assumed and any(_bears(effect, treatment, wanted) for effect in statement.effects):
            yield because(statement, statement.place)


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
