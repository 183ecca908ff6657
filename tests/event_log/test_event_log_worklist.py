"""The worklist that is stored always equals what the entries say, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ward import DAY, Clock, due_rows, enrol, record, weight

from scheduler.record.events import DoseGiven, DoseMissed, WeightMeasured
from scheduler.record.recorded import Recorded
from scheduler.store.due import DueRow
from scheduler.store.event_log import EventLog, open_log

# ---------------------------------------------------------------- the worklist


def test_the_worklist_is_read_page_by_page(log: EventLog) -> None:
    for subject in ("A", "B", "C"):
        enrol(log, subject)
    through = DAY + timedelta(days=3)
    rows, page = [], log.due(through, limit=5)
    while page:
        rows += page
        page = log.due(through, after=page[-1].key, limit=5)
    days = [DAY + timedelta(days=n) for n in range(4)]
    assert [(row.due_on, row.subject) for row in rows] == [(day, subject) for day in days for subject in "ABC"]
    assert log.due(through, since=through) == tuple(row for row in rows if row.due_on == through)
    assert log.due(through, site="elsewhere") == ()
    assert log.due(date(2025, 1, 1)) == ()


def test_an_entry_changes_the_worklist_with_it(log: EventLog) -> None:
    enrol(log)
    record(log, "OSU-1", DoseGiven(DAY, "C1D1/x"), 3)
    record(log, "OSU-1", weight(80), 4)
    assert log.due_of("OSU-1") == tuple(due_rows(log.entries("OSU-1")))
    assert {(row.item, row.text) for row in log.due(DAY + timedelta(days=1))} == {("C1D2/x", "80 mg")}
    record(log, "OSU-1", weight(90), 5, due=None)
    assert log.due_findings(due_rows) == ("The worklist of OSU-1 is not what the record says. Rebuild it.",)


def test_the_worklist_can_be_made_anew(log: EventLog) -> None:
    for number in range(60):
        enrol(log, f"S{number:02}", due=None)
    assert (log.due(DAY), log.due_made_by()) == ((), "")
    steps: list[tuple[int, int]] = []
    log.rebuild_due(due_rows, lambda done, total: steps.append((done, total)), made_by="1.0")
    assert steps == [(50, 60), (60, 60)]
    assert log.due_findings(due_rows) == ()
    assert len(log.due(DAY, limit=100)) == 60
    assert log.due_made_by() == "1.0"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.one_of(
            st.integers(40, 90).map(weight),
            st.integers(1, 10).map(lambda day: DoseGiven(DAY, f"C1D{day}/x")),
            st.integers(1, 10).map(lambda day: DoseMissed(DAY, f"C1D{day}/x")),
        ),
    ),
    max_size=8,
)


@pytest.mark.promise("P11")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_worklist_always_equals_its_rebuild(log: EventLog, steps: list[tuple[str, WeightMeasured]]) -> None:
    for subject, event in steps:
        number = len(log.entries(subject))
        record(log, subject, event, number)
    assert log.due_findings(due_rows) == ()
    kept = {subject: log.due_of(subject) for subject in log.subjects()}
    log.rebuild_due(due_rows)
    assert {subject: log.due_of(subject) for subject in log.subjects()} == kept


# ---------------------------------------------------------------- what a program remembers


def test_what_a_program_remembers_is_not_believed_against_the_log(address: str, clock: Clock) -> None:
    """Two programs record in turn; what the worklist is made from is always everything."""
    with open_log(address, now=clock) as one, open_log(address, now=clock) as other:
        enrol(one)
        for number in range(3, 9):
            seen: list[int] = []

            def project(entries: tuple[Recorded, ...], seen: list[int] = seen) -> list[DueRow]:
                seen += [entry.number for entry in entries]
                return due_rows(entries)

            record((one, other)[number % 3 == 0], "OSU-1", weight(60 + number), number, due=project)
            assert seen == list(range(1, number + 2))
        assert one.due_findings(due_rows) == ()


def test_an_entry_that_was_not_committed_is_not_remembered(log: EventLog) -> None:
    enrol(log)

    def fails(_entries: object) -> list[DueRow]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record(log, "OSU-1", weight(72), 3, "lost", due=fails)
    record(log, "OSU-1", weight(73), 3, "kept")
    assert {row.text for row in log.due_of("OSU-1")} == {"73 mg"}
    assert log.due_findings(due_rows) == ()
