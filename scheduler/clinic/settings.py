"""The clinic's settings: `clinic.toml` in the data folder, every line of it optional.

A file with a fault is not used by halves: whoever needs a setting is told every fault, its line, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.clinic import home as clock
from scheduler.clinic.home import Home
from scheduler.clinic.plans import Faulty
from scheduler.clinic.settings_file import Said, read_file
from scheduler.problems import Problem, Refused

FILE = "clinic.toml"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = tuple(range(7))


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the clinic is closed of its own accord, both included."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class Closing:
    """When the clinic is closed. `weekdays` count from 0 for Monday; `open` are days on which it works all the same."""

    country: str = ""
    subdivision: str = ""
    weekdays: tuple[int, ...] = (5, 6)
    days: tuple[Period, ...] = ()
    open: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a clinic has set, or the defaults.

    `home_dose_time` is None where the protocol's own time counts; `pick_up_days` are weekdays from 0 for Monday on
    which patients fetch syringes (weekdays that are said to be closed come off, and holidays); `products` is a folder
    of product files that take the place of shipped ones; the first of `languages` is the one of papers for which
    nobody names another.
    """

    name: str = ""
    phone: str = ""
    zone: str = "UTC"
    home_dose_time: str | None = None
    opening: str = "09:00"
    products: Path | None = None
    pick_up_days: tuple[int, ...] = EVERY_DAY
    languages: tuple[str, ...] = ("en",)
    closed: Closing = field(default_factory=Closing)


class FaultySettings(Faulty, Refused):
    """A settings file that cannot be used: all its problems, the first of them as a sentence."""

    def __str__(self) -> str:
        first = self.problems[0]
        more = f" {len(self.problems) - 1} more: see c1d1 settings." if len(self.problems) > 1 else ""
        return f"{first.place.short}: {first.what} {first.mend}{more}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A settings file as read: the settings, sound only without problems, and what it says in which line."""

    settings: Settings
    problems: tuple[Problem, ...]
    lines: Mapping[str, int]
    file: Path

    def source(self, key: str) -> str:
        """'clinic.toml:4', or 'default' for what the file does not say; `key` like zone or closed.country."""
        return f"{FILE}:{self.lines[key]}" if key in self.lines else "default"


def settings_of(home: Home) -> Settings:
    """The settings of a data folder; FaultySettings (a Refused) where its file has a fault."""
    found = read_settings(home)
    if found.problems:
        raise FaultySettings(found.problems)
    return found.settings


def usable_settings(home: Home) -> tuple[Settings, str]:
    """The settings, or the defaults and a sentence to be shown: where a fault must not hide a schedule."""
    try:
        return settings_of(home), ""
    except Refused as fault:
        return Settings(), f"The clinic's settings are left out, its closed days too. {fault}"


def today(home: Home) -> date:
    """The day on the clinic's calendar: in the zone that its settings name, else on this computer.

    A patient in another zone has another day at times; home doses go by the patient's clock, entries by the clinic's.
    """
    found = read_settings(home)
    named = "zone" in found.lines and not found.problems
    return clock.now().astimezone(ZoneInfo(found.settings.zone)).date() if named else clock.today()


def read_settings(home: Home) -> Reading:
    """The settings with all their problems; a folder without a file has the defaults."""
    path = home.folder / FILE
    said = read_file(path)
    return Reading(_settings(said, home.folder), said.problems, said.lines, path)


def _settings(said: Said, folder: Path) -> Settings:
    plain: dict[str, Any] = {key: value for key, value in said.values.items() if "." not in key}
    if "products" in plain:
        plain["products"] = folder / plain["products"]
    closing: dict[str, Any] = {
        key.removeprefix("closed."): value for key, value in said.values.items() if key.startswith("closed.")
    }
    if "weekdays" in closing:  # only where it is said: else the pharmacy is taken to hand out on every day
        asked = plain.get("pick_up_days", EVERY_DAY)
        plain["pick_up_days"] = tuple(day for day in asked if day not in closing["weekdays"])
    if "days" in closing:
        closing["days"] = tuple(Period(*each) for each in closing["days"])
    return Settings(**plain, closed=Closing(**closing))
