"""One statement: its reason (`says` with a source, or `assumes` with because and otherwise) and its effects."""

from __future__ import annotations

import re

from scheduler.problems import Misread, Place
from scheduler.protocol.effects import LINES, PAIRS
from scheduler.protocol.located_yaml import Node, Table, Text
from scheduler.protocol.meaning import Effect, Setting
from scheduler.protocol.model import Citation, Conflict, Source, Standing, Statement
from scheduler.protocol.policies import BY_NAME
from scheduler.protocol.reading import EVERYTHING, Reading
from scheduler.protocol.rules import read_rule
from scheduler.protocol.wording import did_you_mean, listed, nearest, quoted
from scheduler.protocol.words import Words

SAYS = ("says", "source", "letters")
ASSUMES = ("assumes", "because", "otherwise", "confirmed_by")
COMMON = ("use", "note", *PAIRS, *LINES, "rules", "set")
LETTERS = re.compile(r"[1-9][0-9]{0,4}:[0-9a-f]{12}")
_ANY = "a statement"
_KIND = {"says": "a statement with 'says'", "assumes": "a statement with 'assumes'"}


def read_statement(r: Reading, node: Node, sources: tuple[Source, ...]) -> Statement | None:
    """One entry of `statements`; None where it is none."""
    table = r.table(node, "A statement", "says: The first cycle has 21 days.")
    if table is None:
        r.lost.add(EVERYTHING)
        return None
    table = _known_keys(r, table)
    says, assumes = table.get("says"), table.get("assumes")
    if (says is None) == (assumes is None):
        _no_reason(r, table)
    reason = says or assumes
    text = None if reason is None else r.text(reason, table.place, "says" if says else "assumes")
    use, note = r.optional(table, "use"), r.optional(table, "note")
    if use is not None and use.value != "off":
        what = f"'use' can only be off, and {quoted(use.value)} stands here."
        r.problem(use.place, "unknown-use", what, "Write 'use: off', or take the line out to switch it on.")
    citation = _citation(r, table, sources) if says is not None else None
    effects = _effects(r, table)
    if not effects and note is None and not _has_effect_key(table):
        _no_effect(r, table)
    assumed = table if assumes is not None and says is None else None
    because, otherwise, confirmed_by = (
        _of_assumption(r, assumed, key) for key in ("because", "otherwise", "confirmed_by")
    )
    return Statement(
        standing=_standing(citation, sources),
        text=text.value if text else "",
        citation=citation,
        because=because,
        otherwise=otherwise,
        confirmed_by=confirmed_by,
        in_use=use is None or not nearest(use.value, ("off",)),
        effects=effects,
        note=note.value if note else "",
        place=table.place,
    )


def read_conflict(r: Reading, node: Table, sources: tuple[Source, ...]) -> Conflict | None:
    """Two sources that disagree."""
    node = r.only(node, ("conflict", "between", "follows", "because"), "a conflict")
    text, between = r.required(node, "conflict"), r.required(node, "between")
    follows, because = r.required(node, "follows"), r.required(node, "because")
    keys = tuple(source.key for source in sources)
    named = r.understood(between, lambda text: _sources_named(text, keys)) or ()
    if follows is not None and follows.value not in keys:
        _unknown_source(r, follows.value, follows.place, keys)
    if text is None or between is None or follows is None or because is None or not named:
        return None
    return Conflict(text.value, named, follows.value, because.value, node.place)


