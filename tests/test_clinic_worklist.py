"""The worklist: what it shows on a day, and that it always equals its rebuild."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from scheduler.clinic import doses, facts, orders
from scheduler.clinic.desk import Desk, Judge, Signature, open_desk
from scheduler.clinic.enrolment import Enrolment, enrolment
from scheduler.clinic.home import Home
from scheduler.problems import Refused
from scheduler.store.due import DueRow
from tests.on_the_line import Ward, enrol_a, enrol_b

DAY_1, TODAY = date(2026, 1, 5), date(2026, 6, 30)
NURSE = Signature("K. Berg", "nurse", "as seen")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    found = Ward(tmp_path / "home", monkeypatch)
    enrol_a(found)
    enrol_b(found)
    return found


def test_what_nobody_has_recorded_is_overdue(ward: Ward) -> None:
    ward.records("given A1 C1D1 --on 2026-01-05")
    said = ward.says("today", "--date", "2026-01-08")
    assert "WORKLIST for Thu 2026-01-08: 2 patients" in said
    assert "A1 2 doses, Tue 2026-01-06 to Wed 2026-01-07, C1D2 to C1D3: aldesleukin, low dose" in said
    assert "DUE A1 C1D4 aldesleukin, low dose, 1.791 million units, subcutaneous, 20:00" in said
    assert "A1 Mon 2026-01-05" not in said


def test_decisions_come_first_and_holds_are_named(ward: Ward) -> None:
    ward.records("toxicity A1 Fever 3 --on 2026-01-14")
    ward.records("toxicity A1 Fever 1 --on 2026-01-28")
    said = ward.says("today", "--date", "2026-01-28")
    order = [said.index(word) for word in ("TO BE DECIDED", "OVERDUE", "ON HOLD", "DUE A1")]
    assert order == sorted(order)
    assert "resume-4: Resume aldesleukin, low dose at level -1" in said
    assert "C2D3 HELD, give nothing: aldesleukin, intermediate dose" in said
    ward.records("end A1 withdrawal --on 2026-01-29")
    assert "A1 since" not in ward.says("today", "--date", "2026-01-30")


def test_an_answer_is_asked_two_weeks_ahead(ward: Ward) -> None:
    assert "answer-C4" not in ward.says("today", "--date", "2026-02-21")
    assert "answer-C4: Record the response before cycle 4." in ward.says("today", "--date", "2026-02-22")


def test_nobody_falls_off_the_list_in_silence(ward: Ward) -> None:
    said = ward.says("today", "--date", "2026-06-01")
    assert "Nothing has been recorded for 13 weeks, and the worklist ends here." in said


def test_without_anybody_there_is_nothing(ward: Ward) -> None:
    for subject in ("A1", "B1"):
        ward.records(f"end {subject} withdrawal --on 2026-01-04")
    assert "Nothing is due, on hold, overdue or to be decided." in ward.says("today", "--date", "2026-03-01")


# ---------------------------------------------------------------- equal to the rebuild, always

QUICKLY = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Each example is a record of its own on the disk; making it smaller would take minutes."""

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["worse", "better", "lift", "given", "missed", "weight", "late", "response", "hold", "correct"]
        ),
        st.integers(0, 80),
    ),
    max_size=8,
)


def judged(kind: str, days: int) -> Judge:
    """What one step of a random history wants to record."""
    judges: dict[str, Judge] = {
        "worse": lambda scene: facts.toxicity(scene, "Fatigue", 3 + days % 2, ["interleukin-12=probable"]),
        "better": lambda scene: facts.toxicity(scene, "Fatigue", days % 2),
        "lift": lambda scene: orders.lift(scene, []),
        "given": lambda scene: doses.given(scene, f"C{1 + days // 21}D{1 + days % 21 // 7 * 7}/trastuzumab"),
        "missed": lambda scene: doses.missed(scene, f"C{1 + days // 21}D{1 + days % 21 // 7 * 7}/trastuzumab"),
        "weight": lambda scene: facts.weight(scene, Decimal(60 + days % 30)),
        "late": lambda scene: facts.visit(scene, 2 + days % 3, scene.on + timedelta(days=days % 5)),
        "response": lambda scene: facts.response(scene, "PR"),
        "hold": lambda scene: orders.hold(scene, []),
    }
    return judges[kind]


