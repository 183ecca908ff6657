"""`prove`: planted faults are found, the protocols of the house are safe, and a faulty engine does not get by.

The `unsafe-*.yaml` files of `broken_protocols/` pass `check`; beside each lies what `prove` says of it. To write
that anew, and then to read it in the difference:

    C1D1_NEW_GOLDENS=1 pytest tests/test_proof.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli import main
from scheduler.engine import levels, proposals, standing
from scheduler.engine.proof import Proof, arms_to_prove, prove
from scheduler.engine.proof.ground import ground
from scheduler.engine.proof.holding import fired_by, spans
from scheduler.engine.proof.letters import alphabet
from scheduler.engine.standing import Standing
from scheduler.protocol import library
from scheduler.record.events import LabResult, ToxicityGraded
from tests.broken_files import FOLDER, NEW
from tests.conftest import ARMS, IL2, IL12, MONDAY, TABLETS, WEEKLY, patient, protocol

UNSAFE = {
    "unsafe-cause-passed-over": "holds it or is asked about",
    "unsafe-end-never-met": "When everything is over",
    "unsafe-ends-contradict": "When everything is over",
    "unsafe-lengths-contradict": "No rule asks for a longer hold than another one",
    "unsafe-nothing-lowered": "Where a rule of an episode asks for one level down",
    "unsafe-planned-day": "A cycle that nobody has moved by hand",
    "unsafe-removal-holds-half": "While a rule's proposal to stop or to remove is open",
    "unsafe-reduction-raises": "No dose is higher than the one planned",
    "unsafe-second-time": "While a rule's proposal to stop or to remove is open",
    "unsafe-stop-without-hold": "While a rule's proposal to stop or to remove is open",
    "unsafe-value-lasts": "While a rule's proposal to stop or to remove is open",
}


def ran(*words: str) -> Result:
    return CliRunner().invoke(main, ["protocol", "prove", *words])


def laws(proof: Proof) -> list[str]:
    return [breach.law for breach in proof.breaches]


# ---------------------------------------------------------------- planted faults


def test_every_unsafe_file_is_known_here() -> None:
    assert {path.stem for path in FOLDER.glob("unsafe-*.yaml")} == set(UNSAFE)
    assert {path.stem for path in FOLDER.glob("unsafe-*.txt")} == set(UNSAFE)


@pytest.mark.parametrize("name", UNSAFE)
def test_check_finds_nothing_and_prove_finds_the_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    path = Path(f"{name}.yaml")
    assert library.load(path).problems == ()
    found = ran(str(path))
    if NEW:
        path.with_suffix(".txt").write_text(found.stdout, encoding="utf-8")
    assert found.stdout == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert (found.exit_code, found.stderr) == (1, "")
    assert found.stdout.count("BROKEN") == 1
    assert UNSAFE[name] in " ".join(found.stdout.split())


@pytest.mark.parametrize("name", UNSAFE)
def test_the_counter_example_is_the_shortest(name: str) -> None:
    """With one event less the fault is not found, or it is found in the same state."""
    loaded = library.load(FOLDER / f"{name}.yaml").protocol
    assert loaded is not None
    whole = prove(loaded, None)
    length = len(whole.breaches[0].moves)
    assert length <= (4 if name == "unsafe-second-time" else 3)
    if 1 < length <= 3:
        fewer = prove(loaded, None, events=length - 1)
        same = [breach for breach in fewer.breaches if breach.law == whole.breaches[0].law]
        assert all(len(breach.moves) >= length for breach in same)


# ---------------------------------------------------------------- the protocols of the house


@pytest.mark.parametrize(("name", "events"), [(IL2, 3), (WEEKLY, 3), (IL12, 1), (TABLETS, 1)])
def test_a_protocol_of_the_house_is_safe(name: str, events: int) -> None:
    proof = prove(protocol(name), ARMS[name][-1], events=events)
    assert laws(proof) == []
    assert proof.states > 50
    assert proof.doses > proof.states


@pytest.mark.slow
@pytest.mark.parametrize("name", [IL12, TABLETS])
def test_the_large_ones_are_safe_within_all_bounds(name: str) -> None:
    for arm, events in arms_to_prove(protocol(name), None, 2, 3):
        proof = prove(protocol(name), arm, events=events)
        assert laws(proof) == []


LASTS = ("No course of paclitaxel begins", "After a week or more")


def test_a_rule_on_a_value_that_lasts_does_not_hold_before_its_time() -> None:
    """The file with a hold in place of the bare proposal is safe: a week of low values holds, one does not."""
    text = (FOLDER / "unsafe-value-lasts.yaml").read_text(encoding="utf-8")
    hold = "hold: trastuzumab\n        until: laboratory neutrophils at least 1,000 per mm3\n        resume: same level"
    loaded = library.load_text(text.replace("propose: stopping trastuzumab", hold).encode(), "lasts.yaml")
    assert loaded.protocol is not None
    assert loaded.problems == ()
    assert laws(prove(loaded.protocol, None)) == []


def test_a_value_that_has_lasted_holds_by_the_second_reckoning() -> None:
    found = protocol(IL12, LASTS)
    history = patient(MONDAY, *(low(day) for day in (22, 27, 29)), arm="cohort-3")
    lasting = [span for span in spans(found, history) if getattr(span.rule.condition, "days", 0)]
    assert {span.begins for span in lasting} <= {MONDAY + timedelta(days=28)}
    for day, has_lasted in ((22, False), (27, False), (29, True)):
        fired = fired_by(found, history, low(day), [low(before) for before in (22, 27, 29) if before <= day])
        assert any(getattr(rule.condition, "days", 0) for rule in fired) is has_lasted


def low(day: int) -> LabResult:
    return LabResult(MONDAY + timedelta(days=day - 1), "neutrophils", Decimal(400), "per mm3")


def test_a_rule_for_single_cycles_is_proved_in_its_cycles() -> None:
    """Grade 3 in cycle 2 holds nothing then, by the engine and by the second reckoning alike."""
    only = (("- when: grade 3-4\n", "- in: cycle 1\n        when: grade 3-4\n"),)
    proof = prove(protocol(IL2, (), only), None, events=2)
    assert laws(proof) == []
    whole = prove(protocol(IL2), None, events=2)
    assert proof.states < whole.states


def test_arms_with_the_same_days_take_fewer_events() -> None:
    assert arms_to_prove(protocol(IL12), None, 2, 3) == [("cohort-1", 3), ("cohort-2", 2), ("cohort-3", 2)]
    assert arms_to_prove(protocol(IL12), "cohort-2", 2, 3) == [("cohort-2", 3)]
    assert arms_to_prove(protocol(IL2), None, 2, 3) == [(None, 3)]


def test_the_same_question_has_the_same_answer() -> None:
    assert prove(protocol(WEEKLY), None, events=2) == prove(protocol(WEEKLY), None, events=2)


def test_grades_that_no_rule_tells_apart_are_one_letter() -> None:
    found = alphabet(ground(protocol(IL2), None, 2))
    graded = [(x.event.grade, x.fires) for x in found.letters if isinstance(x.event, ToxicityGraded) and not x.twin]
    assert graded == [(0, False), (2, False), (3, True), (3, True)]  # grade 3 or 4: due to aldesleukin, or asked about
    assert found.stands_for > 1_000


def test_progress_is_told() -> None:
    told: list[tuple[int, int, int]] = []
    prove(protocol(WEEKLY), None, events=2, progress=lambda *figures: told.append(figures))
    assert {depth for depth, _, _ in told} == {1, 2}
    assert all(done < total for _, done, total in told)


# ---------------------------------------------------------------- a faulty engine


def nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Standing, "_held", lambda _self, _item: None)


def holds_end_a_day_early(monkeypatch: pytest.MonkeyPatch) -> None:
    right = standing.holds
    monkeypatch.setattr(standing, "holds", lambda e, t, on: right(e, t, on) and right(e, t, on + timedelta(days=1)))


def holds_begin_a_day_early(monkeypatch: pytest.MonkeyPatch) -> None:
    right = standing.holds
    monkeypatch.setattr(standing, "holds", lambda e, t, on: right(e, t, on) or right(e, t, on + timedelta(days=1)))


def holds_name_no_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "hold_reasons", lambda _episode: ())


def nothing_is_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(_protocol: object, _arm: object, episode: levels.Episode, now: dict[str, int]) -> dict[str, int]:
        return {treatment: now.get(treatment, 0) for treatment in episode.still_held}

    monkeypatch.setattr(levels, "proposed", same)


def levels_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def raised(_protocol: object, _arm: object, episode: levels.Episode, now: dict[str, int]) -> dict[str, int]:
        return {treatment: now.get(treatment, 0) + 1 for treatment in episode.still_held}

    monkeypatch.setattr(levels, "proposed", raised)


def levels_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Standing, "_at_level", lambda _self, item, _size: item)


def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "_of_episodes", lambda _situation: iter(()))


def resuming_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "ORDER", tuple(sorted(proposals.ORDER)))


def what_ended_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Standing, "_ended", lambda _self, _item: None)


def two_come_on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "once_a_day", lambda _planned, items: list(items))


@pytest.mark.parametrize(
    ("spoil", "law", "name"),
    [
        (nothing_is_held, "No dose is planned on a day on which a hold", IL2),
        (holds_end_a_day_early, "No dose is planned on a day on which a hold", IL2),
        (holds_begin_a_day_early, "An event of a day changes no dose before that day", IL2),
        (holds_name_no_event, "Every held dose names the event", IL2),
        (nothing_is_lowered, "Where a rule of an episode asks for one level down", IL2),
        (levels_are_raised, "No proposal resumes at a level above the one in force", IL2),
        (levels_are_not_followed, "No dose is above the dose of the level in force", IL2),
        (nobody_is_asked, "When everything is over", IL2),
        (resuming_comes_first, "Where one rule stops and another resumes", WEEKLY),
        (what_ended_goes_on, "No dose is planned of a treatment that has ended", WEEKLY),
        (two_come_on_a_day, "No day brings two strengths", IL2),
    ],
)
def test_a_faulty_engine_does_not_get_by(
    spoil: Callable[[pytest.MonkeyPatch], None], law: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = protocol(name)
    spoil(monkeypatch)
    assert any(broken.startswith(law) for broken in laws(prove(found, None, events=2)))


def test_a_rule_that_nothing_can_fire_is_named() -> None:
    """`check` sees to it that there is none; here the criteria lose the term behind its back."""
    found = protocol(WEEKLY)
    assert found.vocabulary is not None
    known = {name: term for name, term in found.vocabulary.terms.items() if not name.startswith("Infusion")}
    proof = prove(replace(found, vocabulary=replace(found.vocabulary, terms=known)), None, events=1)
    assert laws(proof) == ["Every rule fires in some state."]


# ---------------------------------------------------------------- the command


def test_a_safe_protocol_ends_with_status_0() -> None:
    found = ran(WEEKLY, "--events", "1", "--cycles", "1")
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.endswith("All 19 laws hold.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((WEEKLY, "--arm", "cohort-1"), "trastuzumab-weekly has no arms."),
        ((IL12, "--arm", "cohort-4"), "'cohort-4' is not an arm"),
        (("nothing-here",), "There is no protocol 'nothing-here' here."),
        (("tests/broken_protocols/level-rises.yaml",), "level-rises"),
    ],
)
def test_what_cannot_be_proved_is_refused(words: tuple[str, ...], said: str) -> None:
    found = ran(*words)
    assert (found.exit_code, found.stdout) == (1, "")
    assert said in found.stderr


def test_bounds_are_bounded() -> None:
    assert ran(WEEKLY, "--events", "9").exit_code == 2
