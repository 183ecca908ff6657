"""The house keeps its shape: which way imports go, what stays small, what the engine never asks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(path for room in ("scheduler", "tui") for path in (ROOT / room).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in [*CODE, *TESTS]}
PURE = [path for path in CODE if path.parts[-2] in ("engine", "record")]

FILE_LINES = (250, 400)  # nine in ten files at most; never more
FUNCTION_LINES = (25, 50)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def at(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if isinstance(node, ast.stmt | ast.expr | ast.ExceptHandler) else ""
    return f"{path.relative_to(ROOT).as_posix()}{line}"


def functions(paths: list[Path]) -> list[tuple[Path, Function]]:
    return [(p, node) for p in paths for node in ast.walk(TREES[p]) if isinstance(node, Function)]


# ---------------------------------------------------------------- directions


def test_imports_go_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def rows() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [name.strip() for row in layers["layers"] for name in row.split("|")]


def test_every_room_has_its_place_in_the_rows() -> None:
    """A new module of the scheduler takes a row, or the contracts would not see it."""
    rooms = {
        f"scheduler.{path.stem}"
        for path in (ROOT / "scheduler").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    } - {"scheduler.__init__"}
    assert not rooms - {name.strip("()") for name in rows()}


def test_a_row_names_a_room_as_optional_only_while_it_is_not_built() -> None:
    optional = [name.strip("()").replace(".", "/") for name in rows() if name.startswith("(")]
    built = [name for name in optional if any(ROOT.glob(f"{name}.py"))]
    built += [name for name in optional if any(ROOT.glob(f"{name}/__init__.py"))]
    assert not built, "\n".join(built)


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        (
            "scheduler.engine.build",
            {"sqlalchemy", "sqlite3", "textual", "icalendar", "reportlab", "yaml", "click"},
        ),
        ("scheduler.cli", {"sqlalchemy", "textual", "icalendar", "reportlab", "openpyxl"}),
    ],
)
def test_importing_loads_nothing_heavy(module: str, kept_out: set[str]) -> None:
    """What import contracts cannot see: everything that is loaded on the way."""
    program = f"import sys, {module}; print(*sorted(set(sys.modules) & {kept_out}))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout.split(), run.stderr) == ([], "")


# ---------------------------------------------------------------- budgets


def over_budget(sizes: dict[str, int], budget: tuple[int, int]) -> list[str]:
    """What is too long: everything over the limit; over the norm, if more than one in ten is."""
    norm, limit = budget
    long = [f"{size} lines: {name}" for name, size in sizes.items() if size > norm]
    if len(long) * 10 <= len(sizes):
        long = [f"{size} lines: {name}" for name, size in sizes.items() if size > limit]
    return long


def test_files_stay_short() -> None:
    sizes = {at(path): len(path.read_text(encoding="utf-8").splitlines()) for path in TREES}
    long = over_budget(sizes, FILE_LINES)
    assert not long, "\n".join(long)


def test_functions_stay_short() -> None:
    sizes = {
        f"{at(path, node)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, node in functions(list(TREES))
    }
    long = over_budget(sizes, FUNCTION_LINES)
    assert not long, "\n".join(long)


# ---------------------------------------------------------------- habits


def test_nothing_catches_every_exception() -> None:
    def names(handler: ast.ExceptHandler) -> list[str]:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        return [ast.unparse(kind) if kind else "" for kind in kinds]

    broad = [
        at(path, node)
        for path in CODE
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ExceptHandler) and not {"", "Exception", "BaseException"}.isdisjoint(names(node))
    ]
    assert not broad, "\n".join(broad)


def test_every_public_function_says_its_types() -> None:
    def untyped(function: Function) -> bool:
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        asked = [a for a in named if a is not None and a.arg not in ("self", "cls")]
        return function.returns is None or any(a.annotation is None for a in asked)

    public = [(path, node) for path, node in functions(CODE) if not node.name.startswith("_")]
    found = [f"{at(path, node)} {node.name}" for path, node in public if untyped(node)]
    assert not found, "\n".join(found)


def test_the_engine_asks_no_clock() -> None:
    """Today is an argument. Contracts see `import time`, but not `date.today()`."""
    asks = [
        at(path, node)
        for path in PURE
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute) and re.fullmatch("today|now|utcnow", node.attr)
    ]
    assert PURE
    assert not asks, "\n".join(asks)
