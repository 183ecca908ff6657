"""Episodes: what toxicities and orders hold, from when to when, and what was decided about them.

An episode opens with the first event that fires a rule and stays open until every treatment that it holds
has been let go on by a person. A further event inside it joins it: it may hold more and be stricter, and it
brings no further reduction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from scheduler.engine.toxicity import Fired, lab_fires, verdicts
from scheduler.protocol.meaning import GradeCondition, LabCondition, Rule
from scheduler.protocol.model import Protocol
from scheduler.record.events import (
    HoldLifted,
    HoldOrdered,
    LabResult,
    PatientEnrolled,
    ToxicityGraded,
)
from scheduler.record.history import History


@dataclass(slots=True)
class Episode:
    """One episode of a hold. `holds` are the treatments, each with the day it was let go on (None: still held)."""

    number: int
    began: date
    cause: str
    ordered: bool = False
    fired: list[Fired] = field(default_factory=list)
    holds: dict[str, date | None] = field(default_factory=dict)
    grades: dict[str, int] = field(default_factory=dict)
    resolved: date | None = None
    lifted_by: dict[str, int] = field(default_factory=dict)
    last_number: int = 0

    @property
    def is_open(self) -> bool:
        return any(end is None for end in self.holds.values())

    @property
    def still_held(self) -> tuple[str, ...]:
        return tuple(treatment for treatment, end in self.holds.items() if end is None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(fired.rule for fired in self.fired)

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs that it is put down to."""
        return tuple(dict.fromkeys(drug for fired in self.fired for drug in fired.drugs))


@dataclass(frozen=True, slots=True)
class Question:
    """A toxicity whose attribution leaves a rule undecided."""

    number: int
    on: date
    text: str


