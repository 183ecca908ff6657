"""A patient's calendar as something handed out: numbered, made again from the record alone, with its revisions.

What an entry's revision is follows from replaying the issues: each made from the entries that it knew, each
compared with what had been handed out until then. Nothing of it is stored but that an issue was made, when, up to
which entry, and the fingerprint of its bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, cast
from uuid import UUID

from scheduler.clinic import home as clock
from scheduler.clinic.chart import LONGEST, Chart, chart_of
from scheduler.clinic.desk import Desk, Draft
from scheduler.clinic.preview import Changes
from scheduler.clinic.routes import namespace_of, new_namespace, route_of, way_of
from scheduler.engine.schedule import Schedule
from scheduler.outputs.calendar_entries import Entry, Sheet, is_home_dose
from scheduler.outputs.calendar_file import calendar_file, calendar_object
from scheduler.outputs.calendar_issues import Facts, first_revision, next_entries
from scheduler.outputs.calendar_notices import notices
from scheduler.outputs.calendar_words import NAMES, Detail, long_date
from scheduler.outputs.calendars import in_order, uid
from scheduler.outputs.zones import clock as clock_time
from scheduler.outputs.zones import zone_named
from scheduler.problems import Refused
from scheduler.record.handed_out import CalendarIssued

For = Literal["home", "visits"]
FILE_NAMES: dict[For, str] = {"home": "home-schedule", "visits": "clinic-visits"}
"""What a patient sees as the calendar's name in programs that go by the file."""

OPENING = "09:00"
FAR = timedelta(days=28)
"""So far beyond what was handed out the schedule is made, so that what moved is not taken for gone."""

_AN_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class Nothing(Refused):
    """There is nothing to hand out yet, or nothing at all; that is no fault."""


@dataclass(frozen=True)
class Issue:
    """One issue; `changed` tells that nobody has recorded it yet. `before` is what had been handed out until then."""

    subject: str
    purpose: For
    number: int
    made_from: int
    stamp: datetime
    on: date
    until: date
    detail: Detail
    zone: str
    route: str
    opening: str
    namespace: str
    entries: tuple[Entry, ...]
    before: Mapping[str, Entry] = field(repr=False)
    changed: bool

    @cached_property
    def content(self) -> bytes:
        """The file: the same bytes for ever."""
        return calendar_file(NAMES[self.purpose], [(self.uid(entry.key), entry) for entry in self.entries])

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def file_name(self) -> str:
        """Of a file to be imported: a new calendar for each issue, so that the old one can be deleted."""
        return f"{FILE_NAMES[self.purpose]}-issue-{self.number:02}.ics"

    @property
    def notice_name(self) -> str:
        return f"{FILE_NAMES[self.purpose]}-issue-{self.number:02}-notice.ics"

    @property
    def feed_name(self) -> str:
        """Of a subscription: always the same."""
        return f"{FILE_NAMES[self.purpose]}.ics"

    def uid(self, key: str) -> str:
        """Opaque, and the same for ever."""
        return _uid(self.namespace, self.purpose, key)


@lru_cache(maxsize=4096)
def _uid(namespace: str, purpose: For, key: str) -> str:
    return uid(UUID(namespace), purpose, key)


def issue(
    desk: Desk,
    chart: Chart,
    purpose: For,
    *,
    opening: str | None = None,
    detail: Detail | None = None,
    route: str | None = None,
) -> Issue:
    """What the patient should have now: the last issue while it still holds, else the next one, not recorded yet.

    Of `detail` and `route` what was chosen counts, else those of the last issue, else discreet and import.
    Nothing where there is nothing to hand out; Refused where a time of day cannot be (a skipped hour, a broken zone).
    """
    replay = _replayed(desk, chart, purpose)
    chosen = route_of(chart)
    last = replay.last
    now = _Making(
        chart,
        purpose,
        detail or (chosen.detail if chosen else last.detail if last else "discreet"),
        opening or (last.opening if last else OPENING),
    )
    stamp = _stamp(chart, last)
    on = now.day_of(stamp)
    horizon = chart.two_cycles_from(on)
    schedule = now.schedule(on, horizon, replay.handed)
    facts = Facts(replay.number + 1, on, now.until(on, horizon, schedule), stamp, replay.anew)
    entries = now.entries(facts, replay.handed, schedule)
    if not any(replay.handed.get(entry.key) is not entry for entry in entries):
        if last is None:
            raise _nothing(now, facts)
        return last
    namespace = namespace_of(chart) or new_namespace()
    how = route or way_of(chart) or "import"
    return now.issue(facts, entries, replay.handed, how, namespace)


