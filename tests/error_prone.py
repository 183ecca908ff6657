"""Notations that have made people take the wrong dose, and every output of the house that people read.

The lists are the Joint Commission's "Do Not Use" list and ISMP's list of error-prone abbreviations.
A new output takes one line in OUTPUTS: what it is, and how its words are made on a ward.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from tests.on_the_line import Ward
from tests.paper_sample import text as pdf_text

ROOT = Path(__file__).resolve().parent.parent

NOTATIONS = {
    "U or IU for units, M or MM for million": r"(?<![\w.-])(?:IU|MIU|MU|MM|U|u)(?![\w-])",
    "M or K behind a number": r"\b\d[\d.,]* ?[MKk]\b(?!\.? [A-Z])(?!/)",
    "a sign for micro": r"[µμ]\s?g\b|\d ?ug\b",
    "ng": r"(?<![\w-])ng\b",
    "Latin or letters for how often": r"\b(?:QD|QOD|OD|q\.?d\.|qd|q\.?o\.?d\.?|BID|TID|b\.i\.d\.|q\d+h)(?!\w)",
    "letters for how": r"(?<![\w-])(?:SC|SQ|SubQ|sub q|S\.C\.|PO|p\.o\.|IM|i\.m\.|i\.v\.|HS|BT|D/C)(?!\w)",
    "cc or ml for mL": r"\b(?:cc|ml|ML)\b",
    "a full stop behind a unit within a sentence": r"\b(?:mL|mg|mcg)\.(?= [a-z])",
    "a trailing zero": r"(?<![\w.:-])\d+\.\d*0(?= ?(?:mL|mg|mcg|g|kg|units?|million|nanograms?|%)(?!\w))",
    "a naked decimal": r"(?<![\w.)…])\.\d",
    "a number without its comma": r"(?<![\w.,:/#-])\d{4,}(?= ?(?:mL|mg|mcg|g|kg|units?|nanograms?|doses|vials)\b)",
    "a number stuck to its unit": r"(?<![\w-])\d[\d.,]*(?:mL|mg|mcg|g|kg|units?|million|nanograms?|hours)\b",
    "a slash for per or and": r"(?:mg|mcg|g|kg|mL|units?|nanograms?|m2|day)\s?/\s?(?:\d|kg|m2|mL|day|h\b|dose)",
    "a sign for a word": r"(?<=[\w ])(?:≥|≤|±|@|(?<=\s)(?:[<>&](?=\s?\d)|\+(?=\s\d)))",
    "a drug in short": r"(?<![\w-])(?:r?IL-?2|IL-?12|T-?DM1|T-DXd|TRAZ|MTX|ARA-C|5-?FU)(?![\w-])",
    "a fraction": r"(?<![\w/.-])[135]/[2-7](?![\w/])|[½¼¾]",
}

_MACHINE = re.compile(
    r"https?://\S+|mailto:\S+"
    r"|U\+[0-9A-F]*"
    r"|SHA-256 [0-9a-f]+|\b[0-9a-f]{8,}\b"
    r"|[\w./-]+\.(?:yaml|py|pdf|ics|csv|json|toml|db|txt)(?::\d+)*"
    r"|--[\w-]+(?:[ =][A-Z][A-Z=]*)?"
    r"|\d{4}-\d\d-\d\d(?:T[\d:]+Z?)?"
    r"|Caution: New Drug.{0,90}investigational use"
)
"""What programs read: addresses, fingerprints, files, options, days as year-month-day; and the words of a law."""

_QUOTED = re.compile(r"'[^'\n]{1,80}'")
"""In messages to authors: what the file says, or is to say, in the language of protocol files."""


def found_in(words: str) -> dict[str, list[str]]:
    """Every error-prone notation in a text, with what stands around it."""
    plain = _MACHINE.sub(" \u2026 ", words)
    return {
        name: hits
        for name, pattern in NOTATIONS.items()
        if (hits := [plain[max(0, m.start() - 40) : m.end() + 25].strip() for m in re.finditer(pattern, plain)][:5])
    }


# ---------------------------------------------------------------- how outputs are made

WEEK = ("--from", "2026-01-12", "--to", "2026-01-18")


def said(*words: str) -> Callable[[Ward], str]:
    """What a command prints, on both channels; it may refuse, and its refusal is read too."""

    def run(ward: Ward) -> str:
        result = ward.run(*words)
        assert result.exit_code in (0, 1), result.output
        return f"{result.stdout}\n{result.stderr}"

    return run


def printed(*words: str) -> Callable[[Ward], str]:
    """The words of a PDF that a command writes with -o."""

    def run(ward: Ward) -> str:
        path = ward.folder / "paper.pdf"
        result = ward.run(*words, "-o", str(path))
        assert result.exit_code == 0, result.output
        return f"{pdf_text(path.read_bytes())}\n{result.stdout}\n{result.stderr}"

    return run


def told(*words: str) -> Callable[[Ward], str]:
    """The sentences in data: what people read there; units of data are for programs."""

    def sentences(value: object) -> list[str]:
        if isinstance(value, dict):
            return [s for key, each in value.items() if key not in ("unit", "id") for s in sentences(each)]
        if isinstance(value, list):
            return [s for each in value for s in sentences(each)]
        return [value] if isinstance(value, str) and " " in value else []

    def run(ward: Ward) -> str:
        return "\n".join(sentences(json.loads(ward.run(*words).stdout)))

    return run


def calendar(*words: str) -> Callable[[Ward], str]:
    """What a calendar shows: titles, descriptions, comments, places."""
    shown = ("SUMMARY", "DESCRIPTION", "COMMENT", "LOCATION", "X-WR-CALNAME", "X-WR-CALDESC")

    def run(ward: Ward) -> str:
        path = ward.folder / "calendar.ics"
        ward.says(*words, "-o", str(path))
        lines = re.sub(r"\r?\n[ \t]", "", path.read_text(encoding="utf-8")).splitlines()
        mine = [line.partition(":")[2] for line in lines if line.partition(":")[0].partition(";")[0] in shown]
        assert mine
        return "\n".join(re.sub(r"\\[nN]", "\n", line).replace("\\,", ",").replace("\\;", ";") for line in mine)

    return run


def messages(_: Ward) -> str:
    """What `protocol check` and `prove` say of every broken file, without the author's own lines."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "broken_protocols").glob("*.txt")))
    lines = [line for text in texts for line in text.splitlines() if not re.match(r"\s*\d*\s*\|", line)]
    return _QUOTED.sub(" \u2026 ", "\n".join(lines))


