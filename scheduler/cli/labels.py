"""`c1d1 labels`: labels for syringes and for the box that goes home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home
from scheduler.problems import Refused, printable

if TYPE_CHECKING:
    from scheduler.issuing.pharmacy_papers import Asked, Paper, PharmacyPapers


PaperOf = Callable[["PharmacyPapers", "Asked"], "Paper"]


def print_paper(
    home: Home, subject: str | None, days: tuple[date | None, date | None], output: str | None, paper: PaperOf
) -> None:
    """Open the record, make a paper for the days asked for, write it, and tell what is not on it."""
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.settings import settings_of
    from scheduler.clinic.site_products import products_of
    from scheduler.issuing.pharmacy_papers import WEEK, Asked, PharmacyPapers

    if output is None:
        raise Refused("It is a PDF. Name its file with -o FILE.pdf.")
    settings = settings_of(home)
    with open_desk(home) as desk:
        first = days[0] or (min(desk.today, days[1]) if days[1] else desk.today)
        asked = Asked(subject, first, days[1] or first + WEEK)
        made = paper(PharmacyPapers(desk, settings, products_of(settings)), asked)
    write(made.content, output)
    for note in made.notes:
        click.echo(printable(note), err=True)


@click.command()
@click.argument("subject", required=False)
@click.option("--from", "first", type=Date(), help="Doses from this day on (default: today).")
@click.option("--to", "last", type=Date(), help="Doses up to and including this day (default: six days after --from).")
@click.option("--sheet", default="L7160", show_default=True, help="L7160 (A4), 5160 (Letter) or roll (62 mm).")
@click.option("--start-at", type=int, default=1, show_default=True, help="The first free label of a used sheet.")
@click.option("--box", is_flag=True, help="Instead: the label of the box that goes home, A6.")
@click.option("--planned", is_flag=True, help="For syringes not yet recorded as prepared: blanks, and no code.")
@click.option("-o", "--output", metavar="FILE", help="The PDF file.")
@refusing
@at_home
def labels(
    subject: str | None,
    first: date | None,
    last: date | None,
    sheet: str,
    start_at: int,
    box: bool,
    planned: bool,
    output: str | None,
    home: Home,
) -> None:
    """Labels for the prepared syringes and infusion bags of SUBJECT, or of every patient.

    The code on a label holds the number of its syringe or bag, and nothing else.
    """

    def made(papers: PharmacyPapers, asked: Asked) -> Paper:
        if box:
            return papers.boxes(asked, planned=planned)
        return papers.labels(asked, sheet, start_at, planned=planned)

    print_paper(home, subject, (first, last), output, made)
