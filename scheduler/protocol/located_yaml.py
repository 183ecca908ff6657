"""A YAML file as text with places. The only door to PyYAML.

Everything is text: `no`, `010`, `8:00`, `1e6`, `~` arrive as they were written. Anything that
could surprise a reader is a problem: hidden characters, references, marks, keys written twice,
values without content. A file is bounded in size, depth and number of parts, and no input
raises, hangs or fills the memory: the pure Python event stream is read and left at a limit.
A byte order mark at the start and CRLF line ends are accepted.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import yaml

from scheduler.problems import Place, Problem, printable
from scheduler.protocol import wording
from scheduler.protocol.wording import Words, hidden, hidden_words, quoted, syntax_words

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000
MAX_PROBLEMS = 20  # of hidden characters, and again of the rest

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_WORD = re.compile(r"[][{},:]|\\.|\S+")
_SHOWN = "\ufffd"  # what the tree holds in place of a hidden character


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a text as it was written; one that is blank has been reported as `no-value`.

    `plain`: unquoted on one line; `quoted`: in quotes on one line without any escape.
    """

    value: str
    place: Place
    plain: bool
    quoted: bool = False

    def at(self, start: int, width: int) -> Place:
        """The place of `width` characters from `start` (0 is the first) of the value.

        Where that cannot be known (several lines, escapes) it is the place of the whole.
        """
        if not (self.plain or self.quoted):
            return self.place
        start = max(0, min(start, len(self.value)))
        width = max(1, min(width, len(self.value) - start))
        column = self.place.column + int(self.quoted) + start
        return Place(self.place.file, self.place.line, column, width)


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value`."""

    key: Text
    value: Node


@dataclass(frozen=True, slots=True)
class Table:
    """Entries in the order of the file; no key stands twice."""

    entries: tuple[Entry, ...]
    place: Place

    def get(self, name: str) -> Node | None:
        """The value of a key, or None where the key is not written."""
        return next((entry.value for entry in self.entries if entry.key.value == name), None)

    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the file."""
        return tuple(entry.key.value for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


Node = Text | Table | Items


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. `root` is None where nothing can be relied on; `problems` says why.

    `digest` is the SHA-256 of the very bytes that were read.
    """

    root: Node | None
    file: str
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    digest: str = field(default="", compare=False)

    def problem(self, place: Place, code: str, what: str, mend: str) -> Problem:
        """A problem of this file with its line; without one where the file has no such line."""
        known = place.file == self.file and 0 < place.line <= len(self.lines)
        return Problem(place, code, what, mend, self.lines[place.line - 1] if known else "")


def read_document(path: Path, shown_as: str | None = None) -> Document:
    """The file at `path`, called `shown_as` in places. Never raises for what it finds there."""
    file = printable(str(path) if shown_as is None else shown_as)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            return _refused(file, wording.FOLDER if stat.S_ISDIR(mode) else wording.DEVICE)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return _refused(file, wording.MISSING)
    except PermissionError:
        return _refused(file, wording.FORBIDDEN)
    except (OSError, ValueError):
        return _refused(file, wording.UNREADABLE)
    return read_text(data, file)


def read_text(data: bytes, file: str) -> Document:
    """The content of a file, called `file` in places. Never raises."""
    if len(data) > MAX_BYTES:
        return _refused(file, wording.TOO_BIG)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _refused(file, wording.UTF16)
    digest = hashlib.sha256(data).hexdigest()
    data = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _not_utf8(data, file, fault.start)
    return replace(_Reader(text, file).read(), digest=digest)


def _refused(file: str, words: Words) -> Document:
    return Document(None, file, (), (Problem(Place(file), *words),))


def _not_utf8(data: bytes, file: str, position: int) -> Document:
    """Told at the first byte that is not UTF-8."""
    begin = data.rfind(b"\n", 0, position) + 1
    column = len(data[begin:position].decode("utf-8")) + 1  # columns count characters
    place = Place(file, data.count(b"\n", 0, position) + 1, column)
    words = wording.not_utf8(data[position], place.line, position - begin + 1)
    blank = Document(None, file, tuple(data.decode("utf-8", "replace").split("\n")), ())
    return replace(blank, problems=(blank.problem(place, *words),))


class _Stop(Exception):
    """Nothing after this can be relied on; its arguments are the place and the words."""


class _Reader:
    """Reads one text, collecting problems."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.blank = Document(None, file, tuple(text.split("\n")), ())
        self.hidden: list[Problem] = []
        self.faults: list[Problem] = []
        self.nodes = self.depth = 0
        self.long_quote: tuple[tuple[int, int], int] | None = None  # its begin, its last line
        self.clean = self._without_hidden()
        self.loader = yaml.SafeLoader(self.clean)

    def read(self) -> Document:
        """The tree; None as root where the text form itself is at fault."""
        root, blank = None, self.blank
        certain = not self.hidden  # else a fault may be no more than their consequence
        try:
            root = self._root()
        except _Stop as stop:
            self.faults.append(self.blank.problem(stop.args[0], *stop.args[1]))
        except yaml.MarkedYAMLError as fault:
            if certain:
                self._note_syntax(fault)
        except (ValueError, OverflowError):  # the parser's own, on "\U99999999"
            mark = self.loader.get_mark()
            self._note(Place(blank.file, mark.line + 1, mark.column + 1), wording.BAD_ESCAPE)
        if any(not blank.lines[p.place.line - 1][: p.place.column].strip() for p in self.hidden):
            root, self.faults = None, []  # the indentation is not to be relied on
        return replace(blank, root=root, problems=tuple(sorted(self.hidden + self.faults)))

    def _without_hidden(self) -> str:
        """Notes the hidden characters; the text with a sign in place of each."""
        found = {character for character in set(self.text) if hidden(character)} - {"\n"}
        if not found:
            return self.text
        for match in re.finditer(f"[{re.escape(''.join(sorted(found)))}]", self.text):
            if len(self.hidden) == MAX_PROBLEMS:
                break
            self._note_hidden(match[0], match.start(), 1)
        return self.text.translate({ord(c): " " if c == "\t" else _SHOWN for c in found})

    def _without_escaped(self, value: str, raw: str, start: int) -> str:
        """Notes the hidden characters that came in through escapes; the value without them."""
        found: set[str] = set()
        for match in _ESCAPE.finditer(raw):
            meant = _meant(match[0])
            if hidden(meant) and meant != "\n":
                found.add(meant)
                self._note_hidden(meant, start + match.start(), len(match[0]))
        return value.translate({ord(character): _SHOWN for character in found})

    def _note_hidden(self, character: str, index: int, width: int) -> None:
        if len(self.hidden) < MAX_PROBLEMS:
            line = self.text.count("\n", 0, index) + 1
            column = index - self.text.rfind("\n", 0, index)
            place = Place(self.blank.file, line, column, width)
            self.hidden.append(self.blank.problem(place, *hidden_words(character)))

    def _note(self, place: Place, words: Words) -> None:
        if len(self.faults) < MAX_PROBLEMS:
            self.faults.append(self.blank.problem(place, *words))

    def _note_syntax(self, fault: yaml.MarkedYAMLError) -> None:
        """The parser's fault in our words; the caret stands under the word where it begins."""
        lines = self.blank.lines
        mark = fault.problem_mark or self.loader.get_mark()
        opened = fault.context_mark or mark
        said = f"{fault.context} {fault.problem}"
        here, there = (mark.line, mark.column), (opened.line, opened.column)
        words, line, column = syntax_words(said, lines, here, there)
        if words is wording.AFTER_VALUE and self.long_quote and self.long_quote[1] == line:
            (line, column), words = self.long_quote[0], wording.LONG_QUOTE
        word = _WORD.match(lines[line], column)
        shown = word[0] if word else ""
        what = words.what.format(word=quoted(shown))
        place = Place(self.blank.file, line + 1, column + 1, max(1, len(shown)))
        self._note(place, words._replace(what=what))

    def _next(self) -> yaml.Event:
        event: yaml.Event = self.loader.get_event()  # type: ignore[no-untyped-call]
        return event

    def _place(self, begin: yaml.Event, last: yaml.Event) -> Place:
        """From begin to last, or to the end of the line on which it begins."""
        start, end = _marks(begin)[0], _marks(last)[1]
        line = self.blank.lines[start.line]
        stop = end.column if end.line == start.line else len(line.rstrip())
        width = max(1, stop - start.column)
        return Place(self.blank.file, start.line + 1, start.column + 1, width)

    def _root(self) -> Node:
        """The one document of the file."""
        lines, top = self.blank.lines, Place(self.blank.file)
        first = next((n for n, line in enumerate(lines) if line.split("#")[0].strip()), 0)
        if lines[first].startswith("%"):
            width = len(lines[first].rstrip())
            raise _Stop(replace(top, line=first + 1, width=width), wording.DIRECTIVE)
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise _Stop(top, wording.EMPTY)
        root = self._node(self._next())
        if _is_blank(root):
            raise _Stop(top, wording.EMPTY)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._note(self._place(after, after), wording.SECOND_DOCUMENT)
        return root

    def _node(self, event: yaml.Event) -> Node:
        """The text, table or list that begins with this event."""
        place = self._place(event, event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Stop(place, wording.TOO_MANY)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise _Stop(place, wording.ALIAS)
        if getattr(event, "tag", None) is not None:
            self._note(place, wording.TAG)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, place)
        if self.depth == MAX_DEPTH:
            raise _Stop(place, wording.TOO_DEEP)
        self.depth += 1
        collection = cast("yaml.CollectionStartEvent", event)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        node = self._items(collection, place) if is_list else self._table(collection, place)
        self.depth -= 1
        return node

    def _text(self, event: yaml.ScalarEvent, place: Place) -> Text:
        begin, end = _marks(event)
        raw, value = self.clean[begin.index : end.index], event.value
        if event.style in ("|", ">"):
            head = raw.split()[0]
            place = replace(place, width=len(head))
            if any(sign.isdigit() for sign in head):  # "grade: >2" would swallow the lines below
                self._note(place, wording.BLOCK)
                value = head
        if event.style in ("'", '"') and begin.line != end.line:
            self.long_quote = (begin.line, begin.column), end.line
        if event.style == '"':
            value = self._without_escaped(value, raw, begin.index)
        quotes = event.style in ("'", '"') and raw[1:-1] == value
        return Text(value, place, raw == value, quotes)

    def _items(self, begin: yaml.CollectionStartEvent, place: Place) -> Items:
        items = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            item = self._node(event)
            if _is_blank(item):
                at = item.place
                if item == Text("", at, plain=True):  # it stands behind its '-'
                    at = replace(at, column=max(1, at.column - 1))
                self._note(at, wording.EMPTY_ITEM)
            items.append(item)
        return Items(tuple(items), self._place(begin, event) if begin.flow_style else place)

    def _table(self, begin: yaml.CollectionStartEvent, place: Place) -> Table:
        """The entries, without those whose key is at fault."""
        entries: dict[str, Entry] = {}
        before = "", ""  # the key and value just before, within braces
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key, value = self._node(event), self._node(self._next())
            if not isinstance(key, Text) or _is_blank(key):
                self._note(key.place, wording.NO_KEY if _is_blank(key) else wording.KEY_NOT_TEXT)
                continue
            if _is_blank(value):
                self._note(key.place, wording.no_value(key.value, before))
            before = "", ""
            if begin.flow_style and isinstance(value, Text) and value.plain:
                before = key.value, value.value
            if key.value == "<<":
                self._note(key.place, wording.MERGE)
            elif key.value in entries:
                line = entries[key.value].key.place.line
                self._note(key.place, wording.key_twice(key.value, line))
            else:
                entries[key.value] = Entry(key, value)
        if begin.flow_style:
            place = self._place(begin, event)
        elif entries:
            place = next(iter(entries.values())).key.place
        return Table(tuple(entries.values()), place)


def _marks(event: yaml.Event) -> tuple[yaml.Mark, yaml.Mark]:
    """Where it begins and ends; every event of a text has both."""
    return cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.value.strip()


def _meant(escape: str) -> str:
    """The character that an escape in double quotes stands for."""
    if escape[1] in "xuU":
        return chr(int.from_bytes(bytes.fromhex(escape[2:]), "big"))
    meant: str = yaml.SafeLoader.ESCAPE_REPLACEMENTS.get(escape[1], escape[1])
    return meant
