"""Plans for nobody yet: a protocol by its name, a start, a body size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.engine.build import build_schedule, cycles, up_to_cycle
from scheduler.engine.schedule import Schedule
from scheduler.problems import Problem, Refused
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.record.events import (
    Event,
    HeightMeasured,
    PatientEnrolled,
    WeightMeasured,
    believable_height,
    believable_weight,
)
from scheduler.record.history import History

FIRST_START, LAST_START = date(1990, 1, 1), date(2100, 1, 1)
LONGEST_PLAN = timedelta(days=3660)


class Faulty(Exception):
    """A protocol that cannot be used: all its problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a plan is made from; a weight (kg) or height (cm) that is None leaves its doses uncomputed."""

    start: date
    arm: str | None = None
    weight: Decimal | None = None
    height: Decimal | None = None
    cycles: int | None = None
    through: date | None = None
    zone: str = "UTC"


def open_protocol(name: str, lists: Path | None = None) -> Protocol:
    """A protocol by name or path; Faulty with every problem unless it is sound. `lists`: criteria loaded here."""
    path = library.find(name)
    if isinstance(path, Problem):
        raise Faulty((path,))
    loaded = library.load(path, lists)
    if loaded.protocol is None or loaded.problems:
        raise Faulty(loaded.problems)
    return loaded.protocol


def make_plan(protocol: Protocol, request: PlanRequest) -> Schedule:
    """A schedule for nobody yet; Refused with one sentence where something cannot be right."""
    history = _history(protocol, request)
    if request.through is not None:
        if not request.start <= request.through <= request.start + LONGEST_PLAN:
            raise Refused(
                f"{request.through} is not within ten years after {request.start}. Give a later date than the start."
            )
        return build_schedule(protocol, history, request.through)
    wanted = request.cycles or 1
    last = max(cycle.last_day for cycle in islice(cycles(protocol, history), wanted))
    return up_to_cycle(build_schedule(protocol, history, last), wanted)


def _history(protocol: Protocol, request: PlanRequest) -> History:
    check_start(request.start)
    events: list[Event] = [
        PatientEnrolled(request.start, request.start, None, arm_of(protocol, request.arm), zone_of(request.zone))
    ]
    if request.weight is not None:
        events.append(WeightMeasured(request.start, believable_weight(request.weight)))
    if request.height is not None:
        events.append(HeightMeasured(request.start, believable_height(request.height)))
    return History(tuple(events))


def check_start(start: date) -> None:
    """Refused where nobody can have begun, or will begin, on that day."""
    if not FIRST_START <= start <= LAST_START:
        raise Refused(f"{start} is not a believable start. Give the date of day 1 of cycle 1, like 2026-01-05.")


def arm_of(protocol: Protocol, arm: str | None) -> str | None:
    """The arm, if the protocol has it; Refused with the choices otherwise."""
    arms = tuple(known.key for known in protocol.arms)
    if arm is None and arms:
        raise Refused(f"{protocol.name} has the arms {listed(arms, 'and')}. Choose one with --arm.")
    if arm is not None and arm not in arms:
        if not arms:
            raise Refused(f"{protocol.name} has no arms. Leave out --arm.")
        raise Refused(f"'{arm}' is not an arm of {protocol.name}.{did_you_mean(arm, arms)} Choose {listed(arms)}.")
    return arm


def zone_of(zone: str) -> str:
    """The IANA name of a time zone that this computer knows."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            f"'{zone}' is not a time zone. Give its IANA name, like America/New_York or Europe/Berlin."
        ) from None
    return zone
