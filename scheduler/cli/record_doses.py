"""`c1d1 record given` and `missed`."""

from __future__ import annotations

import click

from scheduler.cli.saying import Saying, record, recording


@click.command()
@click.argument("subject")
@click.argument("item")
@click.option("--amount", metavar="AMOUNT", help="What was given, where it was not as planned, like '280 mg'.")
@click.option("--time", metavar="HH:MM", help="When.")
@click.option("--lot", metavar="LOT", help="The lot of the product.")
@recording
def given(said: Saying, subject: str, item: str, amount: str | None, time: str | None, lot: str | None) -> None:
    """Record that a dose was given or taken. ITEM is its id, or its cycle day where that has one dose (C2D9)."""
    from scheduler.clinic import doses

    record(said, subject, lambda scene: doses.given(scene, item, amount, time, lot))


@click.command()
@click.argument("subject")
@click.argument("item")
@recording
def missed(said: Saying, subject: str, item: str) -> None:
    """Record that a dose was not taken. It is never made up."""
    from scheduler.clinic import doses

    record(said, subject, lambda scene: doses.missed(scene, item))


def add_to(group: click.Group) -> None:
    """Hang the commands below `record`."""
    group.add_command(given)
    group.add_command(missed)
