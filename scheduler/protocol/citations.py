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
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
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
Hits = Iterator[tuple[bytes, Span]]

_NUMBERED = re.compile(r"(.+), sentences? \d.*")
_LETTERS = re.compile(r"([1-9]\d{0,4}):([0-9a-f]{12})")
_LINE, _PART = re.compile(r"\S(?:.*\S)?"), re.compile(r"\S+(?:[^\S\n]\S+)*")
_BEFORE, _BEHIND = re.compile(r"(?:\n|\s\s)[\d.]*\s?$"), re.compile(r"[.:]?\s*?(?:\n|\s\s|\Z)")
_QUOTES = "\"'\u2018\u2019\u201c\u201d"
_BEGINS = re.compile(rf"\s*[(\[>{_QUOTES}]*[A-Z0-9]")
_FINISHED = re.compile(rf"[.?!][)\]\d{_QUOTES}]*$")
_TAIL = re.compile(rf"(?:\s*[)\].,;:?!%{_QUOTES}]+)*")
_END = re.compile(
    rf"(?:\.|(?<=\S)[?!])[)\]{_QUOTES}]*(?:(?<=[a-z)\]]\.)\d[\d,\u2013-]*)?\s+"
    rf"(?=[(\[>{_QUOTES}]*([A-Z0-9]\S*))"
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
        if copy and (span := copy.span(cited.where, cited.letters)):
            found.append(Found(statement, copy.sentence(span)))
        elif not cited.letters:
            missing.append(Missing(statement, "no letters"))
        else:
            missing.append(Missing(statement, "not in the text" if copy else "no text"))
    sections = [section for copy in copies.values() for section in copy.sections()]
    return Citations(tuple(found), tuple(missing), tuple(sections))


def shown(citations: Citations) -> str:
    """Statement and sentence, one above the other; then what is missing, uncited; then counts."""
    lines = ["Our words, and marked > the sentence of your copy (line:column) that they rest on."]
    for one in citations.found:
        theirs = f"{one.sentence.text} ({one.sentence.line}:{one.sentence.column})"
        lines += ["", *_cited(one.statement), *_wrapped("  > ", theirs)]
    counts = [f"{len(citations.found)} found"]
    for why in ("not in the text", "no letters", "no text"):
        some = [one.statement for one in citations.missing if one.why == why]
        lines += ["", f"{_TITLES[why]}:"] if some else []
        lines += [line for statement in some for line in _cited(statement)]
        counts.append(f"{len(some)} {why}")
    for section in citations.sections:
        lines += ["", *_wrapped("", _range(section))]
        for sentence in section.uncited:
            at = f"({sentence.line}:{sentence.column}, letters {sentence.letters})"
            lines += _wrapped("  - ", f"{sentence.text} {at}")
    counts.append(f"{len(citations.uncited)} cited by nothing")
    return "\n".join([*lines, "", f"Sentences: {', '.join(counts)}."])


_TITLES: dict[Why, str] = {
    "not in the text": "Not found in your copy (another edition, a broken sentence, wrong letters)",
    "no letters": "Cited without letters, so not looked for",
    "no text": "No copy given (--text SOURCE=FILE)",
}


def _range(section: Section) -> str:
    first, last = section.lines
    behind = "" if section.heading_found else " (heading not found: from its first cited sentence)"
    nothing = "nothing cites" if section.uncited else "every sentence is cited"
    return f"{section.source}, {section.heading}, lines {first} to {last}{behind}: {nothing}"


def _cited(statement: Statement) -> list[str]:
    cited = statement.citation
    at = f"{statement.place.short}  {cited.source}, {cited.where}" if cited else ""
    return [*_wrapped("", at), *_wrapped("    ", statement.text)]


def _wrapped(mark: str, text: str) -> list[str]:
    indent = {"initial_indent": mark, "subsequent_indent": mark}
    return wrap(printable(" ".join(text.split())), 78, break_on_hyphens=False, **indent)


class _Copy:
    """A text, its normal form, and where in the text each letter of the normal form stands."""

    def __init__(self, text: str, headings: Iterable[str] = ()) -> None:
        if len(text) > LONGEST_TEXT:
            long = f"{len(text):,} characters, and {LONGEST_TEXT:,} are read"
            raise Refused(f"The text has {long}: cut the cited paper out of it.")
        pairs = list(_letters(text))
        self.text, self.at = text, [at for _, at in pairs]
        self.letters = "".join(letter for letter, _ in pairs).encode()
        lines = [m.span() for m in _LINE.finditer(text)]
        self.wide = median([b - a for a, b in lines] or [0]) > WIDE
        self.lines = [m.span() for m in _PART.finditer(text)] if self.wide else lines
        self.known = {heading: self._places(heading) for heading in headings}

    def _places(self, heading: str) -> list[Range]:
        """Where a heading stands before something that begins; else its last part alone."""
        wanted, found, i = _normal(heading).encode(), [], -1
        while wanted and (i := self.letters.find(wanted, i + 1)) >= 0:
            a, b = self.at[i], self.at[i + len(wanted) - 1] + 1
            whole = not self.text[max(0, a - 1) : a].isalnum() and not self.text[b : b + 1].isalnum()
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
        known = {place for places in self.known.values() for place in places}
        titles = {h for h in known if h[0] in starts or any(self.apart(h))} | {*self.heading_lines}
        cuts = sorted(starts | {at for title in titles for at in title} | {len(self.text)})
        dropped = {a for a, _ in titles}
        pieces = [self.numbers(a, b) for a, b in pairwise(cuts) if a not in dropped]
        return [self.range(i, j) for i, j in pieces if i < j]

    def _goes_on(self, end: re.Match[str]) -> bool:
        """Whether the full stop belongs to an abbreviation within a sentence."""
        word = _ABBREVIATED.search(self.text[max(0, end.start() - 12) : end.start()])
        if word is None or not self.text[end.start() + 1].isspace():
            return False
        return not (word[1] and re.match(r"[A-Z][a-z]*(?![\w-])", end[1]))

    def numbers(self, a: int, b: int) -> Range:
        """Which letters of the normal form stand from a to before b."""
        return bisect_left(self.at, a), bisect_left(self.at, b)

    def range(self, i: int, j: int) -> Range:
        """Where the letters from number i to before j stand, with the punctuation behind them."""
        tail = _TAIL.match(self.text, self.at[j - 1] + 1)
        return self.at[i], tail.end() if tail else self.at[j - 1] + 1

    def line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

    def sentence(self, span: Span) -> Sentence:
        text = "\n".join(self.text[a:b] for a, b in span)
        at = span[0][0]
        mended = " ".join(_HYPHENATED.sub(self._joined, text).split())
        return Sentence(self.line(at), at - self.text.rfind("\n", 0, at), fingerprint(text), mended)

    def _joined(self, broken: re.Match[str]) -> str:
        """Half a word at a line end; the hyphen stays where the text elsewhere has it."""
        left, hyphen, right = broken.groups()
        apart = f"{left}-{right}".lower() in self.words or {left.lower(), right.lower()} <= self.words
        apart = apart or not (left[-1] + right[0]).islower()
        whole = hyphen == "\u00ad" or (left + right).lower() in self.words
        return left if whole or not apart else f"{left}-"

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+(?:-\w+)*", _HYPHENATED.sub("", self.text).lower()))


class _CitedCopy(_Copy):
    """A copy in which the citations of one source are looked up."""

    def __init__(self, key: str, text: str, protocol: Protocol) -> None:
        cited = [s.citation for s in protocol.statements if s.citation]
        self.key = key
        self.marks: dict[str, list[str]] = {}  # by heading, "" where cited without a number
        for citation in cited:
            if citation.source == key:
                self.marks.setdefault(_heading(citation.where), []).append(citation.letters)
        super().__init__(text, filter(None, self.marks))
        self.spans = self._found({mark for marks in self.marks.values() for mark in marks})
        self.begins = {heading: self._begin(heading) for heading in self.known}

    def span(self, where: str, letters: str) -> Span | None:
        """Where a cited sentence stands, rather behind its heading than elsewhere."""
        spans, begin = self.spans.get(letters, []), self.begins.get(_heading(where), (0, 0))
        return next(iter(self._behind([letters], begin)), spans[0] if spans else None)

    def sections(self) -> Iterator[Section]:
        """The sections in the order of the copy."""
        ranges = {heading: self._range(heading, begin) for heading, begin in self.begins.items()}
        for heading, (a, b) in sorted(ranges.items(), key=lambda one: one[1]):
            lines = self.line(a), self.line(max(a, b - 1))
            uncited = tuple(self.sentence((r,)) for r in self._uncited(a, b))
            yield Section(self.key, heading, bool(self.known[heading]), lines, uncited)

    def _begin(self, heading: str) -> Range:
        """The best place of a heading; where there is none, before its first cited sentence."""

        def rank(place: Range) -> tuple[int, int, int]:
            behind = self._behind(self.marks[heading], place)
            reach = max((span[-1][1] for span in behind), default=place[1])
            return -len(behind), -sum(self.apart(place)), reach - place[1]

        first = min((s[0][0] for s in self._behind(self.marks[heading], (0, 0))), default=0)
        return min(self.known[heading], key=rank, default=(first, first))

    def _behind(self, marks: list[str], place: Range, stop: int | None = None) -> list[Span]:
        """The first place of each cited sentence behind a heading and before a stop."""
        last = len(self.text) if stop is None else stop
        spans = [self.spans.get(mark, []) for mark in marks]
        fit = [[s for s in some if s[0][0] >= place[1] and s[-1][1] <= last] for some in spans]
        return [some[0] for some in fit if some]

    def _range(self, heading: str, begin: Range) -> Range:
        stops = [a for a, _ in self.begins.values() if a > begin[0]]
        stop = min(stops, default=len(self.text))
        behind = self._behind(self.marks[heading], begin, stop)
        reach = max((span[-1][1] for span in behind), default=begin[1])
        if not self.known[heading]:
            return begin[1], reach
        ends = [a for a, _ in self.heading_lines] if self.apart(begin)[1] else self.paragraph_ends
        return begin[1], min([end for end in ends if end >= reach] + [stop])

    @cached_property
    def paragraph_ends(self) -> list[int]:
        gaps = [(a, self.text[a:b]) for (_, a), (b, _) in pairwise(self.lines)]
        ends = [a for a, gap in gaps if self.wide or gap.count("\n") > 1]
        return [a for a in ends if _FINISHED.search(self.text[max(0, a - 12) : a])]

    def _uncited(self, begin: int, end: int) -> Iterator[Range]:
        """What no citation covers, sentence by sentence."""
        covered = sorted((s[0][0], s[-1][1]) for spans in self.spans.values() for s in spans)
        for a, b in self.sentences:
            start, stop = max(a, begin), min(b, end)
            for c, d in [*covered, (stop, stop)]:
                i, j = self.numbers(start, min(c, stop))
                if j - i >= FEWEST_LETTERS:
                    yield self.range(i, j)
                start = max(start, d)

    def _found(self, marks: set[str]) -> dict[str, list[Span]]:
        """Where the letters stand: at the starts of words, else interrupted, else anywhere."""
        everywhere = range(len(self.at))
        words = [i for i in everywhere if i == 0 or self.at[i] - self.at[i - 1] > 1]
        found: dict[str, list[Span]] = {}
        parsed = [m for mark in marks if (m := _LETTERS.fullmatch(mark))]
        for n in sorted({int(m[1]) for m in parsed}):
            wanted = {bytes.fromhex(m[2]): m[0] for m in parsed if int(m[1]) == n}
            for way in (partial(self._sliding, words), self._interrupted, partial(self._sliding, everywhere)):
                hits = list(way(n, wanted))
                for digest, span in hits:
                    found.setdefault(wanted[digest], []).append(span)
                wanted = {digest: mark for digest, mark in wanted.items() if mark not in found}
        return found

    def _sliding(self, starts: Sequence[int], n: int, wanted: Container[bytes]) -> Hits:
        for i in starts:
            digest = sha256(self.letters[i : i + n]).digest()[:6]
            if digest in wanted and i + n <= len(self.at):
                yield digest, (self.range(i, i + n),)

    def _interrupted(self, n: int, wanted: Container[bytes]) -> Hits:
        """Sentences whose first lines and last lines have others between them."""
        begins = [bisect_left(self.at, a) for a, _ in self.lines]
        for i in [bisect_left(self.at, a) for a, _ in self.sentences]:
            for k in range(bisect_right(begins, i), bisect_left(begins, i + n)):
                head, rest = sha256(self.letters[i : begins[k]]), i + n - begins[k]
                for j in begins[k + 1 : k + INTERRUPTION]:
                    whole = head.copy()
                    whole.update(self.letters[j : j + rest])
                    if whole.digest()[:6] in wanted and j + rest <= len(self.at):
                        yield whole.digest()[:6], ((self.at[i], self.lines[k - 1][1]), self.range(j, j + rest))


def _heading(where: str) -> str:
    """The section of a citation by number; "" for a table, a figure or a whole section."""
    numbered = _NUMBERED.fullmatch(where)
    return numbered[1] if numbered else ""


def _normal(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", normalize("NFKC", text).lower())


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """The normal form, each letter with its offset; an accent changes the letter before it."""
    start = 0
    for at in range(1, len(text) + 1):
        after = text[at : at + 1]
        if after.isascii() or not combining(normalize("NFKD", after)[0]):
            yield from ((letter, start) for letter in _normal(text[start:at]))
            start = at
