"""Small helpers for messages in the reader's words, and what a fault of the text form is called.

Rules of every message: one sentence what, one sentence how to mend; quote what the reader wrote;
never a word of the parser's.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scheduler.problems import printable

LONGEST_QUOTE = 40
LONGEST_KEY = 1000
MOST_SHOWN = 8
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


class Words(NamedTuple):
    """How one fault is told."""

    code: str
    what: str
    mend: str


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice that a slip of the pen was meant to be; '' where none is near."""
    known = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(word[:100].casefold(), list(known), n=1, cutoff=0.7)
    return known[close[0]] if close else ""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """For a likely slip of the pen " Did you mean 'aldesleukin_low'?", else nothing."""
    near = nearest(word, choices)
    return f" Did you mean '{printable(near)}'?" if near else ""


def listed(words: Iterable[str], last: str = "or") -> str:
    """The words as one phrase: "a", "a or b", "a, b or c"."""
    *first, final = list(words) or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def one_of_many(word: str, choices: Sequence[str]) -> str:
    """The choices as one phrase; of many only the nearest, or the first of them."""
    if len(choices) <= MOST_SHOWN:
        return listed(choices)
    near = nearest(word, choices)
    return printable(near) if near else listed([*choices[:MOST_SHOWN], f"another of the {len(choices)}"])


def quoted(text: str) -> str:
    """What the reader wrote, in single quotes, on one line, cut when long, safe to show."""
    line = printable(" ".join(text.split()))
    return f"'{line}'" if len(line) <= LONGEST_QUOTE else f"'{line[: LONGEST_QUOTE - 3]}...'"


def hidden(character: str) -> bool:
    """Whether a reader cannot see this character for what it is; a line end is not meant.

    Control characters (the tab too), marks that turn the direction of writing, invisible
    characters, spaces that are not the ordinary one, and code points without a character.
    """
    return not character.isprintable() or character in INVISIBLE


def hidden_words(character: str) -> Words:
    """How a hidden character is told."""
    if character == "\t":
        return Words("tab", "A tab stands here, where only spaces count.", "Write spaces instead.")
    if character == "\r":
        what = "A line end of an old kind stands here (U+000D)."
        return Words("hidden-character", what, "Save the file with ordinary line ends.")
    number = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "control character").lower()
    if unicodedata.category(character) == "Zs":
        what = f"This space is not the ordinary one ({name}, {number})."
        return Words("hidden-character", what, "Write an ordinary space instead.")
    what = f"A character that cannot be seen stands here ({name}, {number})."
    return Words("hidden-character", what, "Delete it.")


MISSING = Words("file-missing", "There is no such file.", "Check the name and the folder.")
FOLDER = Words("file-is-folder", "This is a folder.", "Name a file in it.")
DEVICE = Words("file-unreadable", "This is a device or a pipe.", "Name a file.")
FORBIDDEN = Words("file-unreadable", "You may not read this file.", "Ask its owner to let you read it.")
UNREADABLE = Words("file-unreadable", "The file cannot be read.", "Check its name and the disk it is on.")
TOO_BIG = Words("file-too-big", "The file is larger than 256 kB.", "Take out what does not belong to the protocol.")
EMPTY = Words("file-empty", "Nothing stands in this file, or only comments.", "Write the protocol.")
UTF16 = Words("not-utf8", "The file is stored as UTF-16.", "Save it as UTF-8.")
TOO_MANY = Words("too-many-parts", "The file has over 20,000 words, lists and tables.", "Take out what is no protocol.")
TOO_DEEP = Words(
    "too-deep", "Lists and tables stand more than 20 deep in one another here.", "Write them beside each other."
)
SECOND_DOCUMENT = Words(
    "second-document", "A second document begins here, and a file holds one.", "Move it to a file of its own."
)
MERGE = Words("merge-key", "'<<' does not bring in other lines.", "Write the lines out here.")
NO_KEY = Words("no-key", "No word stands before the colon.", "Write a word, then ': ' and its value.")
KEY_NOT_TEXT = Words(
    "key-not-text", "A list stands before the colon, where a word belongs.", "Put quotes around the text."
)
BLOCK = Words("needs-quotes", "After '>' or '|' the text begins on the next line.", "Put quotes around the text.")
UNCLOSED_BRACKET = Words(
    "unclosed-bracket", "This bracket is never closed.", "Write the closing one, or put quotes around the text."
)
EMPTY_ITEM = Words("no-value", "Nothing stands in this item.", "Write it, or take the '-' out.")


def not_utf8(byte: int, line: int, position: int) -> Words:
    """A byte that is not text; `position` counts from 1 in its line."""
    what = f"Byte {position} of line {line} (0x{byte:02X}) is not UTF-8 text."
    return Words("not-utf8", what, "Save the file as UTF-8.")


def no_value(key: str, before: tuple[str, str]) -> Words:
    """A key without content; `before` is the plain entry before it in the same braces, if any."""
    what = f"Nothing stands after {quoted(key)}."
    name, value = before
    together = printable(f'{name}: "{value}, {key}"')
    if not value or len(together) > 2 * LONGEST_QUOTE:
        return Words("no-value", what, "Write its value, or take it out.")
    mend = f"If it belongs to the value before it, put both in quotes: {together}."
    return Words("no-value", what, mend)


