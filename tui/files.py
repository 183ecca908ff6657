"""Files that leave the app: to the browser where it runs in one, else into a folder beside the record."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.problems import Refused

if TYPE_CHECKING:
    from tui.app import C1D1App

FOLDER = "handed-out"


def deliver(app: C1D1App, files: Sequence[tuple[str, bytes]]) -> str:
    """Where the files are now, in words; whole or not at all, and for their owner's eyes alone."""
    if not files:
        return ""
    if app.is_web:
        for name, content in files:
            app.deliver_binary(io.BytesIO(content), save_filename=name)
        return f"Your browser has {' and '.join(name for name, _ in files)}."
    folder = app.place.home.folder / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files:
            _write(folder / name, content)
    except OSError as fault:
        raise Refused(f"The file could not be written: {fault.strerror}. What was recorded stands.") from None
    return f"In the folder {FOLDER}, beside the record: {' and '.join(name for name, _ in files)}."


def named(subject: str, files: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The same files under names that begin with the patient's number: many patients' lie in one folder."""
    return [(f"{subject}-{name}", content) for name, content in files]


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".c1d1-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
