"""`c1d1 log`: verify, seal, backup, restore, rebuild."""

from __future__ import annotations

import sys

import click

from scheduler import __version__
from scheduler.cli.asking import refusing
from scheduler.cli.progress import bar
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home


@click.group()
def log() -> None:
    """The record as a whole: prove it, seal it, copy it, bring it back."""


@log.command()
@click.option("--seal", "printed", multiple=True, metavar="SEAL", help="A seal from paper, to be checked as well.")
@click.option("--projections", is_flag=True, help="Compare the worklist with the record, too.")
@refusing
@at_home
def verify(printed: tuple[str, ...], projections: bool, home: Home) -> None:
    """Prove that every entry is as it was recorded."""
    from scheduler.cli.telling import aside, say
    from scheduler.clinic.desk import open_desk

    with open_desk(home) as desk, bar("Checking") as progress:
        findings = desk.log.verify(printed, progress)
        findings += desk.log.due_findings(desk.due) if projections else ()
        notes = desk.log.clock_notes()
        entries, seal = desk.log.position(), desk.log.last_seal()
    for note in notes:
        aside(note)
    for finding in findings:
        aside(finding)
    if findings:
        sys.exit(1)
    sealed = f" The last seal is {seal.short}, of {seal.sealed_at:%Y-%m-%d}." if seal else " It has no seal yet."
    say(f"All {entries:,} entries are as they were recorded.{sealed}")


@log.command()
@click.option("--by", default="", metavar="NAME", help="Who seals (else C1D1_BY).")
@refusing
@at_home
def seal(by: str, home: Home) -> None:
    """Seal the record: one number over all of it, to be kept on paper."""
    from scheduler.cli import proving
    from scheduler.cli.telling import say
    from scheduler.clinic.desk import Signature, open_desk

    signature = Signature(proving.name_of(by))
    signature.check()
    with open_desk(home) as desk:
        signature = proving.proved(desk, signature, ("seal",))
        made = desk.log.seal(signature.by.strip())
    say(f"Seal {made.number}: {made.short}, over {made.count:,} entries, {made.sealed_at:%Y-%m-%d %H:%M} UTC.")
    say("Keep it on paper; c1d1 log verify --seal checks against it.")


@log.command()
@click.argument("file")
@refusing
@at_home
def backup(file: str, home: Home) -> None:
    """Copy the whole record into FILE, checked, while others go on working."""
    from scheduler.cli.telling import say
    from scheduler.clinic.desk import open_desk

    with open_desk(home) as desk:
        desk.log.backup(file)
    say(f"The record stands in {file}, checked entry by entry.")


@log.command()
@click.argument("file")
@refusing
@at_home
def restore(file: str, home: Home) -> None:
    """Make a backup the record, where there is none yet."""
    from scheduler.cli.telling import say
    from scheduler.store import backup as safety

    safety.restore(file, home.file or home.database)
    say(f"The record of {file} stands in {home.file or 'the database'}. Run c1d1 log rebuild for the worklist.")


@log.command()
@refusing
@at_home
def rebuild(home: Home) -> None:
    """Make the worklist anew from the entries."""
    from scheduler.cli.telling import say
    from scheduler.clinic.desk import open_desk

    with open_desk(home) as desk, bar("Rebuilding") as progress:
        desk.open_every_protocol()
        desk.log.rebuild_due(desk.due, progress, __version__)
        patients = len(desk.log.subjects())
    say(f"The worklist of {patients:,} patient{'' if patients == 1 else 's'} is made anew.")
