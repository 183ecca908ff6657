"""Batches: which syringes are drawn up on which day, so that none is used past its time.

The patient fetches what is drawn up on the same day. Of all ways to cover the doses of one release, the one
with the fewest journeys beside the visits is taken, and of those the one with the freshest syringes. Nothing
is drawn up before the visit that releases it, on a day when nobody can fetch it, or for a dose later than it
keeps; a dose that no day reaches is told, with the reason. Pure: whoever asks says when the pharmacy opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from scheduler.engine.syringes import Release, Syringe
from scheduler.protocol.product_model import Product

LAST_MOMENT = "23:59"
"""When a dose without a time of day may be taken at the latest."""

TRADE_DAYS = (2, 7, 14)
LONGEST_REACH = timedelta(days=400)
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """What batches go by.

    `opens` is when something can be drawn up and fetched on a day at the earliest, and `taken` the moment of
    a time of day where the patient is, both in UTC; `late` is how much later a dose may still be taken;
    `closed` says why nobody can fetch anything on a day ('' where one can); nothing is planned before
    `first`; `hours` takes the place of every product's own beyond-use time, to see what it would bring.
    """

    opens: Callable[[date], datetime]
    taken: Callable[[date, str], datetime]
    closed: Callable[[date], str]
    first: date
    late: timedelta = timedelta(0)
    hours: int | None = None

    def keeps(self, product: Product) -> timedelta:
        return timedelta(hours=self.hours or product.beyond_use_hours)

    def reach(self, on: date, product: Product) -> datetime:
        """The last moment of what is drawn up when the pharmacy opens on a day."""
        return self.opens(on) + self.keeps(product)


@dataclass(frozen=True, slots=True)
class Session:
    """Syringes of one patient that are drawn up and fetched on one day, from `made_at` (UTC) on.

    `use_until` are the last moments for the syringes, in the same order, if they are made at `made_at`.
    """

    on: date
    made_at: datetime
    syringes: tuple[Syringe, ...]
    use_until: tuple[datetime, ...]
    visit: bool

    @property
    def first(self) -> date:
        return self.syringes[0].item.date

    @property
    def last(self) -> date:
        return self.syringes[-1].item.date


class Uncovered(NamedTuple):
    """A dose that no day reaches, and why."""

    syringe: Syringe
    why: str


@dataclass(frozen=True, slots=True)
class Batches:
    """All sessions in order, and the doses that none of them covers."""

    sessions: tuple[Session, ...]
    uncovered: tuple[Uncovered, ...]

    @property
    def fetches(self) -> int:
        """How often the patient fetches syringes."""
        return len(self.sessions)


class Trade(NamedTuple):
    """What a beyond-use time would bring: days on which syringes are fetched, and doses that stay uncovered."""

    days: int
    fetches: int
    uncovered: int


class _Dose(NamedTuple):
    """The syringes of one moment, and the day from which they may be drawn up."""

    syringes: tuple[Syringe, ...]
    product: Product
    since: date
    earliest: datetime
    latest: datetime

    @property
    def on(self) -> date:
        return self.syringes[0].item.date


def batches(found: Iterable[Syringe], rules: Rules) -> Batches:
    """Sessions for every syringe that can be drawn up for a dose from `rules.first` on."""
    wanted = [each for each in found if each.draw.drawn and each.product and each.item.date >= rules.first]
    sessions: list[Session] = []
    uncovered: list[Uncovered] = []
    for (_, at_home), group in groupby(sorted(wanted, key=_order), lambda each: _order(each)[:2]):
        doses = _doses(tuple(group), rules)
        plan = _fewest(doses, rules) if at_home else _each_on_its_day(doses, rules)
        sessions += [_session(day, covered, rules) for day, covered in plan if day is not None]
        uncovered += [
            Uncovered(each, _why(dose, rules))
            for day, left in plan
            if day is None
            for dose in left
            for each in dose.syringes
        ]
    return Batches(_joined(sessions), tuple(sorted(uncovered, key=lambda each: each.syringe.item.date)))


def trade(found: Sequence[Syringe], rules: Rules, days: Iterable[int] = TRADE_DAYS) -> tuple[Trade, ...]:
    """How many days of fetching each beyond-use time would take."""
    made = ((each, batches(found, replace(rules, hours=24 * each))) for each in days)
    return tuple(Trade(each, plan.fetches, len(plan.uncovered)) for each, plan in made)


def _order(each: Syringe) -> tuple[date, bool, date, str]:
    release = each.release.visit or date.min
    return release, each.item.slot.given_by == "patient", each.item.date, each.item.slot.time or ""


def _doses(found: Sequence[Syringe], rules: Rules) -> list[_Dose]:
    doses = []
    for (on, clock), group in groupby(found, lambda each: (each.item.date, each.item.slot.time)):
        syringes = tuple(group)
        products = [each.product for each in syringes if each.product is not None]
        moment = rules.taken(on, clock or LAST_MOMENT)
        late = rules.late if clock else timedelta(0)
        product, since = min(products, key=rules.keeps), _since(syringes[0].release, rules)
        doses.append(_Dose(syringes, product, since, moment, moment + late))
    return doses


def _since(release: Release, rules: Rules) -> date:
    return max(rules.first, release.visit) if release.visit else rules.first


def _days(dose: _Dose, rules: Rules) -> list[date]:
    """The days on which a dose can be drawn up, the latest first."""
    found = []
    day = dose.on
    while day >= dose.since and dose.on - day <= LONGEST_REACH and rules.reach(day, dose.product) >= dose.latest:
        if rules.opens(day) <= dose.earliest and not rules.closed(day):
            found.append(day)
        day -= timedelta(days=1)
    return found


_Cost = tuple[int, int, int, int]
"""Doses without a syringe, journeys beside the visits, days of fetching, days that syringes wait."""
_Way = tuple[_Cost, date | None, int]
_Plan = list[tuple[date | None, list[_Dose]]]


def _fewest(doses: list[_Dose], rules: Rules) -> _Plan:
    """The cheapest way to cover the doses, from the last backwards; None is the day of what nothing covers."""
    best: list[_Way] = [((0, 0, 0, 0), None, len(doses))] * (len(doses) + 1)
    for first in range(len(doses) - 1, -1, -1):
        ways: list[_Way] = [(_plus(best[first + 1][0], (1, 0, 0, 0)), None, first + 1)]
        for day in _days(doses[first], rules):
            after = _covered(doses, first, day, rules)
            waiting = sum((dose.on - day).days for dose in doses[first:after])
            journey = int(day != doses[first].syringes[0].release.visit)
            ways.append((_plus(best[after][0], (0, journey, 1, waiting)), day, after))
        best[first] = min(ways, key=lambda way: way[0])
    plan: _Plan = []
    at = 0
    while at < len(doses):
        _, chosen, after = best[at]
        plan.append((chosen, doses[at:after]))
        at = after
    return plan


def _plus(one: _Cost, other: _Cost) -> _Cost:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _covered(doses: Sequence[_Dose], first: int, day: date, rules: Rules) -> int:
    """Up to which dose, exclusive, what is drawn up on a day lasts."""
    after = first + 1
    while after < len(doses) and rules.reach(day, doses[after].product) >= doses[after].latest:
        after += 1
    return after


def _each_on_its_day(doses: Sequence[_Dose], rules: Rules) -> _Plan:
    """What is given in the clinic is drawn up on the day itself."""
    return [(None if rules.closed(dose.on) else dose.on, [dose]) for dose in doses]


def _session(day: date, doses: Sequence[_Dose], rules: Rules) -> Session:
    syringes = tuple(each for dose in doses for each in dose.syringes)
    return Session(day, rules.opens(day), syringes, _until(day, syringes, rules), day == syringes[0].release.visit)


def _until(day: date, syringes: Sequence[Syringe], rules: Rules) -> tuple[datetime, ...]:
    return tuple(rules.reach(day, each.product) for each in syringes if each.product is not None)


def _joined(sessions: Sequence[Session]) -> tuple[Session, ...]:
    """What is drawn up on one day is one session."""
    days: dict[date, Session] = {}
    for each in sorted(sessions, key=lambda each: each.on):
        one = days.get(each.on)
        days[each.on] = (
            each
            if one is None
            else replace(
                one,
                syringes=one.syringes + each.syringes,
                use_until=one.use_until + each.use_until,
                visit=one.visit or each.visit,
            )
        )
    return tuple(days.values())


def _why(dose: _Dose, rules: Rules) -> str:
    """Why no day reaches a dose: closed days, the beyond-use time, or the visit that releases it."""
    hours = int(rules.keeps(dose.product) / timedelta(hours=1))
    if dose.syringes[0].item.slot.given_by != "patient":
        return f"It is drawn up on the day itself, and then nobody is there: {rules.closed(dose.on)}."
    near = [dose.on - timedelta(days=n) for n in range(hours // 24 + 1)]
    shut = [f"{day.isoformat()} ({why})" for day in near if day >= dose.since and (why := rules.closed(day))]
    if shut:
        more = f" and {len(shut) - EXAMPLES} days more" if len(shut) > EXAMPLES else ""
        return f"It keeps {hours} hours, and nothing can be fetched on {', '.join(shut[:EXAMPLES])}{more}."
    if dose.on == dose.since:
        return "It is due before the pharmacy opens on the first day on which it may be drawn up."
    return f"It keeps {hours} hours: what is drawn up on the day before does not last, on the day itself it is late."
