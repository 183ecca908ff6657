"""Random courses of treatment, and what is left on each kind of phone after every issue of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.clinic import home
from scheduler.issuing import calendars
from scheduler.outputs.calendar_entries import is_home_dose
from scheduler.outputs.zones import moment, zone_named
from scheduler.record import events as e
from scheduler.record.handed_out import ZoneChanged
from tests.calendar_clients import CANNOT, OBEY, Client, Record, takes_a_feed_literally
from tests.conftest import IL2, MONDAY, protocol
from tests.ics_rules import broken_rules, events
from tests.test_calendar_writer import icalendar_sees, strict_sees

IL2_HOME = ("aldesleukin_low", "aldesleukin_intermediate")
DRUG = e.Attribution("aldesleukin", "probable")
FEVER = "Fever (in the absence of neutropenia, where neutropenia is defined as AGC<1.0 x 10e9/L)"


class Course:
    """A patient's treatment, lived through day by day."""

    def __init__(self) -> None:
        digest = protocol(IL2).digest
        enrolled = e.PatientEnrolled(
            MONDAY, MONDAY, "S-001", zone="America/New_York", protocol=IL2, edition=1, digest=digest
        )
        self.record = Record(protocol(IL2), enrolled, datetime(2026, 1, 5, 15, tzinfo=UTC))
        self.issues = []

    @property
    def today(self) -> date:
        return self.record.now.astimezone(zone_named(self.zone)).date()

    @property
    def zone(self) -> str:
        history = self.record.chart.history
        zones = [name for since, name in history.zones if since <= self.record.now.date()]
        return [history.enrolment.zone, *zones][-1]

    def live(self, step: tuple[int, int, str, int]) -> None:
        """Some days pass, and something is recorded."""
        days, hour, what, n = step
        there = datetime.combine(self.record.now.date() + timedelta(days=days), time(hour), UTC)
        self.record.now = max(there, self.record.now + timedelta(minutes=1))
        self.record.add(*getattr(self, what)(n))

    def issue(self, monkeypatch: pytest.MonkeyPatch, purpose="home"):
        monkeypatch.setattr(home, "now", lambda: self.record.now)
        try:
            made = calendars.issue(self.record.desk, self.record.chart, purpose)
        except calendars.Nothing:
            return None
        if made.changed:
            self.record.add(*calendars.draft(self.record.chart, made).events)
        self.issues.append(made)
        return made

    # -------------------------------------------------------- what can be recorded

    def grade_3(self, _):
        return [e.ToxicityGraded(self.today, FEVER, 3, "CTC 2.0", (DRUG,))]

    def resolved(self, _):
        return [e.ToxicityGraded(self.today, FEVER, 1, "CTC 2.0", (DRUG,))]

    def lifted(self, n):
        return [e.HoldLifted(self.today, IL2_HOME, -1 if n % 2 else None)]

    def held(self, n):
        return [e.HoldOrdered(self.today, IL2_HOME[n % 2 :])]

    def taken(self, n):
        dose = self.dose(n % 3 - 1)
        return [e.DoseGiven(self.today, dose.id)] if dose else self.weighed(n)

    def missed(self, n):
        dose = self.dose(-(n % 2))
        return [e.DoseMissed(self.today, dose.id)] if dose else self.weighed(n)

    def dose(self, days: int):
        """The home dose of a day around today."""
        found = self.record.chart.schedule(self.today + timedelta(days=30), self.today).items
        mine = [i for i in found if is_home_dose(i) and i.date == self.today + timedelta(days=days)]
        return mine[0] if mine else None

    def moved(self, n):
        """Day 1 of the next cycle, some days later."""
        later = [c for c in self.record.chart.cycles_until(self.today + timedelta(days=30)) if c.start > self.today]
        return [e.VisitMoved(self.today, later[0].cycle, later[0].start + timedelta(days=n % 4))] if later else []

    def weighed(self, n):
        return [e.WeightMeasured(self.today, Decimal(60 + 5 * (n % 5)))]

    def travels(self, n):
        zone = ("Europe/Lisbon", "Asia/Tokyo", "America/New_York")[n % 3]
        return [ZoneChanged(self.today, zone, self.today + timedelta(days=n % 5))]

    def wrong(self, n):
        """The last entry of treatment was an error."""
        kinds = (e.ToxicityGraded, e.HoldLifted, e.HoldOrdered, e.DoseGiven, e.VisitMoved, e.DoseMissed)
        found = [entry.number for entry in self.record.entries if isinstance(entry.event, kinds)]
        return [e.EventCorrected(self.today, found[-1 - n % len(found)])] if found else []

    def ended(self, n):
        return [e.TreatmentEnded(self.today, "withdrawal of consent", IL2_HOME[n % 2 :])]


KINDS = ("grade_3", "resolved", "lifted", "held", "taken", "missed", "moved", "weighed", "travels", "wrong", "ended")
STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 23), st.sampled_from(KINDS), st.integers(0, 9)), min_size=1, max_size=7
)


@settings(max_examples=30)
@given(STEPS)
def test_nothing_that_is_held_rings_where_a_calendar_can_be_made_to_obey(steps) -> None:
    course, clients = Course(), [Client(take) for take in OBEY]
    with pytest.MonkeyPatch.context() as patch:
        for step in [None, *steps]:
            if step is not None:
                course.live(step)
            made = course.issue(patch)
            if made is None:
                continue
            right = wanted(course, made)
            for client in clients:
                client.read(made.content)
                assert ringing(course, client) == right, client.take.__name__
            assert all(changed(course, client) == changed(course, clients[0]) for client in clients)


