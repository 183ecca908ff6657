"""The worked example that `c1d1 demo` writes: both founding trials, and a ward of patients who do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import click

from scheduler import clinic
from scheduler.cli.asking import refusing, write
from scheduler.cli.demonstration_ward import write_ward
from scheduler.engine.schedule import Schedule
from scheduler.outputs.calendars import write_calendar
from scheduler.outputs.data import schedule_json
from scheduler.outputs.syringe_list import write_syringe_list
from scheduler.outputs.text import grid, plan_table
from scheduler.protocol.model import Protocol
from scheduler.protocol.product_files import read_products

START = date(2026, 1, 5)
ISSUED = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Example(NamedTuple):
    """One trial of the demonstration, and the cycle that is printed as a grid."""

    protocol: str
    arm: str | None
    cycles: int
    grid_of_cycle: int


EXAMPLES = (
    Example("trastuzumab-il2", None, 4, 1),
    Example("trastuzumab-paclitaxel-il12", "cohort-3", 4, 2),
)


@click.command()
@click.argument("folder", default="demo", type=click.Path(file_okay=False))
@refusing
def demo(folder: str) -> None:
    """Write a worked example of both founding trials into FOLDER (default: ./demo), and a ward that can be opened."""
    for example in EXAMPLES:
        protocol = clinic.open_protocol(example.protocol)
        request = clinic.PlanRequest(
            START, example.arm, Decimal(70), Decimal(165), example.cycles, None, "America/New_York"
        )
        schedule = clinic.make_plan(protocol, request)
        click.echo(grid(schedule, example.grid_of_cycle))
        for name, content in _outputs(protocol, schedule).items():
            path = Path(folder, example.protocol, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(content, str(path))
            click.echo(str(path))
        click.echo()
    write_ward(Path(folder))


def _outputs(protocol: Protocol, schedule: Schedule) -> dict[str, str | bytes]:
    return {
        "plan.txt": plan_table(schedule, protocol),
        "plan.json": schedule_json(schedule),
        "home.ics": write_calendar(schedule, "home", ISSUED),
        "visits.ics": write_calendar(schedule, "visits", ISSUED),
        "clinic.ics": write_calendar(schedule, "clinic", ISSUED),
        "syringes.pdf": write_syringe_list(schedule, read_products()[0], approved=protocol.standing == "approved"),
    }
