"""The text of `clinic.toml`, taken apart line by line, with every fault of it.

TOML's own reader forgets where a value stood, so a line is looked for by its name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.clinic.setting_lines import LINES
from scheduler.problems import Misread, Place, Problem, Refused
from scheduler.protocol.wording import did_you_mean, listed, quoted

LARGEST = 64 * 1024
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(slots=True)
class Said:
    """What a file says: values by key ('closed.country' for a line under [closed]), their lines, its problems."""

    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_file(path: Path) -> Said:
    """A settings file; a missing one says nothing. No content raises."""
    if not path.exists():
        return Said()
    file, start = str(path), Place(str(path))
    if not path.is_file() or path.stat().st_size > LARGEST:
        what = "This is no settings file: it is no ordinary file, or it has more than 64 kB."
        return Said(problems=(Problem(start, "not-settings", what, "Write one like c1d1 settings --example shows."),))
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return Said(problems=(Problem(start, "not-utf-8", "The file is not in UTF-8.", "Save it as UTF-8."),))
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        return Said(problems=(_not_toml(file, text, str(fault)),))
    return _Reader(file, text).read(table)


def _not_toml(file: str, text: str, fault: str) -> Problem:
    at = _AT.search(fault)
    line = int(at[1]) if at else len(text.splitlines()) or 1
    column = int(at[2]) if at else 1
    what = "From here on the file cannot be read."
    mend = 'Write each line like phone = "+1 555 0100": a name, an equals sign, and texts and times in quotes.'
    return Problem(Place(file, line, column), "not-toml", what, mend, _excerpt(text, line))


def _excerpt(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


class _Reader:
    """Takes a table apart, line by line, and goes on after a fault."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.places = _places(text)
        self.said = Said()
        self.found: list[Problem] = []

    def read(self, table: Mapping[str, object]) -> Said:
        for key, value in table.items():
            if key == "closed" and isinstance(value, dict):
                for inner, closed in value.items():
                    self.line(f"closed.{inner}", closed)
            elif key == "closed":
                mend = 'Write a line [closed], and below it lines like country = "US".'
                self.problem(key, "not-a-block", "Closed days stand in a block.", mend)
            else:
                self.line(key, value)
        self.country()
        self.folder()
        self.said.problems = tuple(sorted(self.found))
        return self.said

    def line(self, key: str, value: object) -> None:
        if key not in LINES:
            self.unknown(key)
            return
        try:
            self.said.values[key] = LINES[key].read(value)
            self.said.lines[key] = self.places.get(key, (1, 1))[0]
        except Misread as fault:
            self.problem(key, fault.code, fault.what, fault.mend)
        except Refused as refused:
            what, _, mend = str(refused).partition(". ")
            self.problem(key, "bad-value", f"{what}.", mend or f"Write it like {LINES[key].example}.")

    def unknown(self, key: str) -> None:
        known = [name.removeprefix("closed.") for name in LINES] + ["closed"]
        last = key.rpartition(".")[2]
        where = next((name for name in LINES if "." in name and name.removeprefix("closed.") == last), "")
        if where and key != where:
            mend = f"It belongs under [closed], as {LINES[where].example.splitlines()[0]}."
        elif key.startswith("closed.") and last in LINES:
            mend = "It belongs above [closed]: whatever stands below that line is about closed days."
        else:
            mend = did_you_mean(last, known).strip() or f"A setting is one of {listed(known)}."
        self.problem(key, "unknown-setting", f"{quoted(last)} is not a setting.", mend)

    def country(self) -> None:
        """Country and part of it, as the library of holidays knows them."""
        country, part = (str(self.said.values.get(f"closed.{key}", "")) for key in ("country", "subdivision"))
        key = "closed.country" if country else "closed.subdivision"
        if not country and not part:
            return
        from scheduler.clinic.closed_days import check_country

        try:
            check_country(country, part)
        except Misread as fault:
            self.problem("closed.subdivision" if fault.code == "unknown-subdivision" else key, *_told(fault))

    def folder(self) -> None:
        """The folder of the site's own products, which may be named from beside the file."""
        named = self.said.values.get("products")
        if isinstance(named, Path) and not (Path(self.file).parent / named).is_dir():
            what = f"There is no folder {quoted(str(named))}."
            self.problem("products", "no-folder", what, "Make it, or correct its name.")

    def problem(self, key: str, code: str, what: str, mend: str) -> None:
        line, column = self.places.get(key, (1, 1))
        width = len(key.rpartition(".")[2])
        excerpt = _excerpt(self.text, line)
        self.found.append(Problem(Place(self.file, line, column, width), code, what, mend, excerpt))


def _told(fault: Misread) -> tuple[str, str, str]:
    return fault.code, fault.what, fault.mend


def _places(text: str) -> dict[str, tuple[int, int]]:
    """Where each name stands; the first place of one that stands twice is never asked for: TOML refuses it."""
    places: dict[str, tuple[int, int]] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = header[1].strip("\"' ")
            places.setdefault(table, (number, line.index("[") + 1))
        elif key := _KEY.match(line):
            name = key[1].strip("\"'")
            places.setdefault(f"{table}.{name}" if table else name, (number, key.start(1) + 1))
    return places
