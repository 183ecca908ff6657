"""Proving on the command line who records: PINs without echo, or from a file that only its owner can read."""

from __future__ import annotations

import getpass
import os
import stat
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.problems import Refused, printable

if TYPE_CHECKING:
    from scheduler.clinic.accounts import Accounts
    from scheduler.clinic.desk import Desk, Draft, Signature

FILE, NEW_FILE = "C1D1_PIN_FILE", "C1D1_NEW_PIN_FILE"
LONGEST = 1_000


def name_of(by: str) -> str:
    """Who acts: --by, else C1D1_BY. Never the name under which somebody is logged in at this computer."""
    return by or os.environ.get("C1D1_BY", "")


def signed(desk: Desk, signature: Signature, draft: Draft) -> Signature:
    """The signature of who records a draft: as it was given before the first account is made, then with the PIN."""
    from scheduler.clinic.rights import needed

    return proved(desk, signature, needed(draft.events, draft.before.entries))


def proved(desk: Desk, signature: Signature, actions: Iterable[str]) -> Signature:
    """The signature, with role and PIN of the account, and within its rights; unchanged while there are no accounts."""
    if not desk.log.accounts.any():
        return signature
    from scheduler.clinic import rights
    from scheduler.clinic.accounts import Accounts

    accounts = Accounts(desk.log.accounts)
    account = accounts.ready(signature.by)
    for action in actions:
        rights.check(account.role, action, account.name)
    return accounts.sign(account.name, read_pin(account.name), signature.reason)


def admin(accounts: Accounts, by: str) -> Signature:
    """The signature of an admin, for what is done to accounts."""
    from scheduler.clinic import rights

    if not by:
        raise Refused("Accounts are looked after by an admin. Say which with --by NAME, or set C1D1_BY.")
    account = accounts.ready(by)
    rights.check(account.role, "accounts", account.name)
    return accounts.sign(account.name, read_pin(account.name))


def read_pin(name: str) -> str:
    """The PIN of somebody, from the file of C1D1_PIN_FILE, or asked for without echo."""
    file = os.environ.get(FILE)
    return private_line(Path(file), FILE) if file else _asked(f"PIN of {printable(name)}")


def new_pin(name: str, *, first: bool = False) -> str:
    """A new PIN, typed twice by the person, or from a file; for the very first account C1D1_PIN_FILE will do."""
    from scheduler.clinic import pins

    variables = (NEW_FILE, FILE) if first else (NEW_FILE,)
    for variable in variables:
        file = os.environ.get(variable)
        if file:
            pin = private_line(Path(file), variable)
            pins.check(pin, name)
            return pin
    pin = _asked(f"New PIN, typed by {printable(name)}")
    pins.check(pin, name)
    if _asked("The same again") != pin:
        raise Refused("The two PINs differ. Nothing was changed; try again.")
    return pin


def _asked(prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            answer: str = click.prompt(prompt, hide_input=True, err=True, default="", show_default=False)
    except getpass.GetPassWarning:
        raise Refused(f"There is no terminal to ask for the PIN. Name a file that holds it in {FILE}.") from None
    except click.Abort:
        raise Refused("No PIN was given. Nothing was recorded.") from None
    return answer


def private_line(path: Path, variable: str, what: str = "PIN") -> str:
    """The one line of a file that belongs to this user and that nobody else can read; `variable` names the file."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        raise Refused(f"The file that {variable} names cannot be read. Check its name and its permissions.") from None
    try:
        _check_private(os.fstat(handle), variable, what)
        content = os.read(handle, LONGEST + 1)
    finally:
        os.close(handle)
    try:
        pin = content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        pin = ""
    if not pin or len(content) > LONGEST or not pin.isprintable():
        raise Refused(f"The file that {variable} names holds no {what}. It has to be one line of text.")
    return pin


def _check_private(found: os.stat_result, variable: str, what: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{variable} does not name a file. Give the name of a file with the {what} in it.")
    if os.name == "nt":
        return  # the profile's folder keeps others out
    if found.st_mode & 0o077 or found.st_uid != os.geteuid():
        raise Refused(
            f"Others can read the file that {variable} names, or it is not yours. Make it private: chmod 600."
        )
