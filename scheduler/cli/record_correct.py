"""`c1d1 record correct`: an entry was wrong. It stays, and what is said now counts instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import click

from scheduler.cli.asking import Date
from scheduler.cli.saying import Correcting, Saying, finish, record, recording
from scheduler.problems import Refused

KINDS = {
    "WeightMeasured": "weight",
    "HeightMeasured": "height",
    "ToxicityGraded": "toxicity",
    "LabResult": "lab",
    "ResponseAssessed": "response",
    "VisitMoved": "visit",
    "CycleStarted": "visit",
    "DoseGiven": "given",
    "DoseTakenWhileHeld": "given",
    "DoseMissed": "missed",
    "AssessmentDone": "done",
    "AssessmentLeftOut": "done",
    "HoldOrdered": "hold",
    "HoldLifted": "lift",
    "DoseLevelSet": "level",
    "ReloadConfirmed": "reload",
    "ProposalDeclined": "decline",
    "TreatmentEnded": "end",
    "CalendarRouteChosen": "route",
    "ZoneChanged": "zone",
    "PatientEnrolled": "enrolment",
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("subject")
@click.argument("number", type=click.IntRange(1))
@click.argument("words", metavar="[KIND] [VALUE]...", nargs=-1, type=click.UNPROCESSED)
@click.option("--withdraw", is_flag=True, help="Nothing takes its place: it never happened.")
@recording
def correct(said: Saying, subject: str, number: int, words: tuple[str, ...], withdraw: bool) -> None:
    r"""Correct entry NUMBER: give the right values as its own command takes them.

    \b
    c1d1 record correct OSU-014 3 71.5 --reason "typing error"
    c1d1 record correct OSU-014 7 toxicity Fever 2 --on 2026-01-14 --reason "wrong line"
    c1d1 record correct OSU-014 8 --withdraw --reason "another patient's dose"

    The old value stays in the record. Without --on the day stays the one of the entry. Takes a reason.
    """
    if not said.reason:
        raise Refused("A correction needs a reason. Say with --reason why the entry was wrong.")
    if withdraw == bool(words):
        raise Refused("Give the right values, or --withdraw if it never happened; not both.")
    if withdraw:
        _withdraw(said, subject, number)
        return
    name = _kind(said, subject, number, words[0])
    rest = words[1:] if words[0] == name else words
    parent = click.get_current_context()
    command = enrolment if name == "enrolment" else _commands(parent)[name]
    with command.make_context(name, [subject, *rest], parent=parent, obj=Correcting(number, said)) as context:
        command.invoke(context)


def _commands(context: click.Context) -> Mapping[str, click.Command]:
    group = context.parent.command if context.parent else None
    return group.commands if isinstance(group, click.Group) else {}


def _kind(said: Saying, subject: str, number: int, first: str) -> str:
    """The command that is meant: the first word, or the one that made the entry."""
    from scheduler.clinic.desk import correctable, open_desk

    if first in KINDS.values():
        return first
    with open_desk(said.home) as desk:
        wrong = correctable(desk.chart(subject), number)
    kind = KINDS.get(type(wrong).__name__)
    if kind is None:
        raise Refused(f"Entry {number} cannot be given other values. Withdraw it (--withdraw), and record it anew.")
    return kind


def _withdraw(said: Saying, subject: str, number: int) -> None:
    from scheduler.clinic.desk import open_desk

    signature = said.signature()
    with open_desk(said.home) as desk:
        draft = desk.draft_correction(desk.chart(subject), number, None, said.on, said.reason)
        finish(desk, draft, said, signature)


@click.command()
@click.argument("subject")
@click.option("--start", type=Date(), help="Day 1 of cycle 1.")
@click.option("--arm", help="The arm or cohort.")
@click.option("--zone", help="The IANA time zone.")
@click.option("--home-time", metavar="HH:MM", help="The time of day of home doses.")
@recording
def enrolment(
    said: Saying, subject: str, start: date | None, arm: str | None, zone: str | None, home_time: str | None
) -> None:
    """Correct an enrolment (only within `record correct`)."""
    from scheduler.clinic.enrolment import corrected_enrolment

    record(said, subject, lambda scene: corrected_enrolment(scene, start, arm, zone, home_time))


def add_to(group: click.Group) -> None:
    """Hang the command below `record`."""
    group.add_command(correct)
