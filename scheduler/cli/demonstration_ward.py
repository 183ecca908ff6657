"""The ward of the demonstration: invented patients, recorded with the commands that anybody would type."""

from __future__ import annotations

import contextlib
import io
import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from scheduler.clinic import home as clock
from scheduler.clinic.home import RECORD
from scheduler.problems import Refused

MEASURED = "--height 165 --weight 70 --zone America/New_York"
SIGNED = ("patient", "record", "calendar DEMO")
STORY = (
    f"patient enrol DEMO-001 --protocol trastuzumab-il2 --start {{five_weeks}} {MEASURED}",
    f"patient enrol DEMO-002 --protocol trastuzumab-il2 --start {{last_week}} {MEASURED}",
    f"patient enrol DEMO-003 --protocol trastuzumab-paclitaxel-il12 --arm cohort-3 --start {{this_week}} {MEASURED}",
    # The first one had a fever in cycle 1, and goes on at a lower level.
    "record given DEMO-001 C1D1 --on {five_weeks}",
    "record given DEMO-001 C1D8 --on {four_weeks}",
    "record toxicity DEMO-001 Fever 3 --on {fever} --due-to aldesleukin=probable",
    "record toxicity DEMO-001 Fever 1 --on {better}",
    "record given DEMO-001 C2D1/trastuzumab --on {two_weeks}",
    "record lift DEMO-001 --on {two_weeks} --role investigator",
    "record given DEMO-001 C3D1/trastuzumab --on {this_week}",
    "calendar DEMO-001 --for visits -o {out}/DEMO-001-visits.ics",
    "diary DEMO-001 -o {out}/DEMO-001-diary.pdf",
    "syringes DEMO-001 -o {out}/DEMO-001-syringes.pdf",
    "labels DEMO-001 --planned -o {out}/DEMO-001-labels.pdf",
    "worksheet DEMO-001 -o {out}/DEMO-001-worksheet.pdf",
    # The second one has a fever today: the calendar that is out is no longer right.
    "record given DEMO-002 C1D1 --on {last_week}",
    "record given DEMO-002 C1D8 --on {this_week}",
    "calendar DEMO-002 --for home -o {out}/DEMO-002-home-issue-01.ics",
    "record toxicity DEMO-002 Fever 3 --on {today} --due-to aldesleukin=probable",
    "changes DEMO-002 -o {out}/DEMO-002-changes.pdf",
    "calendar DEMO-002 --for home -o {out}/DEMO-002-home-issue-02.ics",
    "wall DEMO-002 -o {out}/DEMO-002-wall.pdf",
    "schedule DEMO-002 -o {out}/DEMO-002-schedule.txt",
    # The third one has just begun in the other trial.
    "record given DEMO-003 C1D1/trastuzumab --on {this_week}",
    "worksheet DEMO-003 --infusion --from {next_week} -o {out}/DEMO-003-infusions.pdf",
    "schedule DEMO-003 -o {out}/DEMO-003-schedule.txt",
    "calendar --for clinic -o {out}/clinic.ics",
    "today",
)


def write_ward(folder: Path) -> None:
    """Record the ward in `folder`, and print its papers; a record that stands there already is left as it is."""
    home = folder / "ward"
    if (home / RECORD).exists():
        click.echo(f"The ward stands in {home} already, and was left as it is. c1d1 --home {home} opens it.")
        return
    home.mkdir(parents=True, exist_ok=True)
    said = ""
    for words in _story(home, clock.today()):
        click.echo(f"$ c1d1 {shlex.join(words)}")
        said = _run(home, words)
    click.echo(f"{said}Open the ward with: c1d1 --home {home}")


def _story(home: Path, today: date) -> Iterator[list[str]]:
    monday = today - timedelta(days=today.weekday())
    days = {
        "today": today,
        "this_week": monday,
        "next_week": monday + timedelta(weeks=1),
        "last_week": monday - timedelta(weeks=1),
        "two_weeks": monday - timedelta(weeks=2),
        "four_weeks": monday - timedelta(weeks=4),
        "five_weeks": monday - timedelta(weeks=5),
        "fever": monday - timedelta(weeks=5) + timedelta(days=9),
        "better": monday - timedelta(weeks=5) + timedelta(days=16),
    }
    for line in STORY:
        words = [word.format(out=home, **days) for word in line.split()]
        yield [*words, "--by", "Nurse Example"] if line.startswith(SIGNED) else words


def _run(home: Path, words: list[str]) -> str:
    """One command, in this process, and what it said; Refused where it was."""
    from scheduler.cli import main

    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main.main(["--home", str(home), *words], prog_name="c1d1", standalone_mode=False)
    except (SystemExit, click.ClickException):
        raise Refused(f"c1d1 {shlex.join(words)}: {_text(said)}") from None
    return _text(said)


def _text(said: io.TextIOWrapper) -> str:
    said.seek(0)
    return said.read()