def draft(chart: Chart, made: Issue) -> Draft:
    """The entry that says what was handed out, for `desk.store`; without events where it is recorded already."""
    nothing_else = Changes(made.until, (), (), (), (), ())
    if not made.changed:
        return Draft(chart, (), (), nothing_else)
    namespace = "" if namespace_of(chart) else made.namespace
    event = CalendarIssued(
        made.on,
        made.purpose,
        made.number,
        made.made_from,
        made.stamp.strftime(_AN_INSTANT),
        made.until,
        made.detail,
        made.zone,
        made.route,
        made.opening,
        made.sha256,
        namespace,
    )
    return Draft(chart, (event,), (), nothing_else, (str(uuid.uuid4()),))


def last_issue(desk: Desk, chart: Chart, purpose: For) -> Issue | None:
    """The issue that was recorded last, made again from the record; None before the first."""
    return _replayed(desk, chart, purpose).last


def objects(made: Issue) -> dict[str, bytes]:
    """UID by UID a calendar of one entry, for a server that keeps them one by one; unchanged ones to the byte."""
    named = ((made.uid(entry.key), entry) for entry in made.entries)
    return {uid_of: calendar_object(uid_of, entry) for uid_of, entry in named}


def handed_out(desk: Desk, chart: Chart, purpose: For) -> dict[str, date]:
    """Every UID that was ever issued, and the last day on which it stood: after that day it may be deleted."""
    replay = _replayed(desk, chart, purpose)
    last = replay.last
    return {last.uid(key): entry.last_day for key, entry in replay.handed.items()} if last else {}


def notice_of(made: Issue) -> bytes | None:
    """The notice file of an issue: only UIDs that no calendar knows; None where nothing handed out has changed."""
    first = first_revision(Facts(made.number, made.on, made.until, made.stamp))
    found = in_order(notices(made.purpose, made.entries, made.before, first))
    space = UUID(made.namespace)
    named = [(uid(space, "notice", made.purpose, made.number, entry.key), entry) for entry in found]
    return calendar_file(f"{NAMES[made.purpose]}, changes", named) if named else None


def import_files(
    desk: Desk, chart: Chart, purpose: For, *, opening: str | None = None, detail: Detail | None = None
) -> tuple[tuple[str, bytes], ...]:
    """The numbered file to be imported as a new calendar, and the notice where something has changed."""
    made = issue(desk, chart, purpose, opening=opening, detail=detail)
    notice = notice_of(made)
    return ((made.file_name, made.content), *([(made.notice_name, notice)] if notice else []))


# ---------------------------------------------------------------- making an issue


class _Replay(NamedTuple):
    """What had been handed out after an issue, and its number; `anew` as in Facts."""

    handed: Mapping[str, Entry]
    last: Issue | None
    number: int
    anew: bool


