"""The patient's diary, read back by another library and as pictures.

To accept new words: C1D1_NEW_GOLDENS=1 pytest tests/test_diary.py; then read the difference.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cli import main
from scheduler.clinic import PlanRequest, home, make_plan
from scheduler.outputs.languages import known, language
from scheduler.outputs.patient_days import is_to_take
from scheduler.problems import Refused
from scheduler.protocol.library import shipped_products
from scheduler.record.events import Attribution, DoseGiven, DoseMissed, ToxicityGraded
from tests.conftest import IL12, TABLETS
from tests.patient_paper_sample import (
    WITH_HOME_DOSES,
    days,
    diary,
    lines,
    out_of_page,
    pages,
    plan,
    protocol,
    smallest_print,
    unseen,
    with_events,
)

GOLDENS = Path(__file__).parent / "goldens"
START = date(2026, 11, 2)
TERM = "Fever (in the absence of neutropenia, where neutropenia is defined as AGC<1.0 x 10e9/L)"
FEVER = ToxicityGraded(date(2026, 11, 11), TERM, 3, "CTC 2.0", (Attribution("aldesleukin", "probable"),))


def week(schedule=None, first: date = START, released: date | None = None):
    return days(schedule or plan(), first, first + timedelta(days=6), released)


# ---------------------------------------------------------------- what stands there


def test_a_page_says_what_a_diary_has_to_say() -> None:
    (page,) = pages(diary(week()))
    for words in (
        "Diary of doses at home",
        "Monday, November 2, 2026 to Sunday, November 8, 2026",
        "Patient S-001; Name: __________________; Trial trastuzumab-il2; Cycle 1",
        "circle A: aldesleukin, low dose. Inject under the skin at 20:00.",
        "1.8 million units in 0.1 mL (one point eight; zero point one)",
        "Up to 2 hours earlier or later is all right.",
        "A missed injection may be taken later on the same day, at least 12 hours before the next",
        "Never take two doses to make up for one.",
        "If the clinic calls and says HOLD, take no dose, whatever this paper says.",
        "Questions, or not well? Call Example Ward: +1 555 0100",
        "S-001. Entry 17, seal 4f1c22ab90de. Replaces earlier papers for these",
        "Page 1 of 1",
    ):
        assert words in page, words


def test_the_amount_is_the_one_on_the_label() -> None:
    """The syringe holds 1.8 million units at its mark, though 1.791 were calculated; the patient compares the two."""
    (page,) = pages(diary(week()))
    assert "1.791" not in page
    assert page.count("1.8 million units") == 7  # six doses, and once above them


def test_a_number_is_never_parted_from_its_unit() -> None:
    for code in known():
        for line in lines(diary(week(plan(), date(2026, 11, 9)), code)):
            assert not line.rstrip().endswith(("0.1", "1.2", "21.6", "1.8")), line


def test_a_dose_in_two_syringes_says_so_with_the_amount_of_each() -> None:
    """The label of each part says what that part holds."""
    one_ml = tuple(kind for kind in shipped_products()["aldesleukin"].syringes if kind.capacity == 1)
    split = replace(shipped_products()["aldesleukin"], over_capacity="equal parts", syringes=one_ml)
    found = days(plan(), date(2026, 11, 9), date(2026, 11, 15), products={"aldesleukin": split})
    (page,) = pages(diary(found))
    assert page.count("2 syringes, each at its own place: 10.8 million units in 0.6 mL") == 4
    assert "21.6" not in page


def test_without_a_number_there_is_a_line_to_write_it_on() -> None:
    (page,) = pages(diary(week(), clinic="", phone=""))
    assert "Questions, or not well? Call the clinic: ______" in page


def test_a_draft_says_so_on_every_page() -> None:
    found = days(plan(), START, START + timedelta(days=20))
    assert all("DRAFT: not approved, not for patients" in page for page in pages(diary(found, approved=False)))
    assert not any("DRAFT" in page for page in pages(diary(found)))


def test_held_doses_have_no_amount_and_say_hold() -> None:
    schedule = with_events(FEVER, seen=date(2026, 11, 11))
    (page,) = pages(diary(week(schedule, date(2026, 11, 9))))
    assert page.count("HOLD: no dose, call the clinic") == 5  # Wednesday to Sunday
    assert page.count("21.6 million units") == 2  # Tuesday, and once above


def test_what_is_recorded_stands_there_without_boxes() -> None:
    given_on, missed_on = date(2026, 11, 3), date(2026, 11, 4)
    events = (DoseGiven(given_on, "C1D2/aldesleukin_low"), DoseMissed(missed_on, "C1D3/aldesleukin_low"))
    (page,) = pages(diary(week(with_events(*events, seen=missed_on))))
    assert page.count("Recorded as taken") == 1
    assert page.count("Recorded as not taken") == 1
    assert page.count(" : ") == 4


def test_nothing_is_printed_beyond_the_release() -> None:
    (page,) = pages(diary(week(released=date(2026, 11, 5))))
    assert page.count("Not released yet") == 3
    assert page.count("1.8 million units") == 4


def test_a_premedication_of_the_visit_is_on_the_paper_before_it() -> None:
    """Dexamethasone of the evening and of the morning belong to the paclitaxel of day 1, and are taken before it."""
    visit = date(2026, 11, 23)
    found = days(plan(IL12), visit - timedelta(days=7), visit + timedelta(days=6), released=visit - timedelta(days=1))
    assert [(day.on, dose.time) for day in found for dose in day.doses] == [
        (visit - timedelta(days=1), "21:00"),
        (visit, "07:00"),
    ]


def test_a_dose_without_an_amount_asks() -> None:
    without = make_plan(protocol(), PlanRequest(START, cycles=1))
    (page,) = pages(diary(week(without)))
    assert page.count("Ask the clinic before this dose") == 6
    assert "million units" not in page


def test_three_doses_a_day_go_on_a_second_page() -> None:
    found = pages(diary(week(plan(TABLETS)), trial=TABLETS))
    assert len(found) == 2
    assert "capecitabine. Take by mouth at 08:00 and 20:00." in found[0]
    assert [sum(page.count(f"November {n} ") for n in range(2, 9)) for page in found] != [7, 0]


def test_a_week_without_a_dose_has_no_page_and_no_dose_at_all_is_refused() -> None:
    found = pages(diary(days(plan(IL12), START - timedelta(days=7), START + timedelta(days=20)), trial=IL12))
    assert len(found) == 3  # the evening before day 1, day 1, the evening before cycle 2
    with pytest.raises(Refused, match="No dose is to be taken at home"):
        diary(days(plan(IL12), START + timedelta(days=7), START + timedelta(days=13)), trial=IL12)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["Zażółć Gęślą", "Nguyễn Thị Ánh", "O'Brien <b>&amp; {phone}", "Ünïcødé Ω"])
def test_names_are_printed_as_they_are(name: str) -> None:
    (page,) = pages(diary(week(), name=name))
    assert f"Name: {name}; Trial" in page


@pytest.mark.parametrize("name", ["محمد", "Nurse 😀", "日本", "a\u202eb", "x" * 300])
def test_names_that_cannot_be_printed_right_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        diary(week(), name=name)


# ---------------------------------------------------------------- over many weeks


@pytest.mark.parametrize("code", known())
@pytest.mark.parametrize("name", WITH_HOME_DOSES)
def test_every_page_is_readable(name: str, code: str) -> None:
    pdf = diary(days(plan(name), START - timedelta(days=7), START + timedelta(days=20)), code, name, approved=False)
    assert smallest_print(pdf) >= 12
    assert unseen(pdf) == 0
    assert out_of_page(pdf) == []


@settings(max_examples=8)
@given(
    st.sampled_from(WITH_HOME_DOSES),
    st.dates(date(2026, 1, 1), date(2031, 12, 31)),
    st.integers(0, 30),
    st.sampled_from(known()),
)
def test_every_dose_of_every_day_stands_on_its_day(name: str, start: date, after: int, code: str) -> None:
    schedule, tongue = plan(name, start, 2), language(code)
    first = start - timedelta(days=7)
    first -= timedelta(days=first.weekday())
    released = start + timedelta(days=after)
    found = days(schedule, first, first + timedelta(days=48), released)
    printed = {dose.item.id for day in found for dose in day.doses if dose.state == "dose"}
    due = {item.id for item in schedule.items if is_to_take(item, released)}
    assert printed == due
    if due:
        text = " ".join(pages(diary(found, code, name)))
        for day in found:
            if day.doses:
                assert f"{tongue.weekday(day.on)} {tongue.short_day(day.on)}" in text


# ---------------------------------------------------------------- on the command line


def run(folder: Path, words: str, *, fails: bool = False):
    result = CliRunner().invoke(main, ["--home", str(folder), *words.split()], env={"C1D1_BY": ""})
    assert (result.exit_code != 0) == fails, result.output
    return result


@pytest.fixture(scope="module")
def ward(tmp_path_factory) -> Path:
    tmp_path = tmp_path_factory.mktemp("ward")
    (tmp_path / "clinic.toml").write_text('phone = "+1 555 0100"\nlanguages = ["es", "en"]\n', encoding="utf-8")
    body = "--start 2026-11-03 --height 165 --weight 70 --on 2026-11-03 --by N"
    run(tmp_path, f"patient enrol S-001 --protocol trastuzumab-il2 {body}")
    return tmp_path


@pytest.mark.parametrize(("paper", "title"), [("diary", "Diario de dosis en casa"), ("wall", "dosis en casa")])
def test_a_paper_from_the_record_in_the_clinics_language(ward, monkeypatch, paper: str, title: str) -> None:
    monkeypatch.setattr(home, "today", lambda: date(2026, 11, 3))
    result = run(ward, f"{paper} S-001 -o {ward / 'paper.pdf'}")
    found = pages((ward / "paper.pdf").read_bytes())
    assert "Home doses run up to Mon 2026-11-23" in result.stderr
    assert "approved by nobody" in result.stderr
    assert all(title in page and "BORRADOR" in page and "Anotación 3, sello " in page for page in found)
    run(ward, f"{paper} S-001 --language en -o {ward / 'paper.pdf'}")
    assert "DRAFT" in pages((ward / "paper.pdf").read_bytes())[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("S-001 --language xx", "Papers are not written in 'xx'"),
        ("S-001 --from 2026-11-09 --to 2026-11-02", "Give --to a later day than --from"),
        ("S-001 --from 2026-11-09 --to 2029-11-02", "more than a year"),
        ("S-001 --from 2031-11-09 --to 2031-11-10", "No dose is to be taken at home"),
        ("S-002", "S-002"),
    ],
)
@pytest.mark.parametrize("paper", ["diary", "wall"])
def test_what_cannot_be_printed_is_refused_in_a_sentence(ward, paper: str, words: str, said: str) -> None:
    result = run(ward, f"{paper} {words} -o {ward / 'refused.pdf'}", fails=True)
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (ward / "refused.pdf").exists()


def test_what_is_handed_out_is_an_entry_and_the_next_paper_replaces_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(home, "today", lambda: date(2026, 11, 11))
    body = "--start 2026-11-02 --height 165 --weight 70 --on 2026-11-02 --by N"
    run(tmp_path, f"patient enrol S-001 --protocol trastuzumab-il2 {body}")
    where = tmp_path / "paper.pdf"
    assert "Say who records" in run(tmp_path, f"diary S-001 -o {where} --hand-out", fails=True).stderr
    assert not where.exists()
    run(tmp_path, f"diary S-001 -o {where} --hand-out --by N")
    assert "Replaces earlier papers" in pages(where.read_bytes())[0]
    # Then a hold: the paper at home is named, and the next one says what it replaces.
    said = run(tmp_path, "record toxicity S-001 Fever 3 --due-to aldesleukin=probable --by N").output
    assert "The diary of entry 4, Mon 2026-11-09 to Sun 2026-11-22, shows it as it was" in " ".join(said.split())
    run(tmp_path, f"diary S-001 -o {where} --hand-out --by N")
    (first, *_) = pages(where.read_bytes())
    assert "Entry 5, seal " in first
    assert "Replaces the paper of entry 4" in first
    run(tmp_path, f"diary S-001 -o {where} --from 2026-11-02 --to 2026-11-08")
    assert "Replaces earlier papers" in pages(where.read_bytes())[0]
    shown = " ".join(run(tmp_path, "patient show S-001").output.split())
    assert "Diary handed out, Mon 2026-11-09 to Sun 2026-11-22, in language en: made from entry 3" in shown


def test_same_input_same_bytes() -> None:
    assert diary(week()) == diary(week())


@pytest.mark.parametrize("code", known())
def test_the_words_of_two_weeks(code: str) -> None:
    schedule = with_events(FEVER, seen=date(2026, 11, 11))
    text = "\n\n".join(pages(diary(days(schedule, START, START + timedelta(days=13)), code))) + "\n"
    golden = GOLDENS / f"diary-{code}.txt"
    if os.environ.get("C1D1_NEW_GOLDENS"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
