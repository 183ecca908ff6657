"""Today's worklist: to be decided, overdue, on hold, due. The screen that the app begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.words import count, day
from scheduler.clinic.worklist import Worklist, run_words, worklist
from scheduler.problems import Refused
from scheduler.store.due import DueRow
from tui import messages
from tui.screens.base import ClinicScreen
from tui.screens.notice import NoticeScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from scheduler.clinic.closed_ahead import ClosedAhead
    from scheduler.clinic.closed_visits import ClosedVisit

WIDE = 100
ALL, DUE = "", "DUE TODAY"
STATES = {"held": "HELD, give nothing: ", "blocked": "BLOCKED until a decision: ", "not-computable": "NO AMOUNT: "}


class WorklistScreen(ClinicScreen):
    """Typing filters; Enter opens the patient."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Open patient"),
        Binding("f2", "patients", "All patients"),
        Binding("f3", "section", "Due only / all"),
        Binding("f4", "app.enrol", "Enrol"),
        Binding("f5", "again", "Refresh"),
        Binding("f6", "app.protocols", "Protocols"),
        Binding("f7", "app.syringes", "Syringes"),
        Binding("f8", "app.lock", "Lock"),
        Binding("escape", "clear", "Clear"),
    ]
    HELP_TEXT = """What a ward has to look at today: decisions (nothing of them happens by
itself), what nobody has recorded, holds, what is due. Type any part of a
line to see only such lines; a scanned wristband or syringe opens its
patient."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""
        self.found: Worklist | None = None
        self.ahead: ClosedAhead | None = None
        self.shown = ALL
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
        self.call_after_refresh(self.look_ahead)

    def look_ahead(self) -> None:
        """Visits on closed days take a look at many charts: after the first picture, and again with F5."""
        from scheduler.clinic.closed_ahead import closed_ahead

        if not self.place.is_new and self.found is not None:
            with suppress(Refused), self.place.desk() as desk:
                self.ahead = closed_ahead(desk, self.place.settings, desk.today)
            self.draw()

    def reread(self) -> None:
        self.fault = ""
        try:
            if self.place.is_new:
                self.found, self.fault = None, messages.NO_RECORD
            else:
                with self.place.desk() as desk:
                    self.found = worklist(desk.log, desk.today)
                self.read_at = self.place.moment(self.place.now())
        except Refused as refused:
            self.fault = f"{messages.sentence(str(refused))} {messages.STALE if self.found else ''}".strip()
        else:
            self.fault = self.fault or self.place.settings_fault
        self.draw()

    # ------------------------------------------------------------ drawing

    def draw(self) -> None:
        found = _rows(self.found, self.ahead, self.typed.casefold()) if self.found else ()
        rows = [row for title, lines in found if self.shown in (ALL, title) for row in (Row(title), *lines)]
        self.query_one(RowList).set_rows(rows)
        self.query_one("#head", Static).update(ui_text(self._head()))
        only = "" if self.shown == ALL else f"   only: {self.shown} (F3 changes)"
        self.query_one("#find", Static).update(ui_text(f" Find: {self.typed}_{only}"))
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
            found = self.found
            counted = (("?", found.decisions, " to decide"), ("!", found.overdue, " overdue"), ("○", found.due, " due"))
            wide = self.size.width >= WIDE
            parts += [f"{mark}{len(rows)}{words if wide else ''}" for mark, rows, words in counted if rows]
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

    def open(self, subject: str, told: Sequence[str] = ()) -> None:
        from tui.screens.patient import PatientScreen

        self.typed = ""
        self.clinic_app.last_words = "  ".join(told)
        self.app.push_screen(PatientScreen(subject))

    def scanned(self, code: str) -> bool:
        """A wristband or a syringe opens its patient; any other text stays what it is, typed."""
        from scheduler.clinic.whose import whose

        found = None
        with self.refusals(), self.place.desk() as desk:
            found = whose(desk, code, self.place.now())
        if found is None:
            return isinstance(self.app.screen, NoticeScreen)
        self.open(found.subject, found.lines)
        return True

    def on_row_list_missed(self, _event: RowList.Missed) -> None:
        """Enter on an empty list: a whole number opens its patient, as a scanned wristband does."""
        if self.typed.strip():
            with self.refusals(), self.place.desk() as desk:
                self.open(desk.chart(self.typed.strip()).subject)

    def action_clear(self) -> None:
        self.typed = ""
        self.draw()

    def action_section(self) -> None:
        """What is due today alone, and everything again."""
        self.shown = DUE if self.shown == ALL else ALL
        self.draw()
        self.query_one(RowList).to_first()

    def action_again(self) -> None:
        self.place.close()
        self.reread()
        self.look_ahead()

    def action_noop(self) -> None:
        """Enter is the list's own key; named here so that the line of keys tells it."""

    def action_patients(self) -> None:
        from tui.screens.patients import PatientsScreen

        self.app.push_screen(PatientsScreen())


def _rows(found: Worklist, ahead: ClosedAhead | None, wanted: str) -> Iterator[tuple[str, list[Row]]]:
    """Each section that has any: its title, and the lines that hold what was typed."""
    overdue = (_row(run[0], "!", run_words(run)) for run in found.overdue)
    sections = (
        ("TO BE DECIDED by a named person", (_row(row, "?", row.text) for row in found.decisions)),
        ("OVERDUE: nobody has recorded whether it was given or done", overdue),
        ("ON HOLD: give nothing", (_row(row, "■", f"since {day(row.due_on)}, {row.text}") for row in found.holds)),
        (DUE, (_row(row, "■" if row.status == "held" else "○", _due(row)) for row in found.due)),
        ("ON A CLOSED DAY AHEAD: another day is needed", (_closed(visit) for visit in (ahead.visits if ahead else ()))),
    )
    for title, lines in sections:
        shown = [row for row in lines if wanted in f"{title} {row.text}".casefold()]
        if shown:
            yield title, shown


def _row(row: DueRow, mark: str, text: str) -> Row:
    return Row(f"{row.subject:<12} {text}", f"{row.subject} {row.kind} {row.item}", mark, text)


def _closed(visit: ClosedVisit) -> Row:
    return Row(f"{visit.subject:<12} {visit.text}", f"{visit.subject} closed {visit.on}", "!", visit.text)


def _due(row: DueRow) -> str:
    last = "last day for: " if row.kind == "until" else ""
    day_of = row.item.removeprefix("until/").partition("/")[0]
    return f"{day_of}  {STATES.get(row.status, '')}{last}{row.text}"
