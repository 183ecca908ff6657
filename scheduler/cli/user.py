"""`c1d1 user`: who may record. Accounts are retired, never deleted; every step stands in the account log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home

if TYPE_CHECKING:
    from scheduler.clinic.accounts import Account, Accounts

ROLES = ("nurse", "pharmacist", "investigator", "monitor", "admin")
BY = click.option("--by", default="", metavar="NAME", help="The admin who does it (else C1D1_BY).")
ROLE = click.option("--role", required=True, type=click.Choice(ROLES))


@click.group()
def user() -> None:
    """Accounts of the people who record: add, role, reset, pin, retire, list, log.

    From the first account on, which is an admin's, every command that records asks for the PIN of --by NAME (or
    reads it from the file of C1D1_PIN_FILE). A nurse records measures, toxicities, doses, visits and holds; a
    pharmacist doses and holds; an investigator also lets treatment go on, sets levels, ends, amends and decides; a
    monitor reads only; an admin looks after accounts only.
    """


@user.command()
@click.argument("name")
@ROLE
@BY
@refusing
@at_home
def add(name: str, role: str, by: str, home: Home) -> None:
    """Make an account for NAME, who types the PIN (at least 4 characters) twice. The first one is an admin's."""
    from scheduler.cli import proving
    from scheduler.cli.telling import say

    with _accounts(home, must_exist=False) as accounts:
        accounts.check_new(name, role)
        first = not accounts.any()
        signature = None if first else proving.admin(accounts, proving.name_of(by))
        made = accounts.add(name, role, proving.new_pin(name, first=first), signature)
    say(f"{made.name} has an account now: {made.role}.")
    if first:
        say("From now on every command that records asks for a PIN. Make the accounts of the others next.")


@user.command("role")
@click.argument("name")
@ROLE
@BY
@refusing
@at_home
def role_(name: str, role: str, by: str, home: Home) -> None:
    """Give NAME another role from now on; entries keep the role in which they were recorded."""
    from scheduler.cli import proving
    from scheduler.cli.telling import say

    with _accounts(home) as accounts:
        changed = accounts.set_role(name, role, proving.admin(accounts, proving.name_of(by)))
    say(f"{changed.name} is {changed.role} from now on.")


@user.command()
@click.argument("name")
@BY
@refusing
@at_home
def retire(name: str, by: str, home: Home) -> None:
    """NAME records no more. What NAME recorded stays, and nobody else ever gets the name."""
    from scheduler.cli import proving
    from scheduler.cli.telling import say

    with _accounts(home) as accounts:
        retired = accounts.retire(name, proving.admin(accounts, proving.name_of(by)))
    say(f"The account of {retired.name} is retired.")


@user.command()
@click.argument("name")
@click.option("--take-back", is_flag=True, help="NAME is retired, and comes back.")
@BY
@refusing
@at_home
def reset(name: str, take_back: bool, by: str, home: Home) -> None:
    """Let NAME, who sits beside the admin, type a new PIN; opens an account that is locked."""
    from scheduler.cli import proving
    from scheduler.cli.telling import say

    with _accounts(home) as accounts:
        signature = proving.admin(accounts, proving.name_of(by))
        found = accounts.resettable(name, take_back=take_back)
        accounts.reset(found.name, proving.new_pin(found.name), signature, take_back=take_back)
    say(f"{found.name} has a new PIN{', and records again' if take_back else ''}.")


@user.command()
@BY
@refusing
@at_home
def pin(by: str, home: Home) -> None:
    """Change your own PIN; --by NAME says who you are."""
    from scheduler.cli import proving
    from scheduler.cli.telling import say

    with _accounts(home) as accounts:
        mine = accounts.ready(proving.name_of(by))
        accounts.change_pin(mine.name, proving.read_pin(mine.name), proving.new_pin(mine.name))
    say(f"{mine.name} has a new PIN.")


@user.command("list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@refusing
@at_home
def list_(form: str, home: Home) -> None:
    """Everybody with an account: role, since when, retired, locked."""
    from scheduler.cli.telling import say

    with _accounts(home) as accounts:
        rows = [(account, _state(accounts, account)) for account in accounts.all()]
    if form == "json":
        table = [
            {"name": a.name, "role": a.role, "since": a.created_at.isoformat(), "state": state} for a, state in rows
        ]
        write(json.dumps(table, ensure_ascii=False, indent=1) + "\n", None)
        return
    for account, state in rows:
        say(f"{account.name}: {account.role}, since {account.created_at:%Y-%m-%d}{f', {state}' if state else ''}")
    if not rows:
        say("There are no accounts; a name suffices to record, and nobody is authenticated.")


@user.command("log")
@click.argument("name", required=False)
@refusing
@at_home
def log_(name: str | None, home: Home) -> None:
    """The account log, in order: made, role, retired, signed in, confirmed, failed; of NAME, or of everybody."""
    from scheduler.cli.telling import say

    with _accounts(home) as accounts:
        found = accounts.find(name).name if name else None
        notes = accounts.book.notes(account=found)
    for note in notes:
        by = f", by {note.done_by}" if note.done_by not in ("", note.account) else ""
        said = f" {note.said.split()[0]}" if note.kind in ("made", "role", "failed") else ""
        say(f"{note.number}  {note.at[:19].replace('T', ' ')} UTC  {note.account or 'nobody'}: {note.kind}{said}{by}")


def _state(accounts: Accounts, account: Account) -> str:
    if account.retired_at is not None:
        return f"retired {account.retired_at:%Y-%m-%d}"
    return "locked" if accounts.waits(account) is None else ""


@contextmanager
def _accounts(home: Home, *, must_exist: bool = True) -> Iterator[Accounts]:
    from scheduler.clinic.accounts import Accounts
    from scheduler.clinic.desk import open_desk

    with open_desk(home, must_exist=must_exist) as desk:
        yield Accounts(desk.log.accounts)
