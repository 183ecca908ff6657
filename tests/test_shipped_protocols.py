"""The shipped protocols, and the page that explains how to write one: everything in them is sound."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.protocol import library
from scheduler.protocol.copies import fingerprint
from scheduler.protocol.criteria import Criteria
from scheduler.protocol.criteria_tables import read_criteria
from scheduler.protocol.dose import read_dose
from scheduler.protocol.handbook import refreshed
from scheduler.protocol.meaning import Assess, DaysAfter, GradeCondition, Rule
from scheduler.protocol.model import Protocol
from scheduler.protocol.rules import read_condition
from scheduler.protocol.when import read_when
from scheduler.protocol.words import Names
from scheduler.shipped import protocols_folder

README = protocols_folder() / "README.md"
NAMES = Names(
    arms=("cohort-1",),
    treatments=("trastuzumab", "paclitaxel", "interleukin_12", "dexamethasone", "capecitabine"),
)
UNSAFE = re.compile(r"\b(?:IU|MIU|MU|U|ng|ug|QD|q\.d\.|SC|SQ|IL-\d+|cc)\b|µ|\d\.0\b(?! of)|(?<!\d)\.\d")


def shipped(name: str) -> Protocol:
    loaded = library.load(protocols_folder() / f"{name}.yaml")
    assert loaded.protocol is not None
    return loaded.protocol


ALL = [path.stem for path in library.shipped()]


def test_the_protocols_that_are_shipped() -> None:
    assert ALL == [
        "lapatinib-capecitabine",
        "trastuzumab-il2",
        "trastuzumab-paclitaxel-il12",
        "trastuzumab-weekly",
    ]


@pytest.mark.parametrize("path", library.shipped(), ids=lambda path: path.stem)
def test_a_shipped_protocol_has_no_problem(path: Path) -> None:
    assert [problem.shown() for problem in library.load(path).problems] == []


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_protocol_is_named_like_its_file_and_a_draft(name: str) -> None:
    protocol = shipped(name)
    assert (protocol.name, protocol.standing, protocol.approved_by) == (name, "draft", "nobody")


@pytest.mark.parametrize("name", ALL)
def test_assumptions_say_why_and_what_else_and_wait_for_a_person(name: str) -> None:
    assumed = [s for s in shipped(name).statements if s.standing == "assumed"]
    assert assumed
    for statement in assumed:
        assert statement.because
        assert statement.otherwise
        assert statement.confirmed_by == "nobody"


@pytest.mark.parametrize("name", ALL)
def test_a_sentence_of_a_paper_is_cited_once(name: str) -> None:
    cited = [s.citation for s in shipped(name).statements if s.citation and s.citation.letters]
    places = [(c.source, c.where) for c in cited]
    assert len(set(places)) == len(places)
    letters = [c.letters for c in cited]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("name", ALL)
def test_no_statement_is_the_cited_sentence_itself(name: str) -> None:
    for statement in shipped(name).statements:
        if statement.citation:
            assert fingerprint(statement.text) != statement.citation.letters


@pytest.mark.parametrize("name", ALL)
def test_people_read_safe_units_and_full_names(name: str) -> None:
    protocol = shipped(name)
    texts = [protocol.title, *(arm.name for arm in protocol.arms)]
    texts += [treatment.name for treatment in protocol.treatments]
    texts += [assessment.name for assessment in protocol.assessments]
    for s in protocol.statements:
        texts += [s.text, s.because, s.otherwise, s.note]
    for conflict in protocol.conflicts:
        texts += [conflict.text, conflict.because]
    bare = [re.sub(r"(CTC|CTCAE|version|section) \d\.\d", "", text) for text in texts]
    assert [text for text in bare if UNSAFE.search(text)] == []


def test_the_cohorts_of_the_interleukin_12_protocol_differ_in_dose_and_route() -> None:
    protocol = shipped("trastuzumab-paclitaxel-il12")
    assert [arm.name for arm in protocol.arms] == [
        "interleukin-12, 100 nanograms per kg intravenous",
        "interleukin-12, 300 nanograms per kg intravenous",
        "interleukin-12, 200 nanograms per kg subcutaneous",
    ]


def test_rules_of_the_label_are_off_in_the_interleukin_12_protocol() -> None:
    statements = shipped("trastuzumab-paclitaxel-il12").statements
    off = [s for s in statements if not s.in_use]
    assert {s.standing for s in off} == {"label"}
    assert all("Switch it on" in s.note or "switch it on" in s.note for s in off)
    assert not any(
        isinstance(effect, Rule) for s in statements if s.in_use and s.standing == "label" for effect in s.effects
    )


def test_a_haematologic_grade_4_fires_no_rule_of_the_interleukin_12_protocol() -> None:
    rules = [rule for rule, _ in shipped("trastuzumab-paclitaxel-il12").effects(Rule)]
    assert {rule.condition.kind for rule in rules if isinstance(rule.condition, GradeCondition)} == {"nonhaematologic"}


@pytest.mark.parametrize("name", ALL)
def test_someone_looks_at_toxicity_where_a_rule_needs_it(name: str) -> None:
    protocol = shipped(name)
    assert any(assess.assessment == "toxicity" for assess, _ in protocol.effects(Assess))


@pytest.mark.parametrize("name", ALL)
def test_every_term_of_a_rule_is_in_the_criteria(name: str) -> None:
    protocol = shipped(name)
    criteria = read_criteria(protocol.criteria, protocols_folder() / "criteria")
    assert isinstance(criteria, Criteria)
    effects = [effect for s in protocol.statements for effect in s.effects]
    rules = [effect for effect in effects if isinstance(effect, Rule)]
    terms = [t for r in rules if isinstance(r.condition, GradeCondition) for t in r.condition.terms]
    assert [term for term in terms if term not in criteria.terms] == []


# ---------------------------------------------------------------- the page


def block(name: str) -> str:
    found = re.search(rf"^```{name}\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_generated_parts_of_the_page_are_fresh() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == refreshed(text), "write them anew: python -m scheduler.protocol.handbook"


def test_the_whole_file_on_the_page_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "my-trial.yaml"
    path.write_text(block("yaml"), encoding="utf-8")
    assert [problem.shown() for problem in library.load(path).problems] == []


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("when", lambda line: read_when(line, NAMES)),
        ("dose", lambda line: read_dose(line, NAMES)),
        ("condition", read_condition),
    ],
)
def test_every_form_on_the_page_is_understood(name: str, reader: Callable[[str], object]) -> None:
    for line in block(name).splitlines():
        reader(line)


def test_the_rules_on_the_page_are_understood(tmp_path: Path) -> None:
    statement = "\n  - says: Something.\n    source: label-us, section 1\n    rules:\n"
    rules = "".join(f"      {line}\n" for line in block("rules").splitlines())
    rules = rules.replace("interleukin-12, ", "")
    path = tmp_path / "my-trial.yaml"
    path.write_text(block("yaml") + statement + rules, encoding="utf-8")
    codes = {problem.code for problem in library.load(path).problems}
    assert codes <= {"unsaid-policy", "no-level-below"}


def test_the_problem_on_the_page_is_what_check_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("my-trial.yaml")
    path.write_text(block("yaml").replace("8 mg/kg intra", "8 mg/kq intra"), encoding="utf-8")
    assert [problem.shown() for problem in library.load(path).problems] == [block("problem").rstrip()]


@pytest.mark.parametrize(
    ("text", "cycles", "offsets"),
    [
        ("cycle 2+, 1 and 4 days after each trastuzumab", "2+", (1, 4)),
        ("cycle 2-6, 1 and 4 days after each trastuzumab", "2-6", (1, 4)),
        ("cycle 12, 10 days after each trastuzumab", "12", (10,)),
        ("cycles 2, 12, 10 and 14 days after each trastuzumab", "2, 12", (10, 14)),
    ],
)
def test_cycles_are_told_from_days_after(text: str, cycles: str, offsets: tuple[int, ...]) -> None:
    _, when = read_when(text, NAMES)
    assert isinstance(when, DaysAfter)
    assert (str(when.cycles), when.offsets) == (cycles, offsets)
