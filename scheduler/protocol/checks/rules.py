"""Hold rules against the toxicity criteria, and against each other."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.meaning import Decision, GradeCondition, Rule
from scheduler.protocol.wording import did_you_mean, listed


def grades_are_defined(c: Checking) -> None:
    """A rule on a named toxicity uses a term and a grade that the protocol's criteria define."""
    if c.criteria is None:
        if c.protocol.criteria:
            near = did_you_mean(c.protocol.criteria, c.known_criteria)
            c.problem(
                c.key_place("criteria"),
                "unknown-criteria",
                f"'{c.protocol.criteria}' is not a version of the toxicity criteria that is known here.{near}",
                f"Write {listed(c.known_criteria)}.",
            )
        return
    for rule in _all_rules(c):
        if isinstance(rule.condition, GradeCondition):
            for term in rule.condition.terms:
                _term_is_defined(c, c.criteria, rule, rule.condition.grades, term)


def _all_rules(c: Checking) -> list[Rule]:
    """Rules that are switched off are checked as well."""
    return [effect for s in c.protocol.statements for effect in s.effects if isinstance(effect, Rule)]


def _term_is_defined(c: Checking, criteria: Criteria, rule: Rule, grades: tuple[int, ...], term: str) -> None:
    if term not in criteria.terms:
        c.problem(
            rule.place,
            "unknown-term",
            f"'{term}' is not a term of {criteria.version} that is shipped here.{did_you_mean(term, criteria.terms)}",
            "Write the criteria's own term, word for word.",
        )
        return
    defined = criteria.grades(term)
    missing = [str(grade) for grade in grades if grade not in defined]
    if missing:
        c.problem(
            rule.place,
            "grade-not-defined",
            f"{criteria.version} defines no grade {listed(missing, 'and')} for {term}.",
            f"Use the grades that it defines: {', '.join(map(str, defined))}.",
        )


def rules_differ(c: Checking) -> None:
    seen: dict[tuple[object, ...], Rule] = {}
    for rule, _ in c.protocol.effects(Rule):
        other = seen.setdefault((rule.condition, rule.due_to, rule.holds, rule.propose), rule)
        if other is not rule:
            c.problem(
                rule.place,
                "rule-twice",
                f"The rule in line {other.place.line} fires on the same condition.",
                "Keep one of the two.",
            )


def answers_differ(c: Checking) -> None:
    for decision, _ in c.protocol.effects(Decision):
        both = sorted(set(decision.goes_on) & set(decision.ends))
        if both:
            c.problem(
                decision.place,
                "answer-twice",
                f"{', '.join(both)} both goes on and ends.",
                "Name each answer once.",
            )
