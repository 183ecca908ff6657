"""PINs and passwords: what one has to be like, and their hashes. The only door to argon2."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scheduler.problems import Refused
from scheduler.store.accounts import key_of

LEAST, MOST = 4, 200
"""A nurse signs dozens of times a day, and each wrong PIN is waited for and ten lock the account (`accounts`): four
digits that are no easy guess then stand against one try in a thousand. Longer ones are better, and are taken."""
YEARS = range(1930, 2040)


def check(pin: str, name: str) -> None:
    """Refused unless a new PIN is long enough, can be typed again, and is no easy guess."""
    if len(pin) < LEAST:
        raise Refused(f"A PIN or password has at least {LEAST} characters. Take a longer one.")
    if len(pin) > MOST:
        raise Refused(f"A PIN or password has at most {MOST} characters. Take a shorter one.")
    if not pin.isprintable() or pin != pin.strip():
        raise Refused("A PIN or password holds no hidden characters, and no spaces at its ends. Take another one.")
    squeezed = key_of(pin).replace(" ", "")
    if squeezed == key_of(name).replace(" ", "") or len(set(pin)) == 1:
        raise Refused("A PIN or password is not the name, and not one character over and over. Take another one.")
    if pin.isascii() and pin.isdecimal() and _is_easy(pin):
        raise Refused("This PIN is among the first that anybody tries: a run, a pattern, a year. Take another one.")


def _is_easy(digits: str) -> bool:
    """Digits that go up or down by one (or by none), whose halves are the same, or that are a year."""
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    half, rest = divmod(len(digits), 2)
    repeats = rest == 0 and (digits[:half] == digits[half:])
    return len(steps) == 1 or repeats or (len(digits) == 4 and int(digits) in YEARS)


def hashed(pin: str) -> str:
    """The argon2id hash, with a salt of its own."""
    return _hasher().hash(_typed(pin))


def matches(hash_: str, pin: str) -> bool:
    """Whether this is the PIN."""
    try:
        return len(pin) <= MOST and _hasher().verify(hash_, _typed(pin))
    except (VerificationError, InvalidHashError):
        return False


def rehashed(hash_: str, pin: str) -> str | None:
    """The hash anew, where it was made with weaker settings than today's."""
    return hashed(pin) if _hasher().check_needs_rehash(hash_) else None


def _typed(pin: str) -> bytes:
    """The same bytes from every keyboard; what cannot be bytes at all matches nothing."""
    return unicodedata.normalize("NFKC", pin).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()
