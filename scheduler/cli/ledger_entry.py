"""What the commands of `c1d1 ledger` share: draft, prove who signs, draft anew, store, tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from scheduler.cli.saying import Saying
from scheduler.clinic.home import Home
from scheduler.problems import Refused
from scheduler.protocol.product_model import Product

if TYPE_CHECKING:
    from scheduler.clinic.desk import Judge as PatientJudge
    from scheduler.clinic.pharmacy import LedgerDraft, Pharmacy
    from scheduler.record.stock import SyringesPrepared

Judge = Callable[["Pharmacy", str], "LedgerDraft"]
"""Makes a draft from the ledger as it is, for the person of this name."""


def as_pharmacist(said: Saying) -> Saying:
    """The ledger is the pharmacist's: this is the role where none was said and nobody has an account."""
    source = click.get_current_context().get_parameter_source("role")
    return replace(said, role="pharmacist") if source is click.core.ParameterSource.DEFAULT else said


def enter(said: Saying, judge: Judge, *, first: bool = False) -> tuple[Pharmacy, LedgerDraft]:
    """Draft, and, unless it is a preview, store and tell; `first` where the ledger may begin with it.

    Where others recorded while the PIN was typed, it is judged anew: somebody may have taken the last vial.
    """
    from scheduler.cli import proving, telling
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.pharmacy import Pharmacy
    from scheduler.clinic.rights import needed

    signature = said.signature()
    with open_desk(said.home, must_exist=not first) as desk:
        pharmacy = Pharmacy(desk)
        draft = judge(pharmacy, signature.by)
        if said.preview:
            telling.say("PREVIEW for the ledger: nothing is stored.")
            _tell(draft)
            telling.say(f"To store it: the same command without --preview, with --after {pharmacy.last_number}.")
            return pharmacy, draft
        signature = proving.proved(desk, signature, needed(draft.events, pharmacy.entries))
        if Pharmacy(desk).last_number != pharmacy.last_number:
            pharmacy = Pharmacy(desk)
            draft = judge(pharmacy, signature.by)
        with telling.conflicts():
            stored = pharmacy.store(draft, signature, said.after)
        numbers = ", ".join(str(entry.number) for entry in stored)
        telling.say(f"Recorded in the ledger as {'entry' if len(stored) == 1 else 'entries'} {numbers}.")
        _tell(draft, stored=True)
        return pharmacy, draft


def hand(said: Saying, subject: str, make: Callable[[Pharmacy], PatientJudge]) -> None:
    """An entry in the record of a patient that is judged by the ledger as well."""
    from scheduler.cli.saying import finish
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.pharmacy import Pharmacy

    signature = said.signature()
    with open_desk(said.home) as desk:
        draft = desk.draft(desk.chart(subject), make(Pharmacy(desk)), said.on, said.reason)
        finish(desk, draft, said, signature)


def _tell(draft: LedgerDraft, *, stored: bool = False) -> None:
    from scheduler.cli import telling
    from scheduler.clinic.stock_words import preview_words
    from scheduler.clinic.words import count
    from scheduler.engine.stock_lines import moves
    from scheduler.record.events import EventCorrected
    from scheduler.record.stock import SyringesPrepared

    for event in draft.events:
        if stored and isinstance(event, SyringesPrepared):
            say_syringes(event)
        else:
            telling.say(f"  {telling.fact(event) if stored else preview_words(event)}")
    for flag in draft.flags:
        telling.say(f"! {flag}")
    touched = [e.replacement if isinstance(e, EventCorrected) else e for e in draft.events]
    products = dict.fromkeys(product for event in touched for product, _, _ in moves(event))
    for product in products or draft.after.products:
        was, now = draft.before.balance(product), draft.after.balance(product)
        if was != now:
            telling.say(f"Balance of {product}: {count(now, 'vial')} (before: {was:,}).")


def say_syringes(event: SyringesPrepared) -> None:
    """A line for each new syringe, its number first."""
    from scheduler.cli.telling import say
    from scheduler.engine.stock import contents
    from scheduler.engine.stock import moment as moment_of
    from scheduler.record.syringe_numbers import printed

    until = moment_of(event.syringes[0].use_until)
    say(f"  For {event.subject}, to be used until {until:%Y-%m-%d %H:%M} UTC:")
    for each in event.syringes:
        say(f"    {printed(each.number)}  {each.item}, {contents(each)}")


def products_of(home: Home) -> Mapping[str, Product]:
    """The products that this clinic goes by, of which the vial is known."""
    from scheduler.clinic.settings import settings_of
    from scheduler.clinic.site_products import known
    from scheduler.clinic.site_products import products_of as all_products

    return known(all_products(settings_of(home)))


def pairs(texts: tuple[str, ...], option: str) -> list[tuple[str, int]]:
    """'AB-1=2' as a name and a whole number, each once."""
    found: dict[str, int] = {}
    for text in texts:
        name, sign, number = text.rpartition("=")
        if not sign or not name.strip() or not re.fullmatch(r"\d{1,6}", number.strip(), re.ASCII):
            raise Refused(f"{option} takes a name and a number, like {option} AB-1=2.")
        if name.strip() in found:
            raise Refused(f"{name.strip()} is named twice. Give one number for it.")
        found[name.strip()] = int(number)
    return list(found.items())


def moment(said: Saying, clock: str | None, zone: str) -> datetime:
    """The moment of --on and --time by the clock of a zone; now, where neither is given."""
    from datetime import UTC, time
    from zoneinfo import ZoneInfo

    from scheduler.clinic import home
    from scheduler.clinic.enrolment import clock_time
    from scheduler.clinic.scene import check_moment
    from scheduler.clinic.settings import today

    at = clock_time(clock)
    if at is None:
        if said.on is not None and said.on != today(said.home):
            raise Refused("Say at what time it was, like --time 14:30.")
        return home.now()
    found = datetime.combine(said.on or today(said.home), time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)
    check_moment(found, home.now())
    return found
