"""`c1d1 settings`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from scheduler.cli.asking import refusing, write
from scheduler.cli.saying import at_home
from scheduler.clinic.home import Home

if TYPE_CHECKING:
    from scheduler.clinic.settings import Settings

AHEAD = 92
"""Days for which closed days are listed: a quarter of a year."""


@click.command()
@click.option("--example", is_flag=True, help="Print an example file, with what each line is for.")
@refusing
@at_home
def settings(example: bool, home: Home) -> None:
    """Show the clinic's settings, where each comes from, and the closed days ahead; name every fault."""
    from scheduler.clinic.setting_lines import example as written
    from scheduler.clinic.settings import FaultySettings, read_settings, today

    if example:
        write(written(), None)
        return
    from scheduler.cli.telling import say
    from scheduler.outputs.lines import listing

    found = read_settings(home)
    if found.problems:
        raise FaultySettings(found.problems)
    if found.lines:
        say(f"Settings in {found.file}")
    else:
        say(f"There is no {found.file}: everything has its default. c1d1 settings --example shows one.")
    rows = [(key, f"{value} ({found.source(key)})") for key, value in _values(found.settings)]
    for line in (*listing(rows), "", "Closed days ahead, besides weekdays without clinic:"):
        click.echo(line)
    for line in listing(_closed_ahead(found.settings, today(home))) or ["  none until then"]:
        click.echo(line)


def _values(settings: Settings) -> Iterator[tuple[str, str]]:
    closing = settings.closed
    yield "name", settings.name or "not said"
    yield "phone", settings.phone or "not said; papers leave a line for it"
    yield "zone", settings.zone
    yield "home_dose_time", settings.home_dose_time or "as the protocol says"
    yield "opening", settings.opening
    yield "products", str(settings.products or "as shipped")
    yield "pick_up_days", _weekdays(settings.pick_up_days)
    yield "languages", ", ".join(settings.languages)
    yield "closed.country", closing.country or "no public holidays"
    yield "closed.subdivision", closing.subdivision or "none"
    yield "closed.weekdays", _weekdays(closing.weekdays)
    yield "closed.open", ", ".join(map(str, closing.open)) or "none"
    yield "closed.days", f"{len(closing.days)} of your own" if closing.days else "none"


def _weekdays(days: Sequence[int]) -> str:
    from scheduler.clinic.setting_lines import DAY_NAMES

    return ", ".join(DAY_NAMES[number] for number in days) or "none"


def _closed_ahead(settings: Settings, first: date) -> list[tuple[str, str]]:
    from scheduler.clinic.closed_days import closed
    from scheduler.clinic.words import day

    days = (first + timedelta(days=n) for n in range(AHEAD))
    return [
        (day(each), reason)
        for each in days
        if each.weekday() not in settings.closed.weekdays and (reason := closed(settings, each))
    ]
