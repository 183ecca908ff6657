"""What may be recorded next: a grade, a laboratory value, a late or early visit or dose, a confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from scheduler.engine.episodes import Episode
from scheduler.engine.proof.ground import DAY_1, Ground, Move, State
from scheduler.engine.proof.letters import Alphabet, Letter
from scheduler.engine.proposals import Situation, first_withheld, proposals
from scheduler.engine.schedule import Item, Proposal
from scheduler.record.events import (
    CycleStarted,
    DoseGiven,
    DoseMissed,
    Event,
    HoldLifted,
    ProposalDeclined,
    ReloadConfirmed,
    ResponseAssessed,
    ToxicityGraded,
    TreatmentEnded,
    VisitMoved,
)

SMALL = 4
"""Up to so many firing events are tried on every day that matters, more of them on fewer days."""
LATER_DAYS = 2
"""A confirmation comes on the day on which it is asked for, or on one of so many later days (of a large one: one)."""


def moves(ground: Ground, alphabet: Alphabet, state: State) -> Iterator[Move]:
    """Every move from a state, those of early days first."""
    found = [
        *_reports(ground, alphabet, state),
        *_visits(ground, alphabet, state),
        *_doses(ground, state),
        *confirmations(ground, state, later=LATER_DAYS if _is_small(alphabet) else 1),
    ]
    return iter(sorted(found, key=lambda move: move.on))


def _is_small(alphabet: Alphabet) -> bool:
    return len(alphabet.firing) <= SMALL


# --- toxicities and laboratory values -----------------------------------------------------------


def _reports(ground: Ground, alphabet: Alphabet, state: State) -> Iterator[Move]:
    days = ground.days if not state.moves else _next_days(ground, alphabet, state)
    waiting = [day for day in _turning_days(ground, state) if day >= state.last]
    for letter in alphabet.letters:
        if not _matters(letter, state):
            continue
        for day in days if letter.fires else sorted({*days, *waiting}):
            yield report(letter, day)
    if not state.moves:
        yield from _before_treatment(ground, alphabet)


def _next_days(ground: Ground, alphabet: Alphabet, state: State) -> list[date]:
    """After the first event: every later day; of a large alphabet this day, the next, and the next day 1."""
    later = [day for day in ground.days if day > state.last]
    starts = [cycle.start for cycle in state.schedule.cycles if cycle.start > state.last]
    wanted = later if _is_small(alphabet) else [*later[:1], *(day for day in starts[:1] if day in later)]
    return sorted({state.last, *wanted})


def report(letter: Letter, on: date) -> Move:
    """A letter on a day."""
    return Move(on, (replace(letter.event, happened_on=on),), letter.words)


def _matters(letter: Letter, state: State) -> bool:
    """Whether a letter can change anything: a bettering only where something waits for it.

    What holds other treatments than those that are held does not meddle with them: pairs of such are looked at,
    and no more of them together.
    """
    waits = [episode for episode in state.found.all if episode.is_open]
    if letter.fires:
        apart = bool(waits) and not any(letter.holds & set(episode.still_held) for episode in waits)
        return (bool(waits) or not letter.twin) and not (apart and len(state.moves) >= 2)
    if isinstance(letter.event, ToxicityGraded):
        return any(letter.event.term in episode.grades for episode in waits)
    test = letter.event.test.casefold()
    return any(
        condition.test.casefold() == test
        for episode in waits
        for rule in episode.rules
        for condition in (rule.until.laboratory if rule.until else ())
    )


def _before_treatment(ground: Ground, alphabet: Alphabet) -> Iterator[Move]:
    """A grade before treatment, just above what ends a hold, where rules look at it."""
    bounds = {r.until.grade for r in ground.rules if r.until and r.until.or_baseline and r.until.grade is not None}
    first = next((x.event for x in alphabet.letters if isinstance(x.event, ToxicityGraded)), None)
    if bounds and first is not None:
        grade, on = max(bounds) + 1, DAY_1 - timedelta(days=1)
        event = replace(first, happened_on=on, grade=grade, due_to=())
        yield Move(on, (event,), f"{first.term}, grade {grade}, before treatment")


def _turning_days(ground: Ground, state: State) -> Iterator[date]:
    """The days on which an open hold has lasted as long as it must, and as long as it may."""
    for episode in state.found.all:
        if episode.is_open:
            first = first_withheld(episode, state.schedule.items) or episode.began
            yield from (first + timedelta(days=days) for days in _lengths(ground, episode))


def _lengths(ground: Ground, episode: Episode) -> Iterable[int]:
    policy = ground.protocol.setting("longest_hold")
    named = {days for rule in episode.rules for days in (rule.at_least, rule.at_most) if days is not None}
    return named | ({int(policy.split()[0])} if policy.endswith("days") else set())


# --- visits and doses ---------------------------------------------------------------------------


def _visits(ground: Ground, alphabet: Alphabet, state: State) -> Iterator[Move]:
    """Day 1 of a cycle a day early, a day late, or just outside its window; given so, or appointed so."""
    known = {e.cycle for e in state.history.events if isinstance(e, CycleStarted | VisitMoved)}
    for cycle in state.schedule.cycles:
        if not 2 <= cycle.cycle <= ground.cycles or cycle.cycle in known or cycle.start < state.last:
            continue
        for days in dict.fromkeys((-1, 1, ground.slip) if _is_small(alphabet) else (-1, ground.slip)):
            on = cycle.start + timedelta(days=days)
            if on >= state.last:
                words = f"cycle {cycle.cycle} begins {_days(days)} the planned day"
                yield Move(on, (CycleStarted(on, cycle.cycle),), words)
        eve, to = max(state.last, cycle.start - timedelta(days=1)), cycle.start + timedelta(days=ground.slip)
        words = f"day 1 of cycle {cycle.cycle} is appointed for {to}, {_days(ground.slip)} the planned day"
        yield Move(eve, (VisitMoved(eve, cycle.cycle, to),), words)


def _days(days: int) -> str:
    number = f"{abs(days)} day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{number} {'before' if days < 0 else 'after'}"


def _doses(ground: Ground, state: State) -> Iterator[Move]:
    """A dose that others follow is given late or left out; a home dose is taken on the day after, or forgotten."""
    if any(isinstance(event, DoseGiven | DoseMissed) for event in state.history.events):
        return
    for item in _chosen(ground, state):
        home = item.slot.given_by == "patient"
        for days in (1,) if home else dict.fromkeys((1, ground.slip)):
            on = item.date + timedelta(days=days)
            words = f"{item.slot.name} of {item.cycle_day} is {'taken' if home else 'given'} {_days(days)} its day"
            yield Move(on, (DoseGiven(on, item.id),), words)
        words = f"{item.slot.name} of {item.cycle_day} is left out"
        yield Move(item.date, (DoseMissed(item.date, item.id),), words)


def _chosen(ground: Ground, state: State) -> Iterator[Item]:
    """Of each cycle and treatment the first dose after day 1 that is planned still."""
    leading = {item.slot.follows for item in ground.untouched.values()}
    seen: set[tuple[int, str]] = set()
    for item in state.doses.values():
        slot = item.slot
        matters = slot.key in leading or (slot.given_by == "patient" and not slot.follows)
        is_open = item.status == "planned" and item.date >= state.last and item.cycle <= ground.cycles
        if matters and slot.day > 1 and is_open and (item.cycle, slot.key) not in seen:
            seen.add((item.cycle, slot.key))
            yield item


# --- confirmations ------------------------------------------------------------------------------


def confirmations(ground: Ground, state: State, later: int) -> Iterator[Move]:
    """What persons may decide about the open proposals, on the day they arise and on some days after it."""
    days = sorted({state.last, *ground.days, *_turning_days(ground, state)})
    asked: dict[str, int] = {}
    for day in days:
        if day < state.last:
            continue
        for proposal in open_on(ground, state, day):
            times = asked[proposal.id] = asked.get(proposal.id, 0) + 1
            if times <= later + 1:
                yield from _decided(ground, state, proposal, day, first=times == 1)


def open_on(ground: Ground, state: State, day: date) -> tuple[Proposal, ...]:
    """The proposals that somebody sees who looks on a day."""
    items = state.schedule.items
    return proposals(Situation(ground.protocol, state.history, state.found, items, day))


def _decided(ground: Ground, state: State, proposal: Proposal, on: date, *, first: bool) -> Iterator[Move]:
    match proposal.kind:
        case "resume":
            yield accepted(proposal, on)
            if first and len(proposal.treatments) > 1:
                key, level = proposal.levels[0]
                part = f"resumption of {ground.protocol.treatment(key).name} alone confirmed, at level {level}"
                yield Move(on, (HoldLifted(on, (key,), level),), part)
        case "answer":
            cycle = int(proposal.id.removeprefix("answer-C"))
            for response in ("PR", "PD"):
                words = f"response before cycle {cycle}: {response}"
                yield Move(on, (ResponseAssessed(on, cycle, response),), words)
            return
        case "judge":
            return
        case _:
            yield accepted(proposal, on)
    if first and proposal.id not in state.declined:
        yield declined(proposal, on)


def declined(proposal: Proposal, on: date) -> Move:
    """A person decides against what is proposed."""
    return Move(on, (ProposalDeclined(on, proposal.id),), f"declined: {proposal.text.split('?')[0]}")


def accepted(proposal: Proposal, on: date) -> Move:
    """A person confirms what is proposed."""
    events: list[Event] = []
    match proposal.kind:
        case "resume":
            levels = dict.fromkeys(level for _, level in proposal.levels)
            events += [
                HoldLifted(on, tuple(key for key, at in proposal.levels if at == level), level) for level in levels
            ]
        case "reload":
            events.append(ReloadConfirmed(on, proposal.treatments[0]))
        case "remove":
            events.append(TreatmentEnded(on, "unacceptable toxicity"))
        case _:
            events.append(TreatmentEnded(on, "unacceptable toxicity", proposal.treatments))
    return Move(on, tuple(events), f"confirmed: {proposal.text.split('?')[0]}")
