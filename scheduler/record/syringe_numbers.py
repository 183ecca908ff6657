"""The number of a syringe: seven digits and a check letter, like 4821-057P; nothing about the patient is in it.

The letter is the digits modulo 17: one wrong digit, or any two that changed places, never fit it, and of wild
guesses one in 17 does. K and U are never used, since 935U reads like an amount: digits that ask for them are not
drawn. Numbers are drawn by lot, not counted: one that was given out after a backup which is
restored later is then unknown, instead of somebody else's. The letters are those that look like no digit and that
stand at the same place of QWERTY, QWERTZ and AZERTY keyboards, as which scanners type.
"""

from __future__ import annotations

import re
import unicodedata

from scheduler.problems import Refused, printable

LETTERS = "BCDEFGHJ.NPRST.VX"
"""By the remainder of the digits; a point stands for a remainder that no number has."""
LEAST, MOST = 1_000_000, 9_999_999
LONGEST_SHOWN = 30

_FORM = re.compile(rf"(?<![0-9])[1-9][0-9]{{6}}[{LETTERS}](?![0-9A-Z])")
_WRONG_LETTER = re.compile(r"(?<![0-9])[1-9][0-9]{6}[A-Z](?![0-9A-Z])")
_SCANNER = re.compile(r"^\][A-Za-z][0-9]")  # the kind of code, which some scanners send first: ]d1
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015*]+")
_LOOK_ALIKE = str.maketrans("OIL", "011")
_AZERTY = str.maketrans("&é\"'(-è_çà", "1234567890")


def fits(digits: int) -> bool:
    """Whether a number has these digits: seven of them, with a letter that is used."""
    return LEAST <= digits <= MOST and LETTERS[digits % len(LETTERS)] != "."


def made(digits: int) -> str:
    """The number of these seven digits, as it is kept and coded: '4821057P'; ValueError where no number has them."""
    if not fits(digits):
        raise ValueError("No syringe number has these digits.")
    return f"{digits}{LETTERS[digits % len(LETTERS)]}"


def printed(number: str) -> str:
    """As people read and type it: '4821-057P'."""
    return f"{number[:4]}-{number[4:]}"


def read(text: str) -> str:
    """The number that somebody typed or a scanner sent; Refused where it is none, or mistyped.

    Spaces, hyphens, lower case, what scanners put around it, and an AZERTY row of digits do no harm.
    """
    plain = unicodedata.normalize("NFKC", text[:200])
    candidates = [plain, plain.translate(_AZERTY)]
    wrong = ""
    for candidate in map(_bare, candidates):
        for found in _FORM.findall(candidate):
            if fits(int(found[:-1])) and found == made(int(found[:-1])):
                return str(found)
        misfit = _WRONG_LETTER.search(candidate)
        wrong = wrong or (misfit.group() if misfit else "")
    if wrong:
        raise Refused(
            f"{printed(wrong)} is mistyped: its letter does not fit its digits. Read it again from the label."
        )
    raise Refused(
        f"'{_cut(text)}' is no syringe number. It has seven digits and a letter, like {printed(made(4821057))}."
    )


def _bare(text: str) -> str:
    """Capitals and digits without what stands between them; in the place of a digit, O, I and L are digits."""
    kept = "".join(c for c in text if c.isprintable())
    bare = _BETWEEN.sub("", _SCANNER.sub("", kept.strip())).upper()
    body, letter = bare[:-1], bare[-1:]
    return f"{body[:-7]}{body[-7:].translate(_LOOK_ALIKE)}{letter}"


def _cut(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}..."
