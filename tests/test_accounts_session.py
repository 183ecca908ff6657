"""One person at one screen: both parts first, the PIN at each signature, both again after a break."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler.clinic.accounts import Accounts, WrongPin
from scheduler.clinic.desk import Signature
from scheduler.clinic.session import Session
from scheduler.problems import Refused
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


@pytest.fixture
def session(accounts: Accounts, clock: Clock) -> Session:
    return Session(accounts, clock)


@pytest.mark.promise("P25")
def test_signing_takes_both_parts_first_then_the_pin_each_time(session: Session, accounts: Accounts) -> None:
    assert session.locked
    with pytest.raises(Refused, match="Nobody is signed in"):
        session.sign(PIN)
    session.sign_in(NURSE, PIN)
    assert session.person is not None
    assert (session.locked, session.person.name) == (False, NURSE)
    for reason in ("first", "second"):
        assert session.sign(PIN, reason) == Signature(NURSE, "nurse", reason, authenticated=True)
    with pytest.raises(WrongPin):
        session.sign(WRONG)
    assert kinds(accounts, NURSE) == ["made", "signed in", "confirmed", "confirmed", "failed"]


@pytest.mark.promise("P25")
def test_after_a_break_both_parts_are_asked_again(session: Session, clock: Clock) -> None:
    session.sign_in(NURSE, PIN)
    for _ in range(10):
        clock.goes(minutes=4)
        session.touch()
    assert not session.locked
    clock.goes(minutes=5)
    assert session.locked
    session.touch()
    assert session.locked
    with pytest.raises(Refused, match="Give name and PIN first"):
        session.sign(PIN)
    session.sign_in(NURSE, PIN)
    assert session.sign(PIN).by == NURSE
    session.lock()
    assert session.locked
    assert session.person is not None


def test_half_an_hour_later_nobody_is_signed_in(session: Session, clock: Clock) -> None:
    session.sign_in(NURSE, PIN)
    clock.goes(minutes=30)
    assert session.person is None
    assert session.locked


def test_a_clock_set_back_locks(session: Session, clock: Clock) -> None:
    session.sign_in(NURSE, PIN)
    clock.goes(minutes=-6)
    assert session.locked


def test_a_role_that_changed_meanwhile_counts_at_the_next_signature(session: Session, accounts: Accounts) -> None:
    session.sign_in(NURSE, PIN)
    accounts.set_role(NURSE, "monitor", accounts.sign(ADMIN, PIN))
    assert session.sign(PIN).role == "monitor"
    accounts.retire(NURSE, accounts.sign(ADMIN, PIN))
    with pytest.raises(Refused, match="is retired"):
        session.sign(PIN)


def test_a_break_is_between_one_and_fifteen_minutes(accounts: Accounts, clock: Clock) -> None:
    for asked, minutes in ((0, 1), (3, 3), (600, 15)):
        session = Session(accounts, clock, timedelta(minutes=asked))
        session.sign_in(NURSE, PIN)
        clock.goes(minutes=minutes - 0.1)
        assert not session.locked
        clock.goes(minutes=0.1)
        assert session.locked
