"""What every recording command shares: who, when, why; where the record is; preview, then store, then tell."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.asking import Date, refusing
from scheduler.clinic.home import Home, find_home

if TYPE_CHECKING:
    from scheduler.clinic.desk import Desk, Draft, Judge, Signature
    from scheduler.record.recorded import Recorded

ROLES = ("nurse", "pharmacist", "investigator")
ROLE_HELP = "Your role, while there are no accounts (default: nurse); then it is the account's."
Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Saying:
    """What was said about an entry besides the fact itself; `after` is the last entry that the writer saw."""

    on: date | None
    by: str
    role: str
    reason: str
    preview: bool
    after: int | None
    home: Home

    def signature(self) -> Signature:
        from scheduler.clinic.desk import Signature

        signature = Signature(self.by, self.role, self.reason)
        if not self.preview:
            signature.check()
        return signature


@dataclass(frozen=True, slots=True)
class Correcting:
    """An entry that the command at hand is to take the place of."""

    number: int
    said: Saying


def at_home(command: Command) -> Command:
    """--home and --db, bundled into one `home`."""

    @click.option("--home", "folder", metavar="FOLDER", help="The data folder (else C1D1_HOME, else your own).")
    @click.option("--db", "database", metavar="DB", help="The record: a file or an address (else C1D1_DB).")
    @functools.wraps(command)
    def with_home(*args: Any, folder: str | None, database: str | None, **kwargs: Any) -> None:  # noqa: ANN401
        command(*args, home=chosen_home(folder, database), **kwargs)

    return with_home


def chosen_home(folder: str | None = None, database: str | None = None) -> Home:
    """From the options of the command, else from those before it, else from the environment."""
    before = click.get_current_context().find_root().params
    return find_home(folder or before.get("folder"), database or before.get("database"))


def recording(command: Command) -> Command:
    """The options of every recording command, bundled into one `said`, which comes first."""

    @click.option(
        "--on",
        type=Date(),
        help="The day it happened (default: today, by the clinic's zone in clinic.toml, else by this computer).",
    )
    @click.option("--by", default="", metavar="NAME", help="Who records it (else C1D1_BY).")
    @click.option("--role", type=click.Choice(ROLES), default="nurse", help=ROLE_HELP)
    @click.option("--reason", default="", metavar="TEXT", help="Why, in a few words.")
    @click.option("--preview", is_flag=True, help="Show what would change, and store nothing.")
    @click.option("--after", type=click.IntRange(1), help="Store only if this is still the last entry.")
    @refusing
    @at_home
    @functools.wraps(command)
    def said(
        *args: Any,  # noqa: ANN401 - passed on as click gives them
        on: date | None,
        by: str,
        role: str,
        reason: str,
        preview: bool,
        after: int | None,
        home: Home,
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        name = by or os.environ.get("C1D1_BY", "")
        mine = Saying(on, name, role, reason.strip(), preview, after, home)
        outer = click.get_current_context().find_object(Correcting)
        command(outer.said if outer else mine, *args, **kwargs)

    return said


def record(said: Saying, subject: str, judge: Judge, keep: Callable[[Desk], None] | None = None) -> None:
    """Draft, tell, and, unless it is a preview, store; `keep` stores what goes beside the entries first."""
    from scheduler.clinic.desk import open_desk

    signature = said.signature()
    correcting = click.get_current_context().find_object(Correcting)
    with open_desk(said.home) as desk:
        chart = desk.chart(subject)
        if correcting is not None:
            draft = desk.draft_correction(chart, correcting.number, judge, said.on, said.reason)
        else:
            draft = desk.draft(chart, judge, said.on, said.reason)
        finish(desk, draft, said, signature, keep)


def finish(
    desk: Desk, draft: Draft, said: Saying, signature: Signature, keep: Callable[[Desk], None] | None = None
) -> None:
    """Store a draft, once it is proved who signs, and tell what it has changed; or only tell."""
    from scheduler.cli import proving, telling

    for warning in desk.log.warnings:
        telling.aside(warning)
    if said.preview:
        telling.preview(draft)
        return
    signature = proving.signed(desk, signature, draft)
    with telling.conflicts():
        if keep is not None:
            keep(desk)
        stored: tuple[Recorded, ...] = desk.store(draft, signature, said.after)
    telling.stored(draft, stored)
