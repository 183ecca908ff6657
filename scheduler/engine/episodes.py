"""Episodes: what toxicities and orders hold, from when to when, and what was decided about them.

An episode opens with the first event that fires a rule and stays open until every treatment that it holds
has been let go on by a person. A further event inside it joins it: it may hold more and be stricter, and it
brings no further reduction. Treatments that no rule holds together have episodes of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from scheduler.engine.laboratory import lab_has_lasted, unread
from scheduler.engine.moves import cycle_on
from scheduler.engine.toxicity import Fired, verdicts
from scheduler.protocol.meaning import GradeCondition, LabCondition, Rule
from scheduler.protocol.model import Protocol
from scheduler.quantities import shown_number
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
    """One episode of a hold. `holds` are the treatments, each with the day it was let go on (None: still held).

    `since` is the day from which each is held; `grades` are the last ones of its toxicities, `worst` the highest;
    `met` are the rules whose toxicity occurred in it, whether or not it was their turn.
    """

    number: int
    began: date
    cause: str
    key: str = ""
    ordered: bool = False
    fired: list[Fired] = field(default_factory=list)
    holds: dict[str, date | None] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    grades: dict[str, int] = field(default_factory=dict)
    worst: dict[str, int] = field(default_factory=dict)
    met: list[Rule] = field(default_factory=list)
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


@dataclass(frozen=True, slots=True)
class Question:
    """What leaves a rule undecided: a toxicity's attribution, or a laboratory value that no rule can read."""

    number: int
    on: date
    term: str
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
    laboratory: dict[str, list[LabResult]] = field(default_factory=dict)
    history: History | None = None

    def add_toxicity(self, number: int, event: ToxicityGraded, day_1: date) -> None:
        """A grade: fires rules, joins or opens an episode, or brings one nearer to its end.

        A grade below the worst of an open episode is a regrade: what it holds already is not counted again.
        """
        self.questions = [question for question in self.questions if question.term != event.term]
        if event.happened_on < day_1:
            self.baseline[event.term] = event.grade
            return
        if event.grade == 5:
            self.deaths.append((number, event.happened_on))
        known = [e for e in self.all if e.is_open and event.term in e.worst]
        found = [each for each in verdicts(self.protocol, event, self.arm) if self._counts(each[1].rule, event)]
        if any(event.grade < e.worst[event.term] for e in known):
            held = {treatment for e in known for treatment in e.still_held}
            found = [(verdict, f) for verdict, f in found if set(f.rule.holds) - held]
        met = [f for verdict, f in found if verdict == "fires"]
        fired = [f for f in met if self._is_its_turn(f.rule)]
        asked = next((f for verdict, f in found if verdict == "asks"), None)
        if asked is not None and not fired:
            self.questions.append(Question(number, event.happened_on, event.term, _question(event, asked)))
        self.removals += [(number, event.happened_on, f) for f in fired if f.rule.propose is not None]
        joined = self._hold(number, event.happened_on, f"{event.term}, grade {event.grade}", fired)
        for episode in (*known, *(e for e in joined if e not in known)):
            episode.grades[event.term] = event.grade
            episode.worst[event.term] = max(event.grade, episode.worst.get(event.term, 0))
        for episode in joined:
            episode.met += [f.rule for f in met if f.rule not in episode.met]
        self._look_for_resolution(event.happened_on)

    def add_laboratory(self, number: int, result: LabResult) -> None:
        """A laboratory value: fires rules on it, or ends what waits for it."""
        self.questions = [question for question in self.questions if question.term != result.test.casefold()]
        if passed_over := unread(self.protocol, self.arm, result):
            self.questions.append(Question(number, result.happened_on, result.test.casefold(), passed_over))
            return
        known = self.laboratory.setdefault(result.test.casefold(), [])
        known.append(result)
        fired = [
            Fired(rule, statement, ())
            for rule, statement in self.protocol.effects(Rule, self.arm)
            if isinstance(rule.condition, LabCondition)
            and lab_has_lasted(rule.condition, known)
            and self._counts(rule, result)
        ]
        self.removals += [(number, result.happened_on, f) for f in fired if f.rule.propose is not None]
        text = f"{result.test} {shown_number(result.value)} {result.unit}"
        self._hold(number, result.happened_on, text, fired)
        self._look_for_resolution(result.happened_on)

    def order(self, number: int, event: HoldOrdered) -> None:
        """A named person holds treatments."""
        episode = self._opened(number, event.happened_on, "ordered by a person", event.treatments)
        episode.ordered = True

    def lift(self, number: int, event: HoldLifted) -> None:
        """A named person lets treatments go on, whatever held them."""
        for episode in self.all:
            for treatment in event.treatments:
                if treatment in episode.holds and episode.holds[treatment] is None:
                    episode.holds[treatment] = event.happened_on
                    episode.lifted_by[treatment] = number

    def _opened(self, number: int, on: date, cause: str, held: Iterable[str]) -> Episode:
        """A new episode; `key` tells it from another one of the same event."""
        holds: dict[str, date | None] = dict.fromkeys(held)
        key = f"{number}"
        if any(episode.key == key for episode in self.all):
            key = f"{number}-{next(iter(holds), len(self.all))}"
        episode = Episode(number, on, cause, key, holds=holds, since=dict.fromkeys(holds, on), last_number=number)
        self.all.append(episode)
        return episode

    def _hold(self, number: int, on: date, cause: str, fired: list[Fired]) -> list[Episode]:
        """Bring what fired into the open episodes that hold the same, or into new ones; those that it touched."""
        touched: list[Episode] = []
        for group in _together([f for f in fired if f.rule.holds]):
            held = dict.fromkeys(treatment for f in group for treatment in f.rule.holds)
            joined = [e for e in self.all if e.is_open and not e.ordered and set(held) & set(e.still_held)]
            free = [t for t in held if not any(t in e.still_held for e in joined)]
            again = [t for t in free if not joined or t in joined[0].holds]
            for treatment in free:
                if treatment not in again:
                    joined[0].holds[treatment] = None
                    joined[0].since[treatment] = on
            if again:
                joined.append(self._opened(number, on, cause, again))
            for episode in joined:
                episode.fired += [f for f in group if f not in episode.fired]
                episode.last_number = number
            touched += joined
        return touched

    def _counts(self, rule: Rule, event: ToxicityGraded | LabResult) -> bool:
        """Whether a rule is one for the cycle of an event."""
        if rule.cycles is None or self.history is None:
            return True
        return cycle_on(self.protocol, self.history, self, event.happened_on) in rule.cycles

    def _is_its_turn(self, rule: Rule) -> bool:
        """A rule for the second occurrence fires at the second episode in which its toxicity occurs."""
        condition = rule.condition
        if not isinstance(condition, GradeCondition) or not condition.occurrence:
            return True
        before = sum(
            1
            for number in {e.number for e in self.all if any(_same_family(other, rule) for other in e.met)}
            if not any(e.number == number and set(e.still_held) & set(rule.holds) for e in self.all)
        )
        return before + 1 == condition.occurrence or (before + 1 > condition.occurrence and self._is_last(rule))

    def _is_last(self, rule: Rule) -> bool:
        """What is written for the last occurrence counts for all that follow it."""
        family = [
            other.condition.occurrence
            for other, _ in self.protocol.effects(Rule, self.arm)
            if isinstance(other.condition, GradeCondition) and _same_family(other, rule)
        ]
        return isinstance(rule.condition, GradeCondition) and rule.condition.occurrence == max(family)

    def _look_for_resolution(self, on: date) -> None:
        """An episode is resolved as long as everything in it is; a grade that rises again takes that back."""
        for episode in self.all:
            if episode.is_open and not episode.ordered and episode.fired:
                episode.resolved = (episode.resolved or on) if self._is_resolved(episode) else None

    def _is_resolved(self, episode: Episode) -> bool:
        return all(self._has_ended(rule, episode) for rule in episode.rules)

    def _has_ended(self, rule: Rule, episode: Episode) -> bool:
        until = rule.until
        if until is None:
            return False
        for condition in until.laboratory:
            if not lab_has_lasted(condition, self.laboratory.get(condition.test.casefold(), [])):
                return False
        if until.grade is None:
            return True
        for term, grade in episode.grades.items():
            bound = max(until.grade, self.baseline.get(term, 0)) if until.or_baseline else until.grade
            if grade > bound:
                return False
        return True


def _together(fired: list[Fired]) -> list[list[Fired]]:
    """Rules that hold a treatment in common, and rules that hold others, apart."""
    groups: list[list[Fired]] = []
    for one in fired:
        near = [group for group in groups if any(set(one.rule.holds) & set(other.rule.holds) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(other for group in near for other in group), one])
    return groups


def _same_family(one: Rule, other: Rule) -> bool:
    """Rules that count the same toxicities: same grades, kind, terms and drugs."""
    return _counted(one) == _counted(other) and isinstance(one.condition, GradeCondition)


def _counted(rule: Rule) -> object:
    condition = rule.condition
    if isinstance(condition, GradeCondition):
        return condition.grades, condition.kind, condition.terms, condition.but_not, rule.due_to, rule.cycles
    return condition


def _question(event: ToxicityGraded, fired: Fired) -> str:
    drugs = " or ".join(fired.rule.due_to) or "the study drugs"
    return (
        f"{event.term}, grade {event.grade}: is it due to {drugs}? Nothing is held before somebody has judged it: "
        "record the grade again with its cause."
    )


def episodes(protocol: Protocol, history: History) -> Episodes:
    """All episodes of a history."""
    found = Episodes(protocol, history.enrolment.arm, history=history)
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
