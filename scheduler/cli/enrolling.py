"""The steps of `c1d1 patient enrol`."""

from __future__ import annotations

from scheduler.cli import proving, telling
from scheduler.clinic.beginning import beginning
from scheduler.clinic.desk import Signature, open_desk
from scheduler.clinic.enrolment import Enrolment, check_is_new, enrolment
from scheduler.clinic.finding import check_subject
from scheduler.clinic.home import Home
from scheduler.clinic.rights import needed
from scheduler.clinic.settings import Settings, today


def enrol(
    home: Home, subject: str, asked: Enrolment, signature: Signature, settings: Settings, *, preview: bool
) -> None:
    """Check, store unless it is a preview, and tell how treatment begins."""
    check_subject(subject)
    if not preview:
        signature.check()
    events, found = enrolment(asked, subject, today(home), home.lists)
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
    for line in beginning(found.protocol, events, settings):
        telling.say(line)
