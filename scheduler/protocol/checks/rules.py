"""Hold rules against the toxicity criteria, and against each other."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.meaning import GradeCondition, LabCondition, Rule
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.quantities import shown_number

LAST_GRADE = 4
"""Grade 5 is death; a rule has nothing to hold then."""


def _all_rules(c: Checking) -> list[Rule]:
    """Rules that are switched off are checked as well."""
    return [effect for s in c.protocol.statements for effect in s.effects if isinstance(effect, Rule)]


def grades_are_defined(c: Checking) -> None:
    """A rule on a named toxicity uses a term and a grade that the protocol's criteria define."""
    if c.criteria is None:
        if c.protocol.criteria:
            near = did_you_mean(c.protocol.criteria, c.known_criteria)
            c.problem(
                c.word_place(c.key_place("criteria"), c.protocol.criteria),
                "unknown-criteria",
                f"'{c.protocol.criteria}' is not a version of the toxicity criteria that is known here.{near}",
                f"Write {listed(c.known_criteria)}.",
            )
        return
    for rule in _all_rules(c):
        if isinstance(rule.condition, GradeCondition):
            for term in rule.condition.terms:
                _term_is_defined(c, c.criteria, rule, rule.condition, term)


def _term_is_defined(c: Checking, criteria: Criteria, rule: Rule, condition: GradeCondition, term: str) -> None:
    place = c.word_place(rule.place, term)
    if term not in criteria.terms:
        c.problem(
            place,
            "unknown-term",
            f"'{term}' is not a term of {criteria.version} that is known here.{did_you_mean(term, criteria.terms)}",
            "Write the criteria's own term, word for word.",
        )
        return
    defined = criteria.grades(term)
    missing = [str(grade) for grade in condition.grades if grade not in defined]
    if missing and (len(missing) == len(condition.grades) or max(condition.grades) < 5):
        c.problem(
            place,
            "grade-not-defined",
            f"{criteria.version} defines no grade {listed(missing, 'or')} for {term}.",
            f"Use the grades that it defines: {', '.join(map(str, defined))}.",
        )
    if condition.kind != "any" and (condition.kind == "haematologic") != criteria.is_haematologic(term):
        c.problem(
            place,
            "term-of-other-kind",
            f"{term} is {'not ' if condition.kind == 'haematologic' else ''}haematologic, so this rule never fires.",
            f"Take out '{condition.kind}', or correct the term.",
        )


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
        and its.kind in ("any", mine.kind)
        and (not its.terms or term in its.terms)
        and (not other.due_to or (bool(rule.due_to) and set(rule.due_to) <= set(other.due_to)))
    )


def rules_differ(c: Checking) -> None:
    seen: dict[tuple[object, ...], Rule] = {}
    for rule, _ in c.protocol.effects(Rule):
        other = seen.setdefault((rule.condition, rule.due_to, rule.holds, rule.propose), rule)
        if other is not rule:
            c.problem(
                rule.place,
                "rule-twice",
                f"The rule in line {other.place.line} fires on the same condition and holds the same.",
                "Keep one of the two.",
            )


def holds_can_end(c: Checking) -> None:
    """What ends a hold is better than what began it, and no longest hold is shorter than the least."""
    for rule in _all_rules(c):
        condition, until = rule.condition, rule.until
        if rule.at_least is not None and rule.at_most is not None and rule.at_least > rule.at_most:
            c.problem(
                c.word_place(rule.place, "at_most"),
                "hold-shorter-than-least",
                f"This hold lasts at least {rule.at_least} days and at most {rule.at_most}.",
                "Correct one of the two.",
            )
        if until is None:
            continue
        place = c.word_place(rule.place, "until")
        if isinstance(condition, LabCondition) and until.grade is not None:
            c.problem(
                place,
                "until-of-other-kind",
                f"A value of {condition.test} begins this hold, and a grade is to end it.",
                f"Write a value, like '{_opposite(condition)}'.",
            )
        elif isinstance(condition, GradeCondition) and until.grade is not None and until.grade >= min(condition.grades):
            c.problem(
                place,
                "until-too-early",
                f"Grade {min(condition.grades)} begins this hold, and grade {until.grade} ends it.",
                f"Write a lower grade, like 'grade {max(0, min(condition.grades) - 1)}'.",
            )
        elif isinstance(condition, LabCondition) and any(_still_fires(condition, end) for end in until.laboratory):
            c.problem(
                place,
                "until-too-early",
                f"The hold can end with {condition.test} {condition.comparison} {shown_number(condition.value)} still.",
                "Write the value from which on doses may go on.",
            )


def _opposite(condition: LabCondition) -> str:
    """The value at which a hold on a value is over."""
    opposites = {"below": "at least", "at most": "above", "above": "at most", "at least": "below"}
    value = f"{shown_number(condition.value)} {condition.unit}"
    return f"laboratory {condition.test} {opposites[condition.comparison]} {value}"


def _still_fires(condition: LabCondition, end: LabCondition) -> bool:
    """Whether a value can meet the end of a hold and its beginning."""
    if (end.test.casefold(), end.unit) != (condition.test.casefold(), condition.unit):
        return False
    falls = condition.comparison in ("below", "at most")
    if falls == (end.comparison in ("below", "at most")):
        return True
    apart = end.value - condition.value if falls else condition.value - end.value
    touching = {condition.comparison, end.comparison} == {"at most", "at least"}
    return apart < 0 or (apart == 0 and touching)


def until_agrees_with_the_policy(c: Checking) -> None:
    """The policy on what is resolved says the same as every rule, or leaves it to the rules."""
    said = next((s for s, _ in c.protocol.settings() if s.policy == "resolved_means"), None)
    meant = said.value.replace("_", " ") if said is not None else ""
    for rule, _ in c.protocol.effects(Rule):
        silent = rule.until is None or rule.until.grade is None or not rule.holds
        if silent or said is None or rule.until is None or not meant.startswith("grade"):
            continue
        says = f"grade {rule.until.grade}{' or baseline' if rule.until.or_baseline else ''}"
        if says != meant:
            c.problem(
                c.word_place(rule.place, "until"),
                "until-against-policy",
                f"This hold ends at {says}, and line {said.place.line} says that resolved means {meant}.",
                f"Write 'until: {meant}', or 'resolved_means: as_the_rule_says' there.",
            )


def tests_have_one_unit(c: Checking) -> None:
    """A laboratory test is looked at in one unit, or its values would be passed over."""
    first: dict[str, tuple[LabCondition, Rule]] = {}
    for rule in _all_rules(c):
        looked_at = [rule.condition] if isinstance(rule.condition, LabCondition) else []
        for condition in (*looked_at, *(rule.until.laboratory if rule.until else ())):
            other, there = first.setdefault(condition.test.casefold(), (condition, rule))
            if other.unit != condition.unit:
                c.problem(
                    c.word_place(rule.place, condition.unit),
                    "test-in-two-units",
                    f"{condition.test} is in '{condition.unit}' here and in '{other.unit}' in the rule of line "
                    f"{there.place.line}.",
                    "Write all values of a test in one unit.",
                )
