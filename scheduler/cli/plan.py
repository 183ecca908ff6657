"""`c1d1 plan`: dated doses from a protocol, a start date and a body size."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal

import click

from scheduler import clinic
from scheduler.cli.asking import Date, Number, Stamp, refusing, write
from scheduler.cli.closed import flagged, usual_zone
from scheduler.cli.saying import chosen_home
from scheduler.clinic.home import Home
from scheduler.engine.schedule import Schedule
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol

DEFAULT_CYCLES = 4
NOON = time(12)
"""A bare plan counts as made at noon UTC of day 1: the same day in nearly every zone."""


@click.command()
@click.argument("name", metavar="PROTOCOL")
@click.option("--arm", help="The arm or cohort, where the protocol has any.")
@click.option("--start", type=Date(), required=True, help="Day 1 of cycle 1, like 2026-01-05.")
@click.option("--weight", type=Number(), help="Body weight in kg, 20 to 300.")
@click.option("--height", type=Number(), help="Body height in cm, 100 to 250.")
@click.option("--cycles", type=click.IntRange(1, 200), help=f"How many cycles (default {DEFAULT_CYCLES}).")
@click.option("--through", type=Date(), help="Or: up to and including this day.")
@click.option("--zone", help="The patient's IANA time zone, like Europe/Berlin (default: the clinic's, else UTC).")
@click.option(
    "--format", "form", type=click.Choice(["table", "grid", "json", "csv"]), default="table", show_default=True
)
@click.option("--calendar", type=click.Choice(["home", "visits", "clinic"]), help="Write a calendar (.ics) instead.")
@click.option("--detail", type=click.Choice(["discreet", "full"]), default="discreet", show_default=True)
@click.option("--stamp", type=Stamp(), help="When the calendar counts as issued (default: day 1, 12:00 UTC).")
@click.option("--syringes", is_flag=True, help="Write the syringe list (.pdf) instead; needs -o.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of the screen.")
@refusing
def plan(
    name: str,
    arm: str | None,
    start: date,
    weight: Decimal | None,
    height: Decimal | None,
    cycles: int | None,
    through: date | None,
    zone: str | None,
    form: str,
    calendar: Literal["home", "visits", "clinic"] | None,
    detail: Literal["discreet", "full"],
    stamp: datetime | None,
    syringes: bool,
    output: str | None,
) -> None:
    """Plan doses and visits for PROTOCOL (a name or a file) from a start date and a body size."""
    if cycles is not None and through is not None:
        raise Refused("Give --cycles or --through, not both.")
    if calendar is not None and syringes:
        raise Refused("Give --calendar or --syringes, not both; each is a file of its own.")
    home = chosen_home()
    protocol = clinic.open_protocol(name, home.lists)
    wanted = cycles or (None if through else DEFAULT_CYCLES)
    request = clinic.PlanRequest(start, arm, weight, height, wanted, through, zone or usual_zone(home))
    schedule = flagged(clinic.make_plan(protocol, request), home, date.min, each=calendar == "clinic")
    if calendar is not None:
        _write_calendar(schedule, calendar, detail, stamp, output)
    elif syringes:
        _write_syringes(protocol, schedule, output, home)
    else:
        write(_as_text(form, protocol, schedule), output)


def _as_text(form: str, protocol: Protocol, schedule: Schedule) -> str:
    if form in ("json", "csv"):
        from scheduler.outputs import data

        return data.schedule_json(schedule) if form == "json" else data.schedule_csv(schedule)
    from scheduler.outputs import text

    if form == "grid":
        return "\n".join(text.grid(schedule, cycle.cycle) for cycle in schedule.cycles)
    return text.plan_table(schedule, protocol)


def _write_calendar(
    schedule: Schedule,
    purpose: Literal["home", "visits", "clinic"],
    detail: Literal["discreet", "full"],
    stamp: datetime | None,
    output: str | None,
) -> None:
    from scheduler.outputs.calendars import write_calendar

    issued = stamp or datetime.combine(schedule.start, NOON, UTC)
    write(write_calendar(schedule, purpose, issued, detail), output)
    released = schedule.released_until(issued.date())
    if purpose == "home" and released < schedule.through:
        click.echo(f"Home doses run up to {released}, the day before the next visit that releases them.", err=True)


def _write_syringes(protocol: Protocol, schedule: Schedule, output: str | None, home: Home) -> None:
    from scheduler.clinic.settings import settings_of
    from scheduler.clinic.site_products import products_of
    from scheduler.outputs.syringe_list import write_syringe_list

    if output is None:
        raise Refused("A syringe list is a PDF. Name its file with -o FILE.pdf.")
    products = products_of(settings_of(home))
    write(write_syringe_list(schedule, products, approved=protocol.standing == "approved"), output)