def literals(*folders: str) -> Callable[[Ward], str]:
    """Every sentence that stands in the code of a room: what a screen can say without being driven there."""

    def run(_: Ward) -> str:
        found: list[str] = []
        for folder in folders:
            for path in sorted((ROOT / folder).rglob("*.py")):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                docs = {
                    id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
                }
                found += [
                    node.value
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and id(node) not in docs
                    and re.search(r"[a-z] [a-z]", node.value)
                    and not re.search(r"\\[a-z(]|\(\?", node.value)
                ]
        return _QUOTED.sub(" \u2026 ", "\n".join(found))

    return run


def screens(*keys: str) -> Callable[[Ward], str]:
    """What the app shows on this ward at first, and after each of these keys."""

    def run(ward: Ward) -> str:
        from tests.tui.tui_clinic import NOW, Clinic, drive, press, said
        from tui.app import C1D1App
        from tui.workplace import Workplace

        seen: list[str] = []

        async def look(pilot: Pilot[None]) -> None:
            for each in ("", *keys):
                await press(pilot, each)
                seen.append(said(pilot.app))

        home = Clinic(ward.folder).home
        drive(C1D1App(Workplace(home, "K. Berg", now=lambda: NOW), poll_seconds=0, burst_seconds=0), look, (120, 40))
        return "\n".join(seen)

    return run


_PLAN = ("--start", "2026-01-05", "--weight", "70", "--height", "165")
_A, _B = ("plan", "trastuzumab-il2", *_PLAN), ("plan", "trastuzumab-paclitaxel-il12", *_PLAN)

