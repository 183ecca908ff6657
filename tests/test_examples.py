"""What a nurse can read and check by hand: tests/examples/*.yaml, in the words of `reading_examples`."""

from __future__ import annotations

import pytest

from tests.expectations import wrong
from tests.reading_examples import Example, examples

EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.at for example in EXAMPLES])
def test_example(example: Example) -> None:
    schedule = example.schedule()
    assert example.expect
    found = [
        f"{line.at}: {line.text}\n  instead: {instead}"
        for line in example.expect
        if (instead := wrong(line.text, schedule))
    ]
    assert not found, "\n".join([example.name, *found])


def test_there_are_examples_of_every_protocol() -> None:
    assert len(EXAMPLES) >= 30
    assert len({example.protocol for example in EXAMPLES}) == 4
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES)
