"""`c1d1 adherence`: issued, used, returned, missed; received against planned."""

from __future__ import annotations

from datetime import date

import click

from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home


@click.command()
@click.argument("subject")
@click.option("--through", type=Date(), help="Up to and including this day (default: yesterday).")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of the screen.")
@refusing
@at_home
def adherence(subject: str, through: date | None, form: str, output: str | None, home: Home) -> None:
    """What SUBJECT took of what was planned: doses and syringes per cycle, relative dose intensity."""
    from scheduler.clinic.adhering import adherence_of
    from scheduler.clinic.desk import open_desk
    from scheduler.outputs import adherence_text as shown

    with open_desk(home) as desk:
        found = adherence_of(desk, subject, through)
    forms = {"text": shown.adherence_text, "json": shown.adherence_json, "csv": shown.adherence_csv}
    write(forms[form](found), output)
