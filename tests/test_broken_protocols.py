"""Broken protocol files: one fault each, named after it, and beside it what `c1d1 protocol check` says.

The `sound-*.yaml` files have no fault; every other one differs from one of them in a few lines. Files that
cannot lie in a folder (too big, too deep, not text) are made by `broken_files`; their messages lie here too.
To write the messages and the table of codes anew, and then to read them in the difference:

    C1D1_NEW_GOLDENS=1 pytest tests/test_broken_protocols.py
"""

from __future__ import annotations

import difflib
import os
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli import main
from scheduler.problems import Problem, report
from scheduler.protocol import library
from tests.broken_files import FAULTS, FOLDER, LYING, MADE, NEW, SOUND, golden, golden_codes

SEVERAL = {"ten-faults"}


@cache
def told(fault: str) -> tuple[Problem, ...]:
    """The problems of a file that lies in the folder, as an author sees them there."""
    here = Path.cwd()
    os.chdir(FOLDER)
    try:
        return library.load(Path(f"{fault}.yaml")).problems
    finally:
        os.chdir(here)


def problems(fault: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    """What is wrong with a file of the folder, or with one that is made."""
    if fault == "unknown-protocol":
        found = library.find("trastuzumab-il3")
        assert isinstance(found, Problem)
        return (found,)
    if fault not in MADE:
        return told(fault)
    monkeypatch.chdir(folder)
    path = Path(f"{fault}.yaml")
    MADE[fault](path)
    return library.load(path).problems


# ---------------------------------------------------------------- each fault, its message


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_like_this(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(fault, tmp_path, monkeypatch)
    if fault == "too-many-problems":  # the hundred before it are all alike
        found = found[-1:]
    text = report(found) + "\n"
    if NEW:
        golden.cache_clear()
        (FOLDER / f"{fault}.txt").write_text(text, encoding="utf-8")
    assert text == golden(fault)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in SEVERAL])
def test_a_fault_is_told_once(fault: str) -> None:
    """Nothing is reported that is only a consequence of it."""
    one_each = 8 if fault == "control-characters" else 1
    assert len(golden_codes(fault)) == one_each
    assert len(set(golden_codes(fault))) == 1


def test_ten_faults_are_told_in_one_run() -> None:
    assert len(told("ten-faults")) == len({problem.code for problem in told("ten-faults")}) == 10


def test_every_message_belongs_to_a_fault() -> None:
    said = {path.stem for path in FOLDER.glob("*.txt")}
    assert {name for name in said if not name.startswith("unsafe-")} == set(FAULTS)  # those: test_proof.py
    assert len(FAULTS) >= 40


