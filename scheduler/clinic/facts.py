"""Facts as they are recorded: measures, toxicities, laboratory values, responses, visits, ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from scheduler.clinic import finding
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.words import day
from scheduler.engine.decisions import decisions
from scheduler.problems import Refused
from scheduler.protocol.meaning import EndOn, LabCondition, Rule
from scheduler.protocol.policies import ATTRIBUTIONS
from scheduler.protocol.wording import did_you_mean, listed, quoted
from scheduler.quantities import shown_number
from scheduler.record.events import (
    Attribution,
    HeightMeasured,
    LabResult,
    ResponseAssessed,
    ToxicityGraded,
    TreatmentEnded,
    VisitMoved,
    WeightMeasured,
    believable_height,
    believable_weight,
)

DEGREES = tuple(degree for degree in ATTRIBUTIONS if degree != "not_assessed")
RESPONSES = ("CR", "PR", "SD", "PD", "NE")
UNUSUAL = Decimal(20)
"""Per cent: a change of weight that is looked at twice."""


def weight(scene: Scene, kg: Decimal) -> Intent:
    """A weight; a great change is flagged, as it may be a slip of the pen."""
    event = WeightMeasured(scene.on, believable_weight(kg))
    known = [w for w in scene.chart.history.weights if w.happened_on <= scene.on]
    if known and abs(kg - known[-1].kg) * 100 > UNUSUAL * known[-1].kg:
        before = f"{shown_number(known[-1].kg)} kg of {known[-1].happened_on}"
        return Intent((event,), (f"{shown_number(kg)} kg is far from {before}. Make sure that it is right.",))
    return Intent((event,))


def height(scene: Scene, cm: Decimal) -> Intent:
    """A height."""
    return Intent((HeightMeasured(scene.on, believable_height(cm)),))


def toxicity(scene: Scene, term: str, grade: int, due_to: Sequence[str] = ()) -> Intent:
    """A grade that the protocol's criteria define for the term; `due_to` are texts like 'aldesleukin=possible'."""
    protocol = scene.chart.protocol
    name = finding.term(protocol, term)
    criteria = protocol.vocabulary
    defined = criteria.grades(name) if criteria else ()
    if grade not in (0, *defined):
        shown = listed([str(g) for g in defined], "and")
        raise Refused(f"{protocol.criteria} defines no grade {grade} for {name}; it has {shown}.")
    causes = [attribution(scene, text) for text in due_to]
    if len({cause.drug for cause in causes}) < len(causes):
        raise Refused("A drug is judged twice here. Name each drug once with --due-to.")
    return Intent((ToxicityGraded(scene.on, name, grade, protocol.criteria, tuple(causes)),))


def attribution(scene: Scene, text: str) -> Attribution:
    """'aldesleukin=possible'."""
    agent, equals, degree = text.partition("=")
    wanted = degree.strip().casefold()
    if not equals or wanted not in DEGREES:
        raise Refused(
            f"{quoted(text)} says not how far a drug is the cause.{did_you_mean(wanted, DEGREES)}"
            f" Write it like aldesleukin=possible, with {listed(DEGREES)}."
        )
    return Attribution(finding.drug(scene.chart.protocol, agent), wanted)


def lab(scene: Scene, test: str, value: Decimal, unit: str) -> Intent:
    """A laboratory value; where the protocol has a rule on the test, in the rule's unit."""
    name, unit = finding.clean_text(test, "name of the test", 100), finding.clean_text(unit, "unit", 40)
    asked = {c.test.casefold(): c for c in _conditions(scene)}
    rule = asked.get(name.casefold())
    if rule is not None and rule.unit != _plain(unit, rule.unit):
        raise Refused(
            f"The protocol asks for {rule.test} in {rule.unit}, not in {unit}. Give the value in {rule.unit}."
        )
    if rule is not None:
        return Intent((LabResult(scene.on, rule.test, value, rule.unit),))
    near = did_you_mean(name, [c.test for c in asked.values()])
    flags = (f"No rule of the protocol asks for {name}.{near}",)
    return Intent((LabResult(scene.on, name, value, unit),), flags)


