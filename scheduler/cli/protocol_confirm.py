"""`c1d1 protocol assumptions` and `confirm`: what no source says, and who stands in for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from scheduler import clinic
from scheduler.cli.asking import refusing, write
from scheduler.cli.saying import ROLE_HELP, ROLES, at_home
from scheduler.clinic.home import Home
from scheduler.problems import Refused

if TYPE_CHECKING:
    from scheduler.clinic.confirming import Assumed
    from scheduler.clinic.desk import Desk, Signature
    from scheduler.protocol.model import Protocol

PATIENT = click.option("--patient", metavar="SUBJECT", help="The text that this patient is on, instead of ID.")


@click.command()
@click.argument("name", metavar="[ID]", required=False)
@PATIENT
@refusing
@at_home
def assumptions(name: str | None, patient: str | None, home: Home) -> None:
    """Print every assumption: why, what otherwise, who confirmed it. ID is a name or a file."""
    from scheduler.clinic.confirming import as_confirmed
    from scheduler.outputs.protocol_text import assumptions_text

    with _chosen(home, name, patient) as (desk, protocol):
        text = assumptions_text(as_confirmed(desk.log if desk else None, protocol))
    write(text, None)


@click.command()
@click.argument("name", metavar="[ID]", required=False)
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1, type=click.IntRange(1))
@PATIENT
@click.option("--all", "every", is_flag=True, help="Every assumption that nobody has confirmed yet.")
@click.option("--take-back", is_flag=True, help="The confirmation was an error; it stays in the record.")
@click.option("--by", default="", metavar="NAME", help="Who confirms (else C1D1_BY).")
@click.option("--role", type=click.Choice(ROLES), default="investigator", help=ROLE_HELP.replace("nurse", ROLES[-1]))
@click.option("--reason", default="", metavar="TEXT", help="Why, in a few words.")
@click.option("--preview", is_flag=True, help="Show what would be confirmed, and store nothing.")
@refusing
@at_home
def confirm(
    name: str | None,
    numbers: tuple[int, ...],
    patient: str | None,
    every: bool,
    take_back: bool,
    by: str,
    role: str,
    reason: str,
    preview: bool,
    home: Home,
) -> None:
    """Confirm assumptions of a protocol by their NUMBERs in `c1d1 protocol assumptions`. An investigator signs.

    A confirmation holds for this very text of the file, and for every patient who is on it.
    """
    from scheduler.clinic import confirming
    from scheduler.clinic.desk import Signature

    if patient is not None and name is not None and name.isdecimal():
        numbers = (int(name), *numbers)
        name = None
    if every == bool(numbers) or (take_back and len(numbers) != 1):
        raise Refused("Name the numbers of the assumptions, or all of them with --all. One at a time is taken back.")
    if take_back and not reason.strip():
        raise Refused("Say with --reason why the confirmation was an error.")
    signature = Signature(by or os.environ.get("C1D1_BY", ""), role, reason.strip())
    with _chosen(home, name, patient, must_exist=False) as (desk, protocol):
        assert desk is not None  # noqa: S101 - it was made
        if take_back:
            _take_back(desk, protocol, numbers[0], signature, preview)
            return
        chosen = confirming.to_confirm(desk.log, protocol, numbers)
        stored = () if preview else confirming.confirm(desk, protocol, chosen, _proved(desk, signature))
        _tell(chosen, protocol, preview)
        if stored:
            click.echo(f"Confirmed by {stored[0].recorded_by}, {stored[0].role}.")


def _take_back(desk: Desk, protocol: Protocol, number: int, signature: Signature, preview: bool) -> None:
    from scheduler.clinic import confirming

    chosen = confirming.to_take_back(desk.log, protocol, number)
    if not preview:
        confirming.take_back(desk, protocol, chosen, _proved(desk, signature))
    _tell([chosen], protocol, preview)
    if not preview:
        click.echo("It is confirmed by nobody any more; the confirmation stays in the record as an error.")


def _proved(desk: Desk, signature: Signature) -> Signature:
    from scheduler.cli import proving

    signature.check()
    return proving.proved(desk, signature, ("confirm",))


def _tell(chosen: Sequence[Assumed], protocol: Protocol, preview: bool) -> None:
    from scheduler.cli.telling import say

    if preview:
        say("PREVIEW: nothing is stored.")
    say(f"{protocol.name}, edition {protocol.edition}, file {protocol.digest[:12]}")
    for one in chosen:
        say(f"  {one.number}  {one.statement.text}")


@contextmanager
def _chosen(
    home: Home, name: str | None, patient: str | None, *, must_exist: bool = True
) -> Iterator[tuple[Desk | None, Protocol]]:
    """The file of a name, or the text that a patient is on; the desk is None while there is no record."""
    from scheduler.clinic.desk import open_desk

    if (name is None) == (patient is None):
        raise Refused("Name a protocol, or a patient with --patient; not both.")
    if patient is None and must_exist and home.file is not None and not home.file.is_file():
        yield None, clinic.open_protocol(str(name), home.lists)
        return
    found = None if name is None else clinic.open_protocol(name, home.lists)
    with open_desk(home, must_exist=must_exist or patient is not None) as desk:
        yield desk, found or desk.chart(str(patient)).protocol


def add_to(group: click.Group) -> None:
    """Hang the commands below `protocol`."""
    group.add_command(assumptions)
    group.add_command(confirm)
