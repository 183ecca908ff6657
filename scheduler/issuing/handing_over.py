"""A patient's calendars handed over where the patient is: recorded, and then as files or into the feed.

What the app does with one signature. A calendar server takes a password and may keep people waiting; that is left to
`c1d1 publish`, which this names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scheduler.clinic.desk import Desk, Signature
from scheduler.issuing.calendars import FILE_NAMES, For, Issue, Nothing, draft, issue, notice_of
from scheduler.issuing.change_sheets import issue_lines
from scheduler.issuing.publishing import Press, publish
from scheduler.problems import Refused
from scheduler.store.places import Place

WRITTEN_HERE = ("import", "paper")


class HandedOver(NamedTuple):
    """What to say of it, and files (name and bytes) for whoever stands there."""

    said: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


def to_hand_over(desk: Desk, subject: str, opening: str) -> tuple[Issue, ...]:
    """What the patient should have now, of doses at home and of visits; none where there is nothing to hand out."""
    found = (_issue(desk, subject, purpose, opening) for purpose in FILE_NAMES)
    return tuple(made for made in found if made is not None)


def _issue(desk: Desk, subject: str, purpose: For, opening: str) -> Issue | None:
    """One of them, by the chart as it is now: what is recorded of one issue is known to the next."""
    try:
        return issue(desk, desk.chart(subject), purpose, opening=opening)
    except Nothing:
        return None


def preview_lines(issues: tuple[Issue, ...]) -> Iterator[str]:
    """What would be handed over, in a few lines each."""
    for made in issues:
        yield from issue_lines(made, None)
        yield ""


def hand_over(desk: Desk, subject: str, opening: str, signature: Signature, *, again: bool = True) -> HandedOver:
    """Record and give out what is new; with `again` also what still holds, as the same file once more."""
    said: list[str] = []
    files: list[tuple[str, bytes]] = []
    for purpose in FILE_NAMES:
        made = _issue(desk, subject, purpose, opening)
        if made is not None and (made.changed or again):
            done = _one(desk, made, signature, opening)
            said += done.said
            files += done.files
    return HandedOver(tuple(said), tuple(files))


def _one(desk: Desk, made: Issue, signature: Signature, opening: str) -> HandedOver:
    if made.route in WRITTEN_HERE:
        return _as_files(desk, made, signature)
    place = desk.log.places.find(made.subject, made.purpose)
    if place is None or place.route != "feed":
        command = f"c1d1 publish {made.subject}" + ("" if made.purpose == "home" else f" --for {made.purpose}")
        return HandedOver((f"NOT handed out here: it goes by {made.route}. On the command line: {command}",))
    done = publish(Press(desk, opening, signature, _no_password), place)
    state = f"issue {done.issue.number} stands in its feed"
    return HandedOver((f"{_name(made.purpose)}: {state}; phones fetch it in hours, up to a day.",))


def _as_files(desk: Desk, made: Issue, signature: Signature) -> HandedOver:
    chart = desk.chart(made.subject)
    drawn = draft(chart, made)
    entries = desk.store(drawn, signature) if drawn.events else ()
    recorded = f", recorded as entry {entries[0].number}" if entries else " (nothing has changed)"
    notice = notice_of(made) if made.route == "import" else None
    files = [(made.file_name, made.content), *([(made.notice_name, notice)] if notice else [])]
    return HandedOver((f"{_name(made.purpose)}, issue {made.number}{recorded}.",), tuple(files))


def _name(purpose: For) -> str:
    return {"home": "Home schedule", "visits": "Clinic visits"}[purpose]


def _no_password(place: Place) -> str:
    raise Refused(f"{place.place} takes a password. Run c1d1 publish {place.subject} on the command line.")
