"""What must be held, worked out once more from the record alone, in another way than the engine does.

A rule of all occurrences holds from its event until a person lets the treatment go on. Of rules that are numbered
(first, second, ...) at least that is held which all of them hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from scheduler.engine.build import cycles
from scheduler.engine.laboratory import lab_fires
from scheduler.engine.toxicity import verdicts
from scheduler.protocol.meaning import GradeCondition, LabCondition, Rule
from scheduler.protocol.model import Protocol
from scheduler.record.events import DoseLevelSet, Event, HoldLifted, LabResult, ToxicityGraded
from scheduler.record.history import History


class Span(NamedTuple):
    """A treatment is held from a day to the day before `ends` (None: still), by an event and a rule."""

    treatment: str
    begins: date
    ends: date | None
    number: int
    rule: Rule

    def covers(self, on: date) -> bool:
        return self.begins <= on and (self.ends is None or on < self.ends)


def spans(protocol: Protocol, history: History) -> list[Span]:
    """Every hold that the record calls for."""
    found: list[Span] = []
    known: list[LabResult] = []
    for number, event in in_order(history):
        if isinstance(event, HoldLifted):
            found = [_lifted(span, event) for span in found]
        known += [event] if isinstance(event, LabResult) else []
        for rule in fired_by(protocol, history, event, known):
            for treatment in rule.holds:
                if not any(span.treatment == treatment and span.ends is None for span in found):
                    found.append(Span(treatment, event.happened_on, None, number, rule))
    return found


def fired_by(protocol: Protocol, history: History, event: Event, values: Sequence[LabResult]) -> Iterator[Rule]:
    """The rules that an event fires, whichever time it is; of numbered ones a rule with what all of them hold.

    `values` are the laboratory values up to and including the event, in order.
    """
    arm = history.enrolment.arm
    match event:
        case ToxicityGraded() if event.happened_on >= history.day_1:
            fits = [f.rule for verdict, f in verdicts(protocol, event, arm) if verdict == "fires"]
            fits = [rule for rule in fits if _in_its_cycle(protocol, history, rule, event.happened_on)]
            for rule in fits:
                if isinstance(rule.condition, GradeCondition) and rule.condition.occurrence <= 1:
                    family = [other for other in fits if _only_numbered_otherwise(rule, other)]
                    common = set.intersection(*(set(other.holds) for other in family))
                    holds = tuple(key for key in rule.holds if key in common)
                    yield rule if not rule.condition.occurrence else rule._replace(holds=holds)
        case LabResult():
            for rule, _ in protocol.effects(Rule, arm):
                meets = isinstance(rule.condition, LabCondition) and _meets(rule.condition, event, values)
                if meets and _in_its_cycle(protocol, history, rule, event.happened_on):
                    yield rule


def _in_its_cycle(protocol: Protocol, history: History, rule: Rule, on: date) -> bool:
    """Whether a rule is one for the cycle that was under way on a day, by what had happened until then."""
    if rule.cycles is None:
        return True
    known = [(n, e) for n, e in zip(history.numbers, history.events, strict=True) if e.happened_on <= on]
    then = History(tuple(event for _, event in known), tuple(number for number, _ in known))
    begun = takewhile(lambda cycle: cycle.start <= on, cycles(protocol, then))
    return any(cycle.cycle in rule.cycles for cycle in list(begun)[-1:])


def _meets(condition: LabCondition, event: LabResult, values: Sequence[LabResult]) -> bool:
    """Whether a value meets a condition, and every value of the days that it has to last."""
    if not lab_fires(condition, event):
        return False
    mine = [v for v in values if (v.test.casefold(), v.unit) == (event.test.casefold(), event.unit)]
    better = max((at for at, value in enumerate(mine) if not lab_fires(condition, value)), default=-1)
    return (event.happened_on - mine[better + 1].happened_on).days >= condition.days


def in_order(history: History) -> list[tuple[int, Event]]:
    """The events by day, on one day as recorded."""
    return sorted(zip(history.numbers, history.events, strict=True), key=lambda pair: pair[1].happened_on)


def levels_in_force(history: History, on: date) -> dict[str, int]:
    """The level of each treatment on a day, by what persons have confirmed."""
    return _levels(event for _, event in in_order(history) if event.happened_on <= on)


def levels_before(history: History, number: int) -> dict[str, int]:
    """The level of each treatment when an event was recorded."""
    return _levels(event for known, event in in_order(history) if known < number)


def _levels(events: Iterable[Event]) -> dict[str, int]:
    found: dict[str, int] = {}
    for event in events:
        match event:
            case HoldLifted() if event.level is not None:
                found |= dict.fromkeys(event.treatments, event.level)
            case DoseLevelSet():
                found[event.treatment] = event.level
            case _:
                pass
    return found


def _lifted(span: Span, event: HoldLifted) -> Span:
    if span.ends is not None or span.treatment not in event.treatments:
        return span
    return span._replace(ends=max(event.happened_on, span.begins))


def _only_numbered_otherwise(one: Rule, other: Rule) -> bool:
    """Two rules for the same toxicities that differ in the occurrence."""
    return (
        isinstance(one.condition, GradeCondition)
        and isinstance(other.condition, GradeCondition)
        and one.condition._replace(occurrence=0) == other.condition._replace(occurrence=0)
        and one.due_to == other.due_to
        and (one is other or one.condition.occurrence > 0)
        and (one is other or other.condition.occurrence > 0)
    )
