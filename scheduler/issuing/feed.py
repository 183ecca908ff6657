"""A calendar as a file that any web server can offer: under a name that nobody guesses, whole at every moment.

Programs that subscribe take a file with a fault in it for an empty calendar, and show no dose at all: so a file is
checked, written beside the old one and then given its name. What cannot be written leaves what stood there.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scheduler.problems import Refused
from scheduler.store.files import put_in_place

SECRET_BYTES = 24
"""192 bits: nobody finds a patient's calendar by trying."""
FOLDER_MODE, FILE_MODE = 0o711, 0o644
"""A web server, which is another user, may open the file and may not list the folders."""
LEFT_BEHIND = 3_600
"""Seconds after which an unfinished file is one that nobody will finish."""
BEGINS, ENDS = b"BEGIN:VCALENDAR\r\n", b"\r\nEND:VCALENDAR\r\n"


def new_secret() -> str:
    """A name for a feed, of letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(SECRET_BYTES)


def check_folder(folder: Path) -> str:
    """Refused unless feeds can stand there; a warning where others on this computer can list their names, else ''."""
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}. Make it first: mkdir -m 711 {folder}.")
    mode = folder.stat().st_mode
    if os.name != "nt" and mode & 0o002:
        raise Refused(f"Anybody on this computer can write into {folder}. Make it yours: chmod 711 {folder}.")
    if os.name != "nt" and mode & 0o044:
        return f"Others on this computer can list {folder}, and read the patients' addresses there: chmod 711 {folder}."
    return ""


def stands(folder: Path, secret: str, name: str, content: bytes) -> bool:
    """Whether exactly this calendar stands there."""
    try:
        return (folder / secret / name).read_bytes() == content
    except OSError:
        return False


def write(folder: Path, secret: str, name: str, content: bytes, about_to: Callable[[], None] = lambda: None) -> bool:
    """Put a calendar in its place; False where it stands there already. Refused leaves what stood there.

    `about_to` is called before anything can be seen there.
    """
    _check_whole(content)
    check_folder(folder)
    inner = folder / secret
    if inner.is_symlink():
        raise Refused(f"A folder in {folder} is a link, and links are not followed. Take it away, and run it again.")
    try:
        inner.mkdir(mode=FOLDER_MODE, exist_ok=True)
        _sweep(inner)
        if stands(folder, secret, name, content):
            return False
        about_to()
        put_file(inner / name, content, FILE_MODE)
    except OSError as fault:
        why = (fault.strerror or "it cannot be written").lower()
        raise Refused(f"{folder}: {why}. What stood there stays; mend it, and run it again.") from None
    return True


def put_file(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all: written beside, brought to the disk, then named."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(mode)
        put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


def remove(folder: Path, secret: str) -> None:
    """Take a feed away: who asks for the old name gets nothing any more."""
    inner = folder / secret
    try:
        for path in inner.iterdir() if inner.is_dir() and not inner.is_symlink() else ():
            path.unlink()
        if inner.is_dir():
            inner.rmdir()
    except OSError as fault:
        why = (fault.strerror or "it cannot be changed").lower()
        raise Refused(f"{folder}: the old address cannot be taken away, {why}. Mend it, and run it again.") from None


def _check_whole(content: bytes) -> None:
    events = content.count(b"\r\nBEGIN:VEVENT\r\n")
    closed = content.count(b"\r\nEND:VEVENT\r\n")
    if not (content.startswith(BEGINS) and content.endswith(ENDS) and events == closed > 0):
        raise Refused("The calendar is empty or not whole, and was not published. What stood there stays.")


def _sweep(inner: Path) -> None:
    """Take out what a run that was cut off has left; another run may be writing now."""
    for part in inner.glob(".*.part"):
        if time.time() - part.stat().st_mtime > LEFT_BEHIND:
            part.unlink(missing_ok=True)
