"""Cited sentences, found again in the reader's own copy of a source.

A statement carries the letters of its sentence: how many a-z and 0-9 its normal form has (NFKC, lower case, nothing
else kept), and the first 12 hex digits of their SHA-256. White space, line-end hyphens and lost glyphs do not
count: a window of that length slides over any copy, and where a table or page foot interrupts a sentence, a window
of two halves.

Sentences that nothing cites are told for each section cited by number ("Methods, sentence 2"). A section begins
behind its heading; where those words stand several times: with most of its cited sentences behind, then set apart
(by line breaks or two spaces), then nearest to them. It reaches to its last cited sentence before the heading of
another cited section, and on to the next line that looks like a heading: short or capitalised, between a finished
sentence and a new one. Behind a heading on one line with its first sentence it goes on to the end of the paragraph
instead.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, pairwise
from textwrap import wrap
from typing import Literal

from scheduler.problems import Refused, printable
from scheduler.protocol.copies import LONGEST_TEXT, Copy, Range, Sentence, Span
from scheduler.protocol.model import Citation, Protocol, Statement

FEWEST_LETTERS = 12  # a shorter rest of a sentence is not named: "(Fig. 1)"
INTERRUPTION = 40  # lines at most between the halves of a sentence
MOST_TRIES = 100_000  # at such halves, for one length; a paper needs some 20,000
_NUMBERED = re.compile(r"(.+), sentences? \d.*")
_LETTERS = re.compile(r"([1-9]\d{0,3}):([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Section:
    """A cited section as this copy has it: its first and last line, and what nothing cites."""

    source: str
    heading: str
    heading_found: bool
    first: tuple[int, int]
    last: tuple[int, int]
    uncited: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Found:
    statement: Statement
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Missing:
    statement: Statement
    why: Literal["not in the text", "no text"]


@dataclass(frozen=True, slots=True)
class Citations:
    """What became of each citation. Without letters there is nothing to look for: a label's."""

    found: tuple[Found, ...]
    missing: tuple[Missing, ...]
    without_letters: tuple[Statement, ...]
    sections: tuple[Section, ...]

    @property
    def uncited(self) -> tuple[Sentence, ...]:
        return tuple(sentence for section in self.sections for sentence in section.uncited)


