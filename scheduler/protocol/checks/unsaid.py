"""What a protocol has to say and has not said, or has said twice."""

from __future__ import annotations

from itertools import combinations

from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import (
    CycleLength,
    EndOn,
    Give,
    GivenWhere,
    Infuse,
    LastCycle,
    LastStart,
    Order,
    Window,
)
from scheduler.protocol.policies import POLICIES


def policies(c: Checking) -> None:
    said = {setting.policy for setting, _ in c.protocol.settings()}
    for policy in POLICIES:
        if policy.asked(c.protocol) and policy.name not in said:
            c.problem(
                c.key_place("statements"),
                "unsaid-policy",
                f"The protocol does not say: {policy.question}",
                f"Add a statement with 'set: {{{policy.name}: ...}}': {policy.shown_choices}.",
            )


def said_once(c: Checking) -> None:
    seen: dict[tuple[object, ...], int] = {}
    keys = [(("set", s.policy), s.place) for s, _ in c.protocol.settings()]
    keys += [(("given_by", g.treatment), g.place) for g, _ in c.protocol.effects(GivenWhere)]
    keys += [(("window", w.treatment), w.place) for w, _ in c.protocol.effects(Window)]
    for key, place in keys:
        first = seen.setdefault(key, place.line)
        if first != place.line:
            c.problem(
                place,
                "said-twice",
                f"{key[1]} is settled in line {first} already.",
                "Keep one of the two.",
            )


def conflicts_follow_a_side(c: Checking) -> None:
    for conflict in c.protocol.conflicts:
        if conflict.follows not in conflict.between:
            c.problem(
                conflict.place,
                "conflict-follows-nobody",
                f"'{conflict.follows}' is none of the sources in conflict.",
                "Write one of the two that stand under 'between'.",
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


def infusion_times(c: Checking) -> None:
    """Every intravenous dose has a length, if only 'not stated'."""
    for arm in c.arms:
        infusions = [infuse for infuse, _ in c.protocol.effects(Infuse, arm)]
        for give, _ in c.protocol.effects(Give, arm):
            if give.dose.route != "intravenous" or give.dose.minutes is not None:
                continue
            for cycle in c.cycles_to_look_at():
                said = any(i.treatment == give.dose.treatment and cycle in i.cycles for i in infusions)
                if cycle in getattr(give.when, "cycles", ()) and not said:
                    c.problem(
                        give.dose_place,
                        "unsaid-infusion-time",
                        f"Nothing says over how long {give.dose.treatment} runs in cycle {cycle}.",
                        f"Write 'over 30 min' here, or 'infuse:' with '- cycle {cycle}+ {give.dose.treatment}: not stated'.",
                    )


def order_within_a_day(c: Checking) -> None:
    """Of two treatments on one day of which one is an infusion, something says which comes first."""
    after = {(order.later, order.earlier) for order, _ in c.protocol.effects(Order)}
    for arm in c.arms:
        for cycle in c.cycles_to_look_at():
            by_day: dict[int, list[Give]] = {}
            for day, give in c.fixed_days(arm, cycle):
                by_day.setdefault(day, []).append(give)
            for day, gives in by_day.items():
                for one, other in combinations(gives, 2):
                    _ordered(c, after, (one, other), f"C{cycle}D{day}")


def _ordered(c: Checking, after: set[tuple[str, str]], pair: tuple[Give, Give], cycle_day: str) -> None:
    names = [give.dose.treatment for give in pair]
    known = (names[0], names[1]) in after or (names[1], names[0]) in after
    if known or names[0] == names[1] or all(give.dose.route != "intravenous" for give in pair):
        return
    c.problem(
        pair[1].place,
        "unsaid-order",
        f"{names[0]} and {names[1]} share {cycle_day}, and nothing says which comes first.",
        f"Add 'order:' with '- {names[1]} after {names[0]}'.",
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


def approval(c: Checking) -> None:
    """An approved protocol names who approved it, and every assumption who confirmed it."""
    if c.protocol.standing != "approved":
        return
    if c.protocol.approved_by == "nobody":
        c.problem(
            c.key_place("standing"),
            "approved-by-nobody",
            "The protocol is approved by nobody.",
            "Write the clinician's name under 'approved_by', or 'standing: draft'.",
        )
    for statement in c.protocol.statements:
        if statement.standing == "assumed" and statement.confirmed_by == "nobody":
            c.problem(
                statement.place,
                "approved-unconfirmed",
                "The protocol is approved, and nobody has confirmed this assumption.",
                "Write the name of the person under 'confirmed_by', or 'standing: draft'.",
            )
