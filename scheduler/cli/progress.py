"""How far a long task has come: a bar on standard error, where a person looks at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Told how many are done, and of how many; nothing is drawn where there is no terminal."""
    done = 0
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as drawn:

        def progress(now: int, total: int) -> None:
            nonlocal done
            drawn.length = total
            drawn.update(now - done)
            done = now

        yield progress
