"""The statements of a product file: each a reason and the facts that it gives.

`says` has a source, `assumes` is our decision, and `unknown` tells what nobody knows yet: its facts are
`required`, and nothing is drawn up before they are filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar, cast

from scheduler.protocol import product_choices as choices
from scheduler.protocol import product_facts as facts
from scheduler.protocol.located_yaml import Node, Table, Text
from scheduler.protocol.product_model import Bag, Fact, FactStanding, OverCapacity
from scheduler.protocol.reading import Reading
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.quantities import Amount

T = TypeVar("T")
STANDINGS = ("label", "reference", "paper")
REASONS: dict[str, tuple[str, ...]] = {
    "says": ("source",),
    "assumes": ("because", "otherwise", "confirmed_by"),
    "unknown": ("because",),
}
REQUIRED = "required"


class Kind(NamedTuple):
    """A fact: who reads its text, an example for the handbook, and what it means."""

    reader: Callable[[str], object]
    example: str
    means: str


LINES: dict[str, Kind] = {
    "vial": Kind(
        facts.read_vial,
        "22 million units single-dose",
        "what the vial in use holds; of a solution like `300 mg in 50 mL multiple-dose`",
    ),
    "reconstitute": Kind(
        facts.read_reconstitution,
        "1.2 mL sterile water for injection",
        "what a powder is dissolved in; not for a solution",
    ),
    "concentration": Kind(facts.read_concentration, "18 million units/mL", "what one mL then holds"),
    "diluent": Kind(facts.read_words, "5 % dextrose", "the only fluid to dilute it with"),
    "storage": Kind(facts.read_words, "Refrigerate at 2 to 8 degrees Celsius.", "how it is kept, as printed"),
    "beyond_use": Kind(facts.read_hours, "48 hours", "how long it keeps from reconstitution (of a solution: opening)"),
    "over_capacity": Kind(
        choices.read_over_capacity,
        "larger syringe",
        "a dose that the small syringe does not hold: `larger syringe`, or `equal parts` at two sites",
    ),
    "final": Kind(facts.read_band, "0.3 to 1.2 mg/mL", "the concentration in the bag, where a source bounds it"),
    "measured_to": Kind(facts.read_volume, "0.1 mL", "what the volume for a bag is rounded to"),
    "bag_beyond_use": Kind(facts.read_hours, "24 hours", "how long the bag keeps"),
}
LISTS: dict[str, Kind] = {
    "other_vials": Kind(facts.read_content, "100 mg", "other sizes that are sold; for comparison only"),
    "dilutions": Kind(facts.read_concentration, "6 million units/mL", "other concentrations that may be made"),
    "use": Kind(choices.read_use, "18 million units/mL for every dose", "which of several is used for which treatment"),
    "avoid": Kind(facts.read_band, "1.13 to 1.6 million units/mL", "concentrations that are never made"),
    "syringes": Kind(facts.read_syringe, "1 mL graduated 0.01 mL", "the syringes in use"),
    "smallest": Kind(facts.read_smallest, "1 mL syringe from 0.02 mL", "the least that each of them measures"),
    "dead_space": Kind(facts.read_space, "1 mL syringe 0 mL", "what stays behind in the hub of each"),
    "overfill": Kind(facts.read_space, "1 mL syringe 0.05 mL", "drawn up on top of the dose for it; none by default"),
    "never": Kind(facts.read_words, "insulin syringe", "what is never used"),
    "bags": Kind(choices.read_bag, "250 mL 0.9 % sodium chloride, drug added", "infusion bags, in order of choice"),
    "handling": Kind(facts.read_words, "No filter.", "sentences for the infusion sheet"),
}


@dataclass(frozen=True, slots=True)
class Given(Generic[T]):
    """One value, where it is written, and the statement that gives it."""

    value: T
    text: Text
    fact: Fact


Syringes = list[Given[tuple[Decimal, Decimal]]]
Amounts = list[Given[Amount]]
Bands = list[Given[tuple[Amount, Amount]]]


@dataclass(slots=True)
class Found:
    """All that the statements give; the names of the lists are the keys of LINES and LISTS."""

    vial: list[Given[tuple[Amount, Decimal, bool]]] = field(default_factory=list)
    reconstitute: list[Given[tuple[Decimal, str]]] = field(default_factory=list)
    concentration: Amounts = field(default_factory=list)
    diluent: list[Given[str]] = field(default_factory=list)
    storage: list[Given[str]] = field(default_factory=list)
    beyond_use: list[Given[int]] = field(default_factory=list)
    over_capacity: list[Given[OverCapacity]] = field(default_factory=list)
    final: Bands = field(default_factory=list)
    measured_to: list[Given[Decimal]] = field(default_factory=list)
    bag_beyond_use: list[Given[int]] = field(default_factory=list)
    other_vials: Amounts = field(default_factory=list)
    dilutions: Amounts = field(default_factory=list)
    use: list[Given[tuple[str, Amount]]] = field(default_factory=list)
    avoid: Bands = field(default_factory=list)
    syringes: Syringes = field(default_factory=list)
    smallest: Syringes = field(default_factory=list)
    dead_space: Syringes = field(default_factory=list)
    overfill: Syringes = field(default_factory=list)
    never: list[Given[str]] = field(default_factory=list)
    bags: list[Given[Bag]] = field(default_factory=list)
    handling: list[Given[str]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def required(self) -> tuple[str, ...]:
        """What nobody knows yet, in file order."""
        return tuple(key for fact in self.facts if fact.standing == "unknown" for key in fact.gives)

    @property
    def stated(self) -> frozenset[str]:
        return frozenset(key for fact in self.facts for key in fact.gives)


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
    reasons = [key for key in REASONS if table.get(key) is not None]
    if len(reasons) != 1:
        names = listed([f"'{key}'" for key in reasons or REASONS], "and" if reasons else "nor")
        r.problem(
            table.place,
            "statement-without-reason",
            f"This statement has {'both' if reasons else 'neither'} {names}.",
            "Begin it with 'says:' and its source, with 'assumes:' where no source says it, "
            "or with 'unknown:' where nobody knows.",
        )
        return
    reason = reasons[0]
    r.only(table, (reason, *REASONS[reason], "note", *LINES, *LISTS), "this statement")
    fact = _fact(r, table, sources, reason)
    if not fact.gives and not fact.note:
        r.problem(
            table.place,
            "statement-without-effect",
            "This statement gives no fact about the product.",
            "Add what it gives (vial, syringes, ...), or 'note:' with what it is good for.",
        )
    found.facts.append(fact)
    for key in fact.gives:
        if fact.standing == "unknown":
            _check_required(r, table, key)
        else:
            _give(r, table, key, fact, found)


def _fact(r: Reading, table: Table, sources: tuple[str, ...], reason: str) -> Fact:
    def words(key: str) -> str:
        if key != reason and key not in REASONS[reason]:
            return ""
        text = r.required(table, key)
        return text.value if text is not None else ""

    note = r.optional(table, "note")
    source = _source(r, table, sources) if reason == "says" else ""
    standings = {"assumes": "assumed", "unknown": "unknown", "says": source.split("-")[0].split(",")[0]}
    return Fact(
        standing=cast("FactStanding", standings[reason]),
        text=words(reason),
        source=source,
        because=words("because"),
        otherwise=words("otherwise"),
        confirmed_by=words("confirmed_by"),
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


def _check_required(r: Reading, table: Table, key: str) -> None:
    """What nobody knows has no value."""
    node = cast("Node", table.get(key))
    if not isinstance(node, Text) or node.value != REQUIRED:
        r.problem(
            node.place,
            "unknown-with-value",
            f"'{key}' has a value here, and the statement says that nobody knows it.",
            f"Write '{key}: required', or begin the statement with 'says:' or 'assumes:'.",
        )


def _give(r: Reading, table: Table, key: str, fact: Fact, found: Found) -> None:
    """Read what stands under one key into the list of that name."""
    node, into = cast("Node", table.get(key)), getattr(found, key)
    if isinstance(node, Text) and node.value == REQUIRED:
        r.problem(
            node.place,
            "required-with-reason",
            f"'{key}' is required, and the statement says where it comes from.",
            "Begin the statement with 'unknown:' and 'because:', or write the value.",
        )
        return
    reader = (LINES.get(key) or LISTS[key]).reader
    if key in LINES:
        texts = [r.text(node, table.place, key)]
    else:
        items = r.items(node, f"'{key}'", LISTS[key].example)
        texts = [r.text(item, item.place, key) for item in items]
    for text in texts:
        value = r.understood(text, reader)
        if text is not None and value is not None:
            into.append(Given(value, text, fact))
