"""The closed list of policies: what a schedule depends on and papers leave unsaid.

A protocol that leaves a policy unsaid does not pass `check`. `bears_on` tells which reasons name it:
the amount of a dose, its date, its time of day, or nothing before a toxicity is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scheduler.protocol.meaning import (
    Assess,
    BeforeDay1,
    BeforeEach,
    DaysAfter,
    Give,
    GivenWhere,
    Rule,
    Supply,
    TiedTo,
)
from scheduler.protocol.model import Protocol

BearsOn = Literal["amount", "date", "time", "hold", "supply"]
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
ATTRIBUTIONS = ("unrelated", "unlikely", "possible", "probable", "definite", "not_assessed")
_ATTRIBUTION_LIST = rf"({'|'.join(ATTRIBUTIONS)})(, ({'|'.join(ATTRIBUTIONS)}))*"


@dataclass(frozen=True, slots=True)
class Policy:
    """One question. `choices` are words, or a pattern with an example for numbers."""

    name: str
    question: str
    bears_on: BearsOn
    asked: Callable[[Protocol], bool]
    choices: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""

    def accepts(self, value: str) -> bool:
        return value in self.choices or bool(self.pattern and re.fullmatch(self.pattern, value))

    @property
    def shown_choices(self) -> str:
        words = [*self.choices, *([f"a value like '{self.example}'"] if self.example else [])]
        return " or ".join(words)


def _always(_: Protocol) -> bool:
    return True


def _never(_: Protocol) -> bool:
    return False


def _per_size(protocol: Protocol) -> bool:
    return any(give.dose.rate is None or give.dose.rate.per for give, _ in protocol.effects(Give))


def _per_surface(protocol: Protocol) -> bool:
    return any(give.dose.rate is None or give.dose.rate.per == "m2" for give, _ in protocol.effects(Give))


def _in_clinic(protocol: Protocol) -> bool:
    return any(given.by == "clinic" for given, _ in protocol.effects(GivenWhere))


def _at_home(protocol: Protocol) -> bool:
    return any(given.by == "patient" for given, _ in protocol.effects(GivenWhere))


def _home_without_time(protocol: Protocol) -> bool:
    return any(
        not give.dose.at and not isinstance(give.when, TiedTo) and protocol.given_by(give.dose.treatment) == "patient"
        for give, _ in protocol.effects(Give)
    )


def _home_injection(protocol: Protocol) -> bool:
    return any(
        give.dose.route == "subcutaneous" and protocol.given_by(give.dose.treatment) == "patient"
        for give, _ in protocol.effects(Give)
    )


def _two_strengths_at_home(protocol: Protocol) -> bool:
    home = [t.drug for t in protocol.treatments if protocol.given_by(t.key) == "patient"]
    return len(set(home)) < len(home)


def _syringes(protocol: Protocol) -> bool:
    return any(supply.form == "pre-filled syringe" for supply, _ in protocol.effects(Supply))


def _holds(protocol: Protocol) -> bool:
    return any(rule.holds for rule, _ in protocol.effects(Rule))


def _lowers(protocol: Protocol) -> bool:
    return any(rule.resume not in (None, "same level") for rule, _ in protocol.effects(Rule))


def _dependent(protocol: Protocol) -> bool:
    return any(isinstance(give.when, DaysAfter | TiedTo) for give, _ in protocol.effects(Give))


def _tied(part: str) -> Callable[[Protocol], bool]:
    def asked(protocol: Protocol) -> bool:
        whens = [give.when for give, _ in protocol.effects(Give)]
        return any(isinstance(when, TiedTo) and (not part or when.part == part) for when in whens)

    return asked


def _blood_with_dose(protocol: Protocol) -> bool:
    return any(isinstance(assess.when, BeforeEach) for assess, _ in protocol.effects(Assess))


def _screening(protocol: Protocol) -> bool:
    return any(isinstance(a.when, BeforeDay1) and a.window is None for a, _ in protocol.effects(Assess))


POLICIES: tuple[Policy, ...] = (
    Policy(
        "cycle_anchor",
        "What is the next cycle counted from when a cycle starts late?",
        "date",
        _always,
        ("actual_day_1", "planned_day_1"),
    ),
    Policy(
        "closed_days",
        "What happens to a clinic day on a weekend or holiday?",
        "date",
        _in_clinic,
        ("shift_within_window", "flag_only"),
    ),
    Policy(
        "late_dose_within",
        "How many days late may a clinic dose still be given without asking the investigator?",
        "date",
        _in_clinic,
        pattern=r"\d{1,2} days?",
        example="7 days",
    ),
    Policy(
        "weight_used",
        "Which weight counts for a dose per kg or m2?",
        "amount",
        _per_size,
        ("day_1_of_cycle", "enrolment"),
    ),
    Policy(
        "recalculate_at",
        "From which change of weight on is a dose calculated again?",
        "amount",
        _per_size,
        ("any_change",),
        r"[1-9]\d? %",
        "10 %",
    ),
    Policy(
        "body_surface_area",
        "Which formula gives the body surface area?",
        "amount",
        _per_surface,
        ("mosteller", "du_bois", "haycock", "gehan_george", "boyd"),
    ),
    Policy(
        "surface_area_cap",
        "Is there an upper limit to the body surface area?",
        "amount",
        _per_surface,
        ("none",),
        r"[12](\.\d{1,2})? m2",
        "2 m2",
    ),
    Policy(
        "home_dose_time",
        "At what time of day is a home dose taken?",
        "time",
        _home_without_time,
        pattern=CLOCK,
        example="20:00",
    ),
    Policy(
        "home_dose_window",
        "How far from that time may a home dose be taken?",
        "time",
        _at_home,
        pattern=r"\d{1,2} hours?",
        example="2 hours",
    ),
    Policy(
        "missed_dose",
        "What becomes of a home dose that was missed?",
        "date",
        _at_home,
        ("skip", "same_day_or_skip"),
    ),
    Policy(
        "first_home_dose",
        "Where is the first injection of a home treatment given?",
        "date",
        _home_injection,
        ("home", "observed_in_clinic"),
    ),
    Policy(
        "gap_before_next_cycle",
        "What is taken at home on the days before a late day 1?",
        "date",
        _at_home,
        ("no_doses", "last_block_continues"),
    ),
    Policy(
        "go_no_go",
        "Which visit releases the home doses that follow it?",
        "date",
        _at_home,
        ("day_1_of_cycle", "every_toxicity_visit"),
    ),
    Policy(
        "beyond_use_time",
        "How long does a syringe keep once it is drawn up?",
        "supply",
        _syringes,
        pattern=r"\d{1,3} hours",
        example="48 hours",
    ),
    Policy(
        "packages",
        "Are two strengths of a home drug packed together?",
        "supply",
        _two_strengths_at_home,
        ("per_strength", "together"),
    ),
    Policy(
        "screening_window",
        "How long before day 1 may a screening examination be?",
        "date",
        _screening,
        pattern=r"\d{1,3} days",
        example="28 days",
    ),
    Policy(
        "evening_time",
        "At what time is a premedication of the evening before taken?",
        "time",
        _tied("evening before"),
        pattern=CLOCK,
        example="21:00",
    ),
    Policy(
        "morning_time",
        "At what time is a premedication of the same morning taken?",
        "time",
        _tied("morning of"),
        pattern=CLOCK,
        example="07:00",
    ),
    Policy(
        "forgotten_premedication",
        "What happens when a premedication was forgotten?",
        "date",
        _tied(""),
        ("ask_in_clinic", "give_in_clinic"),
    ),
    Policy(
        "dependent_days",
        "Do days counted from another dose follow the day it was really given?",
        "date",
        _dependent,
        ("follow_actual_day", "keep_planned_day"),
    ),
    Policy(
        "dependent_dose_when_omitted",
        "Is a dose given when the dose it follows was left out?",
        "date",
        _dependent,
        ("not_given", "given"),
    ),
    Policy(
        "blood_when_held",
        "Is blood drawn before a dose that is held?",
        "hold",
        _blood_with_dose,
        ("skipped", "drawn"),
    ),
    Policy(
        "hold_starts",
        "With which dose does a hold begin?",
        "hold",
        _holds,
        ("first_dose_after_report", "day_of_onset"),
    ),
    Policy("held_doses", "Are held doses made up?", "hold", _holds, ("skipped", "made_up")),
    Policy("clock_during_hold", "Does the cycle go on during a hold?", "hold", _holds, ("runs", "stops")),
    Policy(
        "resume_at",
        "Where does treatment go on after a hold?",
        "hold",
        _holds,
        ("cycle_day", "interrupted_block", "next_week"),
    ),
    Policy(
        "not_held",
        "What happens to treatments that the rule does not hold?",
        "hold",
        _holds,
        ("continue", "held_too"),
    ),
    Policy(
        "longest_hold",
        "After how long a hold is stopping proposed?",
        "hold",
        _holds,
        ("none",),
        r"\d{1,3} days",
        "28 days",
    ),
    Policy(
        "longest_hold_counts_from",
        "From when is the length of a hold counted?",
        "hold",
        _holds,
        ("first_withheld_dose", "report", "onset"),
    ),
    Policy(
        "resolved_means",
        "When is a toxicity resolved?",
        "hold",
        _holds,
        ("grade_1_or_baseline", "grade_1", "grade_0", "as_the_rule_says"),
    ),
    Policy(
        "conflicting_rules",
        "Which rule wins when several apply?",
        "hold",
        _holds,
        ("most_restrictive", "first_event"),
    ),
    Policy(
        "reductions_per_episode",
        "How many reductions does one episode bring?",
        "hold",
        _lowers,
        ("one", "one_per_event"),
    ),
    Policy(
        "reduction_applies_to",
        "Which treatments are reduced after a hold?",
        "hold",
        _lowers,
        ("all_held", "attributed_drug", "strength_in_use"),
    ),
    Policy(
        "re_escalation",
        "May a reduced dose be raised again?",
        "hold",
        _lowers,
        ("never", "investigator"),
    ),
    Policy(
        "below_lowest_level",
        "What follows when a reduction is due and no lower level is left?",
        "hold",
        _lowers,
        ("propose_stopping", "propose_removal"),
    ),
    Policy(
        "attribution_fires",
        "Which attributions make a toxicity count?",
        "hold",
        _holds,
        ("any",),
        _ATTRIBUTION_LIST,
        "possible, probable, definite",
    ),
    Policy(
        "attribution_asks",
        "Which attributions bring a question to a person?",
        "hold",
        _holds,
        ("none",),
        _ATTRIBUTION_LIST,
        "unlikely",
    ),
    Policy(
        "expected_effects",
        "Do expected laboratory effects count as toxicity?",
        "hold",
        _holds,
        ("counted", "exempt"),
    ),
    Policy(
        "corticosteroids",
        "What does a corticosteroid in the record bring?",
        "hold",
        _never,
        ("warn", "ignore"),
    ),
    Policy(
        "label_premedication",
        "Is premedication of the label that the protocol lacks warned about?",
        "date",
        _never,
        ("warn", "ignore"),
    ),
)
BY_NAME = {policy.name: policy for policy in POLICIES}
