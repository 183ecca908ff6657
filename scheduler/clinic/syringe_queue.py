"""The pharmacist's list of a day: what has to come back, what is drawn up, what waits for its check, what is ready."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from scheduler.clinic.desk import Desk
from scheduler.clinic.drawing_up import to_draw
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.clinic.settings import Settings
from scheduler.clinic.words import count, day, names, span
from scheduler.engine.schedule import Item
from scheduler.engine.stock import Prepared
from scheduler.engine.to_draw import ToDraw
from scheduler.protocol.product_model import Products
from scheduler.record.syringe_numbers import printed
from scheduler.store.due import DueKey

Step = Literal["call back", "draw up", "no volume", "disagrees", "check", "ready"]
STEPS: dict[Step, str] = {
    "call back": "TO CALL BACK: do not use",
    "disagrees": "THE SECOND PERSON FOUND ANOTHER VOLUME: do not hand out",
    "no volume": "NOT TO BE DRAWN UP, and why",
    "draw up": "TO DRAW UP, by the day on which it is drawn up",
    "check": "WAITS FOR THE SECOND PERSON",
    "ready": "CHECKED, not handed out yet",
}
"""The steps in the order in which somebody should look at them."""

AHEAD = timedelta(days=13)
"""So far ahead syringes are listed, as by `c1d1 syringes`."""
MOST_CHARTS = 60
PAGE = 500


class Queued(NamedTuple):
    """One line; `number` of a syringe that is made already, `work` all of the patient's."""

    step: Step
    on: date
    subject: str
    text: str
    number: str = ""
    work: ToDraw | None = None


class Queue(NamedTuple):
    """The list, and how many patients were not looked up: a schedule takes milliseconds, and nobody should wait."""

    rows: tuple[Queued, ...]
    more: int


def syringe_queue(desk: Desk, settings: Settings, products: Products, today: date) -> Queue:
    """Of all patients with doses in the next two weeks, or with syringes that are made and not handed out."""
    pharmacy = Pharmacy(desk)
    waiting = {one.subject for one in pharmacy.stock.prepared.values() if not one.gone}
    subjects = list(dict.fromkeys([*sorted(waiting), *_due(desk, today)]))
    rows = [row for subject in subjects[:MOST_CHARTS] for row in _of(desk, settings, products, today, subject)]
    rows += [row for subject in sorted(waiting) for row in _made(pharmacy, subject)]
    order = list(STEPS)
    rows.sort(key=lambda row: (order.index(row.step), row.on, row.subject))
    return Queue(tuple(rows), len(subjects[MOST_CHARTS:]))


def _due(desk: Desk, today: date) -> Iterator[str]:
    after: DueKey | None = None
    while page := desk.log.due(today + AHEAD, since=today, after=after, limit=PAGE):
        yield from (row.subject for row in page if row.kind == "dose")
        after = page[-1].key


def _of(desk: Desk, settings: Settings, products: Products, today: date, subject: str) -> Iterator[Queued]:
    for work in to_draw(desk, settings, products, (today, today + AHEAD), subject):
        for back in work.call_back:
            number = back.syringe.number
            text = f"syringe {printed(number)}: its dose {back.syringe.item} {back.why}"
            yield Queued("call back", today, subject, text, number, work)
        for session in work.batches.sessions:
            keys = dict.fromkeys(each.item.slot.key for each in session.syringes)
            which = names(desk.chart(subject).protocol, keys)
            doses = span([each.item.date for each in session.syringes])
            text = f"{day(session.on)}: {count(len(session.syringes), 'syringe')} of {which}, for {doses}"
            yield Queued("draw up", session.on, subject, text, work=work)
        without: dict[str, list[Item]] = {}
        for each in work.batches.uncovered:
            without.setdefault(each.why, []).append(each.syringe.item)
        for refused in work.refused:
            without.setdefault(refused.draw.refusal, []).append(refused.item)
        for why, items in without.items():
            text = f"{span([item.date for item in items])}, {count(len(items), 'dose')}: {why}"
            yield Queued("no volume", items[0].date, subject, text, work=work)


def _made(pharmacy: Pharmacy, subject: str) -> Iterator[Queued]:
    for number, (one, place) in pharmacy.of_patient(subject).items():
        if place == "pharmacy":
            yield Queued(_step(one), one.use_until.date(), subject, _words(one), number)


def _step(one: Prepared) -> Step:
    return {None: "check", True: "ready", False: "disagrees"}[one.checked]  # type: ignore[return-value]


def _words(one: Prepared) -> str:
    """Without the volume: the second person works it out alone."""
    filled = one.syringe
    until = f"to be used until {one.use_until:%Y-%m-%d %H:%M} UTC"
    return f"syringe {printed(filled.number)}, {filled.item}, {filled.amount.rounded()}, by {one.by}, {until}"
