"""What calendars hold and say: home doses up to the next go/no-go visit, visits, the clinic's work list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.outputs.calendars import write_calendar
from scheduler.problems import Refused
from tests.calendar_sample import ANTIBODY, GRADES, HIGH, LOW, STAMP, START, UNKNOWN, item, sample, with_items
from tests.ics_rules import Part, broken_rules, events, instant


def titles(data: bytes) -> list[str]:
    return [event.text("SUMMARY") for event in events(data)]


def only(data: bytes) -> Part:
    (event,) = events(data)
    return event


# ---------------------------------------------------------------- home doses


def test_home_doses_end_with_the_day_before_the_next_go_no_go_visit() -> None:
    data = write_calendar(sample(), "home", STAMP)
    assert titles(data) == [
        "Home dose, triangle D",
        "Home dose, circle A",
        "Home dose, square B",
        "ASK THE CLINIC before home dose, circle A",
    ]
    assert all(
        "Issue 1 of 16 February 2026, valid until 22 February 2026." in e.text("DESCRIPTION") for e in events(data)
    )
    assert all("told otherwise by phone" in e.text("DESCRIPTION") for e in events(data))
    later = write_calendar(sample(), "home", STAMP + timedelta(days=7))
    assert titles(later) == [*titles(data), "Home dose, circle A"]


def test_the_day_of_the_stamp_is_the_patients() -> None:
    """At 03:00 UTC it is still the day before the visit in New York."""
    early = datetime(2026, 2, 23, 3, tzinfo=UTC)
    assert len(titles(write_calendar(sample(), "home", early))) == 4
    assert len(titles(write_calendar(sample(), "home", early + timedelta(hours=3)))) == 5


def test_a_home_dose_beyond_an_open_decision_is_not_in_the_calendar() -> None:
    data = write_calendar(sample(), "home", STAMP + timedelta(days=14))
    assert max(instant(event, "DTSTART") for event in events(data)).date() == START + timedelta(days=9)


def test_a_home_dose_in_full_names_drug_amount_and_route() -> None:
    data = write_calendar(sample(), "home", STAMP, "full")
    assert titles(data) == [
        "Home dose, triangle D: dexamethasone 10 mg",
        "Home dose, circle A: aldesleukin 1.791 million units",
        "Home dose, square B: aldesleukin 21.49 million units",
        "ASK THE CLINIC before home dose, circle A: aldesleukin",
    ]
    texts = [event.text("DESCRIPTION").split("\n")[0] for event in events(data)]
    assert texts[1] == "aldesleukin, low dose: 1.791 million units, subcutaneous."
    assert texts[3] == "aldesleukin, low dose, subcutaneous: the amount is not known yet, ask the clinic."


@pytest.mark.parametrize("status", ["planned", "not-computable"])
@pytest.mark.parametrize("detail", ["discreet", "full"])
def test_a_dose_without_an_amount_asks_and_shows_no_number(status, detail) -> None:
    event = only(write_calendar(with_items(item(LOW, 1, status=status)), "home", STAMP, detail))
    assert event.text("SUMMARY").startswith("ASK THE CLINIC before")
    text = event.text("SUMMARY") + event.text("DESCRIPTION").split("\nIssue")[0]
    assert not any(character.isdigit() for character in text)
    assert event.within("VALARM")


def test_two_home_doses_at_one_time_are_two_events() -> None:
    data = write_calendar(with_items(item(LOW, 1, amount="1 mg"), item(HIGH, 1, amount="12 mg")), "home", STAMP)
    one, other = events(data)
    assert one.one("DTSTART") == other.one("DTSTART")
    assert one.one("UID") != other.one("UID")


def test_an_amount_that_has_no_room_in_the_title_is_left_out_as_a_whole() -> None:
    long = replace(LOW, name="a" * 50, drug="b" * 39)
    event = only(write_calendar(with_items(item(long, 1, amount="1.791 million units")), "home", STAMP, "full"))
    assert event.text("SUMMARY") == "Home dose, circle A"
    assert event.text("DESCRIPTION").startswith("a" * 50 + ": 1.791 million units")


@pytest.mark.parametrize(
    ("status", "title", "state"),
    [
        ("planned", "Home dose, circle A", ("CONFIRMED", "OPAQUE", 1)),
        ("given", "Home dose, circle A", ("CONFIRMED", "OPAQUE", 1)),
        ("missed", "Home dose, circle A", ("CONFIRMED", "OPAQUE", 1)),
        ("held", "HOLD - no circle A dose today, call clinic", ("CONFIRMED", "TRANSPARENT", 0)),
        ("skipped", "HOLD - no circle A dose today, call clinic", ("CONFIRMED", "TRANSPARENT", 0)),
        ("ended", "CANCELLED home dose, circle A", ("CANCELLED", "TRANSPARENT", 0)),
    ],
)
@pytest.mark.parametrize("detail", ["discreet", "full"])
def test_each_state_of_a_home_dose_has_its_words(status, title, state, detail) -> None:
    data = write_calendar(with_items(item(LOW, 1, amount="1 mg", status=status)), "home", STAMP, detail)
    event = only(data)
    assert broken_rules(data) == []
    assert event.text("SUMMARY").startswith(title)
    assert (event.one("STATUS"), event.one("TRANSP"), len(event.parts)) == state
    assert ("1 mg" in event.text("SUMMARY") + event.text("DESCRIPTION")) == (detail == "full" and state[2] == 1)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (with_items(item(GRADES, 0)), "There are no home doses"),
        (with_items(item(LOW, 9, amount="1 mg")), "No home doses are released up to 22 February 2026"),
        (with_items(item(LOW, 1, amount="1 mg", status="blocked")), "No home doses are released"),
        (with_items(item(replace(LOW, time=None), 1)), "has no time of day"),
        (with_items(item(replace(LOW, time="00:00"), 1)), "between 00:00 and 04:00"),
        (with_items(item(replace(LOW, time="03:59"), 1)), "between 00:00 and 04:00"),
        (with_items(item(replace(LOW, time="8 pm"), 1)), "'8 pm' is not a time of day"),
        (with_items(item(replace(LOW, mark="Aldesleukin 1"), 1)), "names the drug"),
    ],
)
def test_a_home_calendar_that_would_be_empty_or_unsafe_is_refused(schedule, words) -> None:
    with pytest.raises(Refused, match=words) as refused:
        write_calendar(schedule, "home", STAMP)
    assert "\n" not in str(refused.value)


# ---------------------------------------------------------------- clinic visits


def test_everything_on_one_day_is_one_visit() -> None:
    data = write_calendar(sample(), "visits", STAMP)
    assert titles(data) == [
        "Appointment between 16 and 23 February",
        "Clinic visit 09:00",
        "Clinic visit 09:00",
        "TENTATIVE clinic visit 09:00",
    ]
    window, visit = events(data)[:2]
    assert instant(visit, "DTEND") - instant(visit, "DTSTART") == timedelta(minutes=90)
    assert (window.one("DTSTART"), window.one("DTEND"), window.parts) == ("20260216", "20260224", [])


def test_a_visit_in_full_names_what_is_done() -> None:
    data = write_calendar(sample(), "visits", STAMP, "full")
    assert titles(data)[1] == "Clinic visit 09:00: trastuzumab, paclitaxel"
    text = events(data)[1].text("DESCRIPTION")
    assert text.startswith(
        "toxicity grades, CTC 2.0.\nresearch blood sample.\ntrastuzumab, infusion, over 90 minutes.\n"
    )
    assert "paclitaxel, infusion, length not stated." in text


@pytest.mark.parametrize(
    ("statuses", "title"),
    [
        (("planned", "held"), "Clinic visit 09:00"),
        (("blocked", "held"), "TENTATIVE clinic visit 09:00"),
        (("held", "ended"), "HOLD - no clinic visit 09:00, call clinic"),
        (("ended", "ended"), "CANCELLED clinic visit 09:00"),
    ],
)
def test_a_visit_takes_place_as_soon_as_one_thing_in_it_does(statuses, title) -> None:
    items = [item(GRADES, 0, status=statuses[0]), item(ANTIBODY, 0, amount="280 mg", status=statuses[1])]
    data = write_calendar(with_items(*items), "visits", STAMP)
    assert broken_rules(data) == []
    assert only(data).text("SUMMARY") == title


def test_the_clinic_time_is_the_clinics() -> None:
    data = write_calendar(sample(), "visits", STAMP, clinic_time="07:45")
    assert titles(data)[1] == "Clinic visit 07:45"
    with pytest.raises(Refused, match="'9' is not a time of day"):
        write_calendar(sample(), "visits", STAMP, clinic_time="9")


# ---------------------------------------------------------------- the work list


def test_the_work_list_has_everything_in_order_and_in_full() -> None:
    data = write_calendar(sample(), "clinic", STAMP)
    assert titles(data) == [
        "014 C2D1 imaging, RECIST between 16 and 23 February",
        "014 C1D1 toxicity grades, CTC 2.0",
        "DECISION C1D1: release home doses? 014",
        "014 C1D1 research blood sample 60 mL",
        "014 C1D1 trastuzumab 280 mg over 90 min",
        "014 C1D1 paclitaxel 313.4 mg, length not stated",
        "014 C2D1 toxicity grades, CTC 2.0",
        "DECISION C2D1: release home doses? 014",
        "014 C2D1 serum and blood sample, volume not stated",
        "014 C2D1 trastuzumab 280 mg over 30 min",
        "TENTATIVE 014 C3D1 trastuzumab 280 mg over 30 min",
        "DECISION before C3: does treatment go on? 014",
        "TENTATIVE DECISION C3D1: release home doses? 014",
    ]
    clock = [instant(event, "DTSTART").strftime("%H:%M") for event in events(data)[1:6]]
    assert clock == ["14:00", "14:00", "14:15", "14:30", "16:00"]


def test_the_work_list_says_how_much_how_and_why_not() -> None:
    missing = item(replace(ANTIBODY, rank=4), 0, rate="4 mg/kg", status="not-computable", reasons=(UNKNOWN,))
    data = write_calendar(with_items(*sample().items[:5], missing._replace(level=-1)), "clinic", STAMP)
    texts = {event.text("SUMMARY"): event.text("DESCRIPTION") for event in events(data)}
    infusion = texts["014 C1D1 trastuzumab 280 mg over 90 min"]
    assert "trastuzumab: 280 mg (4 mg per kg), intravenous, over 90 minutes." in infusion
    assert "Allowed between 13 and 19 February." in infusion
    assert "3 of 5 on this day" in infusion
    assert "Protocol sample-trial, edition 1, arm cohort-1." in infusion
    assert "60 minutes are set aside" in texts["014 C1D1 paclitaxel 313.4 mg, length not stated"]
    without = texts["NO AMOUNT: 014 C1D1 trastuzumab, length not stated"]
    assert "no amount yet.\nNo amount: no weight is recorded" in without
    assert "Dose level -1." in without


@pytest.mark.parametrize(
    ("status", "title"), [("held", "HOLD - 014 C1D1 trastuzumab"), ("ended", "CANCELLED 014 C1D1 trastuzumab")]
)
def test_the_work_list_shows_no_amount_of_what_is_not_given(status, title) -> None:
    dose = item(ANTIBODY, 0, amount="280 mg", rate="4 mg/kg", minutes=90, status=status)
    data = write_calendar(with_items(dose), "clinic", STAMP)
    assert broken_rules(data) == []
    assert titles(data) == [title]
    assert "mg" not in only(data).text("DESCRIPTION")


def test_the_work_list_names_the_decision_that_is_open() -> None:
    texts = {
        event.text("SUMMARY"): event.text("DESCRIPTION") for event in events(write_calendar(sample(), "clinic", STAMP))
    }
    assert texts["DECISION before C3: does treatment go on? 014"].startswith(
        "Nobody has recorded the response before cycle 3 yet."
    )
    release = texts["DECISION C1D1: release home doses? 014"]
    assert release.startswith("It releases 3 home doses, from 16 February 2026 to 22 February 2026.")


@pytest.mark.parametrize("purpose", ["visits", "clinic"])
def test_an_empty_calendar_is_refused(purpose) -> None:
    with pytest.raises(Refused, match=r"There (are|is) no"):
        write_calendar(with_items(item(LOW, 1)), purpose, STAMP)
