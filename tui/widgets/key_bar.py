"""The keys of a screen on its last line: as many as fit, the rest is behind F1."""

from __future__ import annotations

from textual.events import Resize
from textual.widgets import Static

from tui.ui_text import ui_text


class KeyBar(Static):
    """Shows pairs of key and word; of our own, because the stock footer grows with every patient opened."""

    DEFAULT_CSS = "KeyBar { dock: bottom; height: 1; background: $panel; color: $foreground; }"

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []

    def set_keys(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        self._draw()

    def on_resize(self, _event: Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        last = "F1 Help"
        text = ""
        for key, word in self.pairs:
            part = f"{key} {word}  "
            if len(text) + len(part) + len(last) > self.size.width:
                break
            text += part
        self.update(ui_text(text + last))
