"""One sentence, until a key is pressed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.screens.leaving import LeftOnce
from tui.ui_text import ui_text


class NoticeScreen(LeftOnce[None], ModalScreen[None]):
    """Enter or Esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape,space", "close", "Close")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(ui_text(self.text))
            yield Static(ui_text("Enter closes this."), classes="dim")

    def action_close(self) -> None:
        self.dismiss(None)
