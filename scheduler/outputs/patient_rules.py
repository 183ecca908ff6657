"""What a patient is told to go by: when a dose may be taken, and what becomes of a missed one."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.outputs import patient_texts as said
from scheduler.outputs.languages import Language
from scheduler.protocol.model import Protocol


class Rules(NamedTuple):
    """Sentences in the patient's language; `window` is '' where the protocol leaves none."""

    window: str
    missed: tuple[str, ...]


def rules_of(protocol: Protocol, language: Language) -> Rules:
    """The protocol's policies in its own sentence; where the language lacks that, the safe one that fits the policy."""
    skip = protocol.setting("missed_dose") == "skip"
    own = missed_words(protocol)
    missed = [language.say(said.LEAVE_OUT)] if skip else []
    if own and language.has(own):
        missed.append(language.texts.get(own, own))
    elif not skip:
        missed.append(language.say(said.CALL_FIRST))
    return Rules(_window(protocol, language), (*missed, language.say(said.NEVER_TWO)))


def missed_words(protocol: Protocol) -> str:
    """The statement that says what becomes of a missed dose, word for word; '' without one."""
    found = (statement.text for setting, statement in protocol.settings() if setting.policy == "missed_dose")
    return next(found, "")


def _window(protocol: Protocol, language: Language) -> str:
    hours = protocol.setting("home_dose_window").partition(" ")[0]
    if hours in ("", "0"):
        return ""
    return language.say(said.WITHIN_AN_HOUR if hours == "1" else said.WITHIN_HOURS, hours=hours)
