"""`c1d1 serve`: the app in a browser on this computer. It is found by its name, as in `terminal`."""

from __future__ import annotations

from importlib import import_module

import click

from scheduler.cli.asking import refusing
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home

BROWSER = "tui.browser"
PORT = 8420


@click.command()
@click.option("--port", type=click.IntRange(1024, 65535), default=PORT, show_default=True, help="A free port.")
@refusing
@at_home
def serve(port: int, home: Home) -> None:
    """Serve the app to a browser on this computer, at an address that is printed. Ctrl+C ends it.

    People sign in as in the terminal. The address holds a token: whoever knows it, on this computer, may sign in.
    Nobody else reaches it, and nothing is fetched from anywhere. Closing the tab ends that session.
    """
    import_module(BROWSER).serve(home, port, lambda address: click.echo(f"Open {address}\nCtrl+C ends it."))
