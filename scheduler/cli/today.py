"""`c1d1 today`: the worklist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler import __version__
from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home

if TYPE_CHECKING:
    from scheduler.clinic.closed_ahead import ClosedAhead
    from scheduler.clinic.worklist import Worklist
    from scheduler.store.due import DueRow


@click.command()
@click.option(
    "--date",
    "on",
    type=Date(),
    help="The day (default: today, by the clinic's zone in clinic.toml, else by this computer).",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@refusing
@at_home
def today(on: date | None, form: str, home: Home) -> None:
    """The worklist of every patient: to be decided, overdue, on hold, due today."""
    from scheduler.cli.telling import aside
    from scheduler.clinic.closed_ahead import closed_ahead
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.settings import usable_settings
    from scheduler.clinic.worklist import worklist

    settings, fault = usable_settings(home)
    with open_desk(home) as desk:
        found = worklist(desk.log, on or desk.today)
        ahead = closed_ahead(desk, settings, found.on)
        made_by = desk.log.due_made_by()
        warnings = desk.log.warnings
    for warning in (*warnings, *([fault] if fault else [])):
        aside(warning)
    if made_by not in ("", __version__):
        aside(f"The worklist was made by c1d1 {made_by}, and this is {__version__}. Run c1d1 log rebuild.")
    write(_as_json(found, ahead) if form == "json" else "\n".join((*_lines(found), *_closed(ahead))) + "\n", None)


def _lines(found: Worklist) -> Iterator[str]:
    from scheduler.clinic.words import count, day
    from scheduler.clinic.worklist import run_words

    yield f"WORKLIST for {day(found.on)}: {count(found.subjects, 'patient')}"
    width = max((len(row.subject) for row in _all(found)), default=0)
    decisions = (_line(row, width, f"{row.item.partition('/')[2]}: {row.text}") for row in found.decisions)
    yield from _section("TO BE DECIDED by a named person (nothing of it happens by itself)", decisions)
    overdue = (_line(run[0], width, run_words(run)) for run in found.overdue)
    yield from _section("OVERDUE: nobody has recorded whether it was given or done", overdue)
    holds = (_line(row, width, f"since {day(row.due_on)}, {row.text}") for row in found.holds)
    yield from _section("ON HOLD", holds)
    yield from _section("DUE", (_line(row, width, _due(row)) for row in found.due))
    if not _all(found):
        yield "Nothing is due, on hold, overdue or to be decided."


def _closed(ahead: ClosedAhead) -> Iterator[str]:
    """Visits of the next two weeks that need another day."""
    from scheduler.clinic.words import count

    width = max((len(visit.subject) for visit in ahead.visits), default=0)
    yield from _section(
        "ON A CLOSED DAY AHEAD: another day is needed (home doses stay)",
        (_line_of(visit.subject, width, visit.text) for visit in ahead.visits),
    )
    if ahead.more:
        yield f"  ... and perhaps {count(ahead.more, 'more patient')}: see c1d1 schedule SUBJECT."


def _all(found: Worklist) -> list[DueRow]:
    return [*found.decisions, *(run[0] for run in found.overdue), *found.holds, *found.due]


def _due(row: DueRow) -> str:
    state = {"held": "HELD, give nothing: ", "blocked": "BLOCKED until a decision: "}.get(row.status, "")
    last = "last day for: " if row.kind == "until" else ""
    return f"{row.item.removeprefix('until/').partition('/')[0]}  {state}{last}{row.text}"


def _line(row: DueRow, width: int, text: str) -> list[str]:
    return _line_of(row.subject, width, text)


def _line_of(subject: str, width: int, text: str) -> list[str]:
    from scheduler.outputs.lines import clean, wrapped

    return wrapped(clean(text), f"  {subject:<{width}}  ", f"  {'':<{width}}    ")


def _section(title: str, lines: Iterator[list[str]]) -> Iterator[str]:
    body = [line for part in lines for line in part]
    if body:
        yield ""
        yield title
        yield from body


def _as_json(found: Worklist, ahead: ClosedAhead) -> str:
    def rows(of: tuple[DueRow, ...]) -> list[dict[str, str]]:
        return [
            {
                "subject": row.subject,
                "due_on": str(row.due_on),
                "item": row.item,
                "status": row.status,
                "kind": row.kind,
                "text": row.text,
            }
            for row in of
        ]

    table = {
        "date": str(found.on),
        "proposals": rows(found.decisions),
        "overdue": rows(tuple(row for run in found.overdue for row in run)),
        "holds": rows(found.holds),
        "due": rows(found.due),
        "closed_days": [
            {
                "subject": visit.subject,
                "date": str(visit.on),
                "reason": visit.reason,
                "items": [item.id for item in visit.items],
                "open": [str(each) for each in visit.open_days],
            }
            for visit in ahead.visits
        ],
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"
