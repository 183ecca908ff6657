"""Help for the screen that it was called from: every key of it, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.screens.leaving import LeftOnce
from tui.ui_text import ui_text
from tui.widgets.scroll_text import ScrollText

EVERYWHERE = (
    ("F1", "this help"),
    ("F8", "lock: hides everything"),
    ("Ctrl+P", "all commands by name"),
    ("Ctrl+Q", "leave c1d1"),
    ("Esc", "one step back; nothing is saved without signing"),
)


class HelpScreen(LeftOnce[None], ModalScreen[None]):
    """Fits the screen that it explains."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter,q", "close", "Close")]

    def __init__(self, text: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.text, self.keys = text, keys

    def compose(self) -> ComposeResult:
        yield Static(ui_text(" HELP   Esc closes it"), classes="title")
        keys = [(key, word) for key, word in self.keys if key != "Esc"]
        lines = [*self.text.splitlines(), "", "Keys of this screen"]
        lines += [f"  {key:<8} {word}" for key, word in keys]
        lines += ["", "Everywhere", *(f"  {key:<8} {word}" for key, word in EVERYWHERE)]
        yield ScrollText(lines)

    def on_mount(self) -> None:
        self.query_one(ScrollText).focus()

    def action_close(self) -> None:
        self.dismiss(None)
