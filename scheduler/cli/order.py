"""`c1d1 order`: the vials that the coming days take, over all patients."""

from __future__ import annotations

from datetime import date

import click

from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home
from scheduler.problems import printable

SPAN = 7
"""Days, where --to is not given."""


@click.command()
@click.option("--from", "first", type=Date(), help="What is prepared from this day on (default: today).")
@click.option("--to", "last", type=Date(), help="Up to and including this day (default: six days after --from).")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; a PDF where its name ends with .pdf.")
@refusing
@at_home
def order(first: date | None, last: date | None, output: str | None, home: Home) -> None:
    """The vials to order for what is prepared on these days, over all patients."""
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.drawing_up import asked_days, to_draw
    from scheduler.clinic.pharmacy import Pharmacy
    from scheduler.clinic.settings import settings_of
    from scheduler.clinic.site_products import products_of
    from scheduler.engine.ordering import orders
    from scheduler.outputs.order_words import order_text, write_order

    settings = settings_of(home)
    products = products_of(settings)
    with open_desk(home) as desk:
        days = asked_days(first, last, desk.today, SPAN)
        left_out: list[str] = []
        work = list(to_draw(desk, settings, products, days, left_out=left_out))
        pharmacy = Pharmacy(desk)
        shelf = {name: pharmacy.stock.balance(name) for name in pharmacy.stock.products}
        ledger = f", ledger entry {pharmacy.last_number}" if pharmacy.last_number else ""
    for line in left_out:
        click.echo(printable(line), err=True)
    made_from = f"the records of {len(work)} patient{'' if len(work) == 1 else 's'}{ledger}"
    made = write_order if output is not None and output.lower().endswith(".pdf") else order_text
    write(made(orders(work), days, shelf, made_from), output)
