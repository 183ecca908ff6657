"""Syringes handed to a patient, and brought back: entries in the patient's record, judged by ledger and schedule.

What is handed out stands in the record with its amounts and is never computed anew. Both entries name the ledger's
last entry: should a syringe be destroyed in the same moment, one of the two is turned away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from scheduler.clinic.pharmacy import Pharmacy, Place
from scheduler.clinic.preparing import due_at
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.words import day
from scheduler.engine.schedule import Item, Schedule
from scheduler.engine.stock import Prepared
from scheduler.engine.whereabouts import handed_out
from scheduler.problems import Refused
from scheduler.record.stock import LEDGER, SyringesIssued, SyringesReturned
from scheduler.record.syringe_numbers import printed

WORDS: dict[Place, str] = {
    "out": "is handed out already",
    "used": "was given already",
    "returned": "was brought back, and never goes out again",
    "destroyed": "is destroyed",
    "wasted": "is wasted",
}


def issue(scene: Scene, pharmacy: Pharmacy, typed: Sequence[str], now: datetime) -> Intent:
    """Hand out these syringes, or, where none is named, all that are ready; each is judged as if it were given."""
    subject = scene.chart.subject
    chosen = [pharmacy.find(text) for text in typed] or ready(pharmacy, subject)
    if not chosen:
        raise Refused(f"No syringe of {subject} is ready: prepared, checked by a second person, and not out yet.")
    through = max([scene.on, *(each.use_until.date() for each in chosen)])
    schedule = scene.schedule(max(through, scene.chart.two_cycles_from(scene.on)))
    items = {item.id: item for item in schedule.items}
    places = pharmacy.of_patient(subject)
    flags: list[str] = []
    unique = {each.syringe.number: each for each in chosen}
    for number, each in unique.items():
        if each.subject != subject:
            raise Refused(f"Syringe {printed(number)} is {each.subject}'s, and not {subject}'s. Nothing is handed out.")
        place = places[number][1]
        if place != "pharmacy":
            raise Refused(f"Syringe {printed(number)} {WORDS[place]}.")
        item = items.get(each.syringe.item)
        for why in _against(pharmacy, each, item, schedule, scene, now):
            raise Refused(f"Syringe {printed(number)} is not handed out. {why}")
        flags += _unchecked(scene, each)
    flags += _parts(list(unique.values()))
    issued = SyringesIssued(scene.on, tuple(each.syringe for each in unique.values()))
    return Intent((issued,), tuple(flags), ((LEDGER, pharmacy.last_number),))


def ready(pharmacy: Pharmacy, subject: str) -> list[Prepared]:
    """The syringes of a patient that are prepared, checked, and not out yet."""
    return [each for each, place in pharmacy.of_patient(subject).values() if place == "pharmacy" and each.checked]


def take_back(scene: Scene, pharmacy: Pharmacy, typed: Sequence[str]) -> Intent:
    """Syringes that the patient brings back unused."""
    out = handed_out(scene.chart.history)
    numbers: dict[str, None] = {}
    for text in typed:
        number = pharmacy.find(text).syringe.number
        mine = out.get(number)
        if mine is None:
            raise Refused(f"Syringe {printed(number)} was not handed to {scene.chart.subject}.")
        if mine.state != "out":
            entry = f"by entry {mine.entry}, of {day(mine.since)}"
            raise Refused(f"Syringe {printed(number)} is recorded as {mine.state} already, {entry}.")
        if scene.on < mine.issued_on:
            raise Refused(f"Syringe {printed(number)} was handed out on {day(mine.issued_on)}. Check the date.")
        numbers[number] = None
    if not numbers:
        raise Refused("Name the syringes that came back.")
    flags = ("They are never given again, and do not go back to stock. Destroy them: c1d1 ledger destroy NUMBER.",)
    return Intent((SyringesReturned(scene.on, tuple(numbers)),), flags, ((LEDGER, pharmacy.last_number),))


def _against(
    pharmacy: Pharmacy, each: Prepared, item: Item | None, schedule: Schedule, scene: Scene, now: datetime
) -> Iterator[str]:
    """Why a syringe must not go out."""
    if each.checked is False:
        yield "The second person's volume was another. Waste it, or have it checked again."
    if item is None:
        yield f"{each.syringe.item} is no longer on the schedule. Waste it."
        return
    if item.status != "planned":
        yield f"{item.id} is {item.status}."
    if item.amount != each.syringe.amount:
        now_is = item.amount.rounded() if item.amount else "without an amount"
        yield f"{item.id} is {now_is} now. Waste it, make another."
    if item.date < scene.on:
        yield f"{item.id} was for {day(item.date)}."
    if item.date > schedule.released_until(scene.on):
        yield f"{item.id} comes after the next visit that releases doses."
    late = due_at(schedule, item) > each.use_until or (scene.on == scene.today and now > each.use_until)
    if late or expired_lots(pharmacy, each, scene.on):
        yield "It would be past its time when it is due. Waste it, make another."


def expired_lots(pharmacy: Pharmacy, each: Prepared, on: date) -> list[str]:
    """The lots in a syringe that are past their last day."""
    lots = (pharmacy.stock.lots.get((each.product, name)) for name in each.lots)
    return [lot.lot for lot in lots if lot is not None and lot.expires < on]


def _unchecked(scene: Scene, each: Prepared) -> Iterator[str]:
    if each.checked is None:
        text = f"No second person has checked syringe {printed(each.syringe.number)}."
        scene.wants_reason(text)
        yield text


def _parts(chosen: Sequence[Prepared]) -> Iterator[str]:
    """Doses of which a part stays behind."""
    for item in dict.fromkeys(each.syringe.item for each in chosen):
        mine = [each for each in chosen if each.syringe.item == item]
        if len(mine) < mine[0].syringe.parts:
            yield f"{item} is in {mine[0].syringe.parts} syringes, and {len(mine)} of them goes out."
