"""What a proof has found: how much was looked at, and for each broken law the shortest way there."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.engine.proof import COUNT, Breach, Proof
from scheduler.outputs.lines import clean, day, joined, wrapped
from scheduler.protocol.model import Protocol


def proof_text(protocol: Protocol, proof: Proof) -> str:
    """One arm: the bounds and the figures, then the broken laws, or that there is none."""
    arm = f", arm {proof.arm}" if proof.arm else ""
    looked = (
        f"{_count(proof.sequences, 'sequence')} of up to {_count(proof.events, 'event')} in "
        f"{_count(proof.cycles, 'cycle')}, and of up to {_count(proof.episodes, 'episode')} one after another; "
        f"{_count(proof.states, 'different state')} with {_count(proof.doses, 'dose')} in them."
    )
    alike = (
        f"{_count(proof.stands_for, 'grade')}, attributions and laboratory values are {proof.letters:,} different "
        "ones for these rules."
    )
    lines = wrapped(clean(f"{protocol.name}, edition {protocol.edition}{arm}"))
    lines += [*wrapped(looked, "  "), *(wrapped(alike, "  ") if proof.letters else [])]
    for breach in proof.breaches:
        lines += ["", *_broken(breach)]
    number = len(proof.breaches)
    ended = (
        f"{number} of {COUNT} laws {'is' if number == 1 else 'are'} broken." if number else f"All {COUNT} laws hold."
    )
    return joined([*lines, *([""] if proof.breaches else []), *wrapped(ended, "  ")])


def _broken(breach: Breach) -> Iterable[str]:
    yield from wrapped(clean(breach.law), "  BROKEN: ")
    for number, (cycle_day, move) in enumerate(zip(breach.days, breach.moves, strict=True), start=1):
        yield from wrapped(clean(f"{cycle_day}, {day(move.on)}: {move.words}"), f"    {number}. ")
    yield from wrapped(clean(breach.fault.what), "    => ")
    places = list(dict.fromkeys(place.short for place in breach.fault.places))
    if places:
        yield from wrapped(clean(f"See {', '.join(places)}."), "       ")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
