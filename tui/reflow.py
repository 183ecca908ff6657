"""Lists that were wrapped for paper, wrapped anew for a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.outputs.lines import wrapped

WIDTH = 76


def reflowed(lines: Sequence[str], width: int = WIDTH) -> list[str]:
    """The same text: each '- ' with the indented lines that go on after it as one paragraph."""
    found: list[str] = []
    for indent, text in _paragraphs(lines):
        then = indent.replace("-", " ") if "-" in indent else f"{indent}  "
        found += wrapped(text, indent, then, width=width) if text else [""]
    return found


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each paragraph as what stands before its first line ('    - ', or spaces), and its text."""
    before, text = "", ""
    is_open = False
    for line in lines:
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        if is_open and "-" in before and len(indent) == len(before) and bare:
            text = f"{text} {bare}"
            continue
        if is_open:
            yield before, text
        dash = bare.startswith("- ")
        before, text, is_open = (indent + "- " if dash else indent), bare[2:] if dash else bare, True
    if is_open:
        yield before, text
