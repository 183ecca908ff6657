"""`c1d1 syringes`: what is drawn up, how much, when, and until when it keeps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home
from scheduler.problems import Refused, printable

if TYPE_CHECKING:
    from scheduler.engine.to_draw import ToDraw

SPAN = 14
"""Days, where --to is not given."""


def work_for(
    home: Home, days: tuple[date | None, date | None], subject: str | None
) -> tuple[list[ToDraw], tuple[date, date]]:
    """Every patient's part, or one's; and the days, from today on where none is given."""
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.drawing_up import asked_days, to_draw
    from scheduler.clinic.settings import settings_of
    from scheduler.clinic.site_products import products_of

    settings = settings_of(home)
    products = products_of(settings)
    with open_desk(home) as desk:
        asked = asked_days(*days, desk.today, SPAN)
        left_out: list[str] = []
        found = list(to_draw(desk, settings, products, asked, subject, left_out))
    for line in left_out:
        click.echo(printable(line), err=True)
    return found, asked


@click.command()
@click.argument("subject", required=False)
@click.option("--from", "first", type=Date(), help="What is drawn up from this day on (default: today).")
@click.option("--to", "last", type=Date(), help="Up to and including this day (default: 13 days after --from).")
@click.option("--compare", is_flag=True, help="Every concentration and syringe for each dose of SUBJECT instead.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; a PDF where its name ends with .pdf.")
@refusing
@at_home
def syringes(
    subject: str | None,
    first: date | None,
    last: date | None,
    compare: bool,
    form: str,
    output: str | None,
    home: Home,
) -> None:
    """What to draw up for SUBJECT, or for every patient: volumes, days of pick-up, and until when it keeps."""
    if compare and subject is None:
        raise Refused("Say whose doses to compare: c1d1 syringes --compare SUBJECT.")
    if compare and form != "table":
        raise Refused("The comparison is a table. Leave --format out.")
    paper = output is not None and output.lower().endswith(".pdf")
    if paper and (compare or form != "table"):
        raise Refused("A PDF holds the syringe list. Leave --compare and --format out, or name another file.")
    found, days = work_for(home, (first, last), subject)
    if compare:
        write(_comparison(found[0]), output)
    elif paper:
        write(_pdf(found, days), output)
    else:
        write(_as_text(form, found, days), output)


def _comparison(found: ToDraw) -> str:
    from scheduler.outputs.comparing_text import comparison_text

    shown = [each for each in found.syringes if each.item.date >= found.first]
    return comparison_text(found.subject, shown, found.made_from)


def _as_text(form: str, found: list[ToDraw], days: tuple[date, date]) -> str:
    if form != "table":
        from scheduler.outputs.drawing_data import drawing_csv, drawing_json

        return drawing_json(found) if form == "json" else drawing_csv(found)
    from scheduler.outputs.drawing_text import drawing_text
    from scheduler.outputs.lines import day

    shown = found if len(found) == 1 else [each for each in found if not each.is_empty]
    if not shown:
        return f"Nothing is to be drawn up from {day(days[0])} to {day(days[1])}.\n"
    return "\n".join(drawing_text(each) for each in shown)


def _pdf(found: list[ToDraw], days: tuple[date, date]) -> bytes:
    from scheduler.outputs.lines import day
    from scheduler.outputs.syringe_list import write_syringe_lists

    listed = [each for each in found if each.drawn or each.batches.uncovered or each.refused]
    if not listed:
        raise Refused(f"Nothing is to be drawn up from {day(days[0])} to {day(days[1])}: nothing to print.")
    return write_syringe_lists(listed)
