"""What a named person decides: holds, going on, levels, loading again, declining what was proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduler.clinic import finding
from scheduler.clinic.scene import Intent, Scene
from scheduler.clinic.words import day, names
from scheduler.engine import levels
from scheduler.engine.episodes import Episode
from scheduler.engine.schedule import Proposal
from scheduler.problems import Refused
from scheduler.protocol.wording import did_you_mean, listed
from scheduler.record.events import DoseLevelSet, HoldLifted, HoldOrdered, ProposalDeclined, ReloadConfirmed

REACH = timedelta(days=120)


def hold(scene: Scene, named: Sequence[str]) -> Intent:
    """Hold treatments, or all of them."""
    protocol = scene.chart.protocol
    chosen = finding.treatments(protocol, named) or tuple(t.key for t in protocol.treatments)
    return Intent((HoldOrdered(scene.on, chosen),))


def lift(scene: Scene, named: Sequence[str], level: int | None = None) -> Intent:
    """Let held treatments go on, at the level that the rules propose, or at another with a reason."""
    return _Lifting.of(scene, named).at(level)


def set_level(scene: Scene, name: str, level: int) -> Intent:
    """Another dose level for a treatment, or for all strengths of a drug; raising one takes a reason."""
    chosen = finding.treatments(scene.chart.protocol, [name])
    flags: list[str] = []
    for key in chosen:
        _check_row(scene, key, level, needed=False)
        if level > _level_now(scene, key):
            flags.append(_raised(scene, key, level))
    return Intent(tuple(DoseLevelSet(scene.on, key, level) for key in chosen), tuple(flags))


def reload(scene: Scene, name: str) -> Intent:
    """The loading dose again; where nobody proposed it, with a reason."""
    (key, *more) = finding.treatments(scene.chart.protocol, [name])
    if more:
        raise Refused(f"{name} has several strengths. Name one of {listed([key, *more])}.")
    proposals = scene.schedule(scene.on + REACH).proposals
    if not any(p.kind == "reload" and key in p.treatments for p in proposals):
        scene.wants_reason(f"Loading {names(scene.chart.protocol, [key])} again is not proposed.")
    return Intent((ReloadConfirmed(scene.on, key),))


def decline(scene: Scene, proposal: str) -> Intent:
    """Decide against a proposal."""
    found = {p.id: p for p in scene.schedule(scene.on + REACH).proposals}
    found |= {p.id: p for p in scene.chart.schedule(scene.today + REACH, scene.today).proposals}
    if proposal not in found:
        there = f" Open are {listed(list(found), 'and')}." if found else " Nothing is proposed now."
        raise Refused(f"There is no open proposal {proposal}.{did_you_mean(proposal, found)}{there}")
    scene.wants_reason(f"{proposal} is a decision of the protocol that you turn down.")
    return Intent((ProposalDeclined(scene.on, proposal),))


# ---------------------------------------------------------------- going on after a hold


@dataclass(frozen=True, slots=True)
class _Lifting:
    """What is to go on: the open episodes that hold it, and the level that the rules allow for each treatment."""

    scene: Scene
    episodes: tuple[Episode, ...]
    allowed: Mapping[str, int]
    named: bool

    @staticmethod
    def of(scene: Scene, named: Sequence[str]) -> _Lifting:
        chart = scene.chart
        open_ones = [e for e in chart.episodes(max(scene.on, chart.last_event_on)).all if e.is_open]
        held = tuple(dict.fromkeys(key for e in open_ones for key in e.still_held))
        if not held:
            raise Refused(f"Nothing is held for {chart.subject}.")
        chosen = finding.treatments(chart.protocol, named) or held
        free = [key for key in chosen if key not in held]
        if free:
            raise Refused(f"{names(chart.protocol, free)} is not held. Held: {listed(held, 'and')}.")
        mine = tuple(e for e in open_ones if set(e.still_held) & set(chosen))
        late = max(e.began for e in mine)
        if scene.on < late:
            raise Refused(f"The hold began on {day(late)}, after {day(scene.on)}. Check the date.")
        now = {key: _level_now(scene, key) for key in chosen}
        return _Lifting(scene, mine, dict(_allowed(scene, mine, now)), bool(named))

    def at(self, level: int | None) -> Intent:
        """The events: one for each level, and one for what goes on at the same dose."""
        if level is not None:
            self._check_said(level)
        flags = list(self._reservations())
        chosen: dict[str, int | None] = {}
        for key, allowed in self.allowed.items():
            wanted = self._wanted(key, allowed, level)
            _check_row(self.scene, key, wanted, needed=level is None)
            if wanted > allowed:
                flags.append(self._above(key, wanted, allowed))
            chosen[key] = wanted if wanted != _level_now(self.scene, key) else None
        groups: dict[int | None, list[str]] = {}
        for key, wanted_level in chosen.items():
            groups.setdefault(wanted_level, []).append(key)
        events = (HoldLifted(self.scene.on, tuple(keys), lv) for lv, keys in groups.items())
        return Intent(tuple(events), tuple(flags))

    def _wanted(self, key: str, allowed: int, level: int | None) -> int:
        """A level that was said counts for what the rules lower, or for all that have levels where none is."""
        if level is None:
            return allowed
        lowered = [k for k, a in self.allowed.items() if a != _level_now(self.scene, k)]
        mine = self.named or key in lowered or not lowered
        has_levels = bool(levels.table(self.scene.chart.protocol, self.scene.chart.arm, key))
        return level if mine and has_levels else allowed

    def _reservations(self) -> Iterator[str]:
        """Why somebody might not let it go on yet; each takes a reason."""
        proposed = self.scene.schedule(self.scene.on + REACH).proposals
        for episode in self.episodes:
            text = "" if episode.ordered else self._too_soon(episode, proposed)
            if text:
                self.scene.wants_reason(text)
                yield text
        for proposal in self._against(proposed):
            self.scene.wants_reason(f"{proposal.id} is open: {proposal.text}")
            yield f"{proposal.id} is still open: {proposal.text}"

    def _too_soon(self, episode: Episode, proposed: Sequence[Proposal]) -> str:
        said = f"{episode.cause}, of {episode.began} (entry {episode.number})"
        if episode.resolved is None or episode.resolved > self.scene.on:
            return f"{said}, is not recorded as resolved by {self.scene.on}."
        if not any(p.id.endswith(f"-{episode.number}") for p in proposed):
            return f"{said}: going on is not proposed on {self.scene.on}."
        return ""

    def _against(self, proposed: Sequence[Proposal]) -> list[Proposal]:
        """Proposals to stop or remove what is to go on."""
        numbers = {e.number for e in self.episodes} | {e.last_number for e in self.episodes}
        return [
            p
            for p in proposed
            if p.kind == "remove" or (p.kind == "stop" and (int(p.id.rpartition("-")[2]) in numbers))
        ]

    def _above(self, key: str, wanted: int, allowed: int) -> str:
        name = names(self.scene.chart.protocol, [key])
        text = f"Level {wanted} of {name} is above level {allowed}, which the rules allow."
        self.scene.wants_reason(text)
        return text

    def _check_said(self, level: int) -> None:
        protocol, arm = self.scene.chart.protocol, self.scene.chart.arm
        if not any(levels.table(protocol, arm, key) for key in self.allowed) and level != 0:
            raise Refused(f"The protocol has no dose levels for {names(protocol, self.allowed)}. Leave out --level.")


def _allowed(scene: Scene, episodes: Sequence[Episode], now: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The highest level at which each treatment may go on: the lowest that any episode asks for."""
    protocol, arm = scene.chart.protocol, scene.chart.arm
    asked = [levels.proposed(protocol, arm, episode, dict(now)) for episode in episodes if not episode.ordered]
    for key, current in now.items():
        yield key, min([current, *(found[key] for found in asked if key in found)])


