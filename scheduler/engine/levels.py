"""Dose levels: which one is in force on a day, and which one a resumption proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduler.engine.episodes import Episode
from scheduler.engine.toxicity import Fired
from scheduler.protocol.meaning import LabCondition, Level, Resume
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate
from scheduler.record.events import DoseLevelSet, HoldLifted
from scheduler.record.history import History


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on a treatment is given at a level, by an event of the log."""

    on: date
    level: int
    number: int


def steps(history: History) -> dict[str, tuple[Step, ...]]:
    """Every change of level that a person confirmed, by treatment, in the order of days."""
    found: dict[str, list[Step]] = {}
    for number, lifted in history.of(HoldLifted):
        for treatment in lifted.treatments if lifted.level is not None else ():
            found.setdefault(treatment, []).append(Step(lifted.happened_on, lifted.level or 0, number))
    for number, chosen in history.of(DoseLevelSet):
        found.setdefault(chosen.treatment, []).append(Step(chosen.happened_on, chosen.level, number))
    return {key: tuple(sorted(rows, key=lambda step: (step.on, step.number))) for key, rows in found.items()}


def level_on(known: tuple[Step, ...], on: date) -> Step | None:
    """The last step taken by a day; None is level 0."""
    taken = [step for step in known if step.on <= on]
    return taken[-1] if taken else None


def table(protocol: Protocol, arm: str | None, treatment: str) -> dict[int, Rate]:
    """The amounts of each level of a treatment, in one arm."""
    return {row.level: row.rate for row, _ in protocol.effects(Level, arm) if row.treatment == treatment}


def proposed(protocol: Protocol, arm: str | None, episode: Episode, now: dict[str, int]) -> dict[str, int]:
    """The level at which each treatment still held would go on; `now` are the levels in force.

    Of several rules the one that lowers most counts, and no rule ever raises a level. A level that the
    protocol has no amount for is returned all the same: the caller proposes to stop instead.
    """
    found: dict[str, int] = {}
    for treatment in episode.still_held:
        current = now.get(treatment, 0)
        lowering = [f for f in episode.fired if treatment in f.rule.holds and _reaches(protocol, f, treatment)]
        wanted = [_level(fired.rule.resume, current) for fired in lowering if fired.rule.resume]
        has_table = bool(table(protocol, arm, treatment))
        found[treatment] = min([current, *wanted]) if has_table else current
    return found


def _level(resume: Resume, current: int) -> int:
    match resume:
        case "same level":
            return current
        case "one level down":
            return current - 1
        case _:
            return int(resume.removeprefix("level "))


def _reaches(protocol: Protocol, fired: Fired, treatment: str) -> bool:
    """Whether a reduction reaches a treatment: all that are held, or those of the drug that a toxicity is put down to.

    A laboratory value is put down to none; its rule lowers what it holds.
    """
    if protocol.setting("reduction_applies_to") != "attributed_drug" or isinstance(fired.rule.condition, LabCondition):
        return True
    return protocol.treatment(treatment).drug in fired.drugs
