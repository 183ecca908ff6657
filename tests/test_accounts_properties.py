"""Whatever is done to accounts, in any order: there is an admin, nobody is lost, and every step stands in the log."""

from __future__ import annotations

import tempfile
from pathlib import Path

from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.clinic import pins
from scheduler.clinic.accounts import Accounts
from scheduler.clinic.desk import Signature
from scheduler.clinic.rights import ROLES
from scheduler.problems import Refused
from scheduler.store.event_log import open_log
from tests.accounts_sample import Clock

NAMES, PINS = ("A. Ho", "B. Ito", "a. ho", "C. Li"), ("quiet-river-7", "loud-lake-88")
NAME, PIN, ROLE = st.sampled_from(NAMES), st.sampled_from(PINS), st.sampled_from(ROLES)
STEP = st.one_of(
    st.tuples(st.just("add"), NAME, ROLE, NAME, PIN),
    st.tuples(st.just("role"), NAME, ROLE, NAME, PIN),
    st.tuples(st.just("retire"), NAME, ROLE, NAME, PIN),
    st.tuples(st.just("reset"), NAME, ROLE, NAME, PIN),
    st.tuples(st.just("pin"), NAME, ROLE, NAME, PIN),
    st.tuples(st.just("wait"), NAME, ROLE, NAME, PIN),
)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def step(accounts: Accounts, clock: Clock, said: tuple[str, str, str, str, str]) -> None:
    """One thing that somebody tries; `by` signs with a PIN that is right half of the time."""
    what, name, role, by, pin = said

    def signed() -> Signature:
        return accounts.sign(by, pin)

    if what == "add":
        accounts.add(name, role, pin, signed() if accounts.any() else None)
    elif what == "role":
        accounts.set_role(name, role, signed())
    elif what == "retire":
        accounts.retire(name, signed())
    elif what == "reset":
        accounts.reset(name, pin, signed(), take_back=accounts.find(name).retired)
    elif what == "pin":
        accounts.change_pin(name, pin, PINS[pin == PINS[0]])
    else:
        clock.goes(hours=2)


@settings(max_examples=60)
@given(st.lists(STEP, max_size=40))
def test_there_is_an_admin_nobody_is_lost_and_the_log_tells_all(steps: list[tuple[str, str, str, str, str]]) -> None:
    clock = Clock()
    before, pins._hasher = pins._hasher, lambda: QUICK
    try:
        with tempfile.TemporaryDirectory() as folder, open_log(Path(folder) / "record.db", now=clock) as log:
            accounts, seen = Accounts(log.accounts), {}
            for said in [("add", "A. Ho", "admin", "", PINS[0]), *steps]:
                noted = len(log.accounts.notes())
                state = log.accounts.all()
                try:
                    step(accounts, clock, said)
                except Refused:
                    assert len(log.accounts.notes()) <= noted + 2
                assert log.accounts.all() == state or len(log.accounts.notes()) > noted
                now = {account.name: account.created_at for account in accounts.all()}
                assert seen.items() <= now.items()
                seen = now
                assert any(a.role == "admin" and not a.retired for a in accounts.all())
            assert log.verify() == []
    finally:
        pins._hasher = before
