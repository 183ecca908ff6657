"""Accounts as they are kept: retired and never deleted, their log append-only, on both databases."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from ward import ADDRESS, Clock, as_owner, behind_the_guards, enrol, opened, record, weight

from scheduler.problems import Refused
from scheduler.store import postgresql, revisions, schema
from scheduler.store.accounts import Account, key_of
from scheduler.store.backup import restore
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Busy, Guarded
from scheduler.store.plain_words import in_plain_words

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(HERE), str(HERE.parents[1])])
REYES = {"by": "N. Reyes", "role": "nurse", "authenticated": True}


def staffed(log: EventLog) -> Account:
    """An admin, and a nurse; the nurse's account is given back."""
    log.accounts.make("A. Admin", "admin", "hash of the admin", "")
    return log.accounts.make("N. Reyes", "nurse", "hash of the nurse", "A. Admin")


# ---------------------------------------------------------------- what is kept


def test_an_account_says_who_since_when_and_its_log_says_who_made_it(log: EventLog) -> None:
    assert (log.accounts.any(), log.accounts.all(), log.accounts.notes()) == (False, (), ())
    nurse = staffed(log)
    assert (nurse.name, nurse.role, nurse.retired, nurse.failures, nurse.failed_at) == (
        *("N. Reyes", "nurse", False, 0),
        None,
    )
    assert "hash of" not in repr(nurse)
    assert log.accounts.find("n.  REYES") == nurse
    assert [account.name for account in log.accounts.all()] == ["A. Admin", "N. Reyes"]
    made = log.accounts.notes(account="N. Reyes")
    assert [(note.kind, note.done_by, note.said[:6]) for note in made] == [("made", "A. Admin", "nurse ")]
    assert made[0].at == nurse.created_at.isoformat(timespec="microseconds")


def test_the_first_account_is_an_admins_and_only_admins_make_more(log: EventLog) -> None:
    for role, by in (("nurse", ""), ("admin", "A. Admin")):
        with pytest.raises(Refused, match="The first one has to be an admin's"):
            log.accounts.make("N. Reyes", role, "h", by)
    staffed(log)
    for by in ("", "N. Reyes", "nobody"):
        with pytest.raises(Refused, match="looked after by an admin"):
            log.accounts.make("X", "admin", "h", by)
        with pytest.raises(Refused, match="looked after by an admin"):
            log.accounts.set_role("N. Reyes", "admin", by)
        with pytest.raises(Refused, match="looked after by an admin"):
            log.accounts.retire("A. Admin", by)
        with pytest.raises(Refused, match="looked after by an admin"):
            log.accounts.set_hash("A. Admin", "h", by)
    assert len(log.accounts.notes()) == 2


@pytest.mark.promise("P32")
def test_there_is_always_an_admin(log: EventLog) -> None:
    staffed(log)
    for change in (lambda: log.accounts.retire("A. Admin", "A. Admin"), demoted(log)):
        with pytest.raises(Refused, match="A. Admin is the only admin"):
            change()
    log.accounts.set_role("N. Reyes", "admin", "A. Admin")
    assert log.accounts.retire("A. Admin", "A. Admin").retired
    with pytest.raises(Refused, match="looked after by an admin"):
        log.accounts.set_role("N. Reyes", "nurse", "A. Admin")


def demoted(log: EventLog):
    return lambda: log.accounts.set_role("A. Admin", "nurse", "A. Admin")


@pytest.mark.promise("P32")
def test_a_name_is_given_once_for_ever(log: EventLog) -> None:
    staffed(log)
    log.accounts.retire("N. Reyes", "A. Admin")
    for name in ("N. Reyes", "n. reyes", "N.  REYES", "\uff2e. Reyes"):
        with pytest.raises(Refused, match="never given to somebody else"):
            log.accounts.make(name, "nurse", "h", "A. Admin")
    with pytest.raises(Refused, match="is retired"):
        log.accounts.retire("N. Reyes", "A. Admin")
    with pytest.raises(Refused, match="is retired"):
        log.accounts.set_role("N. Reyes", "admin", "A. Admin")
    back = log.accounts.set_hash("N. Reyes", "new", "A. Admin")
    assert (back.retired, back.hash) == (False, "new")
    assert [note.kind for note in log.accounts.notes(account="N. Reyes")] == ["made", "retired", "reinstated"]


@pytest.mark.parametrize("name", ["", " ", " x", "x\n", "a\u202eb", "a\x1b[31m", "a\u200bb", "x" * 101, "\ud800"])
def test_a_hostile_name_is_refused(log: EventLog, name: str) -> None:
    with pytest.raises(Refused, match="The name of the account is missing, too long, or holds"):
        log.accounts.make(name, "admin", "h", "")
    assert log.accounts.notes() == ()


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]Ann[/]", "'; DROP TABLE accounts; --", "Ann%s{0}", "李"])
def test_an_odd_name_is_a_name(log: EventLog, name: str) -> None:
    assert log.accounts.make(name, "admin", "h", "").name == name
    assert log.accounts.find(name) is not None
    assert log.verify() == []


def test_names_that_look_alike_are_one() -> None:
    assert key_of("Zoë  REYES") == key_of("zoe\u0308 reyes") == key_of("Zoe\u0308 Reyes")
    assert key_of("Straße") == key_of("STRASSE")
    assert key_of("N. Reyes") != key_of("N Reyes")


