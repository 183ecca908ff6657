"""One of several: a dose of a day, a proposal, a way to correct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.screens.leaving import LeftOnce
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList


class ChooseScreen(LeftOnce[str | None], ModalScreen[str | None]):
    """Enter takes the line under the cursor, a digit the line of that number; its key is the result."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        *(Binding(str(n), f"take({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.question, self.choices = title, choices

    def compose(self) -> ComposeResult:
        yield Static(ui_text(f" {self.question}"), classes="title")
        yield RowList(id="rows")
        yield Static(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        rows = self.query_one(RowList)
        rows.set_rows([Row(f"{n}  {text}", key, detail=text) for n, (key, text) in enumerate(self.choices, 1)])
        rows.focus()
        self.query_one(KeyBar).set_keys([("Enter", "Take it"), ("1-9", "Take that line"), ("Esc", "Back")])

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        self.query_one("#detail", Static).update(ui_text(event.row.detail if event.row else ""))

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.dismiss(event.row.key)

    def action_take(self, number: int) -> None:
        if number <= len(self.choices):
            self.dismiss(self.choices[number - 1][0])

    def action_back(self) -> None:
        self.dismiss(None)
