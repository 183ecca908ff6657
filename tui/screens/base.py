"""What all screens share: a head, the line of keys, reading again, refusing in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.widgets import Input

from scheduler.clinic.plans import Faulty
from scheduler.problems import Refused
from tui import messages
from tui.messages import sentence
from tui.screens.leaving import LeftOnce
from tui.screens.palette import Command
from tui.widgets.key_bar import KeyBar
from tui.workplace import Workplace

if TYPE_CHECKING:
    from tui.app import C1D1App

SHOWN_KEYS = {"escape": "Esc", "enter": "Enter", "pageup": "PgUp", "pagedown": "PgDn", "tab": "Tab"}
ResultT = bool | None


class ClinicScreen(LeftOnce[ResultT]):
    """A screen of the app; `True` as its result means that something was stored."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back")]
    HELP_TEXT: ClassVar[str] = ""
    PATIENT_DATA: ClassVar[bool] = True

    @property
    def clinic_app(self) -> C1D1App:
        return cast("C1D1App", self.app)

    @property
    def place(self) -> Workplace:
        return self.clinic_app.place

    def on_mount(self) -> None:
        self.show_keys()
        self.reread()

    def on_screen_resume(self) -> None:
        self.forget_secret()
        self.reread()

    def forget_secret(self) -> None:
        """A PIN that was half typed does not outlive a lock, or another screen."""
        for secret in self.query("#secret").results(Input):
            secret.value = ""

    def reread(self) -> None:
        """Show the record as it is now; called again whenever it changed."""

    def record_changed(self, subjects: frozenset[str]) -> None:
        """Somebody recorded something; `subjects` are the patients."""
        del subjects
        self.reread()

    def action_back(self) -> None:
        self.dismiss(None)

    # ------------------------------------------------------------ keys

    def key_words(self) -> list[tuple[str, str]]:
        """Every key of this screen with its word, in order."""
        found: dict[str, str] = {}
        for binding in self._bindings.key_to_bindings.values():
            for one in binding:
                if one.show and one.description:
                    found.setdefault(one.key, one.description)
        back = found.pop("escape", None)
        if "enter" in found:
            found = {"enter": found.pop("enter"), **found}
        pairs = [(SHOWN_KEYS.get(key, key.upper() if len(key) > 1 else key), word) for key, word in found.items()]
        return [*pairs, *([("Esc", back)] if back else [])]

    def commands(self) -> list[Command]:
        """Every act of this screen by its name, for the list of all commands."""
        found = [one for keys in self._bindings.key_to_bindings.values() for one in keys if one.show]
        named = {one.action: one for one in found if one.action not in ("noop", "back")}
        return [Command(one.description, SHOWN_KEYS.get(one.key, one.key), one.action) for one in named.values()]

    async def do(self, action: str | None) -> None:
        """What was chosen from that list."""
        if action is not None:
            await self.run_action(action)

    def show_keys(self) -> None:
        for bar in self.query(KeyBar):
            bar.set_keys(self.key_words())

    def scanned(self, code: str) -> bool:
        """What a scanner read. Nothing is done with it here; it is said, so that nobody wonders."""
        self.say(messages.SCANNED.format(code=code))
        return True

    # ------------------------------------------------------------ refusing

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Whatever is refused becomes one calm sentence in a dialog."""
        try:
            yield
        except Refused as refused:
            self.say(sentence(str(refused)))
        except Faulty as faulty:
            self.say(f"{faulty.problems[0].what} {faulty.problems[0].mend}")

    def say(self, text: str) -> None:
        """A dialog with a sentence, that stays until a key is pressed."""
        from tui.screens.notice import NoticeScreen

        self.app.push_screen(NoticeScreen(text))
