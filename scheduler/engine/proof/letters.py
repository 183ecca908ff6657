"""The alphabet of a proof: which toxicities and laboratory values a protocol can tell apart.

Two grades, terms or attributions that fire the same rules and lie on the same side of every bound lead to the
same schedules: one of them stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scheduler.engine.laboratory import lab_fires
from scheduler.engine.proof.ground import DAY_1, LAST_GRADE, Ground
from scheduler.engine.toxicity import Fired, Verdict, verdicts
from scheduler.protocol.meaning import GradeCondition, LabCondition
from scheduler.record.events import Attribution, LabResult, ToxicityGraded

ANY_TERM = "Any toxicity"
DEGREES = ("definite", "probable", "possible", "unlikely", "unrelated")
Mark = tuple[tuple[object, ...], tuple[bool, ...]]


@dataclass(frozen=True, slots=True)
class Letter:
    """An event without its day. `fires` tells that a rule fires or asks; `twin` that it stands beside another.

    `passed` tells that a rule names it, that it may be due to its drug, and that the rule neither fires nor asks.
    """

    event: ToxicityGraded | LabResult
    words: str
    fires: bool
    twin: bool = False
    rules: frozenset[int] = frozenset()
    holds: frozenset[str] = frozenset()
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Alphabet:
    """All letters, and how many events they stand for."""

    letters: tuple[Letter, ...]
    stands_for: int

    @property
    def firing(self) -> tuple[Letter, ...]:
        return tuple(letter for letter in self.letters if letter.fires and not letter.twin)


def alphabet(ground: Ground) -> Alphabet:
    """The letters of a protocol."""
    found = _Toxicities(ground, [])
    letters = [*found.letters(), *_laboratory(ground)]
    return Alphabet(tuple(letter for letter in letters if not _is_made_up(letter, letters)), found.seen + len(letters))


def _is_made_up(letter: Letter, letters: Iterable[Letter]) -> bool:
    """Whether an event does what two others do on one day, who hold nothing in common."""
    parts = [other for other in letters if other.rules < letter.rules and not other.twin]
    return any(
        one.rules | other.rules == letter.rules and not one.rules & other.rules and not one.holds & other.holds
        for one in parts
        for other in parts
    )


@dataclass(slots=True)
class _Toxicities:
    """Every term, grade and attribution, sorted by what the rules make of it."""

    ground: Ground
    known: list[Mark]
    seen: int = 0

    def letters(self) -> Iterator[Letter]:
        """One letter for each mark, and one twin of the first kind of toxicity that has two terms or more.

        A term with fewer grades than another is of its kind where the rules treat the grades that it has alike.
        """
        kinds: list[set[Mark]] = []
        twins = False
        terms = sorted(self._terms().items(), key=lambda found: -len(found[1]))
        for term, grades in terms:
            marks = {self._mark(self._event(term, grade, due)) for grade in grades for due in self._attributions()}
            self.seen += len(grades) * len(self._attributions())
            if not any(fired for fired, _ in marks):
                continue
            if not any(marks <= known for known in kinds):
                kinds.append(marks)
                yield from self._of_term(term, grades)
            elif not twins:
                twins = True
                yield from self._twins(term, grades)

    def _of_term(self, term: str, grades: Iterable[int]) -> Iterator[Letter]:
        mine: list[Mark] = []
        for grade in grades:
            for due in self._attributions():
                event = self._event(term, grade, due)
                mark = self._mark(event)
                if mark in mine or (mark[0] and mark in self.known):
                    continue
                mine.append(mark)
                self.known.append(mark)
                yield self._letter(event, fires=any(verdict != "no" for verdict, _ in self._verdicts(event)))

    def _twins(self, term: str, grades: Iterable[int]) -> Iterator[Letter]:
        """Its lowest grade that fires, and its end."""
        events = [self._event(term, grade, ()) for grade in grades]
        firing = next((e for e in events if any(v == "fires" for v, _ in self._verdicts(e))), None)
        if firing is not None:
            yield self._letter(firing, fires=True, twin=True)
            yield self._letter(events[0], fires=False, twin=True)

    def _letter(self, event: ToxicityGraded, *, fires: bool, twin: bool = False) -> Letter:
        found = self._verdicts(event)
        rules = [fired.rule for verdict, fired in found if verdict == "fires"]
        passed = any(verdict == "no" and passed_over(self.ground, fired, event) for verdict, fired in found)
        held = frozenset(key for rule in rules for key in rule.holds)
        return Letter(event, _words(event), fires, twin, frozenset(rule.place.line for rule in rules), held, passed)

    def _event(self, term: str, grade: int, due: tuple[Attribution, ...]) -> ToxicityGraded:
        return ToxicityGraded(DAY_1, term, grade, self.ground.protocol.criteria, due)

    def _verdicts(self, event: ToxicityGraded) -> list[tuple[Verdict, Fired]]:
        return verdicts(self.ground.protocol, event, self.ground.arm)

    def _mark(self, event: ToxicityGraded) -> Mark:
        """What the rules make of an event: which fire, put down to what, else whether any asks; which bounds it passes.

        A rule that neither fires nor asks although the event is at least possibly due to its drug counts as well.
        """
        attributed = self.ground.protocol.setting("reduction_applies_to") == "attributed_drug"
        tabled = {t.drug for t in self.ground.protocol.treatments if self.ground.tables[t.key]}
        found = self._verdicts(event)
        fired = tuple(
            (f.rule.place.line, tuple(sorted(tabled & set(f.drugs))) if attributed else ())
            for verdict, f in found
            if verdict == "fires"
        )
        asked = ("asks",) if not fired and any(verdict == "asks" for verdict, _ in found) else ()
        passed = [f for verdict, f in found if verdict == "no" and passed_over(self.ground, f, event)]
        bounds = [rule.until.grade for rule in self.ground.rules if rule.until and rule.until.grade is not None]
        return (*fired, *asked, *(f.rule.place.line for f in passed)), tuple(
            event.grade > bound for bound in sorted(set(bounds))
        )

    def _terms(self) -> dict[str, tuple[int, ...]]:
        """Terms with their grades, those that the rules name first."""
        criteria = self.ground.protocol.vocabulary
        conditions = [rule.condition for rule in self.ground.rules if isinstance(rule.condition, GradeCondition)]
        named = dict.fromkeys(term for condition in conditions for term in (*condition.terms, *condition.but_not))
        others = criteria.terms if criteria is not None else (ANY_TERM,)
        defined = criteria.grades if criteria is not None else lambda _: (1, 2, 3, 4)
        return {t: (0, *(g for g in defined(t) if g <= LAST_GRADE)) for t in (*named, *others)} if conditions else {}

    def _attributions(self) -> tuple[tuple[Attribution, ...], ...]:
        """Nobody has judged; one drug alone, in every degree; all drugs."""
        drugs = tuple(dict.fromkeys(treatment.drug for treatment in self.ground.protocol.treatments))
        alone = [
            tuple(Attribution(other, degree if other == drug else "unrelated") for other in drugs)
            for degree in DEGREES
            for drug in drugs
        ]
        return (*alone[: len(drugs)], (), *alone[len(drugs) :], tuple(Attribution(drug, "possible") for drug in drugs))


def passed_over(ground: Ground, fired: Fired, event: ToxicityGraded) -> bool:
    """Whether an event is at least possibly due to a drug that a rule looks at."""
    drugs = fired.rule.due_to or tuple(treatment.drug for treatment in ground.protocol.treatments)
    return any(a.drug in drugs and a.degree in DEGREES[:3] for a in event.due_to)


def _words(event: ToxicityGraded) -> str:
    judged = [f"{a.degree} for {a.drug}" for a in event.due_to if a.degree != "unrelated"]
    others = "unrelated to the others" if judged and len(judged) < len(event.due_to) else ""
    said = ", ".join([*judged, *([others] if others else [])])
    cause = said or ("unrelated to every drug" if event.due_to else "not judged yet")
    return f"{event.term}, grade {event.grade}" + (f"; {cause}" if event.grade else "")


def _laboratory(ground: Ground) -> Iterator[Letter]:
    """Of each test the values that lie just across each bound."""
    conditions: dict[str, list[LabCondition]] = {}
    for rule in ground.rules:
        own = [rule.condition] if isinstance(rule.condition, LabCondition) else []
        for condition in (*own, *(rule.until.laboratory if rule.until else ())):
            conditions.setdefault(condition.test.casefold(), []).append(condition)
    for found in conditions.values():
        known: set[tuple[bool, ...]] = set()
        for value in across(found):
            event = LabResult(DAY_1, found[0].test, value, found[0].unit)
            mark = tuple(lab_fires(condition, event) for condition in found)
            if mark not in known:
                known.add(mark)
                yield _value(ground, event)


def _value(ground: Ground, event: LabResult) -> Letter:
    rules = [r for r in ground.rules if isinstance(r.condition, LabCondition) and lab_fires(r.condition, event)]
    held = frozenset(key for rule in rules for key in rule.holds)
    words = f"laboratory: {event.test} {event.value:f} {event.unit}"
    return Letter(event, words, bool(rules), rules=frozenset(rule.place.line for rule in rules), holds=held)


def across(conditions: Iterable[LabCondition]) -> list[Decimal]:
    """The values at the bounds of some conditions on one test, and just beside them."""
    steps = (Decimal(-1), Decimal(0), Decimal(1))
    bounds = {c.value: Decimal(1).scaleb(min(0, int(c.value.as_tuple().exponent))) for c in conditions}
    return sorted({value + step * by for value, by in bounds.items() for step in steps})
