"""On which days the clinic is closed: the only door to the library of public holidays.

Home doses go on over closed days; visits to the clinic cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from scheduler.clinic.settings import WEEKDAYS, Settings
from scheduler.problems import Misread
from scheduler.protocol.wording import did_you_mean, quoted

ENGLISH = "en_US"
Span = tuple[date, date]


def closed(settings: Settings, day: date) -> str:
    """Why the clinic is closed on a day: its own reason, 'Sunday', "New Year's Day"; '' where it is open."""
    if day in settings.closed.open:
        return ""
    return holiday(settings, day) or (WEEKDAYS[day.weekday()] if day.weekday() in settings.closed.weekdays else "")


def holiday(settings: Settings, day: date) -> str:
    """Why a day is closed whatever its weekday: a public holiday, or one of the clinic's own; '' where it is not."""
    closing = settings.closed
    if day in closing.open:
        return ""
    own = [period.reason for period in closing.days if period.first <= day <= period.last]
    if own:
        return own[0]
    return _of_year(closing.country, closing.subdivision, day.year).get(day, "") if closing.country else ""


def nearest_open(settings: Settings, day: date, window: Span | None) -> tuple[date, ...]:
    """The nearest open days within a window (both ends included): the last one before the day, the next one after.

    None outside the window is ever named; without a window there is nowhere to go. A day that is open is its own.
    """
    if not closed(settings, day):
        return (day,)
    first, last = window or (day, day)
    before = (day - timedelta(days=n) for n in range(1, (day - first).days + 1))
    after = (day + timedelta(days=n) for n in range(1, (last - day).days + 1))
    found = (next((d for d in days if not closed(settings, d)), None) for days in (before, after))
    return tuple(d for d in found if d is not None)


def no_pick_up(settings: Settings, day: date) -> str:
    """Why nothing can be fetched on a day: 'Sunday', "New Year's Day"; '' where it can."""
    if day in settings.closed.open:
        return ""
    return holiday(settings, day) or ("" if day.weekday() in settings.pick_up_days else WEEKDAYS[day.weekday()])


def check_country(country: str, subdivision: str) -> None:
    """Misread for a country (or a part of it) that the library does not know."""
    known = _countries()
    if not country:
        raise Misread("no-country", "A part of a country is named, and no country.", 'Add a line like country = "US".')
    if country not in known:
        what = f"The country {quoted(country)} is not known.{did_you_mean(country, known)}"
        raise Misread("unknown-country", what, "Write its two letters (ISO 3166), like US or DE.")
    if subdivision and subdivision not in known[country]:
        what = f"{country} has no part {quoted(subdivision)}.{did_you_mean(subdivision, known[country])}"
        mend = f"Write its short form (ISO 3166-2), like {known[country][0]}." if known[country] else "Delete the line."
        raise Misread("unknown-subdivision", what, mend)


@cache
def _countries() -> Mapping[str, tuple[str, ...]]:
    import holidays

    return {code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items()}


@cache
def _of_year(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """The days' names in English where the library has them, else in the country's own language."""
    import holidays

    # The language is always named: else the library takes that of the computer, and two computers print two names.
    plain = holidays.country_holidays(country, subdiv=subdivision or None)
    language = ENGLISH if ENGLISH in plain.supported_languages else plain.default_language
    return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language))
