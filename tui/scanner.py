"""A barcode scanner types like a keyboard, only faster: what comes as a burst is a scan, and never commands.

A key that could be a command waits for a moment until it is known that no other follows at once. In a field that
takes text a scan is text, like anything else that is typed there; a list that filters takes it as a scan.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from textual.events import Key

GAP, HELD = 0.03, 0.05
"""Seconds: keys that follow each other faster than GAP are no fingers; a key waits HELD for the next one."""
LEAST = 3
"""Keys: two at once are a slip, or a slow network that delivers them together."""

Later = Callable[[float, Callable[[], Awaitable[None]]], object]


class Scanner:
    """Told every key before the app; `deliver` hands on what was a person's, `scanned` takes the text of a scan.

    `scanned` says whether the text meant anything; `later` calls back after seconds.
    """

    def __init__(
        self, deliver: Callable[[Key], Awaitable[None]], scanned: Callable[[str], bool], later: Later, gap: float = GAP
    ) -> None:
        self._deliver, self._scanned, self._later, self._gap = deliver, scanned, later, gap
        self._held: list[Key] = []
        self._typed = ""
        self._last = 0.0

    async def took(self, event: Key, *, takes_text: bool, filters: bool) -> bool:
        """Whether the key waits here or was part of a scan; else it goes its way."""
        if not self._gap:
            return False
        follows = event.time - self._last <= self._gap
        self._last = event.time
        text = (event.character or "") if event.is_printable else ""
        if takes_text or filters:
            await self.release()
            return filters and self._in_a_list(event, text, follows=follows)
        return await self._as_command(event, text, follows=follows)

    def _in_a_list(self, event: Key, text: str, *, follows: bool) -> bool:
        if text:
            self._typed = (self._typed if follows else "") + text
            return False
        code, self._typed = self._typed, ""
        return event.key == "enter" and follows and len(code) >= LEAST and self._scanned(code)

    async def _as_command(self, event: Key, text: str, *, follows: bool) -> bool:
        if self._held and not follows:
            await self.release()
        if text:
            self._held.append(event)
            self._later(HELD, partial(self._release_after, event))
            return True
        if event.key == "enter" and self._held:
            self._held.append(event)
            await self.release()
            return True
        await self.release()
        return False

    async def _release_after(self, event: Key) -> None:
        if self._held and self._held[-1] is event:
            await self.release()

    async def release(self) -> None:
        """Hand on what waits, or take it for a scan."""
        held, self._held = self._held, []
        if len(held) >= LEAST:
            self._scanned("".join(key.character or "" for key in held if key.is_printable))
            return
        for key in held:
            await self._deliver(key)
