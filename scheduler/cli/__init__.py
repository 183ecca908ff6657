"""The command line. The only door to click; heavy imports happen in the command that needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import click

from scheduler import __version__

COMMANDS = {
    "demo": "demonstration",
    "protocol": "protocols",
    "criteria": "criteria",
    "plan": "plan",
    "patient": "patient",
    "record": "record",
    "schedule": "schedule",
    "why": "schedule",
    "diary": "patient_papers",
    "wall": "patient_papers",
    "today": "today",
    "calendar": "calendar",
    "changes": "calendar",
    "syringes": "syringes",
    "order": "order",
    "labels": "labels",
    "worksheet": "worksheet",
    "ledger": "ledger",
    "scan": "scan",
    "adherence": "adherence",
    "publish": "publish",
    "log": "log",
    "user": "user",
    "serve": "serve",
    "settings": "settings",
}
"""Every command, in the order of --help, and the module that holds a function of its name."""


class Commands(click.Group):
    """Reads a command's module when it is called: nobody waits for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            if cmd_name.startswith("-"):
                return None
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        module: Any = import_module(f"scheduler.cli.{COMMANDS[cmd_name]}")
        return cast("click.Command", getattr(module, cmd_name))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
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