def _plain(unit: str, wanted: str) -> str:
    """'/mm3' and 'mm3' are common ways to write 'per mm3'."""
    forms = {wanted, wanted.replace("per ", "/"), wanted.replace("per ", "")}
    return wanted if unit.casefold() in {form.casefold() for form in forms} else unit


def _conditions(scene: Scene) -> list[LabCondition]:
    found: list[LabCondition] = []
    for rule, _ in scene.chart.protocol.effects(Rule, scene.chart.arm):
        found += [rule.condition] if isinstance(rule.condition, LabCondition) else []
        found += rule.until.laboratory if rule.until else ()
    return found


def response(scene: Scene, answer: str, cycle: int | None = None) -> Intent:
    """The answer to the decision that is due, or, where the protocol asks none, before the cycle that comes next."""
    asked = [decision.cycle for decision, _ in decisions(scene.chart.protocol)]
    answered = {event.before_cycle for _, event in scene.chart.history.of(ResponseAssessed)}
    chosen = cycle or next((c for c in asked if c not in answered), None)
    if chosen is None:
        begun = scene.chart.cycles_until(scene.on)
        chosen = begun[-1].cycle + 1 if begun else 1
    if cycle is not None and asked and cycle not in asked:
        raise Refused(
            f"Nothing is decided before cycle {cycle}; the protocol asks before cycle {listed(map(str, asked))}."
        )
    flags: tuple[str, ...] = ()
    if answer == "PD" and chosen not in asked:
        flags = ("Nothing ends by itself. To end treatment: c1d1 record end SUBJECT 'disease progression'.",)
    return Intent((ResponseAssessed(scene.on, chosen, answer),), flags)


def visit(scene: Scene, cycle: int, to: date) -> Intent:
    """Day 1 of a cycle on another day. A visit that has been is of its own day."""
    known = {c.cycle: c for c in scene.chart.cycles_until(max(scene.on, to) + timedelta(days=800))}
    if cycle not in known:
        raise Refused(f"The schedule has no cycle {cycle}.")
    before = known.get(cycle - 1)
    if before is not None and to <= before.start:
        raise Refused(f"Cycle {cycle} cannot begin on {day(to)}: cycle {cycle - 1} begins on {day(before.start)}.")
    planned = known[cycle].start
    schedule = scene.schedule(max(planned, to) + timedelta(days=30))
    given = [i for i in schedule.items if (i.cycle, i.slot.day, i.status) == (cycle, 1, "given")]
    if given:
        raise Refused(
            f"Day 1 of cycle {cycle} was given on {day(given[0].date)} already. If that is wrong, correct its entry."
        )
    if abs(to - planned) > timedelta(days=90):
        raise Refused(
            f"{day(to)} is more than 90 days from {day(planned)}, as cycle {cycle} is planned. Check the date."
        )
    return Intent((VisitMoved(min(scene.on, to), cycle, to),))


def end(scene: Scene, why: str, named: Sequence[str] = ()) -> Intent:
    """The end of all treatment, or of the treatments named; the reason is one of the protocol's, or free text."""
    ends = [e.event for e, _ in scene.chart.protocol.effects(EndOn)]
    text = finding.clean_text(why, "reason", 200)
    if not text:
        raise Refused(f"Say why treatment ends, for instance {listed(ends)}.")
    begins = [e for e in ends if e.casefold().startswith(text.casefold())]
    before = [e for _, e in scene.chart.history.of(TreatmentEnded) if not e.treatments]
    if before:
        raise Refused(f"Treatment has ended on {day(before[0].happened_on)} already: {before[0].reason}.")
    chosen = finding.treatments(scene.chart.protocol, named)
    return Intent((TreatmentEnded(scene.on, begins[0] if len(begins) == 1 else text, chosen),))
