"""Accounts as they are kept: retired and never deleted, their log append-only, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from ward import ADDRESS, SIGNED, Clock, behind_the_guards, enrol, record, staffed, weight

from scheduler.problems import Refused
from scheduler.store import schema
from scheduler.store.accounts import key_of
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Busy, Guarded

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
        with pytest.raises(Refused, match="Admin is the only admin"):
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
        {**SIGNED, "authenticated": False},
        {**SIGNED, "role": "investigator"},
        {**SIGNED, "by": "Somebody"},
        {**SIGNED, "by": "A. Admin", "role": "admin"},
    ):
        with pytest.raises(Guarded, match=refused):
            record(log, "OSU-1", weight(71), 3, **said)
    assert record(log, "OSU-1", weight(71), 3, **SIGNED).authenticated
    log.accounts.set_role("N. Reyes", "monitor", "A. Admin")
    with pytest.raises(Guarded, match=refused):
        record(log, "OSU-1", weight(72), 4, **{**SIGNED, "role": "monitor"})
    log.accounts.set_role("N. Reyes", "nurse", "A. Admin")
    log.accounts.retire("N. Reyes", "A. Admin")
    with pytest.raises(Guarded, match=refused):
        record(log, "OSU-1", weight(72), 4, **SIGNED)
    assert len(log.entries("OSU-1")) == 4
    assert log.verify() == []


@pytest.mark.promise("P27")
def test_a_signature_cannot_be_moved(log: EventLog, address: ADDRESS) -> None:
    """Copied to another patient, another entry or another person, it no longer fits what it signs."""
    enrol(log, "A")
    enrol(log, "B")
    staffed(log)
    record(log, "A", weight(71), 3, **SIGNED)
    signed, unsigned = "subject = 'A' AND number = 4", "subject = 'B' AND number = 3"
    for columns in (
        ("recorded_by", "role", "authenticated", "recorded_at", "reason"),
        ("recorded_by", "role", "authenticated", "recorded_at", "reason", "seal"),
    ):
        with behind_the_guards(address) as connection:
            kept = connection.exec_driver_sql(f"SELECT * FROM events WHERE {unsigned}").mappings().one()  # noqa: S608
            copied = ", ".join(f"{name} = (SELECT {name} FROM events WHERE {signed})" for name in columns)  # noqa: S608
            connection.exec_driver_sql(f"UPDATE events SET {copied} WHERE {unsigned}")  # noqa: S608
        assert any("Entry 3 of B was changed" in finding for finding in log.verify())
        with behind_the_guards(address) as connection:
            connection.execute(sa.update(schema.events).where(sa.text(unsigned)).values(**kept))
        assert log.verify() == []
