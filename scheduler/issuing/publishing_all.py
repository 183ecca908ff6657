"""Publishing for everybody whose calendar changed, patient by patient; nobody is left out in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scheduler.clinic.chart import Chart
from scheduler.clinic.routes import route_of
from scheduler.issuing import calendars
from scheduler.issuing.calendars import For, Nothing
from scheduler.issuing.publishing import PURPOSES, Press, is_up_to_date, issue_of, nowhere, publish
from scheduler.problems import Refused
from scheduler.store.places import Place

STRIKES = 2
"""So often a server may be away; then it is not asked again in this run, and its patients are named."""


@dataclass(slots=True)
class Outcome:
    """What a run did.

    `by_hand` are patients on paper, or without a route, whose calendar changed since they got it; `files` those for
    whom new files lie ready; `missed` who was not reached, and why.
    """

    published: int = 0
    files: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)


def publish_all(press: Press, progress: Callable[[int, int], None]) -> Outcome:
    """Bring every place up to date that is not; a fault of one patient stops nobody else's calendar."""
    outcome, away = Outcome(), Counter[str]()
    subjects = press.desk.log.subjects()
    for done, subject in enumerate(subjects, start=1):
        try:
            chart = press.desk.chart(subject)
            places = list(_places(press, chart, outcome))
        except Refused as refused:
            outcome.missed.append((subject, str(refused)))
            places = []
        for place in places:
            _visit(press, place, outcome, away)
        progress(done, len(subjects))
    return outcome


def _places(press: Press, chart: Chart, outcome: Outcome) -> Iterator[Place]:
    """The places that may need something."""
    chosen = route_of(chart)
    if chosen is None or chosen.way == "paper":
        if any(_is_outdated(press, chart, purpose) for purpose in PURPOSES):
            outcome.by_hand.append(chart.subject)
        return
    mine = [place for place in press.desk.log.places.of(chart.subject) if place.route == chosen.way]
    if not mine:
        raise Refused(nowhere(chart.subject, chosen.way, "home"))
    for place in mine:
        try:
            if not is_up_to_date(place, issue_of(press, chart, place)):
                yield place
        except Nothing:
            continue


def _is_outdated(press: Press, chart: Chart, purpose: For) -> bool:
    """Whether a calendar that was handed out has changed since."""
    if calendars.last_issue(press.desk, chart, purpose) is None:
        return False
    try:
        return calendars.issue(press.desk, chart, purpose, opening=press.opening).changed
    except Nothing:
        return False


def _visit(press: Press, place: Place, outcome: Outcome, away: Counter[str]) -> None:
    from scheduler.issuing.caldav_server import ServerAway, host_of

    host = host_of(place.place) if place.route == "caldav" else ""
    if host and away[host] >= STRIKES:
        outcome.missed.append((place.subject, f"{host} failed for others in this run, and was not asked again."))
        return
    try:
        done = publish(press, place)
    except Nothing:
        return
    except Refused as refused:
        away[host] += isinstance(refused, ServerAway)
        outcome.missed.append((place.subject, str(refused)))
        return
    outcome.published += done.anything
    if done.put and place.route == "import":
        outcome.files.append(place.subject)
