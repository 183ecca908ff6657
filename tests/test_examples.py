"""What a nurse can read and check by hand: tests/examples/*.yaml, in the words of `reading_examples`."""

from __future__ import annotations

import pytest

from tests.conftest import ARMS
from tests.reading_examples import Example, examples

EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.at for example in EXAMPLES])
def test_example(example: Example) -> None:
    assert example.expect
    found = list(example.wrong())
    assert not found, "\n".join([example.name, *found])


def test_there_are_examples_of_every_protocol() -> None:
    assert len(EXAMPLES) >= 100
    assert {example.protocol for example in EXAMPLES} >= set(ARMS)
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES)
