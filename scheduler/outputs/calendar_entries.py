"""From a schedule to calendar entries: what goes into the patient's calendars, when, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler.engine.schedule import Item, Schedule
from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendar_words import LOOKS, Detail, Look, Purpose, State, long_date, titled
from scheduler.outputs.zones import after, clock, moment, zone_named
from scheduler.problems import Refused
from scheduler.quantities import Amount

HOME_MINUTES = 15
FIRST_HOME_TIME = time(4)
"""Between midnight and this no home dose: days are mixed up then, and clocks change."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The issue in which an entry was last changed, when that was made (UTC), and how often before.

    `changed` where the patient has been told another amount before. `source` takes the place of the words about
    the issue where there is none, as in the clinic's own list.
    """

    issue: int
    on: date
    until: date
    stamp: datetime
    sequence: int = 0
    changed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar. `key` is stable; an all-day entry has dates, and `end` is the day after.

    `thing` is what it is called in every state, `told` what was last told to be taken, `was` the start that it
    moved from.
    """

    key: str
    start: datetime | date
    end: datetime | date
    title: str
    look: Look
    text: tuple[str, ...]
    revision: Revision
    state: State
    thing: str = ""
    told: str = ""
    was: datetime | date | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The text, and at its end the issue that the entry was last changed in."""
        revision = self.revision
        if revision.source:
            return (*self.text, revision.source)
        return (*self.text, *words.issue_lines(revision.issue, revision.on, revision.until))

    @property
    def last_day(self) -> date:
        """The day after which it has passed, where the patient is."""
        return self.start.date() if isinstance(self.start, datetime) else self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a calendar is made from. `revisions` are those of entries changed since the first issue, by key.

    `zone` is that of the visits, and of whatever is taken at home while the patient is there.
    """

    schedule: Schedule
    purpose: Purpose
    detail: Detail
    zone: ZoneInfo
    opening: time
    first: Revision
    revisions: dict[str, Revision] = field(default_factory=dict)

    def revision(self, key: str) -> Revision:
        return self.revisions.get(key, self.first)

    def state(self, items: Iterable[Item]) -> State:
        """The common state of the items of one entry."""
        changed = self.revision
        return words.common_state([words.state_of(item, changed=changed(item.id).changed) for item in items])

    def home_zone(self, day: date) -> ZoneInfo:
        """The zone in which the patient is on a day."""
        name = self.schedule.zone_on(day) if self.schedule.zones else self.zone.key
        return self.zone if name == self.zone.key else zone_named(name)

    def entry(
        self,
        key: str,
        when: tuple[datetime | date, datetime | date],
        titled_as: tuple[Look, str],
        text: Iterable[str],
        about: tuple[State, str, str],
    ) -> Entry:
        """One entry; `about` is its state, its name in every state, and what it tells to take."""
        (look, title), (state, thing, told) = titled_as, about
        lines = tuple(map(words.clean, text))
        return Entry(key, *when, title, look, lines, self.revision(key), state, thing, told)


def is_home_dose(item: Item) -> bool:
    return item.slot.kind == "dose" and item.slot.given_by == "patient"


def lasts_days(item: Item) -> bool:
    """Whether it is an examination due within several days, like a scan in the week before day 1."""
    window = item.window
    return item.slot.kind == "assessment" and window is not None and window[0] < window[1]


# ---------------------------------------------------------------------------- home doses


def home_entries(sheet: Sheet) -> Iterator[Entry]:
    """The home doses up to the next go/no-go visit; none beyond a decision that nobody has made."""
    mine = [item for item in sheet.schedule.items if is_home_dose(item)]
    if not mine:
        raise Refused("There are no home doses in this schedule, so there is no calendar of them.")
    until = sheet.first.until
    released = [item for item in mine if is_released(item, until) and item.status != "blocked"]
    if not released:
        raise Refused(
            f"No home doses are released up to {long_date(until)};"
            " make this calendar on the day of the visit that releases them."
        )
    for item in released:
        yield home_entry(sheet, item)