def take(desk: Desk, kind: str, days: int) -> None:
    """Record a step; what the desk refuses is not recorded."""
    chart, on = desk.chart("B1"), DAY_1 + timedelta(days=days)
    try:
        if kind == "correct":
            number = 4 + days % max(1, chart.last_number - 3)
            draft = desk.draft_correction(chart, number, None, on, "wrong")
        else:
            draft = desk.draft(chart, judged(kind, days), on, "as seen")
        desk.store(draft, NURSE)
    except Refused:
        return


def with_patient(folder: Path) -> Desk:
    desk = open_desk(Home(folder, str(folder / "record.db")), must_exist=False, today=TODAY)
    asked = Enrolment("trastuzumab-paclitaxel-il12", DAY_1, Decimal(165), Decimal(70), "cohort-3")
    events, found = enrolment(asked, "B1", TODAY)
    desk.shelf.put(found.protocol)
    desk.enrol("B1", events, found.text, NURSE)
    return desk


@pytest.mark.promise("P11")
@settings(QUICKLY)
@given(steps=STEPS)
def test_the_worklist_equals_its_rebuild(tmp_path_factory: pytest.TempPathFactory, steps: list[Step]) -> None:
    with with_patient(tmp_path_factory.mktemp("home")) as desk:
        for kind, days in steps:
            take(desk, kind, days)
            assert desk.log.due_findings(desk.due) == ()
        kept = desk.log.due_of("B1")
        _emptied(desk, lambda _entries: [])
        assert desk.log.due_of("B1") == ()
        _emptied(desk, desk.due)
        assert desk.log.due_of("B1") == kept


def _emptied(desk: Desk, function: Callable[..., list[DueRow]]) -> None:
    desk.log.rebuild_due(function)


@settings(QUICKLY)
@given(steps=STEPS, last=st.sampled_from(["worse", "missed", "weight", "hold"]), days=st.integers(0, 60))
def test_an_event_never_changes_planned_doses_of_days_before_it(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], last: str, days: int
) -> None:
    """Except what belongs to a dose that was given late: that moves with it, and is no event of this list."""
    on = DAY_1 + timedelta(days=days)
    with with_patient(tmp_path_factory.mktemp("home")) as desk:
        for kind, when in steps:
            take(desk, kind, when)
        before = desk.chart("B1").schedule(TODAY, TODAY)
        take(desk, last, days)
        after = {item.id: item for item in desk.chart("B1").schedule(TODAY, TODAY).items}
    for item in before.items:
        named = desk_item(last, days) == item.id
        if item.date < on and item.slot.kind == "dose" and item.status == "planned" and not named:
            now = after.get(item.id)
            assert now is not None
            assert (now.date, now.status, now.amount, now.level) == (item.date, item.status, item.amount, item.level)


@settings(QUICKLY, max_examples=8)
@given(steps=STEPS, days=st.integers(0, 60))
@example(steps=[("given", 19), ("better", 74), ("lift", 27), ("lift", 47)], days=27)
def test_a_late_dose_moves_only_its_own_cycle_and_what_comes_after(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], days: int
) -> None:
    """What was planned before it and nobody has recorded moves with it; nothing is lost, no cycle before it moves.

    In the example day 1 of cycle 2 is given six days late: its interleukin-12 follows, and the evening before too.
    """
    on, named = DAY_1 + timedelta(days=days), desk_item("missed", days)
    with with_patient(tmp_path_factory.mktemp("home")) as desk:
        for kind, when in steps:
            take(desk, kind, when)
        before = desk.chart("B1").schedule(TODAY, TODAY)
        take(desk, "given", days)
        after = {item.id: item for item in desk.chart("B1").schedule(TODAY, TODAY).items}
    for item in before.items:
        if item.date < on and item.slot.kind == "dose" and item.status == "planned" and named != item.id:
            now = after.get(item.id)
            assert now is not None
            same = (now.date, now.status, now.amount, now.level) == (item.date, item.status, item.amount, item.level)
            assert same or item.cycle >= 1 + days // 21
            assert now.status in ("planned", "held", "skipped")
            assert same or now.status == "skipped" or now.date >= on - timedelta(days=1)


def desk_item(kind: str, days: int) -> str:
    """The dose that a step is about; it may be of an earlier day."""
    return f"C{1 + days // 21}D{1 + days % 21 // 7 * 7}/trastuzumab" if kind == "missed" else ""
