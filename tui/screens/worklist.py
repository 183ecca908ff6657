"""Today's worklist: to be decided, overdue, on hold, due. The screen that the app begins with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.words import count, day
from scheduler.clinic.worklist import Worklist, run_words, worklist
from scheduler.problems import Refused
from scheduler.store.due import DueRow
from tui import messages
from tui.screens.base import ClinicScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList

STATES = {"held": "HELD, give nothing: ", "blocked": "BLOCKED until a decision: ", "not-computable": "NO AMOUNT: "}


class WorklistScreen(ClinicScreen):
    """Typing filters; Enter opens the patient."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Open patient"),
        Binding("f2", "patients", "All patients"),
        Binding("f4", "app.enrol", "Enrol"),
        Binding("f5", "again", "Refresh"),
        Binding("f6", "app.protocols", "Protocols"),
        Binding("f8", "app.lock", "Lock"),
        Binding("escape", "clear", "Clear"),
    ]
    HELP_TEXT = """TODAY shows what a ward has to look at today, in this order: decisions
(nothing of them happens by itself), doses that nobody has recorded,
treatments on hold, then what is due. Type any part of a number, drug or
state to see only lines that hold it; Backspace and Esc take it back."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""
        self.found: Worklist | None = None
        self.fault = ""
        self.read_at = datetime.now().astimezone()

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
        self.fault = ""
        try:
            if self.place.is_new:
                self.found, self.fault = None, messages.NO_RECORD
            else:
                with self.place.desk() as desk:
                    self.found = worklist(desk.log, desk.today)
                self.read_at = datetime.now().astimezone()
        except Refused as refused:
            self.fault = f"{messages.sentence(str(refused))} {messages.STALE if self.found else ''}".strip()
        self.draw()

    # ------------------------------------------------------------ drawing

    def draw(self) -> None:
        rows = list(_rows(self.found, self.typed.casefold())) if self.found else []
        self.query_one(RowList).set_rows(rows)
        self.query_one("#head", Static).update(ui_text(self._head()))
        self.query_one("#find", Static).update(ui_text(f" Find: {self.typed}_"))
        empty = self.query_one("#empty", Static)
        empty.update(ui_text(self.fault or (messages.NO_MATCH if self.typed else messages.NOTHING_TODAY)))
        empty.display = not rows or bool(self.fault)
        if not rows:
            self.query_one("#detail", Static).update(ui_text(""))

    def _head(self) -> str:
        who = self.place.by or "nobody signed in"
        parts = [f" TODAY {day(self.place.today)} {self.read_at:%H:%M}", who]
        if self.found is not None:
            parts.append(count(self.found.subjects, "patient"))
            parts += [f"?{len(self.found.decisions)} to decide"] if self.found.decisions else []
            parts += [f"!{len(self.found.overdue)} overdue"] if self.found.overdue else []
        return "  ".join(parts)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        detail = f"{event.row.key.partition(' ')[0]}: {event.row.detail}" if event.row else ""
        self.query_one("#detail", Static).update(ui_text(detail))

    # ------------------------------------------------------------ keys

    def on_row_list_typed(self, event: RowList.Typed) -> None:
        self.typed = self.typed[:-1] if event.key == "backspace" else (self.typed + event.key)[:40]
        self.draw()
        self.query_one(RowList).to_first()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.open(event.row.key.partition(" ")[0])

    def open(self, subject: str) -> None:
        from tui.screens.patient import PatientScreen

        self.typed = ""
        self.app.push_screen(PatientScreen(subject))

    def on_row_list_missed(self, _event: RowList.Missed) -> None:
        """Enter on an empty list: a whole number opens its patient, as a scanned wristband does."""
        if self.typed.strip():
            with self.refusals(), self.place.desk() as desk:
                self.open(desk.chart(self.typed.strip()).subject)

    def action_clear(self) -> None:
        self.typed = ""
        self.draw()

    def action_again(self) -> None:
        self.place.close()
        self.reread()

    def action_noop(self) -> None:
        """Enter is the list's own key; named here so that the line of keys tells it."""

    def action_patients(self) -> None:
        from tui.screens.patients import PatientsScreen

        self.app.push_screen(PatientsScreen())


def _rows(found: Worklist, wanted: str) -> Iterator[Row]:
    """Titles with the lines that hold what was typed."""
    overdue = (_row(run[0], "!", run_words(run)) for run in found.overdue)
    sections = (
        ("TO BE DECIDED by a named person", (_row(row, "?", row.text) for row in found.decisions)),
        ("OVERDUE: nobody has recorded whether it was given", overdue),
        ("ON HOLD: give nothing", (_row(row, "■", f"since {day(row.due_on)}, {row.text}") for row in found.holds)),
        ("DUE TODAY", (_row(row, "■" if row.status == "held" else "○", _due(row)) for row in found.due)),
    )
    for title, lines in sections:
        shown = [row for row in lines if wanted in f"{title} {row.text}".casefold()]
        if shown:
            yield Row(title)
            yield from shown


def _row(row: DueRow, mark: str, text: str) -> Row:
    return Row(f"{row.subject:<12} {text}", f"{row.subject} {row.kind} {row.item}", mark, text)


def _due(row: DueRow) -> str:
    return f"{row.item.partition('/')[0]}  {STATES.get(row.status, '')}{row.text}"
