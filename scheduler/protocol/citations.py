"""Cited sentences, found again in the reader's own copy of a source.

A statement carries the letters of its sentence: how many a-z and 0-9 its normal form has (NFKC,
lower case, nothing else kept), and the first 12 hex digits of their SHA-256. White space, line-end
hyphens and lost glyphs do not count, and a window of that length slides over any copy.

Sentences that nothing cites are told for each section cited by number ("Methods, sentence 2"). A
section begins behind its heading; where those words stand several times: with most of its cited
sentences behind, then set apart (by line breaks or two spaces), then nearest to them. It reaches
to its last cited sentence before the heading of another cited section, and on to the next line
that looks like a heading: short or capitalised, between a finished sentence and a new one. Behind
a heading on one line with its first sentence it goes on to the end of the paragraph instead.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from statistics import median
from textwrap import wrap
from typing import Literal
from unicodedata import combining, normalize

from scheduler.problems import Refused, printable
from scheduler.protocol.model import Protocol, Statement

LONGEST_TEXT = 500_000  # characters; a paper has some 50,000
FEWEST_LETTERS = 12  # a shorter rest of a sentence is not named: "(Fig. 1)"
INTERRUPTION = 60  # lines at most between the halves of a sentence
WIDE = 200  # characters in the usual line of a text that is not wrapped

Why = Literal["not in the text", "no letters", "no text"]
Range = tuple[int, int]
Span = tuple[Range, ...]  # a sentence; two ranges where something interrupts it

_NUMBERED = re.compile(r"(.+), sentences? \d.*")
_LETTERS = re.compile(r"([1-9]\d{0,4}):([0-9a-f]{12})")
_ODD = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_LINE, _PART = re.compile(r"\S(?:.*\S)?"), re.compile(r"\S+(?:[^\S\n]\S+)*")
_BEFORE, _BEHIND = re.compile(r"(?:\n|\s\s)[\d.]*\s?$"), re.compile(r"[.:]?\s*?(?:\n|\s\s|\Z)")
_BEGINS = re.compile(r"\s*[(\[\"'“‘>]*[A-Z0-9]")  # noqa: RUF001
_FINISHED = re.compile(r"[.?!][)\]\"'”’\d]*$")  # noqa: RUF001
_TAIL = re.compile(r"(?:\s*[)\].,;:?!%\"'”’]+)*")  # noqa: RUF001
_END = re.compile(
    r"(?:\.|(?<=\S)[?!])[)\]\"'”’]*(?:(?<=[a-z)\]]\.)\d[\d,–-]*)?\s+"  # noqa: RUF001
    r"(?=[(\[\"'“‘>]*([A-Z0-9]\S*))"  # noqa: RUF001
)
_ABBREVIATED = re.compile(
    r"(?<![^\s(\[])(?:al|[Ff]igs?|[Rr]efs?|[Ee]qs?|vs|cf|ca|e\.g|i\.e|([Nn]os?|(?:[a-z]\.)+[a-z]))$"
)
_HYPHENATED = re.compile(r"(\w+)([-\u00ad\u2010])\s*\n\s*(?=(\w+))")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the reader's copy, its white space and line-end hyphens mended."""

    line: int
    column: int
    letters: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A cited section as this copy has it: first and last line, and what nothing cites."""

    source: str
    heading: str
    heading_found: bool
    lines: Range
    uncited: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Found:
    statement: Statement
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Missing:
    statement: Statement
    why: Why


@dataclass(frozen=True, slots=True)
class Citations:
    """Each statement with a citation is found or missing, in the order of the protocol file."""

    found: tuple[Found, ...]
    missing: tuple[Missing, ...]
    sections: tuple[Section, ...]

    @property
    def uncited(self) -> tuple[Sentence, ...]:
        return tuple(sentence for section in self.sections for sentence in section.uncited)


def fingerprint(sentence: str) -> str:
    """Length and hash of a sentence's normal form, like "60:239d03bc7238"."""
    letters = _normal(sentence)
    return f"{len(letters)}:{sha256(letters.encode()).hexdigest()[:12]}"


