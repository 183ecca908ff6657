"""The pharmacist's list: what to draw up, what waits for the second person, what to call back; papers as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.clinic.plans import Faulty
from scheduler.clinic.preparing import check, inputs
from scheduler.clinic.site_products import known, products_of
from scheduler.clinic.syringe_queue import AHEAD, STEPS, Queue, Queued, syringe_queue
from scheduler.clinic.words import count, day
from scheduler.issuing.pharmacy_papers import Asked, PharmacyPapers
from scheduler.outputs.drawing_text import drawing_text
from scheduler.problems import Refused
from tui import messages
from tui.entry import Entry
from tui.files import deliver
from tui.forms import read_number
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.choose import ChooseScreen
from tui.screens.form import Field, Form, FormScreen
from tui.screens.reading import ReadingScreen
from tui.screens.signing import Act, SigningScreen, SignScreen
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_list import Row, RowList

PAPERS = (
    ("labels", "Labels of the syringes that are made"),
    ("planned", "Labels of what is to be made, with blanks"),
    ("worksheet", "Preparation worksheet for two persons"),
    ("infusions", "Infusion sheet of each clinic day"),
)


class SyringesScreen(ClinicScreen):
    """Enter tells everything of a line; `v` is the second person's check; `p` writes papers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "How much"),
        Binding("v", "verify", "Second person's check"),
        Binding("p", "papers", "Labels, worksheet"),
        Binding("o", "patient", "Patient"),
        Binding("escape", "back", "Back"),
    ]
    HELP_TEXT = """What has to be drawn up in the next two weeks, and where it stands.
Enter tells volumes, pick-up days, and until when a syringe keeps.
v is the second person's check: work the volume out alone and give it;
it is compared only after the signature, and must be somebody else than
who prepared it. Preparing itself: c1d1 ledger prepare."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: Queue | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="head", classes="title")
        yield Static(id="empty")
        yield RowList(id="rows")
        yield Static(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowList).focus()

    def reread(self) -> None:
        fault = ""
        try:
            settings = self.place.settings
            with self.place.desk() as desk:
                self.queue = syringe_queue(desk, settings, products_of(settings), self.place.today)
        except Refused as refused:
            fault = messages.sentence(str(refused))
        except Faulty as faulty:
            fault = f"{faulty.problems[0].what} {faulty.problems[0].mend}"
        self.draw(fault)

    def draw(self, fault: str) -> None:
        found = self.queue
        rows = list(_rows(found)) if found is not None else []
        self.query_one(RowList).set_rows(rows)
        more = f"   {count(found.more, 'patient')} not looked up: c1d1 syringes" if found and found.more else ""
        self.query_one("#head", Static).update(ui_text(f" SYRINGES  {day(self.place.today)}{more}"))
        empty = self.query_one("#empty", Static)
        empty.update(ui_text(fault or messages.NOTHING_TO_DRAW))
        empty.display = not rows or bool(fault)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        text = event.row.detail if event.row else ""
        said = self.clinic_app.last_words
        self.query_one("#detail", Static).update(ui_text(f"{text}\n{said}" if said else text))

    @property
    def current(self) -> Queued | None:
        row = self.query_one(RowList).current
        return self.queue.rows[int(row.key)] if row is not None and self.queue is not None else None

    # ------------------------------------------------------------ keys

    def on_row_list_opened(self, _event: RowList.Opened) -> None:
        if (one := self.current) is None:
            return
        lines = [one.text]
        if one.work is not None:
            lines = drawing_text(one.work).splitlines()
        elif one.number:
            with self.refusals(), self.place.desk() as desk:
                lines = [one.text, "", *inputs(Pharmacy(desk), known(products_of(self.place.settings)), one.number)]
        self.app.push_screen(ReadingScreen(f"SYRINGES OF {one.subject}", lines))

    def action_patient(self) -> None:
        from tui.screens.patient import PatientScreen

        if one := self.current:
            self.app.push_screen(PatientScreen(one.subject))

    def action_verify(self) -> None:
        """What the second person works it out from; then the result, which nobody shows them."""
        one = self.current
        if one is None or not one.number or one.step == "call back":
            self.say(messages.NOTHING_TO_CHECK)
            return
        with self.refusals():
            with self.place.desk() as desk:
                about = inputs(Pharmacy(desk), known(products_of(self.place.settings)), one.number)
            self.app.push_screen(CheckScreen(one.number, about), self.recorded)

    def action_papers(self) -> None:
        self.app.push_screen(ChooseScreen("WRITE WHICH PAPER", PAPERS), self._write)

    def _write(self, kind: str | None) -> None:
        if kind is None:
            return
        with self.refusals(), self.place.desk() as desk:
            papers = PharmacyPapers(desk, self.place.settings, products_of(self.place.settings))
            asked = Asked(None, self.place.today, self.place.today + AHEAD)
            paper = {
                "labels": lambda: papers.labels(asked),
                "planned": lambda: papers.labels(asked, planned=True),
                "worksheet": lambda: papers.worksheet(asked),
                "infusions": lambda: papers.infusions(asked),
            }[kind]()
            where = deliver(self.clinic_app, [(f"{kind}-{self.place.today}.pdf", paper.content)])
            self.clinic_app.last_words = "  ".join([where, *paper.notes[:2]])
            self.reread()

    def recorded(self, _stored: ResultT) -> None:
        self.reread()

    def action_back(self) -> None:
        self.clinic_app.last_words = ""
        self.dismiss(None)

    def action_noop(self) -> None:
        """Enter is the list's own key; named here so that the line of keys tells it."""


class CheckScreen(FormScreen):
    """The second person's own volume; what the first one drew up is not shown, and compared after the signature."""

    HELP_TEXT = (
        "Work the volume out from what is written here, and give it in mL.\nIt is compared after you have signed."
    )

    def __init__(self, number: str, about: Sequence[str]) -> None:
        fields = (Field("ml", "Your own result, mL"),)
        super().__init__(None, Form("SECOND PERSON'S CHECK", fields, _no_entry, tuple(about)))
        self.number = number

    def follow(self, values: Mapping[str, str]) -> SigningScreen:
        result = read_number(values["ml"], "volume in mL")
        with self.place.desk() as desk:
            check(Pharmacy(desk), self.number, result, self.place.today, self.place.by, "again")

        def prepared(desk: Desk) -> Act:
            pharmacy = Pharmacy(desk)
            draft = check(pharmacy, self.number, result, self.place.today, self.place.by, signing.reason)

            def store(desk: Desk, signature: Signature) -> str:
                pharmacy.store(draft, signature)
                agrees = Pharmacy(desk).find(self.number).checked
                return messages.CHECK_AGREES if agrees else messages.CHECK_DISAGREES

            return Act((f"You worked out {result} mL for this syringe, alone.",), ("check",), store)

        signing = SignScreen("SECOND PERSON'S CHECK", prepared)
        return signing


def _no_entry(_values: Mapping[str, str]) -> Entry:
    raise NotImplementedError  # a check is an entry of the ledger


MARKS = {"call back": "■", "disagrees": "!", "no volume": "?", "draw up": "○", "check": "◊", "ready": "●"}


def _rows(queue: Queue) -> Iterator[Row]:
    before = ""
    for number, one in enumerate(queue.rows):
        if one.step != before:
            yield Row(STEPS[one.step])
        before = one.step
        yield Row(f"{one.subject:<12} {one.text}", str(number), MARKS[one.step], f"{one.subject}: {one.text}")
