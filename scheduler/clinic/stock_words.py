"""What happened to vials and syringes, in one sentence without the day."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.clinic.words import count, day
from scheduler.engine.stock import contents
from scheduler.protocol.wording import listed
from scheduler.quantities import Amount
from scheduler.record import stock as s
from scheduler.record.syringe_numbers import printed


def stock_words(event: object) -> str:
    """The sentence; '' for an event of another kind."""
    return _of_vials(event) or _of_syringes(event)


def _of_vials(event: object) -> str:
    match event:
        case s.VialsReceived():
            maker = f" from {event.maker}" if event.maker else ""
            what = f"{count(event.vials, 'vial')} of {event.product}{maker}, {event.strength} in each"
            return f"Received: {what}, lot {event.lot}, to be used by {day(event.expires)}"
        case s.VialsDiscarded():
            return f"{event.how.capitalize()}: {count(event.vials, 'vial')} of {event.product}, lot {event.lot}"
        case s.ShelfCounted():
            same = "as the ledger says" if event.counted == event.balance else f"and the ledger said {event.balance:,}"
            return f"Counted on the shelf: {count(event.counted, 'vial')} of {event.product}, {same}"
        case _:
            return ""


def _of_syringes(event: object) -> str:
    match event:
        case s.SyringesPrepared():
            lots = listed([f"{count(used.vials, 'vial')} of lot {used.lot}" for used in event.vials], "and")
            which = listed([filled_words(each) for each in event.syringes], "and")
            return f"Prepared for {event.subject} from {lots}: {which}"
        case s.SyringeChecked():
            return f"Checked by a second person: syringe {printed(event.number)}, {Amount(event.result, 'mL')}"
        case s.SyringesDiscarded():
            return f"{event.how.capitalize()}: {numbers_words(event.numbers)}"
        case s.SyringesIssued():
            return f"Handed out: {listed([filled_words(each) for each in event.syringes], 'and')}"
        case s.SyringesReturned():
            return f"Brought back unused, not to be given again: {numbers_words(event.numbers)}"
        case s.NearMiss():
            why = " ".join(event.why).rstrip(".")
            return f"NEAR MISS, stopped: syringe {printed(event.number)} was about to be given. {why}"
        case _:
            return ""


def filled_words(syringe: s.FilledSyringe) -> str:
    """'4821-057P for C1D2/aldesleukin_low (1.791 million units, 0.1 mL, lot A1)'."""
    return f"{printed(syringe.number)} for {syringe.item} ({contents(syringe)}, lot {syringe.lot})"


def numbers_words(numbers: Iterable[str]) -> str:
    """'syringe 4821-057P', 'syringes 4821-057P and 1234-567B'."""
    found = [printed(number) for number in numbers]
    return f"syringe{'' if len(found) == 1 else 's'} {listed(found, 'and')}"


def preview_words(event: object) -> str:
    """As `stock_words`, for what is not stored yet: without numbers, which are given when it is."""
    if isinstance(event, s.SyringesPrepared):
        lots = listed([f"{count(used.vials, 'vial')} of lot {used.lot}" for used in event.vials], "and")
        each = [f"{x.item} ({contents(x)})" for x in event.syringes]
        return f"To be prepared for {event.subject} from {lots}: {listed(each, 'and')}; each gets its number then."
    return stock_words(event)
