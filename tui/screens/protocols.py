"""Protocols to read: the shipped ones, or one that a patient is on; sheet, assumptions, and who confirmed them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic import confirming
from scheduler.clinic.choices import protocol_names
from scheduler.clinic.confirming import Assumed
from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.kept import offered
from scheduler.outputs.text import assumptions_text, protocol_sheet
from scheduler.problems import Refused
from scheduler.protocol.model import Protocol
from tui import messages
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.choose import ChooseScreen
from tui.screens.reading import ReadingScreen
from tui.screens.signing import Act, SignScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList

ALL_OPEN = "all"


class ProtocolScreen(ReadingScreen):
    """One protocol; `a` and `s` change between assumptions and sheet, `c` confirms an assumption."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "show_sheet", "Sheet"),
        Binding("a", "show_assumptions", "Assumptions"),
        Binding("c", "confirm", "Confirm an assumption"),
    ]
    HELP_TEXT = """The sheet says what the protocol asks for, with its sources.
The assumptions are what no source says: why each was taken, and who
confirmed it. c confirms one, or all that are open; an investigator
signs. It holds for this very text, and for all patients who are on it."""

    def __init__(self, protocol: Protocol) -> None:
        title = f"PROTOCOL {protocol.name}, edition {protocol.edition}"
        super().__init__(title, protocol_sheet(protocol).splitlines())
        self.protocol = protocol
        self._shown: Callable[[Protocol], str] = protocol_sheet

    def reread(self) -> None:
        try:
            shown = self._as_confirmed()
        except Refused as refused:
            self.show_lines([messages.sentence(str(refused)), "", *self._shown(self.protocol).splitlines()])
            return
        self.show_lines(self._shown(shown).splitlines())

    def record_changed(self, subjects: frozenset[str]) -> None:
        if confirming.kept_under(self.protocol) in subjects:
            self.reread()

    def _as_confirmed(self) -> Protocol:
        if self.place.is_new:
            return self.protocol
        with self.place.desk() as desk:
            return confirming.as_confirmed(desk.log, self.protocol)

    def action_show_sheet(self) -> None:
        self._shown = protocol_sheet
        self.reread()

    def action_show_assumptions(self) -> None:
        self._shown = assumptions_text
        self.reread()

    # ------------------------------------------------------------ confirming

    def action_confirm(self) -> None:
        """Choose one of those that nobody has confirmed, or all of them."""
        with self.refusals(), self.place.desk(must_exist=False) as desk:
            open_ones = confirming.to_confirm(desk.log, self.protocol, [])
            choices = [(f"{one.number}", f"Assumption {one.number}: {one.statement.text}") for one in open_ones]
            choices.append((ALL_OPEN, f"All {len(choices)} that nobody has confirmed"))
            ids = confirming.new_ids(len(open_ones))
            self.app.push_screen(ChooseScreen("CONFIRM WHICH ASSUMPTION", choices), lambda key: self._confirm(key, ids))

    def _confirm(self, key: str | None, ids: tuple[str, ...]) -> None:
        if key is None:
            return
        numbers = [] if key == ALL_OPEN else [int(key)]
        prepared = partial(_prepared, protocol=self.protocol, numbers=numbers, ids=ids)
        self.app.push_screen(SignScreen("CONFIRM", prepared), self.confirmed)

    def confirmed(self, stored: ResultT) -> None:
        if stored:
            self.action_show_assumptions()


def _prepared(desk: Desk, protocol: Protocol, numbers: list[int], ids: tuple[str, ...]) -> Act:
    """What somebody signs who agrees with assumptions."""
    chosen = confirming.to_confirm(desk.log, protocol, numbers)
    lines = [f"{protocol.name}, edition {protocol.edition}: you agree that this is how it is done here.", ""]
    lines += [line for one in chosen for line in _words(one)]

    def store(desk: Desk, signature: Signature) -> str:
        stored = confirming.confirm(desk, protocol, chosen, signature, ids[: len(chosen)])
        return f"CONFIRMED by {signature.by}: {len(stored)} of {protocol.name}"

    return Act(tuple(lines), ("confirm",), store)


def _words(one: Assumed) -> list[str]:
    statement = one.statement
    facts = (("because", statement.because), ("otherwise", statement.otherwise))
    return [f"{one.number}  {statement.text}", *(f"     {name}: {text}" for name, text in facts if text), ""]


class ProtocolsScreen(ClinicScreen):
    """The protocols that patients can be enrolled on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "noop", "Open"), Binding("escape", "back", "Back")]
    HELP_TEXT = "The protocols of this program. Enter opens one;\nthere a shows its assumptions, and c confirms them."

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
