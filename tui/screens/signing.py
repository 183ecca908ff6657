"""The panel on which everything is signed: what it is, who signs, the reason, and PIN or initials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from scheduler.clinic import rights
from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.event_words import entry_lines
from scheduler.clinic.scene import ReasonWanted
from scheduler.outputs.lines import clean, wrapped
from scheduler.problems import Refused
from scheduler.store.faults import Conflict
from tui import messages
from tui.screens.base import ClinicScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.scroll_text import ScrollText

WIDTH = 76


class SigningScreen(ClinicScreen):
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

    def __init__(self) -> None:
        super().__init__()
        self.reason = ""
        self.came_in: tuple[str, ...] = ()

    # ------------------------------------------------------------ what each kind of signature says for itself

    def above(self) -> Iterator[Widget]:
        """What stands over the text."""
        yield Static(ui_text(" PREVIEW: NOTHING IS SAVED"), classes="title")

    def prepare(self, desk: Desk) -> tuple[str, ...]:
        """Make ready what is to be signed, by the record as it is now; the rights that it takes."""
        raise NotImplementedError

    def lines(self) -> Sequence[str]:
        """What is to be signed, in words."""
        raise NotImplementedError

    def store(self, desk: Desk, signature: Signature) -> str:
        """Record it; what to say of it afterwards."""
        raise NotImplementedError

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to sign."""
        raise NotImplementedError

    @property
    def wants_reason(self) -> bool:
        """Whether a reason has to be given before anything can be signed."""
        return not self.is_ready

    # ------------------------------------------------------------ the screen

    def compose(self) -> ComposeResult:
        yield from self.above()
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
        self.query_one("#reason", Input).value = self.reason
        super().on_mount()
        self._focus_next()

    def on_screen_resume(self) -> None:
        """After a lock, or a sentence: what is signed stays as it is until something came in."""
        self.forget_secret()
        self._ask()

    def reread(self) -> None:
        self._ask()
        try:
            with self.place.desk() as desk:
                needed = self.prepare(desk)
            if self.place.session is not None:
                for action in needed:
                    rights.check(self.place.role, action, self.place.by)
        except ReasonWanted as wanted:
            self.fault(messages.sentence(str(wanted)))
        except Refused as refused:
            self.fault(messages.sentence(str(refused)))
        else:
            self.fault(messages.CORRECTION_REASON if self.wants_reason else "")
        found = self.lines() if self.is_ready else ()
        self.query_one(ScrollText).set_lines([*self.came_in, *(part for line in found for part in told(line))])

    def _focus_next(self) -> None:
        self.query_one("#reason" if self.wants_reason else "#secret", Input).focus()

    def _ask(self) -> None:
        place = self.place
        who = f"{place.by}, {place.role}" if place.by else "nobody: F8 asks for your name"
        self.query_one("#meaning", Static).update(ui_text(f"You record this as {who}."))
        asked = "PIN or password" if place.session is not None else f"Your initials ({place.initials or '--'})"
        self.query_one("#asked", Label).update(ui_text(asked))

    def fault(self, text: str) -> None:
        fault = self.query_one("#fault", Static)
        fault.update(ui_text(text))
        fault.display = bool(text)

    # ------------------------------------------------------------ signing

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.submit(is_reason=event.input.id == "reason")

    def submit(self, *, is_reason: bool = False) -> None:
        """Take the reason, and sign where that was not all."""
        reason = self.query_one("#reason", Input).value.strip()
        if is_reason or reason != self.reason or self.wants_reason:
            self.reason = reason
            self.reread()
            if is_reason or self.wants_reason:
                self._focus_next()
                return
        self.sign()

    def sign(self) -> None:
        """Record what was shown; where somebody was faster, show anew what it would change."""
        secret = self.query_one("#secret", Input)
        typed, secret.value = secret.value, ""
        if not self.is_ready:
            return
        try:
            signature = self.place.sign(typed, self.reason)
            with self.place.desk() as desk:
                said = self.store(desk, signature)
        except Conflict as conflict:
            came = [f"{conflict}", *(f"  {line}" for line in entry_lines(conflict.since)), "", "With it, your entry:"]
            self.came_in = tuple(part for line in came for part in told(line))
            self.reread()
            self.fault("Not saved: look at it again, then sign again.")
        except Refused as refused:
            self.fault(messages.sentence(str(refused)))
        else:
            self.clinic_app.stored_here(said)
            self.dismiss(True)  # noqa: FBT003 - the result of a screen

    def action_back(self) -> None:
        self.clinic_app.last_words = messages.NOTHING_SAVED
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        self.query_one(ScrollText).scroll_relative(y=by, animate=False)

    def action_noop(self) -> None:
        """Enter is the field's own key; named here so that the line of keys tells it."""


class Act(NamedTuple):
    """What is about to be signed: lines to read, the rights that it takes, and how it is recorded.

    `store` gives the words that are said afterwards.
    """

    lines: tuple[str, ...]
    needs: tuple[str, ...]
    store: Callable[[Desk, Signature], str]


class SignScreen(SigningScreen):
    """Anything that is no entry of a patient's form; `prepare` reads the record anew each time."""

    def __init__(self, title: str, prepared: Callable[[Desk], Act], *, wants_reason: bool = False) -> None:
        super().__init__()
        self.text_title, self.prepared, self.act = title, prepared, None
        self._wants_reason = wants_reason

    act: Act | None

    def above(self) -> Iterator[Widget]:
        yield Static(ui_text(f" {self.text_title}: NOTHING IS SAVED BEFORE YOU SIGN"), classes="title")

    def prepare(self, desk: Desk) -> tuple[str, ...]:
        self.act = None
        self.act = self.prepared(desk)
        return self.act.needs

    def lines(self) -> Sequence[str]:
        return self.act.lines if self.act is not None else ()

    def store(self, desk: Desk, signature: Signature) -> str:
        assert self.act is not None  # noqa: S101 - asked before
        return self.act.store(desk, signature)

    @property
    def is_ready(self) -> bool:
        return self.act is not None

    @property
    def wants_reason(self) -> bool:
        return self._wants_reason and not self.reason


def told(line: str) -> list[str]:
    """A line, wrapped, with nothing in it that a screen would stumble over."""
    indent = line[: len(line) - len(line.lstrip())]
    return wrapped(clean(line), indent, f"{indent}  ", width=WIDTH) if line.strip() else [""]
