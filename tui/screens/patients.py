"""All patients of the record."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.words import count
from scheduler.problems import Refused
from tui import messages
from tui.screens.base import ClinicScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList


class PatientsScreen(ClinicScreen):
    """Typing filters; Enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Open patient"),
        Binding("f3", "back", "Today"),
        Binding("f4", "app.enrol", "Enrol"),
        Binding("escape", "back", "Back"),
    ]
    HELP_TEXT = "Every patient of this record, by number.\nType a part of the number to see fewer."

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""
        self.subjects: tuple[str, ...] = ()
        self.fault = ""

    def compose(self) -> ComposeResult:
        yield Static(id="head", classes="title")
        yield Static(id="find")
        yield Static(id="empty")
        yield RowList(id="rows", typing=True)
        yield Static(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowList).focus()

    def reread(self) -> None:
        self.fault = messages.NO_RECORD if self.place.is_new else ""
        try:
            if not self.fault:
                with self.place.desk() as desk:
                    self.subjects = desk.log.subjects()
        except Refused as refused:
            self.fault = messages.sentence(str(refused))
        self.draw()

    def draw(self) -> None:
        wanted = self.typed.casefold()
        rows = [Row(subject, subject) for subject in self.subjects if wanted in subject.casefold()]
        self.query_one(RowList).set_rows(rows)
        shown = f"{len(rows):,} of {count(len(self.subjects), 'patient')}"
        self.query_one("#head", Static).update(ui_text(f" ALL PATIENTS   {shown}"))
        self.query_one("#find", Static).update(ui_text(f" Find: {self.typed}_"))
        empty = self.query_one("#empty", Static)
        empty.update(ui_text(self.fault or (messages.NO_MATCH if self.subjects else messages.NOBODY)))
        empty.display = not rows or bool(self.fault)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """What is known of the patient under the cursor."""
        text = ""
        if event.row is not None:
            try:
                with self.place.desk() as desk:
                    chart = desk.chart(event.row.key)
                arm = f", {chart.arm}" if chart.arm else ""
                edition = f"{chart.protocol.name}, edition {chart.protocol.edition}{arm}"
                text = f"{chart.subject}: {edition}, day 1 {chart.history.day_1}, {chart.last_number} entries"
            except Refused as refused:
                text = messages.sentence(str(refused))
        self.query_one("#detail", Static).update(ui_text(text))

    def on_row_list_typed(self, event: RowList.Typed) -> None:
        self.typed = self.typed[:-1] if event.key == "backspace" else (self.typed + event.key)[:40]
        self.draw()
        self.query_one(RowList).to_first()

    def scanned(self, code: str) -> bool:
        """The number of a patient who is here opens; any other text stays what it is, typed."""
        if code not in self.subjects:
            return False
        self.typed = ""
        self.draw()
        self.on_row_list_opened(RowList.Opened(Row(code, code)))
        return True

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        from tui.screens.patient import PatientScreen

        self.app.push_screen(PatientScreen(event.row.key))

    def action_noop(self) -> None:
        """Enter is the list's own key; named here so that the line of keys tells it."""
