"""Words about a protocol: when, how far from its day, what a rule does, what ends treatment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.cycle_days import Cycles, shown_days
from scheduler.outputs.lines import and_list, clean, sign
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import shown_number

KINDS = {"any": "", "haematologic": " haematologic", "nonhaematologic": " nonhaematologic"}
TIMES = {0: "", 1: "first ", 2: "second ", 3: "third ", 4: "fourth "}

LEVELS = {"same level": "at the same level", "one level down": "one level down"}


def cycles(found: Cycles) -> str:
    """'cycle 1', 'cycles 2 and 4', 'cycle 2 and later', 'cycles 3 to 6'."""
    parts = [
        f"{first} and later" if last is None else str(first) if first == last else f"{first} to {last}"
        for first, last in found.spans
    ]
    single = len(found.spans) == 1 and found.spans[0][1] in (None, found.spans[0][0])
    return f"cycle{'' if single else 's'} {and_list(parts)}"


def days(found: Iterable[int]) -> str:
    """'day 1', 'days 2-7, 12-21'."""
    numbers = tuple(found)
    return f"day{'' if len(numbers) == 1 else 's'} {shown_days(numbers)}"


def counted(number: int, thing: str) -> str:
    """'1 day', '3 days'."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def when(found: m.When, protocol: Protocol) -> str:
    """When something is due, in full words."""
    match found:
        case m.OnDays():
            return f"{cycles(found.cycles)}: {days(found.days)}"
        case m.DaysAfter():
            offsets = and_list(str(n) for n in found.offsets)
            return f"{cycles(found.cycles)}: {offsets} days after each {name(protocol, found.treatment)}"
        case m.TiedTo():
            return f"{cycles(found.cycles)}: the {found.part} each {name(protocol, found.treatment)}"
        case m.BeforeEach():
            each = and_list((name(protocol, key) for key in found.treatments), "or")
            return f"{cycles(found.cycles)}: on the day of each {each}, ahead of it"
        case m.BeforeDay1():
            return "before day 1 of cycle 1"
        case m.AfterCycles():
            return f"after {cycles(found.cycles)}: on day 1 of the next one"
        case m.EveryCycles():
            first = ", ".join(str(1 + n * found.every) for n in (1, 2, 3))
            return f"after every {counted(found.every, 'cycle')}: on day 1 of cycles {first} and so on"
        case m.EveryMonths():
            each = "calendar month" if found.months == 1 else f"{found.months} calendar months"
            return f"every {each}, counted from day 1 of cycle {found.after_cycle + 1}"


def window(before: int, after: int) -> str:
    """'or up to 7 days before'; '' where only the day itself will do."""
    if before == after:
        return f"or up to {counted(before, 'day')} before or after" if before else ""
    parts = [f"{counted(n, 'day')} {word}" for n, word in ((before, "before"), (after, "after")) if n]
    return f"or up to {and_list(parts, 'or')}"


def name(protocol: Protocol, key: str) -> str:
    return clean(protocol.treatment(key).name)


def marked(protocol: Protocol, keys: Iterable[str]) -> str:
    """Treatments by name, those with a mark with their sign; 'every treatment' for all of them."""
    found = [t for t in protocol.treatments if t.key in set(keys)]
    if len(found) == len(protocol.treatments):
        return "every treatment"
    return " and ".join(f"{sign(t.mark, t.letter)} {clean(t.name)}" if t.mark else clean(t.name) for t in found)


def rule(found: m.Rule, protocol: Protocol) -> str:
    """One rule as a sentence: on what, what is held until when, how it goes on, what is proposed."""
    text = condition(found.condition)
    if isinstance(found.condition, m.GradeCondition):
        text += f" due to {and_list(map(clean, found.due_to), 'or')}" if found.due_to else ""
    if found.cycles is not None:
        arms = f"arm {and_list(map(clean, found.arms), 'or')}, " if found.arms else ""
        text = f"in {arms}{cycles(found.cycles)} {text}"
    return f"{text[:1].upper()}{text[1:]}: {'; '.join(_actions(found, protocol))}."


