"""The broken protocol files of `broken_protocols/`, and those that no folder should hold.

Too big, too deep, too many, not text, no file at all: `MADE` makes each one at a path; its name is that of
its message in the folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import ascii_letters

FOLDER = Path(__file__).parent / "broken_protocols"
NEW = bool(os.environ.get("C1D1_NEW_GOLDENS"))
SOUND = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("sound-*.yaml")}
CLINIC = SOUND["sound-clinic"]
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
    assert CLINIC.count(old) == 1
    return written(CLINIC.replace(old, new))


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
    """Many drugs on every day of 200 long cycles."""
    lines = "".join(f"      - cycle 1+ days 1-400: drug{n} 1 mg flat oral\n" for n in range(1, 39))
    lines += "      - cycle 200 days 1-400: drug0 1 mg flat oral\n"
    return CLINIC.replace(TREATMENT, TREATMENT + drugs(39)).replace(GIVE, GIVE + lines).replace("21 days", "400 days")


MADE: dict[str, Make] = {
    "file-empty": written(""),
    "file-missing": nothing,
    "file-is-folder": Path.mkdir,
    "five-megabytes": written(CLINIC + "# nothing\n" * 500_000),
    "not-utf8": written(CLINIC.encode().replace(b"three weeks", b"three weeks \xb5")),
    "utf-16": written(CLINIC.encode("utf-16")),
    "alias-bomb": written(alias_bomb()),
    "ten-thousand-deep": written("[" * 10_000 + "]" * 10_000),
    "too-many-parts": written(CLINIC + "  - says\n" * 25_000),
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
        CLINIC.replace(TREATMENT, TREATMENT + drugs(24)).replace(
            GIVE,
            "".join(
                f"      - cycle 1+, 1 day after each drug{a}: drug{b} 1 mg flat oral\n"
                for a in range(24)
                for b in range(24)
            ),
        )
    ),
    "orders": written(
        CLINIC.replace(TREATMENT, TREATMENT + drugs(24)).replace(
            "    end:\n",
            "    order:\n"
            + "".join(f"      - drug{a} after drug{b}\n" for a in range(24) for b in range(24))
            + "    end:\n",
        )
    ),
    "cycles-named-one-by-one": changed(
        GIVE, "".join(f"      - cycle {n} day 22: trastuzumab 6 mg/kg oral\n" for n in range(1, 201))
    ),
    "arms": written(
        CLINIC.replace("treatments:\n", "arms:\n" + "".join(f"  a{n}: arm {n}\n" for n in range(40)) + "treatments:\n")
        .replace(TREATMENT, TREATMENT + drugs(14))
        .replace(
            GIVE,
            "".join(
                f"      - arm a{a} cycle {a * 5 + 1}+ day {d + 1}: drug{d} 1 mg flat intravenous\n"
                for a in range(40)
                for d in range(14)
            ),
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

LYING = sorted(p.stem for p in FOLDER.glob("*.yaml") if p.stem not in SOUND and not p.stem.startswith("unsafe-"))
FAULTS = sorted({*LYING, *MADE, "unknown-protocol"})


@cache
def golden(fault: str) -> str:
    """What `check` says of a fault."""
    path = FOLDER / f"{fault}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def golden_codes(fault: str) -> list[str]:
    """The codes in that, in its order."""
    return re.findall(r"^[\w.-]+:\d+:\d+: ([a-z0-9-]+)$", golden(fault), re.MULTILINE)
