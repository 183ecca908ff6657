"""`c1d1 protocol`: list, show, check, cite, prove; beside them `protocol_confirm`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from scheduler import clinic
from scheduler.cli import protocol_confirm
from scheduler.cli.asking import refusing, write
from scheduler.cli.saying import chosen_home
from scheduler.clinic.plans import arm_of
from scheduler.problems import Problem, Refused, report
from scheduler.protocol import library


@click.group()
def protocol() -> None:
    """The protocols: which there are, what they say, what they assume, and whether a file is sound."""


protocol_confirm.add_to(protocol)


@protocol.command("list")
@refusing
def list_() -> None:
    """List the shipped protocols."""
    lists = chosen_home().lists
    for path in library.shipped():
        loaded = library.load(path, lists)
        if loaded.protocol is None or loaded.problems:
            click.echo(f"{path.stem}: {len(loaded.problems)} problems; see c1d1 protocol check {path.stem}")
            continue
        p = loaded.protocol
        standing = "DRAFT" if p.standing == "draft" else f"approved by {p.approved_by}"
        arms = f"; arms {', '.join(arm.key for arm in p.arms)}" if p.arms else ""
        click.echo(f"{p.name}, edition {p.edition}, {standing}{arms}\n    {p.title}")


@protocol.command()
@click.argument("name", metavar="ID")
@refusing
def show(name: str) -> None:
    """Print a protocol as a table, weeks down and days across, with its rules. ID is a name or a file."""
    from scheduler.outputs.protocol_text import protocol_sheet

    write(protocol_sheet(clinic.open_protocol(name, chosen_home().lists)), None)


@protocol.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@refusing
def check(files: tuple[str, ...]) -> None:
    """Check protocol and product files (or shipped protocols by name); print every problem with its place."""
    problems: list[Problem] = []
    lists = chosen_home().lists
    for name in files:
        path = library.find(name)
        if isinstance(path, Problem):
            problems.append(path)
            continue
        if library.is_product(path):
            problems += _check_product(name, path)
            continue
        loaded = library.load(path, lists)
        problems += loaded.problems
        if not loaded.problems and loaded.protocol is not None:
            click.echo(f"{name}: sound, {_count(loaded.protocol.name, len(loaded.protocol.statements))}")
    if problems:
        click.echo(report(problems), err=True)
        sys.exit(1)


def _check_product(name: str, path: Path) -> list[Problem]:
    from scheduler.protocol.product_model import Unfinished
    from scheduler.protocol.products import read_product

    product, problems = read_product(path, str(path))
    if product is not None:
        missing = f", still required: {', '.join(product.required)}" if isinstance(product, Unfinished) else ""
        click.echo(f"{name}: sound, product {product.name} with {len(product.facts)} statements{missing}.")
    return problems


def _count(name: str, statements: int) -> str:
    return f"{name} with {statements} statements."


@protocol.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--text", "texts", multiple=True, metavar="SOURCE=TEXTFILE", help="Your own copy of a source, as plain text."
)
@click.option("--sentences", is_flag=True, help="List every sentence of the copies with its fingerprint instead.")
@refusing
def cite(file: str, texts: tuple[str, ...], sentences: bool) -> None:
    """Find every cited sentence in your own copy of the paper, and name what nothing cites."""
    from scheduler.protocol import citations

    copies = {}
    for pair in texts:
        source, _, path = pair.partition("=")
        if not path:
            raise Refused(f"'{pair}' names no file. Write it like --text paper=PAPER.txt.")
        copies[source] = Path(path).read_text(encoding="utf-8", errors="replace")
    if not copies:
        raise Refused("No copy of a source is given. Add --text paper=PAPER.txt.")
    if sentences:
        for text in copies.values():
            write(citations.shown_sentences(text), None)
        return
    found = citations.find_citations(clinic.open_protocol(file, chosen_home().lists), copies)
    write(citations.shown(found), None)
    if found.missing:
        sys.exit(1)


@protocol.command()
@click.argument("name", metavar="ID")
@click.option("--cycles", type=click.IntRange(1, 4), default=2, show_default=True, help="How many cycles.")
@click.option("--events", type=click.IntRange(1, 4), default=3, show_default=True, help="How many events in them.")
@click.option("--arm", help="One arm or cohort only (else each in turn).")
@refusing
def prove(name: str, cycles: int, events: int, arm: str | None) -> None:
    """Try every sequence of grades, confirmations and late visits, and look for a state that is not safe.

    ID is a name or a file. A broken law is printed with the shortest sequence that leads there.
    """
    from scheduler.engine import proof
    from scheduler.outputs.proof_text import proof_text

    p = clinic.open_protocol(name, chosen_home().lists)
    if arm is not None:
        arm_of(p, arm)
    safe = True
    for each, depth in proof.arms_to_prove(p, arm, cycles, events):
        with _bar(f"Proving {each or p.name}") as progress:
            found = proof.prove(p, each, cycles, depth, progress)
        click.echo(proof_text(p, found), nl=False)
        safe = safe and not found.breaches
    if not safe:
        sys.exit(1)


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int, int], None]]:
    """A progress bar on standard error, where a person looks at it; it begins anew with each number of events."""
    step = 0
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, show_eta=False, hidden=hidden) as bar:

        def progress(depth: int, done: int, total: int) -> None:
            nonlocal step
            if depth != step or done < bar.pos:
                step, bar.label, bar.length = depth, f"{label}, step {depth}", total
                bar.pos, bar.finished = 0, False
            bar.update(done - bar.pos)

        yield progress
