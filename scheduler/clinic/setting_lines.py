"""Which lines `clinic.toml` can have, and what each may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from scheduler.clinic.plans import zone_of
from scheduler.problems import Misread, Refused, printable
from scheduler.protocol.policies import CLOCK
from scheduler.protocol.wording import hidden, listed, quoted
from scheduler.shipped import translations_folder

LONGEST = 100
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")


class Line(NamedTuple):
    """A line of the file: how its value is read, how one looks, what it is for."""

    read: Callable[[Any], object]
    example: str
    says: str


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Misread("not-text", "This is not a text.", "Put it in quotes.")
    line = value.strip()
    if any(map(hidden, line)):
        raise Misread("hidden-character", "A character that cannot be seen stands in it.", "Type it anew.")
    if len(line) > LONGEST:
        raise Misread("too-long", f"It has {len(line)} characters, and a sheet has room for {LONGEST}.", "Shorten it.")
    return line


def _clock(value: object) -> str:
    text = value.strftime("%H:%M") if isinstance(value, time) else _text(value)
    if re.fullmatch(CLOCK, text, re.ASCII) is None:
        raise Misread("bad-time", f"{quoted(text)} is not a time of day.", 'Write it in quotes, like "20:00".')
    return text


def _home_time(value: object) -> str:
    """In the first hours of a day clocks change, and a night's dose is of the wrong day for half of its readers."""
    text = _clock(value)
    if text < "04:00":
        raise Misread("bad-time", f"{text} is at night, when clocks change.", "Choose a time from 04:00 to 23:59.")
    return text


def _items(value: object, example: str) -> list[Any]:
    if not isinstance(value, list):
        raise Misread("not-a-list", "This is not a list.", f"Write it like {example}.")
    return value


def _weekdays(value: object) -> tuple[int, ...]:
    found: set[int] = set()
    for each in _items(value, '["Sat", "Sun"]'):
        text = _text(each)
        if text[:3].title() not in DAY_NAMES or text.casefold() not in _spelled(text[:3].title()):
            names = listed(DAY_NAMES)
            raise Misread("not-a-weekday", f"{quoted(text)} is not a weekday.", f"Write {names}, in quotes.")
        found.add(DAY_NAMES.index(text[:3].title()))
    return tuple(sorted(found))


def _spelled(name: str) -> tuple[str, str]:
    full = {"Tue": "tuesday", "Wed": "wednesday", "Thu": "thursday", "Sat": "saturday"}
    return name.casefold(), full.get(name, f"{name}day".casefold())


def _some_weekdays(value: object) -> tuple[int, ...]:
    found = _weekdays(value)
    if not found:
        raise Misread("no-day", "No day is left for patients to fetch anything.", "Name one, or delete the line.")
    return found


def _languages(value: object) -> tuple[str, ...]:
    known = sorted({"en", *(path.stem for path in translations_folder().glob("*.po"))})
    found = [_text(each) for each in _items(value, '["en", "es"]')]
    for code in found:
        if code not in known:
            raise Misread("unknown-language", f"Papers are not written in {quoted(code)}.", f"Name {listed(known)}.")
    return tuple(dict.fromkeys(found)) or ("en",)


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Misread("not-a-date", f"{quoted(str(value))} is not a date.", "Write it like 2026-12-24.")


def _dates(value: object) -> tuple[date, ...]:
    return tuple(sorted({_date(each) for each in _items(value, "[2026-10-12]")}))


def _periods(value: object) -> tuple[tuple[date, date, str], ...]:
    if not isinstance(value, dict):
        mend = 'Write a block [closed.days], and below it lines like 2026-12-24 = "Christmas Eve".'
        raise Misread("not-a-block", "Days of one's own stand in a block.", mend)
    found = []
    for days, reason in value.items():
        both = _SPAN.fullmatch(days)
        if both is None:
            mend = 'Write it like 2026-12-24, or "2026-12-24 to 2026-12-31" with its quotes.'
            raise Misread("not-a-date", f"{quoted(days)} is not a day or a span of days.", mend)
        first, last = _date(both[1]), _date(both[2] or both[1])
        if not first <= last or (last - first).days > 366:
            raise Misread("bad-span", f"{quoted(days)} runs backwards, or over more than a year.", "Correct it.")
        found.append((first, last, _text(reason) or "closed"))
    return tuple(sorted(found))


def _folder(value: object) -> Path:
    text = _text(value)
    if not text:
        raise Misread("not-a-folder", "No folder is named.", 'Name one, like "products", or delete the line.')
    return Path(text).expanduser()


def _zone(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"[A-Za-z][\w+/-]*", text, re.ASCII):
        raise Refused(f"{quoted(printable(text))} is not a time zone. Give its IANA name, like Europe/Berlin.")
    return zone_of(text)


LINES: Mapping[str, Line] = {
    "name": Line(_text, 'name = "Example Ward"', "The clinic's name, as patients know it."),
    "phone": Line(
        _text, 'phone = "+1 555 0100"', "The number that patients call; without it, papers leave a line for it."
    ),
    "zone": Line(_zone, 'zone = "America/New_York"', "The time zone (IANA name) in which patients are enrolled."),
    "home_dose_time": Line(
        _home_time, 'home_dose_time = "20:00"', "When home doses are taken; without it, as the protocol says."
    ),
    "opening": Line(_clock, 'opening = "09:00"', "When the clinic opens: calendars put visits there."),
    "products": Line(
        _folder, 'products = "products"', "A folder of your own product files; one of them replaces the shipped one."
    ),
    "pick_up_days": Line(
        _some_weekdays,
        'pick_up_days = ["Mon", "Thu"]',
        "On which weekdays patients fetch syringes (else on every day, Sundays too); closed days come off.",
    ),
    "languages": Line(
        _languages, 'languages = ["en", "es"]', "The languages of patients' papers; the first is the usual one."
    ),
    "closed.country": Line(_text, 'country = "US"', "Public holidays of this country (ISO 3166) are closed days."),
    "closed.subdivision": Line(_text, 'subdivision = "OH"', "Those of a state or province as well (ISO 3166-2)."),
    "closed.weekdays": Line(
        _weekdays, 'weekdays = ["Sat", "Sun"]', "The weekdays without clinic; [] where there are none."
    ),
    "closed.open": Line(_dates, "open = [2026-10-12]", "Days on which the clinic works although they would be closed."),
    "closed.days": Line(
        _periods,
        '[closed.days]\n2026-12-24 = "Christmas Eve"\n"2026-12-27 to 2026-12-31" = "stocktaking"',
        "Your own closed days; this block comes last.",
    ),
}
"""Every line that there can be, in the order in which they are shown."""


def example() -> str:
    """A file that says everything, with what each line is for."""
    lines = ["# Settings of a clinic. Every line can be left out; c1d1 settings shows what counts then.", ""]
    block = ""
    for key, line in LINES.items():
        if "." in key and not block:
            block = "[closed]"
            lines += ["# When the clinic is closed: its visits are flagged, home doses go on.", block, ""]
        lines += [f"# {line.says}", *line.example.splitlines(), ""]
    return "\n".join(lines[:-1]) + "\n"
