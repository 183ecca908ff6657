"""The protocols that patients were enrolled on: the exact texts that the log keeps, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scheduler.clinic.plans import Faulty
from scheduler.problems import Problem, Refused
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from scheduler.shipped import protocols_folder


@dataclass(frozen=True, slots=True)
class Offered:
    """A protocol file as it is now: sound, with the text that the log is to keep."""

    protocol: Protocol
    text: str


def offered(name: str, lists: Path | None = None) -> Offered:
    """A protocol by name or path, read and checked; Faulty with every problem unless it is sound."""
    path = library.find(name)
    if isinstance(path, Problem):
        raise Faulty((path,))
    loaded = library.load(path, lists)
    if loaded.protocol is None or loaded.problems:
        raise Faulty(loaded.problems)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != loaded.protocol.digest:
        raise Refused(f"{path.name} was changed while it was read. Try again.")
    return Offered(_read(data, _shown_as(path, loaded.protocol), lists), data.decode())


def _shown_as(path: Path, protocol: Protocol) -> str:
    return path.name if path.parent == protocols_folder() else f"{protocol.name}.yaml"


def _read(data: bytes, shown_as: str, lists: Path | None) -> Protocol:
    there = sorted(lists.glob("*.csv")) if lists is not None else []
    return _read_once(data, shown_as, lists, tuple((path.name, path.stat().st_mtime_ns) for path in there))


@lru_cache(maxsize=64)
def _read_once(data: bytes, shown_as: str, lists: Path | None, _as_of: tuple[tuple[str, int], ...]) -> Protocol:
    """Anew for every state of the criteria that were loaded."""
    loaded = library.load_text(data, shown_as, lists)
    if loaded.protocol is None or loaded.problems:
        raise Faulty(loaded.problems)
    return loaded.protocol


class Shelf:
    """Protocols by digest; `fetch` gets the text that is kept under one, or None; `lists` as in `offered`."""

    def __init__(self, fetch: Callable[[str], str | None], lists: Path | None = None) -> None:
        self._fetch, self._lists = fetch, lists
        self._known: dict[str, Protocol] = {}

    def put(self, protocol: Protocol) -> None:
        """A protocol whose text is kept, or is about to be."""
        self._known[protocol.digest] = protocol

    def protocol(self, digest: str, name: str) -> Protocol:
        """The protocol of a digest, as it was kept; Refused where it is not there, or can no longer be read."""
        if digest not in self._known:
            text = self._fetch(digest)
            if text is None:
                raise Refused(f"The text of the protocol {name} is not in this record. Restore a backup.")
            try:
                self._known[digest] = _read(text.encode(), f"{name}.yaml", self._lists)
            except Faulty as faulty:
                raise Refused(
                    f"The protocol {name} that this patient was enrolled on is not sound for this version of c1d1"
                    f" ({faulty.problems[0].what}) Use the version that enrolled the patient."
                ) from None
        return self._known[digest]
