"""What a form offers to choose from, and what confirming a proposal records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from scheduler.clinic import facts, orders
from scheduler.clinic.chart import Chart
from scheduler.clinic.desk import Judge
from scheduler.engine import levels as dose_levels
from scheduler.engine.schedule import Proposal
from scheduler.problems import Refused
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from scheduler.record.events import ToxicityGraded

RESOLVED = 0


class Graded(NamedTuple):
    """A toxicity as it was last graded for a patient; `number` is its entry."""

    term: str
    grade: int
    on: str
    number: int


class LevelChoice(NamedTuple):
    """A dose level that the protocol has for a treatment; `is_now` where it is in force."""

    treatment: str
    level: int
    text: str
    is_now: bool


def protocol_names() -> tuple[str, ...]:
    """The protocols that patients can be enrolled on."""
    return tuple(path.stem for path in library.shipped())


def arms(protocol: Protocol) -> tuple[str, ...]:
    return tuple(arm.key for arm in protocol.arms)


def drugs(protocol: Protocol) -> tuple[str, ...]:
    """What a toxicity may be due to, each drug once."""
    return tuple(dict.fromkeys(treatment.drug for treatment in protocol.treatments))


def graded(chart: Chart) -> tuple[Graded, ...]:
    """Every toxicity of a patient at its latest grade, the latest first."""
    found: dict[str, Graded] = {}
    for number, event in chart.history.of(ToxicityGraded):
        found.pop(event.term, None)
        found[event.term] = Graded(event.term, event.grade, event.happened_on.isoformat(), number)
    return tuple(reversed(found.values()))


def levels(chart: Chart, on: date) -> tuple[LevelChoice, ...]:
    """Every level of every treatment that has more than one, as the protocol writes its dose."""
    known = dose_levels.steps(chart.history)
    found = []
    for treatment in chart.protocol.treatments:
        table = dose_levels.table(chart.protocol, chart.arm, treatment.key)
        step = dose_levels.level_on(known.get(treatment.key, ()), on)
        now = step.level if step else 0
        for level in sorted(table, reverse=True):
            here = "   (in force now)" if level == now else ""
            text = f"{treatment.name}: level {level}, {table[level]}{here}"
            found.append(LevelChoice(treatment.key, level, text, level == now))
    return tuple(found)


def to_judge(chart: Chart, proposal: Proposal) -> tuple[int, ToxicityGraded] | None:
    """The toxicity whose cause a proposal asks for, with its entry; None where it asks for something else."""
    number = proposal.id.rpartition("-")[2]
    mine = (pair for pair in chart.history.of(ToxicityGraded) if proposal.kind == "judge" and str(pair[0]) == number)
    return next(mine, None)


def terms(chart: Chart, typed: str) -> tuple[str, ...]:
    """The criteria's terms that begin with what was typed, then those that hold it; the patient's own first."""
    criteria = chart.protocol.vocabulary
    if criteria is None:
        raise Refused(f"The grades of {chart.protocol.criteria} are not at hand here, so no grade can be checked.")
    wanted = typed.strip().casefold()
    own = {one.term for one in graded(chart)}
    begins = [name for name in criteria.terms if name.casefold().startswith(wanted)]
    holds = [name for name in criteria.terms if wanted in name.casefold() and name not in begins]
    return tuple(sorted(begins, key=lambda name: name not in own) + holds)


def grades(chart: Chart, term: str) -> tuple[int, ...]:
    """0 for none or resolved, and the grades that the protocol's criteria define."""
    criteria = chart.protocol.vocabulary
    return (RESOLVED, *(criteria.grades(term) if criteria else ()))


def confirmation(proposal: Proposal, why: str) -> Judge:
    """What a named person records who follows a proposal; `why` is the reason of an end."""
    kind, treatments = proposal.kind, proposal.treatments
    if kind == "resume":
        return lambda scene: orders.lift(scene, treatments)
    if kind == "reload":
        return lambda scene: orders.reload(scene, treatments[0])
    if kind in ("stop", "remove"):
        named: Sequence[str] = treatments if kind == "stop" else ()
        return lambda scene: facts.end(scene, why, named)
    raise Refused("This one is answered by an entry of its own: a response (e), or a toxicity (t) with its cause.")
