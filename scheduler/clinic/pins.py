"""PINs and passwords: what one has to be like, and their hashes. The only door to argon2."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scheduler.problems import Refused
from scheduler.store.accounts import key_of

LEAST, MOST = 6, 200


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
