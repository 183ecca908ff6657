"""Whatever is entered, in whatever order, the ledger is right.

Balances are the sums, no syringe is in two places, nothing comes of an expired or unknown lot.
"""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger_ward import Ward, anything


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_ledger_agrees_with_a_plain_account_of_it(chance: random.Random) -> None:
    with TemporaryDirectory() as folder:
        ward = Ward(Path(folder) / "record.db")
        try:
            anything(ward, chance, 20)
            assert ward.log.verify() == []
        finally:
            ward.close()


@pytest.mark.slow
def test_long_stories_agree_as_well_and_reach_every_place(tmp_path: Path) -> None:
    places: set[str] = set()
    for seed in range(4):
        ward = Ward(tmp_path / f"{seed}.db")
        anything(ward, random.Random(seed), 60)  # noqa: S311 - a story told again the same way
        places |= set(ward.places.values())
        assert ward.refused
        ward.close()
    assert places == {"pharmacy", "out", "used", "returned", "destroyed", "wasted"}, "too little happened"
