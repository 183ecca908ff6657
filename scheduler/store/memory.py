"""What this program has read and checked before, so that adding an entry does not read five hundred again."""

from __future__ import annotations

from sqlalchemy import Connection

from scheduler.record.recorded import Recorded
from scheduler.store import entries
from scheduler.store.entries import START, Head

PATIENTS = 64


class Memory:
    """The entries of the patients read last. The head in the database says whether they are still the beginning."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Head, tuple[Recorded, ...]]] = {}

    def read(self, connection: Connection, subject: str) -> tuple[Recorded, ...]:
        """All entries of a patient; those that were not read before are checked, and continue those that were."""
        head = entries.read_head(connection, subject)
        before, known = self._known.pop(subject, (START, ()))
        if head == START:
            return entries.read(connection, subject)
        rows = entries.rows_of(connection, subject, head.number, before.number)
        if before != head and (not rows or rows[0].prev_seal != before.seal):
            before, known = START, ()
            rows = entries.rows_of(connection, subject, head.number)
        everything = known if before == head else known + entries.checked(subject, rows, head, before)
        self._known[subject] = (head, everything)
        for oldest in list(self._known)[:-PATIENTS]:
            self._known.pop(oldest, None)
        return everything
