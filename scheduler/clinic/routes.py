"""By which route a patient hears of a change: always by phone first, then by the calendar that was chosen."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, cast

from scheduler.clinic.chart import Chart
from scheduler.clinic.papers_out import stale_lines
from scheduler.clinic.plans import zone_of
from scheduler.clinic.preview import Changes, Difference
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.words import count, day, span
from scheduler.problems import Refused
from scheduler.protocol.wording import listed
from scheduler.record.handed_out import CalendarIssued, CalendarRouteChosen, ZoneChanged

Way = Literal["caldav", "feed", "import", "paper"]
Detail = Literal["discreet", "full"]
ROUTES: dict[Way, str] = {
    "caldav": "an account on a calendar server that the phone asks by itself",
    "feed": "a subscription that the calendar program fetches",
    "import": "numbered files: the old calendar is deleted, the new file imported",
    "paper": "paper alone",
}
"""The routes, the most reliable first."""

LONGEST_AHEAD = timedelta(days=366)
_STOPS = ("held", "ended", "skipped", "blocked", "gone")


class Route(NamedTuple):
    """What the patient chose, and since when."""

    way: Way
    detail: Detail
    on: date


def route_of(chart: Chart) -> Route | None:
    """The choice in force; None where nobody has made one."""
    chosen = [event for _, event in chart.history.of(CalendarRouteChosen)]
    if not chosen:
        return None
    last = chosen[-1]
    return Route(cast("Way", last.route), cast("Detail", last.detail), last.happened_on)


def way_of(chart: Chart) -> Way | None:
    """The route that was chosen, else the one of the last issue; None where there is neither."""
    chosen = route_of(chart)
    issued = [entry.event.route for entry in chart.entries if isinstance(entry.event, CalendarIssued)]
    return chosen.way if chosen else cast("Way", issued[-1]) if issued else None


def namespace_of(chart: Chart) -> str:
    """The patient's own, from which the ids of calendar entries are made; '' before the first one is needed.

    It is read from every entry, whatever was corrected since: ids last for ever.
    """
    kinds = CalendarRouteChosen | CalendarIssued
    found = (entry.event.namespace for entry in chart.entries if isinstance(entry.event, kinds))
    return next((namespace for namespace in found if namespace), "")


def new_namespace() -> str:
    """A random one, once for each patient."""
    return str(uuid.uuid4())


# ---------------------------------------------------------------- what is recorded


def choose(scene: Scene, way: str, detail: str | None) -> Intent:
    """The route and the wording of the patient's calendars; `detail` None leaves the wording as it is."""
    if way not in ROUTES:
        raise Refused(f"'{way}' is not a route. Choose {listed(ROUTES)}.")
    known = route_of(scene.chart)
    words = detail or (known.detail if known else "discreet")
    if words not in ("discreet", "full"):
        raise Refused(f"'{words}' is not a wording. Choose discreet or full.")
    namespace = "" if namespace_of(scene.chart) else new_namespace()
    return Intent((CalendarRouteChosen(scene.on, way, words, namespace),), _ABOUT.get(words, ()))


_ABOUT = {
    "full": (
        "In full words the phone's locked screen shows the drug and the amount, and the calendar's host can read them.",
    )
}


def change_zone(scene: Scene, zone: str, since: date | None) -> Intent:
    """From a day on home doses go by another clock; the day may be ahead, for a journey that is planned."""
    first = since or scene.on
    if first > scene.today + LONGEST_AHEAD:
        raise Refused(f"{first} is more than a year ahead. Check the year.")
    found = zone_of(zone)
    flags = (
        f"From {day(first)} on, doses at home go by the clock of {found}; visits stay in the clinic's.",
        f"Agree with {scene.chart.subject} when the first dose there is taken. {_follows(scene.chart)}",
    )
    return Intent((ZoneChanged(min(scene.on, first), found, first),), flags)


# ---------------------------------------------------------------- what is said after an entry


def patient_lines(chart: Chart, changes: Changes) -> tuple[str, ...]:
    """What the patient has to be told, and how; none where no home dose changes.

    `chart` is the one before or after the entry; both know the same route.
    """
    mine = [d for d in changes.differences if _is_told(d)]
    return tuple(_lines(chart, mine)) if mine else ()


def _is_told(difference: Difference) -> bool:
    slot = difference.item.slot
    at_home = slot.kind == "dose" and slot.given_by == "patient"
    return at_home and difference.group not in ("given", "missed")


def _lines(chart: Chart, mine: list[Difference]) -> Iterator[str]:
    days = span(sorted(d.before.date if d.before else d.item.date for d in mine))
    yield f"TELL {chart.subject} BY PHONE, now: {count(len(mine), 'home dose')} changed, {days}."
    if any(d.group in _STOPS for d in mine):
        yield "  A hold is a phone call, and somebody confirms it: no calendar is quick enough for it."
    yield f"  {_follows(chart)}"
    yield from (f"  {line}" for line in stale_lines(chart, (d.before.date for d in mine if d.before)))


def _has_home_calendar(chart: Chart) -> bool:
    return any(isinstance(e.event, CalendarIssued) and e.event.purpose == "home" for e in chart.entries)


def _follows(chart: Chart) -> str:
    who, way = chart.subject, way_of(chart)
    if way in (None, "import") and not _has_home_calendar(chart):
        return f"{who} has no calendar of home doses from here; what was said goes into the folder."
    match way:
        case "caldav":
            return f"The calendar follows through the server: c1d1 publish {who}. The phone asks it every so often."
        case "feed":
            return f"The calendar follows through its feed: c1d1 publish {who}. It takes hours, up to a day."
        case "paper":
            return f"{who} has paper alone: read out the change sheet (c1d1 changes {who}) and have it written down."
        case _:
            return (
                f"The old entries keep ringing until {who} deletes that calendar and imports the next file:"
                f" c1d1 calendar {who} --for home, with its notice file."
            )