@dataclass(slots=True)
class Episodes:
    """Everything that toxicities, laboratory values and orders have brought about, in the order of days."""

    protocol: Protocol
    arm: str | None
    all: list[Episode] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    removals: list[tuple[int, date, Fired]] = field(default_factory=list)
    deaths: list[tuple[int, date]] = field(default_factory=list)
    baseline: dict[str, int] = field(default_factory=dict)
    laboratory: dict[str, tuple[date, LabResult]] = field(default_factory=dict)

    def add_toxicity(self, number: int, event: ToxicityGraded, day_1: date) -> None:
        """A grade: fires rules, joins or opens an episode, or brings one nearer to its end."""
        if event.happened_on < day_1:
            self.baseline[event.term] = event.grade
            return
        if event.grade == 5:
            self.deaths.append((number, event.happened_on))
        found = verdicts(self.protocol, event, self.arm)
        fired = [f for verdict, f in found if verdict == "fires" and self._is_its_turn(f.rule)]
        self.questions += [
            Question(number, event.happened_on, _question(event, f)) for verdict, f in found if verdict == "asks"
        ][:1]
        self.removals += [(number, event.happened_on, f) for f in fired if f.rule.propose is not None]
        self._hold(number, event.happened_on, f"{event.term}, grade {event.grade}", [f for f in fired if f.rule.holds])
        for episode in self.all:
            if episode.is_open and (event.term in episode.grades or any(f in episode.fired for f in fired)):
                episode.grades[event.term] = event.grade
        self._look_for_resolution(event.happened_on)

    def add_laboratory(self, number: int, result: LabResult) -> None:
        """A laboratory value: fires rules on it, or ends what waits for it."""
        self.laboratory[result.test.casefold()] = result.happened_on, result
        fired = [
            Fired(rule, statement, ())
            for rule, statement in self.protocol.effects(Rule, self.arm)
            if isinstance(rule.condition, LabCondition) and lab_fires(rule.condition, result)
        ]
        self.removals += [(number, result.happened_on, f) for f in fired if f.rule.propose is not None]
        text = f"{result.test} {result.value:f} {result.unit}"
        self._hold(number, result.happened_on, text, [f for f in fired if f.rule.holds])
        self._look_for_resolution(result.happened_on)

    def order(self, number: int, event: HoldOrdered) -> None:
        """A named person holds treatments."""
        episode = Episode(number, event.happened_on, "ordered by a person", ordered=True, last_number=number)
        episode.holds = dict.fromkeys(event.treatments)
        self.all.append(episode)

    def lift(self, number: int, event: HoldLifted) -> None:
        """A named person lets treatments go on, whatever held them."""
        for episode in self.all:
            for treatment in event.treatments:
                if treatment in episode.holds and episode.holds[treatment] is None:
                    episode.holds[treatment] = max(event.happened_on, episode.began)
                    episode.lifted_by[treatment] = number

    def _hold(self, number: int, on: date, cause: str, fired: list[Fired]) -> None:
        if not fired:
            return
        held = dict.fromkeys(treatment for f in fired for treatment in f.rule.holds)
        episode = next((e for e in self.all if e.is_open and not e.ordered and set(held) & set(e.still_held)), None)
        if episode is None:
            episode = Episode(number, on, cause)
            self.all.append(episode)
        episode.fired += [f for f in fired if f not in episode.fired]
        episode.holds = {**held, **episode.holds}
        for treatment in held:
            if episode.holds[treatment] is not None and treatment not in episode.still_held:
                episode.holds[treatment] = None
        episode.last_number, episode.resolved = number, None

    def _is_its_turn(self, rule: Rule) -> bool:
        """A rule for the second occurrence fires at the second episode with such a grade."""
        condition = rule.condition
        if not isinstance(condition, GradeCondition) or not condition.occurrence:
            return True
        before = sum(
            1
            for episode in self.all
            if not episode.is_open and any(_same_family(other.condition, condition) for other in episode.rules)
        )
        return before + 1 == condition.occurrence or (before + 1 > condition.occurrence and self._is_last(rule))

    def _is_last(self, rule: Rule) -> bool:
        """What is written for the last occurrence counts for all that follow it."""
        family = [
            other.condition.occurrence
            for other, _ in self.protocol.effects(Rule, self.arm)
            if isinstance(other.condition, GradeCondition) and _same_family(other.condition, rule.condition)
        ]
        return isinstance(rule.condition, GradeCondition) and rule.condition.occurrence == max(family)

    def _look_for_resolution(self, on: date) -> None:
        for episode in self.all:
            if episode.is_open and not episode.ordered and episode.fired and self._is_resolved(episode):
                episode.resolved = episode.resolved or on

    def _is_resolved(self, episode: Episode) -> bool:
        return all(self._has_ended(rule, episode) for rule in episode.rules)

    def _has_ended(self, rule: Rule, episode: Episode) -> bool:
        until = rule.until
        if until is None:
            return False
        for condition in until.laboratory:
            known = self.laboratory.get(condition.test.casefold())
            if known is None or not lab_fires(condition, known[1]):
                return False
        if until.grade is None:
            return True
        for term, grade in episode.grades.items():
            bound = max(until.grade, self.baseline.get(term, 0)) if until.or_baseline else until.grade
            if grade > bound:
                return False
        return True


def _same_family(one: object, other: object) -> bool:
    """Rules that count the same toxicities: same grades, kind and terms."""
    return (
        isinstance(one, GradeCondition)
        and isinstance(other, GradeCondition)
        and (one.grades, one.kind, one.terms) == (other.grades, other.kind, other.terms)
    )


def _question(event: ToxicityGraded, fired: Fired) -> str:
    drugs = ", ".join(fired.rule.due_to) or "the study drugs"
    return f"{event.term}, grade {event.grade}: is it due to {drugs}? Nothing is held before somebody has judged it."


def episodes(protocol: Protocol, history: History) -> Episodes:
    """All episodes of a history."""
    found = Episodes(protocol, history.enrolment.arm)
    day_1 = history.day_1
    for number, event in _in_order(history):
        match event:
            case ToxicityGraded():
                found.add_toxicity(number, event, day_1)
            case LabResult():
                found.add_laboratory(number, event)
            case HoldOrdered():
                found.order(number, event)
            case HoldLifted():
                found.lift(number, event)
            case _:
                pass
    return found


def _in_order(history: History) -> Iterable[tuple[int, object]]:
    kinds = ToxicityGraded | LabResult | HoldOrdered | HoldLifted | PatientEnrolled
    pairs = [(n, e) for n, e in zip(history.numbers, history.events, strict=True) if isinstance(e, kinds)]
    return sorted(pairs, key=lambda pair: pair[1].happened_on)
