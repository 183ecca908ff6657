"""Laws about holds and proposals: every hold has a way out, none leads upwards, no two contradict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.engine.proof.cures import better
from scheduler.engine.proof.faults import Case, Fault
from scheduler.engine.proof.ground import state_after
from scheduler.engine.proof.holding import levels_before
from scheduler.engine.proof.letters import DEGREES, passed_over
from scheduler.engine.proof.moves import accepted, open_on
from scheduler.engine.toxicity import verdicts
from scheduler.record.events import HoldLifted, ProposalDeclined, ToxicityGraded, TreatmentEnded

DECIDES = ("resume", "stop", "remove")


def resumption_never_raises(case: Case) -> Iterator[Fault]:
    """No proposal resumes at a level above the one in force, or at one that has no amount."""
    for proposal in case.proposals:
        for key, level in proposal.levels:
            now = case.levels.get(key, 0)
            if level > now:
                yield Fault(f"'{proposal.text}' is proposed at level {level}; level {now} is in force.")
            elif level and level not in case.ground.tables[key]:
                yield Fault(f"'{proposal.text}' is proposed at level {level}, which has no amount.")


def every_hold_has_a_way_out(case: Case) -> Iterator[Fault]:
    """When everything is over, a proposal on some later day resumes or stops each treatment that is held."""
    waits = [episode for episode in case.state.found.all if episode.is_open]
    decided = any(isinstance(event, ProposalDeclined) for event in case.history.events)
    if not waits or decided:
        return
    if case.ways is not None and case.key in case.ways:
        return
    held = _without_way_out(case)
    if case.ways is not None and not held:
        case.ways.add(case.key)
    if held:
        names = ", ".join(case.ground.protocol.treatment(key).name for key in sorted(held))
        places = tuple(rule.place for episode in waits for rule in episode.rules if held & set(rule.holds))
        yield Fault(f"{names}: held without a way out. Nothing is proposed even when everything is over.", places)


def _without_way_out(case: Case) -> set[str]:
    """What is still held when everything is over, and what nothing is proposed for on any later day."""
    on = case.state.last + timedelta(days=1)
    state = state_after(case.ground, (*case.state.moves, better(case.ground, case.state, on)))
    every = tuple(treatment.key for treatment in case.ground.protocol.treatments)
    held = {key for episode in state.found.all for key in episode.still_held}
    held -= {key for _, event in case.history.of(TreatmentEnded) for key in event.treatments or every}
    for day in sorted({on, *_later(case, on)}):
        asked = [p for p in open_on(case.ground, state, day) if p.kind in DECIDES]
        held -= {key for proposal in asked for key in proposal.treatments}
        stopping = next((p for p in asked if p.kind == "stop"), None)
        if held and stopping is not None:  # what is asked next shows when that is decided
            state = state_after(case.ground, (*state.moves, accepted(stopping, day)))
    return held


def _later(case: Case, on: date) -> list[date]:
    lengths = [days for rule in case.ground.rules for days in (rule.at_least, rule.at_most) if days is not None]
    return [on + timedelta(days=days) for days in (*lengths, 100, 400)]


def stopping_comes_before_resuming(case: Case) -> Iterator[Fault]:
    """Where one rule stops and another resumes a treatment, stopping is asked first."""
    seen: set[str] = set()
    for proposal in case.proposals:
        if proposal.kind == "resume":
            seen |= set(proposal.treatments)
        elif proposal.kind in ("stop", "remove") and seen & set(proposal.treatments):
            yield Fault(f"'{proposal.text}' stands below a proposal to resume the same.")


def nothing_comes_while_stopping_is_asked(case: Case) -> Iterator[Fault]:
    """While a rule's proposal to stop or to remove is open, no dose of what it names is planned."""
    for proposal in case.proposals:
        if proposal.kind not in ("stop", "remove"):
            continue
        lifted = {
            key
            for _, event in case.history.of(HoldLifted)
            if event.happened_on >= proposal.since
            for key in event.treatments
        }
        for item in case.coming:
            if item.slot.key in set(proposal.treatments) - lifted and item.date >= proposal.since:
                text = proposal.text.split("?")[0]
                what = f"'{text}?' is asked, and {item.slot.name} of {item.cycle_day} is planned on {item.date}."
                yield Fault(what, tuple(fired.rule.place for _, _, fired in case.state.found.removals))


def lengths_agree(case: Case) -> Iterator[Fault]:
    """No rule asks for a longer hold than another one, or the protocol, allows at the same time."""
    policy = case.ground.protocol.setting("longest_hold")
    general = int(policy.split()[0]) if policy.endswith("days") else None
    for episode in case.state.found.all:
        for least in episode.rules:
            for most in episode.rules:
                bound = most.at_most if most.at_most is not None else general
                shared = set(least.holds) & set(most.holds)
                if shared and least.at_least is not None and bound is not None and least.at_least > bound:
                    what = f"One rule holds at least {least.at_least} days; after {bound} days stopping is proposed."
                    yield Fault(what, (least.place, most.place))


def causes_are_held_or_asked(case: Case) -> Iterator[Fault]:
    """A toxicity that a rule names, and that is at least possibly due to its drug, holds it or is asked about."""
    for event in case.state.moves[-1].events if case.state.moves else ():
        if not isinstance(event, ToxicityGraded) or event.happened_on < case.history.day_1:
            continue
        for verdict, fired in verdicts(case.ground.protocol, event, case.ground.arm):
            if verdict == "no" and passed_over(case.ground, fired, event):
                what = f"{event.term}, grade {event.grade}, may be due to {_drugs(event)}: nothing is held or asked."
                yield Fault(what, (fired.rule.place,))


def _drugs(event: ToxicityGraded) -> str:
    return " and ".join(a.drug for a in event.due_to if a.degree in DEGREES[:3])


def confirmed_proposals_go(case: Case) -> Iterator[Fault]:
    """A proposal that a person has decided is not open any more."""
    if case.before is None or not case.state.moves:
        return
    move = case.state.moves[-1]
    if any(isinstance(event, HoldLifted | TreatmentEnded | ProposalDeclined) for event in move.events):
        gone = {p.id: p for p in open_on(case.ground, case.before, move.on)}
        for proposal in open_on(case.ground, case.state, move.on):
            before = gone.get(proposal.id)
            if before is not None and move.words.endswith(before.text.split("?")[0].strip()):
                yield Fault(f"'{proposal.text}' is still open after it was confirmed.")


def reductions_are_proposed(case: Case) -> Iterator[Fault]:
    """Where a rule of an episode asks for one level down, no proposal resumes everything as it was before."""
    if any(isinstance(event, ProposalDeclined) for event in case.history.events):
        return
    for episode in case.state.found.all:
        lowering = [rule for rule in episode.rules if rule.resume == "one level down"]
        proposal = next((p for p in case.proposals if p.id == f"resume-{episode.key}"), None)
        if proposal is not None and lowering:
            before = levels_before(case.history, episode.number)
            after = {**{key: case.levels.get(key, 0) for key in episode.holds}, **dict(proposal.levels)}
            if all(level >= before.get(key, 0) for key, level in after.items()):
                what = f"'{proposal.text.split('?')[0]}?' is proposed, and nothing is lowered."
                yield Fault(what, tuple(rule.place for rule in lowering))
