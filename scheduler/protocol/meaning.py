"""What statements mean: when, which dose, and every effect on the schedule. Frozen, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from scheduler.cycle_days import Cycles
from scheduler.problems import Place
from scheduler.quantities import Amount, Rate

GivenBy = Literal["clinic", "patient"]

# --- when ---------------------------------------------------------------------------------------


class OnDays(NamedTuple):
    """'cycle 1 days 2-7, 12-21'."""

    cycles: Cycles
    days: tuple[int, ...]


class DaysAfter(NamedTuple):
    """'cycle 2+, 1 and 4 days after each trastuzumab': counted from the day it is really given."""

    cycles: Cycles
    offsets: tuple[int, ...]
    treatment: str


class TiedTo(NamedTuple):
    """'cycle 1+ evening before paclitaxel': a premedication that moves with the other dose."""

    cycles: Cycles
    part: Literal["evening before", "morning of", "day before", "day after"]
    treatment: str


class BeforeEach(NamedTuple):
    """'cycle 1+ before each trastuzumab, interleukin_12': on the day of the dose, ahead of it."""

    cycles: Cycles
    treatments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeforeDay1:
    """'before day 1': once, before treatment begins."""


class AfterCycles(NamedTuple):
    """'after cycles 1, 3': due on day 1 of the cycle that follows."""

    cycles: Cycles


class EveryCycles(NamedTuple):
    """'after every 4 cycles': due on day 1 of cycles 5, 9, 13, ..."""

    every: int


class EveryMonths(NamedTuple):
    """'every 3 months after cycle 3': calendar months from the day that follows the cycle's last.

    'every 3 months from day 1' counts from day 1 of cycle 1: then `after_cycle` is 0.
    """

    months: int
    after_cycle: int


When = OnDays | DaysAfter | TiedTo | BeforeEach | BeforeDay1 | AfterCycles | EveryCycles | EveryMonths


class Dose(NamedTuple):
    """'trastuzumab 4 mg/kg intravenous over 90 min'. `rate` is None for a dose by bands."""

    treatment: str
    rate: Rate | None
    route: str
    minutes: Minutes | None = None
    times_daily: int = 1
    at: tuple[str, ...] = ()


class Minutes(NamedTuple):
    """Length of an infusion: the first one given, and those that follow; None is 'not stated'."""

    first: int | None
    later: int | None


# --- effects ------------------------------------------------------------------------------------


class CycleLength(NamedTuple):
    """'cycle 1: 21 days'."""

    arms: tuple[str, ...]
    cycles: Cycles
    days: int
    place: Place


class Give(NamedTuple):
    """One line of `give`: when, and which dose."""

    arms: tuple[str, ...]
    when: When
    dose: Dose
    place: Place
    dose_place: Place


class Assess(NamedTuple):
    """One line of `assess`: when, what, how much blood (mL), and the window in days around it."""

    arms: tuple[str, ...]
    when: When
    assessment: str
    blood: Amount | None
    window: tuple[int, int] | None
    place: Place


class Infuse(NamedTuple):
    """'cycle 2+ trastuzumab: over 30 min', where the sentence that gives the dose names no time."""

    arms: tuple[str, ...]
    cycles: Cycles
    treatment: str
    minutes: Minutes
    place: Place


class Order(NamedTuple):
    """'paclitaxel after trastuzumab': the order within a day; names treatments and assessments."""

    later: str
    earlier: str
    place: Place


class GivenWhere(NamedTuple):
    """'aldesleukin_low: patient': who gives it, the clinic or the patient at home."""

    treatment: str
    by: GivenBy
    place: Place


class Window(NamedTuple):
    """'trastuzumab: 1 day before to 1 day after': allowed deviation in days."""

    treatment: str
    before: int
    after: int
    place: Place


class Level(NamedTuple):
    """A row of a dose level table; level 0 is the starting dose, -1 and -2 are the reductions."""

    arms: tuple[str, ...]
    treatment: str
    level: int
    rate: Rate
    place: Place


class Band(NamedTuple):
    """A row of a table of doses by body size: the dose up to and including a size, or above all of them.

    `bound` is the size that the row names, whichever of the two it is.
    """

    arms: tuple[str, ...]
    treatment: str
    per: Literal["kg", "m2"]
    up_to: Decimal | None
    bound: Decimal
    amount: Amount
    place: Place


class GradeCondition(NamedTuple):
    """'second grade 3-4 nonhaematologic of Fatigue': which toxicities fire a rule; `but_not` are those exempt."""

    grades: tuple[int, ...]
    kind: Literal["any", "haematologic", "nonhaematologic"] = "any"
    terms: tuple[str, ...] = ()
    occurrence: int = 0
    but_not: tuple[str, ...] = ()


class LabCondition(NamedTuple):
    """'neutrophils below 1,500 per mm3', perhaps 'for 7 days': a laboratory value that fires a rule."""

    test: str
    comparison: Literal["below", "above", "at least", "at most"]
    value: Decimal
    unit: str
    days: int = 0


class Until(NamedTuple):
    """What lifts a hold: a grade (or the grade before treatment), laboratory values, or all of them."""

    grade: int | None = None
    or_baseline: bool = False
    laboratory: tuple[LabCondition, ...] = ()


class Proposal(NamedTuple):
    """What is put before a person: removal, or stopping some treatments. Never done by itself."""

    kind: Literal["removal", "stopping"]
    treatments: tuple[str, ...] = ()


Resume = Literal["same level", "one level down", "level -1", "level -2", "level -3"]


class Rule(NamedTuple):
    """One hold, rest, reduction or removal rule, as its file states it.

    `due_to` are the drugs whose attribution counts (empty: any study drug); `holds` the treatments withheld;
    `at_most` and `at_least` the longest and shortest hold in days; `resume` the level it goes on at;
    `unresolved` is proposed when the longest hold has passed, `propose` at once. It fires on what happens in its
    arms (none: all) and `cycles` (None: all); a hold that has begun goes on beyond them.
    """

    condition: GradeCondition | LabCondition
    due_to: tuple[str, ...]
    holds: tuple[str, ...]
    until: Until | None
    at_most: int | None
    resume: Resume | None
    unresolved: Proposal | None
    propose: Proposal | None
    place: Place
    at_least: int | None = None
    arms: tuple[str, ...] = ()
    cycles: Cycles | None = None


class Decision(NamedTuple):
    """'before cycle 4: response CR, PR, SD goes on; PD ends': blocks the cycle until answered."""

    cycle: int
    question: str
    goes_on: tuple[str, ...]
    ends: tuple[str, ...]
    place: Place


class EndOn(NamedTuple):
    """Treatment ends on an event: progression, withdrawal, death, ..."""

    event: str
    place: Place


class LastStart(NamedTuple):
    """'no cycle starts later than 365 days after day 1'."""

    days: int
    place: Place


class LastCycle(NamedTuple):
    """'after cycle 18': no cycle follows it."""

    cycle: int
    place: Place


class Spacing(NamedTuple):
    """'interleukin_12 at least 2 days before trastuzumab' or '... apart' (then both names are equal)."""

    treatment: str
    days: int
    other: str
    place: Place


class Reload(NamedTuple):
    """'trastuzumab more than 7 days late: 4 mg/kg over 90 min': a loading dose to be proposed."""

    treatment: str
    days_late: int
    dose: Rate
    minutes: int | None
    place: Place


class Supply(NamedTuple):
    """'aldesleukin_low: pre-filled syringe': the form in which a home treatment is handed out."""

    treatment: str
    form: str
    place: Place


class BloodLimit(NamedTuple):
    """'550 mL in 8 weeks', '10.5 mL/kg in 8 weeks': how much blood may be drawn."""

    limit: Rate
    weeks: int
    place: Place


class Warn(NamedTuple):
    """'resuming interleukin_12', 'reducing trastuzumab': its statement is shown with every such proposal."""

    what: Literal["resuming", "reducing"]
    treatment: str
    place: Place


class Setting(NamedTuple):
    """One policy of the closed list, and its choice."""

    policy: str
    value: str
    place: Place


Effect = (
    CycleLength
    | Give
    | Assess
    | Infuse
    | Order
    | GivenWhere
    | Window
    | Level
    | Band
    | Rule
    | Decision
    | EndOn
    | LastStart
    | LastCycle
    | Spacing
    | Reload
    | Supply
    | BloodLimit
    | Warn
    | Setting
)
