"""A weight or height that no patient has is turned away, with the likely slip named."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.problems import Refused
from scheduler.record.events import (
    LEAST_CM,
    LEAST_KG,
    MOST_CM,
    MOST_KG,
    HeightMeasured,
    WeightMeasured,
    believable_height,
    believable_weight,
)
from scheduler.record.history import History
from tests.conftest import MONDAY


@given(st.decimals(LEAST_KG, MOST_KG, allow_nan=False))
def test_weights_of_patients_pass(kg: Decimal) -> None:
    assert believable_weight(kg) == kg


@given(st.decimals(LEAST_CM, MOST_CM, allow_nan=False))
def test_heights_of_patients_pass(cm: Decimal) -> None:
    assert believable_height(cm) == cm


@pytest.mark.parametrize(
    ("kg", "words"),
    [
        ("0", "A weight of 0 is not a weight."),
        ("-70", "A weight of -70 is not a weight."),
        ("NaN", "is not a weight."),
        ("Infinity", "is not a weight."),
        ("350", "looks like pounds (158.8 kg)"),
        ("19.9", "19.9 kg is outside 20 to 300 kg."),
        ("0.07", "0.07 kg is outside 20 to 300 kg."),
        ("70000", "looks like grams (70 kg)"),
        ("700", "700 kg is outside 20 to 300 kg."),
        ("1E+400", "is outside 20 to 300 kg."),
    ],
)
def test_weights_that_no_patient_has(kg: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        believable_weight(Decimal(kg))
    assert words in str(refused.value)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    ("cm", "words"),
    [
        ("0", "A height of 0 is not a height."),
        ("-165", "A height of -165 is not a height."),
        ("NaN", "is not a height."),
        ("1.65", "looks like metres (165 cm)"),
        ("65", "looks like inches (165.1 cm)"),
        ("5.6", "5.6 cm is outside 100 to 250 cm."),
        ("1650", "looks like millimetres (165 cm)"),
        ("300", "300 cm is outside 100 to 250 cm."),
    ],
)
def test_heights_that_no_patient_has(cm: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        believable_height(Decimal(cm))
    assert words in str(refused.value)


@given(st.decimals())
def test_no_number_breaks_the_door(value: Decimal) -> None:
    for door in (believable_weight, believable_height):
        with suppress(Refused):
            assert door(value) == value


def test_a_history_begins_with_the_enrolment() -> None:
    with pytest.raises(ValueError, match="PatientEnrolled"):
        History(())
    with pytest.raises(ValueError, match="PatientEnrolled"):
        History((WeightMeasured(MONDAY, Decimal(70)), HeightMeasured(MONDAY, Decimal(165))))
