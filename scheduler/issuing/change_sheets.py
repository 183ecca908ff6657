"""The change sheet of an issue, and what the command line says about an issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from scheduler.clinic.chart import Chart
from scheduler.clinic.desk import Desk
from scheduler.clinic.routes import ROUTES, Way
from scheduler.clinic.words import count, day
from scheduler.issuing.calendars import For, Issue, Nothing, issue, last_issue
from scheduler.outputs.change_sheet import TITLES, ChangeSheet, changes_of
from scheduler.problems import Refused

ABOUT: dict[For, str] = {"home": "doses at home", "visits": "clinic visits"}


def change_sheet(desk: Desk, chart: Chart, purpose: For, *, opening: str | None = None, phone: str = "") -> ChangeSheet:
    """What the patient has to be told: against the last issue; where that still holds, what it changed itself."""
    try:
        made = issue(desk, chart, purpose, opening=opening)
    except Nothing as nothing:
        made = _last(desk, chart, purpose, nothing)
    return sheet_of(chart, made, phone)


def _last(desk: Desk, chart: Chart, purpose: For, nothing: Nothing) -> Issue:
    found = last_issue(desk, chart, purpose)
    if found is None:
        raise Refused(f"{nothing} So there is no change sheet either.")
    return found


def sheet_of(chart: Chart, made: Issue, phone: str = "") -> ChangeSheet:
    """The sheet that goes with an issue."""
    replaced = max((entry.revision.on for entry in made.before.values()), default=None)
    return ChangeSheet(
        subject=chart.subject,
        about=ABOUT[made.purpose],
        number=made.number,
        on=made.on,
        until=made.until,
        entry=made.made_from,
        seal=chart.entries[made.made_from - 1].seal,
        recorded=not made.changed,
        replaced=replaced,
        route=f"The calendar follows by: {ROUTES[cast('Way', made.route)]}.",
        phone=phone,
        changes=changes_of(made.entries, made.before),
    )


def issue_lines(made: Issue, stored: int | None, today: date | None = None) -> Iterator[str]:
    """What was handed out, or would be, in a few lines; `stored` is the entry that says so."""
    what = f"{ABOUT[made.purpose].capitalize()} of {made.subject}, issue {made.number}"
    if not made.changed:
        yield f"{what} of {day(made.on)} still holds: the same file again, and nothing was recorded."
    elif stored is None:
        yield f"PREVIEW: {what}, from entry {made.made_from}. Nothing is stored or written."
    else:
        yield f"{what}, from entry {made.made_from}, recorded as entry {stored}."
    how = f"in {made.detail} words, by: {made.route}"
    yield f"{count(len(made.entries), 'entry')}, valid until {day(made.until)}, {how}."
    if made.purpose == "home" and today is not None and made.until < today:
        yield f"It has run out on {day(made.until)}: a visit releases the next doses once something of it is recorded."
    if made.before:
        found = changes_of(made.entries, made.before)
        groups = ((title.partition(":")[0], [c for c in found if c.group == group]) for group, title in TITLES.items())
        told = ", ".join(f"{len(mine)} {title.lower()}" for title, mine in groups if mine)
        yield f"Against the issue before: {told or 'nothing'}. The change sheet: c1d1 changes {made.subject}."
