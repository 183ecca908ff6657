"""A reader's copy of a text: its normal form, its sentences and their letters, its headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from statistics import median
from unicodedata import combining, normalize

from scheduler.problems import Refused

LONGEST_TEXT = 500_000  # characters; a paper has some 50,000
WIDE = 200  # characters in the usual line of a text that is not wrapped

Range = tuple[int, int]  # numbers of letters of the normal form, the second not included
Span = tuple[Range, ...]  # a sentence; two ranges where something interrupts it

_LINE, _PART = re.compile(r"\S(?:.*\S)?"), re.compile(r"\S+(?:[^\S\n]\S+)*")
_BEFORE, _BEHIND = re.compile(r"(?:\n|\s\s)[\d.]*\s?$"), re.compile(r"[.:]?\s*?(?:\n|\s\s|\Z)")
_QUOTES = "\"'\u2018\u2019\u201c\u201d"
_BEGINS = re.compile(rf"\s*[(\[>{_QUOTES}]*[A-Z0-9]")
_FINISHED = re.compile(rf"[.?!\]][)\]\d{_QUOTES}]*$")
_TAIL = re.compile(rf"-?(?:\s*[)\].,;:?!%{_QUOTES}]+)*")
_END = re.compile(
    rf"(?:\.|(?<=\S)[?!])[)\]{_QUOTES}]*(?:(?<=[a-z)\]]\.)\d[\d,\u2013-]*)?\s+"
    rf"(?=[(\[>{_QUOTES}]*([A-Z0-9]\S*))"
)
_ABBREVIATED = re.compile(  # in brackets: those with which a sentence may end
    r"(?<![^\s(\[])(?:al|[Ff]igs?|[Rr]efs?|[Ee]qs?|vs|cf|ca|e\.g|i\.e|St|Dr|(?:[A-Z]\.)+[A-Z]"
    r"|([Nn]os?|[Vv]ol|pp?|approx|(?:[a-z]\.)+[a-z]))$"
)
_HYPHENATED = re.compile(r"(?<!\w)(\w{1,40})([-\u00ad\u2010])\s*\n\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the reader's copy, its white space and line-end hyphens mended."""

    line: int
    column: int
    letters: str
    text: str


def fingerprint(sentence: str) -> str:
    """Length and hash of the normal form, like "60:239d03bc7238"."""
    letters = _normal(sentence)
    return f"{len(letters)}:{sha256(letters.encode()).hexdigest()[:12]}"


