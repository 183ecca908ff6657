"""Bringing a calendar on a server up to date: put what differs, take out past days, and read back.

Entries are compared by what a patient sees and hears, because servers write them anew in their own order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from scheduler.issuing.caldav_server import NotReached, OnServer
from scheduler.problems import Refused

OURS = "@schedule.invalid"
ROUNDS = 5
"""So often the calendar is read, and what differs is put; the last time nothing may differ."""
SEEN = {
    *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "METHOD"),
    *("SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "TRANSP", "ACTION", "TRIGGER", "REPEAT"),
}
"""What decides which entry is shown when, in which words, and whether it rings."""
LENGTH = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class Calendar(Protocol):
    """What is asked of a calendar on a server."""

    def read(self) -> list[OnServer]: ...
    def put(self, href: str, content: bytes, seen: OnServer | None) -> bool: ...
    def delete(self, seen: OnServer) -> bool: ...
    def name_for(self, uid: str) -> str: ...


class Brought(NamedTuple):
    """How many entries were put, and how many of past days taken out."""

    put: int
    deleted: int


class Wanted(NamedTuple):
    """What is to stand there, by UID, and every UID that this patient was ever given with its last day."""

    objects: Mapping[str, bytes]
    handed_out: Mapping[str, date]
    today: date

    def is_past(self, uid: str) -> bool:
        return uid not in self.objects and uid in self.handed_out and self.handed_out[uid] < self.today


def bring(calendar: Calendar, wanted: Wanted, about_to: Callable[[], None] = lambda: None) -> Brought:
    """Make the calendar show what is wanted; NotReached or Refused where it cannot be, and running again goes on.

    `about_to` is called before anything is changed there, and not where nothing has to be.
    """
    put = deleted = 0
    for tried in range(ROUNDS):
        there = _by_uid(calendar.read())
        _check_whose(there, wanted)
        differing = list(_differing(there, wanted))
        gone = [seen for uid, all_seen in there.items() if wanted.is_past(uid) for seen in all_seen]
        if not differing and not gone:
            return Brought(put, deleted)
        if not tried:
            about_to()
        for uid, seen in differing:
            put += calendar.put(seen.href if seen else calendar.name_for(uid), wanted.objects[uid], seen)
        deleted += sum(calendar.delete(seen) for seen in gone)
    raise NotReached(
        f"The server keeps {len(differing)} entries otherwise than they were sent, or somebody changes them again"
        " and again. Look at the calendar there, then run it again."
    )


def _differing(there: Mapping[str, Sequence[OnServer]], wanted: Wanted) -> Iterator[tuple[str, OnServer | None]]:
    """What has to be put, silent entries first: a hold should arrive even where the connection then breaks."""
    for uid in sorted(wanted.objects, key=lambda uid: b"BEGIN:VALARM" in wanted.objects[uid]):
        ours = essence(wanted.objects[uid].decode())
        for seen in there.get(uid, [None]):
            if seen is None or not ours.stands_in(essence(seen.text)):
                yield uid, seen


def _check_whose(there: Mapping[str, Sequence[OnServer]], wanted: Wanted) -> None:
    """Refused where entries of somebody else's schedule stand: the address may be another patient's."""
    strange = [uid for uid in there if uid.endswith(OURS) and uid not in wanted.objects | wanted.handed_out.keys()]
    if strange:
        raise Refused(
            "At this address stand entries of another schedule. Nothing was written; check whose calendar it is."
            " If it is this patient's, have it emptied there, and run it again."
        )


def _by_uid(found: Sequence[OnServer]) -> dict[str, list[OnServer]]:
    by_uid: dict[str, list[OnServer]] = defaultdict(list)
    for each in found:
        by_uid[essence(each.text).uid].append(each)
    return dict(by_uid)


# ---------------------------------------------------------------------------- what an entry says


class Essence(NamedTuple):
    """What an entry says, whatever the order and form of its lines."""

    uid: str
    sequence: int
    says: tuple[tuple[str, str], ...]

    def stands_in(self, other: Essence) -> bool:
        """Whether the other says the same; a server or a phone may have counted its revision further."""
        return self.says == other.says and other.sequence >= self.sequence


def essence(text: str) -> Essence:
    """What the entry in an iCalendar text says; time zones are left out, servers bring their own."""
    uid, sequence, says = "", 0, []
    inside: list[str] = []
    for name, value in _lines(text):
        bare = name.partition(";")[0]
        if bare == "BEGIN":
            inside.append(value)
        mine = inside[-1:] != ["VALARM"]
        if bare == "SEQUENCE" and mine:
            sequence = int(value) if value.isdecimal() and len(value) < 10 else -1
        elif "VTIMEZONE" not in inside and (value == "VALARM" or (bare in SEEN and (mine or bare != "UID"))):
            says.append((name, value))
        if bare == "UID" and mine:
            uid = value
        if bare == "END":
            inside = inside[:-1]
    return Essence(uid, sequence, tuple(sorted(says)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Names with their parameters, and values, unfolded and in one form."""
    for line in re.sub(r"\n[ \t]", "", text.replace("\r\n", "\n")).split("\n"):
        name, value = _parted(line)
        first, *more = name.upper().replace('"', "").split(";")
        name = ";".join([first, *sorted(set(more) - {"VALUE=DATE-TIME", "VALUE=DURATION", "VALUE=TEXT"})])
        yield name, _seconds(value) if first == "TRIGGER" else _plain(value)


def _parted(line: str) -> tuple[str, str]:
    """At the first colon outside of quotes."""
    found = re.match(r'((?:"[^"]*"|[^":])*):(.*)', line)
    return (found[1], found[2]) if found else (line, "")


def _plain(value: str) -> str:
    value = re.sub(r"\\([nN;,\\])", lambda found: "\n" if found[1] in "nN" else found[1], value)
    return value.strip()


def _seconds(value: str) -> str:
    found = LENGTH.fullmatch(value.strip())
    if found is None:
        return value
    counts = [int(count or 0) for count in found.groups()[1:]]
    total = sum(count * each for count, each in zip(counts, (604_800, 86_400, 3_600, 60, 1), strict=True))
    return str(-total if found[1] == "-" else total)
