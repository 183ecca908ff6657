"""The command line. The only door to click; heavy imports happen in the command that needs them."""

from __future__ import annotations

import click

from scheduler import __version__
from scheduler.cli.plan import plan
from scheduler.cli.protocols import protocol


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="c1d1")
def main() -> None:
    """From a treatment protocol to dated doses, each with its reasons.

    Research software, not a medical device: a named clinician has to confirm a protocol before use.
    """


@main.command()
@click.argument("folder", default="demo", type=click.Path(file_okay=False))
def demo(folder: str) -> None:
    """Write a worked example of both founding trials into FOLDER (default: ./demo)."""
    from scheduler.cli.demonstration import write_demo

    write_demo(folder)


main.add_command(protocol)
main.add_command(plan)
