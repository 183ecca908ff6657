"""A screen is left once: a second Enter that was on its way takes no other screen with it."""

from __future__ import annotations

from typing import Generic

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class LeftOnce(Screen[ScreenResultType], Generic[ScreenResultType]):
    """Comes before Textual's own kinds of screen among the bases."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        if self.app.screen is not self:  # left already, or under a lock, which only a PIN opens
            return AwaitComplete()
        return super().dismiss(result)