def _level_now(scene: Scene, key: str) -> int:
    step = levels.level_on(levels.steps(scene.chart.history).get(key, ()), scene.on)
    return step.level if step else 0


def _check_row(scene: Scene, key: str, level: int, *, needed: bool) -> None:
    """Refused where the protocol has no amount for a level."""
    table = levels.table(scene.chart.protocol, scene.chart.arm, key)
    if level in table or level == 0:
        return
    name = names(scene.chart.protocol, [key])
    if not table:
        raise Refused(f"The protocol has no dose levels for {name}.")
    there = listed([str(known) for known in sorted(table, reverse=True)], "and")
    if needed and level < min(table):
        raise Refused(
            f"A reduction of {name} is due, and the protocol has no level below {min(table)}."
            f" End it (c1d1 record end), or choose one of the levels {there} with --level and --reason."
        )
    raise Refused(f"{name} has the levels {there}, and no level {level}.")


def _raised(scene: Scene, key: str, level: int) -> str:
    protocol = scene.chart.protocol
    policy = protocol.setting("re_escalation")
    rule = (
        "The protocol never raises a reduced dose again." if policy == "never" else "It is the investigator's decision."
    )
    text = f"Level {level} of {names(protocol, [key])} is above level {_level_now(scene, key)}. {rule}"
    scene.wants_reason(text)
    return text
