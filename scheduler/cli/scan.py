"""`c1d1 scan`: the number under the scanner, whose it is, and giving it, or the near miss."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli.saying import Saying, recording
from scheduler.problems import Refused

if TYPE_CHECKING:
    from scheduler.clinic.scanning import Scanned, Verdict


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--subject", metavar="SUBJECT", help="The patient at hand.")
@click.option("--give", is_flag=True, help="Give it now: records the dose, or the near miss.")
@click.option("--time", "clock", metavar="HH:MM", help="When it was given, by the patient's clock (default: now).")
@recording
def scan(said: Saying, numbers: tuple[str, ...], subject: str | None, give: bool, clock: str | None) -> None:
    """What is syringe NUMBER: whose, which dose, held or not, expired or not; with --give it is given.

    A dose in two syringes is scanned with both numbers. What must not be given is refused and recorded as a near miss.
    """
    if give:
        if subject is None:
            raise Refused("Say with --subject to whom you are about to give it, from the wristband and not the label.")
        _give(said, subject, numbers, clock)
        return
    if clock is not None:
        raise Refused("--time goes with --give.")
    _look(said, numbers, subject)


def _look(said: Saying, numbers: tuple[str, ...], subject: str | None) -> None:
    from scheduler.cli.telling import say
    from scheduler.clinic import home, scanning
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.pharmacy import Pharmacy

    with open_desk(said.home) as desk:
        pharmacy = Pharmacy(desk)
        found = [scanning.look(pharmacy, text, home.now(), subject, said.on) for text in numbers]
    for scanned in found:
        for line in _lines(scanned):
            say(line)
    if any(scanned.against for scanned in found):
        sys.exit(1)


def _lines(scanned: Scanned) -> Iterator[str]:
    from scheduler.clinic.scanning import heading
    from scheduler.clinic.words import day
    from scheduler.engine.stock import contents

    filled, item = scanned.syringe.syringe, scanned.item
    yield f"{heading(scanned)}."
    if item is not None:
        at = f" at {item.slot.time}" if item.slot.time else ""
        mark = f" ({item.slot.mark})" if item.slot.mark else ""
        yield f"  For {day(item.date)}{at}: {item.slot.name}{mark}, {item.slot.route}"
    until = scanned.use_until
    yield f"  {contents(filled)}, lot {filled.lot}"
    yield f"  Use until {day(until.date())} {until:%H:%M} ({scanned.zone})"
    checks = {True: "checked by a second person", False: "DISCREPANCY at the check", None: "not checked"}
    yield f"  {checks[scanned.syringe.checked].capitalize()}."
    yield from (f"! DO NOT GIVE: {why}" for why in scanned.against)
    if not scanned.against:
        yield "  Nothing speaks against giving it."


def _give(said: Saying, subject: str, numbers: tuple[str, ...], clock: str | None) -> None:
    from scheduler.cli import proving, telling
    from scheduler.clinic import home, scanning
    from scheduler.clinic.desk import open_desk

    signature = said.signature()
    with open_desk(said.home) as desk:
        verdict = scanning.give(desk, subject, numbers, said.on, clock, home.now())
        if said.preview:
            _against(verdict)
            telling.preview(verdict.draft)
            sys.exit(1 if verdict.against else 0)
        _against(verdict)  # at once: nobody types a PIN before knowing that it must not be given
        signature = proving.signed(desk, signature, verdict.draft)
        with telling.conflicts():
            stored = desk.store(verdict.draft, signature, said.after)
        telling.stored(verdict.draft, stored)
    if verdict.against:
        telling.aside("It is recorded as a near miss.")
        sys.exit(1)


def _against(verdict: Verdict) -> None:
    from scheduler.cli.telling import aside

    for why in verdict.against:
        aside(f"DO NOT GIVE: {why}")