# ---------------------------------------------------------------- signing in


def test_failures_are_counted_until_the_right_pin_is_given(log: EventLog, clock: Clock) -> None:
    nurse = staffed(log)
    for count in (1, 2):
        nurse = log.accounts.failed(nurse, locks_at=2)
        assert nurse.failures == count
    assert nurse.failed_at is not None
    assert nurse.failed_at <= clock.at
    nurse = log.accounts.passed(nurse, "signed in", "hash by newer settings")
    assert (nurse.failures, nurse.failed_at, nurse.hash) == (0, None, "hash by newer settings")
    log.accounts.unknown()
    kinds = [note.kind for note in log.accounts.notes()][2:]
    assert kinds == ["failed", "failed", "locked", "rehashed", "signed in", "unknown name"]
    assert log.verify() == []


def test_of_two_tries_in_one_moment_one_counts(log: EventLog) -> None:
    nurse = staffed(log)
    log.accounts.failed(nurse, 10)
    with pytest.raises(Busy, match="used elsewhere in the same moment"):
        log.accounts.failed(nurse, 10)
    with pytest.raises(Busy):
        log.accounts.passed(nurse, "signed in")
    found = log.accounts.find("N. Reyes")
    assert found is not None
    assert found.failures == 1


def test_the_account_log_never_runs_backwards(log: EventLog, clock: Clock) -> None:
    staffed(log)
    clock.at -= timedelta(days=1)
    log.accounts.unknown()
    before, after = log.accounts.notes(after=1)
    assert after.at > before.at


# ---------------------------------------------------------------- who records


@pytest.mark.promise("P24")
def test_the_database_takes_entries_only_from_people_with_accounts(log: EventLog) -> None:
    enrol(log)
    staffed(log)
    refused = "only a person with an account in this role, who proved who they are, may record"
    for said in (
        {**REYES, "authenticated": False},
        {**REYES, "role": "investigator"},
        {**REYES, "by": "Somebody"},
        {**REYES, "by": "A. Admin", "role": "admin"},
    ):
        with pytest.raises(Guarded, match=refused):
            record(log, "OSU-1", weight(71), 3, **said)
    assert record(log, "OSU-1", weight(71), 3, **REYES).authenticated
    log.accounts.set_role("N. Reyes", "monitor", "A. Admin")
    with pytest.raises(Guarded, match=refused):
        record(log, "OSU-1", weight(72), 4, **{**REYES, "role": "monitor"})
    log.accounts.set_role("N. Reyes", "nurse", "A. Admin")
    log.accounts.retire("N. Reyes", "A. Admin")
    with pytest.raises(Guarded, match=refused):
        record(log, "OSU-1", weight(72), 4, **REYES)
    assert len(log.entries("OSU-1")) == 4
    assert log.verify() == []


@pytest.mark.promise("P27")
def test_a_signature_cannot_be_moved(log: EventLog, address: ADDRESS) -> None:
    """Copied to another patient, another entry or another person, it no longer fits what it signs."""
    enrol(log, "A")
    enrol(log, "B")
    staffed(log)
    record(log, "A", weight(71), 3, **REYES)
    signed, unsigned = "subject = 'A' AND number = 4", "subject = 'B' AND number = 3"
    for columns in (
        ("recorded_by", "role", "authenticated", "recorded_at", "reason"),
        ("recorded_by", "role", "authenticated", "recorded_at", "reason", "seal"),
    ):
        with behind_the_guards(address) as connection:
            kept = connection.exec_driver_sql(f"SELECT * FROM events WHERE {unsigned}").mappings().one()  # noqa: S608
            copied = ", ".join(f"{name} = (SELECT {name} FROM events WHERE {signed})" for name in columns)
            connection.exec_driver_sql(f"UPDATE events SET {copied} WHERE {unsigned}")  # noqa: S608
        assert any("Entry 3 of B was changed" in finding for finding in log.verify())
        with behind_the_guards(address) as connection:
            connection.execute(sa.update(schema.events).where(sa.text(unsigned)).values(**kept))
        assert log.verify() == []


# ---------------------------------------------------------------- what the database turns down, and what is found

REFUSED = {
    "an account less": "DELETE FROM accounts",
    "another name": "UPDATE accounts SET name = 'X', key = 'x' WHERE role = 'nurse'",
    "made earlier": "UPDATE accounts SET created_at = '2020'",
    "another account": "INSERT INTO accounts SELECT key, 'X', role, hash, created_at, NULL, 0, NULL FROM accounts",
    "a note less": "DELETE FROM account_log WHERE number = 2",
    "another note": "UPDATE account_log SET kind = 'x'",
    "a note elsewhere": "INSERT INTO account_log SELECT 9, at, kind, account, done_by, said, seal, 'x' FROM account_log",
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
    (scripts / "versions" / "r0002_accounts.py").unlink()
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
        assert record(log, "OSU-1", weight(71), 3, **REYES).number == 4
        assert log.verify() == []


@pytest.mark.promise("P10")
def test_accounts_come_back_with_a_backup(log: EventLog, on_server: str, tmp_path: Path) -> None:
    enrol(log)
    staffed(log)
    record(log, "OSU-1", weight(71), 3, **REYES)
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
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="one system is enough")
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
