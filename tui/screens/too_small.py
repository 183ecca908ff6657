"""Shown while the window is too small to be read safely."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import messages
from tui.ui_text import ui_text

LEAST = Size(80, 24)


def is_too_small(size: Size) -> bool:
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmallScreen(ModalScreen[None]):
    """Takes no key; goes away when the window grows."""

    def compose(self) -> ComposeResult:
        yield Static(ui_text(messages.TOO_SMALL))


def watch_size(app: App[None], size: Size) -> None:
    """Cover the app while its window is too small."""
    small = is_too_small(size)
    if small and not isinstance(app.screen, TooSmallScreen):
        app.push_screen(TooSmallScreen())
    elif not small and isinstance(app.screen, TooSmallScreen):
        app.pop_screen()
