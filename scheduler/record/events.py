"""What can be recorded about a patient: facts in the past tense, frozen.

Every event has the day it happened; bounds are checked where an event enters (`Measured` values here).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.problems import Refused
from scheduler.quantities import Amount

LEAST_KG, MOST_KG = Decimal(20), Decimal(300)
LEAST_CM, MOST_CM = Decimal(100), Decimal(250)
POUND, INCH = Decimal("0.45359237"), Decimal("2.54")


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
    """A dose was given or taken; `item` is the id on the schedule, `amount` None where it was as planned."""

    happened_on: date
    item: str
    amount: Amount | None = None
    time: str | None = None
    lot: str | None = None


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
    | HoldOrdered
    | HoldLifted
    | DoseLevelSet
    | ReloadConfirmed
    | ProposalDeclined
    | ProtocolAmended
    | TreatmentEnded
    | EventCorrected
)


def believable_weight(kg: Decimal) -> Decimal:
    """The weight, if a patient can have it; Refused names pounds where the value looks like them."""
    if not kg.is_finite() or kg <= 0:
        raise Refused(f"A weight of {kg} is not a weight. Give it in kg, like 70.")
    if LEAST_KG <= kg <= MOST_KG:
        return kg
    if MOST_KG < kg <= MOST_KG / POUND:
        raise Refused(
            f"{kg:f} kg is beyond any patient; it looks like pounds ({kg * POUND:.1f} kg). Give the weight in kg."
        )
    if kg * 1000 <= MOST_KG * 1000 and kg < 1:
        raise Refused(f"{kg:f} kg is too little for a patient (20 to 300 kg). Give the weight in kg, like 70.")
    raise Refused(f"{kg:f} kg is outside 20 to 300 kg. Weigh again, and give the weight in kg.")


def believable_height(cm: Decimal) -> Decimal:
    """The height, if a patient can have it; Refused names metres or inches where the value looks like them."""
    if not cm.is_finite() or cm <= 0:
        raise Refused(f"A height of {cm} is not a height. Give it in cm, like 165.")
    if LEAST_CM <= cm <= MOST_CM:
        return cm
    if LEAST_CM <= cm * 100 <= MOST_CM:
        raise Refused(f"{cm:f} looks like metres ({cm * 100:.0f} cm). Give the height in cm.")
    if LEAST_CM <= cm * INCH <= MOST_CM:
        raise Refused(f"{cm:f} cm is too little; it looks like inches ({cm * INCH:.0f} cm). Give the height in cm.")
    raise Refused(f"{cm:f} cm is outside 100 to 250 cm. Measure again, and give the height in cm.")
