"""What an entry would change, and the signature that stores it. Until then nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from scheduler.clinic import rights
from scheduler.clinic.change_words import change_lines
from scheduler.clinic.desk import Desk, Draft, Signature
from scheduler.clinic.event_words import event_words
from scheduler.clinic.routes import patient_lines
from scheduler.clinic.words import day
from scheduler.issuing.handing_over import hand_over
from scheduler.problems import Refused
from tui import messages
from tui.entry import Entry, GivenBySyringe
from tui.files import deliver, named
from tui.screens.signing import SigningScreen
from tui.widgets.banner import Banner


class PreviewScreen(SigningScreen):
    """One entry of a patient, with everything that it changes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "sign_and_hand_out", "Sign, hand out calendar")]

    def __init__(self, entry: Entry | GivenBySyringe) -> None:
        super().__init__()
        self.entry = entry
        self.reason = entry.reason
        self.draft: Draft | None = None
        self._hands_out = False

    def above(self) -> Iterator[Widget]:
        yield Banner(id="banner")
        yield from super().above()

    def record_changed(self, subjects: frozenset[str]) -> None:
        """The view is frozen, and says so: signing looks again."""
        if self.entry.subject in subjects:
            self.fault(messages.CAME_IN)

    def prepare(self, desk: Desk) -> tuple[str, ...]:
        self.draft = None
        self.query_one(Banner).show_chart(desk.chart(self.entry.subject), self.entry.title)
        self.entry = replace(self.entry, reason=self.reason)
        self.draft = self.entry.draft(desk)
        return rights.needed(self.draft.events, self.draft.before.entries)

    def lines(self) -> Sequence[str]:
        if self.draft is None:
            return ()
        facts = [f"{day(event.happened_on)}: {event_words(event)}" for event in self.draft.events]
        flags = [f"! {messages.sentence(flag)}" for flag in self.draft.flags]
        told = [messages.sentence(line) for line in patient_lines(self.draft.before, self.draft.changes)]
        how = [f"  {messages.F2_HANDS_OUT}"] if told else []
        changed = change_lines(self.draft.changes)
        return [*self.entry.about, *facts, *flags, *told[:1], "", *changed, *told, *how]

    def action_sign_and_hand_out(self) -> None:
        """One signature for the entry and for the calendar that follows from it."""
        self._hands_out = True
        self.submit()
        self._hands_out = False

    def store(self, desk: Desk, signature: Signature) -> str:
        assert self.draft is not None  # noqa: S101 - asked before
        stored = desk.store(self.draft, signature)
        numbers = ", ".join(str(one.number) for one in stored)
        said = f"SIGNED by {signature.by}, entry {numbers}: {self.entry.title}"
        return f"{said}  {self._handed_out(desk, signature)}" if self._hands_out else said

    def _handed_out(self, desk: Desk, signature: Signature) -> str:
        """What became of the calendars; the entry itself is recorded, whatever happens here."""
        try:
            done = hand_over(desk, self.entry.subject, self.place.settings.opening, signature, again=False)
            where = deliver(self.clinic_app, named(self.entry.subject, done.files))
        except Refused as refused:
            return f"The calendar was NOT handed out: {messages.sentence(str(refused))}"
        return "  ".join([*done.said, where]) or messages.NO_CALENDAR_CHANGED

    @property
    def is_ready(self) -> bool:
        return self.draft is not None

    @property
    def wants_reason(self) -> bool:
        return not self.is_ready or (self.entry.correcting is not None and not self.reason)
