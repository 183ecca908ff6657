"""`c1d1 patient`: enrol, list, show."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal

import click

from scheduler.cli.asking import Date, Number, refusing
from scheduler.cli.saying import ROLE_HELP, ROLES, at_home
from scheduler.clinic.home import Home


@click.group()
def patient() -> None:
    """Patients: enrol one, list them, show what is recorded."""


@patient.command()
@click.argument("subject")
@click.option("--protocol", required=True, metavar="PROTOCOL", help="A shipped protocol's name, or a file.")
@click.option("--arm", help="The arm or cohort, where the protocol has any.")
@click.option("--start", type=Date(), required=True, help="Day 1 of cycle 1, like 2026-01-05.")
@click.option("--height", type=Number(), required=True, help="Body height in cm.")
@click.option("--weight", type=Number(), required=True, help="Body weight in kg.")
@click.option("--zone", help="The patient's IANA time zone, like Europe/Berlin (default: the clinic's, else UTC).")
@click.option(
    "--home-time", metavar="HH:MM", help="When home doses are taken (default: the clinic's, else the protocol's)."
)
@click.option("--on", type=Date(), help="The day of the measures (default: today, or day 1 if that has been).")
@click.option("--by", default="", metavar="NAME", help="Who records it (else C1D1_BY).")
@click.option("--role", type=click.Choice(ROLES), default="nurse", help=ROLE_HELP)
@click.option("--reason", default="", metavar="TEXT", help="A remark.")
@click.option("--preview", is_flag=True, help="Show the first two cycles, and store nothing.")
@refusing
@at_home
def enrol(
    subject: str,
    protocol: str,
    arm: str | None,
    start: date,
    height: Decimal,
    weight: Decimal,
    zone: str | None,
    home_time: str | None,
    on: date | None,
    by: str,
    role: str,
    reason: str,
    preview: bool,
    home: Home,
) -> None:
    """Enrol SUBJECT (a trial number, never a name) on a protocol, whose text is kept with the record."""
    from scheduler.cli import enrolling
    from scheduler.clinic.desk import Signature
    from scheduler.clinic.enrolment import Enrolment
    from scheduler.clinic.settings import settings_of

    usual = settings_of(home)
    at = home_time or usual.home_dose_time
    asked = Enrolment(protocol, start, height, weight, arm, zone or usual.zone, at, on)
    signature = Signature(by or os.environ.get("C1D1_BY", ""), role, reason.strip())
    enrolling.enrol(home, subject, asked, signature, usual, preview=preview)


@patient.command("list")
@refusing
@at_home
def list_(home: Home) -> None:
    """List every patient: protocol, arm, day 1, last entry."""
    from scheduler.cli.telling import say
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.words import day

    with open_desk(home) as desk:
        for subject in desk.log.subjects():
            chart = desk.chart(subject)
            arm = f", {chart.arm}" if chart.arm else ""
            edition = f"{chart.protocol.name}, edition {chart.protocol.edition}{arm}"
            say(f"{subject}  {edition}, day 1 {day(chart.history.day_1)}, {chart.last_number} entries")


@patient.command()
@click.argument("subject")
@refusing
@at_home
def show(subject: str, home: Home) -> None:
    """Show the record of SUBJECT: every entry with who, when and why, and old values of corrected ones."""
    from scheduler.cli.telling import say
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.event_words import entry_lines

    with open_desk(home) as desk:
        chart = desk.chart(subject)
    enrolled = chart.history.enrolment
    arm = f", arm {enrolled.arm}" if enrolled.arm else ""
    say(f"{subject}: {chart.protocol.name}, edition {chart.protocol.edition}{arm}, zone {enrolled.zone}")
    say(f"{chart.last_number} entries; the last seal is {chart.entries[-1].seal[:12]}")
    for line in entry_lines(chart.entries):
        say(line)
