"""Broken protocol files that no folder should hold: too big, too deep, too many, not text, no file at all.

`MADE` makes each one in a folder and returns its path; its name is that of its golden message.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from string import ascii_letters

FOLDER = Path(__file__).parent / "broken_protocols"
SOUND = (FOLDER / "sound-clinic.yaml").read_text(encoding="utf-8")
GIVE = "      - cycle 1+ day 1: trastuzumab 6 mg/kg intravenous over 90 min\n"
TREATMENT = "  trastuzumab: {name: trastuzumab, drug: trastuzumab, letter: T}\n"
END = "      - disease progression\n"
LONG_NAME = "x" * 39

Make = Callable[[Path], None]


def written(content: str | bytes) -> Make:
    """A file with this content."""

    def make(path: Path) -> None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def changed(old: str, new: str) -> Make:
    """The sound file with one thing replaced."""
    assert SOUND.count(old) == 1
    return written(SOUND.replace(old, new))


def pipe(path: Path) -> None:
    os.mkfifo(path)


def nothing(_: Path) -> None:
    """There is no such file."""


def drugs(count: int) -> str:
    """Declarations of many treatments, each with a letter of its own."""
    letters = ascii_letters.replace("T", "")
    return "".join(f"  drug{n}: {{name: drug {n}, drug: drug{n}, letter: {letters[n]}}}\n" for n in range(count))


def alias_bomb() -> str:
    """Nine lines that stand for a thousand million words."""
    lines = ["bomb0: &bomb0 [boom, boom, boom, boom, boom, boom, boom, boom, boom, boom]"]
    lines += [f"bomb{n}: &bomb{n} [{', '.join([f'*bomb{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines) + "\n"


def endless_doses() -> str:
    """Forty drugs on every day of 200 long cycles."""
    lines = "".join(f"      - cycle 1+ days 1-400: drug{n} 1 mg flat oral\n" for n in range(1, 40))
    lines += "      - cycle 200 days 1-400: drug0 1 mg flat oral\n"
    return SOUND.replace(TREATMENT, drugs(40)).replace(GIVE, lines).replace("21 days", "400 days")


MADE: dict[str, Make] = {
    "file-empty": written(""),
    "file-missing": nothing,
    "file-is-folder": Path.mkdir,
    "five-megabytes": written(SOUND + "# nothing\n" * 500_000),
    "not-utf8": written(SOUND.encode().replace(b"three weeks", b"three weeks \xb5")),
    "utf-16": written(SOUND.encode("utf-16")),
    "alias-bomb": written(alias_bomb()),
    "ten-thousand-deep": written("[" * 10_000 + "]" * 10_000),
    "too-many-parts": written(SOUND + "  - says\n" * 25_000),
    "too-many-names": changed(TREATMENT, TREATMENT + drugs(41)),
    "too-many-lines": changed(END, END * 601),
    "too-many-doses": written(endless_doses()),
    "too-many-problems": changed(END, "      - the end\n" * 102),
    "control-characters": changed("US prescribing", "".join(map(chr, range(1, 9))) + "US prescribing"),
}
if hasattr(os, "mkfifo"):
    MADE["file-unreadable"] = pipe

HOSTILE: dict[str, Make] = MADE | {
    "doses-on-one-day": changed(GIVE, GIVE * 590),
    "unknown-words": written("".join(f"{LONG_NAME[:30]}{n}: v\n" for n in range(9_000))),
    "unknown-policies": changed(
        "      cycle_anchor", "".join(f"      cycle_anchor{n}: a\n" for n in range(9_000)) + "      cycle_anchor"
    ),
    "unknown-names": changed(GIVE, "".join(f"      - cycle 1 day 1: drug{n} 1 mg oral\n" for n in range(3_000))),
    "spaces": changed("day 1: trastuzumab", "day 1: trastuzumab" + " " * 200_000),
    "days": changed("day 1: trast", "days " + "1-400, " * 30_000 + "2: trast"),
    "cycles": changed("cycle 1+: 21", "cycle " + "1, " * 60_000 + "2+: 21"),
    "names": changed("      - trastuzumab: cl", "      - " + "trastuzumab, " * 15_000 + "trastuzumab: cl"),
    "numbers": changed("6 mg/kg", "9" * 200_000 + " mg/kg"),
    "one-word": changed("What the label leaves open.", "x" * 200_000),
    "circles": written(
        SOUND.replace(TREATMENT, drugs(24)).replace(
            GIVE,
            "".join(
                f"      - cycle 1+, 1 day after each drug{a}: drug{b} 1 mg flat oral\n"
                for a in range(24)
                for b in range(24)
            ),
        )
    ),
    "orders": written(
        SOUND.replace(TREATMENT, drugs(24)).replace(
            "    end:\n",
            "    order:\n"
            + "".join(f"      - drug{a} after drug{b}\n" for a in range(24) for b in range(24))
            + "    end:\n",
        )
    ),
    "cycles-named-one-by-one": changed(
        GIVE, "".join(f"      - cycle {n} day 1: trastuzumab 6 mg/kg oral\n" for n in range(1, 201))
    ),
    "arms": written(
        SOUND.replace("treatments:\n", "arms:\n" + "".join(f"  a{n}: arm {n}\n" for n in range(40)) + "treatments:\n")
        .replace(TREATMENT, drugs(14))
        .replace(
            GIVE,
            "".join(f"      - arm a{a} cycle {a + 1}+ day 1: drug{d} 1 mg flat oral\n" for a in range(40) for d in range(14)),
        )
    ),
    "rules": changed(
        "    end:\n",
        "    rules:\n"
        + "".join(
            f"      - when: {nth} grade {grade} of Fever; Vomiting; Dehydration; Platelets\n        hold: all\n"
            "        until: grade 0\n        resume: same level\n"
            for nth in ("first", "second", "third", "fourth")
            for grade in (1, 2, 3, 4)
        )
        * 3
        + "    end:\n",
    ),
}
