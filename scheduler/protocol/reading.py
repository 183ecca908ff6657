"""What a reader carries along: the names declared so far, the problems found so far, and what was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from scheduler.problems import Misread, Place, Problem
from scheduler.protocol.located_yaml import Document, Entry, Items, Node, Table, Text
from scheduler.protocol.wording import did_you_mean, listed, nearest, one_of_many, quoted
from scheduler.protocol.words import Names

T = TypeVar("T")
LONGEST_TEXT = 1000
MOST_PROBLEMS = 100
EVERYTHING = "*"
LOST = "\ufffd"  # what stands in place of a hidden character, too


@dataclass(slots=True)
class Reading:
    """One document being read. Every method records a problem and returns None instead of raising.

    `lost` are the blocks of which some line could not be read, so that nobody reports their content as
    missing; `hushed` are codes that would only repeat a problem which is told already.
    """

    document: Document
    names: Names = field(default_factory=Names)
    problems: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    hushed: set[str] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        return len(self.problems) > MOST_PROBLEMS

    def problem(self, place: Place, code: str, what: str, mend: str) -> None:
        if self.is_full or code in self.hushed:
            return
        new = self.document.problem(place, code, what, mend)
        if len(self.problems) == MOST_PROBLEMS:
            what = f"More than {MOST_PROBLEMS} problems are in this file; it was read up to here."
            new = self.document.problem(place, "too-many-problems", what, "Mend those above first.")
            self.lost.add(EVERYTHING)
        self.problems.append(new)

    def understood(self, text: Text | None, reader: Callable[[str], T]) -> T | None:
        """A sentence handed to its reader; a fault is recorded at its very word."""
        if text is None or not self._is_readable(text):
            return None
        try:
            return reader(text.value)
        except Misread as fault:
            self.problem(
                text.at(fault.start, fault.width or len(text.value)),
                fault.code,
                fault.what,
                fault.mend,
            )
            return None

    def one_of(self, text: Text | None, choices: tuple[str, ...], code: str, kind: str = "known here") -> str | None:
        """A word of a closed list; `kind` is told as 'a form that is handed out'."""
        if text is None or text.value in choices:
            return text.value if text else None
        self.problem(
            text.place,
            code,
            f"{quoted(text.value)} is not {kind}.{did_you_mean(text.value, choices)}",
            f"Write {one_of_many(text.value, choices)}.",
        )
        return None

    def text(self, node: Node | None, place: Place, key: str) -> Text | None:
        """A piece of text; a list or a table in its place, or nothing at all, is a problem."""
        if isinstance(node, Text):
            return node if self._is_readable(node) else None
        if node is None:
            self.problem(place, "missing", f"'{key}' is missing here.", f"Add a line '{key}: ...'.")
        else:
            self.problem(
                node.place,
                "not-a-text",
                f"{quoted(key)} is one line of text, and a list of lines stands here.",
                f"Write '{key}: ...' on one line.",
            )
        return None

    def optional(self, table: Table, key: str) -> Text | None:
        node = table.get(key)
        return None if node is None else self.text(node, table.place, key)

    def required(self, table: Table, key: str) -> Text | None:
        return self.text(table.get(key), table.place, key)

    def table(self, node: Node, what: str, example: str) -> Table | None:
        """A block of 'name: value' lines."""
        if isinstance(node, Table):
            return node
        self.problem(
            node.place,
            "not-a-table",
            f"{what} is written as 'name: value' lines.",
            f"Write it like '{example}'.",
        )
        return None

    def items(self, node: Node, what: str, example: str) -> Iterator[Node]:
        """The lines of a list, each beginning with '- '; none are read after too many problems."""
        if not isinstance(node, Items):
            self.problem(
                node.place,
                "not-a-list",
                f"{what} is a list, each line beginning with '- '.",
                f"Write it like '- {example}'.",
            )
            return
        for item in node.items:
            if self.is_full:
                return
            yield item

    def only(self, table: Table, allowed: tuple[str, ...], where: str) -> Table:
        """Every other key is a problem; the table as it is meant, a slip of the pen read as the nearest key."""
        meant = []
        for entry in table.entries:
            key = entry.key
            if key.value in allowed or self.is_full:
                meant.append(entry)
                continue
            near = nearest(key.value, allowed)
            if not self._is_readable(key):
                self.lost.add(EVERYTHING)
                continue
            self.problem(
                key.place,
                "unknown-key",
                f"{quoted(key.value)} is not a word that {where} knows.{did_you_mean(key.value, allowed)}",
                f"Write '{near}'." if near else f"Known are {listed(allowed, 'and')}.",
            )
            if near and table.get(near) is None:
                meant.append(Entry(replace(key, value=near), entry.value))
            else:
                self.lost.add(EVERYTHING)
        return Table(tuple(meant), table.place)

    def _is_readable(self, text: Text) -> bool:
        """Whether a text has a length and characters that people can read."""
        if LOST in text.value:
            self._note_lost(text)
            return False
        if len(text.value) > LONGEST_TEXT:
            what = f"This text has {len(text.value):,} characters, and at most {LONGEST_TEXT:,} are read."
            self.problem(text.at(LONGEST_TEXT, 1), "too-long", what, "Shorten it, or make two statements of it.")
            return False
        strange = next((at for at, c in enumerate(text.value) if c.isdecimal() and not c.isascii()), None)
        if strange is not None:
            digit = text.value[strange]
            what = f"'{digit}' is the digit {int(digit)} of another script, and only 0 to 9 are read."
            self.problem(text.at(strange, 1), "foreign-digit", what, f"Write {int(digit)}.")
        return strange is None

    def _note_lost(self, text: Text) -> None:
        """A sign for a character that got lost; a hidden one has been told already."""
        if all(problem.code not in ("hidden-character", "tab") for problem in self.document.problems):
            what = "A character got lost here; the sign for that (U+FFFD) stands in its place."
            self.problem(text.at(text.value.index(LOST), 1), "lost-character", what, "Write what was meant.")
