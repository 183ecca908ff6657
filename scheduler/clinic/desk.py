"""The clinic's desk: an open record, charts out of it, and new entries into it.

Whatever is recorded is shown as a change list first; recording and worklist are one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from scheduler.clinic import home as clock
from scheduler.clinic import rights
from scheduler.clinic.chart import Chart, chart_of, with_events, without
from scheduler.clinic.finding import check_subject, clean_text, no_such_subject
from scheduler.clinic.home import Home
from scheduler.clinic.kept import Shelf
from scheduler.clinic.preview import Changes, changes
from scheduler.clinic.projection import HORIZON, projection
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.settings import today as day_of
from scheduler.engine.whereabouts import mix_ups, to_call_back
from scheduler.problems import Refused
from scheduler.record.events import Event, EventCorrected, PatientEnrolled
from scheduler.record.handed_out import CalendarIssued
from scheduler.record.recorded import Recorded
from scheduler.store.due import Projection
from scheduler.store.event_log import EventLog, open_log

ROLES = ("nurse", "pharmacist", "investigator")
OVER_THE_EDGE = timedelta(days=70)
"""Schedules are compared this far beyond what is shown, so that what moved over the edge is not taken for gone."""

Judge = Callable[[Scene], Intent]
"""Makes events of what somebody wants to record, or refuses with one sentence."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who records, in which role, and why; `authenticated` where the person proved it (see `accounts`)."""

    by: str
    role: str = "nurse"
    reason: str = ""
    authenticated: bool = False

    def check(self) -> None:
        """Refused without a name, and for texts that cannot be kept."""
        if not clean_text(self.by, "name of who records", 100):
            raise Refused("Say who records: --by NAME, or set C1D1_BY.")
        clean_text(self.reason, "reason")


class Draft(NamedTuple):
    """What would be recorded: the events, what to tell about them, what they change.

    `ids` are the events' own, so that storing a draft again after the store was away never doubles it.
    """

    before: Chart
    events: tuple[Event, ...]
    flags: tuple[str, ...]
    changes: Changes
    ids: tuple[str, ...] = ()
    unchanged: tuple[tuple[str, int], ...] = ()


class Seen(NamedTuple):
    """The last entry that a writer saw, and those of other names on which the new one rests."""

    number: int
    unchanged: tuple[tuple[str, int], ...] = ()


