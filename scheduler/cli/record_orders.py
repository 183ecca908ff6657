"""`c1d1 record hold`, `lift`, `level`, `reload`, `decline`: what a named person decides."""

from __future__ import annotations

import click

from scheduler.cli.saying import Saying, record, recording


@click.command()
@click.argument("subject")
@click.argument("treatments", metavar="[TREATMENT]...", nargs=-1)
@recording
def hold(said: Saying, subject: str, treatments: tuple[str, ...]) -> None:
    """Hold treatments (default: all), whatever the rules say. A drug's name means all its strengths."""
    from scheduler.clinic import orders

    record(said, subject, lambda scene: orders.hold(scene, treatments))


@click.command()
@click.argument("subject")
@click.argument("treatments", metavar="[TREATMENT]...", nargs=-1)
@click.option("--level", type=click.IntRange(-9, 0), help="Another level than the one proposed.")
@recording
def lift(said: Saying, subject: str, treatments: tuple[str, ...], level: int | None) -> None:
    """Let held treatments go on (default: all that are held), at the level that the rules propose."""
    from scheduler.clinic import orders

    record(said, subject, lambda scene: orders.lift(scene, treatments, level))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("subject")
@click.argument("treatment")
@click.argument("level", type=click.IntRange(-9, 0))
@recording
def level(said: Saying, subject: str, treatment: str, level: int) -> None:
    """Set the dose level of a treatment: 0 is the starting dose, -1 and -2 are reductions."""
    from scheduler.clinic import orders

    record(said, subject, lambda scene: orders.set_level(scene, treatment, level))


@click.command()
@click.argument("subject")
@click.argument("treatment")
@recording
def reload(said: Saying, subject: str, treatment: str) -> None:
    """Confirm that the next dose of a treatment is the loading dose again."""
    from scheduler.clinic import orders

    record(said, subject, lambda scene: orders.reload(scene, treatment))


@click.command()
@click.argument("subject")
@click.argument("proposal")
@recording
def decline(said: Saying, subject: str, proposal: str) -> None:
    """Decide against a proposal, like remove-4. Takes a reason."""
    from scheduler.clinic import orders

    record(said, subject, lambda scene: orders.decline(scene, proposal))


def add_to(group: click.Group) -> None:
    """Hang the commands below `record`."""
    for command in (hold, lift, level, reload, decline):
        group.add_command(command)
