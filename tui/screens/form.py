"""A few fields to fill in; Enter goes on to the preview. What is not right is said below, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from scheduler.clinic.patient_view import PatientView
from scheduler.clinic.scene import ReasonWanted
from scheduler.problems import Refused
from tui import messages
from tui.entry import Entry
from tui.screens.base import ClinicScreen, ResultT
from tui.screens.preview import PreviewScreen
from tui.screens.signing import SigningScreen
from tui.ui_text import ui_lines, ui_text
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar


class Field(NamedTuple):
    """A line to fill in."""

    key: str
    label: str
    value: str = ""
    hint: str = ""


class Form(NamedTuple):
    """What is asked, and how an entry is made of the answers."""

    title: str
    fields: tuple[Field, ...]
    entry: Callable[[Mapping[str, str]], Entry]
    about: tuple[str, ...] = ()


class FormScreen(ClinicScreen):
    """The fields of one form, for one patient."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "noop", "Preview"),
        Binding("tab", "app.focus_next", "Next field"),
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Field before", show=False),
        Binding("escape", "back", "Back, nothing saved"),
    ]
    HELP_TEXT = """Enter shows what the entry would change; nothing is saved before you sign there.
Days are written like 2026-01-05; -1 is yesterday, -2 the day before."""

    def __init__(self, view: PatientView | None, form: Form) -> None:
        super().__init__()
        self.view, self.form = view, form

    def compose(self) -> ComposeResult:
        if self.view is not None:
            yield Banner(id="banner", classes="banner")
        yield Static(ui_text(f" {self.form.title}"), classes="title")
        with Vertical(classes="fields"):
            for field in self.form.fields:
                with Horizontal(classes="field"):
                    yield Label(ui_text(field.label))
                    yield Input(field.value, placeholder=field.hint, id=field.key, max_length=200)
        yield Static(id="fault")
        yield Static(ui_lines(self.form.about), id="body")
        yield KeyBar()

    def on_mount(self) -> None:
        super().on_mount()
        if self.view is not None:
            self.query_one(Banner).show(self.view)
        self.query(Input).first().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        values = {field.key: self.query_one(f"#{field.key}", Input).value.strip() for field in self.form.fields}
        fault = self.query_one("#fault", Static)
        fault.update(ui_text(""))
        try:
            following = self.follow(values)
        except Refused as refused:
            fault.update(ui_text(messages.sentence(str(refused))))
            return
        self.app.push_screen(following, self.previewed)

    def follow(self, values: Mapping[str, str]) -> SigningScreen:
        """What comes after the form; Refused where it is not filled in right."""
        entry = self.form.entry(values)
        with self.place.desk() as desk, suppress(ReasonWanted):  # the preview asks for the reason
            entry.draft(desk)
        return PreviewScreen(entry)

    def previewed(self, stored: ResultT) -> None:
        if stored:
            self.dismiss(stored)

    def action_noop(self) -> None:
        """Enter is the field's own key; named here so that the line of keys tells it."""
