"""`c1d1 record given`, `missed` and `done`."""

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


@click.command()
@click.argument("subject")
@click.argument("item")
@click.option("--not-done", is_flag=True, help="It was not done and is not waited for any more.")
@recording
def done(said: Saying, subject: str, item: str, not_done: bool) -> None:
    """Record that an examination, a sample or a scan was done (--on, else today).

    ITEM is its id (C2D1/toxicity), or its cycle day where that has one examination. What it showed is recorded by
    itself, with toxicity, lab or response.
    """
    from scheduler.clinic import examinations

    record(said, subject, lambda scene: examinations.done(scene, item, was_done=not not_done))


def add_to(group: click.Group) -> None:
    """Hang the commands below `record`."""
    group.add_command(given)
    group.add_command(missed)
    group.add_command(done)
