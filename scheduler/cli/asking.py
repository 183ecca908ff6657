"""What commands share: reading what was typed, writing what comes out, refusing in one sentence."""

from __future__ import annotations

import functools
import os
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from scheduler.clinic import Faulty
from scheduler.problems import Refused, printable, report

P = ParamSpec("P")
T = TypeVar("T")


class Date(click.ParamType[date]):
    """A date as year-month-day, so that nobody takes a day for a month."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
                return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{printable(str(value))} is not a day of the calendar.", param, ctx)
        return self.fail(
            f"'{printable(str(value))}' is not a date. Write it like 2026-01-05 (year-month-day).", param, ctx
        )


class Number(click.ParamType[Decimal]):
    """An exact decimal."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        if isinstance(value, Decimal):
            return value
        try:
            if re.fullmatch(r"-?\d{1,7}(\.\d{1,4})?", str(value)):
                return Decimal(str(value))
        except InvalidOperation:
            pass
        return self.fail(
            f"'{printable(str(value))}' is not a number. Write it like 70 or 70.5, without a unit.", param, ctx
        )


class Stamp(click.ParamType[datetime]):
    """A moment in UTC."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return self.fail(f"'{printable(str(value))}' is not a moment. Write it like 2026-01-05T08:00Z.", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def refusing(command: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal into its sentences on standard error and exit status 1."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Faulty as faulty:
            click.echo(report(faulty.problems), err=True)
        except Refused as refused:
            click.echo(printable(str(refused)), err=True)
        except BrokenPipeError:  # whoever read it has had enough, like head; click ends quietly
            raise
        except OSError as fault:
            name = printable(str(fault.filename or "The file"))
            click.echo(
                f"{name}: {(fault.strerror or 'it cannot be used').lower()}. Choose another file or folder.", err=True
            )
        sys.exit(1)

    return guarded


def write(content: str | bytes, output: str | None) -> None:
    """To a file, whole or not at all, that only its owner may read; to standard output without one (or '-')."""
    data = content.encode() if isinstance(content, str) else content
    if output is None or output == "-":
        sys.stdout.buffer.write(data)
        return
    path = _place(output)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".c1d1-", suffix=".part")  # 0600, and nobody's link
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def check_output(output: str | None) -> None:
    """Refused where `write` could not put it; for what is recorded before it is written."""
    if output is not None and output != "-":
        _place(output)


def _place(output: str) -> Path:
    """Where a file may be put: never in the place of a device, a pipe, a folder or a link."""
    path = Path(output)
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}. Make it first, or name another file.")
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise Refused(f"{path} is no ordinary file. Name another, or leave -o out to see it on the screen.")
    return path
