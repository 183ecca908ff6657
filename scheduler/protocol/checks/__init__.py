"""Checks across the statements of a protocol: what no single sentence can show to be wrong.

`check` runs all of them. One that looks for something missing waits until every line of the blocks that it
looks into could be read, so that one slip of the pen is not reported twice.
"""

from __future__ import annotations

from collections.abc import Callable

from scheduler.problems import Problem
from scheduler.protocol.checks import bands, circles, coverage, days, doses, home, levels, rules, statements, unsaid
from scheduler.protocol.checks.checking import DAYS, Checking, Enough
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.located_yaml import Document
from scheduler.protocol.model import Protocol
from scheduler.protocol.reading import EVERYTHING

Check = Callable[[Checking], None]

CONFLICTS: tuple[Check, ...] = (
    circles.nothing_goes_in_circles,
    days.cycles_overlap,
    days.every_line_is_reached,
    doses.every_dose_has_a_day,
    doses.one_basis,
    doses.doses_are_not_far_apart,
    doses.infusion_times_differ,
    bands.bands_are_one_table,
    bands.sizes_have_no_levels,
    home.marks_differ,
    home.no_infusion_at_home,
    home.clinic_sets_its_times,
    home.no_night_doses,
    home.home_times_stay_on_their_day,
    home.products_hold_one_drug,
    levels.levels_fall,
    rules.grades_are_defined,
    rules.rules_differ,
    rules.least_holds_fit,
    rules.holds_can_end,
    rules.tests_have_one_unit,
    rules.until_agrees_with_the_policy,
    rules.exemptions_agree_with_the_policy,
    rules.going_on_agrees_with_the_clock,
    coverage.drugs_are_held_whole,
    statements.said_once,
    statements.answers_differ,
    statements.attributions_differ,
    statements.attributions_have_no_gap,
    statements.citations_differ,
    statements.conflicts_follow_a_side,
    statements.doses_are_not_switched_off,
    statements.approval,
)
BY_DAYS: tuple[Check, ...] = (
    days.days_in_cycle,
    days.windows_fit,
    days.doses_keep_their_distance,
    doses.one_strength_a_day,
    doses.nothing_is_done_twice,
)
GAPS: tuple[tuple[Check, frozenset[str]], ...] = (
    (days.every_cycle_has_a_length, frozenset({"cycles"})),
    (days.followed_doses_are_given, frozenset({"give"})),
    (circles.order_within_a_day, frozenset({"order", "give", "assess"})),
    (doses.everything_is_used, frozenset({"give", "assess"})),
    (doses.every_arm_has_a_dose, frozenset({"give"})),
    (doses.every_cycle_has_a_dose, frozenset({"give", "cycles", "end"})),
    (doses.infusion_times, frozenset({"infuse", "give"})),
    (doses.infusion_times_are_used, frozenset({"give"})),
    (bands.bands_cover_everybody, frozenset({"bands"})),
    (bands.bands_are_used, frozenset({"bands", "give"})),
    (home.forms_fit, frozenset({"given_by", "give"})),
    (levels.levels_have_no_gaps, frozenset({"levels"})),
    (levels.levels_start_at_the_dose, frozenset({"give"})),
    (levels.a_level_below_exists, frozenset({"levels", "give"})),
    (coverage.higher_grades_have_a_rule, frozenset({"rules"})),
    (coverage.every_occurrence_has_a_rule, frozenset({"rules"})),
    (statements.answers_are_complete, frozenset({"decide"})),
    (unsaid.policies, frozenset({"set"})),
    (unsaid.givers, frozenset({"given_by"})),
    (unsaid.windows, frozenset({"window"})),
    (unsaid.an_end, frozenset({"end"})),
)


def check(
    document: Document,
    protocol: Protocol,
    criteria: Criteria | None,
    known: tuple[str, ...],
    *,
    lost: frozenset[str] = frozenset(),
) -> list[Problem]:
    """Every problem between statements; `lost` are blocks that could not all be read, `known` criteria versions."""
    c = Checking(document, protocol, criteria, known, lost)
    try:
        for look in CONFLICTS:
            look(c)
        for look in BY_DAYS if DAYS not in c.lost else ():
            look(c)
        for look, blocks in GAPS:
            if EVERYTHING not in c.lost and not blocks & c.lost:
                look(c)
    except Enough:
        pass
    return c.problems