@dataclass(frozen=True, slots=True)
class _Making:
    """One issue being made from a chart."""

    chart: Chart
    purpose: For
    detail: Detail
    opening: str

    def day_of(self, stamp: datetime) -> date:
        """The day where the patient is."""
        return stamp.astimezone(zone_named(self.zone_on(stamp.date()))).date()

    def until(self, on: date, horizon: date, schedule: Schedule) -> date:
        """How far the issue reaches: a visit releases home doses once something of its day is recorded."""
        if self.purpose != "home":
            return horizon
        return min(horizon, schedule.released_until(min(on, self.chart.last_event_on)))

    def zone_on(self, day: date) -> str:
        """Where the patient is on a day; a visit is where the clinic is."""
        history = self.chart.history
        zone = next((zone for since, zone in reversed(history.zones) if since <= day), history.enrolment.zone)
        return zone if self.purpose == "home" else history.enrolment.zone

    def entries(self, facts: Facts, handed: Mapping[str, Entry], schedule: Schedule) -> tuple[Entry, ...]:
        zone = zone_named(schedule.zone)
        opening = clock_time(self.opening)
        sheet = Sheet(schedule, self.purpose, self.detail, zone, opening, first_revision(facts))
        return next_entries(sheet, facts, handed)

    def issue(
        self, facts: Facts, entries: tuple[Entry, ...], before: Mapping[str, Entry], route: str, namespace: str
    ) -> Issue:
        return Issue(
            self.chart.subject,
            self.purpose,
            facts.number,
            self.chart.last_number,
            facts.stamp,
            facts.on,
            facts.until,
            self.detail,
            self.zone_on(facts.on),
            route,
            self.opening,
            namespace,
            entries,
            before,
            changed=True,
        )

    def schedule(self, on: date, horizon: date, handed: Mapping[str, Entry]) -> Schedule:
        """Far enough that what moved is not taken for gone."""
        standing = [entry.last_day + FAR for entry in handed.values() if entry.last_day >= on]
        through = max([horizon, *standing])
        return self.chart.schedule(min(through, self.chart.history.day_1 + LONGEST), on)


def _replayed(desk: Desk, chart: Chart, purpose: For) -> _Replay:
    """The issues of a purpose, made again one after another."""
    replay = _Replay({}, None, 0, anew=False)
    namespace = namespace_of(chart)
    for event in _issued(chart, purpose):
        known = chart_of(chart.entries, desk.shelf, event.made_from)
        making = _Making(known, purpose, cast("Detail", event.detail), event.opening)
        stamp = datetime.strptime(event.stamp, _AN_INSTANT).replace(tzinfo=UTC)
        facts = Facts(event.number, event.happened_on, event.until, stamp, replay.anew)
        try:
            schedule = making.schedule(facts.on, known.two_cycles_from(facts.on), replay.handed)
            entries = making.entries(facts, replay.handed, schedule)
        except Refused:  # a time zone may have got other rules since
            replay = replay._replace(number=event.number, anew=True)
            continue
        made = replace(making.issue(facts, entries, replay.handed, event.route, namespace), changed=False)
        handed = {**replay.handed, **{entry.key: entry for entry in entries}}
        replay = _Replay(handed, made, event.number, anew=made.sha256 != event.sha256)
    return replay


def _issued(chart: Chart, purpose: For) -> Iterator[CalendarIssued]:
    """What was handed out was handed out, whatever was corrected since."""
    for entry in chart.entries:
        event = entry.event
        if isinstance(event, CalendarIssued) and event.purpose == purpose:
            yield event


def _stamp(chart: Chart, last: Issue | None) -> datetime:
    """Now, and later than the last entry and the last issue, even where the computer's clock was set back."""
    least = chart.entries[-1].recorded_at
    if last is not None:
        least = max(least, last.stamp + timedelta(seconds=1))
    return max(clock.now(), least).astimezone(UTC).replace(microsecond=0)


def _nothing(making: _Making, facts: Facts) -> Nothing:
    """Why there is nothing to hand out."""
    subject = making.chart.subject
    if making.purpose == "visits":
        return Nothing(
            f"{subject} has no clinic visits up to {long_date(facts.until)}, so there is no calendar of them."
        )
    through = making.chart.two_cycles_from(facts.on)
    if not any(is_home_dose(item) for item in making.chart.schedule(through, facts.on).items):
        return Nothing(f"{subject} takes no doses at home, so there is no calendar of them.")
    return Nothing(
        f"No home doses of {subject} are released after {long_date(facts.on)}: doses run up to"
        f" {long_date(facts.until)}, and the visit that releases the next ones is not recorded yet."
    )
