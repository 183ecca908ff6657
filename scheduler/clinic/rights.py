"""Who may do what, as one table.

It holds for everybody alike: the command line, the app and the desk ask here, and the desk asks last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.problems import Refused
from scheduler.protocol.wording import listed
from scheduler.record.events import Event, EventCorrected
from scheduler.record.recorded import Recorded

ROLES = ("nurse", "pharmacist", "investigator", "monitor", "admin")
CLINICAL = ("nurse", "pharmacist", "investigator")
"""The roles that record anything about patients."""

ACTIONS = {
    "enrol": "enrol a patient",
    "measure": "record a measure",
    "toxicity": "record a toxicity",
    "dose": "record a dose",
    "visit": "move a visit",
    "hold": "order a hold",
    "resume": "let treatment go on after a hold",
    "level": "set a dose level",
    "reload": "confirm a loading dose",
    "end": "end treatment",
    "decide": "answer a decision point or a proposal",
    "amend": "move a patient to another edition of the protocol",
    "confirm": "confirm an assumption of a protocol",
    "stock": "keep the pharmacy's ledger",
    "check": "check a syringe as the second person",
    "issue": "hand out or take back syringes",
    "calendar": "hand out a calendar, or say how it travels",
    "seal": "seal the record",
    "accounts": "look after accounts",
}
"""Every action with a right of its own, in words that stand after 'may not'. Reading takes no right."""

RIGHTS: dict[str, tuple[str, ...]] = {
    "nurse": ("enrol", "measure", "toxicity", "dose", "visit", "hold", "check", "issue", "calendar", "seal"),
    "pharmacist": ("dose", "hold", "stock", "check", "issue", "seal"),
    "investigator": tuple(action for action in ACTIONS if action != "accounts"),
    "monitor": (),
    "admin": ("accounts",),
}
"""Whoever is at the bedside may stop treatment; going on, and every other decision, is the investigator's."""

RECORDS = {
    "PatientEnrolled": "enrol",
    "WeightMeasured": "measure",
    "HeightMeasured": "measure",
    "LabResult": "measure",
    "ToxicityGraded": "toxicity",
    "DoseGiven": "dose",
    "DoseTakenWhileHeld": "dose",
    "DoseMissed": "dose",
    "AssessmentDone": "measure",
    "AssessmentLeftOut": "measure",
    "CycleStarted": "visit",
    "VisitMoved": "visit",
    "HoldOrdered": "hold",
    "HoldLifted": "resume",
    "DoseLevelSet": "level",
    "ReloadConfirmed": "reload",
    "TreatmentEnded": "end",
    "ResponseAssessed": "decide",
    "ProposalDeclined": "decide",
    "ProtocolAmended": "amend",
    "AssumptionConfirmed": "confirm",
    "VialsReceived": "stock",
    "VialsDiscarded": "stock",
    "ShelfCounted": "stock",
    "SyringesPrepared": "stock",
    "SyringesDiscarded": "stock",
    "SyringeChecked": "check",
    "SyringesIssued": "issue",
    "SyringesReturned": "issue",
    "NearMiss": "dose",
    "CalendarRouteChosen": "calendar",
    "CalendarIssued": "calendar",
    "ZoneChanged": "calendar",
    "PaperHandedOut": "calendar",
}
"""The action that each kind of event is. A kind that is missing here nobody may record."""

TAKEN_BACK = {"HoldOrdered": "resume"}
"""Taking an entry back, or changing it, is the action that made it; for these it is another: a hold that never was
lets treatment go on."""

MEANINGS = {
    "resume": "confirmed",
    "level": "confirmed",
    "reload": "confirmed",
    "end": "confirmed",
    "decide": "decided",
    "amend": "confirmed",
    "confirm": "confirmed",
    "hold": "ordered",
    "check": "checked",
}
"""What a signature under an entry means, where it is more than 'recorded'."""


def may(role: str, action: str) -> bool:
    """Whether a role has the right; a role or an action that nobody knows has none."""
    return action in RIGHTS.get(role, ())


def who_may(action: str) -> tuple[str, ...]:
    """The roles that have a right."""
    return tuple(role for role in ROLES if may(role, action))


def check(role: str, action: str, name: str = "") -> None:
    """Refused where the role lacks the right, with who has it."""
    if not may(role, action):
        who = listed(who_may(action), "or") or "nobody"
        whose = f"{name} is {_with_article(role)}, and" if name else f"{_with_article(role).capitalize()}"
        raise Refused(f"{whose} may not {ACTIONS.get(action, action)}. That takes: {who}.")


def needed(events: Sequence[Event], entries: Sequence[Recorded] = ()) -> tuple[str, ...]:
    """The rights that it takes to record events; `entries` are the patient's so far, which a correction may name."""
    return tuple(dict.fromkeys(action for event in events for action in _of(event, entries)))


def meaning(event: Event) -> str:
    """What the signature under an entry means: recorded, ordered, confirmed, decided, corrected."""
    if isinstance(event, EventCorrected):
        return "corrected"
    return MEANINGS.get(_action(event), "recorded")


def _of(event: Event, entries: Sequence[Recorded]) -> Iterator[str]:
    if not isinstance(event, EventCorrected):
        yield _action(event)
        return
    for standing in _stood(event.number, entries):
        yield _action(standing)
        yield TAKEN_BACK.get(type(standing).__name__, _action(standing))
    if event.replacement is not None:
        yield _action(event.replacement)


def _stood(number: int, entries: Sequence[Recorded]) -> Iterator[Event]:
    """What was ever recorded as entry `number`: at first, and by corrections."""
    for entry in entries:
        event = entry.event
        if entry.number == number:
            yield event
        elif isinstance(event, EventCorrected) and event.number == number and event.replacement is not None:
            yield event.replacement


def _action(event: Event) -> str:
    kind = type(event).__name__
    return RECORDS.get(kind, kind)


def _with_article(role: str) -> str:
    return f"{'an' if role[:1] in 'aio' else 'a'} {role}"
