"""Opening the app on the record of a clinic, in a terminal or behind a browser."""

from __future__ import annotations

import sys

from scheduler.clinic.home import Home
from tui.app import C1D1App
from tui.workplace import Workplace


def run(home: Home, by: str = "", role: str = "nurse") -> None:
    """Open the app; ends the program, with another status than 0 after a fault."""
    place = Workplace(home, by, role)
    app = C1D1App(place)
    try:
        app.run()
    finally:
        place.close()
    sys.exit(app.return_code or 0)
