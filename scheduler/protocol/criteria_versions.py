"""How versions of the toxicity criteria are named: 'CTC 2.0', 'CTCAE 3.0' and later."""

from __future__ import annotations

import re

from scheduler.problems import Refused
from scheduler.protocol.wording import quoted

_WRITTEN = re.compile(r"(?:(CTC|CTCAE)[ -]?)?(?:v|version )?(\d{1,2})(\.\d{1,2})?", re.IGNORECASE | re.ASCII)
_IN_TITLE = re.compile(r"\b(CTC|CTCAE) ?(?:v|version)? ?(\d\.\d{1,2})(?!\d)", re.IGNORECASE | re.ASCII)
FIRST_CTCAE = 3


def version_named(text: str) -> str:
    """'CTCAE 5.0' of '5.0', '5', 'v5.0' or 'CTCAE v5.0'; Refused for what names no version."""
    plain = " ".join(text.split())
    match = _WRITTEN.fullmatch(plain)
    if match is not None and int(match[2]) > 0:
        name = "CTC" if int(match[2]) < FIRST_CTCAE else "CTCAE"
        if match[1] is None or match[1].upper() == name:
            return f"{name} {int(match[2])}{match[3] or '.0'}"
    raise Refused(f"{quoted(plain)} is not a version of the criteria. Write it like CTCAE 5.0 or CTC 2.0.")


def version_in_title(title: str) -> str | None:
    """The version that a sheet's name speaks of, as in 'CTCAE v5.0 Clean Copy'; None unless it is one."""
    found = {f"{name.upper()} {number}" for name, number in _IN_TITLE.findall(title)}
    return found.pop() if len(found) == 1 else None


def is_by_category(version: str) -> bool:
    """Whether a version has blood counts in a category of their own: up to CTCAE 3.0."""
    number = version.split()[1]
    return int(number.partition(".")[0]) <= FIRST_CTCAE
