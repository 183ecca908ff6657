"""The closed list of policies: what a schedule depends on and papers leave unsaid.

A protocol that leaves a policy unsaid does not pass `check`. `bears_on` tells which doses name it among
their reasons: those with a calculated amount, all (date), those in the clinic, at home, with a time of day,
tied to or following another dose; a policy on taking, holding or supplying says nothing about a planned dose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scheduler.protocol import occasions
from scheduler.protocol.model import Protocol

BearsOn = Literal["amount", "date", "clinic", "home", "time", "premedication", "followed", "taking", "hold", "supply"]
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
        return value in self.choices or bool(self.pattern and re.fullmatch(self.pattern, value, re.ASCII))

    @property
    def shown_choices(self) -> str:
        words = [*self.choices, *([f"a value like '{self.example}'"] if self.example else [])]
        return " or ".join(words)


POLICIES: tuple[Policy, ...] = (
    Policy(
        "cycle_anchor",
        "What is the next cycle counted from when a cycle starts late?",
        "date",
        occasions.always,
        ("actual_day_1", "planned_day_1"),
    ),
    Policy(
        "closed_days",
        "What happens to a clinic day on a weekend or holiday?",
        "clinic",
        occasions.in_clinic,
        ("shift_within_window",),
    ),
    Policy(
        "late_dose_within",
        "How many days late may a clinic dose still be given without asking the investigator?",
        "clinic",
        occasions.in_clinic,
        pattern=r"(\d|1\d|2[0-8]) days?",
        example="7 days",
    ),
    Policy(
        "weight_used",
        "Which weight counts for a dose per kg or m2?",
        "amount",
        occasions.per_size,
        ("day_1_of_cycle", "enrolment"),
    ),
    Policy(
        "weight_not_older_than",
        "How old may the last weight be on day 1 of a cycle?",
        "amount",
        occasions.never,
        pattern=r"([1-9]|[1-8]\d|90) days?",
        example="28 days",
    ),
    Policy(
        "recalculate_at",
        "From which change of weight on is a dose calculated again?",
        "amount",
        occasions.per_size,
        ("any_change",),
        r"([1-9]|1\d|2[0-5]) %",
        "10 %",
    ),
    Policy(
        "body_surface_area",
        "Which formula gives the body surface area?",
        "amount",
        occasions.per_surface,
        ("mosteller", "du_bois", "haycock", "gehan_george", "boyd"),
    ),
    Policy(
        "surface_area_cap",
        "Is there an upper limit to the body surface area?",
        "amount",
        occasions.per_surface,
        ("none",),
        r"(1\.[5-9]\d?|2(\.\d{1,2})?) m2",
        "2 m2",
    ),
    Policy(
        "home_dose_time",
        "At what time of day is a home dose taken?",
        "time",
        occasions.home_without_time,
        pattern=CLOCK,
        example="20:00",
    ),
    Policy(
        "home_dose_window",
        "How far from that time may a home dose be taken?",
        "home",
        occasions.at_home,
        pattern=r"(\d|1[0-2]) hours?",
        example="2 hours",
    ),
    Policy(
        "missed_dose",
        "What becomes of a home dose that was missed?",
        "taking",
        occasions.at_home,
        ("skip", "same_day_or_skip"),
    ),
    Policy(
        "first_home_dose",
        "Where is the first injection of a home treatment given?",
        "home",
        occasions.home_injection,
        ("home", "observed_in_clinic"),
    ),
    Policy(
        "gap_before_next_cycle",
        "What is taken at home on the days before a late day 1?",
        "taking",
        occasions.at_home,
        ("no_doses",),
    ),
    Policy(
        "go_no_go",
        "Which visit releases the home doses that follow it?",
        "taking",
        occasions.at_home,
        ("day_1_of_cycle", "every_toxicity_visit"),
    ),
    Policy(
        "beyond_use_time",
        "How long does a syringe keep once it is drawn up?",
        "supply",
        occasions.syringes,
        pattern=r"[1-9]\d{0,2} hours?",
        example="48 hours",
    ),
    Policy(
        "packages",
        "Are two strengths of a home drug packed together?",
        "supply",
        occasions.two_strengths_at_home,
        ("per_strength",),
    ),
    Policy(
        "screening_window",
        "How long before day 1 may a screening examination be?",
        "taking",
        occasions.screening,
        pattern=r"([1-9]\d?|1[0-7]\d|180) days?",
        example="28 days",
    ),
    Policy(
        "evening_time",
        "At what time is a premedication of the evening before taken?",
        "premedication",
        occasions.tied("evening before"),
        pattern=r"(1[2-9]|2[0-3]):[0-5]\d",
        example="21:00",
    ),
    Policy(
        "morning_time",
        "At what time is a premedication of the same morning taken?",
        "premedication",
        occasions.tied("morning of"),
        pattern=r"(0\d|1[01]):[0-5]\d",
        example="07:00",
    ),
    Policy(
        "forgotten_premedication",
        "What happens when a premedication was forgotten?",
        "taking",
        occasions.tied(""),
        ("ask_in_clinic", "give_in_clinic"),
    ),
    Policy(
        "dependent_days",
        "Do days counted from another dose follow the day it was really given?",
        "followed",
        occasions.dependent,
        ("follow_actual_day", "keep_planned_day"),
    ),
    Policy(
        "dependent_dose_when_omitted",
        "Is a dose given when the dose it follows was left out?",
        "followed",
        occasions.dependent,
        ("not_given", "given"),
    ),
    Policy(
        "blood_when_held",
        "Is blood drawn before a dose that is held?",
        "hold",
        occasions.blood_with_dose,
        ("skipped", "drawn"),
    ),
    Policy(
        "hold_starts",
        "With which dose does a hold begin?",
        "hold",
        occasions.holds,
        ("first_dose_after_report",),
    ),
    Policy("held_doses", "Are held doses made up?", "hold", occasions.holds, ("skipped",)),
    Policy(
        "clock_during_hold",
        "Does the cycle go on during a hold?",
        "hold",
        occasions.holds,
        ("runs", "stops"),
    ),
    Policy(
        "resume_at",
        "Where does treatment go on after a hold?",
        "hold",
        occasions.holds,
        ("cycle_day", "next_week"),
    ),
    Policy(
        "not_held",
        "What happens to treatments that the rule does not hold?",
        "hold",
        occasions.holds,
        ("continue",),
    ),
    Policy(
        "longest_hold",
        "After how long a hold is stopping proposed?",
        "hold",
        occasions.holds,
        ("none",),
        r"[1-9]\d{0,2} days?",
        "28 days",
    ),
    Policy(
        "longest_hold_counts_from",
        "From when is the length of a hold counted?",
        "hold",
        occasions.holds,
        ("first_withheld_dose", "report"),
    ),
    Policy(
        "resolved_means",
        "When is a toxicity resolved?",
        "hold",
        occasions.holds,
        ("grade_1_or_baseline", "grade_1", "grade_0", "as_the_rule_says"),
    ),
    Policy(
        "conflicting_rules",
        "Which rule wins when several apply?",
        "hold",
        occasions.holds,
        ("most_restrictive",),
    ),
    Policy(
        "reductions_per_episode",
        "How many reductions does one episode bring?",
        "hold",
        occasions.lowers,
        ("one",),
    ),
    Policy(
        "reduction_applies_to",
        "Which treatments are reduced after a hold?",
        "hold",
        occasions.lowers,
        ("all_held", "attributed_drug"),
    ),
    Policy(
        "re_escalation",
        "May a reduced dose be raised again?",
        "hold",
        occasions.lowers,
        ("never", "investigator"),
    ),
    Policy(
        "below_lowest_level",
        "What follows when a reduction is due and no lower level is left?",
        "hold",
        occasions.lowers,
        ("propose_stopping", "propose_removal"),
    ),
    Policy(
        "attribution_fires",
        "Which attributions make a toxicity count?",
        "hold",
        occasions.holds,
        ("any",),
        _ATTRIBUTION_LIST,
        "possible, probable, definite",
    ),
    Policy(
        "attribution_asks",
        "Which attributions bring a question to a person?",
        "hold",
        occasions.holds,
        ("none",),
        _ATTRIBUTION_LIST,
        "unlikely",
    ),
    Policy(
        "expected_effects",
        "Do expected laboratory effects count as toxicity?",
        "hold",
        occasions.holds,
        ("counted", "exempt"),
    ),
    Policy(
        "label_premedication",
        "Is premedication of the label that the protocol lacks warned about?",
        "taking",
        occasions.never,
        ("warn", "ignore"),
    ),
)
BY_NAME = {policy.name: policy for policy in POLICIES}
