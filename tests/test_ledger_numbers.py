"""The number of a syringe: what a person mistypes and what a scanner does to it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.problems import Refused
from scheduler.record.syringe_numbers import LEAST, LETTERS, MOST, fits, made, printed, read

NUMBERS = st.integers(LEAST, MOST).filter(fits).map(made)
AZERTY = str.maketrans("1234567890", "&é\"'(-è_çà")


def test_a_number_is_seven_digits_and_a_letter() -> None:
    assert made(4821057) == "4821057P"
    assert printed("4821057P") == "4821-057P"
    assert len(LETTERS) == 17
    assert not set(LETTERS) & set("OILAQZWMYKU")  # like digits, elsewhere on other keyboards, like 935 units


@pytest.mark.parametrize("outside", [0, LEAST - 1, MOST + 1])
def test_no_number_has_more_or_fewer_digits(outside: int) -> None:
    with pytest.raises(ValueError, match="No syringe number"):
        made(outside)


@given(NUMBERS)
def test_it_is_read_as_it_is_printed_and_coded(number: str) -> None:
    for text in (
        number,
        printed(number),
        number.lower(),
        f" {number[:3]} {number[3:]} ",
        f"{number[:4]}\u2013{number[4:]}",
    ):
        assert read(text) == number


@given(
    NUMBERS,
    st.sampled_from(["", "]d1", "]d2", "*", "\x02", "SYR ", "\ufeff"]),
    st.sampled_from(["", "\r\n", "\t", "*"]),
)
def test_what_a_scanner_puts_around_it_does_no_harm(number: str, before: str, after: str) -> None:
    assert read(f"{before}{number}{after}") == number


@given(NUMBERS)
def test_a_scanner_that_types_on_a_french_keyboard_is_understood(number: str) -> None:
    assert read(number.translate(AZERTY)) == number
    assert read(number.lower().translate(AZERTY)) == number


@given(NUMBERS, st.integers(0, 6), st.integers(0, 9))
def test_one_wrong_digit_is_caught(number: str, place: int, digit: int) -> None:
    wrong = f"{number[:place]}{digit}{number[place + 1 :]}"
    assume(wrong != number)
    with pytest.raises(Refused):
        read(wrong)


@given(NUMBERS, st.integers(0, 6), st.integers(0, 6))
def test_two_digits_that_changed_places_are_caught(number: str, one: int, other: int) -> None:
    swapped = list(number)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assume("".join(swapped) != number)
    with pytest.raises(Refused):
        read("".join(swapped))


@given(NUMBERS, st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_wrong_letter_is_caught(number: str, letter: str) -> None:
    assume(letter != number[-1])
    with pytest.raises(Refused):
        read(number[:-1] + letter)


@given(NUMBERS)
def test_letters_that_look_like_digits_are_taken_for_them(number: str) -> None:
    assert read(number[:-1].replace("0", "O").replace("1", "l") + number[-1]) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "'' is no syringe number. It has seven digits and a letter, like 4821-057P."),
        ("S-001", "'S-001' is no syringe number. It has seven digits and a letter, like 4821-057P."),
        ("4821057", "'4821057' is no syringe number. It has seven digits and a letter, like 4821-057P."),
        ("14821057P", "'14821057P' is no syringe number. It has seven digits and a letter, like 4821-057P."),
        ("4821057K", "4821-057K is mistyped: its letter does not fit its digits. Read it again from the label."),
        ("4821057A", "4821-057A is mistyped: its letter does not fit its digits. Read it again from the label."),
        ("\x1b[31m", "'?[31m' is no syringe number. It has seven digits and a letter, like 4821-057P."),
        ("9" * 500, f"'{'9' * 30}...' is no syringe number. It has seven digits and a letter, like 4821-057P."),
        ("\u0664821057P", "'\u0664821057P' is no syringe number. It has seven digits and a letter, like 4821-057P."),
    ],
)
def test_what_is_no_number_is_refused_in_one_sentence(typed: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(typed)
    assert str(refused.value) == said


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    try:
        number = read(text)
    except Refused as refused:
        said = str(refused)
    else:
        said = printed(made(int(number[:-1])))
        assert said == printed(number)
    assert said.isprintable()
