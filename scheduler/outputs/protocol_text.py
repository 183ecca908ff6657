"""A protocol on one sheet, and its assumptions in full."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.outputs import protocol_words as words
from scheduler.outputs.lines import and_list, clean, joined, listing, sign, standing, titled, wrapped
from scheduler.outputs.protocol_table import protocol_table
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol, Statement

WHO_DECIDES = "A hold begins by itself. Going on, reducing and removing are proposed; a named person confirms."


def protocol_sheet(protocol: Protocol) -> str:
    """What `show` prints: standing, sources, conflicts, table, levels, rules, what is off, ends, assumptions."""
    facts = [
        ("Protocol", f"{protocol.name}, edition {protocol.edition}: {standing(protocol)}"),
        ("Title", protocol.title),
        ("Criteria", f"{protocol.criteria}, for toxicity"),
        *(("Arm", f"{arm.key}: {arm.name}") for arm in protocol.arms),
        *(("Source", f"{source.key}: {source.text}") for source in protocol.sources),
        ("File", protocol.file),
    ]
    open_ones = [s for s in assumed(protocol) if not is_confirmed(s)]
    count = f"{words.counted(len(list(assumed(protocol))), 'assumption')}, {len(open_ones)} confirmed by nobody."
    return joined(
        [
            *listing(facts, indent=""),
            *wrapped(f"{count} `c1d1 protocol assumptions {clean(protocol.name)}` lists them."),
            *titled("SCHEDULE", [*protocol_table(protocol).splitlines()]),
            *titled("DOSE LEVELS", _levels(protocol)),
            *titled("HOLDS, REDUCTIONS, REMOVAL", _rules(protocol)),
            *titled("DISTANCES AND LIMITS", _points(words.limits(protocol))),
            *titled("END OF TREATMENT", _points(words.ends(protocol))),
            *titled("WHERE SOURCES DISAGREE", _conflicts(protocol)),
            *titled("OFFERED AND SWITCHED OFF", _switched_off(protocol)),
        ]
    )


def assumptions_text(protocol: Protocol) -> str:
    """Every assumption: why, what otherwise, who confirmed it, where it stands, which policies it settles."""
    found = list(assumed(protocol))
    open_ones = sum(not is_confirmed(statement) for statement in found)
    title = (
        f"ASSUMPTIONS of {clean(protocol.name)}, edition {protocol.edition}: "
        f"{len(found)}, of which {open_ones} are confirmed by nobody"
    )
    lines = wrapped(title)
    for number, statement in enumerate(found, start=1):
        lines += ["", *wrapped(clean(statement.text), f"{number:>3}  "), *_assumption(statement)]
    return joined(lines)


def assumed(protocol: Protocol) -> Iterator[Statement]:
    """The statements that no source says, in file order."""
    return (statement for statement in protocol.statements if statement.standing == "assumed")


def is_confirmed(statement: Statement) -> bool:
    return statement.confirmed_by not in ("", "nobody")


def _assumption(statement: Statement) -> list[str]:
    settled = ", ".join(f"{e.policy}: {e.value}" for e in statement.effects if isinstance(e, m.Setting))
    facts = [
        ("because", statement.because),
        ("otherwise", statement.otherwise),
        ("confirmed by", statement.confirmed_by),
        ("stands at", statement.place.short),
        ("settles", settled),
        ("note", statement.note),
        ("in use", "" if statement.in_use else "no, switched off"),
    ]
    return listing((fact for fact in facts if fact[1]), indent="     ")


def _points(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield from wrapped(text, "  - ")


def _levels(protocol: Protocol) -> list[str]:
    """Amounts at each level, by treatment and arm; '(assumed)' where no source gives them."""
    rows: dict[str, list[str]] = {}
    for level, statement in protocol.effects(m.Level):
        treatment = protocol.treatment(level.treatment)
        arms = f", {and_list(level.arms)}" if level.arms else ""
        assumed_too = " (assumed)" if statement.standing == "assumed" else ""
        row = rows.setdefault(f"{sign(treatment.mark, treatment.letter)} {treatment.name}{arms}", [])
        row.append(f"level {level.level}: {level.rate}{assumed_too}")
    return [
        line
        for name, levels in rows.items()
        for line in (*wrapped(name, "  ", "      "), *wrapped("; ".join(levels), "      "))
    ]


def _rules(protocol: Protocol) -> list[str]:
    texts = [
        words.rule(rule, protocol) + (" (assumed)" if statement.standing == "assumed" else "")
        for rule, statement in protocol.effects(m.Rule)
    ]
    if not texts:
        return []
    counts, asks = protocol.setting("attribution_fires"), protocol.setting("attribution_asks")
    said = [*texts, WHO_DECIDES]
    if counts:
        said.append(f"Attributions that count: {_plain(counts)}; that bring a question: {_plain(asks) or 'none'}.")
    return list(_points(iter(said)))


def _plain(value: str) -> str:
    """A choice of the file in words: 'not_assessed' is 'not assessed'."""
    return clean(value).replace("_", " ")


def _conflicts(protocol: Protocol) -> Iterator[str]:
    for conflict in protocol.conflicts:
        yield from wrapped(clean(conflict.text), "  - ")
        text = f"Followed: {clean(conflict.follows)}. {clean(conflict.because)} ({conflict.place.short})"
        yield from wrapped(clean(text), "    ")


def _switched_off(protocol: Protocol) -> Iterator[str]:
    for statement in protocol.statements:
        if statement.in_use:
            continue
        cited = statement.citation
        source = f"{cited.source}, {cited.where}; " if cited else ""
        yield from wrapped(clean(f"{statement.text} ({source}{statement.place.short})"), "  - ")
        for effect in statement.effects:
            if isinstance(effect, m.Rule):
                yield from wrapped(words.rule(effect, protocol), "    ", "      ")
        if statement.note:
            yield from wrapped(clean(f"Note: {statement.note}"), "    ")
