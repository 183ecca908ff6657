"""The command line. The only door to click; heavy imports happen in the command that needs them."""

from __future__ import annotations

import click

from scheduler import __version__
from scheduler.cli.criteria import criteria
from scheduler.cli.log import log
from scheduler.cli.patient import patient
from scheduler.cli.plan import plan
from scheduler.cli.protocols import protocol
from scheduler.cli.record import record
from scheduler.cli.schedule import schedule, why
from scheduler.cli.today import today
from scheduler.cli.user import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, prog_name="c1d1")
@click.option("--home", "folder", metavar="FOLDER", help="The data folder (else C1D1_HOME, else your own).")
@click.option("--db", "database", metavar="DB", help="The record: a file or an address (else C1D1_DB).")
@click.pass_context
def main(context: click.Context, folder: str | None, database: str | None) -> None:
    """From a treatment protocol to dated doses, each with its reasons.

    Without a command it opens the app in this terminal.
    Research software, not a medical device: a named clinician has to confirm a protocol before use.
    """
    if context.invoked_subcommand is None:
        from scheduler.cli.terminal import open_app

        open_app(context, folder, database)


@main.command()
@click.argument("folder", default="demo", type=click.Path(file_okay=False))
def demo(folder: str) -> None:
    """Write a worked example of both founding trials into FOLDER (default: ./demo)."""
    from scheduler.cli.demonstration import write_demo

    write_demo(folder)


for command in (protocol, criteria, plan, patient, record, schedule, why, today, log, user):
    main.add_command(command)
