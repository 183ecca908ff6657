"""`c1d1 publish`: bring the calendars of patients up to date where their phones fetch them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import refusing
from scheduler.cli.saying import ROLE_HELP, ROLES, at_home
from scheduler.clinic.home import Home
from scheduler.problems import Refused

if TYPE_CHECKING:
    from scheduler.clinic.desk import Desk
    from scheduler.issuing.calendars import For
    from scheduler.issuing.publishing import Press, Published
    from scheduler.issuing.publishing_all import Outcome
    from scheduler.store.places import Place

PASSWORD_FILE = "C1D1_CALDAV_PASSWORD_FILE"  # noqa: S105 - the name of a variable
PASSWORD_HELP = f"A file with the account's password, which only you can read (else {PASSWORD_FILE})."


@click.command()
@click.argument("subject", required=False)
@click.option("--all", "everybody", is_flag=True, help="Every patient whose calendar changed, by the route recorded.")
@click.option("--for", "purpose", type=click.Choice(["home", "visits"]), default="home", show_default=True)
@click.option("--caldav", metavar="URL", help="The patient's calendar on a CalDAV server, made there before.")
@click.option("--user", default="", metavar="NAME", help="The account that may write there.")
@click.option("--password-file", default="", metavar="FILE", help=PASSWORD_HELP)
@click.option("--folder", "web", metavar="DIR", help="A folder that your web server offers over https, unlisted.")
@click.option("--import", "files", metavar="DIR", help="A folder for numbered files that somebody hands over.")
@click.option("--revoke", is_flag=True, help="Give the feed a new address and take the old one away (a lost phone).")
@click.option("--by", default="", metavar="NAME", help="Who publishes (else C1D1_BY).")
@click.option("--role", type=click.Choice(ROLES), default="nurse", help=ROLE_HELP)
@refusing
@at_home
def publish(
    subject: str | None,
    everybody: bool,
    purpose: For,
    caldav: str | None,
    user: str,
    password_file: str,
    web: str | None,
    files: str | None,
    revoke: bool,
    by: str,
    role: str,
    home: Home,
) -> None:
    """Publish SUBJECT's calendar by the route that is recorded, or with --all everybody's that changed.

    The first time say where: --caldav, --folder or --import; it is kept for the next times. A hold is told by phone
    first: a calendar takes minutes, hours or a day. Running it again does no harm, and goes on where it broke off.
    """
    from scheduler.clinic.desk import open_desk

    where = {"caldav": caldav, "feed": web, "import": files}
    given = {route: place for route, place in where.items() if place is not None}
    if everybody == (subject is not None) or everybody + revoke + len(given) > 1:
        raise click.UsageError("Name a SUBJECT, and one of --caldav, --folder, --import, --revoke or none; or --all.")
    if user and caldav is None:
        raise click.UsageError("--user goes with --caldav.")
    with open_desk(home) as desk:
        press = _press(desk, home, by, role)
        if subject is None:
            sys.exit(_everybody(press))
        places = [_wanted(subject, purpose, route, place, user, password_file) for route, place in given.items()]
        _one(press, subject, purpose, places, revoke=revoke)


def _press(desk: Desk, home: Home, by: str, role: str) -> Press:
    from scheduler.cli import proving
    from scheduler.clinic.desk import Signature
    from scheduler.clinic.settings import settings_of
    from scheduler.issuing.publishing import Press

    signature = Signature(proving.name_of(by), role)
    signature.check()
    opening = settings_of(home).opening
    return Press(desk, opening, proving.proved(desk, signature, ("calendar",)), _password)


def _password(place: Place) -> str:
    from scheduler.cli.proving import private_line

    if not place.login:
        return ""
    return private_line(Path(place.password_file), f"--password-file {place.password_file}", "password")


def _wanted(subject: str, purpose: For, route: str, place: str, user: str, password_file: str) -> Place:
    """The place as it was said, with what it takes to get in."""
    from scheduler.cli.telling import aside
    from scheduler.issuing import feed
    from scheduler.issuing.publishing import address_of
    from scheduler.store.places import Place

    wanted = Place(subject, purpose, route, address_of(route, place))
    if route == "feed":
        warning = feed.check_folder(Path(wanted.place))
        if warning:
            aside(warning)
    if not user:
        return wanted
    file = password_file or os.environ.get(PASSWORD_FILE, "")
    if not file:
        raise Refused(f"Say where the password of {user} stands: --password-file FILE, or {PASSWORD_FILE}.")
    return replace(wanted, login=user, password_file=str(Path(file).expanduser().absolute()))


def _one(press: Press, subject: str, purpose: For, places: list[Place], *, revoke: bool) -> None:
    from scheduler.cli.telling import aside, say
    from scheduler.issuing import publishing

    if places:
        done, left = publishing.publish_at(press, places[0])
        if left:
            aside(f"The calendar at the old place is not kept up any more: have {subject} take it off the phone.")
    else:
        place_of = publishing.revoke if revoke else publishing.place_of
        done = publishing.publish(press, place_of(press, subject, purpose))
    for line in _told(done, revoked=revoke):
        say(line)


def _told(done: Published, *, revoked: bool) -> Iterator[str]:
    from scheduler.clinic.words import count

    place, issue = done.place, done.issue
    which = "home schedule" if issue.purpose == "home" else "clinic visits"
    state = "is published" if done.anything else "stood there already"
    yield f"{place.subject}: {which}, issue {issue.number}, {state}."
    if place.route == "caldav":
        yield f"  On the server: {count(done.put, 'entry')} put, {done.deleted} of past days taken out."
    elif place.route == "import":
        yield f"  The files stand in {place.place}/{place.subject}. Hand them over."
        yield "  The patient deletes the old calendar first, and then imports the new one."
    else:
        yield f"  The address, after that of your web server: {place.secret}/{issue.feed_name}"
        yield "  Give it to the patient alone: whoever has it can read the calendar."
    if revoked:
        yield "  The old address is gone. Who had it keeps what it showed last, and gets nothing new."


def _everybody(press: Press) -> int:
    """Publish for everybody; what happened, and the exit status."""
    from scheduler.cli.progress import bar
    from scheduler.cli.telling import aside, say
    from scheduler.issuing.publishing_all import publish_all

    with bar("Publishing") as progress:
        outcome = publish_all(press, progress)
    for line in _summary(outcome):
        say(line)
    for subject, why in outcome.missed:
        aside(f"NOT REACHED {subject}: {why}")
    return 1 if outcome.missed else 0


def _summary(outcome: Outcome) -> Iterator[str]:
    from scheduler.clinic.words import count

    if outcome.published:
        yield f"{count(outcome.published, 'calendar')} published."
    elif not outcome.missed:
        yield "Nothing to publish: every calendar is as it was issued."
    if outcome.files:
        yield f"New files to be handed over, for: {', '.join(outcome.files)}."
    if outcome.by_hand:
        who = ", ".join(outcome.by_hand)
        yield f"Changed since they were handed out, on paper or without a route: {who}. See c1d1 changes SUBJECT."
