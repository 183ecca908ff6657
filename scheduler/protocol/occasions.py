"""When a policy is asked: what a protocol contains that makes the question matter."""

from __future__ import annotations

from collections.abc import Callable

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


def always(_: Protocol) -> bool:
    return True


def never(_: Protocol) -> bool:
    return False


def per_size(protocol: Protocol) -> bool:
    return any(give.dose.rate is None or give.dose.rate.per for give, _ in protocol.effects(Give))


def per_surface(protocol: Protocol) -> bool:
    return any(give.dose.rate is None or give.dose.rate.per == "m2" for give, _ in protocol.effects(Give))


def in_clinic(protocol: Protocol) -> bool:
    return any(given.by == "clinic" for given, _ in protocol.effects(GivenWhere))


def at_home(protocol: Protocol) -> bool:
    return any(given.by == "patient" for given, _ in protocol.effects(GivenWhere))


def home_without_time(protocol: Protocol) -> bool:
    return any(
        not give.dose.at and not _tied_by_time(give) and protocol.given_by(give.dose.treatment) == "patient"
        for give, _ in protocol.effects(Give)
    )


def _tied_by_time(give: Give) -> bool:
    """The evening before and the morning of another dose have times of their own."""
    return isinstance(give.when, TiedTo) and give.when.part in ("evening before", "morning of")


def home_injection(protocol: Protocol) -> bool:
    return any(
        give.dose.route == "subcutaneous" and protocol.given_by(give.dose.treatment) == "patient"
        for give, _ in protocol.effects(Give)
    )


def two_strengths_at_home(protocol: Protocol) -> bool:
    home = [t.drug for t in protocol.treatments if protocol.given_by(t.key) == "patient"]
    return len(set(home)) < len(home)


def syringes(protocol: Protocol) -> bool:
    return any(supply.form == "pre-filled syringe" for supply, _ in protocol.effects(Supply))


def holds(protocol: Protocol) -> bool:
    return any(rule.holds for rule, _ in protocol.effects(Rule))


def lowers(protocol: Protocol) -> bool:
    return any(rule.resume not in (None, "same level") for rule, _ in protocol.effects(Rule))


def dependent(protocol: Protocol) -> bool:
    return any(isinstance(give.when, DaysAfter | TiedTo) for give, _ in protocol.effects(Give))


def tied(part: str) -> Callable[[Protocol], bool]:
    def asked(protocol: Protocol) -> bool:
        whens = [give.when for give, _ in protocol.effects(Give)]
        return any(isinstance(when, TiedTo) and (not part or when.part == part) for when in whens)

    return asked


def blood_with_dose(protocol: Protocol) -> bool:
    return any(isinstance(assess.when, BeforeEach) for assess, _ in protocol.effects(Assess))


def screening(protocol: Protocol) -> bool:
    return any(isinstance(a.when, BeforeDay1) and a.window is None for a, _ in protocol.effects(Assess))
