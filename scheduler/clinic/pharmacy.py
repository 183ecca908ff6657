"""The pharmacy's desk: the ledger of an open record, and new entries into it.

The ledger stands in the log beside the patients' records, under a name of its own, so that `log verify`, `backup`
and `rebuild` hold it like everything else. Whatever would be a fault (a balance below zero, an expired lot, a number
twice) is refused before it is stored, by the same fold that reads the ledger.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scheduler.clinic.desk import Desk, Seen, Signature
from scheduler.clinic.finding import no_such_subject
from scheduler.clinic.scene import check_day
from scheduler.clinic.words import count
from scheduler.engine.stock import Prepared, Stock, stock_of
from scheduler.engine.whereabouts import CallBack, HandedOut, handed_out, mix_ups, to_call_back
from scheduler.problems import Refused
from scheduler.record.events import Event, EventCorrected
from scheduler.record.history import History, counting, history_of
from scheduler.record.recorded import Recorded
from scheduler.record.stock import LEDGER
from scheduler.record.syringe_numbers import printed, read

NOT_YET = datetime(1, 1, 1, tzinfo=UTC)
CORRECTABLE = ("VialsReceived", "VialsDiscarded", "SyringesPrepared", "SyringesDiscarded", "ShelfCounted")
FAR = timedelta(days=60)
"""No syringe keeps longer than this beyond what is known."""
Place = str
"""Where a syringe is: pharmacy, out, used, returned, destroyed, wasted."""


class LedgerDraft(NamedTuple):
    """What would be recorded in the ledger, what to tell about it, and the ledger before and after."""

    before: Stock
    after: Stock
    events: tuple[Event, ...]
    flags: tuple[str, ...]
    ids: tuple[str, ...]
    seen: Seen


class Pharmacy:
    """The ledger as it is now. Everything that cannot be done is Refused with one sentence."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.entries = desk.log.entries(LEDGER)
        self.stock = stock_of(self.entries)

    @property
    def last_number(self) -> int:
        """The last entry of the ledger; 0 while it is empty."""
        return self.entries[-1].number if self.entries else 0

    # ------------------------------------------------------------ syringes

    def find(self, text: str) -> Prepared:
        """The syringe of a number that was typed or scanned."""
        number = read(text)
        if number not in self.stock.prepared:
            raise Refused(
                f"No syringe {printed(number)} was prepared here. Give nothing from it; ask the pharmacy what it is."
            )
        return self.stock.prepared[number]

    def history(self, subject: str) -> tuple[History, int]:
        """A patient's history, and the number of its last entry."""
        entries = self.desk.log.entries(subject)
        if not entries:
            raise no_such_subject(subject, self.desk.log.subjects())
        return history_of(entries), entries[-1].number

    def place(self, syringe: Prepared, out: dict[str, HandedOut] | None = None) -> Place:
        """Where a syringe is; `out` is what its patient was handed, read anew where it is not given."""
        if syringe.gone:
            return syringe.gone
        found = handed_out(self.history(syringe.subject)[0]) if out is None else out
        mine = found.get(syringe.syringe.number)
        return mine.state if mine is not None else "pharmacy"

    def of_patient(self, subject: str) -> dict[str, tuple[Prepared, Place]]:
        """Every syringe that was ever made for a patient, by number, with where it is."""
        mine = {number: each for number, each in self.stock.prepared.items() if each.subject == subject}
        out = handed_out(self.history(subject)[0]) if mine else {}
        return {number: (each, self.place(each, out)) for number, each in mine.items()}

    def placed(self) -> Iterator[tuple[Prepared, Place]]:
        """Every syringe with where it is."""
        for subject in sorted({each.subject for each in self.stock.prepared.values()}):
            yield from self.of_patient(subject).values()

    def called_back(self) -> Iterator[tuple[str, CallBack]]:
        """The syringes that are with patients and must not be used as things stand, with whose they are."""
        for subject in sorted({each.subject for each in self.stock.prepared.values()}):
            chart = self.desk.chart(subject)
            last = max(chart.last_event_on, self.desk.today) + FAR
            yield from ((subject, each) for each in to_call_back(chart.schedule(last, self.desk.today), chart.history))

    def findings(self) -> Iterator[str]:
        """What is wrong with the ledger, with the patients' records beside it, or with the last count of the shelf."""
        for fault in self.stock.faults:
            yield f"Ledger, entry {fault.entry}: {fault.what} {fault.mend}"
        for name, (number, counted) in self.stock.counts.items():
            if counted.counted != counted.balance:  # it stands until a count agrees: later entries may hide it
                yield f"Ledger, entry {number}: {difference(name, counted.counted, counted.balance)}"
        for subject in self.desk.log.subjects():
            yield from self._mixed_up(subject)

    def _mixed_up(self, subject: str) -> Iterator[str]:
        history = self.history(subject)[0]
        yield from (f"{subject}: {text}" for text in mix_ups(history))
        for number, out in handed_out(history).items():
            known = self.stock.prepared.get(number)
            if known is None or known.subject != subject:
                yield f"{subject}: syringe {printed(number)} was handed out and never prepared for {subject}."
            elif known.gone and out.state != "returned":
                where = f"{known.gone} by the ledger and {out.state} by the record"
                yield f"{subject}: syringe {printed(number)} is {where}."

    # ------------------------------------------------------------ recording

    def draft(
        self,
        events: Sequence[Event],
        by: str,
        flags: Sequence[str] = (),
        unchanged: Sequence[tuple[str, int]] = (),
    ) -> LedgerDraft:
        """What entries would make of the ledger; Refused with the first fault that they would bring in.

        `unchanged` are the patients, with their last entries, whose syringes the events are about.
        """
        for event in events:
            check_day(event.happened_on, self.desk.today)
        after = self._with(events, by)
        known = set(self.stock.faults)
        for fault in after.faults:
            if fault not in known:
                raise Refused(f"{fault.what} {fault.mend}")
        ids = tuple(str(uuid.uuid4()) for _ in events)
        seen = Seen(self.last_number, tuple(unchanged))
        return LedgerDraft(self.stock, after, tuple(events), tuple(flags), ids, seen)

    def _with(self, events: Sequence[Event], by: str) -> Stock:
        added = [
            Recorded(self.last_number + n, "", LEDGER, event, NOT_YET, by, "", "", authenticated=False, seal="")
            for n, event in enumerate(events, start=1)
        ]
        return stock_of([*self.entries, *added])

    def correctable(self, number: int) -> Event:
        """What counts now of an entry that is to be corrected."""
        entry = next((e for e in self.entries if e.number == number), None)
        if entry is None:
            there = f"the entries 1 to {self.last_number}" if self.entries else "no entry"
            raise Refused(f"The ledger has {there}, and no entry {number}.")
        if isinstance(entry.event, EventCorrected):
            raise Refused(f"Entry {number} is itself a correction. Correct entry {entry.event.number} again.")
        event = dict(counting(self.entries)).get(number, entry.event)
        if type(event).__name__ not in CORRECTABLE:
            raise Refused(f"Entry {number} stays as it is. A check is made anew, and the last one counts.")
        return event

    def store(self, draft: LedgerDraft, signature: Signature, expected: int | None = None) -> tuple[Recorded, ...]:
        """Record a draft; Conflict where somebody was faster, Refused where the one who signs may not."""
        self.draft(draft.events, signature.by, draft.flags, draft.seen.unchanged)  # the name may be another by now
        seen = draft.seen if expected is None else draft.seen._replace(number=expected)
        return self.desk.store_beside(LEDGER, draft.events, draft.ids, signature, seen)


def difference(name: str, number: int, balance: int) -> str:
    """A count of the shelf that is not the balance: one sentence, and how to settle it."""
    off = number - balance
    mend = "receive what was not recorded, or correct an entry" if off > 0 else "record what was wasted, or correct one"
    return (
        f"DISCREPANCY of {name}: {count(number, 'vial')} on the shelf, {balance:,} in the ledger:"
        f" {abs(off):,} {'more' if off > 0 else 'fewer'}. Look for the reason, {mend}, and count again."
    )