OUTPUTS: dict[str, Callable[[Ward], str]] = {
    "plan, trial A": said(*_A),
    "plan, trial A, as a grid": said(*_A, "--format", "grid"),
    "plan, trial A, as data": told(*_A, "--format", "json"),
    **{f"plan, trial B, {arm}": said(*_B, "--arm", arm) for arm in ("cohort-1", "cohort-2", "cohort-3")},
    "plan, tablets": said("plan", "lapatinib-capecitabine", *_PLAN),
    "plan, weekly": said("plan", "trastuzumab-weekly", *_PLAN),
    "plan without a weight": said("plan", "trastuzumab-il2", "--start", "2026-01-05"),
    **{
        f"calendar of a plan, {purpose}, {detail}": calendar(*_A, "--calendar", purpose, "--detail", detail)
        for purpose in ("home", "visits", "clinic")
        for detail in ("discreet", "full")
    },
    "calendar of a plan, clinic, trial B": calendar(*_B, "--arm", "cohort-2", "--calendar", "clinic"),
    "syringe list of a plan": printed(*_A, "--syringes"),
    **{
        f"protocol {what}, {name}": said("protocol", what, name)
        for what in ("show", "assumptions")
        for name in ("trastuzumab-il2", "trastuzumab-paclitaxel-il12", "lapatinib-capecitabine", "trastuzumab-weekly")
    },
    "protocol list": said("protocol", "list"),
    "messages about broken protocols": messages,
    "schedule": said("schedule", "A1"),
    "schedule, trial B": said("schedule", "B1"),
    "schedule as data": told("schedule", "A1", "--format", "json"),
    "why a dose": said("why", "A1", "C1D9"),
    "why a dose of trial B": said("why", "B1", "C2D1"),
    "today": said("today"),
    "patient list": said("patient", "list"),
    "patient show": said("patient", "show", "A1"),
    "preview of a toxicity": said(
        "record", "toxicity", "B1", "Fatigue", "3", "--due-to", "interleukin-12=definite", "--preview"
    ),
    "preview of a weight": said("record", "weight", "B1", "82", "--preview"),
    "preview of a dose with a wrong amount": said(
        "record", "given", "B1", "C1D8/trastuzumab", "--amount", "1400 mg", "--preview"
    ),
    "what to draw up": said("syringes", *WEEK),
    "what to draw up, compared": said("syringes", "A1", *WEEK, "--compare"),
    **{
        f"labels, {sheet}": printed("labels", "A1", *WEEK, "--planned", "--sheet", sheet)
        for sheet in ("L7160", "5160", "roll")
    },
    "labels of prepared syringes": printed("labels", "P1", "--from", "2026-01-13", "--to", "2026-01-14"),
    "box label": printed("labels", "A1", *WEEK, "--planned", "--box"),
    "worksheet": printed("worksheet", "--from", "2026-01-05", "--to", "2026-01-27"),
    "infusion sheet": printed("worksheet", "--infusion", "--from", "2026-01-05", "--to", "2026-01-27"),
    "ledger": said("ledger", "show"),
    "ledger on paper": printed("ledger", "show"),
    "scan": said("scan", "1234567X"),
    "adherence": said("adherence", "A1"),
    "diary": printed("diary", "A1"),
    "wall calendar": printed("wall", "A1"),
    "changes": said("changes", "A1"),
    "calendar handed out": calendar("calendar", "A1", "--for", "home"),
    "work list": calendar("calendar", "--for", "clinic"),
    "settings": said("settings"),
    "order of vials": said("order", *WEEK),
    "screens of the app, trial A": screens("<f2>", "A1<enter>", "<down><down>", "<f1>"),
    "screens of the app, trial B": screens("<f2>", "B1<enter>", "<down><down><enter>"),
    "texts of the app": literals("tui"),
    "texts of the desk": literals("scheduler/clinic", "scheduler/engine", "scheduler/issuing", "scheduler/outputs"),
    "texts of the command line": literals("scheduler/cli"),
    "texts of the rest": literals("scheduler/store", "scheduler/record"),
}
