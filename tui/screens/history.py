"""Every entry of a patient: who, when and why; the record as it was known; and corrections."""

from __future__ import annotations

from contextlib import suppress
from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.chart import Chart
from scheduler.clinic.event_words import entry_lines
from scheduler.clinic.patient_view import PatientView, patient_view
from scheduler.clinic.scene import ReasonWanted
from scheduler.problems import Refused
from scheduler.record.events import (
    DoseGiven,
    DoseMissed,
    DoseTakenWhileHeld,
    Event,
    EventCorrected,
    HeightMeasured,
    LabResult,
    ToxicityGraded,
    WeightMeasured,
)
from tui import forms, messages
from tui.entry import Entry
from tui.forms import Was
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.choose import ChooseScreen
from tui.screens.form import FormScreen
from tui.screens.preview import PreviewScreen
from tui.ui_text import ui_text
from tui.widgets.banner import who
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList

BACK, OTHER, MISSED = "back", "other", "missed"


class HistoryScreen(ClinicScreen):
    """The newest entry stands first; nothing is ever removed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "As known at this entry"),
        Binding("c", "correct", "Correct"),
        Binding("escape", "back", "Back"),
    ]
    HELP_TEXT = """Every entry, the newest first, with who recorded it, when and why.
A corrected entry keeps its old value and names its correction.
Enter shows the patient as known when the entry under the cursor was last.
c corrects it: by another value, or by taking it back, with a reason.
Times are those of the clinic."""

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject
        self.chart: Chart | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="head", classes="title")
        yield RowList(id="rows")
        yield Static(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowList).focus()

    def reread(self) -> None:
        try:
            with self.place.desk() as desk:
                self.chart = desk.chart(self.subject)
        except Refused as refused:
            self.query_one("#detail", Static).update(ui_text(messages.sentence(str(refused))))
            return
        self.query_one("#head", Static).update(ui_text(f" HISTORY  {who(self.chart)}"))
        self.query_one(RowList).set_rows([_row(self.chart, number, self.place.zone) for number in _numbers(self.chart)])

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        said = self.clinic_app.last_words
        text = event.row.detail if event.row else messages.NO_ENTRIES
        self.query_one("#detail", Static).update(ui_text(f"{text}\n{said}" if said else text))

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        from tui.screens.patient import PatientScreen

        self.app.push_screen(PatientScreen(self.subject, int(event.row.key)))

    # ------------------------------------------------------------ correcting

    def action_correct(self) -> None:
        row = self.query_one(RowList).current
        if row is None or self.chart is None:
            return
        number = int(row.key)
        counting = dict(zip(self.chart.history.numbers, self.chart.history.events, strict=True)).get(number)
        self.app.push_screen(
            ChooseScreen(f"CORRECT entry {number} of {self.subject}", _ways(counting)),
            lambda way: self._correct(way, number, counting),
        )

    def _correct(self, way: str | None, number: int, counting: Event | None) -> None:
        with self.refusals():
            if way == BACK:
                self._preview(Entry(self.subject, f"Entry {number} counts no more", None, correcting=number))
            elif way is not None and counting is not None:
                with self.place.desk() as desk:
                    view = patient_view(desk, self.subject)
                self._otherwise(view, Was(number, counting), way)

    def _otherwise(self, view: PatientView, was: Was, way: str) -> None:
        """Another value, in the form that the entry was made with."""
        from tui.screens.toxicity import ToxicityScreen

        if isinstance(was.event, ToxicityGraded):
            self.app.push_screen(ToxicityScreen(view, was), self.corrected)
        elif way == MISSED and isinstance(was.event, DoseGiven | DoseTakenWhileHeld):
            self._preview(forms.missed(view, forms.dose_of(view, was.event.item), was))
        elif form := forms.corrected(view, was):
            self.app.push_screen(FormScreen(view, form), self.corrected)

    def _preview(self, entry: Entry) -> None:
        with self.place.desk() as desk, suppress(ReasonWanted):
            entry.draft(desk)
        self.app.push_screen(PreviewScreen(entry), self.corrected)

    def corrected(self, _stored: ResultT) -> None:
        self.reread()

    def action_noop(self) -> None:
        """Enter is the list's own key; named here so that the line of keys tells it."""


def _ways(counting: Event | None) -> list[tuple[str, str]]:
    """How an entry can have been wrong."""
    back = (BACK, "It did not happen: it counts no more")
    match counting:
        case WeightMeasured() | HeightMeasured() | ToxicityGraded() | LabResult():
            return [(OTHER, "It was otherwise: another value or day"), back]
        case DoseGiven() | DoseTakenWhileHeld():
            return [(OTHER, "It was given otherwise: amount, day, time, lot"), (MISSED, "It was missed"), back]
        case DoseMissed():
            return [(OTHER, "It was given after all"), back]
        case _:
            return [back]


def _numbers(chart: Chart) -> list[int]:
    return [entry.number for entry in reversed(chart.entries)]


def _row(chart: Chart, number: int, zone: tzinfo | None) -> Row:
    """An entry in one line; who, when and why below the list."""
    entry = next(e for e in chart.entries if e.number == number)
    corrections = [e for e in chart.entries if isinstance(e.event, EventCorrected) and e.event.number == number]
    lines = entry_lines([entry, *corrections], zone)[: 2 + bool(corrections)]
    changed = "CHANGED AFTER ITS SIGNATURE" if entry.authenticated else "CORRECTED"
    corrected = f"   {changed}" if corrections else ""
    return Row(f"{lines[0]}   {entry.recorded_by}{corrected}", str(number), detail="\n".join(lines))
