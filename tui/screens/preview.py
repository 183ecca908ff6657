"""What an entry would change, and the signature that stores it. Until then nothing is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from scheduler.clinic import rights
from scheduler.clinic.change_words import change_lines
from scheduler.clinic.desk import Draft
from scheduler.clinic.event_words import entry_lines, event_words
from scheduler.clinic.scene import ReasonWanted
from scheduler.clinic.words import day
from scheduler.outputs.lines import clean, wrapped
from scheduler.problems import Refused
from scheduler.store.faults import Conflict
from tui import messages
from tui.entry import Entry
from tui.screens.base import ClinicScreen
from tui.ui_text import ui_text
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.scroll_text import ScrollText

WIDTH = 76


class PreviewScreen(ClinicScreen):
    """Enter signs; Esc goes back to what was typed, and nothing is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Sign"),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "scroll(-8)", "Page up", show=False),
        Binding("pagedown", "scroll(8)", "Scroll"),
        Binding("tab", "app.focus_next", "Reason"),
        Binding("escape", "back", "Back, nothing saved"),
    ]
    HELP_TEXT = """NOTHING IS SAVED while this is shown. Above: what would be recorded,
what to look at, and everything that it changes. What stops doses stands
first. Syringes to call back are those that may have been handed out.
Below: sign with your PIN, or, while this record has no accounts, with the
initials of your name."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.draft: Draft | None = None
        self.came_in: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield Banner(id="banner")
        yield Static(ui_text(" PREVIEW: NOTHING IS SAVED"), classes="title")
        yield ScrollText(id="body")
        with Vertical(id="sign"):
            yield Static(id="fault")
            yield Static(id="meaning")
            with Horizontal(classes="field"):
                yield Label(ui_text("Reason"))
                yield Input(id="reason", max_length=1000)
            with Horizontal(classes="field"):
                yield Label("", id="asked", markup=False)
                yield Input(id="secret", max_length=200, password=True)
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#reason", Input).value = self.entry.reason
        super().on_mount()
        self._focus_next()

    def on_screen_resume(self) -> None:
        """After a lock, or a sentence: the draft stays as it is until something came in."""
        self.forget_secret()
        self._ask()

    def record_changed(self, subjects: frozenset[str]) -> None:
        """The view is frozen, and says so: signing looks again."""
        if self.entry.subject in subjects:
            self._fault(messages.CAME_IN)

    # ------------------------------------------------------------ the draft

    def reread(self) -> None:
        self._ask()
        try:
            with self.place.desk() as desk:
                self.draft = None
                self.query_one(Banner).show_chart(desk.chart(self.entry.subject), self.entry.title)
                self.draft = self.entry.draft(desk)
                needed = rights.needed(self.draft.events, self.draft.before.entries)
            if self.place.session is not None:
                for action in needed:
                    rights.check(self.place.role, action, self.place.by)
        except ReasonWanted as wanted:
            self._fault(messages.sentence(str(wanted)))
        except Refused as refused:
            self._fault(messages.sentence(str(refused)))
        else:
            self._fault(messages.CORRECTION_REASON if self.wants_reason else "")
        self._draw()

    @property
    def wants_reason(self) -> bool:
        """Whether a reason has to be given before anything can be signed."""
        return self.draft is None or (self.entry.correcting is not None and not self.entry.reason)

    def _focus_next(self) -> None:
        self.query_one("#reason" if self.wants_reason else "#secret", Input).focus()

    def _draw(self) -> None:
        lines = [*self.came_in]
        if self.draft is not None:
            facts = [f"{day(event.happened_on)}: {event_words(event)}" for event in self.draft.events]
            lines += [line for fact in facts for line in _told(fact)]
            lines += [line for flag in self.draft.flags for line in _told(f"! {messages.sentence(flag)}")]
            lines += ["", *(part for line in change_lines(self.draft.changes) for part in _told(line))]
        self.query_one(ScrollText).set_lines(lines)

    def _ask(self) -> None:
        place = self.place
        who = f"{place.by}, {place.role}" if place.by else "nobody: F8 asks for your name"
        self.query_one("#meaning", Static).update(ui_text(f"You record this as {who}."))
        asked = "PIN or password" if place.session is not None else f"Your initials ({place.initials or '--'})"
        self.query_one("#asked", Label).update(ui_text(asked))

    def _fault(self, text: str) -> None:
        fault = self.query_one("#fault", Static)
        fault.update(ui_text(text))
        fault.display = bool(text)

    # ------------------------------------------------------------ signing

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        reason = self.query_one("#reason", Input).value.strip()
        if event.input.id == "reason" or reason != self.entry.reason or self.wants_reason:
            self.entry = replace(self.entry, reason=reason)
            self.reread()
            if event.input.id == "reason" or self.wants_reason:
                self._focus_next()
                return
        self.sign()

    def sign(self) -> None:
        """Store the draft; where somebody was faster, show anew what it would change."""
        secret = self.query_one("#secret", Input)
        typed, secret.value = secret.value, ""
        if self.draft is None:
            return
        try:
            signature = self.place.sign(typed, self.entry.reason)
            with self.place.desk() as desk:
                stored = desk.store(self.draft, signature)
        except Conflict as conflict:
            came = [f"{conflict}", *(f"  {line}" for line in entry_lines(conflict.since)), "", "With it, your entry:"]
            self.came_in = tuple(part for line in came for part in _told(line))
            self.reread()
            self._fault("Not saved: look at it again, then sign again.")
        except Refused as refused:
            self._fault(messages.sentence(str(refused)))
        else:
            numbers = ", ".join(str(one.number) for one in stored)
            self.clinic_app.stored_here(f"SIGNED by {signature.by}, entry {numbers}: {self.entry.title}")
            self.dismiss(True)  # noqa: FBT003 - the result of a screen

    def action_back(self) -> None:
        self.clinic_app.last_words = messages.NOTHING_SAVED
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        self.query_one(ScrollText).scroll_relative(y=by, animate=False)

    def action_noop(self) -> None:
        """Enter is the field's own key; named here so that the line of keys tells it."""


def _told(line: str) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    return wrapped(clean(line), indent, f"{indent}  ", width=WIDTH) if line.strip() else [""]
