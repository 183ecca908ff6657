"""What the log promises in quiet times, on both databases."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from ward import DAY, Clock, enrol, record, weight

from scheduler.problems import Refused
from scheduler.record.events import EventCorrected, PatientEnrolled, WeightMeasured
from scheduler.store.due import DueRow
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Conflict
from scheduler.store.values import Person

# ---------------------------------------------------------------- recording


def test_an_entry_says_what_who_when_and_why(log: EventLog) -> None:
    enrol(log)
    entry = record(log, "OSU-1", weight(72), 3, "form-1", reason="clinic visit", authenticated=True)
    assert entry == log.entries("OSU-1")[3]
    assert (entry.number, entry.event_id, entry.subject, entry.event) == (4, "form-1", "OSU-1", weight(72))
    assert (entry.recorded_by, entry.role, entry.reason, entry.authenticated) == (
        "N. Reyes",
        "nurse",
        "clinic visit",
        True,
    )
    assert entry.recorded_at == datetime(2026, 1, 5, 9, 0, 2, tzinfo=UTC)
    assert len(entry.seal) == 64


def test_patients_are_numbered_each_by_himself_and_listed_in_order(log: EventLog) -> None:
    for subject in ("b", "Ä", "A"):
        enrol(log, subject)
    assert log.subjects() == ("A", "b", "Ä")
    assert [entry.number for entry in log.entries("b")] == [1, 2, 3]
    assert log.entries("nobody") == ()
    assert log.position() == 9
    assert log.changed_since(7) == ((8, "A"), (9, "A"))


def test_a_retry_gives_back_the_stored_entry_and_changes_nothing(log: EventLog) -> None:
    enrol(log)
    first = record(log, "OSU-1", weight(72), 3)
    record(log, "OSU-1", weight(73), 4)
    assert record(log, "OSU-1", weight(72), 3) == first
    assert enrol(log) == log.entries("OSU-1")[:3]
    assert len(log.entries("OSU-1")) == 5


@pytest.mark.parametrize(("subject", "kg"), [("OSU-1", 73), ("OSU-2", 72)])
def test_an_event_id_stands_for_one_event_only(log: EventLog, subject: str, kg: int) -> None:
    enrol(log)
    record(log, "OSU-1", weight(72), 3, "form-1")
    with pytest.raises(Refused, match="recorded already, with other contents"):
        record(log, subject, weight(kg), 4, "form-1")


def test_who_saw_less_than_is_recorded_is_told_what_is_new(log: EventLog) -> None:
    enrol(log)
    new = record(log, "OSU-1", weight(72), 3, by="Dr. Weiss")
    with pytest.raises(Conflict, match=r"an entry for OSU-1 came in from Dr\. Weiss") as conflict:
        record(log, "OSU-1", weight(80), 3, "form-2")
    assert conflict.value.since == (new,)
    assert len(log.entries("OSU-1")) == 4
    with pytest.raises(Conflict, match="An older copy may have been restored") as conflict:
        record(log, "OSU-1", weight(80), 9, "form-3")
    assert conflict.value.since == ()


def test_events_given_together_are_recorded_all_or_none(log: EventLog) -> None:
    bad = [("a", PatientEnrolled(DAY, DAY, "X")), ("b", WeightMeasured(DAY, Decimal("NaN")))]
    with pytest.raises(Refused):
        log.append_all("X", bad, by="N", role="", reason="", expected=0)
    assert (log.entries("X"), log.subjects(), log.position()) == ((), (), 0)


def test_a_projection_that_fails_leaves_nothing_behind(log: EventLog) -> None:
    enrol(log)

    def fails(_entries: object) -> list[DueRow]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record(log, "OSU-1", weight(72), 3, due=fails)
    assert len(log.entries("OSU-1")) == 3
    assert log.verify() == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"by": ""}, "The name of who records is missing"),
        ({"by": "N\u202eReyes"}, "The name of who records"),
        ({"reason": "two\nlines"}, "The reason is too long or holds a hidden character"),
        ({"role": "x" * 101}, "The role is too long"),
        ({"event_id": " "}, "The id of the event"),
    ],
)
def test_what_cannot_be_seen_is_not_recorded(log: EventLog, said: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        record(log, "OSU-1", weight(70), 0, **said)
    with pytest.raises(Refused, match="The patient's number"):
        record(log, "OSU\x00", weight(70), 0)


# ---------------------------------------------------------------- corrections and the clock


@pytest.mark.promise("P19")
def test_a_correction_keeps_the_old_value_and_says_who_when_and_why(log: EventLog) -> None:
    enrol(log)
    correction = EventCorrected(DAY + timedelta(days=1), 3, weight(71))
    with pytest.raises(Refused, match="A correction needs a reason"):
        record(log, "OSU-1", correction, 3, reason=" ")
    with pytest.raises(Refused, match="There is no entry 5 to correct"):
        record(log, "OSU-1", EventCorrected(DAY, 5), 3, reason="typed twice")
    record(log, "OSU-1", correction, 3, by="Dr. Weiss", reason="shoes off")
    first, *_, wrong, right = log.entries("OSU-1")
    assert isinstance(first.event, PatientEnrolled)
    assert wrong.event == weight(70)
    assert wrong.recorded_by == "N. Reyes"
    assert right.event == correction
    assert (right.recorded_by, right.reason) == ("Dr. Weiss", "shoes off")
    assert right.recorded_at > wrong.recorded_at


@pytest.mark.promise("P20")
def test_a_clock_set_back_changes_no_order_and_is_noted(log: EventLog, clock: Clock) -> None:
    enrol(log)
    assert log.clock_notes() == ()
    clock.at -= timedelta(hours=3)
    record(log, "OSU-1", weight(71), 3)
    *_, before, after = log.entries("OSU-1")
    assert after.recorded_at == before.recorded_at + timedelta(microseconds=1)
    (note,) = log.clock_notes()
    assert note == (
        "Entry 4 of OSU-1: the computer's clock had been set back to 2026-01-05T06:00:02 UTC;"
        " it is filed at 2026-01-05T09:00:01 UTC, after the entry before it."
    )
    clock.at += timedelta(hours=3)
    assert record(log, "OSU-1", weight(72), 4).recorded_at == clock.at
    assert len(log.clock_notes()) == 1


def test_an_instant_knows_its_zone(log: EventLog, clock: Clock) -> None:
    clock.at = clock.at.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        enrol(log)


# ---------------------------------------------------------------- beside the events


def test_who_a_patient_is_can_be_erased_and_the_log_stays_whole(log: EventLog) -> None:
    enrol(log)
    log.put_person(Person("OSU-1", "Ann Example", date(1970, 2, 3), "+1 614 555 0100"))
    log.put_person(Person("OSU-1", "Anne Example", date(1970, 2, 3)))
    assert log.person("OSU-1") == Person("OSU-1", "Anne Example", date(1970, 2, 3))
    log.erase_person("OSU-1")
    assert log.person("OSU-1") is None
    assert (len(log.entries("OSU-1")), log.verify()) == (3, [])
    with pytest.raises(Refused, match="hidden character"):
        log.put_person(Person("OSU-1", "\x1b[31mAnn"))


def test_the_protocol_of_a_patient_is_kept_to_the_letter(log: EventLog) -> None:
    text = "protocol: é\r\nedition: 1\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    for _ in range(2):
        log.save_protocol(digest, "é", 1, text)
    assert log.protocol(digest) == text
    assert log.protocol("0" * 64) is None
    with pytest.raises(Refused, match="not the one that was checked"):
        log.save_protocol(digest, "é", 1, f"{text} ")


def test_a_seal_covers_the_log_so_far(log: EventLog) -> None:
    assert log.last_seal() is None
    empty = log.seal("N. Reyes")
    enrol(log)
    seal = log.seal("Dr. Weiss")
    assert (seal.number, seal.position, seal.count, seal.sealed_by) == (2, 3, 3, "Dr. Weiss")
    assert log.last_seal() == seal
    record(log, "OSU-1", weight(71), 3)
    assert log.verify(printed=[seal.short, f"{empty.sha256[:6]} {empty.sha256[6:12]}"]) == []
