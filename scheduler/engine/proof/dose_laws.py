"""Laws about doses: held ones do not come, amounts keep to their level, nothing comes twice or too early."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from scheduler.engine.proof.faults import Case, Fault
from scheduler.engine.proof.ground import COMING
from scheduler.engine.schedule import Item
from scheduler.problems import Place
from scheduler.protocol.meaning import Level, Reload, Spacing, Window
from scheduler.quantities import Amount
from scheduler.record.events import (
    CycleStarted,
    DoseGiven,
    HoldLifted,
    HoldOrdered,
    LabResult,
    ReloadConfirmed,
    ToxicityGraded,
    TreatmentEnded,
    VisitMoved,
)

_EVENT = re.compile(r"Event (-?\d+)\b")


def nothing_comes_while_held(case: Case) -> Iterator[Fault]:
    """No dose is planned on a day on which a hold of its treatment has begun and no person has ended it."""
    for item in case.coming:
        for span in case.spans:
            if span.treatment == item.slot.key and span.covers(item.date):
                yield Fault(f"{_shown(item)}; event {span.number} holds it from {span.begins} on.", (span.rule.place,))


def every_strength_is_held(case: Case) -> Iterator[Fault]:
    """When a toxicity holds one strength of a drug, no other strength of that drug is planned."""
    drugs = {treatment.key: treatment.drug for treatment in case.ground.protocol.treatments}
    for item in case.coming:
        for span in case.spans:
            other = span.treatment != item.slot.key and drugs[span.treatment] == item.slot.drug
            if other and span.covers(item.date) and item.slot.key not in span.rule.holds:
                name = case.ground.protocol.treatment(span.treatment).name
                yield Fault(f"{_shown(item)}, while event {span.number} holds {name}.", (span.rule.place,))


def amounts_keep_to_the_level(case: Case) -> Iterator[Fault]:
    """No dose is above the dose of the level in force, and no level rises unless a person sets it."""
    for item in case.coming:
        level = case.level_on(item)
        row = case.ground.tables[item.slot.key].get(level) if level else None
        if item.level > level:
            yield Fault(f"{_shown(item)} at level {item.level}; level {level} is in force.")
        elif row is not None and item.rate is not None and row.is_below(item.rate):
            yield Fault(f"{_shown(item)}; level {level}, which is in force, is {row}.", _rows(case, item, level))


def toxicity_never_raises_a_dose(case: Case) -> Iterator[Fault]:
    """No dose is higher than the one planned for the same day of the cycle before anything happened."""
    loading = [event.treatment for _, event in case.history.of(ReloadConfirmed)]
    for item in case.coming:
        plain = case.ground.untouched.get(item.id)
        if plain is None or item.rate is None or plain.rate is None or item.slot.key in loading:
            continue
        raised = plain.rate.is_below(item.rate)
        if raised or _is_more(item.amount, plain.amount):
            yield Fault(f"{_shown(item)}; {plain.rate} was planned before.", _rows(case, item, item.level))


def no_two_doses_on_a_day(case: Case) -> Iterator[Fault]:
    """No day brings two strengths of a drug, nor more doses of it than the protocol writes for any day."""
    most = Counter((i.slot.drug, i.date) for i in case.ground.untouched.values())
    allowed: dict[str, int] = {}
    for (drug, _), times in most.items():
        allowed[drug] = max(times, allowed.get(drug, 0))
    seen: dict[tuple[str, date], list[Item]] = {}
    for item in case.state.doses.values():
        if item.status == "given" or item.status in COMING:
            seen.setdefault((item.slot.drug, item.date), []).append(item)
    for (drug, _), items in seen.items():
        keys = {item.slot.key for item in items}
        if (len(items) > allowed[drug] or len(keys) > 1) and any(item.status in COMING for item in items):
            yield Fault("; ".join(_shown(item) for item in items) + ".")


def held_doses_name_their_event(case: Case) -> Iterator[Fault]:
    """Every held dose names the event that holds it."""
    events = dict(zip(case.history.numbers, case.history.events, strict=True))
    for item in case.state.doses.values():
        if item.status == "held":
            named = [int(found[1]) for reason in item.reasons if (found := _EVENT.match(reason.text))]
            if not any(isinstance(events.get(n), ToxicityGraded | LabResult | HoldOrdered) for n in named):
                yield Fault(f"{_shown(item)}, and names no event that holds it.")


def no_treatment_comes_too_close(case: Case) -> Iterator[Fault]:
    """A cycle that nobody has moved by hand never brings a dose nearer to the one before than it is usual."""
    spaced = {rule.treatment for rule, _ in case.ground.protocol.effects(Spacing) if rule.treatment == rule.other}
    moved = {e.cycle for e in case.history.events if isinstance(e, CycleStarted | VisitMoved)}
    moved |= {int(e.item[1 : e.item.index("D")]) for _, e in case.history.of(DoseGiven)}
    if not moved and not _has_rested(case):
        return
    late = {w.treatment: w.after for w, _ in case.ground.protocol.effects(Window)}
    mine: dict[str, list[Item]] = {}
    for item in case.state.doses.values():
        if not item.slot.dose_number > 1:
            mine.setdefault(item.slot.key, []).append(item)
    for key, items in mine.items():
        for one, other in pairwise(items) if key not in spaced else ():
            first, second = (case.ground.untouched.get(item.id) for item in (one, other))
            if other.cycle in moved or first is None or second is None or {one.status, other.status} != {"planned"}:
                continue
            usual = (second.date - first.date).days
            days = (other.date - one.date).days
            if days < usual - late.get(key, 0):
                yield Fault(f"{_shown(other)}, {days} days after {one.cycle_day}; {usual} days are usual.")


def spacing_is_kept_or_said(case: Case) -> Iterator[Fault]:
    """Where two doses come closer than the distance that the protocol asks for, a notice says so."""
    said = {notice.item for notice in case.state.schedule.notices if notice.code == "too-close"}
    for rule, _ in case.ground.protocol.effects(Spacing):
        mine = sorted(i.date for i in case.coming if i.slot.key == rule.treatment)
        for other in case.coming:
            if other.slot.key == rule.other and other.id not in said:
                near = [day for day in mine if 0 < (other.date - day).days < rule.days]
                if near:
                    days = (other.date - near[-1]).days
                    yield Fault(f"{_shown(other)}, {days} days after {near[-1]}.", (rule.place,))


def nothing_comes_after_the_end(case: Case) -> Iterator[Fault]:
    """No dose is planned of a treatment that has ended."""
    for number, event in case.history.of(TreatmentEnded):
        for item in case.coming:
            if item.date >= event.happened_on and (not event.treatments or item.slot.key in event.treatments):
                yield Fault(f"{_shown(item)}; event {number} has ended it.")


def _has_rested(case: Case) -> bool:
    stops = case.ground.protocol.setting("clock_during_hold") == "stops"
    return stops and any(isinstance(event, HoldLifted) for event in case.history.events)


def _is_more(one: Amount | None, other: Amount | None) -> bool:
    return one is not None and other is not None and one.unit == other.unit and one.value > other.value


def _rows(case: Case, item: Item, level: int) -> tuple[Place, ...]:
    rows = case.ground.protocol.effects(Level, case.ground.arm)
    found = [row.place for row, _ in rows if row.treatment == item.slot.key and row.level == level]
    loads = [r.place for r, _ in case.ground.protocol.effects(Reload, case.ground.arm) if r.treatment == item.slot.key]
    return tuple(found or loads)


def _shown(item: Item) -> str:
    """A dose in a nurse's words."""
    dose = f", {item.rate}," if item.rate is not None else ""
    return f"{item.slot.name} of {item.cycle_day}{dose} is {item.status} on {item.date}"
