"""All commands by name: those of the screen below, and those of the whole app. Typing finds one."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.screens.leaving import LeftOnce
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList


class Command(NamedTuple):
    """A name, its key where it has one, and the action as Textual knows it."""

    name: str
    key: str
    action: str


class PaletteScreen(LeftOnce[str | None], ModalScreen[str | None]):
    """Its result is the action that was chosen. Of our own: the stock one stops the app on an empty list."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back")]

    def __init__(self, commands: list[Command]) -> None:
        super().__init__()
        self.commands, self.typed = commands, ""

    def compose(self) -> ComposeResult:
        yield Static(ui_text(" ALL COMMANDS"), classes="title")
        yield Static(id="find")
        yield RowList(id="rows", typing=True)
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(RowList).focus()
        self.query_one(KeyBar).set_keys([("Enter", "Do it"), ("Esc", "Back")])
        self._draw()

    def _draw(self) -> None:
        wanted = self.typed.casefold()
        found = [(n, one) for n, one in enumerate(self.commands) if wanted in one.name.casefold()]
        self.query_one(RowList).set_rows([Row(f"{one.name:<32} {one.key}", str(n)) for n, one in found])
        self.query_one("#find", Static).update(ui_text(f" Find: {self.typed}_"))

    def on_row_list_typed(self, event: RowList.Typed) -> None:
        self.typed = self.typed[:-1] if event.key == "backspace" else (self.typed + event.key)[:40]
        self._draw()
        self.query_one(RowList).to_first()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.dismiss(self.commands[int(event.row.key)].action)

    def action_back(self) -> None:
        self.dismiss(None)
