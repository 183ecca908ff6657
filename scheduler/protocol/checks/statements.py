"""Statements against each other: nothing said twice or against itself, nothing approved by nobody."""

from __future__ import annotations

from scheduler.problems import Place
from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import (
    CycleLength,
    Decision,
    EndOn,
    Give,
    GivenWhere,
    LastCycle,
    LastStart,
    Reload,
    Supply,
    Window,
)
from scheduler.protocol.model import Citation
from scheduler.protocol.policies import ATTRIBUTIONS

NOBODY = ("nobody", "no one", "none", "no", "tbd", "todo", "n/a", "n.n.", "?", "??", "x", "xx", "xxx", "-", "...")


def said_once(c: Checking) -> None:
    said: list[tuple[str, str, Place]] = [("set", s.policy, s.place) for s, _ in c.protocol.settings()]
    said += [("given_by", g.treatment, g.place) for g, _ in c.protocol.effects(GivenWhere)]
    said += [("window", w.treatment, w.place) for w, _ in c.protocol.effects(Window)]
    said += [("supply", s.treatment, s.place) for s, _ in c.protocol.effects(Supply)]
    said += [("reload", r.treatment, r.place) for r, _ in c.protocol.effects(Reload)]
    said += [("decide", f"the decision before cycle {d.cycle}", d.place) for d, _ in c.protocol.effects(Decision)]
    said += [("end", "the last cycle", end.place) for end, _ in c.protocol.effects(LastCycle)]
    said += [("end", "the last start of a cycle", end.place) for end, _ in c.protocol.effects(LastStart)]
    first: dict[tuple[str, str], Place] = {}
    for block, name, place in said:
        other = first.setdefault((block, name), place)
        if other != place:
            c.problem(
                place,
                "said-twice",
                f"Line {other.line} settles {name} already, under '{block}'.",
                "Keep one of the two.",
            )


def answers_differ(c: Checking) -> None:
    """No response both goes on and ends."""
    for decision, _ in c.protocol.effects(Decision):
        for answer in decision.goes_on:
            if answer in decision.ends:
                what = f"{answer} both goes on and ends."
                c.problem(decision.place, "answer-twice", what, "Name each answer once.")


def answers_are_complete(c: Checking) -> None:
    """Each response goes on or ends; only NE (not evaluable) may be left waiting."""
    for decision, _ in c.protocol.effects(Decision):
        for answer in ("CR", "PR", "SD", "PD"):
            if answer not in (*decision.goes_on, *decision.ends):
                what = f"Nothing says what {answer} means before cycle {decision.cycle}."
                c.problem(decision.place, "answer-missing", what, "Write it before 'goes on' or before 'ends'.")


def attributions_differ(c: Checking) -> None:
    """No attribution both counts and asks, and none is written twice."""
    settings = {s.policy: s for s, _ in c.protocol.settings()}
    seen: dict[str, str] = {}
    for name in ("attribution_fires", "attribution_asks"):
        setting = settings.get(name)
        for word in setting.value.split(", ") if setting else ():
            if setting and word in seen:
                c.problem(
                    c.word_place(setting.place, word),
                    "attribution-twice",
                    f"'{word}' stands under {seen[word]} already.",
                    "Name each attribution once.",
                )
            seen.setdefault(word, name)


def attributions_have_no_gap(c: Checking) -> None:
    """What counts at one degree of relation counts at every closer one; asking likewise."""
    fires = next((s for s, _ in c.protocol.settings() if s.policy == "attribution_fires"), None)
    asks = c.protocol.setting("attribution_asks").split(", ")
    counts = fires.value.split(", ") if fires is not None else ["any"]
    if fires is None or counts == ["any"]:
        return
    scale = [word for word in ATTRIBUTIONS if word != "not_assessed"]
    for at, word in enumerate(scale):
        counting = next((lower for lower in scale[:at] if lower in counts), "")
        asking = next((lower for lower in scale[:at] if lower in asks), "")
        if word not in counts and (counting or (asking and word not in asks)):
            does = f"'{counting}' counts" if counting else f"'{asking}' asks a person"
            what = f"{does}, and the closer relation '{word}' {'does not' if counting else 'does nothing'}."
            c.problem(fires.place, "attribution-gap", what, f"Write '{word}' under 'attribution_fires'.")
            return


def citations_differ(c: Checking) -> None:
    """A fingerprint belongs to one sentence."""
    first: dict[tuple[str, str], Citation] = {}
    for citation in (s.citation for s in c.protocol.statements if s.citation is not None and s.citation.letters):
        other = first.setdefault((citation.source, citation.letters), citation)
        if other.where != citation.where:
            what = f"Line {other.place.line} has the same fingerprint for another sentence."
            mend = "Copy the fingerprint again; 'c1d1 protocol cite' shows it beside the sentence."
            c.problem(c.word_place(citation.place, citation.letters), "letters-twice", what, mend)


def conflicts_follow_a_side(c: Checking) -> None:
    sources = [source.key for source in c.protocol.sources]
    for conflict in c.protocol.conflicts:
        if conflict.follows not in conflict.between and conflict.follows in sources:
            c.problem(
                c.word_place(conflict.place, "follows"),
                "conflict-follows-nobody",
                f"'{conflict.follows}' is none of the sources in conflict.",
                f"Write {' or '.join(conflict.between)}.",
            )


def doses_are_not_switched_off(c: Checking) -> None:
    """A statement with doses, cycles or an end is no offer that may be switched off: its doses would vanish."""
    for statement in c.protocol.statements:
        effect = next((e for e in statement.effects if isinstance(e, CycleLength | Give | EndOn)), None)
        if effect is not None and not statement.in_use:
            c.lost |= {"cycles", "give", "end", "levels", "bands"}
            c.problem(
                effect.place,
                "off-with-doses",
                "This line is switched off with its statement, so no schedule would hold it.",
                "Take the statement out, or the line 'use: off'; only rules and their levels can be offered like this.",
            )


def approval(c: Checking) -> None:
    """An approved protocol names who approved it, and every assumption who confirmed it."""
    if c.protocol.standing != "approved":
        return
    if c.protocol.approved_by.casefold() in NOBODY:
        c.problem(
            c.key_place("standing"),
            "approved-by-nobody",
            "The protocol is approved by nobody.",
            "Write the clinician's name under 'approved_by', or 'standing: draft'.",
        )
    for statement in c.protocol.statements:
        if statement.standing == "assumed" and statement.confirmed_by.casefold() in NOBODY:
            c.problem(
                statement.place,
                "approved-unconfirmed",
                "The protocol is approved, and nobody has confirmed this assumption.",
                "Write the name of the person under 'confirmed_by', or 'standing: draft'.",
            )