@pytest.mark.parametrize("fault", ["day-zero", "strengths-overlap", "ten-faults"])
def test_the_command_says_the_same(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    run = CliRunner().invoke(main, ["protocol", "check", f"{fault}.yaml"])
    assert (run.exit_code, run.stdout, run.stderr) == (1, "", golden(fault))


# ---------------------------------------------------------------- one thing is broken, and can be mended


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_sound(name: str) -> None:
    assert told(name) == ()


@pytest.mark.parametrize("fault", [fault for fault in LYING if fault not in SEVERAL])
def test_a_broken_file_is_a_sound_one_with_one_thing_wrong(fault: str) -> None:
    text = (FOLDER / f"{fault}.yaml").read_text(encoding="utf-8").splitlines()
    changes = []
    for sound in SOUND.values():
        difference = difflib.unified_diff(sound.splitlines(), text, n=0, lineterm="")
        changes.append(len([line for line in difference if re.match(r"[+-](?![+-])", line)]))
    assert 0 < min(changes) <= 30


# What the message asks for, done by the letter: fault -> (what is written, what is written instead).
FOLLOWED = {
    "wrong-unit": ("mgs/kg", "mg/kg"),
    "unit-without-space": ("6mg/kg", "6 mg/kg"),
    "number-of-two-meanings": ("1.000 mg", "1,000 mg"),
    "foreign-digit": ("٦", "6"),
    "dose-without-basis": ("6 mg ", "6 mg/kg "),
    "flat-and-by-size": ("6 mg/kg flat", "6 mg/kg"),
    "frequency-with-typo": ("twice dialy", "twice daily"),
    "bad-route": ("intravenos", "intravenous"),
    "bad-time": ("at 8:00", "at 08:00"),
    "unknown-treatment": ("trastuzumb", "trastuzumab"),
    "day-past-cycle": ("4-15", "4-14"),
    "day-zero": ("day 0", "day 1"),
    "gap-in-cycles": ("      - cycle 3+", "      - cycle 2: 14 days\n      - cycle 3+"),
    "cycle-without-length": ("    give:", "    cycles:\n      - cycle 1+: 21 days\n    give:"),
    "unsaid-order": ("    assess:", "    order:\n      - aldesleukin_high after trastuzumab\n    assess:"),
    "strengths-overlap": ("days 3-14", "days 4-14"),
    "windows-meet": ("4 days before to 4 days after", "4 days before to 2 days after"),
    "window-outside-cycle": ("14 days before to 14 days after", "3 days before to 3 days after"),
    "home-without-mark": ("letter: C", "letter: C, mark: circle A"),
    "bad-mark": ("B in a square", "square B"),
    "night-dose": ("02:00", "04:00"),
    "home-times-too-wide": ("home_dose_window: 2 hours", "home_dose_window: 1 hour"),
    "unsaid-giver": ("    window:", "    given_by:\n      - trastuzumab: clinic\n    window:"),
    "unsaid-window": ("    set:", "    window:\n      - trastuzumab: 1 day before to 1 day after\n    set:"),
    "unsaid-policy": ("    set:", "    set:\n      cycle_anchor: actual_day_1"),
    "exemption-without-rule": ("expected_effects: exempt", "expected_effects: counted"),
    "exemption-against-policy": ("grade 3-4 except Lymphopenia", "grade 3-4"),
    "next-week-without-stop": ("resume_at: next_week", "resume_at: cycle_day"),
    "choice-not-offered": ("held_doses: made_up", "held_doses: skipped"),
    "unsaid-end": ("\n  - assumes:", "    end:\n      - disease progression\n\n  - assumes:"),
    "unsaid-infusion-time": ("mg/kg intravenous", "mg/kg intravenous over 30 min"),
    "level-missing": ("aldesleukin_low level -2", "aldesleukin_low level -1"),
    "level-0-differs": ("level 0: 2 million", "level 0: 1 million"),
    "bands-without-end": ("    end:", "      - capecitabine above 1.5 m2: 2,000 mg\n    end:"),
    "hole-in-bands": ("above 1.7 m2", "above 1.5 m2"),
    "kind-with-typo": ("non-hematologic", "nonhaematologic"),
    "bad-rule": ("aldesleukin_low aldesleukin_high", "aldesleukin_low, aldesleukin_high"),
    "no-rule-above": ("grade 3\n", "grade 3+\n"),
    "unfinished-rule": ("        resume", "        until: grade 1 or baseline\n        resume"),
    "unknown-term": ("Vomitting", "Vomiting"),
    "until-against-policy": ("until: grade 1\n", "until: grade 1 or baseline\n"),
    "unknown-criteria": ("CTC2.0", "CTC 2.0"),
    "until-of-other-kind": ("until: grade 1 or baseline", "until: laboratory neutrophils at least 1,500 per mm3"),
    "unknown-key": ("treatmnets", "treatments"),
    "missing": ("criteria:", "edition: 1\ncriteria:"),
    "citation-without-section": ("source: label", "source: label, section 2.3"),
    "unknown-use": ("    use: on\n", ""),
    "off-with-doses": ("    use: off\n", ""),
    "approved-unconfirmed": ("confirmed_by: nobody", "confirmed_by: Dr. B. Example"),
    "two-in-one-line": ("        cycle 2+", "      - cycle 2+"),
    "needs-quotes": ("@site", '"@site"'),
    "second-colon": ("It is usual: all do so.", '"It is usual: all do so."'),
    "hidden-character": ("\u200b", ""),
    "tab": ("\t", "      "),
}


@pytest.mark.parametrize("fault", FOLLOWED)
def test_who_follows_the_message_gets_a_sound_file(fault: str, tmp_path: Path) -> None:
    old, new = FOLLOWED[fault]
    text = (FOLDER / f"{fault}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mended.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [problem.shown() for problem in library.load(path).problems] == []


# ---------------------------------------------------------------- how it is said

BANNED = re.compile(
    r"mapping|scalar|\bnode|\bnull|validat|(?-i:\bNone\b)|tuple|please|invalid|token|parser|regex|Traceback|expected|"
    r"\blist\[|\bdict\b|\bstr\b|\bint\b|!$",
    re.IGNORECASE,
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_message_is_in_the_words_of_its_reader(fault: str) -> None:
    """Place, line, caret, one sentence what, one sentence how to mend; nobody's jargon."""
    blocks = golden(fault).removesuffix("\n").split("\n\n")
    assert blocks[-1] == f"{len(blocks) - 1} problem{'' if len(blocks) == 2 else 's'}."
    for block in blocks[:-1]:
        lines = block.splitlines()
        assert len(lines) in (3, 5)
        what, mend = lines[-2:]
        for sentence in (what, mend):
            assert re.match(r"  [A-Za-z0-9'٦�]", sentence)
            assert sentence.endswith((".", "?"))
            assert not BANNED.search(re.sub(r"'[^']*'", "", sentence))
        assert re.match(r"  [A-Z]", mend)
        if len(lines) == 5:
            assert re.fullmatch(r" +\| +\^+", lines[2])
