"""What can be recorded about a patient: facts in the past tense, frozen.

Every event has the day it happened; bounds are checked where an event enters (`believable_weight`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scheduler.problems import Refused
from scheduler.quantities import Amount, shown_number
from scheduler.record.assessments import AssessmentDone, AssessmentLeftOut
from scheduler.record.handed_out import CalendarIssued, CalendarRouteChosen, PaperHandedOut, ZoneChanged
from scheduler.record.stock import (
    FilledSyringe,  # noqa: F401 - the codec looks here for what events are made of
    NearMiss,
    ShelfCounted,
    SyringeChecked,
    SyringesDiscarded,
    SyringesIssued,
    SyringesPrepared,
    SyringesReturned,
    VialsDiscarded,
    VialsReceived,
    VialsUsed,  # noqa: F401 - as above
)

LEAST_KG, MOST_KG = Decimal(20), Decimal(300)
LEAST_CM, MOST_CM = Decimal(100), Decimal(250)
POUND, INCH = Decimal("0.45359237"), Decimal("2.54")
LONGEST_SHOWN = 20
_SLIPS_IN_KG = ((POUND, "pounds"), (Decimal("0.001"), "grams"))
_SLIPS_IN_CM = ((Decimal(100), "metres"), (INCH, "inches"), (Decimal("0.1"), "millimetres"))


class Measure(NamedTuple):
    """What is measured, its unit, an example, its bounds, and units that are entered by mistake."""

    what: str
    unit: str
    example: str
    least: Decimal
    most: Decimal
    slips: tuple[tuple[Decimal, str], ...]


@dataclass(frozen=True, slots=True)
class PatientEnrolled:
    """Day 1 of cycle 1, the arm, the IANA time zone, and the time of day of home doses (None: the protocol's).

    `protocol`, `edition` and `digest` (SHA-256 of the file) tell which protocol it was.
    """

    happened_on: date
    day_1: date
    subject: str | None = None
    arm: str | None = None
    zone: str = "UTC"
    home_dose_time: str | None = None
    protocol: str = ""
    edition: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class WeightMeasured:
    """Body weight in kg, 20 to 300."""

    happened_on: date
    kg: Decimal


@dataclass(frozen=True, slots=True)
class HeightMeasured:
    """Body height in cm, 100 to 250."""

    happened_on: date
    cm: Decimal


@dataclass(frozen=True, slots=True)
class ResponseAssessed:
    """The answer to a decision point: CR, PR, SD, PD or NE, given for the cycle that it opens or closes."""

    happened_on: date
    before_cycle: int
    response: str


@dataclass(frozen=True, slots=True)
class CycleStarted:
    """The day on which day 1 of a cycle was really given."""

    happened_on: date
    cycle: int


@dataclass(frozen=True, slots=True)
class VisitMoved:
    """Day 1 of a cycle is to be on another day than planned."""

    happened_on: date
    cycle: int
    to: date


@dataclass(frozen=True, slots=True)
class Attribution:
    """How far a toxicity is due to a drug: unrelated, unlikely, possible, probable or definite."""

    drug: str
    degree: str


@dataclass(frozen=True, slots=True)
class ToxicityGraded:
    """A toxicity seen on a day: the criteria's term, the grade 0 to 5, and what it is due to.

    A lower grade of the same term is a regrade, grade 0 or 1 mostly its resolution.
    """

    happened_on: date
    term: str
    grade: int
    criteria: str
    due_to: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class LabResult:
    """A laboratory value."""

    happened_on: date
    test: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A dose was given or taken; `item` is the id on the schedule, `amount` None where it was as planned.

    `syringes` are the numbers of those that were scanned.
    """

    happened_on: date
    item: str
    amount: Amount | None = None
    time: str | None = None
    lot: str | None = None
    syringes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoseTakenWhileHeld:
    """A dose was taken although it was held: found, not prevented."""

    happened_on: date
    item: str
    amount: Amount | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class DoseMissed:
    """A dose was not taken. It is never made up by a double one."""

    happened_on: date
    item: str


@dataclass(frozen=True, slots=True)
class HoldOrdered:
    """A named person holds treatments, whatever the rules say."""

    happened_on: date
    treatments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """A named person lets treatments go on, at a level (None: the one in force)."""

    happened_on: date
    treatments: tuple[str, ...]
    level: int | None = None


@dataclass(frozen=True, slots=True)
class DoseLevelSet:
    """A named person sets the dose level of a treatment: 0, -1, ..."""

    happened_on: date
    treatment: str
    level: int


@dataclass(frozen=True, slots=True)
class ReloadConfirmed:
    """A named person lets the next dose of a treatment be the loading dose again."""

    happened_on: date
    treatment: str


@dataclass(frozen=True, slots=True)
class ProposalDeclined:
    """A named person decides against something the engine proposed; `proposal` is its id."""

    happened_on: date
    proposal: str


@dataclass(frozen=True, slots=True)
class ProtocolAmended:
    """From this day on another edition of the protocol counts; days before stay as they were."""

    happened_on: date
    protocol: str
    edition: int
    digest: str


@dataclass(frozen=True, slots=True)
class TreatmentEnded:
    """All treatment, or some treatments, end for good; `reason` is one of the protocol's ends or free text."""

    happened_on: date
    reason: str
    treatments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssumptionConfirmed:
    """A named person agrees with an assumption of a protocol: the `number`th of its file, in its very words.

    An entry of the clinic and of no patient. It holds for the file with this digest (SHA-256) alone.
    """

    happened_on: date
    protocol: str
    edition: int
    digest: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class EventCorrected:
    """An earlier event was wrong. It stays in the log; `replacement` counts instead (None: nothing does)."""

    happened_on: date
    number: int
    replacement: Event | None = None


Event = (
    PatientEnrolled
    | WeightMeasured
    | HeightMeasured
    | ResponseAssessed
    | CycleStarted
    | VisitMoved
    | ToxicityGraded
    | LabResult
    | DoseGiven
    | DoseTakenWhileHeld
    | DoseMissed
    | AssessmentDone
    | AssessmentLeftOut
    | HoldOrdered
    | HoldLifted
    | DoseLevelSet
    | ReloadConfirmed
    | ProposalDeclined
    | ProtocolAmended
    | TreatmentEnded
    | CalendarRouteChosen
    | CalendarIssued
    | ZoneChanged
    | PaperHandedOut
    | AssumptionConfirmed
    | VialsReceived
    | VialsDiscarded
    | ShelfCounted
    | SyringesPrepared
    | SyringeChecked
    | SyringesDiscarded
    | SyringesIssued
    | SyringesReturned
    | NearMiss
    | EventCorrected
)


def believable_weight(kg: Decimal) -> Decimal:
    """The weight, if a patient can have it; Refused names pounds or grams where the value looks like them."""
    return _believable(kg, Measure("weight", "kg", "70", LEAST_KG, MOST_KG, _SLIPS_IN_KG))


def believable_height(cm: Decimal) -> Decimal:
    """The height, if a patient can have it; Refused names metres or inches where the value looks like them."""
    return _believable(cm, Measure("height", "cm", "165", LEAST_CM, MOST_CM, _SLIPS_IN_CM))


def _believable(value: Decimal, measure: Measure) -> Decimal:
    what, unit, example, least, most, slips = measure
    typed = str(value) if len(str(value)) <= LONGEST_SHOWN else f"{str(value)[:LONGEST_SHOWN]}..."
    if not value.is_finite() or value <= 0:
        raise Refused(f"A {what} of {typed} is not a {what}. Give it in {unit}, like {example}.")
    if least <= value <= most:
        return value
    for factor, other in slips:
        if least / factor <= value <= most / factor:
            meant = shown_number(round(value * factor, 1))
            raise Refused(f"{typed} {unit} looks like {other} ({meant} {unit}). Give the {what} in {unit}.")
    raise Refused(f"{typed} {unit} is outside {least} to {most} {unit}. Measure again, and give the {what} in {unit}.")
