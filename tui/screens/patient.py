"""The home of one patient: what is to be decided, what is held, the cycle grid, and every act by one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.choices import levels
from scheduler.clinic.desk import Desk
from scheduler.clinic.patient_view import PatientView, patient_view
from scheduler.clinic.whose import Whose, whose
from scheduler.clinic.words import day
from scheduler.engine.schedule import Item
from scheduler.outputs.text import why_text
from scheduler.problems import Refused
from tui import forms, messages
from tui.entry import Entry, GivenBySyringe
from tui.item_lines import item_line
from tui.reflow import reflowed
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.choose import ChooseScreen
from tui.screens.form import Form, FormScreen
from tui.screens.proposals import decline, settle
from tui.screens.reading import ReadingScreen
from tui.ui_text import ui_lines, ui_text
from tui.widgets.banner import Banner
from tui.widgets.cells import LEGEND, Cell, grid_of
from tui.widgets.cycle_grid import CycleGrid
from tui.widgets.key_bar import KeyBar

LINES_OF_DOSES = 3


class PatientScreen(ClinicScreen):
    """Arrows move over the days; letters record."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "given", "Given"),
        Binding("m", "missed", "Missed"),
        Binding("t", "toxicity", "Toxicity"),
        Binding("k", "form('weight')", "Weight"),
        Binding("w", "why", "Why"),
        Binding("r", "settle", "Resume, decide"),
        Binding("o", "hold", "Order hold"),
        Binding("x", "decline", "Decline"),
        Binding("s", "level", "Set level"),
        Binding("i", "hand_out", "Calendars"),
        Binding("h", "history", "History"),
        Binding("p", "protocol", "Protocol"),
        Binding("n", "now", "To today"),
        Binding("c", "form('height')", "Height"),
        Binding("l", "form('lab')", "Laboratory"),
        Binding("e", "form('response')", "Response"),
        Binding("v", "form('visit')", "Visit moved"),
        Binding("d", "form('end')", "End treatment"),
        Binding("escape", "back", "Back"),
    ]
    HELP_TEXT = """Each line is a cycle, each column a cycle day; the cursor begins on today.
○ planned at home  ◊ planned in the clinic  ● ♦ given  × missed
■ held  ~ left out  = ended: give nothing  · nothing on that day
? waits for a decision  ! not recorded, or no amount can be computed
The letter is the treatment's: A and B are the marks on the syringes.
↓ is a lower dose level, + means several doses.
w tells why the day under the cursor is as it is."""

    def __init__(self, subject: str, known_at: int | None = None) -> None:
        super().__init__()
        self.subject, self.known_at = subject, known_at
        self.view: PatientView | None = None
        self.in_hand: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield Banner(id="banner")
        yield Static(id="notes")
        yield CycleGrid(id="grid")
        yield Static(ui_lines(LEGEND), id="legend")
        yield Static(id="cell")
        yield Static(id="status")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(CycleGrid).focus()

    def reread(self) -> None:
        try:
            with self.place.desk() as desk:
                self.view = patient_view(desk, self.subject, self.known_at, self.place.settings)
        except Refused as refused:
            self.status(messages.sentence(str(refused)))
            return
        view = self.view
        self.query_one(Banner).show(view)
        self.query_one("#notes", Static).update(ui_lines(_notes(view)))
        self.query_one("#notes").display = bool(_notes(view))
        self.query_one(CycleGrid).set_grid(grid_of(view.schedule, view.is_overdue), view.seen)
        said = messages.OLD_STATE if self.known_at is not None else self.clinic_app.last_words
        self.status(said)

    def record_changed(self, subjects: frozenset[str]) -> None:
        if self.subject in subjects:
            self.clinic_app.last_words = messages.CAME_IN_HERE
            self.reread()

    def status(self, text: str) -> None:
        status = self.query_one("#status", Static)
        status.update(ui_text(text))
        status.display = bool(text)

    def on_cycle_grid_moved(self, event: CycleGrid.Moved) -> None:
        lines = _cell_lines(self.view, event.cell) if self.view is not None else []
        self.query_one("#cell", Static).update(ui_lines(lines))

    # ------------------------------------------------------------ reading

    def action_back(self) -> None:
        self.clinic_app.last_words = ""
        self.dismiss(None)

    def action_now(self) -> None:
        self.query_one(CycleGrid).to_today()

    def action_why(self) -> None:
        cell = self.query_one(CycleGrid).cell
        if cell is None or not cell.items:
            self.status("Nothing is written for this day.")
            return
        lines = [line for item in cell.items for line in (*reflowed(why_text(item).splitlines()), "")]
        self.app.push_screen(ReadingScreen(f"WHY  {self.subject}  C{cell.cycle}D{cell.day}  {day(cell.on)}", lines))

    def action_history(self) -> None:
        from tui.screens.history import HistoryScreen

        self.app.push_screen(HistoryScreen(self.subject))

    def action_protocol(self) -> None:
        from tui.screens.protocols import ProtocolScreen

        if self.view is not None:
            self.app.push_screen(ProtocolScreen(self.view.chart.protocol))

    # ------------------------------------------------------------ recording

    @property
    def writable(self) -> PatientView | None:
        """The view, unless it is an old one or none."""
        if self.known_at is not None:
            self.status(messages.OLD_STATE)
            return None
        return self.view

    def action_toxicity(self) -> None:
        from tui.screens.toxicity import ToxicityScreen

        if view := self.writable:
            self.app.push_screen(ToxicityScreen(view), self.recorded)

    def action_form(self, name: str) -> None:
        view, cell = self.writable, self.query_one(CycleGrid).cell
        if view is None:
            return
        if name == "visit":
            self.fill_in(forms.visit(view, cell.cycle if cell else None))
        else:
            made: dict[str, Callable[[PatientView], Form]] = {
                "weight": forms.weight, "height": forms.height, "lab": forms.lab, "response": forms.response,
                "end": forms.end,
            }  # fmt: skip
            self.fill_in(made[name](view))

    def action_given(self) -> None:
        if view := self.writable:
            self._with_dose(lambda item: self.fill_in(forms.given(view, item)))

    def action_missed(self) -> None:
        if view := self.writable:
            self._with_dose(lambda item: self.preview(forms.missed(view, item)))

    def action_settle(self) -> None:
        if view := self.writable:
            settle(self, view)

    def action_decline(self) -> None:
        if view := self.writable:
            decline(self, view)

    def action_hand_out(self) -> None:
        from tui.screens.handing_out import hand_out

        if self.writable:
            hand_out(self)

    def action_hold(self) -> None:
        """All treatments, or one; whoever is at the bedside may stop."""
        if (view := self.writable) is None:
            return
        choices = [(forms.ALL, "all treatments"), *((t.key, t.name) for t in view.chart.protocol.treatments)]
        self.app.push_screen(
            ChooseScreen("HOLD WHICH TREATMENT", choices),
            lambda key: self.preview(forms.hold(view, key)) if key is not None else None,
        )

    def action_level(self) -> None:
        """A dose level by hand; raising one takes a reason."""
        if (view := self.writable) is None:
            return
        offered = {f"{one.treatment} {one.level}": one for one in levels(view.chart, view.seen)}
        if not offered:
            self.status(messages.NO_LEVELS)
            return
        self.app.push_screen(
            ChooseScreen("SET WHICH DOSE LEVEL", [(key, one.text) for key, one in offered.items()]),
            lambda key: self.preview(forms.set_level(view, *offered[key][:2])) if key is not None else None,
        )

    def scanned(self, code: str) -> bool:
        """The wristband is compared; a syringe of this patient goes on to the preview of giving it."""
        with self.refusals(), self.place.desk() as desk:
            found = whose(desk, code, self.place.now())
            if found is None:
                return super().scanned(code)
            if found.syringe and self.writable:
                self._give(desk, found)
            elif found.subject == self.subject:
                self.status(messages.SAME_PATIENT.format(code=code))
            else:
                self.say(messages.OTHER_PATIENT.format(code=code, subject=self.subject))
        return True

    def _give(self, desk: Desk, found: Whose) -> None:
        """Doses in several syringes are scanned one after the other; another patient's becomes a near miss."""
        numbers, self.in_hand = tuple(dict.fromkeys((*self.in_hand, found.syringe))), ()
        entry = GivenBySyringe(self.subject, f"Syringe {found.syringe}", numbers, self.place.now(), found.lines)
        try:
            entry.draft(desk)
        except Refused:
            self.in_hand = numbers if len(numbers) == 1 else ()
            raise
        self.preview(entry)

    def fill_in(self, form: Form) -> None:
        """A form, and after it the preview."""
        if self.view is not None:
            self.app.push_screen(FormScreen(self.view, form), self.recorded)

    def preview(self, entry: Entry | GivenBySyringe) -> None:
        """The preview at once, where nothing is left to fill in."""
        from tui.screens.preview import PreviewScreen

        self.app.push_screen(PreviewScreen(entry), self.recorded)

    def recorded(self, stored: ResultT) -> None:
        if not stored and not self.clinic_app.last_words:
            self.clinic_app.last_words = messages.NOTHING_SAVED
        self.reread()

    def _with_dose(self, act: Callable[[Item], None]) -> None:
        cell = self.query_one(CycleGrid).cell
        doses = {item.id: item for item in cell.doses} if cell is not None else {}
        if not doses:
            self.status(messages.NO_DOSE_HERE)
        elif len(doses) == 1:
            act(next(iter(doses.values())))
        else:
            choices = [(key, f"{key}  {item_line(item)}") for key, item in doses.items()]
            self.app.push_screen(ChooseScreen("WHICH DOSE", choices), lambda key: act(doses[key]) if key else None)


def _notes(view: PatientView) -> list[str]:
    lines = [f"? {proposal.text}" for proposal in view.proposals]
    lines += [f"■ HELD: {text}" for text in view.held]
    lines += [f"! {notice.text}" for notice in view.schedule.notices[:2]]
    return lines[:5]


def _cell_lines(view: PatientView, cell: Cell | None) -> list[str]:
    """The day under the cursor, in up to four lines."""
    if cell is None:
        return ["The cycle has no such day."]
    today = "   TODAY" if cell.on == view.seen else ""
    more = f"   {len(cell.doses)} doses; w shows all" if len(cell.doses) > LINES_OF_DOSES else ""
    lines = [item_line(item, overdue=view.is_overdue(item)) for item in cell.doses[:LINES_OF_DOSES]]
    others = ", ".join(item.slot.name for item in cell.items if item not in cell.doses)
    lines += [f" ^  {others}"] if others else []
    return [f"C{cell.cycle}D{cell.day}  {day(cell.on)}{today}{more}", *(lines or ["Nothing on this day."])]
