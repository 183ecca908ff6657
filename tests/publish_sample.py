"""Entries as the house writes them, one for each day from today on, and what is asked of a server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from scheduler.issuing.caldav_objects import OURS, Wanted

TODAY = date(2026, 1, 14)
UIDS = [f"0000000{n}-aaaa-bbbb-cccc-dddddddddddd{OURS}" for n in range(6)]
LINES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Dated schedule//Calendar//EN
CALSCALE:GREGORIAN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260105T120000Z
LAST-MODIFIED:20260105T120000Z
SEQUENCE:{sequence}
DTSTART:{day:%Y%m%d}T200000Z
DTEND:{day:%Y%m%d}T201500Z
SUMMARY:{title}
DESCRIPTION:See your dosing sheet\\, circle A.\\nIssue 1 of 5 January 2026.
STATUS:CONFIRMED
TRANSP:OPAQUE
CLASS:PRIVATE
{alarm}END:VEVENT
END:VCALENDAR
"""
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:{title}\nTRIGGER:-PT10M\nEND:VALARM\n"


def entry(n: int, title: str = "Home dose\\, circle A", sequence: int = 0, *, rings: bool = True) -> bytes:
    """Dose n, on the n-th day from today on."""
    alarm = ALARM.format(title=title) if rings else ""
    day = TODAY + timedelta(days=n)
    text = LINES.format(uid=UIDS[n], sequence=sequence, day=day, title=title, alarm=alarm)
    return text.replace("\n", "\r\n").encode()


def held(n: int) -> bytes:
    return entry(n, "HOLD - no circle A dose today\\, call clinic", 1, rings=False)


DOSES = {UIDS[n]: entry(n) for n in range(4)}


def wanted(objects: Mapping[str, bytes] = DOSES, today: date = TODAY) -> Wanted:
    """As the house would ask: every one of the six was handed out at some time."""
    return Wanted(objects, {uid: TODAY + timedelta(days=n) for n, uid in enumerate(UIDS)}, today)
