"""Hold rules against the toxicity criteria, and against each other."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.meaning import GradeCondition, LabCondition, Rule
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.quantities import shown_number


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
            for term in rule.condition.but_not:
                _is_term(c, c.criteria, rule, term)
            for term in rule.condition.terms:
                if _is_term(c, c.criteria, rule, term):
                    _term_is_defined(c, c.criteria, rule, rule.condition, term)


def _or_load(criteria: Criteria) -> str:
    """The short list that is shipped leaves out most terms."""
    return "" if criteria.loaded else ", or load the full list with c1d1 criteria load FILE"


def _is_term(c: Checking, criteria: Criteria, rule: Rule, term: str) -> bool:
    if term not in criteria.terms:
        c.problem(
            c.word_place(rule.place, term),
            "unknown-term",
            f"'{term}' is not a term of {criteria.version} that is known here.{did_you_mean(term, criteria.terms)}",
            f"Write the criteria's own term, word for word{_or_load(criteria)}.",
        )
    return term in criteria.terms


def _term_is_defined(c: Checking, criteria: Criteria, rule: Rule, condition: GradeCondition, term: str) -> None:
    place = c.word_place(rule.place, term)
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


def rules_differ(c: Checking) -> None:
    seen: dict[tuple[object, ...], Rule] = {}
    for rule, _ in c.protocol.effects(Rule):
        other = seen.setdefault((rule.condition, rule.due_to, rule.holds, rule.propose, rule.arms, rule.cycles), rule)
        if other is not rule:
            c.problem(
                rule.place,
                "rule-twice",
                f"The rule in line {other.place.line} fires on the same condition and holds the same.",
                "Keep one of the two.",
            )


def least_holds_fit(c: Checking) -> None:
    """No longest hold is shorter than the least."""
    policy = c.protocol.setting("longest_hold").split(" ")[0]
    for rule in _all_rules(c):
        longest = rule.at_most or (int(policy) if policy.isdigit() else None)
        if rule.at_least is None or longest is None or rule.at_least <= longest:
            continue
        if rule.at_most is not None:
            what = f"This hold lasts at least {rule.at_least} days and at most {longest}."
            mend = "Correct one of the two."
        else:
            what = f"This hold lasts at least {rule.at_least} days, and 'longest_hold' is {longest} days."
            mend = "Correct one of the two, or give the rule its own 'at_most'."
        place = c.word_place(rule.place, "at_most" if rule.at_most else "at_least")
        c.problem(place, "hold-shorter-than-least", what, mend)


def holds_can_end(c: Checking) -> None:
    """What ends a hold is better than what began it."""
    for rule in _all_rules(c):
        condition, until = rule.condition, rule.until
        if until is None:
            continue
        place = c.word_place(rule.place, "until")
        if isinstance(condition, GradeCondition):
            if until.grade is not None and until.grade >= min(condition.grades):
                lowest = min(condition.grades)
                what = f"Grade {lowest} begins this hold, and grade {until.grade} ends it."
                c.problem(place, "until-too-early", what, f"Write a lower grade, like 'grade {lowest - 1}'.")
        elif until.grade is not None:
            what = f"A value of {condition.test} begins this hold, and a grade is to end it."
            c.problem(place, "until-of-other-kind", what, f"Write a value, like '{_opposite(condition)}'.")
        elif any(_still_fires(condition, end) for end in until.laboratory):
            value = f"{condition.comparison} {shown_number(condition.value)}"
            what = f"The hold can end with {condition.test} {value} still."
            c.problem(place, "until-too-early", what, "Write the value from which on doses may go on.")


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


def exemptions_agree_with_the_policy(c: Checking) -> None:
    """Where expected effects are exempt, some rule says which; where they count, none exempts any."""
    said = next((s for s, _ in c.protocol.settings() if s.policy == "expected_effects"), None)
    exempting = next((rule for rule, _ in c.protocol.effects(Rule) if _exempts(rule)), None)
    if said is None or (said.value == "exempt") == (exempting is not None):
        return
    if exempting is None:
        what = "Laboratory effects are exempt here, and no rule says which ones."
        mend = "Write them into a rule, like 'when: grade 3-4 except Lymphopenia', or write 'counted' here."
        c.problem(c.word_place(said.place, said.value), "exemption-without-rule", what, mend)
    else:
        what = f"This rule exempts toxicities, and line {said.place.line} says that none is exempt."
        mend = "Write 'expected_effects: exempt' there, or take the exemption out."
        c.problem(c.word_place(exempting.place, "except"), "exemption-against-policy", what, mend)


def _exempts(rule: Rule) -> bool:
    return isinstance(rule.condition, GradeCondition) and bool(rule.condition.but_not)


def going_on_agrees_with_the_clock(c: Checking) -> None:
    """Treatment goes on with the next week only where the clock has stopped: else it goes on with the day's dose."""
    resume = next((s for s, _ in c.protocol.settings() if s.policy == "resume_at"), None)
    if resume is not None and resume.value == "next_week" and c.protocol.setting("clock_during_hold") == "runs":
        c.problem(
            c.word_place(resume.place, resume.value),
            "next-week-without-stop",
            "Treatment is to go on with the next week here, and the clock runs during a hold.",
            "Write 'resume_at: cycle_day', or 'clock_during_hold: stops'.",
        )
