"""When two histories are the same for everything that can still happen: then one of them is enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from scheduler.engine.episodes import Episode, Episodes
from scheduler.engine.laboratory import lab_fires, lab_has_lasted
from scheduler.engine.proof.ground import Ground
from scheduler.protocol.meaning import GradeCondition, LabCondition
from scheduler.record.events import HoldLifted, LabResult, ProposalDeclined, ToxicityGraded, TreatmentEnded
from scheduler.record.history import History

Key = tuple[object, ...]
MOST_COUNTED = 4
"""No occurrence beyond the fourth can be written."""


def key_of(ground: Ground, history: History, found: Episodes, last: date, *, dated: bool = True) -> Key:
    """What the future depends on; without the day of the last event, which the search adds where days count."""
    rests = dated and ground.protocol.setting("clock_during_hold") == "stops"
    apart = ToxicityGraded | LabResult | ProposalDeclined | HoldLifted | TreatmentEnded
    others = [event for event in history.events if not isinstance(event, apart)]
    over = [episode for episode in found.all if not episode.is_open]
    return (
        tuple(_open(ground, episode, last) for episode in found.all if episode.is_open),
        _occurred(over),
        tuple((episode.began, tuple(sorted(episode.holds.items()))) for episode in over) if rests else (),
        _steps(history),
        tuple(map(repr, others[len(ground.base) :])) if dated else (),
        tuple(sorted(found.baseline.items())),
        tuple((test, _sides(ground, values)) for test, values in sorted(found.laboratory.items())),
        frozenset(fired.rule.place.line for _, _, fired in found.removals),
        _ended(history),
        frozenset(event.proposal.split("-")[0] for _, event in history.of(ProposalDeclined)),
        len({question.on for question in found.questions}),
    )


def way_key(ground: Ground, history: History, found: Episodes) -> Key:
    """What the end of the open holds depends on, whenever they began."""
    return (
        tuple(_open(ground, episode, date.max)[1:] for episode in found.all if episode.is_open),
        _steps(history),
        _ended(history),
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


def _occurred(over: list[Episode]) -> Key:
    """How often each numbered toxicity has occurred; the order does not count."""
    met = Counter(
        rule.place.line
        for episode in over
        for rule in episode.met
        if isinstance(rule.condition, GradeCondition) and rule.condition.occurrence
    )
    return tuple(sorted((line, min(times, MOST_COUNTED)) for line, times in met.items()))


def _ended(history: History) -> frozenset[str]:
    return frozenset(key for _, event in history.of(TreatmentEnded) for key in event.treatments or ("all",))


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
