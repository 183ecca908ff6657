"""`c1d1 schedule`, `c1d1 why`."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from scheduler.cli.asking import Date, refusing, write
from scheduler.cli.closed import flagged
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home
from scheduler.problems import Refused

if TYPE_CHECKING:
    from scheduler.clinic.chart import Chart
    from scheduler.engine.schedule import Schedule
    from scheduler.protocol.model import Protocol

KNOWN_AT = click.option(
    "--as-known-at", type=click.IntRange(1), metavar="N", help="As it was when N was the last entry."
)


@click.command()
@click.argument("subject")
@click.option("--through", type=Date(), help="Up to and including this day (default: the end of the next cycle).")
@click.option("--on", type=Date(), help="The day on which somebody looks (default: today).")
@KNOWN_AT
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "grid"]), default="table", show_default=True
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of the screen.")
@refusing
@at_home
def schedule(
    subject: str,
    through: date | None,
    on: date | None,
    as_known_at: int | None,
    form: str,
    output: str | None,
    home: Home,
) -> None:
    """The schedule of SUBJECT: open proposals, notices, then every dose and visit."""
    from scheduler.clinic.confirming import as_confirmed
    from scheduler.clinic.desk import open_desk

    with open_desk(home) as desk:
        chart = desk.chart(subject, as_known_at)
        protocol = as_confirmed(desk.log, chart.protocol)
        seen = on or _looked(chart, desk.today, as_known_at)
    found = flagged(chart.schedule(_bounded(chart, through or chart.two_cycles_from(seen)), seen), home, seen)
    write(_as_text(form, chart, protocol, found, as_known_at), output)


def _looked(chart: Chart, today: date, known_at: int | None) -> date:
    """An old state is shown as it was seen on the day of its last entry, where the patient is."""
    zone = ZoneInfo(chart.history.enrolment.zone)
    return today if known_at is None else chart.entries[-1].recorded_at.astimezone(zone).date()


def _bounded(chart: Chart, through: date) -> date:
    from scheduler.clinic.chart import LONGEST

    first = chart.history.day_1
    if not first <= through <= first + LONGEST:
        raise Refused(f"{through} is not within ten years after day 1, {first}. Give another day with --through.")
    return through


def _as_text(form: str, chart: Chart, protocol: Protocol, found: Schedule, known_at: int | None) -> str:
    if form == "csv":
        from scheduler.outputs.data import schedule_csv

        return schedule_csv(found)
    if form == "json":
        return _as_json(found)
    from scheduler.outputs import text

    on_top = "".join(f"{line}\n" for line in _on_top(found, chart, known_at))
    if form == "grid":
        return on_top + "\n".join(text.grid(found, cycle.cycle) for cycle in found.cycles)
    return on_top + text.plan_table(found, protocol)


def _as_json(found: Schedule) -> str:
    """The stable shape, with the open proposals behind it."""
    from scheduler.outputs.data import schedule_json

    proposals = [
        {
            "id": p.id,
            "kind": p.kind,
            "text": p.text,
            "treatments": list(p.treatments),
            "levels": dict(p.levels),
            "since": str(p.since),
        }
        for p in found.proposals
    ]
    return f'{schedule_json(found).rstrip()[:-1]}, "proposals": {json.dumps(proposals, ensure_ascii=False)}}}\n'


def _on_top(found: Schedule, chart: Chart, known_at: int | None) -> list[str]:
    from scheduler.clinic.change_words import call_back_lines, proposal_line
    from scheduler.engine.whereabouts import to_call_back
    from scheduler.outputs.lines import clean, wrapped

    lines = [] if known_at is None else [f"AS KNOWN AT ENTRY {known_at}; later entries are left out.", ""]
    out = to_call_back(found, chart.history)
    if out:
        called = (wrapped(clean(line), "  ", "    ") for line in call_back_lines(out))
        lines += ["SYRINGES TO CALL BACK: they are with the patient", *(part for each in called for part in each), ""]
    if not found.proposals:
        return lines
    lines.append("TO BE DECIDED by a named person (nothing of it happens by itself)")
    for proposal in found.proposals:
        lines += wrapped(clean(proposal_line(proposal)), "  ? ", "    ")
    return [*lines, *_how(chart, found), ""]


def _how(chart: Chart, found: Schedule) -> list[str]:
    """Which command confirms."""
    words = {
        "resume": f"c1d1 record lift {chart.subject}",
        "stop": f"c1d1 record end {chart.subject} REASON --only TREATMENT",
        "remove": f"c1d1 record end {chart.subject} REASON",
        "reload": f"c1d1 record reload {chart.subject} TREATMENT",
        "judge": f"c1d1 record correct {chart.subject} NUMBER toxicity TERM GRADE --due-to DRUG=DEGREE",
        "answer": f"c1d1 record response {chart.subject} CR|PR|SD|PD",
    }
    kinds = dict.fromkeys(p.kind for p in found.proposals)
    return [f"    {kind}: {words[kind]}" for kind in kinds] + [f"    not so: c1d1 record decline {chart.subject} ID"]


@click.command()
@click.argument("subject")
@click.argument("item")
@click.argument("treatment", required=False)
@KNOWN_AT
@refusing
@at_home
def why(subject: str, item: str, treatment: str | None, as_known_at: int | None, home: Home) -> None:
    """Why ITEM (an id, or a cycle day like C2D9) is on its day, in its state, at its amount."""
    from scheduler.clinic import finding
    from scheduler.clinic.desk import open_desk
    from scheduler.outputs.text import why_text

    with open_desk(home) as desk:
        chart = desk.chart(subject, as_known_at)
        seen = _looked(chart, desk.today, as_known_at)
    through = finding.reach(chart, item, max(seen, chart.history.day_1))
    found = finding.items(chart.schedule(through, seen), item, treatment)
    write("\n".join(why_text(each) for each in found), None)
