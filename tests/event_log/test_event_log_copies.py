"""Safety copies, and the way back from them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ward import ADDRESS, as_owner, enrol, opened, real_clock, record, weight

from scheduler.problems import Refused
from scheduler.store.backup import restore
from scheduler.store.event_log import open_log
from scheduler.store.opening import file_of
from scheduler.store.values import Person

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(HERE), str(HERE.parents[1])])


@pytest.mark.promise("P10")
@pytest.mark.parametrize("where", ["file", "on_server"])
def test_a_backup_is_restored_into_either_database(
    address: ADDRESS, where: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with opened(address) as log:
        enrol(log, "A")
        enrol(log, "B")
        log.put_person(Person("A", "Ann Example"))
        seal = log.seal("Dr. Weiss")
        record(log, "A", weight(71), 3)
        log.backup(tmp_path / "b.db")
        with pytest.raises(Refused, match="exists already"):
            log.backup(tmp_path / "b.db")
        kept = (log.entries("A"), log.entries("B"), log.due_of("A"), log.person("A"))
    target = request.getfixturevalue(where)
    if target == on_file(address):
        target = target.with_name("other.db")
    restore(tmp_path / "b.db", target)
    with opened(target) as log:
        assert (log.entries("A"), log.entries("B"), log.due_of("A"), log.person("A")) == kept
        assert log.verify(printed=[seal.short]) == []
        assert record(log, "B", weight(72), 3).number == 4
    with pytest.raises(Refused, match=r"exists already|holds a record already"):
        restore(tmp_path / "b.db", target)
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def on_file(address: ADDRESS) -> Path | None:
    return file_of(address)


def test_a_backup_of_a_record_that_was_edited_is_not_kept(file: Path, tmp_path: Path) -> None:
    with opened(file) as log:
        enrol(log)
        with as_owner(file) as connection:
            connection.exec_driver_sql("DROP TRIGGER events_never_changed")
            connection.exec_driver_sql("UPDATE events SET role = 'x'")
        with pytest.raises(Refused, match="The copy is not sound, and was not kept"):
            log.backup(tmp_path / "b.db")
    assert list(tmp_path.glob("b.db*")) == []


@pytest.mark.parametrize("content", [None, b"", b"hello"])
def test_only_a_backup_is_restored(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(Refused, match=r"There is no backup|is empty|not a record of c1d1"):
        restore(tmp_path / "b.db", tmp_path / "record.db")
    assert not (tmp_path / "record.db").exists()


def test_the_log_closes_what_it_opened(file: Path) -> None:
    log = open_log(file, now=real_clock)
    enrol(log)
    log.close()
    assert log._database._engine.pool.checkedin() == 0
