"""Enrol a patient: number, protocol, arm, day 1, measures, zone, time of home doses. Signed like every entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from scheduler.clinic.beginning import beginning
from scheduler.clinic.choices import arms, protocol_names
from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.enrolment import Enrolment, check_is_new, enrolment
from scheduler.clinic.event_words import event_words
from scheduler.clinic.finding import check_subject
from scheduler.clinic.kept import offered
from scheduler.clinic.plans import Faulty
from scheduler.clinic.routes import ROUTES, choose
from scheduler.clinic.words import day
from scheduler.problems import Refused
from tui import messages
from tui.forms import read_day, read_number
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.signing import told
from tui.ui_text import ui_text
from tui.widgets.key_bar import KeyBar
from tui.widgets.scroll_text import ScrollText

FIELDS = (
    ("subject", "Patient's number", "never a name"),
    ("protocol", "Protocol", "the beginning of its name"),
    ("arm", "Arm or cohort", "only where the protocol has any"),
    ("start", "Day 1 of cycle 1", "like 2026-01-05"),
    ("height", "Height, cm", ""),
    ("weight", "Weight, kg", ""),
    ("zone", "Time zone", "like Europe/Berlin"),
    ("home_time", "Home doses at", "like 20:00; empty: as the protocol says"),
    ("route", "Calendar travels by", f"{', '.join(ROUTES)}; empty: chosen later"),
    ("reason", "Remark", "may stay empty"),
    ("secret", "", ""),
)


class EnrolScreen(ClinicScreen):
    """Enter checks and shows the beginning; with PIN or initials in the last field it enrols."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Check, or sign"),
        Binding("tab", "app.focus_next", "Next field"),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Before", show=False),
        Binding("pagedown", "scroll(4)", "Read on"),
        Binding("pageup", "scroll(-4)", "Read back", show=False),
        Binding("escape", "back", "Back, nothing saved"),
    ]
    HELP_TEXT = """Fill in the fields; Enter on any of them checks what is there.
Nothing is saved until you sign in the last field."""

    def __init__(self) -> None:
        super().__init__()
        self.subject = ""

    def compose(self) -> ComposeResult:
        settings = self.place.settings
        usual = {"zone": settings.zone, "home_time": settings.home_dose_time or ""}
        yield Static(ui_text(" ENROL A PATIENT: NOTHING IS SAVED BEFORE YOU SIGN"), classes="title")
        with Vertical(classes="fields"):
            for key, label, hint in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(ui_text(label), id=f"label-{key}")
                    yield Input(usual.get(key, ""), placeholder=hint, id=key, max_length=200, password=key == "secret")
        yield Static(id="fault")
        yield ScrollText(id="body")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#subject").focus()
        self._show([f"Protocols: {', '.join(protocol_names())}"])
        self._say(self.place.settings_fault)

    def reread(self) -> None:
        asked = "PIN, to sign" if self.place.session is not None else f"Initials ({self.place.initials}), to sign"
        self.query_one("#label-secret", Label).update(ui_text(asked))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        values = {key: self.query_one(f"#{key}", Input).value.strip() for key, _, _ in FIELDS}
        self.query_one("#secret", Input).value = ""
        try:
            self._take(values)
        except Refused as refused:
            self._say(messages.sentence(str(refused)))
        except Faulty as faulty:
            self._say(f"{faulty.problems[0].what} {faulty.problems[0].mend}")

    def _take(self, values: Mapping[str, str]) -> None:
        subject = check_subject(values["subject"])
        asked = self._asked(values)
        with self.place.desk(must_exist=False) as desk:
            check_is_new(desk, subject)
            events, found = enrolment(asked, subject, self.place.today, self.place.home.lists)
            if not values["secret"]:
                self._say("")
                facts = [f"{day(event.happened_on)}: {event_words(event)}." for event in events]
                begins = beginning(found.protocol, events, self.place.settings)
                self._show(["Right so? Sign in the last field; Enter enrols.", *facts, *begins])
                self.query_one("#secret").focus()
                return
            signature = self.place.sign(values["secret"], values["reason"])
            desk.shelf.put(found.protocol)
            stored = desk.enrol(subject, events, found.text, signature)
            last = self._choose_route(desk, subject, values["route"], signature) or stored[-1].number
        self.subject = subject
        self.clinic_app.stored_here(f"ENROLLED {subject}, entries {stored[0].number} to {last}.")
        self.dismiss(True)  # noqa: FBT003 - the result of a screen

    def _choose_route(self, desk: Desk, subject: str, way: str, signature: Signature) -> int | None:
        """The route of the calendar, under the same signature; the number of its entry."""
        if not way:
            return None
        draft = desk.draft(desk.chart(subject), lambda scene: choose(scene, way, None), None, "")
        return desk.store(draft, signature)[-1].number

    def _show(self, lines: Sequence[str]) -> None:
        self.query_one(ScrollText).set_lines([part for line in lines for part in told(messages.sentence(line))])

    def _asked(self, values: Mapping[str, str]) -> Enrolment:
        start = read_day(values["start"], self.place.today)
        if start is None:
            raise Refused("Give day 1 of cycle 1, like 2026-01-05.")
        name = values["protocol"]
        begins = [known for known in protocol_names() if name and known.startswith(name)]
        name = begins[0] if len(begins) == 1 else name
        known_arms = arms(offered(name, self.place.home.lists).protocol)
        if known_arms and values["arm"] not in known_arms:
            raise Refused(f"This protocol has the arms {', '.join(known_arms)}. Give one.")
        height, weight = read_number(values["height"], "height in cm"), read_number(values["weight"], "weight in kg")
        if values["route"] and values["route"] not in ROUTES:
            raise Refused(f"Give the route of the calendar as one of {', '.join(ROUTES)}, or leave it empty.")
        arm, home_time = values["arm"] or None, values["home_time"] or None
        return Enrolment(name, start, height, weight, arm, values["zone"] or self.place.settings.zone, home_time)

    def _say(self, text: str) -> None:
        self.query_one("#fault", Static).update(ui_text(text))

    def action_scroll(self, by: int) -> None:
        self.query_one(ScrollText).scroll_relative(y=by, animate=False)

    def action_noop(self) -> None:
        """Enter is the field's own key; named here so that the line of keys tells it."""


def enrol(app: App[None]) -> None:
    """The form, and after it the new patient."""
    from tui.screens.patient import PatientScreen

    screen = EnrolScreen()

    def enrolled(stored: ResultT) -> None:
        if stored:
            app.push_screen(PatientScreen(screen.subject))

    app.push_screen(screen, enrolled)
