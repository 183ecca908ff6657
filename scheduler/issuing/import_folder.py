"""Numbered calendar files for patients who import: in a folder of the clinic, to be handed over by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from scheduler.issuing.feed import put_file
from scheduler.problems import Refused
from scheduler.store.files import PRIVATE_FILE, PRIVATE_FOLDER


def write(folder: Path, subject: str, files: Iterable[tuple[str, bytes]], about_to: Callable[[], None]) -> int:
    """Put a patient's files into a folder of their own, which only its owner may read; how many were not there yet.

    `about_to` is called before the first one can be seen.
    """
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}. Make it first, or name another.")
    inner = folder / subject
    if inner.is_symlink():
        raise Refused(f"{inner} is a link, and links are not followed. Take it away, and run it again.")
    try:
        inner.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        missing = [(inner / name, content) for name, content in files if not _stands(inner / name, content)]
        if missing:
            about_to()
        for path, content in missing:
            put_file(path, content, PRIVATE_FILE)
    except OSError as fault:
        why = (fault.strerror or "it cannot be written").lower()
        raise Refused(f"{folder}: {why}. Mend it, and run it again.") from None
    return len(missing)


def _stands(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content