def _sources_named(text: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    words = Words(text)
    found = words.names(keys, "unknown-source", "a source")
    words.end("bad-between", "paper, registry")
    if len(found) < 2:
        what = "A conflict has at least two sides, and one is named here."
        raise Misread("bad-between", what, "Name the sources that disagree, like 'paper, registry'.")
    return found


def _known_keys(r: Reading, table: Table) -> Table:
    """The statement without keys that do not belong to its kind; one without a reason may have any."""
    of_kind = [*(SAYS if table.get("says") is not None else ()), *(ASSUMES if table.get("assumes") is not None else ())]
    return r.only(table, (*(of_kind or (*SAYS, *ASSUMES)), *COMMON), _KIND.get(of_kind[0] if of_kind else "", _ANY))


def _no_reason(r: Reading, table: Table) -> None:
    both = table.get("says") is not None
    r.problem(
        table.place,
        "statement-without-reason",
        "This statement has both 'says' and 'assumes'." if both else "This statement has neither 'says' nor 'assumes'.",
        "Make two statements of it."
        if both
        else "Begin it with 'says:' and its source, or with 'assumes:' where no source says it.",
    )


def _no_effect(r: Reading, table: Table) -> None:
    r.problem(
        table.place,
        "statement-without-effect",
        "This statement means nothing for the schedule.",
        "Add what it means ('give:', 'set:', ...), or a 'note:' that says why there is nothing to schedule.",
    )


def _has_effect_key(table: Table) -> bool:
    return any(entry.key.value not in (*SAYS, *ASSUMES, "use", "note") for entry in table.entries)


def _of_assumption(r: Reading, table: Table | None, key: str) -> str:
    text = None if table is None else r.required(table, key)
    return text.value if text else ""


def _standing(citation: Citation | None, sources: tuple[Source, ...]) -> Standing:
    if citation is None:
        return "assumed"
    return next((source.standing for source in sources if source.key == citation.source), "assumed")


def _unknown_source(r: Reading, key: str, place: Place, keys: tuple[str, ...]) -> None:
    near = did_you_mean(key, keys)
    r.problem(
        place,
        "unknown-source",
        f"{quoted(key)} is not a source of this file.{near}",
        f"Write {listed(keys)}." if keys else "Name it under 'sources' first.",
    )


def _citation(r: Reading, table: Table, sources: tuple[Source, ...]) -> Citation | None:
    source, letters = r.required(table, "source"), r.optional(table, "letters")
    if source is None:
        return None
    key, _, where = source.value.partition(",")
    keys = tuple(known.key for known in sources)
    if key not in keys:
        _unknown_source(r, key, source.at(0, len(key)), keys)
    elif not where.strip():
        r.problem(
            source.place,
            "citation-without-section",
            f"This citation names {quoted(key)} and no section.",
            "Write the source and the section, like 'paper, Treatment regimen, sentence 1'.",
        )
    if table.get("letters") is None and key.split("-")[0] == "paper":
        r.problem(
            source.place,
            "citation-without-letters",
            "This citation has no fingerprint of the sentence that it means.",
            f"Add 'letters:'; 'c1d1 protocol cite FILE --text {key}=PAPER.txt --sentences' prints every fingerprint.",
        )
    if letters is not None and LETTERS.fullmatch(letters.value) is None:
        r.problem(
            letters.place,
            "bad-letters",
            f"{quoted(letters.value)} is not a fingerprint.",
            'Write it like "60:239d03bc7238": length, colon, 12 characters from 0-9 and a-f.',
        )
    return Citation(key, where.strip(), letters.value if letters else "", source.place)


def _effects(r: Reading, table: Table) -> tuple[Effect, ...]:
    """What a statement means; a block of which a line could not be read is noted as lost."""
    effects: list[Effect] = []
    for entry in table.entries:
        key, before = entry.key.value, len(r.problems)
        found: list[Effect | None] = []
        if key in PAIRS:
            found = _pairs(r, key, entry.value)
        elif key in LINES:
            found = _lines(r, key, entry.value)
        elif key == "rules":
            found = [read_rule(r, node) for node in r.items(entry.value, "'rules'", "when: grade 3-4")]
        elif key == "set":
            found = _settings(r, entry.value)
        effects += [effect for effect in found if effect is not None]
        if len(r.problems) > before or None in found:
            r.lost.add(key)
    return tuple(effects)


def _pairs(r: Reading, key: str, node: Node) -> list[Effect | None]:
    reader, example = PAIRS[key]
    found: list[Effect | None] = []
    for line in r.items(node, f"'{key}'", example):
        table = r.table(line, f"A line of '{key}'", example)
        if table is None:
            continue
        if len(table.entries) != 1:
            r.problem(
                table.place,
                "two-in-one-line",
                f"This line of '{key}' holds {len(table.entries) or 'no'} entries.",
                f"Begin each with its own '- ', like '- {example}'.",
            )
            continue
        left = table.entries[0].key
        right = r.text(table.entries[0].value, left.place, left.value)
        found.append(reader(r, left, right) if right is not None else None)
    return found


def _lines(r: Reading, key: str, node: Node) -> list[Effect | None]:
    reader, example = LINES[key]
    lines = [r.text(line, line.place, key) for line in r.items(node, f"'{key}'", example)]
    return [reader(r, line) for line in lines if line is not None]


def _settings(r: Reading, node: Node) -> list[Effect | None]:
    table = r.table(node, "'set'", "cycle_anchor: actual_day_1")
    found: list[Effect | None] = []
    for entry in table.entries if table else ():
        if r.is_full:
            break
        value = r.text(entry.value, entry.key.place, entry.key.value)
        found.append(_setting(r, entry.key, value) if value is not None else None)
    return found


def _setting(r: Reading, name: Text, value: Text) -> Setting | None:
    policy = BY_NAME.get(name.value)
    if policy is None:
        near = nearest(name.value, BY_NAME)
        r.problem(
            name.place,
            "unknown-policy",
            f"{quoted(name.value)} is not a policy.{did_you_mean(name.value, BY_NAME)}",
            f"Write '{near}'." if near else "Write one of the policies that protocols/README.md lists.",
        )
        return None
    if not policy.accepts(value.value):
        near = did_you_mean(value.value, policy.choices)
        r.problem(
            value.place,
            "unknown-choice",
            f"{quoted(value.value)} is not a choice of {name.value}.{near}",
            f"Write {policy.shown_choices}.",
        )
        return None
    return Setting(name.value, value.value, name.place)
