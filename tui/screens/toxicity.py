"""A toxicity: the term by typing, a grade that the criteria define, and how far each drug is the cause."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from scheduler.clinic import choices, facts
from scheduler.clinic.desk import Judge
from scheduler.clinic.patient_view import PatientView
from scheduler.problems import Refused
from scheduler.record.events import ToxicityGraded
from tui import messages
from tui.entry import Entry
from tui.forms import Was, read_day
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.preview import PreviewScreen
from tui.ui_text import ui_lines, ui_text
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList

DEGREES = ("not assessed", *facts.DEGREES)
GRADE_KEYS = (("0-5", "Grade"), ("o", "Onset"), ("r", "Due to: degree"), ("d", "Next drug"))
NONE_OR_RESOLVED = "none, or resolved"


class ToxicityScreen(ClinicScreen):
    """First the term, then a digit; the digit opens the preview and saves nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Take the term"),
        Binding("up", "list(-1)", "Up", show=False),
        Binding("down", "list(1)", "Down", show=False),
        Binding("escape", "back", "Back, nothing saved"),
    ]
    HELP_TEXT = """1. Type the beginning of the term; Enter takes the line under the cursor.
2. o changes the day of onset, r how far a drug is the cause (r again: the
   next degree, d: the next drug).
3. A digit is the grade: it opens the preview and saves nothing.
Only grades that the protocol's criteria define are offered; 0 is none or
resolved."""

    def __init__(self, view: PatientView, was: Was | None = None, reason: str = "") -> None:
        super().__init__()
        self.view, self.was, self.reason = view, was, reason
        self.term = ""
        self.causes = dict.fromkeys(choices.drugs(view.chart.protocol), 0)
        self.drug = 0
        self.old = was.event if was is not None and isinstance(was.event, ToxicityGraded) else None
        if self.old is not None:
            self.causes |= {cause.drug: DEGREES.index(cause.degree) for cause in self.old.due_to}

    def compose(self) -> ComposeResult:
        yield Banner(id="banner", classes="banner")
        yield Static(ui_text(f" TOXICITY, {self.view.chart.protocol.criteria}"), classes="title")
        yield Input(id="typed", placeholder="Type the beginning of the term", max_length=80)
        yield RowList(id="rows")
        yield GradePad(id="grades")
        on = self.old.happened_on if self.old is not None else self.view.seen
        yield Input(on.isoformat(), id="on", max_length=20)
        yield Static(id="fault")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Banner).show(self.view)
        if self.old is not None:
            self.take(self.old.term)
        else:
            self._to_term()

    # ------------------------------------------------------------ the term

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "typed" and not self.term:
            self._list()

    def _list(self) -> None:
        typed = self.query_one("#typed", Input).value
        try:
            found = choices.terms(self.view.chart, typed)
        except Refused as refused:
            found = ()
            self.fault(messages.sentence(str(refused)))
        else:
            self.fault("" if found else f"{self.view.chart.protocol.criteria} has no term that holds this.")
        known = {one.term: f"  (grade {one.grade} on {one.on})" for one in choices.graded(self.view.chart)}
        self.query_one(RowList).set_rows([Row(f"{term}{known.get(term, '')}", term) for term in found])
        self.query_one(RowList).to_first()

    def action_list(self, by: int) -> None:
        """The list follows the arrows while the focus stays where the term is typed."""
        self.query_one(RowList).action_move(by)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "on":
            self._to_grade()
        elif row := self.query_one(RowList).current:
            self.take(row.key)

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.take(event.row.key)

    def take(self, term: str) -> None:
        """The term is chosen; from here on digits are grades."""
        self.term = term
        self._to_grade()

    def _to_term(self) -> None:
        self.term = ""
        self._show("#typed", "#rows")
        self._list()
        self.query_one("#typed").focus()

    def _to_grade(self) -> None:
        self._show("#grades")
        self.fault("")
        self._draw_grades()
        self.query_one(GradePad).focus()

    def _show(self, *wanted: str) -> None:
        for name in ("#typed", "#rows", "#grades", "#on"):
            self.query_one(name).display = name in wanted
        self.show_keys()

    def key_words(self) -> list[tuple[str, str]]:
        """The keys of the step that is on."""
        return [*GRADE_KEYS, ("Esc", "Back")] if self.term else super().key_words()

    # ------------------------------------------------------------ the grade

    def _draw_grades(self) -> None:
        offered = choices.grades(self.view.chart, self.term)
        words = [f"  {n}   {NONE_OR_RESOLVED if n == choices.RESOLVED else f'grade {n}'}" for n in offered]
        known = [f"  {one.term}: grade {one.grade} on {one.on}" for one in choices.graded(self.view.chart)]
        causes = [
            f"  {'›' if n == self.drug else ' '} {drug}: {DEGREES[degree]}"
            for n, (drug, degree) in enumerate(self.causes.items())
        ]
        on = self.query_one("#on", Input).value
        old = self.old.grade if self.old is not None else None
        keeps = "" if old is None else f"   Enter keeps grade {old}"
        lines = [
            f"GRADE of {self.term}   press its digit{keeps}", *words, "",
            f"Onset {on} (o changes)     Due to (r: degree, d: next drug)", *causes, "",
            "Graded before" if known else "No toxicity was graded before.", *known,
        ]  # fmt: skip
        self.query_one(GradePad).update(ui_lines(lines))

    def next_degree(self) -> None:
        drug = list(self.causes)[self.drug]
        self.causes[drug] = (self.causes[drug] + 1) % len(DEGREES)
        self._draw_grades()

    def next_drug(self) -> None:
        self.drug = (self.drug + 1) % len(self.causes)
        self._draw_grades()

    def change_onset(self) -> None:
        self._show("#on")
        self.query_one("#on").focus()
        self.fault("The day of onset: like 2026-01-05, or -1 for yesterday; then Enter.")

    def take_grade(self, grade: int) -> None:
        """The preview of a grade; nothing is saved."""
        due_to = [f"{drug}={DEGREES[degree]}" for drug, degree in self.causes.items() if degree]
        try:
            on = read_day(self.query_one("#on", Input).value.strip(), self.view.seen)
            title = f"{self.term}, grade {grade}"
            number = self.was.number if self.was is not None else None
            entry = Entry(self.view.subject, title, self._judge(grade, due_to), on, self.reason, number)
            with self.place.desk() as desk:
                entry.draft(desk)
        except Refused as refused:
            self.fault(messages.sentence(str(refused)))
            return
        self.app.push_screen(PreviewScreen(entry), self.previewed)

    def _judge(self, grade: int, due_to: list[str]) -> Judge:
        term = self.term
        return lambda scene: facts.toxicity(scene, term, grade, due_to)

    def previewed(self, stored: ResultT) -> None:
        if stored:
            self.dismiss(stored)

    def keep_grade(self) -> None:
        """The grade that is corrected, again."""
        if self.old is not None and self.old.term == self.term:
            self.take_grade(self.old.grade)

    def fault(self, text: str) -> None:
        self.query_one("#fault", Static).update(ui_text(text))

    def action_back(self) -> None:
        """From the day to the grade, from the grade to the term, from the term to the patient."""
        if self.query_one("#on").display:
            self._to_grade()
        elif self.term:
            self._to_term()
        else:
            self.dismiss(None)

    def action_noop(self) -> None:
        """Keys of the parts below, named here so that help tells them."""


class GradePad(Static, can_focus=True):
    """Takes digits as grades; letters change onset and attribution."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"grade({n})", show=False) for n in range(6)),
        Binding("enter", "keep", show=False),
        Binding("o", "onset", show=False),
        Binding("r", "degree", show=False),
        Binding("d", "drug", show=False),
    ]

    @property
    def form(self) -> ToxicityScreen:
        screen = self.screen
        assert isinstance(screen, ToxicityScreen)  # noqa: S101 - it lives nowhere else
        return screen

    def action_grade(self, grade: int) -> None:
        self.form.take_grade(grade)

    def action_keep(self) -> None:
        self.form.keep_grade()

    def action_onset(self) -> None:
        self.form.change_onset()

    def action_degree(self) -> None:
        self.form.next_degree()

    def action_drug(self) -> None:
        self.form.next_drug()
