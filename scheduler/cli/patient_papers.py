"""`c1d1 diary`, `c1d1 wall`: what a patient takes home on paper."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.saying import ROLE_HELP, ROLES, at_home
from scheduler.clinic.home import Home

if TYPE_CHECKING:
    from scheduler.issuing.patient_papers import Kind


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Days, language and file: the same for both papers."""
    for option in (
        click.option("-o", "--output", metavar="FILE", required=True, help="The PDF to write."),
        click.option("--reason", default="", metavar="TEXT", help="A remark for the record."),
        click.option("--role", type=click.Choice(ROLES), default="nurse", help=ROLE_HELP),
        click.option("--by", default="", metavar="NAME", help="Who hands it out (else C1D1_BY)."),
        click.option("--hand-out", is_flag=True, help="Record that the patient takes it home; needs --by."),
        click.option("--language", metavar="CODE", help="Like es (default: the first of the clinic's languages)."),
        click.option("--to", "last", type=Date(), help="Up to this day (default: the last released dose)."),
        click.option("--from", "first", type=Date(), help="From this day on (default: today)."),
        click.argument("subject"),
    ):
        command = option(command)
    return command


@click.command()
@_options
@refusing
@at_home
def diary(**asked: Any) -> None:  # noqa: ANN401 - passed on as click gives them
    """Write the diary of SUBJECT as PDF: one page a week, doses to be ticked off, symptoms, whom to call."""
    _write("diary", **asked)


@click.command()
@_options
@refusing
@at_home
def wall(**asked: Any) -> None:  # noqa: ANN401 - as above
    """Write a calendar for the wall for SUBJECT as PDF: one page a month, marks and times, no drug names."""
    _write("wall", **asked)


def _write(
    kind: Kind,
    *,
    subject: str,
    first: date | None,
    last: date | None,
    language: str | None,
    output: str,
    hand_out: bool,
    by: str,
    role: str,
    reason: str,
    home: Home,
) -> None:
    from scheduler.cli import proving, telling
    from scheduler.clinic.desk import Signature, open_desk
    from scheduler.clinic.settings import settings_of
    from scheduler.issuing.patient_papers import Asked, handed_out, patient_paper

    settings = settings_of(home)
    signature = Signature(by or os.environ.get("C1D1_BY", ""), role, reason.strip())
    if hand_out:
        signature.check()
    with open_desk(home) as desk:
        chart = desk.chart(subject)
        paper = patient_paper(kind, desk, chart, settings, Asked(first, last, language))
        if hand_out:
            draft = handed_out(desk, chart, paper)
            signature = proving.signed(desk, signature, draft)
        write(paper.content, output)
        if hand_out:
            with telling.conflicts():
                telling.stored(draft, desk.store(draft, signature))
    for note in paper.notes:
        telling.aside(note)
