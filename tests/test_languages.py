"""The languages of patients' papers: every text is translated, no number is ambiguous."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.outputs import languages
from scheduler.outputs.languages import Language, catalogue, known, language, places
from scheduler.outputs.patient_rules import missed_words, rules_of
from scheduler.outputs.patient_texts import every_text
from scheduler.problems import Refused
from scheduler.protocol.library import shipped
from scheduler.quantities import Amount
from scheduler.shipped import translations_folder
from tests.patient_paper_sample import WITH_HOME_DOSES, protocol

OTHERS = [code for code in known() if code != "en"]


def wanted() -> set[str]:
    own = {missed_words(protocol(path.stem)) for path in shipped()} - {""}
    return {*every_text(), *languages.WORDS, *own}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_nothing_else_is(code: str) -> None:
    texts = catalogue(code)
    assert wanted() - set(texts) == set(), "to be translated"
    assert set(texts) - wanted() == set(), "no paper says this any more"


@pytest.mark.parametrize("code", OTHERS)
def test_no_place_is_lost_or_invented(code: str) -> None:
    """Read past `catalogue`, which leaves out what is wrong."""
    file = (translations_folder() / f"{code}.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', file, re.MULTILINE)
    assert len(pairs) == len(wanted())
    wrong = [text for text, said in pairs if places(text) != places(said) or not said.strip()]
    assert wrong == []


def test_a_translation_that_lost_a_place_leaves_the_english_text(tmp_path, monkeypatch) -> None:
    content = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "at {time}"\nmsgstr "um"\n'
    (tmp_path / "de.po").write_text(content, encoding="utf-8")
    monkeypatch.setattr(languages, "translations_folder", lambda: tmp_path)
    assert catalogue("de") == {}


def test_a_language_is_added_by_its_file_alone(tmp_path, monkeypatch) -> None:
    content = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "No dose"\nmsgstr "Bez dawki"\n'
    (tmp_path / "pl.po").write_text(content, encoding="utf-8")
    monkeypatch.setattr(languages, "translations_folder", lambda: tmp_path)
    assert known() == ("en", "pl")
    polish = language("pl")
    assert polish.say("No dose") == "Bez dawki"
    assert polish.say("at {time}", time="20:00") == "at 20:00"  # not translated yet: English stands
    assert polish.long_day(date(2026, 11, 2)) == "poniedziałek, 2 listopada 2026"
    assert polish.number(Decimal("1.79")) == "1.79"


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="Choose en or es"):
        language("xx")


@pytest.mark.parametrize(
    ("code", "value", "unit", "shown"),
    [
        ("en", "1.79", "million units", "1.79 million units"),
        ("es", "1.79", "million units", "1.79 millones de unidades"),
        ("es", "1", "million units", "1 millón de unidades"),
        ("en", "1500", "mg", "1,500 mg"),
        ("es", "1500", "mg", "1500 mg"),
        ("es", "0.75", "million units", "0.75 millones de unidades"),
        ("es", "14000", "nanograms", "14000 nanogramos"),
    ],
)
def test_an_amount_has_the_digits_of_the_label(code: str, value: str, unit: str, shown: str) -> None:
    assert language(code).amount(Amount(Decimal(value), unit)) == shown


@given(st.decimals("0.001", "99999", places=3), st.sampled_from(known()))
def test_digits_and_words_say_the_same_number(value: Decimal, code: str) -> None:
    """The words are read back, and the digits are those of the label, whatever the language does with commas."""
    tongue = language(code)
    digits = {tongue.say(word): str(n) for n, word in enumerate(languages.DIGITS)} | {tongue.say(languages.POINT): "."}
    assert Decimal("".join(digits[word] for word in tongue.spelled(value).split())) == value
    shown = tongue.number(value)
    assert Decimal(shown.replace(",", "")) == value
    if code != "en":
        assert "," not in shown


def test_days_are_written_by_the_rules_of_the_language() -> None:
    on = date(2026, 11, 2)
    assert language("en").long_day(on) == "Monday, November 2, 2026"
    assert language("es").long_day(on) == "lunes, 2 de noviembre de 2026"
    assert (language("es").month(on), language("es").weekday(on)) == ("Noviembre de 2026", "lunes")


@pytest.mark.parametrize("code", known())
def test_what_is_filled_in_is_not_read_as_a_text(code: str) -> None:
    tongue: Language = language(code)
    assert "{page} %s <b>" in tongue.say("Name: {name}", name="{page} %s <b>")


@pytest.mark.parametrize("name", WITH_HOME_DOSES)
@pytest.mark.parametrize("code", known())
def test_the_rule_for_a_missed_dose_is_the_protocols_own(name: str, code: str) -> None:
    rules = rules_of(protocol(name), language(code))
    own = missed_words(protocol(name))
    assert own
    assert (language(code).texts.get(own, own)) in rules.missed
    assert rules.missed[-1] == language(code).say("Never take two doses to make up for one.")


def test_a_rule_that_a_language_does_not_have_becomes_the_safe_one() -> None:
    spanish = Language(
        "es", {"If you miss a dose, call the clinic before you take anything.": "Llame."}, language("es").locale
    )
    assert rules_of(protocol("trastuzumab-il2"), spanish).missed[0] == "Llame."
