"""Publishing a patient's calendar by the route that is recorded: write first, then the entry that says so.

What is about to be written is noted beside the events first. So a run that is cut off anywhere is healed by the next
one: what may have been seen is the same bytes again, or is recorded as issued before something newer takes its place.
Where somebody records meanwhile, the chart is read anew, so that nothing older is left standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from scheduler.clinic.chart import Chart, with_events
from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.routes import ROUTES, Way, route_of
from scheduler.issuing import calendars, feed, import_folder, intentions
from scheduler.issuing.calendars import For, Issue
from scheduler.issuing.intentions import Intention
from scheduler.problems import Refused
from scheduler.store.faults import Conflict
from scheduler.store.places import Place

ATTEMPTS = 4
PURPOSES: tuple[For, ...] = ("home", "visits")


class Press(NamedTuple):
    """What publishing takes besides the record: when the clinic opens, who signs, and where passwords are read."""

    desk: Desk
    opening: str
    signature: Signature
    password: Callable[[Place], str]


class Published(NamedTuple):
    """What was done: the issue that stands there now, whether it was recorded as new, what was written."""

    place: Place
    issue: Issue
    recorded: bool
    put: int
    deleted: int

    @property
    def anything(self) -> bool:
        return self.recorded or bool(self.put or self.deleted)


# ---------------------------------------------------------------------------- where


def address_of(route: str, text: str) -> str:
    """An address or a folder as it is kept; Refused for what cannot be one."""
    if route == "caldav":
        from scheduler.issuing.caldav_server import checked_url

        parts = checked_url(text)
        return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"
    if not text.isprintable():
        raise Refused("The name of the folder holds a hidden character. Type it anew.")
    return str(Path(text).expanduser().absolute())


def check_route(chart: Chart, way: str) -> None:
    """Refused unless this is the route that was chosen with the patient."""
    chosen = route_of(chart)
    if chosen is None or chosen.way != way:
        there = f"has the route {chosen.way}" if chosen else "has no route yet"
        raise Refused(f"{chart.subject} {there}. Record the choice first: c1d1 record route {chart.subject} {way}.")


def place_of(press: Press, subject: str, purpose: For) -> Place:
    """Where a patient's calendar went before."""
    chart = press.desk.chart(subject)
    chosen = route_of(chart)
    known = press.desk.log.places.find(subject, purpose)
    if known is None or chosen is None or known.route != chosen.way:
        raise Refused(nowhere(subject, chosen.way if chosen else None, purpose))
    return known


def nowhere(subject: str, way: Way | None, purpose: str) -> str:
    """What to do about a patient whose calendar goes nowhere yet."""
    which = "" if purpose == "home" else f" --for {purpose}"
    options = {"caldav": " --caldav URL --user NAME", "feed": " --folder DIR", "import": " --import DIR"}
    if way is None:
        return f"{subject} has no route yet. Record the choice first: c1d1 record route {subject} {'|'.join(ROUTES)}."
    if way == "paper":
        return f"{subject} has paper alone. Print the change sheet: c1d1 changes {subject}."
    return f"{subject} has the route {way}, and no place yet. Say it once: c1d1 publish {subject}{which}{options[way]}."


def _is_same(known: Place, wanted: Place) -> bool:
    return (known.route, known.place) == (wanted.route, wanted.place)


def _take_away(known: Place | None) -> None:
    """A feed that goes elsewhere leaves nothing behind."""
    if known is not None and known.route == "feed":
        for secret in filter(None, (known.secret, known.former)):
            feed.remove(Path(known.place), secret)


def revoke(press: Press, subject: str, purpose: For) -> Place:
    """A feed gets a new name, and the old address is gone at once; publishing puts the file under the new one."""
    known = place_of(press, subject, purpose)
    if known.route != "feed":
        raise Refused(f"Only a feed has an address that can be withdrawn; {subject} has the route {known.route}.")
    if known.former:
        feed.remove(Path(known.place), known.former)
    renamed = replace(known, secret=feed.new_secret(), former=known.secret, written="")
    press.desk.log.places.put(renamed)  # first, so that a cut here is finished by the next publishing
    feed.remove(Path(known.place), known.secret)
    return renamed


# ---------------------------------------------------------------------------- publishing


