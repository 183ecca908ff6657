"""An event as it stands in the log: numbered, stamped, signed for, and chained to the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scheduler.record.events import Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry of a patient's log.

    `number` counts from 1 within the patient; `event_id` was made where the event was entered, so that a
    retry never doubles it; `recorded_at` is in UTC; `authenticated` tells whether the person proved who
    they are; `seal` is the SHA-256 over this entry and the seal of the one before.
    """

    number: int
    event_id: str
    subject: str
    event: Event
    recorded_at: datetime
    recorded_by: str
    role: str
    reason: str
    authenticated: bool
    seal: str
