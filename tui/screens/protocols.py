"""Protocols to read: the shipped ones, or one that a patient is on; days across, sheet, assumptions."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.choices import protocol_names
from scheduler.clinic.kept import offered
from scheduler.outputs.text import assumptions_text, protocol_sheet
from scheduler.protocol.model import Protocol
from tui.screens.base import ClinicScreen
from tui.screens.reading import ReadingScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList


class ProtocolScreen(ReadingScreen):
    """One protocol; `a` and `s` change between assumptions and sheet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "show_sheet", "Sheet"),
        Binding("a", "show_assumptions", "Assumptions"),
    ]
    HELP_TEXT = """The sheet says what the protocol asks for, with its sources.
The assumptions are what no source says: why each was taken, and who
confirmed it."""

    def __init__(self, protocol: Protocol) -> None:
        title = f"PROTOCOL {protocol.name}, edition {protocol.edition}"
        super().__init__(title, protocol_sheet(protocol).splitlines())
        self.protocol = protocol

    def action_show_sheet(self) -> None:
        self.show_lines(protocol_sheet(self.protocol).splitlines())

    def action_show_assumptions(self) -> None:
        self.show_lines(assumptions_text(self.protocol).splitlines())


class ProtocolsScreen(ClinicScreen):
    """The protocols that patients can be enrolled on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "noop", "Open"), Binding("escape", "back", "Back")]
    HELP_TEXT = "The protocols of this program. Enter opens one."

    def compose(self) -> ComposeResult:
        yield Static(ui_text(" PROTOCOLS"), id="head", classes="title")
        yield RowList(id="rows")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        rows = self.query_one(RowList)
        rows.set_rows([Row(name, name) for name in protocol_names()])
        rows.focus()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        with self.refusals():
            self.app.push_screen(ProtocolScreen(offered(event.row.key, self.place.home.lists).protocol))

    def action_noop(self) -> None:
        """Enter is the list's own key; named here so that the line of keys tells it."""