def ringing(course: Course, client: Client) -> dict[str, datetime]:
    """What still rings from now on, by UID."""
    return {uid: start for uid, start, _, _ in client.alarms() if start > course.record.now}


def wanted(course: Course, made) -> dict[str, datetime]:
    """The doses that are to be taken from now on, as far as they are released."""
    chart = course.record.chart
    schedule = chart.schedule(made.until + timedelta(days=60), course.today)
    until = min(schedule.released_until(min(course.today, chart.last_event_on)), chart.two_cycles_from(course.today))
    return {
        made.uid(item.id): start.astimezone(UTC)
        for item in schedule.items
        if is_home_dose(item) and item.status in ("planned", "not-computable") and item.date <= until
        if (start := moment(item.date, time.fromisoformat(item.slot.time), ZoneInfo(schedule.zone_on(item.date))))
        > course.record.now
    }


def changed(course: Course, client: Client) -> set[str]:
    return {
        uid for uid, start, _, title in client.alarms() if title.startswith("CHANGED") and start > course.record.now
    }


@settings(max_examples=30)
@given(STEPS)
def test_where_the_old_alarm_stays_a_notice_stands_beside_it_and_rings_first(steps) -> None:
    course, clients = Course(), [Client(take) for take in CANNOT]
    with pytest.MonkeyPatch.context() as patch:
        for step in [None, *steps]:
            if step is not None:
                course.live(step)
            made = course.issue(patch)
            if made is None:
                continue
            notice = calendars.notice_of(made) if made.changed else None
            for client in clients:
                known = set(client.kept)
                client.read(made.content)
                if notice is not None:
                    assert known.isdisjoint(event.one("UID") for event in events(notice))
                    client.read(notice)
                assert not unwarned(course, client, made), client.take.__name__


def unwarned(course: Course, client: Client, made) -> list[tuple[datetime, str]]:
    """Old alarms of doses that are not to be taken then, without a HOLD of the same time that rings before them."""
    right, rings = wanted(course, made), client.alarms()
    holds = {(start, at) for _, start, at, title in rings if title.startswith("HOLD") and "ignore other" in title}
    ours = {made.uid(key) for key in [*made.before, *(entry.key for entry in made.entries)]}
    stale = [r for r in rings if r[0] in ours and r[1] > course.record.now and right.get(r[0]) != r[1]]
    return [
        (start, title)
        for _, start, at, title in stale
        if not any(start == beside and earlier < at for beside, earlier in holds)
    ]


@pytest.mark.parametrize("purpose", ["home", "visits"])
@settings(max_examples=30)
@given(STEPS)
def test_revisions_only_go_up_and_only_for_what_changed(purpose, steps) -> None:
    course, seen, file = Course(), {}, Client(takes_a_feed_literally)
    with pytest.MonkeyPatch.context() as patch:
        for step in [None, *steps]:
            if step is not None:
                course.live(step)
            made = course.issue(patch, purpose)
            if made is None:
                continue
            again = calendars.issue(course.record.desk, course.record.chart, purpose)
            assert (again.content, again.changed, again.sha256) == (made.content, False, made.sha256)
            to_come = {uid for uid, event in file.kept.items() if event.one("DTSTART")[:8] >= f"{made.on:%Y%m%d}"}
            file.read(made.content)
            assert to_come <= set(file.kept), "a UID of a day to come has vanished"
            objects = calendars.objects(made)
            assert (
                set(objects)
                == set(file.kept)
                <= set(calendars.handed_out(course.record.desk, course.record.chart, purpose))
            )
            for uid, event in file.kept.items():
                number, stamp = int(event.one("SEQUENCE")), event.one("DTSTAMP")
                old = seen.get(uid)
                if old is not None and old[2] == objects[uid]:
                    assert (number, stamp) == old[:2]
                elif old is not None:
                    assert number == old[0] + 1
                    assert stamp > old[1]
                seen[uid] = (number, stamp, objects[uid])


@settings(max_examples=15)
@given(STEPS)
def test_every_issue_is_made_again_from_the_record_alone(steps) -> None:
    course = Course()
    with pytest.MonkeyPatch.context() as patch:
        for step in [None, *steps]:
            if step is not None:
                course.live(step)
            course.issue(patch)
        patch.setattr(home, "now", lambda: datetime(2031, 5, 1, tzinfo=UTC))
        recorded = [x for x in course.record.entries if isinstance(x.event, calendars.CalendarIssued)]
        for entry in recorded:
            then = calendars.chart_of(course.record.entries, course.record.shelf, entry.number)
            made = calendars.last_issue(course.record.desk, then, "home")
            assert (made.sha256, made.number) == (entry.event.sha256, entry.event.number)


@settings(max_examples=15)
@given(STEPS)
def test_every_file_keeps_the_rules_and_is_read_alike(steps) -> None:
    """Of a notice, all but the silence of a hold: it has to ring before the old alarm does."""
    course = Course()
    with pytest.MonkeyPatch.context() as patch:
        course.issue(patch)
        for step in steps:
            course.live(step)
        made = course.issue(patch)
        assert rules(made.content) == []
        notice = calendars.notice_of(made)
        assert not notice or [rule for rule in rules(notice) if not rule.startswith("H1")] == []
        for data in filter(None, (made.content, notice)):
            assert icalendar_sees(data) == strict_sees(data)


def rules(data: bytes) -> list[str]:
    return broken_rules(data, ("aldesleukin", "trastuzumab", "s-001", "fever"), discreet=True)
