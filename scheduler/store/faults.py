"""What can go wrong with a store, each in one sentence that a person can act on; never the words of a library."""

from __future__ import annotations

from scheduler.problems import Refused
from scheduler.record.recorded import Recorded


class Conflict(Refused):
    """Somebody recorded something for this patient since the writer looked; `since` is what."""

    def __init__(self, sentence: str, since: tuple[Recorded, ...]) -> None:
        super().__init__(sentence)
        self.since = since


class Busy(Refused):
    """Another program kept the store longer than a person should wait."""


class Full(Refused):
    """No room is left on the disk of the store."""


class Away(Refused):
    """The store cannot be reached, or was lost on the way. An event id makes the retry safe."""


class NotOurs(Refused):
    """The file or the database was not made by c1d1."""


class Newer(Refused):
    """A later version of c1d1 made or upgraded the store."""


class Guarded(Refused):
    """The database turned down a change that would break the log: its guards spoke."""


class Tampered(Refused):
    """What stands in the log is not what was recorded."""
