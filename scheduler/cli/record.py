"""`c1d1 record`: measures, toxicities, laboratory values, responses, visits, ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import click

from scheduler.cli import record_calendars, record_correct, record_doses, record_orders
from scheduler.cli.asking import Date, Number
from scheduler.cli.saying import Saying, recording
from scheduler.cli.saying import record as record_it


@click.group("record")
def record() -> None:
    """Record what happened to a patient; --preview shows what it would change.

    Every command names who records it (--by NAME, or C1D1_BY) and prints what it has changed.
    """


@record.command()
@click.argument("subject")
@click.argument("kg", type=Number())
@recording
def weight(said: Saying, subject: str, kg: Decimal) -> None:
    """Record a body weight in kg."""
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.weight(scene, kg))


@record.command()
@click.argument("subject")
@click.argument("cm", type=Number())
@recording
def height(said: Saying, subject: str, cm: Decimal) -> None:
    """Record a body height in cm."""
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.height(scene, cm))


@record.command()
@click.argument("subject")
@click.argument("term")
@click.argument("grade", type=click.IntRange(0, 5))
@click.option("--due-to", multiple=True, metavar="DRUG=DEGREE", help="How far a drug is the cause; once for each drug.")
@recording
def toxicity(said: Saying, subject: str, term: str, grade: int, due_to: tuple[str, ...]) -> None:
    """Record a toxicity grade. TERM is the criteria's term, or the beginning of it.

    DEGREE is unrelated, unlikely, possible, probable or definite. A lower grade is a regrade, grade 0 or 1
    mostly the resolution; neither starts anything again.
    """
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.toxicity(scene, term, grade, due_to))


@record.command(context_settings={"ignore_unknown_options": True})
@click.argument("subject")
@click.argument("name")
@click.argument("value", type=Number())
@click.argument("unit")
@recording
def lab(said: Saying, subject: str, name: str, value: Decimal, unit: str) -> None:
    """Record a laboratory value, like: lab SUBJECT neutrophils 1200 'per mm3'."""
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.lab(scene, name, value, unit))


@record.command()
@click.argument("subject")
@click.argument("answer", type=click.Choice(("CR", "PR", "SD", "PD", "NE"), case_sensitive=False))
@click.option("--before-cycle", type=click.IntRange(1, 200), help="The cycle that waits for it (default: the next).")
@recording
def response(said: Saying, subject: str, answer: str, before_cycle: int | None) -> None:
    """Record how the disease responds; it may open a cycle that waits for the answer."""
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.response(scene, answer.upper(), before_cycle))


@record.command()
@click.argument("subject")
@click.argument("cycle", type=click.IntRange(1, 200))
@click.argument("to", metavar="DATE", type=Date())
@recording
def visit(said: Saying, subject: str, cycle: int, to: date) -> None:
    """Day 1 of CYCLE is, or was, on DATE instead of the planned day."""
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.visit(scene, cycle, to))


@record.command()
@click.argument("subject")
@click.argument("why", metavar="REASON")
@click.option("--only", multiple=True, metavar="TREATMENT", help="End this treatment or drug alone; repeatable.")
@recording
def end(said: Saying, subject: str, why: str, only: tuple[str, ...]) -> None:
    """End treatment for good. REASON is one of the protocol's ends, or your own words."""
    from scheduler.clinic import facts

    record_it(said, subject, lambda scene: facts.end(scene, why, only))


@record.command()
@click.argument("subject")
@click.option("--protocol", "name", required=True, metavar="PROTOCOL", help="The new edition: a name or a file.")
@recording
def amend(said: Saying, subject: str, name: str) -> None:
    """From --on DAY on another edition of the protocol counts; days before it stay as they were."""
    from scheduler.cli.saying import finish
    from scheduler.clinic.desk import open_desk
    from scheduler.clinic.enrolment import amendment, keep
    from scheduler.clinic.kept import offered

    signature, found = said.signature(), offered(name, said.home.lists)
    with open_desk(said.home) as desk:
        chart = desk.chart(subject)
        draft = desk.draft(chart, lambda scene: amendment(desk, scene, found), said.on, said.reason)
        finish(desk, draft, said, signature, lambda open_one: keep(open_one, found))


record_doses.add_to(record)
record_orders.add_to(record)
record_calendars.add_to(record)
record_correct.add_to(record)