def is_released(item: Item, until: date) -> bool:
    """Up to the day before the next visit; a premedication for that visit belongs to it and is taken before it."""
    return item.date <= until or (item.slot.follows != "" and item.date == until + timedelta(days=1))


def home_entry(sheet: Sheet, item: Item, state: State | None = None, start: datetime | None = None) -> Entry:
    """The entry of a home dose; in another state or at another time than the schedule says, where one is named."""
    start = start or home_start(sheet, item)
    state = state or sheet.state([item])
    look = LOOKS["home", state]
    dose = f"{item.slot.mark} dose".strip()
    things = _home_things(sheet, item, state)
    when, text = (start, after(start, HOME_MINUTES)), _home_text(sheet, item, state)
    told = told_to_take(item) if state in ("planned", "changed") else ""
    return sheet.entry(item.id, when, (look, titled(look, things, dose)), text, (state, things[-1], told))


def home_start(sheet: Sheet, item: Item) -> datetime:
    """When a home dose is due, by the clock of where the patient is."""
    return moment(item.date, _home_time(item), sheet.home_zone(item.date))


def told_to_take(item: Item) -> str:
    """'circle A, aldesleukin, low dose: 1.791 million units, subcutaneous': what a change is told by."""
    slot = item.slot
    return _told(slot.mark, slot.name, item.amount, slot.route)


@lru_cache(maxsize=1024)
def _told(mark: str, name: str, amount: Amount | None, route: str) -> str:
    named = f"{mark}, {name}" if mark else name
    return words.clean(f"{named}: {words.shown(amount) if amount else 'no amount'}, {route}")


def _home_time(item: Item) -> time:
    if item.slot.time is None:
        raise Refused(f"The home dose {item.id} has no time of day; set the time of home doses.")
    at = clock(item.slot.time)
    if at < FIRST_HOME_TIME:
        raise Refused(
            f"The home dose {item.id} is at {at:%H:%M}; between 00:00 and 04:00 a calendar may show it"
            " on the wrong day, so choose another time."
        )
    return at


def _home_things(sheet: Sheet, item: Item, state: State) -> Sequence[str]:
    """What the dose may be called, richest first; an amount only where it is to be taken."""
    slot = item.slot
    if slot.drug and slot.drug.casefold() in slot.mark.casefold():
        raise Refused(
            f"The mark '{words.clean(slot.mark)}' names the drug; choose one that says nothing, like circle A."
        )
    base = f"home dose, {slot.mark}" if slot.mark else "home dose"
    if sheet.detail == "discreet" or state not in ("planned", "changed", "ask"):
        return (base,)
    amount = f" {words.shown(item.amount)}" if state != "ask" and item.amount else ""
    return (f"{base}: {slot.name}{amount}", f"{base}: {slot.drug or slot.name}{amount}", base)


_HOME_TEXTS: dict[State, str] = {
    "planned": "See your dosing sheet{mark}.",
    "changed": "This has changed: see your newest dosing sheet{mark}.",
    "ask": "The clinic has not confirmed this dose yet: ask the clinic before you take it.",
    "tentative": "Nothing is taken now; ask the clinic.",
    "held": "Nothing is taken now; the clinic tells you when to go on.",
    "off": "This is no longer planned; nothing is taken.",
}


def _home_text(sheet: Sheet, item: Item, state: State) -> Iterator[str]:
    slot = item.slot
    if sheet.detail == "full":
        if state in ("planned", "changed") and item.amount:
            yield f"{slot.name}: {words.shown(item.amount)}, {slot.route}."
        elif state == "ask":
            yield f"{slot.name}, {slot.route}: the amount is not known yet, ask the clinic."
        else:
            yield f"{slot.name}."
    yield _HOME_TEXTS[state].format(mark=f", {slot.mark}" if slot.mark else "")
