"""What a patient takes away: calendars by their route, what to say on the phone, diary and wall calendar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from scheduler.clinic.desk import Desk, Signature
from scheduler.clinic.routes import ROUTES, choose, route_of
from scheduler.issuing.change_sheets import change_sheet
from scheduler.issuing.handing_over import hand_over, preview_lines, to_hand_over
from scheduler.issuing.patient_papers import Asked, patient_paper
from scheduler.outputs.change_sheet import change_text
from scheduler.problems import Refused
from tui import messages
from tui.entry import Entry
from tui.files import deliver, named
from tui.screens.choose import ChooseScreen
from tui.screens.reading import ReadingScreen
from tui.screens.signing import Act, SignScreen

if TYPE_CHECKING:
    from tui.screens.patient import PatientScreen

CHOICES = (
    ("calendars", "Hand out the calendars (.ics)"),
    ("phone", "What to say on the phone: the change sheet"),
    ("route", "By which route the calendar travels"),
    ("diary", "Diary for the patient (PDF)"),
    ("wall", "Calendar for the wall (PDF)"),
)


def hand_out(screen: PatientScreen) -> None:
    """Choose what; calendars and the route are signed."""
    acts: dict[str, Callable[[PatientScreen], None]] = {
        "calendars": _calendars, "phone": _phone, "route": _route,
        "diary": partial(_paper, kind="diary"), "wall": partial(_paper, kind="wall"),
    }  # fmt: skip

    def act(key: str | None) -> None:
        if key is not None:
            with screen.refusals():
                acts[key](screen)

    screen.app.push_screen(ChooseScreen(f"FOR {screen.subject} TO TAKE AWAY", CHOICES), act)


def _calendars(screen: PatientScreen) -> None:
    subject, app = screen.subject, screen.clinic_app

    def store(desk: Desk, signature: Signature) -> str:
        done = hand_over(desk, subject, app.place.settings.opening, signature)
        try:
            where = deliver(app, named(subject, done.files))
        except Refused as refused:
            where = str(refused)
        return "  ".join([*done.said, where])

    def prepared(desk: Desk) -> Act:
        issues = to_hand_over(desk, subject, app.place.settings.opening)
        if not issues:
            raise Refused(f"There is nothing to hand out to {subject} now.")
        lines = [messages.sentence(line) for line in preview_lines(issues)]
        return Act(tuple(lines), ("calendar",), store)

    screen.app.push_screen(SignScreen(f"HAND OUT THE CALENDARS OF {subject}", prepared), screen.recorded)


def _phone(screen: PatientScreen) -> None:
    settings = screen.place.settings
    with screen.place.desk() as desk:
        sheet = change_sheet(desk, desk.chart(screen.subject), "home", opening=settings.opening, phone=settings.phone)
    screen.app.push_screen(ReadingScreen(f"TO BE SAID TO {screen.subject}", change_text(sheet).splitlines()))


def _route(screen: PatientScreen) -> None:
    with screen.place.desk() as desk:
        known = route_of(desk.chart(screen.subject))
    now = "" if known is None else f" (now: {known.way}, {known.detail})"
    ways = [(f"{way} discreet", f"{way}: {words}") for way, words in ROUTES.items()]
    ways += [(f"{way} full", f"{way}, in full words (drug and amount)") for way in ROUTES if way != "paper"]

    def chosen(key: str | None) -> None:
        if key is not None:
            way, detail = key.split()
            title = f"Route {way}, {detail} words"
            screen.preview(Entry(screen.subject, title, lambda scene: choose(scene, way, detail)))

    screen.app.push_screen(ChooseScreen(f"ROUTE OF THE CALENDAR{now}", ways), chosen)


def _paper(screen: PatientScreen, kind: str) -> None:
    with screen.place.desk() as desk:
        chart = desk.chart(screen.subject)
        paper = patient_paper("diary" if kind == "diary" else "wall", desk, chart, screen.place.settings, Asked())
    where = deliver(screen.clinic_app, named(screen.subject, [(f"{kind}.pdf", paper.content)]))
    screen.clinic_app.last_words = "  ".join([where, *paper.notes])
    screen.reread()
