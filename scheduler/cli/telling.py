"""What recording commands print: the entry, what to look at, the change list; and who was faster."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from scheduler.clinic.change_words import change_lines
from scheduler.clinic.event_words import entry_lines, event_words
from scheduler.clinic.routes import patient_lines
from scheduler.clinic.words import day
from scheduler.outputs.lines import clean, wrapped
from scheduler.problems import printable
from scheduler.store.faults import Conflict

if TYPE_CHECKING:
    from scheduler.clinic.desk import Draft
    from scheduler.record.events import Event
    from scheduler.record.recorded import Recorded


def preview(draft: Draft) -> None:
    """What an entry would change."""
    last = draft.before.last_number
    say(f"PREVIEW for {draft.before.subject}: nothing is stored.")
    _tell(draft)
    say(f"To store it: the same command without --preview, with --after {last}.")


def stored(draft: Draft, entries: Sequence[Recorded]) -> None:
    """What was recorded, and what it has changed."""
    numbers = ", ".join(str(entry.number) for entry in entries)
    say(f"Recorded for {draft.before.subject} as {'entry' if len(entries) == 1 else 'entries'} {numbers}.")
    _tell(draft)


def _tell(draft: Draft) -> None:
    for event in draft.events:
        say(f"  {fact(event)}")
    for flag in draft.flags:
        say(f"! {flag}")
    for line in (*patient_lines(draft.before, draft.changes), *change_lines(draft.changes)):
        say(line)


def fact(event: Event) -> str:
    """An event with its day."""
    return f"{day(event.happened_on)}: {event_words(event)}."


def say(line: str) -> None:
    """A line on the screen, wrapped, with nothing in it that a terminal would stumble over."""
    indent = line[: len(line) - len(line.lstrip())]
    for part in wrapped(clean(line), indent, f"{indent}  "):
        click.echo(part)


def aside(line: str) -> None:
    """A line for people, beside the output."""
    click.echo(printable(line), err=True)


@contextmanager
def conflicts() -> Iterator[None]:
    """Tell what came in from others meanwhile, and how to go on."""
    try:
        yield
    except Conflict as conflict:
        aside(str(conflict))
        for line in entry_lines(conflict.since):
            aside(f"  {line}")
        if conflict.since:
            aside("If it still holds, give the same command again; with --preview to look first.")
        sys.exit(1)
