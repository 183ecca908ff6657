"""The generated parts of `protocols/README.md`: what a file may say, from the tables that read it.

Each part stands between `<!-- NAME -->` and `<!-- end NAME -->`. `python -m scheduler.protocol.handbook`
writes them anew; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable

from scheduler.protocol.effects import LINES, PAIRS
from scheduler.protocol.policies import POLICIES
from scheduler.protocol.product_statements import LINES as PRODUCT_LINES
from scheduler.protocol.product_statements import LISTS as PRODUCT_LISTS
from scheduler.shipped import protocols_folder

MEANS = {
    "cycles": "how long cycles are",
    "give": "a dose: WHEN, and which DOSE",
    "assess": "an examination, sample or scan: WHEN, and which; with volume and window where there are any",
    "infuse": "the length of an infusion, where the sentence with the dose has none; or `not stated`",
    "given_by": "who gives it: `clinic` or `patient` (at home)",
    "window": "how far it may stray from its day",
    "levels": "the dose level table, in amounts",
    "bands": "doses by body size, for a dose `by bands`",
    "decide": "a cycle that waits for an answer",
    "reload": "a loading dose that is proposed after a gap",
    "supply": "the form in which a home treatment is handed out",
    "order": "what comes first on a day",
    "end": "what ends treatment",
    "spacing": "the shortest distance between doses",
    "blood_limit": "how much blood may be drawn",
    "warn": "a statement that is shown whenever resuming, or reducing, a treatment is proposed",
}


def effects_table() -> str:
    """Every one-line effect, with the example that its reader was written for."""
    rows = [f"| `{key}` | {MEANS[key]} | `- {example}` |" for key, (_, example) in {**PAIRS, **LINES}.items()]
    return "\n".join(["| key | means | one line |", "|---|---|---|", *rows])


def policies_table() -> str:
    """Every policy, with its question and its choices."""
    rows = [
        f"| `{policy.name}` | {policy.question} | {_choices(policy.choices, policy.example)} |" for policy in POLICIES
    ]
    return "\n".join(["| policy | question | choices |", "|---|---|---|", *rows])


def products_table() -> str:
    """Every fact of a product file; of a list the example is one of its lines."""
    rows = [f"| `{key}` | {kind.means} | `{key}: {kind.example}` |" for key, kind in PRODUCT_LINES.items()]
    rows += [f"| `{key}` | {kind.means} | `- {kind.example}` |" for key, kind in PRODUCT_LISTS.items()]
    return "\n".join(["| fact | means | one line |", "|---|---|---|", *rows])


def _choices(words: tuple[str, ...], example: str) -> str:
    shown = [f"`{word}`" for word in words] + ([f"like `{example}`"] if example else [])
    return ", ".join(shown)


SECTIONS: dict[str, Callable[[], str]] = {
    "effects": effects_table,
    "policies": policies_table,
    "products": products_table,
}


def refreshed(text: str) -> str:
    """The text with every generated part written anew; KeyError where a part has no place in it."""
    for name, section in SECTIONS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise KeyError(name)
        text = f"{before}{begin}\n\n{section()}\n\n{end}{after}"
    return text


def main() -> None:
    """Write the generated parts of the shipped README anew."""
    path = protocols_folder() / "README.md"
    path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