def sentences_with_letters(text: str, headings: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Every sentence of a text; a known heading is cut off from the sentence behind it."""
    copy = _Copy(text, headings)
    return tuple(copy.sentence((r,)) for r in copy.sentences)


def find_citations(protocol: Protocol, texts: Mapping[str, str]) -> Citations:
    """Look up every cited sentence in the text of its source (texts by source key).

    Refused: a text of no source of the protocol, or one too long for a paper.
    """
    if strange := sorted(texts.keys() - {source.key for source in protocol.sources}):
        raise Refused(f"{protocol.file} has no source '{strange[0]}'.")
    copies = {key: _CitedCopy(key, text, protocol) for key, text in texts.items()}
    found: list[Found] = []
    missing: list[Missing] = []
    for statement in protocol.statements:
        if (cited := statement.citation) is None:
            continue
        copy = copies.get(cited.source)
        if copy and (span := copy.place(cited.where, cited.letters)):
            found.append(Found(statement, copy.sentence(span)))
        elif not cited.letters:
            missing.append(Missing(statement, "no letters"))
        else:
            missing.append(Missing(statement, "not in the text" if copy else "no text"))
    sections = [section for copy in copies.values() for section in copy.sections()]
    return Citations(tuple(found), tuple(missing), tuple(sections))


class _Copy:
    """A text, its normal form, and where in the text each letter of the normal form stands."""

    def __init__(self, text: str, headings: Iterable[str] = ()) -> None:
        if len(text) > LONGEST_TEXT:
            long = f"{len(text):,} characters, and {LONGEST_TEXT:,} are read"
            raise Refused(f"The text has {long}: cut the cited paper out of it.")
        pairs = list(_letters(text))
        self.text, self.at = text, [at for _, at in pairs]
        self.letters = "".join(letter for letter, _ in pairs)
        lines = [m.span() for m in _LINE.finditer(text)]
        self.wide = median([b - a for a, b in lines] or [0]) > WIDE
        self.lines = [m.span() for m in _PART.finditer(text)] if self.wide else lines
        self.known = {heading: self._places(heading) for heading in headings}

    def _places(self, heading: str) -> list[Range]:
        """Where a heading stands before something that begins; else its last part alone."""
        wanted, found, i = _normal(heading), [], -1
        while wanted and (i := self.letters.find(wanted, i + 1)) >= 0:
            a, b = self.at[i], self.at[i + len(wanted) - 1] + 1
            whole = not self.text[a - 1 : a].isalnum() and not self.text[b : b + 1].isalnum()
            found += [(a, b)] if whole and _BEGINS.match(self.text, b) else []
        rest = heading.partition(", ")[2]
        return found or (self._places(rest) if rest else [])

    def apart(self, place: Range) -> tuple[bool, bool]:
        """Whether a heading is set apart from what stands before and behind it."""
        a, b = place
        before = "\n" * (a < 12) + self.text[max(0, a - 12) : a]
        return _BEFORE.search(before) is not None, _BEHIND.match(self.text, b) is not None

    @cached_property
    def heading_lines(self) -> list[Range]:
        text = [self.text[a:b] for a, b in self.lines]
        short = 0.7 * median(map(len, text)) if text else 0
        found, over = [], True
        for span, line, after in zip(self.lines, text, [*text[1:], "A"], strict=True):
            titled = all(word[0].isupper() for word in re.findall(r"[^\W\d_]{5,}", line))
            looks = over and (titled or len(line) < short) and line[-1] not in ".,;:?!-"
            looks = looks and bool(_BEGINS.match(line) and _BEGINS.match(after))
            found += [span] if looks else []
            over = looks or _FINISHED.search(line) is not None
        return found

    @cached_property
    def sentences(self) -> list[Range]:
        """Sentences in order, without the headings between them."""
        starts = {0, *(m.end() for m in _END.finditer(self.text) if not self._goes_on(m))}
        headings = {place for places in self.known.values() for place in places}
        headings = {h for h in headings if h[0] in starts or any(self.apart(h))}
        headings |= set(self.heading_lines)
        cuts = sorted(starts | {at for h in headings for at in h} | {len(self.text)})
        titles = {a for a, _ in headings}
        letters = [(bisect_left(self.at, a), bisect_left(self.at, b)) for a, b in pairwise(cuts) if a not in titles]
        return [self.range(i, j) for i, j in letters if i < j]

    def _goes_on(self, end: re.Match[str]) -> bool:
        """Whether the full stop belongs to an abbreviation within a sentence."""
        word = _ABBREVIATED.search(self.text[max(0, end.start() - 12) : end.start()])
        if word is None or self.text[end.start()+1] in ")]":
            return False
        return not (word[1] and re.match(r"[A-Z][a-z]*(?![\w-])", end[1]))

    def range(self, i: int, j: int) -> Range:
        """Where the letters from i to before j stand, with the punctuation behind them."""
        tail = _TAIL.match(self.text, self.at[j - 1] + 1)
        return self.at[i], tail.end() if tail else self.at[j - 1] + 1

    def sentence(self, span: Span) -> Sentence:
        text = "\n".join(self.text[a:b] for a, b in span)
        at = span[0][0]
        column = at - self.text.rfind("\n", 0, at)
        mended = " ".join(_HYPHENATED.sub(self._joined, text).split())
        return Sentence(self.line(at), column, fingerprint(text), mended)

    def line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

    def _joined(self, broken: re.Match[str]) -> str:
        """Two halves of a word at a line end; the hyphen stays where the text elsewhere has it."""
        left, hyphen, right = broken.groups()
        parts = {left.lower(), right.lower()}
        stays = f"{left}-{right}".lower() in self.words or parts <= self.words
        stays = stays or not (left[-1] + right[0]).islower()
        whole = hyphen == "\u00ad" or (left + right).lower() in self.words
        return left if whole or not stays else f"{left}-"

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+(?:-\w+)*", _HYPHENATED.sub("", self.text).lower()))


class _CitedCopy(_Copy):
    """A copy in which the citations of one source are looked up."""

    def __init__(self, key: str, text: str, protocol: Protocol) -> None:
        cited = [s.citation for s in protocol.statements if s.citation]
        mine = [(c.where, c.letters) for c in cited if c.source == key]
        self.key = key
        self.marks: dict[str, list[str]] = {}
        for where, letters in mine:
            self.marks.setdefault(_heading(where), []).append(letters)
        super().__init__(text, [h for h in self.marks if h])
        self.spans = self._found({letters for _, letters in mine})
        self.begins = {h: self._begin(h) for h in self.known}

    # ------------------------------------------------------------------------------- looking up

    def _found(self, wanted: set[str]) -> dict[str, list[Span]]:
        """Where the letters stand: at starts of words, else interrupted, else anywhere."""
        found: dict[str, list[Span]] = {}
        ...
