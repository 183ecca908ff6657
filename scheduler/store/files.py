"""Files that only their owner may read, and where they should not stand."""

from __future__ import annotations

import os
from pathlib import Path

from scheduler.problems import Refused

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs", "davfs"}


def make_private(path: Path) -> bool:
    """Make an empty file that only its owner may read, and its folder likewise; False where it stands already."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise Refused(f"The folder {path.parent} cannot be made: {error.strerror}. Choose another place.") from None
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    except FileExistsError:
        return False
    except OSError as error:
        raise Refused(f"{path} cannot be made: {error.strerror}. Choose another place.") from None
    return True


def keep_private(path: Path) -> None:
    """Take away what others may do with a file; on Windows the profile's folder does that."""
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            path.chmod(PRIVATE_FILE)
    except OSError as error:
        raise Refused(f"{path} can be read by others, and that cannot be changed: {error.strerror}.") from None


def put_in_place(part: Path, to: Path) -> None:
    """Give a finished file its name, once it is on the disk; it is there as a whole, or not at all."""
    _wait_for_disk(part, os.O_RDWR)
    part.replace(to)
    if os.name != "nt":
        _wait_for_disk(to.parent, os.O_RDONLY)


def remove(part: Path) -> None:
    """Take out an unfinished file, and what SQLite left beside it."""
    for tail in ("", "-journal", "-wal", "-shm"):
        part.with_name(part.name + tail).unlink(missing_ok=True)


def _wait_for_disk(path: Path, how: int) -> None:
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def on_network(path: Path) -> bool:
    """Whether a file lies on a network share, as far as that is cheap to tell."""
    shown = str(path)
    if shown.startswith(("\\\\", "//")):
        return True
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    mounts = [(fields[1], fields[2]) for fields in (line.split(" ") for line in lines) if len(fields) > 2]
    under = [(m, kind) for m, kind in mounts if path.is_relative_to(m.replace("\\040", " "))]
    return bool(under) and max(under, key=lambda mount: len(mount[0]))[1] in NETWORK
