"""Nothing of any patient is seen: before signing in, after F8, and after five minutes without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from scheduler.problems import Refused
from tui.messages import sentence
from tui.screens.leaving import LeftOnce
from tui.ui_text import ui_text

if TYPE_CHECKING:
    from tui.app import C1D1App


class LockScreen(LeftOnce[None]):
    """Whoever goes on says who it is, with a PIN where there are accounts."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, *, is_first: bool = False) -> None:
        super().__init__()
        self.reason = "SIGN IN" if is_first else "LOCKED"

    def compose(self) -> ComposeResult:
        with Vertical(id="locked"), Vertical(classes="dialog"):
            yield Static(ui_text(f"{self.reason}   What was typed is kept; Ctrl+Q leaves c1d1."))
            yield Static(ui_text("Your name"))
            yield Input(max_length=100, id="who")
            yield Static(ui_text("PIN or password"), classes="pin")
            yield Input(max_length=200, id="pin", classes="pin", password=True)
            yield Static(id="fault")

    def on_mount(self) -> None:
        place = cast("C1D1App", self.app).place
        for widget in self.query(".pin"):
            widget.display = place.session is not None
        who = self.query_one("#who", Input)
        who.value = place.by
        asked = self.query_one("#pin", Input) if place.session is not None and who.value else who
        asked.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        place = cast("C1D1App", self.app).place
        who, pin = self.query_one("#who", Input), self.query_one("#pin", Input)
        if place.session is not None and event.input is who and not pin.value:
            pin.focus()
            return
        typed, pin.value = pin.value, ""
        try:
            place.sign_in(who.value.strip(), typed)
        except Refused as refused:
            self.query_one("#fault", Static).update(ui_text(sentence(str(refused))))
            return
        self.dismiss(None)
