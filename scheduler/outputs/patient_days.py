"""What a patient does at home, day by day: the same days for the diary and for the calendar on the wall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from scheduler.engine.schedule import Item, Schedule, Status
from scheduler.engine.syringes import Syringe, syringes
from scheduler.outputs.calendar_entries import is_home_dose, is_released
from scheduler.protocol.product_model import Products
from scheduler.quantities import EXACT, Amount

State = Literal["dose", "hold", "out", "ask", "taken", "missed"]
STATES: dict[Status, State] = {
    "planned": "dose",
    "given": "taken",
    "missed": "missed",
    "held": "hold",
    "blocked": "hold",
    "skipped": "out",
    "ended": "out",
    "not-computable": "ask",
}
VISITS = ("planned", "blocked", "not-computable", "given")


class HomeDose(NamedTuple):
    """A dose at home. `amount` and `volume` are those of the label where a syringe is drawn up for it.

    A dose in `parts` is in so many syringes, and each of them holds that amount. `place` is 0, 1, ... among the
    treatments of its drug: every second mark is white on black, as on the label.
    """

    item: Item
    state: State
    place: int
    amount: Amount | None
    volume: Amount | None
    parts: int = 1

    @property
    def mark(self) -> str:
        return self.item.slot.mark or self.item.slot.letter

    @property
    def time(self) -> str:
        return self.item.slot.time or ""


class PatientDay(NamedTuple):
    """A day: its doses at home in order, whether there is a visit, whether its doses are released."""

    on: date
    doses: tuple[HomeDose, ...]
    visit: bool
    released: bool

    @property
    def held(self) -> bool:
        """Whether something is on hold, and nothing is to be taken."""
        states = {dose.state for dose in self.doses}
        return "hold" in states and not states & {"dose", "ask"}


class Span(NamedTuple):
    """Which days, and up to which of them home doses are released."""

    first: date
    last: date
    released: date


def patient_days(
    schedule: Schedule, products: Products, places: Mapping[str, int], span: Span
) -> tuple[PatientDay, ...]:
    """Every day of the span; doses that are not released are left out, whatever the schedule says.

    `places` are those of treatments among the treatments of their drug (see `paper_words.places_of`).
    """
    first, last, released = span
    drawn = {each.item.id: each for each in syringes(schedule, products)}
    by_day: dict[date, list[HomeDose]] = {}
    for item in schedule.items:
        if is_to_take(item, released):
            dose = _dose(item, places.get(item.slot.key, 0), drawn.get(item.id))
            by_day.setdefault(item.date, []).append(dose)
    visits = {item.date for item in schedule.items if _is_visit(item)}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(PatientDay(on, _in_order(by_day.get(on, ())), on in visits, on <= released) for on in days)


def is_to_take(item: Item, released: date) -> bool:
    """A dose at home that is released: up to that day, and a premedication of the visit on the day after it."""
    return is_home_dose(item) and is_released(item, released)


def marks_of(days: Iterable[PatientDay]) -> Iterator[HomeDose]:
    """One dose for each mark that stands on these days, by the letter of the mark."""
    found = {dose.item.slot.letter: dose for day in days for dose in day.doses}
    yield from sorted(found.values(), key=lambda dose: (dose.mark.rpartition(" ")[2], dose.item.slot.letter))


def _in_order(doses: Iterable[HomeDose]) -> tuple[HomeDose, ...]:
    return tuple(sorted(doses, key=lambda dose: (dose.time, dose.item.slot.rank, dose.item.id)))


def _dose(item: Item, place: int, syringe: Syringe | None) -> HomeDose:
    state = STATES[item.status]
    if state == "dose" and item.amount is None:
        state = "ask"
    amount = item.amount if state in ("dose", "taken", "missed") else None
    volume, parts = None, 1
    if state == "dose" and syringe is not None and syringe.draw.drawn is not None:
        measured, whole = syringe.draw.drawn, syringe.content or amount
        parts, volume = measured.parts, Amount(measured.volume, "mL")
        amount = Amount(EXACT.divide(whole.value, parts), whole.unit) if whole else None
    return HomeDose(item, state, place, amount.rounded() if amount else None, volume, parts)


def _is_visit(item: Item) -> bool:
    """Something in the clinic on that very day; what is due within days has no day that a patient could go by."""
    days = item.window
    lasts = item.slot.kind == "assessment" and days is not None and days[0] < days[1]
    return not is_home_dose(item) and item.status in VISITS and not lasts
