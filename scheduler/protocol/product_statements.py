"""The statements of a product file: each a reason (`says` or `assumes`) and the facts that it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar, cast

from scheduler.protocol import product_facts as facts
from scheduler.protocol.located_yaml import Node, Table, Text
from scheduler.protocol.product_model import Fact, FactStanding
from scheduler.protocol.reading import Reading
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.quantities import Amount

T = TypeVar("T")
Reader = Callable[[str], object]
STANDINGS = ("label", "reference", "paper")
SAYS, ASSUMES = ("says", "source"), ("assumes", "because", "otherwise", "confirmed_by")
LINES: dict[str, tuple[Reader, str]] = {
    "vial": (facts.read_content, "22 million units"),
    "reconstitute": (facts.read_reconstitution, "1.2 mL sterile water for injection"),
    "concentration": (facts.read_concentration, "18 million units/mL"),
    "diluent": (facts.read_words, "5 % dextrose"),
    "storage": (facts.read_words, "Refrigerate at 2 to 8 degrees Celsius."),
    "beyond_use": (facts.read_hours, "48 hours"),
}
LISTS: dict[str, tuple[Reader, str]] = {
    "avoid": (facts.read_band, "1.13 to 1.6 million units/mL"),
    "syringes": (facts.read_syringe, "1 mL graduated 0.01 mL"),
    "smallest": (facts.read_smallest, "1 mL syringe from 0.02 mL"),
    "never": (facts.read_words, "insulin syringe"),
}


@dataclass(frozen=True, slots=True)
class Given(Generic[T]):
    """One value, where it is written, and the statement that gives it."""

    value: T
    text: Text
    fact: Fact


@dataclass(slots=True)
class Found:
    """All that the statements give; the names of the lists are the keys of LINES and LISTS."""

    vial: list[Given[Amount]] = field(default_factory=list)
    reconstitute: list[Given[tuple[Decimal, str]]] = field(default_factory=list)
    concentration: list[Given[Amount]] = field(default_factory=list)
    diluent: list[Given[str]] = field(default_factory=list)
    storage: list[Given[str]] = field(default_factory=list)
    beyond_use: list[Given[int]] = field(default_factory=list)
    avoid: list[Given[tuple[Amount, Amount]]] = field(default_factory=list)
    syringes: list[Given[tuple[Decimal, Decimal]]] = field(default_factory=list)
    smallest: list[Given[tuple[Decimal, Decimal]]] = field(default_factory=list)
    never: list[Given[str]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def read_statements(r: Reading, root: Table, sources: tuple[str, ...]) -> Found:
    """Every statement of the file; a fault is recorded, and the reading goes on."""
    found = Found()
    node = root.get("statements")
    if node is None:
        mend = "Add 'statements:' and below it '- says: ...'."
        r.problem(root.place, "missing", "'statements' is missing.", mend)
        return found
    for item in r.items(node, "'statements'", "says: A vial holds 22 million units."):
        table = r.table(item, "A statement", "says: A vial holds 22 million units.")
        if table is not None:
            _read_statement(r, table, sources, found)
    return found


def _read_statement(r: Reading, table: Table, sources: tuple[str, ...], found: Found) -> None:
    says, assumes = table.get("says"), table.get("assumes")
    if (says is None) == (assumes is None):
        both = "both 'says' and 'assumes'" if says is not None else "neither 'says' nor 'assumes'"
        r.problem(
            table.place,
            "statement-without-reason",
            f"This statement has {both}.",
            "Begin it with 'says:' and its source, or with 'assumes:' where no source says it.",
        )
        return
    reason = SAYS if assumes is None else ASSUMES
    r.only(table, (*reason, "note", *LINES, *LISTS), "this statement")
    fact = _fact(r, table, sources, assumed=assumes is not None)
    if not fact.gives and not fact.note:
        r.problem(
            table.place,
            "statement-without-effect",
            "This statement gives no fact about the product.",
            "Add what it gives (vial, syringes, ...), or 'note:' with what it is good for.",
        )
    found.facts.append(fact)
    for key in fact.gives:
        _give(r, table, key, fact, found)


def _fact(r: Reading, table: Table, sources: tuple[str, ...], *, assumed: bool) -> Fact:
    def words(key: str) -> str:
        text = r.required(table, key)
        return text.value if text is not None else ""

    note = r.optional(table, "note")
    source = "" if assumed else _source(r, table, sources)
    return Fact(
        standing="assumed" if assumed else cast("FactStanding", source.split("-")[0].split(",")[0]),
        text=words("assumes" if assumed else "says"),
        source=source,
        because=words("because") if assumed else "",
        otherwise=words("otherwise") if assumed else "",
        confirmed_by=words("confirmed_by") if assumed else "",
        note=note.value if note else "",
        gives=tuple(key for key in table.keys() if key in LINES or key in LISTS),  # noqa: SIM118
        place=table.place,
    )


def _source(r: Reading, table: Table, sources: tuple[str, ...]) -> str:
    text = r.required(table, "source")
    if text is None:
        return ""
    key, _, where = text.value.partition(",")
    if key not in sources:
        r.problem(
            text.at(0, len(key)),
            "unknown-source",
            f"'{key}' is not a source of this file.{did_you_mean(key, sources)}",
            f"The file names {listed(sources) or 'none'} under 'sources'.",
        )
    elif not where.strip():
        r.problem(
            text.place,
            "citation-without-section",
            f"'{key}' does not say where.",
            "Write the source and the section, like 'label, How supplied'.",
        )
    return text.value


def _give(r: Reading, table: Table, key: str, fact: Fact, found: Found) -> None:
    """Read what stands under one key into the list of that name."""
    node, into = cast("Node", table.get(key)), getattr(found, key)
    if key in LINES:
        reader, texts = LINES[key][0], [r.text(node, table.place, key)]
    else:
        reader, example = LISTS[key]
        items = r.items(node, f"'{key}'", example)
        texts = [r.text(item, item.place, key) for item in items]
    for text in texts:
        value = r.understood(text, reader)
        if text is not None and value is not None:
            into.append(Given(value, text, fact))
