"""When two histories are the same for everything that can still happen: then one of them is enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scheduler.engine.episodes import Episode, Episodes
from scheduler.engine.proof.ground import Ground
from scheduler.engine.toxicity import lab_fires, lab_has_lasted
from scheduler.protocol.meaning import GradeCondition, LabCondition
from scheduler.record.events import HoldLifted, LabResult, ProposalDeclined, ToxicityGraded, TreatmentEnded
from scheduler.record.history import History

Key = tuple[object, ...]


def key_of(ground: Ground, history: History, found: Episodes, last: date) -> Key:
    """What the future depends on; without the day of the last event, which `Search` adds."""
    rests = ground.protocol.setting("clock_during_hold") == "stops"
    apart = ToxicityGraded | LabResult | ProposalDeclined | HoldLifted | TreatmentEnded
    others = [event for event in history.events if not isinstance(event, apart)]
    return (
        tuple(_open(ground, e, last) if e.is_open else _closed(e, rests=rests) for e in found.all),
        _steps(history),
        tuple(map(repr, others[len(ground.base) :])),
        tuple(sorted(found.baseline.items())),
        tuple((test, _sides(ground, values)) for test, values in sorted(found.laboratory.items())),
        tuple(fired.rule.place.line for _, _, fired in found.removals),
        frozenset(key for _, event in history.of(TreatmentEnded) for key in event.treatments or ("all",)),
        len({question.on for question in found.questions}),
        len([event for event in history.events if isinstance(event, ProposalDeclined)]),
    )


def way_key(ground: Ground, history: History, found: Episodes) -> Key:
    """What the end of the open holds depends on, whenever they began."""
    return (
        tuple(_open(ground, episode, date.max)[1:] for episode in found.all if episode.is_open),
        _steps(history),
        frozenset(key for _, event in history.of(TreatmentEnded) for key in event.treatments or ("all",)),
        tuple(sorted(found.baseline.items())),
    )


def _open(ground: Ground, episode: Episode, last: date) -> Key:
    bounds = sorted({r.until.grade for r in ground.rules if r.until is not None and r.until.grade is not None})
    return (
        _class(episode.began, last),
        tuple(sorted((f.rule.place.line, f.drugs) for f in episode.fired)),
        tuple(sorted((t, end is None or _class(end, last)) for t, end in episode.holds.items())),
        tuple(sorted((term, tuple(grade > bound for bound in bounds)) for term, grade in episode.grades.items())),
        episode.resolved is not None,
    )


def _class(on: date, last: date) -> str:
    """How far back a day lies: today, in this week, or before; what counts from it is tried on its own days."""
    days = (last - on).days
    return "today" if days <= 0 else "week" if days < 7 else "before"


def _closed(episode: Episode, *, rests: bool) -> Key:
    """What is over counts as an occurrence; where the clock stops, its days count as well."""
    families = [rule.place.line for rule in episode.rules if isinstance(rule.condition, GradeCondition)]
    return (tuple(families), (episode.began, tuple(sorted(episode.holds.items()))) if rests else ())


def _steps(history: History) -> Key:
    levels: dict[str, int] = {}
    for _, event in history.of(HoldLifted):
        if event.level is not None:
            levels |= dict.fromkeys(event.treatments, event.level)
    return tuple(sorted((key, level) for key, level in levels.items() if level))


def _sides(ground: Ground, values: Sequence[LabResult]) -> Key:
    """On which side of every bound the last value lies, and since when where a condition has to last."""
    conditions: list[LabCondition] = []
    for rule in ground.rules:
        conditions += [rule.condition] if isinstance(rule.condition, LabCondition) else []
        conditions += rule.until.laboratory if rule.until else ()
    return tuple(
        (lab_fires(c, values[-1]), lab_has_lasted(c, values), c.days and values[-1].happened_on) for c in conditions
    )
