"""`c1d1 ledger show` and `verify`; and what a second person is shown before the check."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import refusing, write
from scheduler.cli.ledger_entry import as_pharmacist, enter, pairs
from scheduler.cli.saying import Saying, at_home, recording
from scheduler.clinic.home import Home
from scheduler.protocol.product_model import Product

if TYPE_CHECKING:
    from scheduler.clinic.pharmacy import Pharmacy


@click.command()
@click.argument("product", required=False)
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; F.pdf is the accountability record on paper.")
@refusing
@at_home
def show(product: str | None, form: str, output: str | None, home: Home) -> None:
    """Show the ledger, or that of one PRODUCT: lots, lines with the running balance, syringes."""
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.pharmacy import Pharmacy
    from scheduler.clinic.settings import usable_settings

    with open_desk(home) as desk:
        pharmacy = Pharmacy(desk)
        content = _as(pharmacy, product, form, output, usable_settings(home)[0].name)
    write(content, output)


def _as(pharmacy: Pharmacy, product: str | None, form: str, output: str | None, clinic: str) -> str | bytes:
    from scheduler.clinic.stocking import product_of
    from scheduler.engine.stock_lines import ledger_lines

    names = pharmacy.stock.products if product is None else (product_of(pharmacy, product),)
    if output is not None and output.endswith(".pdf"):
        from scheduler.issuing.ledger_record import ledger_record

        return ledger_record(pharmacy, names, clinic)
    lines = {name: ledger_lines(pharmacy.entries, name) for name in names}
    from scheduler.outputs import ledger_text

    if form == "csv":
        return ledger_text.ledger_csv(lines, pharmacy.stock)
    placed = [(each, place) for each, place in pharmacy.placed() if each.product in names]
    text = [*ledger_text.ledger_text(lines, pharmacy.stock, placed), *_called_back(pharmacy, set(names))]
    return "\n".join(text or ["The ledger is empty. Begin with c1d1 ledger receive."]).rstrip("\n") + "\n"


def _called_back(pharmacy: Pharmacy, products: set[str]) -> list[str]:
    """Above all other lists a person looks for these."""
    from scheduler.clinic.change_words import call_back_lines

    found = [
        f"  {subject}: {line}"
        for subject, each in pharmacy.called_back()
        if pharmacy.stock.prepared[each.syringe.number].product in products
        for line in call_back_lines([each])
    ]
    return ["SYRINGES TO CALL BACK: they are with patients", *found] if found else []


@click.command()
@click.option("--count", "counts", multiple=True, metavar="PRODUCT=N", help="What stands on the shelf; it is recorded.")
@recording
def verify(said: Saying, counts: tuple[str, ...]) -> None:
    """Compare the ledger with itself, with the patients' records, and with the shelf."""
    from scheduler.cli.telling import aside, say
    from scheduler.clinic import stocking
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.pharmacy import Pharmacy

    if counts:
        shelf = pairs(counts, "--count")
        enter(as_pharmacist(said), lambda p, by: stocking.counted(p, shelf, said.on or p.desk.today, by))
    with open_desk(said.home) as desk:
        pharmacy = Pharmacy(desk)
        findings = list(pharmacy.findings())
        for name in pharmacy.stock.products:
            say(_balance(pharmacy, name))
    for finding in findings:
        aside(finding)
    if findings:
        sys.exit(1)
    say("The ledger and the records of all patients agree: no syringe is in two places.")


def _balance(pharmacy: Pharmacy, name: str) -> str:
    from scheduler.clinic.words import count, day

    last = pharmacy.stock.counts.get(name)
    when = f"; last counted on {day(last[1].happened_on)}" if last else "; never counted on the shelf"
    return f"{name}: {count(pharmacy.stock.balance(name), 'vial')} by the ledger{when}."


def say_inputs(home: Home, products: Mapping[str, Product], number: str) -> None:
    """What a second person works out the volume from."""
    from scheduler.cli.telling import say
    from scheduler.clinic import preparing
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.pharmacy import Pharmacy

    with open_desk(home) as desk:
        lines = preparing.inputs(Pharmacy(desk), products, number)
    for line in [*lines, f"Then: c1d1 ledger check {number} --result VOLUME"]:
        say(line)


def add_to(group: click.Group) -> None:
    """Hang the commands below `ledger`."""
    group.add_command(show)
    group.add_command(verify)
