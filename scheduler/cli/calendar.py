"""`c1d1 calendar`: a patient's calendar, handed out and recorded; the work list of the clinic."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from scheduler.cli.asking import Date, check_output, refusing, write
from scheduler.cli.saying import ROLE_HELP, ROLES, at_home
from scheduler.clinic.home import Home
from scheduler.problems import Refused

if TYPE_CHECKING:
    from scheduler.clinic.chart import Chart
    from scheduler.clinic.desk import Desk, Signature
    from scheduler.issuing.calendars import Issue

WHAT_FOR = click.Choice(["home", "visits", "clinic"])
DETAIL = click.Choice(["discreet", "full"])


@click.command()
@click.argument("subject", required=False)
@click.option("--for", "purpose", type=WHAT_FOR, required=True, help="Doses at home, visits, or the clinic's own list.")
@click.option("--detail", type=DETAIL, help="How much it says (default: as chosen or as before, else discreet).")
@click.option("-o", "--output", metavar="FILE", help="The file (default: home-schedule-issue-NN.ics and the like).")
@click.option("--by", default="", metavar="NAME", help="Who hands it out (else C1D1_BY).")
@click.option("--role", type=click.Choice(ROLES), default="nurse", help=ROLE_HELP)
@click.option("--preview", is_flag=True, help="Say what it would hold; store and write nothing.")
@click.option("--site", metavar="SITE", help="clinic: patients whose number begins with SITE and a hyphen.")
@click.option("--from", "first", type=Date(), help="clinic: the first day (default: today).")
@click.option("--to", "last", type=Date(), help="clinic: the last day (default: four weeks on).")
@refusing
@at_home
def calendar(
    subject: str | None,
    purpose: Literal["home", "visits", "clinic"],
    detail: Literal["discreet", "full"] | None,
    output: str | None,
    by: str,
    role: str,
    preview: bool,
    site: str | None,
    first: date | None,
    last: date | None,
    home: Home,
) -> None:
    """Hand out the calendar of SUBJECT as a file (.ics), or write the work list of the clinic.

    A patient's calendar is numbered and recorded; where nothing has changed since the last issue, that issue is
    written again and nothing is recorded. Home doses run up to the next visit that decides about them.
    """
    if purpose == "clinic":
        if subject or detail or preview:
            raise Refused("The clinic's list is of all patients, and in full. Give --site, --from and --to alone.")
        _work_list(home, site, (first, last), output)
        return
    if subject is None:
        raise Refused("Name the patient: c1d1 calendar SUBJECT --for home.")
    if site or first or last:
        raise Refused("--site, --from and --to are for the clinic's list (--for clinic).")
    _hand_out(home, subject, purpose, detail, output, (by, role, preview))


def _hand_out(
    home: Home,
    subject: str,
    purpose: Literal["home", "visits"],
    detail: Literal["discreet", "full"] | None,
    output: str | None,
    signed: tuple[str, str, bool],
) -> None:
    from scheduler.cli.proving import name_of
    from scheduler.clinic.desk import Signature, open_desk
    from scheduler.clinic.settings import settings_of
    from scheduler.issuing import calendars

    check_output(output)
    by, role, preview = signed
    opening = settings_of(home).opening
    with open_desk(home) as desk:
        chart = desk.chart(subject)
        made = calendars.issue(desk, chart, purpose, opening=opening, detail=detail)
        if preview:
            _tell(made, None, desk.today)
            return
        files = _files(made, output)
        if output is None:
            _check_whose(files)
        stored = _record(desk, chart, made, Signature(name_of(by), role))
    for name, content in files.items():
        write(content, name)
    if output != "-":
        _tell(made, stored, desk.today)
        click.echo(f"Written: {' and '.join(files)}")


def _record(desk: Desk, chart: Chart, made: Issue, signature: Signature) -> int | None:
    """The number of the entry that says it; None where it was recorded before."""
    from scheduler.cli import proving, telling
    from scheduler.issuing.calendars import draft

    if not made.changed:
        return None
    signature.check()
    drawn = draft(chart, made)
    signature = proving.signed(desk, signature, drawn)
    with telling.conflicts():
        (entry,) = desk.store(drawn, signature)
    return entry.number


def _files(made: Issue, output: str | None) -> dict[str, bytes]:
    """By name: the calendar, and the notice beside it where the patient imports files."""
    from scheduler.issuing.calendars import notice_of

    notice = notice_of(made) if made.route == "import" and output != "-" else None
    found = {output or made.file_name: made.content}
    if notice is not None:
        path = Path(output or made.file_name)
        name = path.with_name(f"{path.stem}-notice{path.suffix}") if output else Path(made.notice_name)
        found[str(name)] = notice
    return found


def _check_whose(files: dict[str, bytes]) -> None:
    """Names hold no patient's number: a file of another one must not be taken for this one's, nor be lost."""
    for name, content in files.items():
        path = Path(name)
        if path.is_file() and path.read_bytes() != content:
            raise Refused(
                f"{name} is here already and is another calendar, perhaps another patient's. Nothing was recorded."
                " Give the file a name with -o, or go to another folder."
            )


def _tell(made: Issue, stored: int | None, today: date) -> None:
    """What was handed out, in a few lines."""
    from scheduler.cli.telling import say
    from scheduler.issuing.change_sheets import issue_lines

    for line in issue_lines(made, stored, today):
        say(line)


def _work_list(home: Home, site: str | None, days: tuple[date | None, date | None], output: str | None) -> None:
    import sys

    from scheduler.cli.telling import aside
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.settings import settings_of
    from scheduler.issuing.work_list import work_list

    check_output(output)
    opening = settings_of(home).opening
    with open_desk(home) as desk:
        found = work_list(desk, site, days, opening)
    name = output or "clinic-work-list.ics"
    write(found.content, name)
    if name != "-":
        click.echo(f"Written: {name}")
    for line in found.left_out:
        aside(line)
    if found.left_out:
        sys.exit(1)


@click.command()
@click.argument("subject")
@click.option("--for", "purpose", type=click.Choice(["home", "visits"]), default="home", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE (a PDF if it ends with .pdf).")
@refusing
@at_home
def changes(subject: str, purpose: Literal["home", "visits"], output: str | None, home: Home) -> None:
    """What SUBJECT has to be told: everything that differs from the calendar handed out last, old beside new."""
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.settings import settings_of
    from scheduler.issuing.change_sheets import change_sheet
    from scheduler.outputs.change_sheet import change_text, write_change_sheet

    settings = settings_of(home)
    with open_desk(home) as desk:
        sheet = change_sheet(desk, desk.chart(subject), purpose, opening=settings.opening, phone=settings.phone)
    as_pdf = output is not None and output.casefold().endswith(".pdf")
    write(write_change_sheet(sheet) if as_pdf else change_text(sheet), output)