def publish_at(press: Press, wanted: Place) -> tuple[Published, bool]:
    """Publish to a place, which is kept for the runs to come; and whether a calendar that a patient has is left behind.

    Refused where the place is not by the patient's route, or another patient's; where nothing could be brought to a
    new place, the one before stays.
    """
    check_route(press.desk.chart(wanted.subject), wanted.route)
    known = press.desk.log.places.find(wanted.subject, wanted.purpose)
    if known is not None and _is_same(known, wanted):
        way_in = {"login": wanted.login, "password_file": wanted.password_file} if wanted.login else {}
        return publish(press, replace(known, **way_in)), False
    secret = feed.new_secret() if wanted.route == "feed" else ""
    begun = known.begun if known else ""
    fresh = replace(wanted, secret=secret, begun=begun)
    press.desk.log.places.put(fresh)
    try:
        done = publish(press, fresh)
    except Refused:
        now = press.desk.log.places.find(wanted.subject, wanted.purpose)
        if known is not None and now == fresh:
            press.desk.log.places.put(known)
        raise
    _take_away(known)
    return done, known is not None and known.written != ""


class Writing(NamedTuple):
    """What is being written where; `place` notes what is about to be recorded."""

    press: Press
    chart: Chart
    place: Place
    issue: Issue

    def about_to(self) -> None:
        """Keep the note: from now on a patient may see the issue."""
        self.press.desk.log.places.put(self.place)


def publish(press: Press, place: Place) -> Published:
    """Bring one place up to date, and record the issue if it is new. Refused, or Nothing: what stood there stays."""
    for _ in range(ATTEMPTS):
        chart = press.desk.chart(place.subject)
        begun = tuple(intentions.open_ones(intentions.read(place.begun), chart))
        known = with_events(chart, [each.event for each in begun], press.desk.shelf) if begun else chart
        issue = issue_of(press, known, place)
        draft = calendars.draft(known, issue)
        begun = (*begun, *map(Intention, draft.ids, draft.events))
        about_to = replace(place, begun=intentions.written(begun))
        writing = Writing(press, known, about_to, issue)
        put, deleted = _WRITE[place.route](writing)
        if place.former:
            feed.remove(Path(place.place), place.former)
        try:
            if begun:
                ids, events = tuple(each.event_id for each in begun), tuple(each.event for each in begun)
                press.desk.store(draft._replace(before=chart, events=events, ids=ids), press.signature)
        except Conflict:
            place = about_to
            continue
        if not begun and press.desk.chart(place.subject).last_number != chart.last_number:
            continue
        done = replace(place, written=issue.sha256, former="", begun="")
        press.desk.log.places.put(done)
        return Published(done, issue, bool(begun), put, deleted)
    raise Refused(f"Others record for {place.subject} in this moment. What stands there is sound; run it again.")


def issue_of(press: Press, chart: Chart, place: Place) -> Issue:
    """What the patient should have now."""
    purpose = next(purpose for purpose in PURPOSES if purpose == place.purpose)
    return calendars.issue(press.desk, chart, purpose, opening=press.opening, route=place.route)


def is_up_to_date(place: Place, issue: Issue) -> bool:
    """Whether there is nothing to do, as far as that is known without asking a server."""
    if issue.changed or place.written != issue.sha256 or place.former or place.begun:
        return False
    return place.route != "feed" or feed.stands(Path(place.place), place.secret, issue.feed_name, issue.content)


def _to_server(it: Writing) -> tuple[int, int]:
    from scheduler.issuing.caldav_objects import Wanted, bring
    from scheduler.issuing.caldav_server import CalendarOnServer

    known = calendars.handed_out(it.press.desk, it.chart, it.issue.purpose)
    wanted = Wanted(calendars.objects(it.issue), known, it.press.desk.today)
    with CalendarOnServer(it.place.place, it.place.login, it.press.password(it.place)) as server:
        return bring(server, wanted, it.about_to)


def _to_feed(it: Writing) -> tuple[int, int]:
    done = feed.write(Path(it.place.place), it.place.secret, it.issue.feed_name, it.issue.content, it.about_to)
    return int(done), 0


def _to_files(it: Writing) -> tuple[int, int]:
    files = calendars.import_files(it.press.desk, it.chart, it.issue.purpose, opening=it.press.opening)
    return import_folder.write(Path(it.place.place), it.place.subject, files, it.about_to), 0


_WRITE: dict[str, Callable[[Writing], tuple[int, int]]] = {
    "caldav": _to_server,
    "feed": _to_feed,
    "import": _to_files,
}
