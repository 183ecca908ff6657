"""What the engine puts before a person: resuming, stopping, removing, loading again, judging, answering.

Nothing here happens by itself. A proposal disappears when an event settles it, or when it was declined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from scheduler.engine import levels
from scheduler.engine.decisions import answers, decisions
from scheduler.engine.episodes import Episode, Episodes
from scheduler.engine.loading import loadings
from scheduler.engine.schedule import Item, Proposal, ProposalKind
from scheduler.engine.standing import holds
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.protocol.wording import listed
from scheduler.quantities import Rate, shown_number
from scheduler.record.events import LabResult, ProposalDeclined, ResponseAssessed, ToxicityGraded, TreatmentEnded
from scheduler.record.history import History


@dataclass(frozen=True)
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

    @cached_property
    def declined(self) -> frozenset[str]:
        return frozenset(event.proposal for _, event in self.history.of(ProposalDeclined))

    @cached_property
    def ended(self) -> frozenset[str]:
        """The treatments that have ended for good by now."""
        known = [event for _, event in self.history.of(TreatmentEnded) if event.happened_on <= self.seen_on]
        every = tuple(treatment.key for treatment in self.protocol.treatments)
        died = any(on <= self.seen_on for _, on in self.episodes.deaths)
        return frozenset(every if died else (key for event in known for key in event.treatments or every))


ORDER: tuple[ProposalKind, ...] = ("remove", "stop", "resume", "reload", "judge", "answer")


def proposals(s: Situation) -> tuple[Proposal, ...]:
    """All open proposals, the gravest first; of two to remove or to stop the same the earlier."""
    if len(s.ended) == len(s.protocol.treatments):
        return ()
    found = [*_removals(s), *_progressions(s), *_of_episodes(s), *_reloads(s), *_questions(s), *_answers(s)]
    found.sort(key=lambda p: (ORDER.index(p.kind), p.since, p.id))
    chosen: dict[str, Proposal] = {}
    for one in found:
        proposal = one if one.id not in chosen else one._replace(id=f"{one.id}-{one.treatments[0]}")
        same = [p for p in chosen.values() if (p.kind, p.treatments) == (one.kind, one.treatments)]
        if proposal.id not in s.declined and not (same and one.kind in ("remove", "stop")):
            chosen[proposal.id] = proposal
    return tuple(chosen.values())


def first_withheld(episode: Episode, items: Sequence[Item]) -> date | None:
    """The day of the first dose that an episode has withheld."""
    held = (item for item in items if item.status == "held")
    return next((item.date for item in held if holds(episode, item.slot.key, item.date)), None)


def _removals(s: Situation) -> Iterator[Proposal]:
    for number, on, fired in s.episodes.removals:
        if fired.rule.propose is not None:
            text = f"{fired.statement.text} {_cause(s, number)}, of {on} calls for it."
            yield from _of_rule(s, fired.rule.propose, f"{number}", text, on)


def _cause(s: Situation, number: int) -> str:
    """The toxicity or laboratory value of an event."""
    match dict(zip(s.history.numbers, s.history.events, strict=True))[number]:
        case ToxicityGraded() as event:
            return f"{event.term}, grade {event.grade}"
        case LabResult() as event:
            return f"{event.test} {shown_number(event.value)} {event.unit}"
        case _:
            return "The event"


def _of_rule(s: Situation, wanted: m.Proposal, key: str, text: str, on: date) -> Iterator[Proposal]:
    """Removing, or stopping what has not ended yet."""
    if wanted.kind == "removal":
        every = tuple(treatment.key for treatment in s.protocol.treatments)
        yield Proposal(f"remove-{key}", "remove", f"Remove the patient from treatment? {text}", every, (), on)
    elif treatments := tuple(treatment for treatment in wanted.treatments if treatment not in s.ended):
        yield Proposal(f"stop-{key}", "stop", f"Stop {_names(s, treatments)} for good? {text}", treatments, (), on)


def _progressions(s: Situation) -> Iterator[Proposal]:
    """Progression that no decision point has dealt with, where the protocol ends with it."""
    if not any(end.event == "disease progression" for end, _ in s.protocol.effects(m.EndOn)):
        return
    decided = {decision.cycle for decision, _ in decisions(s.protocol) if "PD" in decision.ends}
    for number, answer in s.history.of(ResponseAssessed):
        if answer.response == "PD" and answer.before_cycle not in decided and answer.happened_on <= s.seen_on:
            text = f"Disease progression of {answer.happened_on} ends treatment by this protocol."
            yield from _of_rule(s, m.Proposal("removal"), f"{number}", text, answer.happened_on)


def _of_episodes(s: Situation) -> Iterator[Proposal]:
    """What becomes of a hold: an end where it lasts too long, else going on; the one after the other was declined."""
    for episode in s.episodes.all:
        if episode.ordered or not set(episode.still_held) - s.ended:
            continue
        ending = list(_overdue(s, episode))
        yield from ending
        ready = _ready(s, episode)
        if ready is not None and s.seen_on >= ready and all(p.id in s.declined for p in ending):
            yield from _resumption(s, episode, ready)


def _overdue(s: Situation, episode: Episode) -> Iterator[Proposal]:
    """The longest hold has passed without a resolution."""
    first = first_withheld(episode, s.items)
    if first is None:
        return
    counted = first if s.protocol.setting("longest_hold_counts_from") == "first_withheld_dose" else episode.began
    since = "the first withheld dose" if counted == first else "the report"
    for fired in episode.fired:
        longest, wanted = _longest(s, fired.rule)
        bound = counted + timedelta(days=longest) if longest is not None else date.max
        if wanted is not None and (episode.resolved or s.seen_on) >= bound and episode.resolved != bound:
            text = f"{_named(episode, 'has', 'have')} not resolved within {longest} days of {counted}, {since}."
            yield from _of_rule(s, wanted, f"{episode.key}-unresolved", text, bound)
            return


def _ready(s: Situation, episode: Episode) -> date | None:
    """The day from which it may go on: resolved, and the shortest hold that a rule asks for has passed."""
    if episode.resolved is None:
        return None
    shortest = max((fired.rule.at_least or 0 for fired in episode.fired), default=0)
    first = first_withheld(episode, s.items) or episode.began
    return max(episode.resolved, first + timedelta(days=shortest)) if shortest else episode.resolved


def _longest(s: Situation, rule: m.Rule) -> tuple[int | None, m.Proposal | None]:
    """The rule's own longest hold, else the protocol's, and what follows it."""
    if rule.at_most is not None:
        return rule.at_most, rule.unresolved
    policy = s.protocol.setting("longest_hold")
    if not policy.endswith("days"):
        return None, None
    return int(policy.split()[0]), m.Proposal("stopping", rule.holds)


def _resumption(s: Situation, episode: Episode, ready: date) -> Iterator[Proposal]:
    known = levels.steps(s.history)
    now = {key: step.level for key in episode.holds if (step := levels.level_on(known.get(key, ()), s.seen_on))}
    wanted = levels.proposed(s.protocol, s.arm, episode, now)
    wanted = {key: level for key, level in wanted.items() if key not in s.ended}
    tables = {key: levels.table(s.protocol, s.arm, key) for key in wanted}
    cause = (
        f"{_named(episode, f'of {episode.began} has', f'from {episode.began} on have')} resolved on {episode.resolved}."
    )
    if any(tables[key] and level < 0 and level not in tables[key] for key, level in wanted.items()):
        stopping = list(_below_the_lowest(s, episode, cause, ready))
        yield from stopping
        if any(p.id not in s.declined for p in stopping):
            return
        wanted = {key: max(level, min(tables[key], default=0)) for key, level in wanted.items()}
    text = " ".join([f"Resume {'; '.join(_shown(s, wanted, tables))}? {cause}", *_warnings(s, wanted, now)])
    yield Proposal(f"resume-{episode.key}", "resume", text, tuple(wanted), tuple(wanted.items()), ready)


def _named(episode: Episode, one: str, several: str) -> str:
    """What an episode is about, with the verb: the toxicity or value that began it, and what joined it."""
    joined = [
        f"{term}, grade {grade}" for term, grade in episode.worst.items() if f"{term}, grade " not in episode.cause
    ]
    return f"{listed([episode.cause, *joined], 'and')}, {several if joined else one}"


def _shown(s: Situation, wanted: Mapping[str, int], tables: Mapping[str, dict[int, Rate]]) -> Iterator[str]:
    """What goes on at a lower level, each with its amount; then all that goes on as it was."""
    lower = [key for key, level in wanted.items() if level in tables[key] and level != 0]
    for key in lower:
        yield f"{s.protocol.treatment(key).name} at level {wanted[key]}, {tables[key][wanted[key]]}"
    if same := [key for key in wanted if key not in lower]:
        yield f"{_names(s, same)} at the same dose"


def _warnings(s: Situation, wanted: Mapping[str, int], now: Mapping[str, int]) -> Iterator[str]:
    """What the protocol warns of, in its words, where it is about what is proposed."""
    for warn, statement in s.protocol.effects(m.Warn):
        level = wanted.get(warn.treatment)
        if level is not None and (warn.what == "resuming" or level < now.get(warn.treatment, 0)):
            yield f"Warning: {statement.text}"


def _below_the_lowest(s: Situation, episode: Episode, cause: str, on: date) -> Iterator[Proposal]:
    text = f"{cause} A reduction is due, and the protocol has no lower level."
    if s.protocol.setting("below_lowest_level") == "propose_removal":
        return _of_rule(s, m.Proposal("removal"), episode.key, text, on)
    reduced = tuple(key for key in episode.still_held if levels.table(s.protocol, s.arm, key))
    return _of_rule(s, m.Proposal("stopping", reduced), episode.key, text, on)


def _reloads(s: Situation) -> Iterator[Proposal]:
    """A loading dose where the gap has grown too long; of a dose that was reduced for toxicity none is proposed."""
    for reload, statement, _, after, late in loadings(s.protocol, s.history, s.items):
        if after.level == 0:
            name = s.protocol.treatment(reload.treatment).name
            text = f"Load {name} again with {reload.dose} on {after.date}? It is {late} days late. {statement.text}"
            since = after.date - timedelta(days=late)
            yield Proposal(f"reload-{after.id}", "reload", text, (reload.treatment,), (), since)


def _questions(s: Situation) -> Iterator[Proposal]:
    for question in s.episodes.questions:
        if question.on <= s.seen_on:
            yield Proposal(f"judge-{question.number}", "judge", question.text, (), (), question.on)


def _answers(s: Situation) -> Iterator[Proposal]:
    """A decision that keeps doses blocked, from two weeks before the cycle on."""
    for decision, statement in decisions(s.protocol):
        blocked = [item for item in s.items if item.status == "blocked" and item.cycle == decision.cycle]
        if blocked and s.seen_on >= blocked[0].date - timedelta(days=14) and not answers(s.history, decision):
            text = f"Record the {decision.question} before cycle {decision.cycle}. {statement.text}"
            yield Proposal(f"answer-C{decision.cycle}", "answer", text, (), (), blocked[0].date)


def _names(s: Situation, keys: Sequence[str]) -> str:
    return listed([s.protocol.treatment(key).name for key in keys], "and")
