"""Checks across the statements of a protocol: what no single sentence can show to be wrong.

`check` runs all of them. Those that look for something missing wait until every sentence could be read,
so that one slip of the pen is not reported twice.
"""

from __future__ import annotations

from scheduler.problems import Problem
from scheduler.protocol.checks import days, doses, levels, rules, unsaid
from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.located_yaml import Document
from scheduler.protocol.model import Protocol

CONFLICTS = (
    days.cycles_overlap,
    days.days_in_cycle,
    days.windows_in_cycle,
    days.nothing_goes_in_circles,
    doses.one_strength_a_day,
    doses.marks_differ,
    doses.no_night_doses,
    doses.one_basis,
    levels.levels_fall,
    levels.levels_start_at_the_dose,
    rules.grades_are_defined,
    rules.rules_differ,
    rules.answers_differ,
    unsaid.said_once,
    unsaid.conflicts_follow_a_side,
)
GAPS = (
    days.every_cycle_has_a_length,
    days.followed_doses_are_given,
    doses.everything_is_used,
    doses.every_arm_has_a_dose,
    levels.a_level_below_exists,
    unsaid.policies,
    unsaid.givers,
    unsaid.windows,
    unsaid.infusion_times,
    unsaid.order_within_a_day,
    unsaid.an_end,
    unsaid.approval,
)


def check(
    document: Document,
    protocol: Protocol,
    criteria: Criteria | None,
    known: tuple[str, ...],
    *,
    whole: bool,
) -> list[Problem]:
    """Every problem between statements; `whole` when every sentence was read, `known` are criteria versions."""
    c = Checking(document, protocol, criteria, known)
    for look in (*CONFLICTS, *(GAPS if whole else ())):
        look(c)
    return c.problems