def _actions(found: m.Rule, protocol: Protocol) -> Iterator[str]:
    if found.holds:
        ending = f" until {until(found.until)}" if found.until else ""
        yield f"hold {marked(protocol, found.holds)}{ending}"
    if found.resume:
        yield f"then go on {LEVELS.get(found.resume, f'at {found.resume}')}"
    if found.at_least is not None:
        yield f"at least {counted(found.at_least, 'day')}"
    if found.at_most is not None:
        then = f", after that {proposal(found.unresolved, protocol)}" if found.unresolved else ""
        yield f"at most {counted(found.at_most, 'day')}{then}"
    if found.propose:
        yield f"{proposal(found.propose, protocol)} at once"


def condition(found: m.GradeCondition | m.LabCondition) -> str:
    """'second grade 3 or 4 nonhaematologic toxicity (Fatigue)', 'neutrophils below 1,500 per mm3'."""
    if isinstance(found, m.LabCondition):
        return laboratory(found)
    grades = and_list(map(str, found.grades), "or")
    terms = f" ({', '.join(map(clean, found.terms))})" if found.terms else ""
    terms += f" (except {', '.join(map(clean, found.but_not))})" if found.but_not else ""
    return f"{TIMES.get(found.occurrence, '')}grade {grades}{KINDS[found.kind]} toxicity{terms}"


def laboratory(found: m.LabCondition) -> str:
    unit = f" {clean(found.unit)}" if found.unit else ""
    lasting = f" for {counted(found.days, 'day')}" if found.days else ""
    return f"{clean(found.test)} {found.comparison} {shown_number(found.value)}{unit}{lasting}"


def until(found: m.Until) -> str:
    """What lifts a hold."""
    grade = "" if found.grade is None else f"it is back at grade {found.grade}"
    baseline = " or at the grade before treatment" if found.or_baseline else ""
    return and_list(part for part in (grade + baseline, *map(laboratory, found.laboratory)) if part)


def proposal(found: m.Proposal, protocol: Protocol) -> str:
    if found.kind == "removal":
        return "removal from the study is proposed"
    return f"stopping {marked(protocol, found.treatments)} is proposed"


def ends(protocol: Protocol) -> Iterator[str]:
    """What ends treatment, and which cycles wait for an answer."""
    events = [clean(end.event) for end, _ in protocol.effects(m.EndOn)]
    if events:
        yield f"On {and_list(events, 'or')}."
    for last, _ in protocol.effects(m.LastStart):
        yield f"No cycle begins later than {counted(last.days, 'day')} after day 1 of cycle 1."
    for cycle, _ in protocol.effects(m.LastCycle):
        yield f"No cycle follows cycle {cycle.cycle}."
    for decision, _ in protocol.effects(m.Decision):
        on, off = and_list(map(clean, decision.goes_on), "or"), and_list(map(clean, decision.ends), "or")
        ending = f"; with {off} treatment ends" if off else ""
        yield (f"Cycle {decision.cycle} waits for the {clean(decision.question)}: with {on} treatment goes on{ending}.")


def limits(protocol: Protocol) -> Iterator[str]:
    """Distances between doses, what follows a late one, and how much blood may be drawn."""
    for space, _ in protocol.effects(m.Spacing):
        other = "apart" if space.treatment == space.other else f"before {name(protocol, space.other)}"
        yield f"{name(protocol, space.treatment)}: at least {counted(space.days, 'day')} {other}."
    for late, _ in protocol.effects(m.Reload):
        over = f" over {late.minutes} min" if late.minutes else ""
        yield (
            f"{name(protocol, late.treatment)}, more than {counted(late.days_late, 'day')} late: "
            f"{late.dose}{over} is proposed."
        )
    for warned, statement in protocol.effects(m.Warn):
        yield f"Whenever {warned.what} {name(protocol, warned.treatment)} is proposed: {clean(statement.text)}"
    for blood, _ in protocol.effects(m.BloodLimit):
        yield f"research blood: at most {blood.limit} in {counted(blood.weeks, 'week')}."