def sentences_with_letters(text: str, headings: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Every sentence of a text; a known heading is cut off from the sentence behind it."""
    copy = Copy(text, headings)
    return tuple(copy.sentence((r,)) for r in copy.sentences)


def find_citations(protocol: Protocol, texts: Mapping[str, str]) -> Citations:
    """Look up every cited sentence; texts by source. Refused: a text of no source, or too long for a paper."""
    if strange := sorted(texts.keys() - {source.key for source in protocol.sources}):
        raise Refused(f"{protocol.file} has no source '{strange[0]}'.")
    cited = [(s, s.citation) for s in protocol.statements if s.citation]
    copies = {key: _CitedCopy(key, text, [c for _, c in cited if c.source == key]) for key, text in texts.items()}
    found, missing = [], []
    for statement, citation in cited:
        copy = copies.get(citation.source)
        if copy and (span := copy.span(citation.where, citation.letters)):
            found.append(Found(statement, copy.sentence(span)))
        elif citation.letters:
            missing.append(Missing(statement, "not in the text" if copy else "no text"))
    without = tuple(statement for statement, citation in cited if not citation.letters)
    sections = (section for copy in copies.values() for section in copy.sections())
    return Citations(tuple(found), tuple(missing), without, tuple(sections))


def shown(citations: Citations) -> str:
    """Statement and sentence, one above the other; then what is missing, uncited; then counts."""
    lines = ["Our words, and marked > the sentence of your copy (line:column) behind them."]
    for one in citations.found:
        theirs = f"{one.sentence.text} ({one.sentence.line}:{one.sentence.column})"
        lines += [*_listed("", [one.statement]), *_wrapped(theirs, "  > ", "  > ")]
    absent, unread = (
        [m.statement for m in citations.missing if m.why == why] for why in ("not in the text", "no text")
    )
    lines += _listed("Not in your copy (another edition, broken up, or wrong letters):", absent)
    lines += _listed("No copy given (add --text SOURCE=FILE):", unread)
    lines += _listed("Cited without letters, not looked for:", citations.without_letters)
    lines += [line for section in citations.sections for line in _section(section)]
    counts = f"{len(citations.found)} found, {len(absent)} not found, {len(unread)} without a copy"
    return "\n".join([*lines, "", f"{counts}; {len(citations.uncited)} sentences cited by nothing.\n"])


def shown_sentences(text: str, headings: Iterable[str] = ()) -> str:
    """Number, letters and beginning of every sentence, for the author of a protocol."""
    rows = enumerate(sentences_with_letters(text, headings), 1)
    return "".join(f"{n:4} {s.letters:>18}  {printable(s.text)[:54]}\n" for n, s in rows)


def _listed(title: str, statements: Iterable[Statement]) -> list[str]:
    lines = [title] if title else []
    for statement in statements:
        cited = statement.citation
        lines += _wrapped(f"{statement.place.short}: {cited.source}, {cited.where}" if cited else "")
        lines += _wrapped(statement.text, "    ", "    ")
    return ["", *lines] if lines[bool(title) :] else []


def _section(section: Section) -> list[str]:
    (line, column), (last_line, last_column) = section.first, section.last
    seen = f"{line}:{column} to {last_line}:{last_column}{'' if section.heading_found else ', heading not found'}"
    says = "nothing cites:" if section.uncited else "every sentence is cited."
    lines = ["", *_wrapped(f"{section.source}, {section.heading} ({seen}): {says}")]
    for sentence in section.uncited:
        lines += _wrapped(f"{sentence.text} ({sentence.line}:{sentence.column}, letters {sentence.letters})", "  - ")
    return lines


def _wrapped(text: str, mark: str = "", under: str = "    ") -> list[str]:
    safe = printable(" ".join(text.split()))
    return wrap(safe, 78, initial_indent=mark, subsequent_indent=under, break_on_hyphens=False)


class _CitedCopy(Copy):
    """A copy in which the citations of one source are looked up."""

    def __init__(self, key: str, text: str, cited: Sequence[Citation]) -> None:
        self.key = key
        self.marks: dict[str, list[str]] = {}  # by heading, "" where cited without a number
        for citation in cited:
            self.marks.setdefault(cited_heading(citation.where), []).append(citation.letters)
        super().__init__(text, filter(None, self.marks))
        self.spans = self._found(citation.letters for citation in cited)
        self.chosen = {heading: self._place(heading) for heading in self.known}

    def span(self, where: str, letters: str) -> Span | None:
        """Where a cited sentence stands, rather behind its heading than elsewhere."""
        place = self.chosen.get(cited_heading(where)) or (0, 0)
        spans = self._behind([letters], place[1]) or self._behind([letters], 0)
        return spans[0] if spans else None

    def sections(self) -> Iterator[Section]:
        """The sections in the order of the copy; those of which it has nothing are left out."""
        ranges = [(*self._range(heading), heading) for heading in self.known]
        for i, j, heading in sorted(found for found in ranges if found[0] < found[1]):
            uncited = tuple(self.sentence((part,)) for part in self._uncited(i, j))
            yield Section(self.key, heading, bool(self.known[heading]), self.spot(i), self.spot(j - 1), uncited)

    def _place(self, heading: str) -> Range | None:
        """The best place of a heading."""

        def rank(place: Range) -> tuple[int, int, int]:
            behind = self._behind(self.marks[heading], place[1])
            reach = max((span[-1][1] for span in behind), default=place[1])
            return -len(behind), -sum(self.apart(place)), reach - place[1]

        return min(self.known[heading], key=rank, default=None)

    def _behind(self, marks: Iterable[str], begin: int, stop: int = LONGEST_TEXT * 20) -> list[Span]:
        """The first place of each cited sentence in a range."""
        every = [self.spans.get(mark, []) for mark in marks]
        fit = [[s for s in spans if begin <= s[0][0] and s[-1][1] <= stop] for spans in every]
        return [spans[0] for spans in fit if spans]

    def _range(self, heading: str) -> Range:
        """From where to where a section goes; without a heading over its cited sentences."""
        place = self.chosen[heading]
        if place is None:
            spans = self._behind(self.marks[heading], 0) or [((0, 0),)]
            return min(s[0][0] for s in spans), max(s[-1][1] for s in spans)
        stops = [other[0] for other in self.chosen.values() if other and other > place]
        stop = min(stops, default=len(self.at))
        behind = self._behind(self.marks[heading], place[1], stop)
        reach = max((span[-1][1] for span in behind), default=place[1])
        ends = [i for i, _ in self.heading_lines] if self.apart(place)[1] else self.paragraph_ends
        return place[1], min((i for i in [*ends, stop] if i >= reach), default=stop)

    def _uncited(self, begin: int, end: int) -> Iterator[Range]:
        """What no citation covers, sentence by sentence."""
        covered = sorted((s[0][0], s[-1][1]) for spans in self.spans.values() for s in spans)
        for i, j in self.sentences:
            start, stop = max(i, begin), min(j, end)
            for first, last in [*covered, (stop, stop)] if start < stop else []:
                if min(first, stop) - start >= FEWEST_LETTERS:
                    yield start, min(first, stop)
                start = max(start, last)

    def _found(self, marks: Iterable[str]) -> dict[str, list[Span]]:
        """Where the letters stand: at the starts of words, else interrupted, else anywhere."""
        words = [0, *(i for i, (a, b) in enumerate(pairwise(self.at), 1) if b - a > 1)]
        by_length: dict[int, dict[bytes, str]] = {}
        for m in filter(None, map(_LETTERS.fullmatch, marks)):
            by_length.setdefault(int(m[1]), {})[bytes.fromhex(m[2])] = m[0]
        found: dict[str, list[Span]] = {}
        for n, wanted in by_length.items():
            everywhere = range(len(self.at) - n + 1)
            for way in (self._slid(words, n), self._interrupted(n), self._slid(everywhere, n)):
                for digest, span in way:
                    if digest in wanted and span[-1][1] <= len(self.at):
                        found.setdefault(wanted[digest], []).append(span)
                if found.keys() >= set(wanted.values()):
                    break
        return found

    def _slid(self, starts: Sequence[int], n: int) -> Iterator[tuple[bytes, Span]]:
        for i in starts:
            yield sha256(self.letters[i : i + n]).digest()[:6], ((i, i + n),)

    def _interrupted(self, n: int) -> Iterator[tuple[bytes, Span]]:
        """A sentence's first lines and its last ones, others between them left out."""
        begins = [bisect_left(self.at, a) for a, _ in self.lines]
        tries = (
            (i, begins[k], j)
            for i, _ in self.sentences
            for k in range(bisect_right(begins, i), bisect_left(begins, i + n))
            for j in begins[k + 1 : k + INTERRUPTION]
        )
        for i, stop, j in islice(tries, MOST_TRIES):
            end = j + i + n - stop
            digest = sha256(self.letters[i:stop] + self.letters[j:end]).digest()[:6]
            yield digest, ((i, stop), (j, end))


def cited_heading(where: str) -> str:
    """The section of a citation by number; "" for a table, a figure or a whole section."""
    numbered = _NUMBERED.fullmatch(where)
    return numbered[1] if numbered else ""
