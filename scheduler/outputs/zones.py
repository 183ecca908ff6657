"""Time zones in calendars: local times that exist exactly once, and observances checked by zoneinfo.

A calendar program may trust the VTIMEZONE of a file more than its own data, so one that is wrong
moves doses by hours. It is written in the form that all programs read (two yearly observances) and
only where it gives the true offset of every moment that is exported; elsewhere times are in UTC.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.outputs.calendar_words import long_date
from scheduler.problems import Refused, printable

FIRST_YEAR, LAST_YEAR = 1971, 2199
"""Calendars reach no further: observances are written from 1970 on."""

SEEN_AHEAD = 6
"""Years beyond the last exported one in which a yearly rule must hold as well, so that it is no accident."""

STEP = 7
"""Days between two looks at the clock in search of a change; no zone goes to and fro within them."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Observance:
    """An offset from UTC, and when it begins: on the `nth` `weekday` (Monday 0) of a month, every year.

    `nth` is -1 for the last one; `month` is 0 where the offset always holds. `at` is the time of day
    on the clock that is about to change.
    """

    name: str
    daylight: bool
    offset_from: timedelta
    offset_to: timedelta
    month: int = 0
    nth: int = 0
    weekday: int = 0
    at: time = time.min

    def onset(self, year: int) -> datetime:
        """When it begins in a year, on the clock that is about to change."""
        if self.month == 0:
            return datetime(year, 1, 1)  # noqa: DTZ001 - a wall clock has no zone
        days = calendar.monthrange(year, self.month)[1]
        last = days - (date(year, self.month, days).weekday() - self.weekday) % 7
        first = (last - 1) % 7 + 1
        day = last if self.nth == -1 else first + 7 * (self.nth - 1)
        return datetime.combine(date(year, self.month, day), self.at)


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name; Refused where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"'{printable(name)}' is not a time zone; write it like America/New_York.") from None


@lru_cache(maxsize=256)
def clock(text: str) -> time:
    """'09:00'; Refused on anything else."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise Refused(f"'{printable(text)}' is not a time of day; write it like 09:00.")
    return time(int(found[1]), int(found[2]))


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time; Refused in an hour that is skipped or comes twice, where readers differ by hours."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"A calendar reaches from {FIRST_YEAR} to {LAST_YEAR}, and {day} is outside.")
    return only_once(datetime.combine(day, at, tzinfo=zone))


def only_once(local: datetime) -> datetime:
    """The same local time; Refused where the clocks change and it does not exist or comes twice."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return local
    again = local.replace(fold=0).astimezone(UTC).astimezone(local.tzinfo)
    fate = "comes twice" if again.time() == local.time() else "does not exist"
    raise Refused(
        f"The clocks change in {local.tzinfo}: {local:%H:%M} {fate} on {long_date(local.date())};"
        " choose another time of day."
    )


def after(start: datetime, minutes: int) -> datetime:
    """The local time when so many minutes have really passed."""
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)


def observances(zone: ZoneInfo, moments: Iterable[datetime]) -> tuple[Observance, ...]:
    """One or two observances that give the true offset of all moments; none: write them in UTC."""
    exported = [each if each.tzinfo is zone else each.astimezone(zone) for each in moments]
    if not exported or zone.key in ("UTC", "Etc/UTC"):
        return ()
    first, last = min(exported).astimezone(UTC).year, max(exported).astimezone(UTC).year
    found = _yearly(zone, first, last + SEEN_AHEAD)
    return found if found and _are_true(found, first, last, exported) else ()


def _are_true(found: tuple[Observance, ...], first: int, last: int, exported: Sequence[datetime]) -> bool:
    """Whether a reader of these observances finds the true offset of each moment."""
    begins, offsets = _begins(found, first, last)
    for at in exported:
        offset = at.utcoffset() or timedelta()
        before = bisect_right(begins, at.replace(tzinfo=None) - offset)
        if not before or offsets[before - 1] != offset:
            return False
    return True


@lru_cache(maxsize=256)
def _begins(found: tuple[Observance, ...], first: int, last: int) -> tuple[list[datetime], list[timedelta]]:
    """When each offset begins in these years and around them, in UTC, in order; and the offsets."""
    years = range(first - 2, last + 2)
    pairs = sorted((rule.onset(year) - rule.offset_from, rule.offset_to) for rule in found for year in years)
    return [begin for begin, _ in pairs], [offset for _, offset in pairs]


@lru_cache(maxsize=64)
def _yearly(zone: ZoneInfo, first: int, last: int) -> tuple[Observance, ...]:
    """The rules by which the clock changes in these years; none where they are not the same every year."""
    changes = _changes(zone, first, last)
    if not changes:
        there = datetime(first, 1, 1, tzinfo=UTC).astimezone(zone)
        offset = there.utcoffset() or timedelta()
        return (Observance(there.tzname() or "", daylight=False, offset_from=offset, offset_to=offset),)
    kinds = {before.utcoffset() for before, _ in changes}
    found = [_rule([c for c in changes if c[0].utcoffset() == kind], last - first + 1) for kind in kinds]
    rules = sorted((rule for rule in found if rule), key=lambda rule: rule.daylight)
    return tuple(rules) if len(kinds) == len(rules) == 2 else ()


def _changes(zone: ZoneInfo, first: int, last: int) -> list[tuple[datetime, datetime]]:
    """Every change of the clock in these years: the last local second before it, the first one after."""
    found = []
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while day < end:
        low, high = day, min(day + timedelta(days=STEP), end)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append((low.astimezone(zone), high.astimezone(zone)))
        day += timedelta(days=STEP)
    return found


def _rule(changes: list[tuple[datetime, datetime]], years: int) -> Observance | None:
    """The yearly rule behind changes of one kind, one in each of the years; None where there is none."""
    walls = [before.replace(tzinfo=None, fold=0) + timedelta(seconds=1) for before, _ in changes]
    if not len({wall.year for wall in walls}) == years == len(walls):
        return None
    before, there = changes[0]
    old, new = before.utcoffset() or timedelta(), there.utcoffset() or timedelta()
    first, name = walls[0], there.tzname() or ""
    for nth in (-1, (first.day - 1) // 7 + 1):
        rule = Observance(name, new > old, old, new, first.month, nth, first.weekday(), first.time())
        if nth <= 4 and all(rule.onset(wall.year) == wall for wall in walls):
            return rule
    return None
