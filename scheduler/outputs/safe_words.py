"""Words for paper that cannot be misread: days with their weekday, "per" for a slash.

After the Joint Commission's "Do Not Use" list and ISMP's list of error-prone abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from scheduler.quantities import Rate

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SLASH = re.compile(r"\s*/\s*(m2|kg|mL)\b")
_ISO_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def in_words(day: date) -> str:
    """'Tue 6 Jan 2026', in English whatever the machine's language."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def without_slash(sentence: str) -> str:
    """'1 million units per m2' for '1 million units/m2'; days with their weekday."""
    spelled = _SLASH.sub(r" per \1", sentence)
    return _ISO_DAY.sub(lambda found: _day(found[0]), spelled)


def rate_in_words(rate: Rate) -> str:
    """'1 million units per m2', '10 mg'."""
    return without_slash(str(rate))


def ranges(numbers: Iterable[int]) -> str:
    """'1 to 3, 5' for 1, 2, 3, 5."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _day(iso: str) -> str:
    try:
        return in_words(date.fromisoformat(iso))
    except ValueError:  # four digits, two and two, but no day
        return iso
