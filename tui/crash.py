"""After a fault of the program: where it was, and no word of what was on the screen."""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from tui.app import C1D1App

FILE = "crash.txt"
SAID = "c1d1 stopped because of a fault of its own. What was signed is recorded; nothing else was stored."


def report(app: C1D1App, folder: Path) -> None:
    """Write the places of the fault into a file that only its owner reads, and close the app."""
    kind, _, trace = sys.exc_info()
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {kind.__name__ if kind else 'fault'}", *places, ""]
    told = f"{SAID}\nWhere it happened: {_write(folder / FILE, lines) or ' < '.join(reversed(places[-3:]))}"
    app._exit_renderables.append(Text(told))  # noqa: SLF001 - Textual has no other way to speak after its end
    app._close_messages_no_wait()  # noqa: SLF001 - as Textual's own does


def _write(path: Path, lines: list[str]) -> str:
    try:
        if not path.exists():
            path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines))
    except OSError:
        return ""
    return str(path)
