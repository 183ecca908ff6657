"""Located YAML: everything is text with a place, and no input gets the better of the reader."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scheduler.problems import Place
from scheduler.protocol import located_yaml, wording
from scheduler.protocol.located_yaml import Document, Items, Node, Table, Text
from scheduler.protocol.wording import Words, did_you_mean, listed, quoted

read_document, read_text = located_yaml.read_document, located_yaml.read_text


def read(text: str) -> Document:
    return read_text(text.encode("utf-8", "surrogatepass"), "p.yaml")


def at(line: int, column: int, width: int) -> Place:
    return Place("p.yaml", line, column, width)


def found(document: Document) -> list[str]:
    """The problems as "line:column+width code"."""
    return [f"{p.place.line}:{p.place.column}+{p.place.width} {p.code}" for p in document.problems]


def as_data(node: Node | None) -> object:
    if isinstance(node, Items):
        return [as_data(item) for item in node.items]
    if isinstance(node, Table):
        return {entry.key.value: as_data(entry.value) for entry in node.entries}
    return node.value if node else None


def texts(node: Node | None) -> Iterator[Text]:
    if isinstance(node, Text):
        yield node
    for item in node.items if isinstance(node, Items) else ():
        yield from texts(item)
    for entry in node.entries if isinstance(node, Table) else ():
        yield entry.key
        yield from texts(entry.value)


# ---------------------------------------------------------------- what is read

AS_WRITTEN = (
    "no|on|010|8:00|1:30|1e6|1_000|~|null|0.10|2026-01-05|<|2+|days 2-7, 12-21|a#b|a:b|64:9f2c11|-1|0x1F|true|=|µg/m²|."
)


@pytest.mark.parametrize("written", AS_WRITTEN.split("|"))
def test_everything_is_text(written: str) -> None:
    document = read(f"key: {written}")
    assert document.problems == ()
    assert isinstance(document.root, Table)
    assert document.root.place == at(1, 1, 3)
    assert document.root.get("key") == Text(written, at(1, 6, len(written)), plain=True)


# fmt: off
TREES = [
    ("- a\n- b: c\n  d: e\n", ["a", {"b": "c", "d": "e"}]), ("just words", "just words"), ("a:b", "a:b"),
    ("{cycle: 1, days: [2, 3]}", {"cycle": "1", "days": ["2", "3"]}), ("a: []\nb: {}\n", {"a": [], "b": {}}),
    ("a: >-\n  one\n  two\n", {"a": "one two"}), ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
    ("a: one\n  two\n", {"a": "one two"}), ("a: 'it''s'\n", {"a": "it's"}), ('a: "\\u00b5g\\n"\n', {"a": "µg\n"}),
    ("---\na: b\n...\n", {"a": "b"}), ("# only\na: b # a comment\n", {"a": "b"}), ("\ufeffa: b\n", {"a": "b"}),
    ("a: b\r\nc:\r\n- d\r\n", {"a": "b", "c": ["d"]}),
]
# fmt: on


@pytest.mark.parametrize(("written", "data"), TREES)
def test_tree(written: str, data: object) -> None:
    document = read(written)
    assert document.problems == ()
    assert as_data(document.root) == data


def test_places() -> None:
    root = read("a: b\nlist:\n  - 'x y'\n  - [p, q]\n  - {k: v}\nfold: >-\n  text\n").root
    assert isinstance(root, Table)
    assert (root.place, root.keys(), root.get("none")) == (at(1, 1, 1), ("a", "list", "fold"), None)
    items = root.get("list")
    assert isinstance(items, Items)
    assert [items.place, *(item.place for item in items.items)] == [at(3, 3, 1), at(3, 5, 5), at(4, 5, 6), at(5, 5, 6)]
    assert root.get("fold") == Text("text", at(6, 7, 2), plain=False)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("a: give 12 milion", (1, 9, 2)),
        ("a: 'give 12 milion'", (1, 10, 2)),
        ('a: "give 12 milion"', (1, 10, 2)),
        ('a: "give 12 mili\\u006fn"', (1, 4, 21)),  # an escape: the whole
        ("a: 'give 12 ''milion'''", (1, 4, 20)),
        ("a: give\n  12 milion", (1, 4, 4)),  # two lines: the first of them
        ("a: >-\n  give 12 milion", (1, 4, 2)),
    ],
)
def test_a_place_within_a_text(written: str, place: tuple[int, int, int]) -> None:
    _, value = texts(read(written).root)
    assert value.at(5, 2) == at(*place)


def test_a_place_stays_within_its_text() -> None:
    text = Text("dose", at(3, 10, 4), plain=True)
    asked = [text.at(2, 99), text.at(99, 1), text.at(-5, 0)]
    assert asked == [at(3, 12, 2), at(3, 14, 1), at(3, 10, 1)]


def test_a_problem_carries_its_line() -> None:
    document = read("a: b\n")
    places = [at(1, 4, 1), at(9, 1, 1), Place("other.yaml", 1)]
    assert [document.problem(place, "c", "w", "m").excerpt for place in places] == ["a: b", "", ""]


# ---------------------------------------------------------------- what is refused

# Code -> what is written and where it is told; "tree" where one is handed on all the same
# fmt: off
REFUSED = {
    "file-empty": [("", "1:1+1"), ("# only\n\n", "1:1+1"), ("---\n", "1:1+1")],
    "no-value": [("a:\nb: 1\n", "1:1+1 tree"), ("a: ''\n", "1:1+1 tree"), ("a:\n- x\n-\n", "3:1+1 tree"),
        ("- - -\n", "1:5+1 tree"), ("- ''\n", "1:3+2 tree"), ("{cycle: 1, 8}", "1:12+1 tree"),
        ("{a: , b: c}", "1:2+1 tree")],
    "hidden-character": [("a: b\u202ec\x07\n", "1:5+1 1:7+1 tree"), ("a: b\u200b\u2060\n", "1:5+1 1:6+1 tree"),
        ("a: \u00a0b\n", "1:4+1 tree"), ("a: b\rc\n", "1:5+1 tree"), ("a: b\x85c\u2028d\n", "1:5+1 1:7+1 tree"),
        ("a: 1\n\ufeffb: 2\n", "2:1+1 tree"), ('a: "\\e[31m"\n', "1:5+2 tree"),
        ('a: "x\\u202ey\\0"\n', "1:6+6 1:13+2 tree"), ('a: "\\ud800"\n', "1:5+6 tree"),
        ('a: "\\x41\n  \\x07"\n', "2:3+4 tree"), ("a: b\x07\nc: [\n", "1:5+1")],
    "tab": [('a: "b\\tc"\n', "1:6+2 tree"), ("a:\tb\n", "1:3+1 tree"), ("a:\n\tb: c\n", "2:1+1")],
    "alias": [("a: &x b\nc: *x\n", "1:4+4"), ("a: *x\n", "1:4+2"), ("a: * b\n", "1:4+1"), ("*x : b\n", "1:1+2")],
    "tag": [("a: !x b\nc: !!python/object:os.system d\n", "1:4+4 2:4+27 tree"), ("a: !x!y b\n", "1:4+4"),
        ("a: ! b\n", "1:4+3 tree"), ("!x\na: b\n", "1:1+2 tree")],
    "directive": [("%YAML 1.1\n---\na: b\n", "1:1+9"), ("# c\n%X\n---\na: b\n", "2:1+2"), ("a: b\n%X\n", "2:1+2")],
    "second-document": [("---\na: b\n---\nc: d\n", "3:1+3 tree")],
    "key-twice": [("a: 1\nb: 2\na: 3\na: 4\n", "3:1+1 4:1+1 tree"), ("{a: 1, 'a': 3}\n", "1:8+3 tree")],
    "merge-key": [("<<: b\n", "1:1+2 tree")],
    "key-not-text": [("[a]: b\n", "1:1+3 tree"), ("? {a: b}\n: c\n", "1:3+6 tree")],
    "no-key": [(": b\n", "1:1+1"), ("'': b\n", "1:1+2 tree")],
    "unclosed-quote": [("a: 'b\nc: d\n", "1:4+2"), ('a: "b\n---\n', "1:4+2"), ('a: "b\nc: "d"\n', "1:4+2")],
    "text-after-value": [('a: "b" c\n', "1:8+1"), ("a: [b]]\n", "1:7+1")],
    "unclosed-bracket": [("a: [b, c\n", "1:4+1"), ("a: [b, c\nd: e\n", "1:4+1")],
    "missing-comma": [("a: [b}\n", "1:6+1")],
    "stray-sign": [("a: [b,,c]\n", "1:7+1")],
    "second-colon": [("a: b: c\n", "1:5+1"), ("- a: b: c\n", "1:7+1"), (f"a: {'x' * 1100} b: c\n", "1:1106+1")],
    "indentation": [("a: b\n  c: d\n", "2:3+2"), ("a:\n    b: c\n  d: e\n", "3:3+2"), ("  a: b\nc: d\n", "2:1+2"),
        ("- a\nb: c\n", "2:1+2")],
    "missing-colon": [("a: b\nc\nd: e\n", "2:1+1"), ("a:b\nc: d\n", "1:1+3")],
    "list-in-line": [("a: - b\n", "1:4+1")],
    "needs-quotes": [("a: @b\n", "1:4+2"), ("a: `b\n", "1:4+2"), ("a: > 5\n", "1:4+1"),
        ("a: >2\n  b: c\n", "1:4+2 tree"), ("a: ? b\n", "1:4+1")],
    "bad-escape": [('a: "C:\\q"\n', "1:7+2"), ('a: "\\xZZ"\n', "1:5+2"), ('a: "\\U00110000"\n', "1:7+1"),
        ('a: "\\UFFFFFFFF"\n', "1:7+1")],
    "too-deep": [("[" * 21, "1:21+1"), ("- " * 21 + "a", "1:41+1"), ("? " * 5000, "1:41+1")],
}
# fmt: on

CASES = [(code, *case) for code, cases in REFUSED.items() for case in cases]


@pytest.mark.parametrize(("code", "written", "told"), CASES)
def test_refused(code: str, written: str, told: str) -> None:
    document = read(written)
    places = told.removesuffix(" tree").split()
    assert found(document) == [f"{place} {code}" for place in places]
    assert (document.root is not None) == told.endswith(" tree")


def test_limits_are_reached() -> None:
    for many in ("a: " + "\x07" * 99, "a: 1\n" * 99):
        assert len(read(many).problems) == located_yaml.MAX_PROBLEMS
    assert read("[" * located_yaml.MAX_DEPTH + "a" + "]" * located_yaml.MAX_DEPTH).problems == ()
    enough = "".join(f"- {n}\n" for n in range(located_yaml.MAX_NODES - 1))
    assert read(enough).problems == ()
    assert found(read(enough + "- x\n")) == ["20000:3+1 too-many-parts"]
    assert found(read("#" * located_yaml.MAX_BYTES)) == ["1:1+1 file-empty"]
    assert found(read("#" * (located_yaml.MAX_BYTES + 1))) == ["1:1+1 file-too-big"]


@pytest.mark.parametrize(
    ("data", "problem", "excerpt"),
    [
        (b"a: b\nc: 5 \xb5g\n", "2:6+1 not-utf8", "c: 5 \ufffdg"),
        ("é: ".encode() + b"\xff", "1:4+1 not-utf8", "é: \ufffd"),
        (b"\xef\xbb\xbfa: \xe2\x82", "1:4+1 not-utf8", "a: \ufffd"),
        (b"a: b\r\nc: \xed\xa0\x80\r\n", "2:4+1 not-utf8", "c: \ufffd\ufffd\ufffd"),
        ("a: b".encode("utf-16"), "1:1+1 not-utf8", ""),
    ],
)
def test_other_encodings(data: bytes, problem: str, excerpt: str) -> None:
    document = read_text(data, "p.yaml")
    assert (document.root, found(document)) == (None, [problem])
    assert document.problems[0].excerpt == excerpt


def test_what_a_fault_leaves_behind() -> None:
    hidden = read('a\u200b: b\x07\nc: "\\e\\u202e\\td"\n')
    assert as_data(hidden.root) == {"a\ufffd": "b\ufffd", "c": "\ufffd\ufffd\ufffdd"}
    twice = read("dose: 1\nday: 2\ndose: 12\n")
    assert as_data(twice.root) == {"dose": "1", "day": "2"}
    assert "line 1" in twice.problems[0].what
    assert read("{days: 1, 8}").problems[0].mend.endswith('days: "1, 8".')


# ---------------------------------------------------------------- files


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(path: Path) -> str:
        return read_document(path).problems[0].code

    def forbidden(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "p.yaml"
    path.write_bytes(b"a: b\n")
    assert read_document(path, "shown.yaml") == read_text(b"a: b\n", "shown.yaml")
    assert read_document(path).file == str(path)
    assert (code(tmp_path / "q.yaml"), code(path / "q.yaml")) == ("file-missing", "file-missing")
    assert code(tmp_path) == "file-is-folder"
    assert code(tmp_path / ("x" * 5000)) == "file-unreadable"
    assert code(tmp_path / "a\0b") == "file-unreadable"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert code(tmp_path / "pipe") == "file-unreadable"
    monkeypatch.setattr(Path, "open", forbidden)
    assert code(path) == "file-unreadable"
    assert read_document(path, "a\x1b[31m").file == "a?[31m"


@pytest.mark.skipif(sys.platform != "linux", reason="the hole might be written out elsewhere")
def test_a_big_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000_000)  # more than the memory: a hole, not written out
    document = read_document(path)
    assert [p.code for p in document.problems] == ["file-too-big"]
    assert document.problems[0].excerpt == ""


# ---------------------------------------------------------------- any input

BITS = (
    "key |x y|: |- |? |, | # c|&a |*a|\\x4|\\u202e|\\U|99999999|\\\n|!!str |!<x>|>-|%YAML 1.1"
    "|---|...|<<|\n  |\n    |\r\n|\x1b|\x85|\u00a0|\u2028|\u202e|\u200b|\ufeff|é|😀|\ufffe|\ue000"
)
PIECES = st.sampled_from([*"a:-[]{}'\"\\#!|>%@`~ \n\r\t\0", *BITS.split("|")])
LIKE_YAML = st.lists(PIECES, max_size=40).map("".join)
QUIET = st.text("ab:,-'\"[]{}# \n", max_size=30)


def check(document: Document) -> None:
    """What holds for every document."""
    assert document.root is not None or document.problems
    assert list(document.problems) == sorted(document.problems)
    told = [problem.place for problem in document.problems]
    for place in [*told, *(text.place for text in texts(document.root))]:
        assert (place.file, place.width) >= (document.file, 1)
        assert 1 <= place.line <= max(1, len(document.lines))
        assert 1 <= place.column <= len([*document.lines, ""][place.line - 1]) + 1
    for problem in document.problems:
        assert problem.shown().replace("\n", "").isprintable()
    blank = [text for text in texts(document.root) if not text.value.strip()]
    assert not blank or document.problems
    clean = [line.replace("\t", " ") for line in document.lines]
    for text in texts(document.root):
        assert all(c == "\n" or c.isprintable() for c in text.value)
        if text.value and (text.plain or text.quoted):
            place = text.at(0, len(text.value))
            line = clean[place.line - 1][place.column - 1 :][: place.width]
            assert text.value == "".join(c if c.isprintable() else "\ufffd" for c in line)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(read_text(data, "p.yaml"))


@given(LIKE_YAML | st.text(max_size=60))
def test_any_text(written: str) -> None:
    check(read(written))


@given(LIKE_YAML | QUIET)
def test_line_ends_make_no_difference(written: str) -> None:
    written = written.replace("\r", "")
    assert read(written.replace("\n", "\r\n")) == read(written)


@given(LIKE_YAML | QUIET)
def test_what_is_accepted_is_what_yaml_means(written: str) -> None:
    document = read(written)
    if not document.problems:
        meant = yaml.load(written.removeprefix("\ufeff"), Loader=yaml.BaseLoader)  # noqa: S506
        assert as_data(document.root) == meant


WORD = st.text("abc 0123456789+-/.,()µ~", min_size=1, max_size=12).map(lambda t: f"w{t.strip()}")
TREE = st.recursive(
    WORD | st.sampled_from(["no", "010", "8:00", "1e6", "~", "null"]),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(WORD, inner, min_size=1),
    max_leaves=12,
)


@given(st.dictionaries(WORD, TREE, min_size=1, max_size=4))
def test_what_is_written_is_read(tree: dict[str, object]) -> None:
    written = yaml.dump(tree, Dumper=yaml.Dumper, allow_unicode=True, sort_keys=False)
    document = read(written)
    assert document.problems == ()
    assert as_data(document.root) == tree
    for text in texts(document.root):
        if text.plain:
            line, begin = document.lines[text.place.line - 1], text.place.column - 1
            assert line[begin : begin + text.place.width] == text.value


# ---------------------------------------------------------------- worst cases

# fmt: off
WORST = [
    "'[' * 262_144", "'{' * 100_000", "'- ' * 131_072", "'? ' * 131_072", "'a: b\\n' * 52_428", "'a: b\\n' * 1_000_000",
    "''.join(f'k{n}: v\\n' for n in range(20_000))", "'a: \"' + 'x ' * 131_000", "'a: ' + 'x ' * 131_000",
    "'x' * 262_000 + ': b'", "'a: \"' + '\\\\e' * 131_000 + '\"'", "'\\0' * 262_144", "'a:' + '\\n' * 262_000",
    "'a: >\\n' + ' x\\n' * 87_000", "'[' + 'a,' * 131_000 + ']'", "'- !x y\\n' * 32_000", "'- &a [*a]\\n' * 26_000",
    "'a: &a [x,x]\\n' + 'b: &b [*a,*a]\\n' * 9", "'%YAML ' + '9' * 262_000 + '.1\\n---\\na'",
]
# fmt: on
PROGRAM = """
import resource, time
from scheduler.protocol.located_yaml import read_text
data = ({}).encode()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.process_time()
document = read_text(data, "p.yaml")
[problem.shown() for problem in document.problems]
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
print(time.process_time() - begin, grown / 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
@pytest.mark.parametrize("made", WORST)
def test_worst_cases_stay_cheap(made: str) -> None:
    run = [sys.executable, "-c", PROGRAM.format(made)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 2
    assert megabytes < 50


# ---------------------------------------------------------------- words

KNOWN = {words for words in (*vars(wording).values(), *dict(wording._SYNTAX).values()) if isinstance(words, Words)}
TOLD = [Words(p.code, p.what, p.mend) for case in CASES for p in read(case[1]).problems]
BANNED = re.compile(r"mapping|scalar|\bnode|null|validat|please|invalid|token|parser|anchor|NoneType|!$", re.IGNORECASE)


@pytest.mark.parametrize("words", sorted({*KNOWN, *TOLD}), ids=lambda words: words.code)
def test_style(words: Words) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", words.code)
    for sentence in (words.what, words.mend):
        assert re.match(r"[A-Z'{]", sentence)
        assert sentence.endswith(".")
        assert not re.search(r"[.!?] [A-Z]", sentence)
        assert not BANNED.search(sentence)


def test_every_code_is_reached() -> None:
    elsewhere = {"file-missing", "file-is-folder", "file-unreadable", "file-too-big", "not-utf8"}
    elsewhere |= {"too-many-parts", "not-understood"}
    assert {words.code for words in KNOWN} <= {words.code for words in TOLD} | elsewhere


def test_words() -> None:
    choices = ["trastuzumab", "aldesleukin_low"]
    for slip in ("aldesleukin_lo", "Aldesleukin_low"):
        assert did_you_mean(slip, choices) == " Did you mean 'aldesleukin_low'?"
    for other in ("paclitaxel", "", "x" * 100_000):
        assert did_you_mean(other, choices) == did_you_mean("a", []) == ""
    assert [listed(""), listed("a"), listed("ab"), listed("abc", "and")] == ["", "a", "a or b", "a, b and c"]
    assert quoted("two\n lines\x1b") == "'two lines?'"
    assert quoted("x" * 99) == f"'{'x' * 37}...'"
