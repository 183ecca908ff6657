"""Every code of a problem has a broken protocol file, every such file its code, and all stand in a table.

The table is in broken_protocols/README.md; to write it anew: C1D1_NEW_GOLDENS=1.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scheduler.protocol import library
from tests.broken_files import FAULTS, FOLDER, LYING, NEW, golden, golden_codes

PROTOCOL = Path(library.__file__).parent

CODE_IS = {  # where in a call the code stands
    **dict.fromkeys(("Misread", "Words", "end", "number", "fault", "misread"), 0),
    **dict.fromkeys(("problem", "Problem", "need", "name", "names", "_spans"), 1),
    **dict.fromkeys(("_circle", "_listed"), 2),
}
ELSEWHERE = {
    "bad-cycle-day",  # typed on the command line, in no file
    "not-understood",  # a net below the parser: no text is known that falls into it
}


def modules() -> Iterator[Path]:
    """The modules that speak of a protocol file; products and citations have tests of their own."""
    for path in PROTOCOL.rglob("*.py"):
        if not path.stem.startswith("product"):
            yield path
    yield from (PROTOCOL.parent / name for name in ("cycle_days.py", "quantities.py"))


def codes() -> set[str]:
    """Every code that is written in the program."""
    found: set[str] = set()
    for path in modules():
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
                places = (1, 2) if name == "one_of" else (CODE_IS[name],) if name in CODE_IS else ()
                for argument in (call.args[place] for place in places if place < len(call.args)):
                    found |= words_of(argument)
    return {code for code in found if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)}


def words_of(argument: ast.expr) -> set[str]:
    """The text of an argument, or both where it is one of two."""
    parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_code_has_a_broken_file_and_every_file_its_code() -> None:
    shown = {code for fault in FAULTS for code in golden_codes(fault)}
    assert codes() - shown == ELSEWHERE & codes()
    assert shown - codes() == set()
    assert len(shown) >= 40


# ---------------------------------------------------------------- the table of codes


def table() -> str:
    """A line for each code: the first sentence of its message, and a file that has it."""
    rows = []
    for fault in sorted(FAULTS, key=lambda fault: (fault not in golden_codes(fault), fault)):
        for code in golden_codes(fault):
            said = re.search(rf"^\S+: {code}\n(?:  +\d* \|.*\n)*  (.+)$", golden(fault), re.MULTILINE)
            assert said is not None
            rows.append((code, said[1].replace("|", "\\|"), f"{fault}.yaml" if fault in LYING else "made"))
    first = {code: (what, example) for code, what, example in reversed(rows)}
    lines = [f"| `{code}` | {what} | {example} |" for code, (what, example) in sorted(first.items())]
    return "\n".join(["| code | said of the example | example |", "|---|---|---|", *lines])


def test_the_table_of_codes_is_fresh() -> None:
    readme = FOLDER / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, _, rest = text.partition("<!-- codes -->\n")
    _, _, tail = rest.partition("<!-- /codes -->\n")
    fresh = f"{head}<!-- codes -->\n\n{table()}\n\n<!-- /codes -->\n{tail}"
    if NEW:
        readme.write_text(fresh, encoding="utf-8")
    assert text == fresh or NEW, "write it anew: C1D1_NEW_GOLDENS=1"
