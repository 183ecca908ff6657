"""Which syringes are drawn up on which day: never past their time, over a closed day or beyond the next visit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.engine.batches import Rules, batches, trade
from scheduler.engine.syringes import syringes
from tests.syringe_sample import DAY_1, INTERMEDIATE, dose, first_cycle, schedule, shipped

PRODUCTS = shipped()
NEW_YORK = ZoneInfo("America/New_York")


def moment(day: date, clock: str, zone=NEW_YORK) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def rules(closed=(), opens="09:00", late=2, first=DAY_1, hours=None, zone=NEW_YORK) -> Rules:
    """`closed` are study days."""
    shut = {DAY_1 + timedelta(days=day - 1) for day in closed}
    return Rules(
        opens=lambda day: moment(day, opens, zone),
        taken=lambda day, clock: moment(day, clock, zone),
        closed=lambda day: "closed by us" if day in shut else "",
        first=first,
        late=timedelta(hours=late),
        hours=hours,
    )


def second_cycle():
    """Days 1 to 14 of a 14-day cycle, on study days 22 to 35: three intermediate doses, then the low ones."""
    items = [dose(day, "21.6", INTERMEDIATE) for day in (22, 23, 24)]
    items += [dose(day) for day in range(25, 36)]
    return syringes(schedule(*items, visits=(1, 22, 36), last=40), PRODUCTS)


def days(plan) -> list[list[int]]:
    """Per session: the study day of drawing up, then those of the doses."""
    return [
        [(session.on - DAY_1).days + 1, *(each.item.study_day for each in session.syringes)]
        for session in plan.sessions
    ]


# ---------------------------------------------------------------- the label's 48 hours, and more


def test_48_hours_mean_seven_days_of_fetching_in_a_cycle_of_14_days() -> None:
    plan = batches(second_cycle(), rules())
    assert days(plan) == [[day, day, day + 1] for day in range(22, 36, 2)]
    assert plan.fetches == 7
    assert plan.uncovered == ()
    assert plan.sessions[0].visit
    assert not plan.sessions[1].visit


def test_the_trade_of_2_7_and_14_days() -> None:
    found = trade(second_cycle(), rules())
    assert [(each.days, each.fetches, each.uncovered) for each in found] == [(2, 7, 0), (7, 2, 0), (14, 1, 0)]


def test_a_visit_is_used_for_fetching_where_that_saves_a_journey() -> None:
    found = syringes(schedule(*(dose(day) for day in range(2, 7)), visits=(1, 22)), PRODUCTS)
    assert days(batches(found, rules())) == [[1, 2], [3, 3, 4], [5, 5, 6]]


def test_nothing_is_drawn_up_before_the_visit_that_releases_it() -> None:
    items = [dose(20), dose(21), dose(22), dose(23)]
    found = syringes(schedule(*items, visits=(1, 22, 36), last=40), PRODUCTS)
    plan = batches(found, rules(hours=14 * 24))
    for session in plan.sessions:
        assert len({each.release for each in session.syringes}) == 1
        assert session.on >= session.syringes[0].release.visit
    assert days(plan)[-1] == [22, 22, 23]


def test_a_dose_on_the_day_of_the_visit_before_the_pharmacy_opens_is_not_covered() -> None:
    found = syringes(schedule(dose(22), visits=(1, 22), last=30), PRODUCTS)
    plan = batches(found, rules(opens="21:00"))
    assert plan.sessions == ()
    assert "before the pharmacy opens" in plan.uncovered[0].why


# ---------------------------------------------------------------- closed days


def test_a_sunday_that_48_hours_do_not_reach_is_told_with_the_reason() -> None:
    """Study days 6 and 7 are a weekend."""
    found = syringes(schedule(*(dose(day) for day in range(2, 9)), visits=(1, 22)), PRODUCTS)
    plan = batches(found, rules(closed=(6, 7)))
    assert [each.syringe.item.study_day for each in plan.uncovered] == [7]
    assert plan.uncovered[0].why == (
        "It keeps 48 hours, and nothing can be fetched on 2026-01-11 (closed by us), 2026-01-10 (closed by us)."
    )
    assert [5, 5, 6] in days(plan)
    week = batches(found, rules(closed=(6, 7), hours=7 * 24))
    assert week.uncovered == ()
    assert not {6, 7} & {session[0] for session in days(week)}


def test_an_injection_in_the_clinic_is_drawn_up_on_its_day() -> None:
    found = syringes(schedule(dose(4, given_by="clinic"), dose(5, given_by="clinic"), visits=(1, 22)), PRODUCTS)
    assert days(batches(found, rules())) == [[4, 4], [5, 5]]
    plan = batches(found, rules(closed=(5,)))
    assert days(plan) == [[4, 4]]
    assert "closed by us" in plan.uncovered[0].why


def test_nothing_is_planned_before_the_first_day() -> None:
    found = syringes(first_cycle(), PRODUCTS)
    plan = batches(found, rules(first=DAY_1 + timedelta(days=12), hours=30 * 24))
    assert days(plan) == [[13, *range(13, 22)]]


def test_what_has_no_volume_is_in_no_session() -> None:
    found = syringes(schedule(dose(2, status="held"), dose(3, "0.4635"), dose(4)), PRODUCTS)
    assert days(batches(found, rules())) == [[4, 4]]


# ---------------------------------------------------------------- hours are hours


@pytest.mark.parametrize(
    ("first", "reaches"),
    [(date(2026, 3, 7), True), (date(2026, 10, 31), False), (date(2026, 1, 3), True)],
)
def test_48_hours_are_counted_as_hours_when_the_clocks_change(first, reaches) -> None:
    """Made at 09:00 for a dose at 09:00 two days later: one hour more in autumn, one less in spring."""
    made = schedule(start=first, visits=(), last=400)
    item = dose(2)._replace(date=first + timedelta(days=2))
    item = item._replace(
        slot=item.slot.__class__(**{**{f: getattr(item.slot, f) for f in item.slot.__slots__}, "time": "09:00"})
    )
    found = syringes(schedule(item, start=made.start, visits=(), last=400), PRODUCTS)
    closed = {first + timedelta(days=1), first + timedelta(days=2)}
    asked = Rules(
        opens=lambda day: moment(day, "09:00"),
        taken=moment,
        closed=lambda day: "closed" if day in closed else "",
        first=first,
    )
    assert bool(batches(found, asked).sessions) is reaches


# ---------------------------------------------------------------- always


@st.composite
def plans(draw):
    shown = sorted(draw(st.sets(st.integers(2, 30), min_size=1, max_size=20)))
    visits = sorted({1, *draw(st.sets(st.integers(2, 30), max_size=3))})
    found = syringes(schedule(*(dose(day) for day in shown), visits=tuple(visits), last=40), PRODUCTS)
    closed = draw(st.sets(st.integers(1, 30), max_size=12))
    opens = draw(st.sampled_from(["07:00", "09:00", "20:00", "22:30"]))
    return found, rules(closed, opens, hours=draw(st.sampled_from([12, 24, 47, 48, 49, 168, 336])))


@settings(max_examples=80)
@given(plans())
def test_no_batch_breaks_a_rule_and_no_dose_is_lost(plan) -> None:
    found, asked = plan
    made = batches(found, asked)
    for session in made.sessions:
        assert asked.closed(session.on) == ""
        for each, until in zip(session.syringes, session.use_until, strict=True):
            taken = moment(each.item.date, each.item.slot.time)
            assert session.made_at <= taken
            assert taken + asked.late <= until == session.made_at + asked.keeps(each.product)
            if each.release.visit:
                assert session.on >= each.release.visit
            assert each.release.until is None or each.item.date <= each.release.until
    covered = [each for session in made.sessions for each in session.syringes]
    left = [each.syringe for each in made.uncovered]
    assert sorted(each.item.date for each in covered + left) == [each.item.date for each in found]
    assert all(one.on < other.on for one, other in pairwise(made.sessions))
    for each in left:  # nothing that some day would reach is left out
        for back in range(20):
            day = each.item.date - timedelta(days=back)
            taken = moment(each.item.date, each.item.slot.time)
            if asked.closed(day) or day < (each.release.visit or asked.first) or asked.opens(day) > taken:
                continue
            assert taken + asked.late > asked.reach(day, each.product)


@settings(max_examples=40)
@given(plans())
def test_what_keeps_longer_is_never_fetched_more_often_nor_covers_less(plan) -> None:
    found, asked = plan
    left = [each.uncovered for each in trade(found, asked, (1, 2, 4, 7, 14))]
    assert left == sorted(left, reverse=True)
    whole = [each for each in trade(found, asked, (2, 7, 14)) if not each.uncovered]
    journeys = [each.fetches for each in whole]
    assert journeys == sorted(journeys, reverse=True) or len(journeys) < 2
