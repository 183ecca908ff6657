"""Enrolling a patient, and moving an enrolled one to another edition of the protocol."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from scheduler.clinic.desk import Desk
from scheduler.clinic.kept import Offered, offered
from scheduler.clinic.plans import arm_of, check_start, zone_of
from scheduler.clinic.scene import Intent, Scene, check_day
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol
from scheduler.protocol.policies import CLOCK
from scheduler.protocol.wording import quoted
from scheduler.record.events import (
    Event,
    HeightMeasured,
    PatientEnrolled,
    ProtocolAmended,
    WeightMeasured,
    believable_height,
    believable_weight,
)

LONGEST_AHEAD = timedelta(days=366)


class Enrolment(NamedTuple):
    """What is asked for; `on` is the day of the measures, by default today, or day 1 where that has been."""

    protocol: str
    start: date
    height: Decimal
    weight: Decimal
    arm: str | None = None
    zone: str = "UTC"
    home_time: str | None = None
    on: date | None = None


def enrolment(
    asked: Enrolment, subject: str, today: date, lists: Path | None = None
) -> tuple[tuple[Event, ...], Offered]:
    """The first events of a patient, and the protocol whose text is to be kept."""
    found = offered(asked.protocol, lists)
    protocol = found.protocol
    check_start(asked.start)
    on = asked.on or min(today, asked.start)
    check_day(on, today)
    if asked.start > today + LONGEST_AHEAD:
        raise Refused(f"{asked.start} is more than a year ahead. Check the year.")
    enrolled = PatientEnrolled(
        happened_on=on,
        day_1=asked.start,
        subject=subject,
        arm=arm_of(protocol, asked.arm),
        zone=zone_of(asked.zone),
        home_dose_time=clock_time(asked.home_time),
        protocol=protocol.name,
        edition=protocol.edition,
        digest=protocol.digest,
    )
    height = HeightMeasured(on, believable_height(asked.height))
    return (enrolled, height, WeightMeasured(on, believable_weight(asked.weight))), found


def check_is_new(desk: Desk, subject: str) -> None:
    """Refused for a number that somebody has."""
    entries = desk.log.entries(subject)
    if entries:
        by, on = entries[0].recorded_by, entries[0].recorded_at.date()
        raise Refused(f"{subject} is enrolled already, by {by} on {on}. See c1d1 patient show {subject}.")


def clock_time(text: str | None) -> str | None:
    """A time of day like 20:00."""
    if text is not None and not re.fullmatch(CLOCK, text, re.ASCII):
        raise Refused(f"{quoted(text)} is not a time of day. Write it like 20:00.")
    return text


def corrected_enrolment(
    scene: Scene, start: date | None, arm: str | None, zone: str | None, home_time: str | None
) -> Intent:
    """The enrolment with other values; the protocol stays (an amendment changes it)."""
    known = scene.chart.history.enrolment
    protocol: Protocol = scene.chart.editions[0].protocol
    event = replace(
        known,
        happened_on=scene.on,
        day_1=start or known.day_1,
        arm=arm_of(protocol, arm) if arm is not None else known.arm,
        zone=zone_of(zone) if zone is not None else known.zone,
        home_dose_time=clock_time(home_time) if home_time is not None else known.home_dose_time,
    )
    check_start(event.day_1)
    return Intent((event,))


def amendment(desk: Desk, scene: Scene, found: Offered) -> Intent:
    """From a day on another edition counts; its text is kept with the record."""
    chart, new = scene.chart, found.protocol
    old = chart.protocol
    if new.name != old.name:
        raise Refused(f"{chart.subject} is on {old.name}; {new.name} is another protocol, not an edition of it.")
    if new.digest == old.digest:
        raise Refused(f"{chart.subject} is on this very text of {new.name}, edition {new.edition}, already.")
    if new.edition <= old.edition:
        raise Refused(f"{chart.subject} is on edition {old.edition}. Count the edition of the new file up from there.")
    if chart.arm not in (tuple(arm.key for arm in new.arms) or (None,)):
        raise Refused(f"Edition {new.edition} has no arm {chart.arm}, in which {chart.subject} is enrolled.")
    since = chart.editions[-1].since
    if since is not None and scene.on < since:
        raise Refused(f"Edition {old.edition} counts from {since} on; a later one cannot begin before it.")
    desk.shelf.put(new)
    return Intent((ProtocolAmended(scene.on, new.name, new.edition, new.digest),))


def keep(desk: Desk, found: Offered) -> None:
    """Keep the text of a protocol with the record."""
    protocol = found.protocol
    desk.log.save_protocol(protocol.digest, protocol.name, protocol.edition, found.text)
