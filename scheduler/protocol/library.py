"""The protocols that are at hand: the shipped ones by name, and any file by its path."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.problems import Place, Problem, printable
from scheduler.protocol.checks import check
from scheduler.protocol.criteria_tables import read_criteria, versions
from scheduler.protocol.located_yaml import Document
from scheduler.protocol.model import Protocol
from scheduler.protocol.product_files import read_products
from scheduler.protocol.product_model import Product
from scheduler.protocol.read import read_protocol, read_protocol_text
from scheduler.protocol.reading import Reading
from scheduler.protocol.wording import did_you_mean, listed, quoted
from scheduler.shipped import protocols_folder

BEGINNING = 20_000
"""Characters in which a file says what it is."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was read and checked; `protocol` is what could be read, sound only without problems."""

    protocol: Protocol | None
    problems: tuple[Problem, ...]


def load(path: Path, lists: Path | None = None) -> Loaded:
    """Read and check one protocol file; `lists` is the folder of the criteria that a clinic has loaded."""
    shown_as = path.name if path.parent == protocols_folder() else str(path)
    return _checked(*read_protocol(path, shown_as), lists)


def load_text(data: bytes, shown_as: str, lists: Path | None = None) -> Loaded:
    """Read and check the content of a protocol file, as the log keeps it."""
    return _checked(*read_protocol_text(data, shown_as), lists)


def _checked(document: Document, protocol: Protocol | None, r: Reading, lists: Path | None) -> Loaded:
    if protocol is None:
        return Loaded(None, tuple(sorted(r.problems)))
    folder = protocols_folder() / "criteria"
    criteria = read_criteria(protocol.criteria, folder, lists)
    found = check(document, protocol, criteria, versions(folder, lists), lost=frozenset(r.lost))
    return Loaded(replace(protocol, vocabulary=criteria), tuple(sorted([*r.problems, *found])))


def shipped() -> tuple[Path, ...]:
    """The shipped protocol files, by name."""
    return tuple(sorted(protocols_folder().glob("*.yaml")))


def shipped_products() -> dict[str, Product]:
    """The product files from which a volume can come, by the name that treatments use."""
    return {key: product for key, product in read_products()[0].items() if isinstance(product, Product)}


def is_product(path: Path) -> bool:
    """Whether a file begins like a product file, however faulty it may be."""
    if not path.is_file():
        return False
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(BEGINNING)
    except OSError:
        return False
    return re.search(r"^product:", text, re.MULTILINE) is not None and "\nprotocol:" not in f"\n{text}"


def find(name: str) -> Path | Problem:
    """A shipped protocol by its name, or any file by its path."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        return path
    names = [found.stem for found in shipped()]
    if name in names:
        return protocols_folder() / f"{name}.yaml"
    return Problem(
        Place(printable(name)),
        "unknown-protocol",
        f"There is no protocol {quoted(name)} here.{did_you_mean(name, names)}",
        f"Name one of {listed(names)}, or give the path of a file.",
    )
