"""The rows of the app in `make bench`: figures beside an empty Textual app, and the aims."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator

PATIENTS, FEW, RUNS = 10_000, 2, 5
PROGRAM = "tests.bench.app"

KEYS = (("filter", "one filter key", 60), ("open", "opening a patient", 50), ("move", "a move of the cursor", 10))

Row = tuple[str, str, str, str, str]
Run = Callable[[list[str]], tuple[float, str]]


def rows(run: Run) -> Iterator[Row]:
    """`run` starts a module with arguments; how long it took (s), and what it printed."""
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        run([PROGRAM, "make", few, str(FEW)])
        run([PROGRAM, "make", many, str(PATIENTS)])
        empty = _best(run, [PROGRAM, "paint"])
        for folder, what, aim in ((few, f"{FEW} patients", 1.5), (many, f"{PATIENTS:,} patients", 2.0)):
            paint = _best(run, [PROGRAM, "paint", folder])
            shown = f"{paint * 1000:.0f} ms", f"{empty * 1000:.0f} ms, an empty Textual app"
            yield f"the app, start to first paint, {what}", *shown, f"{paint / empty:.2f}x", f"< {aim}x"
        small = json.loads(run([PROGRAM, "all", few])[1])
        large = json.loads(run([PROGRAM, "all", many])[1])
    for key, what, aim in KEYS:
        pair = f"{large[key]:.1f} ms", f"{small[key]:.1f} ms at {FEW} patients"
        yield f"the app, {what} at {PATIENTS:,} patients", *pair, "", f"< {aim} ms"
    memory = f"{large['memory']:.0f} MB", f"{small['memory']:.0f} MB at {FEW} patients"
    grown = f"{large['grown']:.1f} MB more by opening 300"
    yield f"the app, memory at {PATIENTS:,} patients, 300 opened", *memory, grown, "< 150 MB, flat"


def _best(run: Run, words: list[str]) -> float:
    return min(run(words)[0] for _ in range(RUNS))
