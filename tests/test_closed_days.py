"""Closed days of a clinic, and the visits that fall on them; home doses stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cli import main
from scheduler.clinic import closed_ahead
from scheduler.clinic.closed_days import closed, nearest_open, no_pick_up
from scheduler.clinic.closed_visits import CODE, closed_visits, with_closed_days
from scheduler.clinic.home import Home
from scheduler.clinic.settings import Closing, Period, Settings, settings_of
from tests.conftest import IL2, IL12
from tests.patient_paper_sample import plan

OHIO = Settings(closed=Closing("US", "OH"))
STOCKTAKING = Period(date(2026, 12, 28), date(2026, 12, 31), "stocktaking")


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 26), "Thanksgiving Day"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2026, 11, 28), "Saturday"),
        (date(2026, 11, 29), "Sunday"),
        (date(2026, 11, 27), ""),
    ],
)
def test_public_holidays_and_weekends_are_closed(day: date, reason: str) -> None:
    assert closed(OHIO, day) == reason


def test_without_settings_only_weekends_are_closed() -> None:
    assert [closed(Settings(), date(2026, 12, n)) for n in (25, 26, 27)] == ["", "Saturday", "Sunday"]


def test_own_days_are_closed_and_own_exceptions_are_open() -> None:
    mine = replace(OHIO, closed=replace(OHIO.closed, days=(STOCKTAKING,), open=(date(2026, 11, 26),)))
    assert closed(mine, date(2026, 12, 30)) == "stocktaking"
    assert closed(mine, date(2026, 11, 26)) == ""


def test_names_do_not_depend_on_the_computers_language(monkeypatch) -> None:
    from scheduler.clinic import closed_days

    for language in ("de_DE.UTF-8", "es_ES.UTF-8"):
        monkeypatch.setenv("LANGUAGE", language)
        monkeypatch.setenv("LANG", language)
        closed_days._of_year.cache_clear()
        assert closed(Settings(closed=Closing("DE", "BY")), date(2026, 1, 6)) == "Epiphany"


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    assert closed(Settings(closed=Closing("DE", "BE")), date(2026, 1, 6)) == ""


def test_the_nearest_open_days_are_inside_the_window() -> None:
    day = date(2026, 11, 26)
    assert nearest_open(OHIO, day, (day - timedelta(1), day + timedelta(1))) == (date(2026, 11, 25), date(2026, 11, 27))
    assert nearest_open(OHIO, day, (day, day + timedelta(1))) == (date(2026, 11, 27),)
    assert nearest_open(OHIO, day, (day, day)) == ()
    assert nearest_open(OHIO, day, None) == ()
    assert nearest_open(OHIO, day + timedelta(1), None) == (day + timedelta(1),)


@given(st.dates(date(2024, 1, 1), date(2031, 1, 1)), st.integers(0, 10), st.integers(0, 10))
def test_what_is_near_is_open_inside_and_nothing_open_is_nearer(day: date, before: int, after: int) -> None:
    window = (day - timedelta(before), day + timedelta(after))
    found = nearest_open(OHIO, day, window)
    for each in found:
        assert window[0] <= each <= window[1]
        assert not closed(OHIO, each)
        between = [min(each, day) + timedelta(n) for n in range(1, abs((each - day).days))]
        assert all(closed(OHIO, other) for other in between)
    inside = [window[0] + timedelta(n) for n in range(before + after + 1)]
    assert bool(found) == any(not closed(OHIO, other) for other in inside)


def test_pick_up_days_are_no_holidays() -> None:
    mondays = replace(OHIO, pick_up_days=(0,))
    assert not no_pick_up(mondays, date(2026, 11, 30))
    assert no_pick_up(mondays, date(2026, 12, 1)) == "Tuesday"
    assert no_pick_up(mondays, date(2026, 5, 25)) == "Memorial Day"


def test_without_a_word_about_it_syringes_are_fetched_on_any_day(tmp_path: Path) -> None:
    """48 hours are no time for a weekend without a pharmacy; whoever has one, says so."""
    sunday = date(2026, 11, 29)
    home = Home(tmp_path, str(tmp_path / "record.db"))
    assert not no_pick_up(settings_of(home), sunday)
    (tmp_path / "clinic.toml").write_text('[closed]\nweekdays = ["Sun"]\n')
    assert no_pick_up(settings_of(home), sunday) == "Sunday"
    assert not no_pick_up(settings_of(home), sunday - timedelta(days=1))


# ---------------------------------------------------------------- visits


def test_a_visit_on_a_holiday_is_flagged_with_the_days_it_can_move_to() -> None:
    """Day 1 of cycle 2 falls on Thanksgiving; examinations go with the infusion."""
    schedule = plan(IL2, date(2026, 11, 5), 2)
    (visit, sample) = closed_visits(schedule, OHIO, schedule.start)
    assert visit.text == (
        "Thu 2026-11-26, C2D1: the clinic is closed (Thanksgiving Day) for trastuzumab; toxicity grades, CTC 2.0; "
        "research blood sample. Nearest open in the window: Wed 2026-11-25 and Fri 2026-11-27."
    )
    assert sample.text.endswith("for research blood sample. No day in the window is open: a person decides.")


def test_nothing_but_notices_changes() -> None:
    schedule = plan(IL12, date(2026, 11, 5), 3)
    flagged = with_closed_days(schedule, OHIO, schedule.start)
    assert replace(flagged, notices=schedule.notices) == schedule
    assert {notice.code for notice in flagged.notices[len(schedule.notices) :]} == {CODE}


def test_home_doses_are_never_flagged() -> None:
    always = Settings(closed=Closing(weekdays=tuple(range(7))))
    schedule = plan(IL2, date(2026, 11, 2), 2)
    items = [item for visit in closed_visits(schedule, always, schedule.start) for item in visit.items]
    assert items
    assert all(item.slot.given_by == "clinic" for item in items)


def test_an_examination_within_days_counts_only_where_none_of_them_is_open() -> None:
    """The scan before day 1 may be on any day of four weeks; that the last of them is a Sunday is no trouble."""
    schedule = plan(IL2, date(2026, 11, 2), 1)
    assert closed_visits(schedule, OHIO, date.min) == ()
    always = Settings(closed=Closing(weekdays=tuple(range(7))))
    assert any(visit.on < schedule.start for visit in closed_visits(schedule, always, date.min))


def test_a_start_on_a_saturday_is_told_in_one_sentence() -> None:
    schedule = plan(IL2, date(2026, 11, 7), 6)
    flagged = with_closed_days(schedule, Settings(), schedule.start)
    saturdays = [n for n in flagged.notices if "Saturday" in n.text]
    assert len(saturdays) == 1
    assert saturdays[0].text.startswith("7 clinic days, Sat 2026-11-07 to ")
    each = with_closed_days(schedule, Settings(), schedule.start, each=True)
    assert len(each.notices) > len(flagged.notices)


@settings(max_examples=15)
@given(st.dates(date(2026, 1, 1), date(2029, 1, 1)), st.sampled_from([IL2, IL12]), st.integers(0, 40))
def test_every_visit_on_a_closed_day_is_flagged_once_and_no_other(start: date, name: str, later: int) -> None:
    schedule, since = plan(name, start, 2), start + timedelta(days=later)
    found = closed_visits(schedule, OHIO, since)
    flagged = [item.id for visit in found for item in visit.items]
    assert len(flagged) == len(set(flagged))
    for item in schedule.items:
        dated = item.slot.kind == "dose" or item.window is None or item.window[0] == item.window[1]
        wanted = item.slot.given_by == "clinic" and dated and item.date >= since and closed(OHIO, item.date) != ""
        if dated:
            assert (item.id in flagged) == wanted
    for visit in found:
        assert all(not closed(OHIO, day) for day in visit.open_days)


# ---------------------------------------------------------------- on the command line


def run(folder: Path, words: str):
    result = CliRunner().invoke(main, ["--home", str(folder), *words.split()])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.fixture
def ohio(tmp_path) -> Path:
    (tmp_path / "clinic.toml").write_text('[closed]\ncountry = "US"\nsubdivision = "OH"\n', encoding="utf-8")
    return tmp_path


def test_plan_schedule_enrolment_and_worklist_flag_it(ohio) -> None:
    flag = "Thu 2026-11-26, C2D1: the clinic is closed (Thanksgiving Day)"
    body = "--start 2026-11-05 --height 165 --weight 70"
    assert flag in run(ohio, f"plan trastuzumab-il2 {body} --cycles 2")
    assert flag in run(ohio, f"plan trastuzumab-il2 {body} --cycles 2 --format json")
    assert flag in run(ohio, f"patient enrol S-001 --protocol trastuzumab-il2 {body} --by N --on 2026-11-05")
    assert flag in run(ohio, "schedule S-001 --on 2026-11-20")
    assert flag not in run(ohio, "schedule S-001 --on 2026-11-27")
    assert f"ON A CLOSED DAY AHEAD: another day is needed (home doses stay) S-001 {flag}" in run(
        ohio, "today --date 2026-11-20"
    )
    assert "CLOSED DAY" not in run(ohio, "today --date 2026-11-05")


def test_nobody_falls_off_the_list_however_many_are_on_it(ohio, monkeypatch) -> None:
    """Small pages, and windows looked up for one patient only: the others are counted."""
    monkeypatch.setattr(closed_ahead, "PAGE", 2)
    monkeypatch.setattr(closed_ahead, "MOST_CHARTS", 1)
    body = "--protocol trastuzumab-il2 --start 2026-11-05 --height 165 --weight 70 --by N --on 2026-11-05"
    for number in (1, 2, 3):
        run(ohio, f"patient enrol S-00{number} {body}")
    said = run(ohio, "today --date 2026-11-20")
    assert said.count("Thanksgiving Day") == 1
    assert "... and perhaps 2 more patients: see c1d1 schedule SUBJECT." in said


def test_the_clinics_calendar_has_a_flag_line(ohio) -> None:
    words = "plan trastuzumab-il2 --start 2026-11-05 --height 165 --weight 70 --cycles 2 --calendar"
    flat = run(ohio, f"{words} clinic").replace(" ", "")
    assert "theclinicisclosed(ThanksgivingDay)" in flat
    assert "Thanksgiving" not in run(ohio, f"{words} home").replace(" ", "")


def test_a_plan_stands_in_the_clinics_zone(tmp_path) -> None:
    (tmp_path / "clinic.toml").write_text('zone = "America/New_York"', encoding="utf-8")
    words = "plan trastuzumab-il2 --start 2026-11-02 --height 165 --weight 70 --cycles 1 --calendar home"
    assert "TZID=America/New_York" in run(tmp_path, words)
    assert "TZID=Europe/Berlin" in run(tmp_path, f"{words} --zone Europe/Berlin")


def test_faulty_settings_do_not_hide_a_plan(tmp_path) -> None:
    (tmp_path / "clinic.toml").write_text("phone = 1", encoding="utf-8")
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "plan", "trastuzumab-il2", "--start", "2026-11-05"])
    assert result.exit_code == 0
    assert "closed days too" in result.stderr
