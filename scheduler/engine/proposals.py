"""What the engine puts before a person: resuming, stopping, removing, loading again, judging, answering.

Nothing here happens by itself. A proposal disappears when an event settles it, or when it was declined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from scheduler.engine import levels
from scheduler.engine.decisions import decisions
from scheduler.engine.episodes import Episode, Episodes
from scheduler.engine.schedule import Item, Proposal
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import Rate
from scheduler.record.events import ProposalDeclined, ReloadConfirmed, TreatmentEnded
from scheduler.record.history import History


@dataclass(frozen=True, slots=True)
class Situation:
    """What proposals are made from; `seen_on` is the day on which somebody looks."""

    protocol: Protocol
    history: History
    episodes: Episodes
    items: Sequence[Item]
    seen_on: date

    @property
    def arm(self) -> str | None:
        return self.history.enrolment.arm


def proposals(s: Situation) -> tuple[Proposal, ...]:
    """All open proposals, the gravest first."""
    found = [*_removals(s), *_of_episodes(s), *_reloads(s), *_questions(s), *_answers(s)]
    declined = {event.proposal for _, event in s.history.of(ProposalDeclined)}
    if any(not event.treatments and event.happened_on <= s.seen_on for _, event in s.history.of(TreatmentEnded)):
        return ()
    order = ("remove", "stop", "resume", "reload", "judge", "answer")
    unsettled = {p.id: p for p in found if p.id not in declined}
    return tuple(sorted(unsettled.values(), key=lambda p: (order.index(p.kind), p.since, p.id)))


def first_withheld(episode: Episode, items: Sequence[Item]) -> date | None:
    """The day of the first dose that an episode has withheld."""
    return next(
        (i.date for i in items if i.status == "held" and i.slot.key in episode.holds and i.date >= episode.began), None
    )


def _removals(s: Situation) -> Iterator[Proposal]:
    for number, on, fired in s.episodes.removals:
        if fired.rule.propose is not None:
            text = f"{fired.statement.text} The event of {on} calls for it."
            yield _of_rule(s, fired.rule.propose, number, text, on)


def _of_rule(s: Situation, wanted: m.Proposal, number: int, text: str, on: date) -> Proposal:
    if wanted.kind == "removal":
        every = tuple(treatment.key for treatment in s.protocol.treatments)
        return Proposal(f"remove-{number}", "remove", f"Remove the patient from treatment? {text}", every, (), on)
    names = _names(s, wanted.treatments)
    return Proposal(f"stop-{number}", "stop", f"Stop {names} for good? {text}", wanted.treatments, (), on)


def _of_episodes(s: Situation) -> Iterator[Proposal]:
    for episode in s.episodes.all:
        if not episode.is_open or episode.ordered:
            continue
        overdue = _overdue(s, episode)
        if overdue is not None:
            yield overdue
        elif episode.resolved is not None and _rested_enough(s, episode):
            yield _resumption(s, episode, episode.resolved)


def _overdue(s: Situation, episode: Episode) -> Proposal | None:
    """The longest hold has passed without a resolution."""
    first = first_withheld(episode, s.items)
    if first is None:
        return None
    for fired in episode.fired:
        longest, wanted = _longest(s, fired.rule)
        bound = first + timedelta(days=longest) if longest is not None else date.max
        if wanted is not None and (episode.resolved or s.seen_on) >= bound and episode.resolved != bound:
            text = f"{episode.cause}, has not resolved within {longest} days of {first}, the first withheld dose."
            return _of_rule(s, wanted, episode.number, text, bound)
    return None


def _rested_enough(s: Situation, episode: Episode) -> bool:
    """Whether the shortest hold that a rule asks for has passed."""
    first = first_withheld(episode, s.items) or episode.began
    shortest = max((fired.rule.at_least or 0 for fired in episode.fired), default=0)
    return s.seen_on >= first + timedelta(days=shortest)


def _longest(s: Situation, rule: m.Rule) -> tuple[int | None, m.Proposal | None]:
    """The rule's own longest hold, else the protocol's, and what follows it."""
    if rule.at_most is not None:
        return rule.at_most, rule.unresolved
    policy = s.protocol.setting("longest_hold")
    if not policy.endswith("days"):
        return None, None
    return int(policy.split()[0]), m.Proposal("stopping", rule.holds)


def _resumption(s: Situation, episode: Episode, resolved: date) -> Proposal:
    known = levels.steps(s.history)
    now = {key: step.level for key in episode.holds if (step := levels.level_on(known.get(key, ()), s.seen_on))}
    wanted = levels.proposed(s.protocol, s.arm, episode, now)
    tables = {key: levels.table(s.protocol, s.arm, key) for key in wanted}
    cause = f"{episode.cause}, of {episode.began} has resolved on {resolved}."
    if any(tables[key] and level < 0 and level not in tables[key] for key, level in wanted.items()):
        return _below_the_lowest(s, episode, cause, resolved)
    shown = [_at_level(s, key, level, tables[key]) for key, level in wanted.items()]
    text = f"Resume {'; '.join(shown)}? {cause}"
    return Proposal(f"resume-{episode.number}", "resume", text, tuple(wanted), tuple(wanted.items()), resolved)


def _at_level(s: Situation, key: str, level: int, table: dict[int, Rate]) -> str:
    name = s.protocol.treatment(key).name
    if level == 0 or level not in table:
        return f"{name} at the same dose"
    return f"{name} at level {level}, {table[level]}"


def _below_the_lowest(s: Situation, episode: Episode, cause: str, on: date) -> Proposal:
    text = f"{cause} A reduction is due, and the protocol has no lower level."
    if s.protocol.setting("below_lowest_level") == "propose_removal":
        return _of_rule(s, m.Proposal("removal"), episode.number, text, on)
    reduced = tuple(key for key in episode.still_held if levels.table(s.protocol, s.arm, key))
    return _of_rule(s, m.Proposal("stopping", reduced), episode.number, text, on)


def _reloads(s: Situation) -> Iterator[Proposal]:
    """A loading dose is due where the gap since the last one given has grown too long."""
    confirmed = [event for _, event in s.history.of(ReloadConfirmed)]
    for reload, statement in s.protocol.effects(m.Reload, s.arm):
        every = [item for item in s.items if item.slot.key == reload.treatment]
        usual = min(((b.date - a.date).days for a, b in pairwise(every) if b.date > a.date), default=0)
        taken = [item for item in every if item.status in ("given", "planned", "not-computable")]
        for before, after in pairwise(taken):
            late = (after.date - before.date).days - usual
            settled = any(
                c.treatment == reload.treatment and before.date < c.happened_on <= after.date for c in confirmed
            )
            if late > reload.days_late and after.status == "planned" and not settled:
                name = s.protocol.treatment(reload.treatment).name
                text = f"Load {name} again with {reload.dose} on {after.date}? It is {late} days late. {statement.text}"
                yield Proposal(f"reload-{after.id}", "reload", text, (reload.treatment,), (), before.date)


def _questions(s: Situation) -> Iterator[Proposal]:
    for question in s.episodes.questions:
        if question.on <= s.seen_on:
            yield Proposal(f"judge-{question.number}", "judge", question.text, (), (), question.on)


def _answers(s: Situation) -> Iterator[Proposal]:
    """A decision that keeps doses blocked, from two weeks before the cycle on."""
    for decision, statement in decisions(s.protocol):
        blocked = [item for item in s.items if item.status == "blocked" and item.cycle == decision.cycle]
        if (
            blocked
            and s.seen_on >= blocked[0].date - timedelta(days=14)
            and s.history.response_before(decision.cycle) is None
        ):
            text = f"Record the {decision.question} before cycle {decision.cycle}. {statement.text}"
            yield Proposal(f"answer-C{decision.cycle}", "answer", text, (), (), blocked[0].date)


def _names(s: Situation, keys: Sequence[str]) -> str:
    return " and ".join(s.protocol.treatment(key).name for key in keys)
