"""Nothing recorded is changed unseen: what the database turns down, and what is found where it could not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from ward import ADDRESS, as_owner, behind_the_guards, enrol, opened, record, weight

from scheduler.store import schema
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Guarded, Tampered
from scheduler.store.plain_words import in_plain_words
from scheduler.store.values import Seal

ROW = """INSERT INTO events SELECT position + {position}, event_id || '{event_id}', subject, number + {number}, kind,
    format, body, happened_on, recorded_at, clock_said, recorded_by, role, reason, authenticated, app_version,
    {prev_seal}, seal FROM events WHERE position = 4"""
NEXT = {"position": 1, "event_id": "'", "number": 1, "prev_seal": "seal"}


@pytest.fixture
def sealed(log: EventLog) -> Seal:
    """Two patients, the first with four entries, the second with three; all of it sealed."""
    enrol(log, "A")
    record(log, "A", weight(71), 3)
    enrol(log, "B")
    return log.seal("Dr. Weiss")


# ---------------------------------------------------------------- turned down


def insert(**other: object) -> str:
    return ROW.format(**{**NEXT, **other}).replace("'''", "'x'")


REFUSED = {
    "an update": "UPDATE events SET body = '{}' WHERE position = 1",
    "an update that changes nothing": "UPDATE events SET body = body",
    "a deletion": "DELETE FROM events WHERE position = 7",
    "the same place": insert(position=3, number=1).replace("position + 3", "position"),
    "a gap in the places": insert(position=9),
    "a gap in the numbers": insert(position=4, number=2),
    "a false start": insert(position=4, prev_seal="'x'"),
    "a head that goes back": "UPDATE heads SET number = 3 WHERE subject = 'A'",
    "a head that says something else": "UPDATE heads SET number = 5 WHERE subject = 'A'",
    "a head less": "DELETE FROM heads",
    "a second head": "INSERT INTO heads SELECT subject, number, seal FROM heads",
    "a head without entries": "INSERT INTO heads VALUES ('C', 1, 'x')",
    "a seal less": "DELETE FROM seals",
    "another seal": "UPDATE seals SET sealed_by = 'x'",
    "a seal from nowhere": "INSERT INTO seals VALUES (2, 7, 7, 'x', 'x', 'x', 'x')",
    "a protocol less": "DELETE FROM protocols",
    "another protocol": "UPDATE protocols SET text = 'x'",
}
ONLY = {
    "sqlite": {
        "replacing": insert().replace("INSERT INTO", "INSERT OR REPLACE INTO").replace("position + 1", "position"),
        "replacing by id": insert(event_id="").replace("INSERT INTO", "REPLACE INTO"),
        "ignoring": insert(number=2).replace("INSERT INTO", "INSERT OR IGNORE INTO"),
        "replacing a head": "INSERT OR REPLACE INTO heads SELECT subject, 3, seal FROM heads",
        "replacing a protocol": "INSERT OR REPLACE INTO protocols SELECT digest, name, edition, 'x' FROM protocols",
    },
    "postgresql": {
        "emptying": "TRUNCATE events",
        "emptying more": "TRUNCATE heads, seals, protocols CASCADE",
        "asleep as a replica": "SET LOCAL session_replication_role = replica; DELETE FROM events",
    },
}
ON_CONFLICT = """INSERT INTO events SELECT * FROM events WHERE position = 4
    ON CONFLICT (event_id) DO UPDATE SET body = 'x'"""


@pytest.mark.promise("P18")
@pytest.mark.usefixtures("sealed")
def test_the_database_turns_down_what_would_change_the_log(log: EventLog, address: ADDRESS) -> None:
    log.save_protocol("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", "x", 1, "x")
    with as_owner(address) as connection:
        dialect = connection.dialect.name
    conflict = ON_CONFLICT.replace("4\n", "4 AND true\n")
    statements = {**REFUSED, **ONLY[dialect], "on conflict": conflict}
    assert [what for what, statement in statements.items() if is_done(address, statement)] == []
    assert log.verify() == []


def is_done(address: ADDRESS, statement: str) -> bool:
    """Whether the database does it, for its owner; if not, it says why in the words of the guard."""
    try:
        with in_plain_words(), as_owner(address) as connection:
            connection.exec_driver_sql(statement)
    except Guarded as guarded:
        return not str(guarded).startswith("The database turned it down: ")
    return True


@pytest.mark.parametrize("what", ["NULL", "'x'"])
def test_a_row_with_a_value_missing_or_of_another_kind_is_turned_down(
    log: EventLog, address: ADDRESS, what: str
) -> None:
    enrol(log)
    with pytest.raises((sa.exc.DBAPIError, Guarded)), as_owner(address) as connection:
        connection.exec_driver_sql(f"INSERT INTO events (position, number) VALUES ({what}, {what})")  # noqa: S608


# ---------------------------------------------------------------- found


def edits() -> list[tuple[str, int]]:
    return [(column.name, position) for column in schema.events.columns for position in (1, 4, 7)]


@pytest.mark.promise("P15")
@pytest.mark.usefixtures("sealed")
def test_every_edit_of_every_field_is_found(log: EventLog, address: ADDRESS) -> None:
    table = schema.events
    unseen = []
    for name, position in edits():
        column = table.c[name]
        with as_owner(address) as connection:
            old = connection.execute(sa.select(column).where(table.c.position == position)).scalar_one()
        new = (1 - old if name == "authenticated" else old + 1000) if isinstance(old, int) else f"{old}x"
        with behind_the_guards(address) as connection:
            connection.execute(sa.update(table).where(table.c.position == position).values({name: new}))
        if not log.verify():
            unseen.append((name, position))
        with behind_the_guards(address) as connection:
            at = new if name == "position" else position
            connection.execute(sa.update(table).where(table.c.position == at).values({name: old}))
    assert unseen == []
    assert log.verify() == []


@pytest.mark.promise("P15")
@pytest.mark.usefixtures("sealed")
def test_a_patient_whose_record_was_edited_does_not_open(log: EventLog, address: ADDRESS) -> None:
    with behind_the_guards(address) as connection:
        connection.exec_driver_sql("UPDATE events SET recorded_by = 'N. Else' WHERE position = 2")
    with pytest.raises(Tampered, match=r"^Entry 2 of A was changed after it was recorded\. Do not dose"):
        log.entries("A")
    with opened(address) as another, pytest.raises(Tampered):
        record(another, "A", weight(80), 4)
    assert len(log.entries("B")) == 3
    assert log.verify() == ["Entry 2 of A was changed after it was recorded."]


FALSIFIED = {
    "a middle entry": (
        ["DELETE FROM events WHERE subject = 'A' AND number = 2"],
        "Of A, entry 2 is missing: it was taken out after recording.",
    ),
    "several": (
        ["DELETE FROM events WHERE subject = 'A' AND number < 4"],
        "Of A, entry 1 to 3 is missing: it was taken out after recording.",
    ),
    "the last entry": (
        ["DELETE FROM events WHERE position = 7"],
        "The record of B ends at entry 2 of 3: the rest was taken out.",
    ),
    "a whole patient": (
        ["DELETE FROM events WHERE subject = 'B'"],
        "All 3 entries of B were taken out after recording.",
    ),
    "the heads": (["DELETE FROM heads"], "A has entries, but the note of the last one was taken out."),
    "the last entry and its head": (
        [
            "DELETE FROM events WHERE position = 7",
            "UPDATE heads SET number = 2, seal = (SELECT seal FROM events WHERE position = 6) WHERE subject = 'B'",
        ],
        "The log up to entry 7 is not the one that was sealed on 2026-01-05",
    ),
    "a whole patient and the head": (
        ["DELETE FROM events WHERE subject = 'B'", "DELETE FROM heads WHERE subject = 'B'"],
        "The log up to entry 7 is not the one that was sealed on 2026-01-05",
    ),
    "a first patient and the head": (
        ["DELETE FROM events WHERE subject = 'A'", "DELETE FROM heads WHERE subject = 'A'"],
        "The log counts 7 entries and holds 3: entries were taken out after recording.",
    ),
    "a seal": (
        ["UPDATE seals SET sealed_by = 'x'"],
        "The log up to entry 7 is not the one that was sealed on 2026-01-05",
    ),
}


@pytest.mark.promise("P16")
@pytest.mark.parametrize("what", FALSIFIED)
@pytest.mark.usefixtures("sealed")
def test_what_was_taken_out_is_found(log: EventLog, address: ADDRESS, what: str) -> None:
    statements, finding = FALSIFIED[what]
    with behind_the_guards(address) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    found = log.verify()
    assert [line for line in found if line.startswith(finding)], found


@pytest.mark.promise("P16")
def test_an_older_copy_is_found_by_the_seal_on_paper(log: EventLog, sealed: Seal, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    log.backup(old)
    record(log, "B", weight(60), 3)
    printed = log.seal("Dr. Weiss").short
    assert log.verify(printed=[sealed.short, printed]) == []
    with opened(old) as copy:
        assert copy.verify(printed=[sealed.short]) == []
        assert copy.verify(printed=[printed]) == [
            f"The printed seal {printed} is not in this log: it is an older copy, or seals were taken out."
        ]


@pytest.mark.promise("P16")
@pytest.mark.usefixtures("sealed")
def test_a_chain_made_anew_is_found_by_the_seal(log: EventLog, address: ADDRESS, tmp_path: Path) -> None:
    """Somebody who knows the program writes a whole false log, guards, heads and all, and keeps the seals."""
    with opened(tmp_path / "false.db") as false:
        enrol(false, "A", by="N. Else")
        record(false, "A", weight(71), 3)
        enrol(false, "B")
    with behind_the_guards(address) as real, as_owner(tmp_path / "false.db") as false_rows:
        for table in (schema.events, schema.heads):
            rows = [dict(row) for row in false_rows.execute(sa.select(table)).mappings()]
            real.execute(sa.delete(table))
            real.execute(sa.insert(table), rows)
    assert len(log.entries("A")) == 4
    (finding,) = log.verify()
    assert finding.startswith("The log up to entry 7 is not the one that was sealed on 2026-01-05")


def test_a_patient_without_a_head_is_no_new_patient(log: EventLog, address: ADDRESS) -> None:
    enrol(log, "A")
    with behind_the_guards(address) as connection:
        connection.exec_driver_sql("DELETE FROM heads")
    with pytest.raises(Tampered, match="the note of the last one was taken out"):
        log.entries("A")
    with pytest.raises(Guarded):
        enrol(log, "A", "another form")


def test_a_kept_protocol_that_was_edited_is_found_and_not_used(log: EventLog, address: ADDRESS) -> None:
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    log.save_protocol(digest, "x-protocol", 2, "x")
    with behind_the_guards(address) as connection:
        connection.exec_driver_sql("UPDATE protocols SET text = 'y'")
    assert log.verify() == ["The kept text of protocol x-protocol, edition 2, was changed."]
    with pytest.raises(Tampered, match="Do not dose from it"):
        log.protocol(digest)


def test_a_guard_that_is_gone_is_missed(log: EventLog, address: ADDRESS) -> None:
    with as_owner(address) as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON events"
        connection.exec_driver_sql(f"DROP TRIGGER events_never_deleted{on}")
    assert log.verify() == [
        "The guard events_never_deleted was taken out of the database: changes to the log are no longer turned down."
    ]


def test_a_damaged_file_is_told_so(file: Path) -> None:
    with opened(file) as log:
        for number in range(30):
            enrol(log, f"S{number}")
    content = bytearray(file.read_bytes())
    content[4096:20480] = b"\x5a" * 16384
    copy = file.with_name("damaged.db")
    shutil.copy(file, copy)
    copy.write_bytes(content)
    with opened(copy) as damaged:
        assert told(damaged.verify) == "The file of the record is damaged. Restore the last backup."


def told(ask: Callable[[], list[str]]) -> str:
    try:
        return ask()[0]
    except Tampered as tampered:
        return str(tampered)
