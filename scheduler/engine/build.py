"""build_schedule: the one entry of the engine. Pure: no clock, no files; today is never asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile

from scheduler.cycle_days import date_of_day, day_number
from scheduler.engine import timeline
from scheduler.engine.amounts import Dosage, dosage
from scheduler.engine.body_size import BodySize, SizePolicy, body_size, weight_in_force
from scheduler.engine.course import Course, Entry, course
from scheduler.engine.months import months_later
from scheduler.engine.notices import notices
from scheduler.engine.reasons import Reason, ReasonKind
from scheduler.engine.schedule import Cycle, Item, Schedule, Slot, Status
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate
from scheduler.record.events import HeightMeasured, WeightMeasured
from scheduler.record.history import History


def build_schedule(protocol: Protocol, history: History, through: date) -> Schedule:
    """Everything that is due up to and including `through`, each item with its reasons.

    The protocol must have passed `check`. Whatever cannot be computed is there, without an amount and
    with the reason. ValueError where the arm is not one of the protocol's.
    """
    enrolment = history.enrolment
    if enrolment.arm not in (tuple(arm.key for arm in protocol.arms) or (None,)):
        message = f"{enrolment.arm!r} is not an arm of {protocol.name}."
        raise ValueError(message)
    build = _Build(protocol, history, through, course(protocol, enrolment.arm, enrolment.home_dose_time))
    build.add_cycles()
    build.add_months()
    items = tuple(sorted(build.items, key=lambda item: item.date))
    return Schedule(
        protocol=protocol.name,
        edition=protocol.edition,
        arm=enrolment.arm,
        subject=enrolment.subject,
        start=enrolment.day_1,
        zone=enrolment.zone,
        through=through,
        cycles=tuple(cycle for cycle in build.cycles if cycle.start <= through),
        items=items,
        notices=tuple(notices(protocol, items, build.sizes)),
        go_no_go=_go_no_go(protocol, build),
    )


@dataclass(slots=True)
class _Build:
    """One schedule in the making."""

    protocol: Protocol
    history: History
    through: date
    course: Course
    cycles: list[Cycle] = field(default_factory=list)
    sizes: list[BodySize] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def add_cycles(self) -> None:
        """Every cycle that begins by the day after the last one: its eve may bring a premedication."""
        eve = self.through + timedelta(days=1)
        policy = _size_policy(self.protocol)
        weights, heights = self.history.weights, self.history.heights
        used: WeightMeasured | None = None
        before: Cycle | None = None
        for cycle in takewhile(lambda c: c.start <= eve, timeline.cycles(self.protocol, self.history)):
            used = weight_in_force(weights, used, cycle.start, policy)
            height = _last_height(heights, cycle.start)
            self.cycles.append(cycle)
            self.sizes.append(body_size(used, height, policy))
            self._add_cycle(cycle, before)
            before = cycle

    def _add_cycle(self, cycle: Cycle, before: Cycle | None) -> None:
        status, why = _decided(self.protocol, self.history, cycle.cycle)
        shared = (
            *_length_reasons(self.protocol, self.course.arm, before),
            timeline.start_reason(cycle, before, self.history),
            *why,
        )
        dosages: dict[tuple[Rate | None, str], Dosage] = {}
        dates: dict[int, tuple[date, int]] = {}
        size, day_1 = self.sizes[-1], self.history.enrolment.day_1
        for entry in self.course.cycle(cycle.cycle):
            slot = entry.slot
            if slot.day not in dates:
                on = date_of_day(slot.day, cycle.start)
                dates[slot.day] = on, day_number(on, day_1)
            on, study_day = dates[slot.day]
            if on > self.through:
                continue
            if slot.kind == "assessment":
                self.items.append(
                    Item(slot, cycle.cycle, on, study_day, status, 0, None, entry.blood, None, entry.reasons + shared)
                )
                continue
            key = entry.rate, slot.key
            dose = dosages.get(key)
            if dose is None:
                dose = dosages[key] = dosage(entry.rate, entry.bands, size)
            computable: Status = status if dose.amount is not None or status != "planned" else "not-computable"
            reasons = entry.reasons + shared + dose.reasons
            self.items.append(
                Item(
                    slot,
                    cycle.cycle,
                    on,
                    study_day,
                    computable,
                    0,
                    dose.rate,
                    dose.amount,
                    self._minutes(entry),
                    reasons,
                )
            )

    def _minutes(self, entry: Entry) -> int | None:
        """The first infusion of a treatment may take longer than the later ones."""
        if entry.minutes.first == entry.minutes.later:
            return entry.minutes.first
        first = entry.slot.key not in self.given
        self.given.add(entry.slot.key)
        return entry.minutes.first if first else entry.minutes.later

    def add_months(self) -> None:
        """Assessments by calendar months, up to the end of the last cycle."""
        for assess, statement in self.protocol.effects(m.Assess, self.course.arm):
            when = assess.when
            if not isinstance(when, m.EveryMonths):
                continue
            anchor = next((c for c in self.cycles if c.cycle == when.after_cycle + 1), None)
            if anchor is None:
                continue
            assessment = self.protocol.assessment(assess.assessment)
            kind: ReasonKind = "assumption" if statement.standing == "assumed" else statement.standing
            status, why = _decided(self.protocol, self.history, anchor.cycle)
            last = min(self.through, self.cycles[-1].last_day)
            number = when.months
            while (on := months_later(anchor.start, number)) <= last:
                cycle = next(c for c in reversed(self.cycles) if c.start <= on)
                slot = Slot(
                    "assessment",
                    assessment.key,
                    assessment.name,
                    assessment.letter,
                    (on - cycle.start).days + 1,
                    window=assess.window or (0, 0),
                    code=f"C{anchor.cycle}D1+{number}M",
                )
                text = f"{number} calendar months after day 1 of cycle {anchor.cycle}, {anchor.start}: {on}."
                reasons = (Reason(kind, statement.text, assess.place.short), Reason("arithmetic", text), *why)
                study_day = day_number(on, self.history.enrolment.day_1)
                self.items.append(Item(slot, cycle.cycle, on, study_day, status, 0, None, assess.blood, None, reasons))
                number += when.months


def _decided(protocol: Protocol, history: History, cycle: int) -> tuple[Status, tuple[Reason, ...]]:
    """Whether the decisions before a cycle let it go on: planned, blocked or ended, with the reasons."""
    status: Status = "planned"
    reasons: list[Reason] = []
    for decision, statement in protocol.effects(m.Decision):
        if cycle < decision.cycle or status != "planned":
            continue
        kind: ReasonKind = "assumption" if statement.standing == "assumed" else statement.standing
        answer = history.response_before(decision.cycle)
        reasons.append(Reason(kind, statement.text, decision.place.short))
        if answer is None or answer.response not in decision.goes_on + decision.ends:
            status = "blocked"
            reasons.append(
                Reason("event", f"Nobody has recorded the {decision.question} before cycle {decision.cycle} yet.")
            )
        else:
            status = "planned" if answer.response in decision.goes_on else "ended"
            reasons.append(
                Reason("event", f"Response before cycle {decision.cycle}: {answer.response}, on {answer.happened_on}.")
            )
    return status, tuple(reasons)


def _length_reasons(protocol: Protocol, arm: str | None, before: Cycle | None) -> tuple[Reason, ...]:
    found = timeline.cycle_length(protocol, arm, before.cycle) if before else None
    if found is None:
        return ()
    length, statement = found
    kind: ReasonKind = "assumption" if statement.standing == "assumed" else statement.standing
    return (Reason(kind, statement.text, length.place.short),)


def _last_height(heights: tuple[HeightMeasured, ...], on: date) -> HeightMeasured | None:
    known = [height for height in heights if height.happened_on <= on]
    return known[-1] if known else None


def _size_policy(protocol: Protocol) -> SizePolicy:
    change, cap = protocol.setting("recalculate_at"), protocol.setting("surface_area_cap")
    return SizePolicy(
        at_enrolment=protocol.setting("weight_used") == "enrolment",
        recalculate_at=Decimal(change.split()[0]) if change.endswith("%") else None,
        formula=protocol.setting("body_surface_area"),
        cap=Decimal(cap.split()[0]) if cap.endswith("m2") else None,
    )


def _go_no_go(protocol: Protocol, build: _Build) -> tuple[date, ...]:
    """The visits that release home doses; none where the protocol has no home doses."""
    match protocol.setting("go_no_go"):
        case "day_1_of_cycle":
            return tuple(cycle.start for cycle in build.cycles)
        case "every_toxicity_visit":
            return tuple(sorted({i.date for i in build.items if i.slot.key == "toxicity" and i.slot.day > 0}))
        case _:
            return ()


def up_to_cycle(schedule: Schedule, last: int) -> Schedule:
    """The schedule without what belongs to later cycles."""
    return replace(
        schedule,
        cycles=tuple(cycle for cycle in schedule.cycles if cycle.cycle <= last),
        items=tuple(item for item in schedule.items if item.cycle <= last),
    )
