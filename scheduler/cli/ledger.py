"""`c1d1 ledger`: vials in, syringes out, and everything between."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from scheduler.cli import ledger_reading
from scheduler.cli.asking import Date, Number
from scheduler.cli.ledger_entry import as_pharmacist, enter, hand, moment, pairs, products_of
from scheduler.cli.saying import Saying, recording
from scheduler.problems import Refused

if TYPE_CHECKING:
    from scheduler.clinic.pharmacy import LedgerDraft, Pharmacy


@click.group()
def ledger() -> None:
    """Where every vial and every syringe went: one ledger for each agent and strength.

    A syringe has a number from `prepare` on; it is checked by a second person, issued, given or returned, and never
    goes back to stock. Balances below zero, expired lots and unknown syringes are refused.
    """


@ledger.command()
@click.argument("product")
@click.option("--lot", required=True, metavar="LOT", help="The lot, as it stands on the vials.")
@click.option("--expires", required=True, type=Date(), help="The last day of use (of a month: its last day).")
@click.option("--vials", required=True, type=click.IntRange(1), help="How many came.")
@click.option("--maker", default="", metavar="NAME", help="Who made it.")
@click.option("--strength", metavar="AMOUNT", help="What a vial holds, where no product file says it.")
@recording
def receive(said: Saying, product: str, lot: str, expires: date, vials: int, maker: str, strength: str | None) -> None:
    """Vials of PRODUCT came in."""
    from scheduler.clinic import stocking
    from scheduler.outputs.paper import printable

    for text in (lot, maker):
        printable(text)  # it stands on labels: refused here, and not when they are printed

    def judge(pharmacy: Pharmacy, by: str) -> LedgerDraft:
        on, what = said.on or pharmacy.desk.today, (lot, expires, vials)
        known = products_of(said.home)
        return stocking.receive(pharmacy, known, product, what, on, by, strength=strength, maker=maker)

    said = as_pharmacist(said)
    enter(said, judge, first=True)


@ledger.command()
@click.argument("subject")
@click.argument("treatment")
@click.option("--from", "first", type=Date(), help="The first day of doses (default: the day of preparing).")
@click.option("--to", "last", type=Date(), help="The last day of doses (default: the first).")
@click.option("--lot", "lots", multiple=True, metavar="LOT=VIALS", help="The vials used; once for each lot.")
@click.option("--time", "clock", metavar="HH:MM", help="When they were made up (default: now).")
@recording
def prepare(
    said: Saying,
    subject: str,
    treatment: str,
    first: date | None,
    last: date | None,
    lots: tuple[str, ...],
    clock: str | None,
) -> None:
    """Make the syringes of one TREATMENT for the days of SUBJECT; each gets its number."""
    from scheduler.clinic import preparing

    used = tuple(pairs(lots, "--lot"))

    def judge(pharmacy: Pharmacy, by: str) -> LedgerDraft:
        zone = pharmacy.desk.chart(subject).history.enrolment.zone
        at = moment(said, clock, zone)
        begin = first or said.on or pharmacy.desk.today
        wanted = preparing.Wanted(subject, treatment, begin, last or begin, used, at, said.reason)
        return preparing.prepare(pharmacy, products_of(said.home), wanted, by)

    said = as_pharmacist(said)
    enter(said, judge)


@ledger.command()
@click.argument("number")
@click.option("--result", type=Number(), metavar="VOLUME", help="Your own volume in mL, worked out by yourself.")
@recording
def check(said: Saying, number: str, result: Decimal | None) -> None:
    """Check syringe NUMBER as the second person; without --result it shows what to work it out from."""
    from scheduler.cli.telling import aside, say
    from scheduler.clinic import preparing

    if result is None:
        ledger_reading.say_inputs(said.home, products_of(said.home), number)
        return
    mine = result

    def judge(pharmacy: Pharmacy, by: str) -> LedgerDraft:
        return preparing.check(pharmacy, number, mine, said.on or pharmacy.desk.today, by, said.reason)

    said = as_pharmacist(said)
    pharmacy, draft = enter(said, judge)
    if said.preview:
        return
    checked = draft.after.prepared[pharmacy.find(number).syringe.number].checked
    if checked:
        say("The two results agree.")
        return
    aside("DISCREPANCY: the two results differ. Do not hand the syringe out. Look for the reason together.")
    sys.exit(1)


@ledger.command()
@click.argument("subject")
@click.argument("numbers", nargs=-1)
@recording
def issue(said: Saying, subject: str, numbers: tuple[str, ...]) -> None:
    """Hand syringes to SUBJECT: those NUMBERS, or all that are prepared and checked."""
    from scheduler.clinic import handing_out, home

    said = as_pharmacist(said)
    hand(said, subject, lambda pharmacy: lambda scene: handing_out.issue(scene, pharmacy, numbers, home.now()))


@ledger.command("return")
@click.argument("subject")
@click.argument("numbers", nargs=-1, required=True)
@recording
def return_(said: Saying, subject: str, numbers: tuple[str, ...]) -> None:
    """SUBJECT brought syringes back unused. They never go back to stock."""
    from scheduler.clinic import handing_out

    said = as_pharmacist(said)
    hand(said, subject, lambda pharmacy: lambda scene: handing_out.take_back(scene, pharmacy, numbers))


def _discard(how: str) -> click.Command:
    @click.argument("what", nargs=-1, required=True, metavar="NUMBER... | PRODUCT")
    @click.option("--lot", metavar="LOT=VIALS", help="With PRODUCT: which vials.")
    @recording
    def discard(said: Saying, what: tuple[str, ...], lot: str | None) -> None:
        from scheduler.clinic import stocking

        said = as_pharmacist(said)
        if not said.reason:
            raise Refused("Say why with --reason: what happened to them.")

        def judge(pharmacy: Pharmacy, by: str) -> LedgerDraft:
            on = said.on or pharmacy.desk.today
            if lot is None:
                return stocking.discard_syringes(pharmacy, what, how, on, by)
            if len(what) != 1:
                raise Refused("--lot takes one PRODUCT, and no numbers.")
            ((name, vials),) = pairs((lot,), "--lot")
            return stocking.discard_vials(pharmacy, (what[0], name, vials), how, on, by)

        enter(said, judge)

    discard.__doc__ = {
        "destroyed": "Syringes, or vials of PRODUCT, were destroyed: expired, or brought back.",
        "wasted": "Syringes, or vials of PRODUCT, were lost: broken, dropped, spoilt.",
    }[how]
    return click.command({"destroyed": "destroy", "wasted": "waste"}[how])(discard)


@ledger.command()
@click.argument("entry", type=click.IntRange(1))
@click.option("--vials", type=click.IntRange(1), help="The right number of vials.")
@click.option("--lot", metavar="LOT", help="The right lot.")
@click.option("--expires", type=Date(), help="The right last day of use.")
@click.option("--maker", metavar="NAME", help="The right maker.")
@click.option("--withdraw", is_flag=True, help="Nothing takes its place: it never happened.")
@recording
def correct(
    said: Saying,
    entry: int,
    vials: int | None,
    lot: str | None,
    expires: date | None,
    maker: str | None,
    withdraw: bool,
) -> None:
    """Entry number ENTRY of the ledger was wrong. It stays, and what is said now counts. Takes a reason."""
    from scheduler.clinic import stocking

    values = {"vials": vials, "lot": lot, "expires": expires, "maker": maker}
    values = {key: value for key, value in values.items() if value is not None}
    if not said.reason:
        raise Refused("A correction needs a reason. Say with --reason why the entry was wrong.")
    if withdraw == bool(values):
        raise Refused("Give the right values, or --withdraw if it never happened; not both.")
    said = as_pharmacist(said)
    enter(said, lambda p, by: stocking.corrected(p, entry, values, said.on or p.desk.today, by))


ledger.add_command(_discard("destroyed"))
ledger.add_command(_discard("wasted"))
ledger_reading.add_to(ledger)
