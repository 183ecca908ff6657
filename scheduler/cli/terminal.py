"""`c1d1` without a command: the app. It is found by its name, because neither of the two is built on the other."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from scheduler.cli.asking import refusing
from scheduler.clinic.home import find_home

APP = "tui.opening"


@refusing
def open_app(context: click.Context, folder: str | None, database: str | None) -> None:
    """Open it on the record of this clinic; where there is no terminal, say what else there is, with status 2."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        click.echo(context.get_help(), err=True)
        context.exit(2)
    import_module(APP).run(find_home(folder, database), os.environ.get("C1D1_BY", ""))
