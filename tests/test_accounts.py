"""Proving who one is: PINs, delays, locks; and who looks after accounts."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clinic import pins
from scheduler.clinic.accounts import LOCKS_AT, Accounts, Locked, Wait, WrongPin
from scheduler.clinic.desk import Signature
from scheduler.problems import Refused
from scheduler.store.event_log import EventLog
from tests import accounts_sample
from tests.accounts_sample import PEOPLE, PIN, Clock, kinds

accounts, clock, log, quick_hashes = (  # fixtures
    accounts_sample.accounts,
    accounts_sample.clock,
    accounts_sample.log,
    accounts_sample.quick_hashes,
)
NURSE, ADMIN = PEOPLE["nurse"], PEOPLE["admin"]
WRONG = "not-the-pin"

# ---------------------------------------------------------------- PINs


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("728", "at least 4 characters"),
        ("", "at least 4 characters"),
        ("x" * 201, "at most 200 characters"),
        ("N. Reyes", "is not the name"),
        ("n.reyes", "is not the name"),
        ("777777", "one character over and over"),
        ("1234", "the first that anybody tries"),
        ("9876543", "the first that anybody tries"),
        ("2468", "the first that anybody tries"),
        ("1212", "the first that anybody tries"),
        ("483483", "the first that anybody tries"),
        ("1984", "the first that anybody tries"),
        ("quiet\x1bx", "no hidden characters"),
        ("quiet\u202e77", "no hidden characters"),
        (" quiet-river", "no spaces at its ends"),
    ],
)
@pytest.mark.promise("P32")
def test_a_pin_that_is_easily_guessed_or_cannot_be_typed_is_refused(pin: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        pins.check(pin, "N. Reyes")


@pytest.mark.parametrize("pin", ["4829", "0712", "482915", "72 84", "1234 and more", "quiet"])
def test_four_digits_that_are_no_easy_guess_are_a_pin(pin: str) -> None:
    pins.check(pin, "N. Reyes")


@pytest.mark.promise("P32")
def test_a_hash_is_argon2id_with_a_salt_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    hash_ = pins.hashed("quiet-river-7")
    found = extract_parameters(hash_)
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 65536, 3, 4)
    assert pins.matches(hash_, "quiet-river-7")
    assert not pins.matches(hash_, "quiet-river-8")
    assert pins.hashed("quiet-river-7") != hash_
    assert pins.rehashed(hash_, "quiet-river-7") is None


@given(st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_a_pin_matches_itself_and_nothing_else_and_nothing_breaks_it(pin: str, other: str) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pins, "_hasher", lambda: hasher)
        hash_ = pins.hashed(pin)
        assert pins.matches(hash_, pin)
        assert pins.matches(hash_, other) == (pins._typed(pin) == pins._typed(other))


def test_a_stored_hash_that_is_none_matches_nothing() -> None:
    for hash_ in ("", "x", "$argon2id$v=19$m=8", "$2b$12$abc"):
        assert not pins.matches(hash_, "quiet-river-7")


def test_an_old_hash_is_made_anew_at_the_next_sign_in(
    accounts: Accounts, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(pins, "_hasher", lambda: stronger)
    before = accounts.find(NURSE).hash
    after = accounts.sign_in(NURSE, PIN)
    assert after.hash != before
    assert pins.matches(after.hash, PIN)
    assert kinds(accounts, NURSE) == ["made", "rehashed", "signed in"]
    assert accounts.sign_in(NURSE, PIN).hash == after.hash
    assert log.verify() == []


# ---------------------------------------------------------------- wrong PINs


@pytest.mark.promise("P25")
def test_a_wrong_pin_leaves_a_line_in_the_account_log_and_nothing_else(accounts: Accounts) -> None:
    with pytest.raises(WrongPin, match=r"This is not the PIN of N\. Reyes\. Nothing was recorded; try again in a sec"):
        accounts.sign(NURSE, WRONG)
    note = accounts.book.notes()[-1]
    assert (note.kind, note.account, note.done_by, note.said) == ("failed", NURSE, "", "1")
    assert WRONG not in str(accounts.book.notes())


@pytest.mark.promise("P32")
def test_after_each_failure_one_waits_twice_as_long_and_after_ten_an_admin_is_needed(
    accounts: Accounts, clock: Clock
) -> None:
    for count in range(1, LOCKS_AT):
        with pytest.raises(WrongPin):
            accounts.sign(NURSE, WRONG)
        delay = 2 ** (count - 1)
        clock.goes(seconds=delay - 0.5)
        for pin in (PIN, WRONG):
            with pytest.raises(Wait) as wait:
                accounts.sign(NURSE, pin)
            assert wait.value.seconds == 1
        clock.goes(seconds=0.5)
    with pytest.raises(Locked, match="locked after 10 wrong PINs"):
        accounts.sign(NURSE, WRONG)
    clock.goes(days=365)
    with pytest.raises(Locked):
        accounts.sign(NURSE, PIN)
    assert kinds(accounts, NURSE) == ["made", *["failed"] * 10, "locked"]
    accounts.reset(NURSE, "another-pin", accounts.sign(ADMIN, PIN))
    assert accounts.sign(NURSE, "another-pin").by == NURSE
    assert accounts.find(NURSE).failures == 0


def test_the_right_pin_ends_the_count(accounts: Accounts, clock: Clock) -> None:
    for _ in range(3):
        with pytest.raises(WrongPin):
            accounts.sign(NURSE, WRONG)
        clock.goes(minutes=1)
        accounts.sign(NURSE, PIN)
    assert accounts.find(NURSE).failures == 0


def test_a_clock_set_back_locks_nobody_out(accounts: Accounts, clock: Clock) -> None:
    with pytest.raises(WrongPin):
        accounts.sign(NURSE, WRONG)
    clock.goes(hours=-3)
    assert accounts.sign(NURSE, PIN).authenticated


def test_the_only_admin_waits_an_hour_instead_of_being_locked_out(accounts: Accounts, clock: Clock) -> None:
    accounts.add("B. Second", "admin", PIN, accounts.sign(ADMIN, PIN))
    for name in ("B. Second", ADMIN):
        for _ in range(LOCKS_AT):
            clock.goes(minutes=5)
            with pytest.raises((WrongPin, Locked)):
                accounts.sign(name, WRONG)
    clock.goes(minutes=59)
    with pytest.raises(Wait, match="Try again in 60 seconds"):
        accounts.sign(ADMIN, PIN)
    clock.goes(minutes=1)
    assert accounts.sign(ADMIN, PIN).role == "admin"
    with pytest.raises(Locked):
        accounts.sign("B. Second", PIN)


def test_a_name_that_nobody_has_is_noted_but_not_kept(accounts: Accounts) -> None:
    with pytest.raises(Refused, match="no account of this name"):
        accounts.sign("my-secret-pin", "N. Reyes")
    assert accounts.book.notes()[-1].kind == "unknown name"
    assert "my-secret-pin" not in str(accounts.book.notes())
    with pytest.raises(Refused, match="Say who you are"):
        accounts.sign(" ", PIN)


# ---------------------------------------------------------------- looking after accounts


def test_everything_about_accounts_takes_an_admins_signature(accounts: Accounts) -> None:
    forged = Signature(ADMIN, "admin")
    for role, name in PEOPLE.items():
        by = forged if role == "admin" else accounts.sign(name, PIN)
        for attempt in (
            lambda by=by: accounts.add("X", "nurse", PIN, by),
            lambda by=by: accounts.set_role(NURSE, "admin", by),
            lambda by=by: accounts.retire(NURSE, by),
            lambda by=by: accounts.reset(NURSE, PIN, by),
        ):
            with pytest.raises(Refused, match="admin"):
                attempt()
    with pytest.raises(Refused, match="admin"):
        accounts.add("X", "admin", PIN)
    assert len(accounts.all()) == len(PEOPLE)


@pytest.mark.promise("P32")
def test_a_retired_person_signs_no_more_until_taken_back_on_purpose(accounts: Accounts) -> None:
    accounts.retire(NURSE, accounts.sign(ADMIN, PIN))
    for attempt in (accounts.sign, accounts.sign_in):
        with pytest.raises(Refused, match=r"The account of N\. Reyes is retired"):
            attempt(NURSE, PIN)
    with pytest.raises(Refused, match="--take-back"):
        accounts.reset(NURSE, "another-pin", accounts.sign(ADMIN, PIN))
    accounts.reset(NURSE, "another-pin", accounts.sign(ADMIN, PIN), take_back=True)
    assert accounts.sign(NURSE, "another-pin").role == "nurse"
    with pytest.raises(Refused, match="is not retired"):
        accounts.reset(NURSE, "another-pin", accounts.sign(ADMIN, PIN), take_back=True)


def test_people_change_their_own_pin_with_the_old_one(accounts: Accounts, clock: Clock) -> None:
    with pytest.raises(WrongPin):
        accounts.change_pin(NURSE, WRONG, "another-pin")
    clock.goes(minutes=1)
    with pytest.raises(Refused, match="The new PIN is the old one"):
        accounts.change_pin(NURSE, PIN, PIN)
    accounts.change_pin(NURSE, PIN, "another-pin")
    assert accounts.sign(NURSE, "another-pin")
    assert accounts.book.notes(account=NURSE)[-2].kind == "pin"


def test_there_are_five_roles_and_no_other(accounts: Accounts) -> None:
    for role in ("", "doctor", "Nurse"):
        with pytest.raises(Refused, match="There is no such role"):
            accounts.add("X", role, PIN, accounts.sign(ADMIN, PIN))
        with pytest.raises(Refused, match="There is no such role"):
            accounts.set_role(NURSE, role, accounts.sign(ADMIN, PIN))
