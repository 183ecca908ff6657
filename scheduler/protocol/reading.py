"""What a reader carries along: the names declared so far, and the problems found so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from scheduler.problems import Misread, Place, Problem
from scheduler.protocol.located_yaml import Document, Items, Node, Table, Text
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.protocol.words import Names

T = TypeVar("T")


@dataclass(slots=True)
class Reading:
    """One document being read. Every method records a problem and returns None instead of raising."""

    document: Document
    names: Names = field(default_factory=Names)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, code: str, what: str, mend: str) -> None:
        self.problems.append(self.document.problem(place, code, what, mend))

    def understood(self, text: Text | None, reader: Callable[[str], T]) -> T | None:
        """A sentence handed to its reader; a fault is recorded at its very word."""
        if text is None:
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

    def one_of(self, text: Text | None, choices: tuple[str, ...], code: str) -> str | None:
        """A word of a closed list."""
        if text is None or text.value in choices:
            return text.value if text else None
        near = did_you_mean(text.value, choices)
        self.problem(
            text.place,
            code,
            f"'{text.value}' is not known here.{near}",
            f"Write {listed(choices)}.",
        )
        return None

    def text(self, node: Node | None, place: Place, key: str) -> Text | None:
        """A piece of text; a list or a table in its place, or nothing at all, is a problem."""
        if isinstance(node, Text):
            return node
        if node is None:
            self.problem(place, "missing", f"'{key}' is missing here.", f"Add a line '{key}: ...'.")
        else:
            self.problem(
                node.place,
                "not-a-text",
                f"'{key}' is one line of text, not a list.",
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

    def items(self, node: Node, what: str, example: str) -> tuple[Node, ...]:
        """A list of lines that begin with '- '."""
        if isinstance(node, Items):
            return node.items
        self.problem(
            node.place,
            "not-a-list",
            f"{what} is a list, each line beginning with '- '.",
            f"Write it like '- {example}'.",
        )
        return ()

    def only(self, table: Table, allowed: tuple[str, ...], where: str) -> None:
        """Every other key is a problem, with the nearest one that is known."""
        for entry in table.entries:
            if entry.key.value not in allowed:
                near = did_you_mean(entry.key.value, allowed)
                self.problem(
                    entry.key.place,
                    "unknown-key",
                    f"'{entry.key.value}' is not a word that {where} knows.{near}",
                    f"Known are {listed(allowed)}.",
                )