def key_twice(key: str, line: int) -> Words:
    """A key that stands twice in one table; `line` is that of the first."""
    what = f"{quoted(key)} stands here a second time; the first is on line {line}."
    return Words("key-twice", what, "Keep one of them.")


ALIAS = Words("alias", "A protocol file has no references to other lines.", "Write the text out, or put it in quotes.")
TAG = Words("tag", "Nothing in a protocol file bears a '!' mark.", "Take it out, or put quotes around the text.")
DIRECTIVE = Words("directive", "A protocol file has no lines that begin with '%'.", "Take the line out.")
INDENTATION = Words(
    "indentation", "This line does not fit under the lines above it.", "Indent it exactly like the lines it goes with."
)
DEEPER = Words(
    "indentation", "This line is indented deeper than the complete one above it.", "Begin it in the same column."
)
SECOND_COLON = Words(
    "second-colon", "A second ': ' stands on this line.", "Put quotes around the text that holds a colon."
)
AFTER_VALUE = Words(
    "text-after-value", "{word} stands after the end of the value.", "Put quotes around the whole text."
)
FALLBACK = Words(
    "not-understood", "This line cannot be understood from here on.", "Compare it with the lines around it."
)
BAD_ESCAPE = Words("bad-escape", "The backslash and what follows it mean nothing.", "Put the text in single quotes.")
LONG_KEY = Words("second-colon", "Over 1,000 characters stand before this colon.", "Put quotes around the text.")
LONG_QUOTE = Words(
    "unclosed-quote", "This quote ends on a later line, and text follows it there.", "Close it where the text ends."
)
MISSING_COLON = Words(
    "missing-colon", "No colon and space follow {word}.", "Write ': ' and the value after it, or indent the line."
)
# What the parser says -> what we say; the first that fits counts.
# A leading "<" points at where the faulty text began, not at where it was noticed.
_SYNTAX: Sequence[tuple[str, Words]] = (
    (
        "<quoted scalar.*(end of stream|document separator)",
        Words("unclosed-quote", "This quote is never closed.", "Write the same quote where the text ends."),
    ),
    ("<flow (sequence|mapping).*(stream end|document (start|end))", UNCLOSED_BRACKET),
    (
        "flow (sequence|mapping).*expected ','",
        Words("missing-comma", "A comma or bracket is missing before {word}.", "Write it, or quote the text."),
    ),
    ("<could not find expected ':'", MISSING_COLON),
    (
        "sequence entries are not allowed",
        Words("list-in-line", "A list cannot begin in the middle of a line.", "Begin it on the next line."),
    ),
    (
        "cannot start any token|mapping keys are not allowed",
        Words("needs-quotes", "Here {word} has to stand in quotes.", "Put quotes around the whole text."),
    ),
    ("<block scalar", BLOCK),
    (
        "expected the node content",
        Words("stray-sign", "A value belongs here, not {word}.", "Take it out, or put quotes around the text."),
    ),
    ("<scanning an (alias|anchor)", ALIAS),
    ("<(scanning|parsing) a tag|tag handle", TAG),
    ("directive|incompatible YAML", DIRECTIVE),
)


def syntax_words(
    said: str, lines: Sequence[str], here: tuple[int, int], opened: tuple[int, int]
) -> tuple[Words, int, int]:
    """The fault in our words with its line and column (all from 0).

    `said` is what the parser said, `here` where it noticed, `opened` where the text began that
    it was reading then.
    """
    while here[0] and not lines[here[0]].strip():
        here = here[0] - 1, _indent(lines[here[0] - 1])
    number, column = here
    line, before = lines[number], lines[number][:column]
    if "flow" in said and number > opened[0] and _indent(line) <= _indent(lines[opened[0]]):
        return UNCLOSED_BRACKET, *opened
    if "mapping values are not allowed" in said:
        return _unexpected_colon(lines, number, column)
    if "<block end>" in said or "expected '<document start>'" in said:
        sign = line[column : column + 1]
        if sign in ("%", ":"):
            return (DIRECTIVE if sign == "%" else NO_KEY), number, column
        return (AFTER_VALUE if before.strip(" -") else INDENTATION), number, column
    if "escape" in said:
        return BAD_ESCAPE, number, max(0, line.rfind("\\", 0, column + 1))
    for pattern, words in _SYNTAX:
        if re.search(pattern.removeprefix("<"), said):
            return words, *(opened if pattern.startswith("<") else here)
    return FALLBACK, number, column


def _unexpected_colon(lines: Sequence[str], number: int, column: int) -> tuple[Words, int, int]:
    """A ': ' where none can be: the second of its line, a line too deep, one missing above."""
    line = lines[number]
    if re.search(r":\s", line[:column]):
        return SECOND_COLON, number, column
    if column - _indent(line) > LONGEST_KEY:
        return LONG_KEY, number, column
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    if above is not None and not re.search(r":(\s|$)", lines[above]):
        start = re.match(r"(\s|-\s)*", lines[above])
        return MISSING_COLON, above, start.end() if start else 0
    return DEEPER, number, _indent(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
