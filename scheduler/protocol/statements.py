"""One statement: its reason (`says` with a source, or `assumes` with because and otherwise) and its effects."""

from __future__ import annotations

import re

from scheduler.problems import Place
from scheduler.protocol.effects import LINES, PAIRS
from scheduler.protocol.located_yaml import Node, Table, Text
from scheduler.protocol.meaning import Effect, Setting
from scheduler.protocol.model import Citation, Conflict, Source, Statement
from scheduler.protocol.policies import BY_NAME
from scheduler.protocol.reading import Reading
from scheduler.protocol.rules import read_rule
from scheduler.protocol.wording import did_you_mean, listed

SAYS = ("says", "source", "letters")
ASSUMES = ("assumes", "because", "otherwise", "confirmed_by")
COMMON = ("use", "note", *PAIRS, *LINES, "rules", "set")
LETTERS = re.compile(r"[1-9]\d{0,4}:[0-9a-f]{12}")


def read_statement(r: Reading, node: Node, sources: tuple[Source, ...]) -> Statement | None:
    """One entry of `statements`; None where it has no reason to begin with."""
    table = r.table(node, "A statement", "says: The first cycle has 21 days.")
    if table is None:
        return None
    says, assumes = table.get("says"), table.get("assumes")
    if (says is None) == (assumes is None):
        _no_reason(r, table)
        return None
    r.only(table, (*(SAYS if assumes is None else ASSUMES), *COMMON), "this statement")
    text = r.text(says or assumes, table.place, "says" if says else "assumes")
    use, note = r.optional(table, "use"), r.optional(table, "note")
    r.one_of(use, ("off",), "unknown-use")
    citation = _citation(r, table, sources) if says is not None else None
    standing = _standing(citation, sources)
    effects = _effects(r, table)
    if not effects and note is None and not _has_effect_key(table):
        _no_effect(r, table)
    return Statement(
        standing=standing,  # type: ignore[arg-type]
        text=text.value if text else "",
        citation=citation,
        because=_of_assumption(r, table, "because"),
        otherwise=_of_assumption(r, table, "otherwise"),
        confirmed_by=_of_assumption(r, table, "confirmed_by"),
        in_use=use is None,
        effects=effects,
        note=note.value if note else "",
        place=table.place,
    )


def read_conflict(r: Reading, node: Table, sources: tuple[Source, ...]) -> Conflict | None:
    """Two sources that disagree."""
    r.only(node, ("conflict", "between", "follows", "because"), "a conflict")
    text, between = r.required(node, "conflict"), r.required(node, "between")
    follows, because = r.required(node, "follows"), r.required(node, "because")
    if text is None or between is None or follows is None or because is None:
        return None
    keys = tuple(source.key for source in sources)
    named = tuple(word.strip() for word in between.value.split(","))
    for key, place in [(word, between.place) for word in named] + [(follows.value, follows.place)]:
        if key not in keys:
            _unknown_source(r, key, place, keys)
    return Conflict(text.value, named, follows.value, because.value, node.place)


def _no_reason(r: Reading, table: Table) -> None:
    both = table.get("says") is not None
    r.problem(
        table.place,
        "statement-without-reason",
        "This statement has both 'says' and 'assumes'." if both else "This statement has neither 'says' nor 'assumes'.",
        "Begin it with 'says:' and its source, or with 'assumes:' where no source says it.",
    )


def _no_effect(r: Reading, table: Table) -> None:
    r.problem(
        table.place,
        "statement-without-effect",
        "This statement means nothing for the schedule.",
        "Add what it means (give, assess, set, ...), or 'note:' with the reason why there is nothing to schedule.",
    )


def _has_effect_key(table: Table) -> bool:
    return any(entry.key.value not in (*SAYS, *ASSUMES, "use", "note") for entry in table.entries)


def _of_assumption(r: Reading, table: Table, key: str) -> str:
    if table.get("assumes") is None:
        return ""
    text = r.required(table, key)
    return text.value if text else ""


def _standing(citation: Citation | None, sources: tuple[Source, ...]) -> str:
    if citation is None:
        return "assumed"
    return next((source.standing for source in sources if source.key == citation.source), "assumed")


def _unknown_source(r: Reading, key: str, place: Place, keys: tuple[str, ...]) -> None:
    near = did_you_mean(key, keys)
    r.problem(
        place,
        "unknown-source",
        f"'{key}' is not a source of this file.{near}",
        f"The file names {listed(keys) or 'none'} under 'sources'.",
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
            f"'{key}' does not say where.",
            "Write the source and the section, like 'paper, Treatment regimen, sentence 1'.",
        )
    if letters is None and key.split("-")[0] == "paper":
        r.problem(
            source.place,
            "citation-without-letters",
            "This citation has no fingerprint of the sentence that it means.",
            "Add 'letters:'; `c1d1 protocol cite FILE --text paper=PAPER.txt` prints the fingerprint of every sentence.",
        )
    if letters is not None and LETTERS.fullmatch(letters.value) is None:
        r.problem(
            letters.place,
            "bad-letters",
            f"'{letters.value}' is not a fingerprint.",
            "Write it like '60:239d03bc7238': length, colon, 12 characters.",
        )
    return Citation(key, where.strip(), letters.value if letters else "", source.place)


def _effects(r: Reading, table: Table) -> tuple[Effect, ...]:
    found: list[Effect | None] = []
    for entry in table.entries:
        key = entry.key.value
        if key in PAIRS:
            found += _pairs(r, key, entry.value)
        elif key in LINES:
            found += _lines(r, key, entry.value)
        elif key == "rules":
            found += [read_rule(r, node) for node in r.items(entry.value, "'rules'", "when: grade 3-4")]
        elif key == "set":
            found += _settings(r, entry.value)
    return tuple(effect for effect in found if effect is not None)


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
                f"This line of '{key}' holds {len(table.entries)} entries.",
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
        value = r.text(entry.value, entry.key.place, entry.key.value)
        found.append(_setting(r, entry.key, value) if value is not None else None)
    return found


def _setting(r: Reading, name: Text, value: Text) -> Setting | None:
    policy = BY_NAME.get(name.value)
    if policy is None:
        near = did_you_mean(name.value, BY_NAME)
        r.problem(
            name.place,
            "unknown-policy",
            f"'{name.value}' is not a policy.{near}",
            "protocols/README.md lists the policies and their choices.",
        )
        return None
    if not policy.accepts(value.value):
        near = did_you_mean(value.value, policy.choices)
        r.problem(
            value.place,
            "unknown-choice",
            f"'{value.value}' is not a choice of {name.value}.{near}",
            f"Write {policy.shown_choices}.",
        )
        return None
    return Setting(name.value, value.value, name.place)
