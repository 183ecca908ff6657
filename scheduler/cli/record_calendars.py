"""`c1d1 record route` and `zone`: how the patient's calendars travel, and by which clock home doses go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from scheduler.cli.saying import Saying, record, recording
from scheduler.clinic.settings import today


@click.command()
@click.argument("subject")
@click.argument("way", type=click.Choice(["caldav", "feed", "import", "paper"]))
@click.option("--detail", type=click.Choice(["discreet", "full"]), help="How much calendars say (default: discreet).")
@recording
def route(said: Saying, subject: str, way: str, detail: str | None) -> None:
    """Record by which route the patient's calendars travel, and in which words.

    caldav: an account on a calendar server. feed: a subscription. import: numbered files. paper: none.
    """
    from scheduler.clinic import routes

    record(said, subject, lambda scene: routes.choose(scene, way, detail))


@click.command()
@click.argument("subject")
@click.argument("zone")
@recording
def zone(said: Saying, subject: str, zone: str) -> None:
    """The patient travels: from --on DAY (it may be ahead) home doses go by the clock of ZONE, like Europe/Lisbon."""
    from scheduler.clinic import routes

    since = said.on
    ahead = since is not None and since > today(said.home)
    record(_said(said, ahead=ahead), subject, lambda scene: routes.change_zone(scene, zone, since))


def _said(said: Saying, *, ahead: bool) -> Saying:
    """It is recorded today where the journey is ahead."""
    nothing: date | None = None
    return replace(said, on=nothing) if ahead else said


def add_to(group: click.Group) -> None:
    """Hang the commands below `record`."""
    group.add_command(route)
    group.add_command(zone)
