"""What the database turns down about accounts, what is found, and how accounts travel with upgrades and backups."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ward import ADDRESS, SIGNED, as_owner, behind_the_guards, enrol, opened, record, staffed, weight

from scheduler.store import postgresql, revisions
from scheduler.store.backup import restore
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Guarded
from scheduler.store.plain_words import in_plain_words

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(HERE), str(HERE.parents[1])])

# ---------------------------------------------------------------- what the database turns down, and what is found

REFUSED = {
    "an account less": "DELETE FROM accounts",
    "another name": "UPDATE accounts SET name = 'X', key = 'x' WHERE role = 'nurse'",
    "made earlier": "UPDATE accounts SET created_at = '2020'",
    "another account": "INSERT INTO accounts SELECT key, 'X', role, hash, created_at, NULL, 0, NULL FROM accounts",
    "a note less": "DELETE FROM account_log WHERE number = 2",
    "another note": "UPDATE account_log SET kind = 'x'",
    "a note elsewhere": "INSERT INTO account_log VALUES (9, 'x', 'x', 'x', 'x', 'x', '', 'x')",
    "a note that continues nothing": "INSERT INTO account_log VALUES (3, 'x', 'x', 'x', 'x', 'x', 'x', 'x')",
}
ONLY = {
    "sqlite": {
        "replacing": "INSERT OR REPLACE INTO accounts SELECT * FROM accounts",
        "replacing a note": "REPLACE INTO account_log SELECT * FROM account_log",
    },
    "postgresql": {"emptying": "TRUNCATE accounts", "emptying the log": "TRUNCATE account_log"},
}


@pytest.mark.promise("P32")
def test_the_database_turns_down_what_would_change_accounts_for_others(log: EventLog, address: ADDRESS) -> None:
    staffed(log)
    with as_owner(address) as connection:
        dialect = connection.dialect.name
    for what, statement in {**REFUSED, **ONLY[dialect]}.items():
        with pytest.raises(Guarded) as guarded, in_plain_words(), as_owner(address) as connection:
            connection.exec_driver_sql(statement)
        assert str(guarded.value).startswith("The database turned it down: "), what
    assert log.verify() == []
    assert len(log.accounts.all()) == 2


FALSIFIED = {
    "UPDATE accounts SET role = 'admin'": "The account of N. Reyes has the role admin, and the account log says nurse.",
    "UPDATE accounts SET hash = 'mine' WHERE role = 'nurse'": "The PIN of N. Reyes was changed beside the program.",
    "UPDATE accounts SET retired_at = NULL": "Whether O. Old is retired was changed beside the program.",
    "DELETE FROM accounts WHERE role = 'nurse'": "The account of N. Reyes was taken out.",
    "INSERT INTO accounts VALUES ('x', 'X', 'admin', 'h', '2026', NULL, 0, NULL)": (
        "The account of X was put in beside the program."
    ),
    "DELETE FROM account_log WHERE number = 2": "Note 2 of the account log was taken out or changed.",
    "UPDATE account_log SET done_by = 'x' WHERE number = 2": (
        "Note 2 of the account log was changed after it was written."
    ),
}


@pytest.mark.promise("P15")
@pytest.mark.parametrize("statement", FALSIFIED)
def test_what_was_done_to_accounts_beside_the_program_is_found(log: EventLog, address: ADDRESS, statement: str) -> None:
    staffed(log)
    log.accounts.make("O. Old", "monitor", "h", "A. Admin")
    log.accounts.retire("O. Old", "A. Admin")
    assert log.verify() == []
    with behind_the_guards(address) as connection:
        connection.exec_driver_sql(statement)
    assert FALSIFIED[statement] in log.verify()


def test_a_guard_that_is_gone_is_missed(log: EventLog, address: ADDRESS) -> None:
    with as_owner(address) as connection:
        dialect = connection.dialect.name
        on = "" if dialect == "sqlite" else " ON events"
        connection.exec_driver_sql(f"DROP TRIGGER events_by_accounts{on}")
    (finding,) = log.verify()
    assert finding.startswith("The guard events_by_accounts was taken out of the database")


# ---------------------------------------------------------------- copies, older forms


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """As if the program were still at revision 0001; undone by `undo`."""
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(revisions.__file__).parent / "migrations", scripts)
    for later in (scripts / "versions").glob("r000[2-9]_*.py"):
        later.unlink()
    monkeypatch.setattr(revisions, "SCRIPTS", str(scripts))
    monkeypatch.setattr(revisions, "HEAD", "0001")
    monkeypatch.setattr(postgresql, "copies", lambda: tmp_path / "copies")
    return monkeypatch


@pytest.mark.promise("P09")
def test_a_record_without_accounts_gets_them(address: ADDRESS, older: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with opened(address) as log:
        enrol(log)
        entries = log.entries("OSU-1")
    older.undo()
    older.setattr(postgresql, "copies", lambda: tmp_path / "copies")
    with opened(address) as log:
        assert (log.entries("OSU-1"), log.verify(), log.accounts.any()) == (entries, [], False)
        staffed(log)
        assert record(log, "OSU-1", weight(71), 3, **SIGNED).number == 4
        assert log.verify() == []


@pytest.mark.promise("P10")
def test_accounts_come_back_with_a_backup(log: EventLog, on_server: str, tmp_path: Path) -> None:
    enrol(log)
    staffed(log)
    record(log, "OSU-1", weight(71), 3, **SIGNED)
    log.accounts.retire("N. Reyes", "A. Admin")
    log.backup(tmp_path / "b.db")
    for number, target in enumerate((on_server, tmp_path / "restored.db")):
        restore(tmp_path / "b.db", target)
        with opened(target) as copy:
            assert (copy.accounts.all(), copy.accounts.notes()) == (log.accounts.all(), log.accounts.notes())
            assert (copy.entries("OSU-1"), copy.verify()) == (log.entries("OSU-1"), []), number


@pytest.mark.promise("P10")
def test_an_older_backup_is_restored_and_leaves_nothing_beside(older: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with opened(tmp_path / "old.db") as log:
        enrol(log)
    shutil.copy(tmp_path / "old.db", tmp_path / "b.db")
    older.undo()
    folder = tmp_path / "new"
    restore(tmp_path / "b.db", folder / "record.db")
    assert [path.name for path in folder.iterdir()] == ["record.db"]
    with opened(folder / "record.db") as log:
        assert (len(log.entries("OSU-1")), log.verify(), log.accounts.any()) == (3, [], False)


# ---------------------------------------------------------------- two programs at once

GUESSES = """
import sys
from ward import opened
from scheduler.store.faults import Busy
with opened(sys.argv[1]) as log:
    counted = 0
    for _ in range(20):
        try:
            log.accounts.failed(log.accounts.find("N. Reyes"), 10)
            counted += 1
        except Busy:
            pass
    print(counted)
"""


@pytest.mark.promise("P32")
def test_many_guesses_at_once_are_all_counted(log: EventLog, address: ADDRESS) -> None:
    staffed(log)
    command = [sys.executable, "-c", GUESSES, str(address)]
    environment = {**os.environ, "PYTHONPATH": PATH}
    guessing = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(3)]
    counted = sum(int(each.communicate(timeout=120)[0]) for each in guessing)
    found = log.accounts.find("N. Reyes")
    assert found is not None
    assert found.failures == counted >= 20
    assert log.verify() == []
