"""The work list of the clinic over all patients, as one calendar: no patient's issue, and in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scheduler.clinic.chart import LONGEST, Chart
from scheduler.clinic.desk import Desk
from scheduler.clinic.words import day, names
from scheduler.outputs.calendar_entries import Entry, Revision, Sheet, is_home_dose
from scheduler.outputs.calendar_file import calendar_file
from scheduler.outputs.calendar_words import NAMES
from scheduler.outputs.calendar_worklist import Attention, attention_entries, clinic_entries
from scheduler.outputs.calendars import NAMESPACE, in_order, uid
from scheduler.outputs.zones import clock, zone_named
from scheduler.problems import Refused
from scheduler.protocol.wording import listed

FOUR_WEEKS = timedelta(days=27)


@dataclass(frozen=True, slots=True)
class WorkList:
    """The file, and one sentence for each patient who is not on it."""

    content: bytes
    left_out: tuple[str, ...]


def work_list(desk: Desk, site: str | None, days: tuple[date | None, date | None], opening: str) -> WorkList:
    """Everything to be done from a day (today) up to another (four weeks on), patients of a site or all.

    A site is the beginning of its patients' numbers, as OSU in OSU-014. Refused where there is nothing.
    """
    first = days[0] or desk.today
    last = days[1] or first + FOUR_WEEKS
    if last < first:
        raise Refused(f"{day(last)} is before {day(first)}. Give --from a day before --to.")
    found: list[tuple[str, Entry]] = []
    left_out = []
    for subject in desk.log.subjects():
        if site is None or subject.startswith(f"{site}-"):
            try:
                mine = _Patient(desk.chart(subject), first, last, opening)
                found += [(mine.uid(entry), entry) for entry in mine.entries(desk.today)]
            except Refused as refused:
                left_out.append(f"{subject} is not on the list: {refused}")
    if not found:
        raise Refused(_nothing(site, first, last, left_out))
    uids = {id(entry): uid_of for uid_of, entry in found}
    ordered = in_order(entry for _, entry in found)
    return WorkList(calendar_file(NAMES["clinic"], [(uids[id(e)], e) for e in ordered]), tuple(left_out))


def _nothing(site: str | None, first: date, last: date, left_out: list[str]) -> str:
    where = f" at {site}" if site else ""
    why = f" {' '.join(left_out)}" if left_out else " Give other days with --from and --to."
    return f"Nothing is to be done{where} from {day(first)} to {day(last)}, so there is no list.{why}"


@dataclass(frozen=True, slots=True)
class _Patient:
    chart: Chart
    first: date
    last: date
    opening: str

    def uid(self, entry: Entry) -> str:
        history = self.chart.history.enrolment
        return uid(NAMESPACE, history.protocol, history.arm, ["subject", self.chart.subject], "clinic", entry.key)

    def entries(self, today: date) -> Iterator[Entry]:
        """What falls into these days; holds and open proposals stand on the first of them."""
        chart = self.chart
        through = min(max(self.last, chart.history.day_1), chart.history.day_1 + LONGEST)
        schedule = chart.schedule(through, max(today, chart.history.day_1))
        stamp = chart.entries[-1].recorded_at.astimezone(UTC).replace(microsecond=0)
        zone = zone_named(schedule.zone)
        revision = _revision(chart, stamp, stamp.astimezone(zone).date(), self.last)
        sheet = Sheet(schedule, "clinic", "full", zone, clock(self.opening), revision)
        made = list(attention_entries(sheet, self.first, self._attention(today)))
        if not all(map(is_home_dose, schedule.items)):
            made += clinic_entries(sheet)
        return (entry for entry in made if entry.last_day >= self.first and _begins(entry) <= self.last)

    def _attention(self, today: date) -> Iterator[Attention]:
        chart = self.chart
        on = max(today, chart.last_event_on)
        for episode in chart.episodes(on).all:
            if episode.is_open:
                what = names(chart.protocol, episode.still_held)
                drugs = dict.fromkeys(chart.protocol.treatment(key).drug for key in episode.still_held)
                text = f"{what} since {day(episode.began)}: {episode.cause} (entry {episode.number})."
                yield Attention(f"hold/{episode.number}", "HOLD", listed(list(drugs), "and"), text)
        for proposal in chart.schedule(on, on).proposals:
            yield Attention(f"proposal/{proposal.id}", "TO DECIDE", proposal.id, proposal.text)


def _begins(entry: Entry) -> date:
    return entry.start.date() if isinstance(entry.start, datetime) else entry.start


def _revision(chart: Chart, stamp: datetime, on: date, until: date) -> Revision:
    """With every entry of the record all of a patient's list is newer; nobody's phone rings by it."""
    number = chart.last_number
    return Revision(number, on, until, stamp, sequence=number, source=f"Made from entry {number} of {chart.subject}.")