class Copy:
    """A text, its normal form, and where in the text each letter of the normal form stands."""

    def __init__(self, text: str, headings: Iterable[str] = ()) -> None:
        if len(text) > LONGEST_TEXT:
            raise Refused(f"A text has over {LONGEST_TEXT:,} characters: cut the cited paper out.")
        pairs = list(_letters(text))
        self.text, self.at = text, [at for _, at in pairs]
        self.letters = "".join(letter for letter, _ in pairs).encode()
        lines = [m.span() for m in _LINE.finditer(text)]
        self.wide = median([b - a for a, b in lines] or [0]) > WIDE
        self.lines = [m.span() for m in _PART.finditer(text)] if self.wide else lines
        self.words = set(re.findall(r"\w+(?:-\w+)*", _HYPHENATED.sub("", text).lower()))
        self.known = {heading: self._places(heading) for heading in headings}

    def _places(self, heading: str) -> list[Range]:
        """Where a heading stands before something that begins; else its last part alone."""
        wanted, found, i = _normal(heading).encode(), [], -1
        while wanted and (i := self.letters.find(wanted, i + 1)) >= 0:
            a, b = self.at[i], self.at[i + len(wanted) - 1] + 1
            inner = any(c.isalnum() for c in self.text[max(0, a - 1) : a] + self.text[b : b + 1])
            if not inner and not self.text[a].islower() and _BEGINS.match(self.text, b):
                found.append((i, i + len(wanted)))
        rest = heading.partition(", ")[2]
        return found or (self._places(rest) if rest else [])

    def apart(self, place: Range) -> tuple[bool, bool]:
        """Whether a heading is set apart from what stands before and behind it."""
        a, b = self.at[place[0]], self.at[place[1] - 1] + 1
        before = "\n" * (a < 12) + self.text[max(0, a - 12) : a]  # it may have a number: "2.1. Methods"
        return bool(_BEFORE.search(before)), bool(_BEHIND.match(self.text, b))

    @cached_property
    def heading_lines(self) -> list[Range]:
        text = [self.text[a:b] for a, b in self.lines]
        short = 0.7 * median(map(len, text or [""]))
        found, over = [], True
        for (a, b), line, after in zip(self.lines, text, [*text[1:], "A"], strict=False):
            titled = all(word[0].isupper() for word in re.findall(r"[^\W\d_]{5,}", line))
            like = (titled or len(line) < short) and line[-1] not in ".,;:?!-"
            looks = like and over and bool(_BEGINS.match(line) and _BEGINS.match(after))
            found += [(bisect_left(self.at, a), bisect_left(self.at, b))] if looks else []
            over = looks or _FINISHED.search(line) is not None
        return found

    @property
    def paragraph_ends(self) -> list[int]:
        gaps = [(a, self.text[a:b]) for (_, a), (b, _) in pairwise(self.lines)]
        ends = [a for a, gap in gaps if self.wide or gap.count("\n") > 1]
        return [bisect_left(self.at, a) for a in ends if _FINISHED.search(self.text[max(0, a - 12) : a])]

    @cached_property
    def sentences(self) -> list[Range]:
        """Sentences in order, without the headings between them."""
        ends = [m for m in _END.finditer(self.text) if not self._goes_on(m)]
        starts = {0, len(self.at), *(bisect_left(self.at, m.end()) for m in ends)}
        known = [place for places in self.known.values() for place in places]
        titles = [h for h in known if h[0] in starts or self.apart(h)[0]] + self.heading_lines
        cuts, dropped = sorted(starts.union(*titles)), {i for i, _ in titles}
        return [pair for pair in pairwise(cuts) if pair[0] not in dropped]

    def _goes_on(self, end: re.Match[str]) -> bool:
        """Whether the full stop belongs to an abbreviation within a sentence."""
        word = _ABBREVIATED.search(self.text[max(0, end.start() - 12) : end.start()])
        over = word and word[1] and self.text[end.start() + 1].isspace()
        return bool(word) and not (over and re.match(r"[A-Z][a-z]*(?![\w-])", end[1]))

    def stretch(self, part: Range) -> str:
        """The text of some letters, with the punctuation behind them."""
        a, b = self.at[part[0]], self.at[part[1] - 1] + 1
        tail = _TAIL.match(self.text, b)
        return self.text[a : tail.end() if tail else b]

    def spot(self, i: int) -> tuple[int, int]:
        """Line and column of a letter."""
        at = self.at[i]
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)

    def sentence(self, span: Span) -> Sentence:
        text = "\n".join(self.stretch(part) for part in span)
        mended = re.sub(r"(?<=[\u2013/])\s*\n\s*", "", _HYPHENATED.sub(self._joined, text))
        return Sentence(*self.spot(span[0][0]), fingerprint(text), " ".join(mended.split()))

    def _joined(self, broken: re.Match[str]) -> str:
        """A word broken at a line end; its hyphen stays where the text elsewhere has one."""
        left, hyphen, right = broken.groups()
        if hyphen == "\u00ad" or (left + right).lower() in self.words:
            return left + right
        words = {left.lower(), right.lower()} <= self.words and len(left) > 3
        apart = words or f"{left}-{right}".lower() in self.words or not (left[-1] + right[0]).islower()
        return f"{left}-{right}" if apart else left + right


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
