"""The notice that goes with a numbered file: entries that no calendar has seen before.

Whoever imports a newer file into the calendar that holds the older one keeps the older entries, with their
alarms. A file with nothing but new UIDs is the one import that every program takes in, so it says what changed,
beside the old entry and earlier than its alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from scheduler.outputs import calendar_words as words
from scheduler.outputs.calendar_entries import Entry, Revision
from scheduler.outputs.calendar_words import LOOKS, Look, Purpose, State, titled

SILENT: dict[Purpose, tuple[State, ...]] = {"home": ("held", "off", "tentative"), "visits": ("held", "off")}
"""The states in which nothing is done at the time of an entry."""

EARLIER = {"home": 30, "visits": 180}
"""Minutes before the start: sooner than the alarm of the old entry, which rings 10 or 120 minutes before."""

_HOLD: dict[Purpose, str] = {
    "home": "HOLD - no {{thing}} today ({issue}ignore other entry)",
    "visits": "HOLD - no {{thing}} ({issue}ignore other entry)",
}
_CHANGED = "CHANGED {{thing}} ({issue}ignore other entry)"
_TEXT = "This counts. The older entry beside it is out of date, whatever it says and whenever it rings."


def notices(purpose: Purpose, entries: Sequence[Entry], before: Mapping[str, Entry], first: Revision) -> list[Entry]:
    """One or two for each entry that was handed out before and now says something else."""
    revised = [(entry, before[entry.key]) for entry in entries if before.get(entry.key, entry) is not entry]
    rings = {entry.start for entry in entries if entry.look.alarm}
    live = {start.date() for start in rings if isinstance(start, datetime)}
    return [each for entry, old in revised for each in _of(_Maker(purpose, live, first), entry, old)]


class _Maker:
    """Makes notices of one purpose; `live` are the days on which something is still to be done.

    From the second notice for a dose on, the issue stands in the title: of several the highest counts.
    """

    def __init__(self, purpose: Purpose, live: Iterable[date], first: Revision) -> None:
        self.purpose, self.live, self.first = purpose, frozenset(live), first

    def hold(self, key: str, at: Entry) -> Entry:
        """Nothing at that time; which of several doses it is, is said where others of the day stay."""
        thing = at.thing
        if self.purpose == "home":
            mark = at.thing.partition(", ")[2]
            thing = f"{mark} dose" if mark and at.last_day in self.live else "dose"
        return self._made(f"hold/{key}", at, LOOKS[self.purpose, "held"], _HOLD[self.purpose], thing)

    def changed(self, key: str, at: Entry) -> Entry:
        return self._made(f"changed/{key}", at, LOOKS[self.purpose, "changed"], _CHANGED, at.thing)

    def _made(self, key: str, at: Entry, look: Look, title: str, thing: str) -> Entry:
        timed = isinstance(at.start, datetime)
        issue = f"issue {self.first.issue}, " if at.revision.sequence > 1 else ""
        look = replace(look, title=title.format(issue=issue), alarm=EARLIER[self.purpose] if timed else 0)
        made = replace(at, key=key, look=look, title=titled(look, [thing]), revision=self.first, was=None)
        return replace(made, text=(words.clean(_TEXT),))


def _of(maker: _Maker, entry: Entry, old: Entry) -> Iterator[Entry]:
    if entry.state in SILENT[maker.purpose]:
        yield maker.hold(entry.key, entry)
        return
    if entry.start != old.start:
        yield maker.hold(entry.key, old)
    yield maker.changed(entry.key, entry)