class Desk:
    """An open record. Everything that cannot be done is Refused with one sentence."""

    def __init__(self, log: EventLog, today: date, lists: Path | None = None) -> None:
        self.log = log
        self.today = today
        self.shelf = Shelf(log.protocol, lists)
        self.due = projection(self.shelf)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.log.close()

    # ------------------------------------------------------------ reading

    def chart(self, subject: str, known_at: int | None = None) -> Chart:
        """A patient's chart, or as it was known when an entry was the last."""
        entries = self.log.entries(check_subject(subject))
        if not entries:
            raise no_such_subject(subject, self.log.subjects())
        if known_at is not None and not 1 <= known_at <= entries[-1].number:
            raise Refused(f"{subject} has the entries 1 to {entries[-1].number}, and no entry {known_at}.")
        return chart_of(entries, self.shelf, known_at)

    def open_every_protocol(self) -> None:
        """Read the kept protocols before a long piece of work: inside a transaction there is no time for it."""
        for subject in self.log.subjects():
            try:
                self.chart(subject)
            except Refused:  # the projection will say so, patient by patient
                continue

    # ------------------------------------------------------------ recording

    def draft(self, chart: Chart, judge: Judge, said_on: date | None, reason: str) -> Draft:
        """What an entry would be and change; nothing is stored."""
        scene = Scene(chart, said_on, self.today, self.today, reason)
        scene.check()
        intent = judge(scene)
        return self._compared(chart, intent.events, intent.flags)._replace(unchanged=intent.unchanged)

    def draft_correction(
        self, chart: Chart, number: int, judge: Judge | None, said_on: date | None, reason: str
    ) -> Draft:
        """What the correction of an entry would change; without a judge nothing takes its place."""
        wrong = correctable(chart, number)
        replacement: Event | None = None
        flags: tuple[str, ...] = ()
        if judge is not None:
            bare = chart if isinstance(wrong, PatientEnrolled) else without(chart, number, self.today, self.shelf)
            scene = Scene(bare, said_on, wrong.happened_on, self.today, reason)
            scene.check()
            intent = judge(scene)
            if len(intent.events) != 1:
                raise Refused("One entry takes the place of one. Correct it with a single treatment or level.")
            (replacement,), flags = intent.events, intent.flags
        elif isinstance(wrong, PatientEnrolled):
            raise Refused("An enrolment is not taken back. Correct it, or end treatment with c1d1 record end.")
        return self._compared(chart, (EventCorrected(self.today, number, replacement),), flags)

    def _compared(self, chart: Chart, events: tuple[Event, ...], flags: tuple[str, ...]) -> Draft:
        after = with_events(chart, events, self.shelf)
        on = min(event.happened_on for event in _facts(chart, events))
        seen = max(event.happened_on for event in events)
        through = max(self._shown_until(chart, on), self._shown_until(after, on))
        far = through + OVER_THE_EDGE
        corrects = any(isinstance(event, EventCorrected) for event in events)
        out_since = max(on, min(self.today, chart.last_event_on)) if corrects else on
        was, now = chart.schedule(far, seen), after.schedule(far, seen)
        known = to_call_back(was, chart.history)
        out = tuple(each for each in to_call_back(now, after.history) if each not in known)
        found = replace(changes(was, now, out_since, through), out=out)
        mixed = [text for text in mix_ups(after.history) if text not in mix_ups(chart.history)]
        if mixed and corrects:
            raise Refused(f"{mixed[0]} Correct the later entry first.")
        return Draft(chart, events, (*flags, *mixed), found, _new_ids(events))

    def _shown_until(self, chart: Chart, on: date) -> date:
        """Two cycles from the day of the event, from the last one known, and, while treatment goes on, from today."""
        days = [on, chart.last_event_on]
        if self.today <= chart.last_event_on + HORIZON:
            days.append(self.today)
        return chart.two_cycles_from(max(days))

    def store(self, draft: Draft, signature: Signature, expected: int | None = None) -> tuple[Recorded, ...]:
        """Record a draft, all of it or nothing; Conflict where somebody was faster."""
        signature.check()
        seen = Seen(draft.before.last_number if expected is None else expected, draft.unchanged)
        return self._append(draft.before.subject, draft.events, signature, seen, draft.ids, self.due)

    def enrol(self, subject: str, events: Sequence[Event], text: str, signature: Signature) -> tuple[Recorded, ...]:
        """The first entries of a patient; `text` is the protocol's file, which is kept."""
        signature.check()
        first = events[0]
        assert isinstance(first, PatientEnrolled)  # noqa: S101 - made by `enrolment`
        self._check_signed(check_subject(subject), events, signature)
        self.log.save_protocol(first.digest, first.protocol, first.edition, text)
        return self._append(check_subject(subject), tuple(events), signature, Seen(0), _new_ids(events), self.due)

    def store_beside(
        self, name: str, events: Sequence[Event], ids: Sequence[str], signature: Signature, expected: int | Seen
    ) -> tuple[Recorded, ...]:
        """Record what is of no patient, under a name like protocol/NAME; Conflict where somebody was faster."""
        signature.check()
        seen = Seen(expected) if isinstance(expected, int) else expected
        return self._append(name, events, signature, seen, ids, due=None)

    def _append(
        self,
        subject: str,
        events: Sequence[Event],
        signature: Signature,
        seen: Seen,
        ids: Sequence[str],
        due: Projection | None,
    ) -> tuple[Recorded, ...]:
        self._check_signed(subject, events, signature)
        with_ids = list(zip(ids, events, strict=True))
        return self.log.append_all(
            subject,
            with_ids,
            by=signature.by.strip(),
            role=signature.role,
            reason=signature.reason.strip(),
            expected=seen.number,
            authenticated=signature.authenticated,
            due=due,
            unchanged=seen.unchanged,
        )

    def _check_signed(self, subject: str, events: Sequence[Event], signature: Signature) -> None:
        """As soon as there are accounts, an entry is signed, and within the rights of the role."""
        if not self.log.accounts.any():
            return
        if not signature.authenticated:
            raise Refused("Here people sign with a PIN. Nothing was recorded; sign, and record it again.")
        for action in rights.needed(events, self.log.entries(subject)):
            rights.check(signature.role, action, signature.by)


def _new_ids(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(str(uuid.uuid4()) for _ in events)


def _facts(chart: Chart, events: Sequence[Event]) -> list[Event]:
    """The events, and for a correction what it takes out and puts in."""
    found = list(events)
    for event in events:
        if isinstance(event, EventCorrected):
            found += [e.event for e in chart.entries if e.number == event.number]
            found += [event.replacement] if event.replacement is not None else []
    return found


def correctable(chart: Chart, number: int) -> Event:
    """What counts now of an entry that is to be corrected."""
    entry = next((e for e in chart.entries if e.number == number), None)
    if entry is None:
        raise Refused(f"{chart.subject} has the entries 1 to {chart.last_number}, and no entry {number}.")
    if isinstance(entry.event, EventCorrected):
        corrected = entry.event.number
        raise Refused(f"Entry {number} is itself a correction, of entry {corrected}. Correct entry {corrected} again.")
    if isinstance(entry.event, CalendarIssued):
        raise Refused(f"Entry {number} says what was handed out, and that is not taken back. Issue the calendar again.")
    counting = dict(zip(chart.history.numbers, chart.history.events, strict=True))
    return counting.get(number, entry.event)


def open_desk(home: Home, *, must_exist: bool = True, today: date | None = None) -> Desk:
    """The record of a clinic; a file that is missing is made only where something is about to be recorded."""
    if must_exist and home.file is not None and not home.file.is_file():
        raise Refused(f"There is no record in {home.file} yet. Enrol a patient first, or name another with --home.")
    address = home.database if home.file is None else home.file
    return Desk(open_log(address, now=clock.now), today or day_of(home), home.lists)
