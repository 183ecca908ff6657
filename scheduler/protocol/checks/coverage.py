"""What rules leave uncovered: a higher grade, another occurrence, the other strength of a drug."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import GradeCondition, Rule
from scheduler.protocol.rules import OCCURRENCES

LAST_GRADE = 4
"""Grade 5 is death; a rule has nothing to hold then."""

_NAMES = {number: word for word, number in OCCURRENCES.items()}


def higher_grades_have_a_rule(c: Checking) -> None:
    """Where a grade holds doses, every higher grade of the same toxicity holds or proposes something too."""
    rules = [rule for rule, _ in c.protocol.effects(Rule)]
    for rule in rules:
        condition = rule.condition
        if not isinstance(condition, GradeCondition) or not rule.holds:
            continue
        for grade in range(max(condition.grades) + 1, LAST_GRADE + 1):
            terms = condition.terms or ("",)
            uncovered = [
                t for t in terms if _can_occur(c, t, grade) and not any(_covers(o, rule, grade, t) for o in rules)
            ]
            if uncovered:
                of = f" of {uncovered[0]}" if uncovered[0] else ""
                c.problem(
                    c.word_place(rule.place, "grade"),
                    "no-rule-above",
                    f"Grade {max(condition.grades)}{of} holds doses here, and no rule says what grade {grade} does.",
                    f"Write 'grade {min(condition.grades)}+' here, or add a rule for grade {grade}.",
                )
                break


def _can_occur(c: Checking, term: str, grade: int) -> bool:
    return not term or c.criteria is None or grade in c.criteria.grades(term)


def _covers(other: Rule, rule: Rule, grade: int, term: str) -> bool:
    """Whether another rule fires on a grade of a toxicity wherever the first one would."""
    mine, its = rule.condition, other.condition
    return (
        isinstance(mine, GradeCondition)
        and isinstance(its, GradeCondition)
        and grade in its.grades
        and (other.cycles is None or other.cycles == rule.cycles)
        and (not other.arms or (bool(rule.arms) and set(rule.arms) <= set(other.arms)))
        and its.kind in ("any", mine.kind)
        and (not its.terms or term in its.terms)
        and (term not in its.but_not if term else set(its.but_not) <= set(mine.but_not))
        and (not other.due_to or (bool(rule.due_to) and set(rule.due_to) <= set(other.due_to)))
    )


def every_occurrence_has_a_rule(c: Checking) -> None:
    """Where the second time holds doses, the first does so too; what is written last counts for all that follow."""
    rules = [rule for rule, _ in c.protocol.effects(Rule)]
    for rule in rules:
        nth = rule.condition.occurrence if isinstance(rule.condition, GradeCondition) else 0
        if nth > 1 and rule.holds and not _says(rules, rule, nth - 1):
            before, word = _NAMES[nth - 1], _NAMES[nth]
            c.problem(
                c.word_place(rule.place, word),
                "no-rule-for-occurrence",
                f"The {word} of these toxicities holds doses, and no rule says what the {before} does.",
                f"Add a rule for the {before}, or take the word '{word}' out.",
            )


def _says(rules: list[Rule], rule: Rule, occurrence: int) -> bool:
    """Whether some rule fires on another occurrence of all that a rule fires on."""
    condition = rule.condition
    if not isinstance(condition, GradeCondition):
        return True
    candidates = [
        r for r in rules if isinstance(r.condition, GradeCondition) and r.condition.occurrence in (0, occurrence)
    ]
    return all(
        any(_covers(other, rule, grade, term) for other in candidates)
        for grade in condition.grades
        for term in condition.terms or ("",)
    )


def drugs_are_held_whole(c: Checking) -> None:
    """A rule holds all strengths of a drug or none, and at least one drug that it is about."""
    for rule, _ in c.protocol.effects(Rule):
        held = {c.protocol.treatment(key).drug: key for key in rule.holds}
        left = [t for t in c.protocol.treatments if t.drug in held and t.key not in rule.holds]
        place = c.word_place(rule.place, "hold")
        if left:
            what = f"This rule holds {held[left[0].drug]} and not {left[0].key}, which is the same drug."
            c.problem(place, "drug-held-in-part", what, f"Write '{left[0].key}' here as well, or 'all'.")
        if rule.due_to and held and not set(rule.due_to) & set(held):
            what = f"This rule is about {' and '.join(rule.due_to)} and holds only {', '.join(held)}."
            c.problem(place, "other-drug-held", what, "Correct 'due_to' or 'hold'.")
