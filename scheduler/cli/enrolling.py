"""The steps of `c1d1 patient enrol`."""

from __future__ import annotations

from scheduler.cli import proving, telling
from scheduler.clinic.change_words import proposal_line
from scheduler.clinic.desk import Signature, open_desk
from scheduler.clinic.enrolment import Enrolment, check_is_new, enrolment
from scheduler.clinic.finding import check_subject
from scheduler.clinic.home import Home, today
from scheduler.clinic.rights import needed
from scheduler.clinic.words import day
from scheduler.engine.build import build_schedule, cycles
from scheduler.protocol.model import Protocol
from scheduler.record.events import Event
from scheduler.record.history import History


def enrol(home: Home, subject: str, asked: Enrolment, signature: Signature, *, preview: bool) -> None:
    """Check, store unless it is a preview, and tell how treatment begins."""
    check_subject(subject)
    if not preview:
        signature.check()
    events, found = enrolment(asked, subject, today(), home.lists)
    if preview:
        telling.say(f"PREVIEW for {subject}: nothing is stored.")
    else:
        with open_desk(home, must_exist=False) as desk:
            check_is_new(desk, subject)
            signature = proving.proved(desk, signature, needed(events))
            desk.shelf.put(found.protocol)
            with telling.conflicts():
                stored = desk.enrol(subject, events, found.text, signature)
        telling.say(f"Enrolled {subject}, entries {stored[0].number} to {stored[-1].number}.")
    for event in events:
        telling.say(f"  {telling.fact(event)}")
    _beginning(found.protocol, events)


def _beginning(protocol: Protocol, events: tuple[Event, ...]) -> None:
    """What a person should know before the first dose."""
    history = History(events)
    first = next(cycles(protocol, history))
    schedule = build_schedule(protocol, history, first.last_day, history.enrolment.happened_on)
    doses = [item for item in schedule.items if item.slot.kind == "dose"]
    telling.say(f"Cycle 1: {day(first.start)} to {day(first.last_day)}, {len(doses)} doses.")
    for notice in schedule.notices:
        telling.say(f"! {notice.text}")
    for proposal in schedule.proposals:
        telling.say(f"! {proposal_line(proposal)}")
