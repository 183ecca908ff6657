"""The clinic's settings in what commands show: visits on closed days, the usual zone, and why settings are left out."""

from __future__ import annotations

from datetime import date

import click

from scheduler.clinic.home import Home
from scheduler.engine.schedule import Schedule
from scheduler.problems import printable


def flagged(schedule: Schedule, home: Home, since: date, *, each: bool = False) -> Schedule:
    """The schedule with notices for visits on closed days; faulty settings are told beside it, and hide nothing."""
    from scheduler.clinic.closed_visits import with_closed_days
    from scheduler.clinic.settings import usable_settings

    settings, fault = usable_settings(home)
    if fault:
        click.echo(printable(fault), err=True)
    return with_closed_days(schedule, settings, since, each=each)


def usual_zone(home: Home) -> str:
    """The clinic's time zone."""
    from scheduler.clinic.settings import usable_settings

    return usable_settings(home)[0].zone
