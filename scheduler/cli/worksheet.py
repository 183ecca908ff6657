"""`c1d1 worksheet`: the pharmacy's preparation worksheet, and the ward's infusion sheet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import Date, refusing
from scheduler.cli.labels import print_paper
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home

if TYPE_CHECKING:
    from scheduler.issuing.pharmacy_papers import Asked, Paper, PharmacyPapers


@click.command()
@click.argument("subject", required=False)
@click.option("--from", "first", type=Date(), help="From this day on (default: today).")
@click.option("--to", "last", type=Date(), help="Up to and including this day (default: six days after --from).")
@click.option("--infusion", is_flag=True, help="Instead: the infusion sheet of each clinic day.")
@click.option("-o", "--output", metavar="FILE", help="The PDF file.")
@refusing
@at_home
def worksheet(
    subject: str | None, first: date | None, last: date | None, infusion: bool, output: str | None, home: Home
) -> None:
    """What to draw up for SUBJECT, or for every patient; checked by a second person who has not seen the answer.

    Inputs and formulas stand on one page with room for the second person's own result, the answers on another.
    """

    def made(papers: PharmacyPapers, asked: Asked) -> Paper:
        return papers.infusions(asked) if infusion else papers.worksheet(asked)

    print_paper(home, subject, (first, last), output, made)
