"""What a protocol has to say and has not said."""

from __future__ import annotations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import CycleLength, EndOn, GivenWhere, LastCycle, LastStart, Window
from scheduler.protocol.policies import POLICIES


def policies(c: Checking) -> None:
    said = {setting.policy for setting, _ in c.protocol.settings()}
    for policy in POLICIES:
        if policy.asked(c.protocol) and policy.name not in said:
            c.problem(
                c.key_place("statements"),
                "unsaid-policy",
                f"The protocol does not say: {policy.question}",
                f"Add a statement with 'set: {{{policy.name}: ...}}', where the dots are {policy.shown_choices}.",
            )


def givers(c: Checking) -> None:
    said = {given.treatment for given, _ in c.protocol.effects(GivenWhere)}
    for treatment in c.protocol.treatments:
        if treatment.key not in said:
            c.problem(
                treatment.place,
                "unsaid-giver",
                f"Nothing says who gives {treatment.key}.",
                f"Add 'given_by:' with '- {treatment.key}: clinic' or '- {treatment.key}: patient'.",
            )


def windows(c: Checking) -> None:
    said = {window.treatment for window, _ in c.protocol.effects(Window)}
    for treatment in c.protocol.treatments:
        if treatment.key not in said:
            c.problem(
                treatment.place,
                "unsaid-window",
                f"Nothing says how far {treatment.key} may stray from its day.",
                f"Add 'window:' with '- {treatment.key}: 1 day before to 1 day after'.",
            )


def an_end(c: Checking) -> None:
    ends = [
        *c.protocol.effects(EndOn),
        *c.protocol.effects(LastStart),
        *c.protocol.effects(LastCycle),
    ]
    if not ends and any(c.protocol.effects(CycleLength)):
        c.problem(
            c.key_place("statements"),
            "unsaid-end",
            "Nothing says when treatment ends.",
            "Add 'end:' with a line like '- disease progression'.",
        )
