"""Cited sentences are found again in any copy of a paper; what nothing cites is named exactly."""

from __future__ import annotations

import dataclasses
import re
import time
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.problems import Place, Refused
from scheduler.protocol.citations import (
    Citations,
    find_citations,
    sentences_with_letters,
    shown,
    shown_sentences,
)
from scheduler.protocol.copies import LONGEST_TEXT, Copy, fingerprint
from scheduler.protocol.model import Citation, Protocol, Source, Statement

HERE = Place("invented.yaml", 7, 5)


def cited(where: str, sentence: str, source: str = "paper") -> Statement:
    letters = fingerprint(sentence) if sentence else ""
    citation = Citation(source, where, letters, HERE)
    text = f"In other words: {where}."
    return Statement("paper", text, citation, "", "", "", in_use=True, effects=(), note="", place=HERE)


def a_protocol(*statements: Statement) -> Protocol:
    sources = tuple(Source(key, "Nobody A, et al. 2001", HERE) for key in ("paper", "registry"))
    head = ("invented", "", 1, "", "draft", "nobody")
    return Protocol(*head, sources, (), (), (), statements, (), "invented.yaml", "")


def looked_up(text: str, *citations: tuple[str, str]) -> Citations:
    statements = (cited(where, sentence) for where, sentence in citations)
    return find_citations(a_protocol(*statements), {"paper": text})


def sentences(text: str, headings: Sequence[str] = ()) -> list[str]:
    return [sentence.text for sentence in sentences_with_letters(text, headings)]


DAYS = "Cycles were 3 wk long (Table 1)."
LOADING = "On day 1 patients received a loading dose of antibody (4 mg/kg i.v.) over 3 h."
EVERY = "Taxane was given once every 21 d."
TABLETS = "Patients took tablets (10 mg p.o.) the night before (18, 19)."
UNTIL = "Therapy continued for up to 1 y."
LIMITS = "A toxicity that did not resolve in 2.5 weeks was dose limiting (ref. 17)."

WRAPPED = """\
An Invented Trial of Two Drugs

Patients and Methods
Eligibility

Adults with any solid tumour were eligible for this trial, as
treatment schema and response are of general interest to us.
Treatment Schema and Response

Cycles were 3 wk long (Table 1). On day 1 patients received a
loading dose of anti-
body (4 mg/kg i.v.) over 3 h. Taxane was given once every 21
d. Patients took tablets (10 mg p.o.) the night

before (18, 19). Nobody cites this line of the section at all. Therapy
continued for up to 1 y.
Dose-Limiting Toxicity

A toxicity that did not resolve in 2.5 weeks was dose lim\u00ad
iting (ref. 17). Signal was meas-
ured by
Table 1. The schema of the trial
Week 1: Day 1 2 3 4 5 6 7
Treatment T C C

Journal of Invention 2001;8(11). November 2001
2985
 two readers who knew nothing of each other. The antibody meas-
ured well, and antibody measured 10 units.
Statistics

Student's t test was used.
"""
SCHEMA, TOXICITY = "Treatment Schema and Response", "Dose-Limiting Toxicity"
READERS = "Signal was measured by two readers who knew nothing of each other."
ONE_LINE = (
    "A trial of two drugs in patients We tried. Regimen Cycles were 3 wk long (Table 1) . "
    "On day 1 patients received a loading dose of antibody ( 4 mg/kg i.v. ) over 3 h. "
    "Response Scans were made. Statistics Fisher was asked ? often.  "
    "Regimen Cycles were 3 wk long (Table 1). On day 1 patients received a loading dose of "
    "antibody (4 mg/kg i.v.) over 3 h.  Response Scans were made. Blood was stored at ?80\u00b0C. "
    "It was not read by anyone.  Statistics Fisher was asked again. He said yes."
)


# ---------------------------------------------------------------- letters


def test_letters_keep_only_what_every_copy_has() -> None:
    assert fingerprint("Cycle 1: 21 d.").startswith("9:")
    plain = "the efficient 2 mg/m2 dose of IFN"
    assert fingerprint("The ef\ufb01cient 2 mg/m\u00b2\n dose of IFN-\u03b3 ?") == fingerprint(plain)
    assert fingerprint("deter-\nmine") == fingerprint("determine")
    assert fingerprint("") == "0:e3b0c44298fc"


@given(st.text(st.one_of(st.characters(), st.sampled_from("aK\u212a\u0130\u00e9e\u0301\u0327\ufb01\u0f73 "))))
def test_every_letter_of_the_normal_form_knows_its_place(text: str) -> None:
    copy = Copy(text)
    whole = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", text).lower())
    assert copy.letters.decode() == whole
    assert len(copy.at) == len(whole)
    assert copy.at == sorted(copy.at)


# ---------------------------------------------------------------- finding


GLYPHS = {
    "-": ["-", "\u2010", "\u2013", "?", ""],
    "'": ["'", "\u2019", ""],
    "fi": ["fi", "\ufb01"],
    ">": [">", "\u2265", " ? "],
    "2": ["2", "\u00b2"],
}
WORDS = st.sampled_from(
    "Patients,dose-limiting,mg/m2,i.v.,(Fig. 1),the,first,>18 y,et al.,[1],IL-2,21 d,2.5,Student's".split(",")  # noqa: SIM905
)
SENTENCES = st.lists(
    st.lists(WORDS, min_size=4, max_size=12).map(lambda words: f"Then {' '.join(words)}."), min_size=1, max_size=6
)
GLUE = st.sampled_from([" ", "  ", "\n", "\n\n", " \n ", "\u00a0", "\t"])


@given(SENTENCES, st.data())
def test_what_is_written_otherwise_is_found_again(wanted: list[str], data: st.DataObject) -> None:
    def otherwise(sentence: str) -> str:
        for plain, others in GLYPHS.items():
            sentence = sentence.replace(plain, data.draw(st.sampled_from(others)))
        cut = data.draw(st.integers(1, len(sentence) - 1))
        if sentence[cut - 1 : cut + 1].isalpha():
            sentence = f"{sentence[:cut]}-\n{sentence[cut:]}"
        return "".join(data.draw(GLUE) if c == " " else c for c in sentence)

    copy = "".join(otherwise(sentence) + data.draw(GLUE) for sentence in wanted)
    result = looked_up(copy, *((f"Methods, sentence {n}", s) for n, s in enumerate(wanted, 1)))
    assert result.missing == ()
    theirs = [fingerprint(found.sentence.text) for found in result.found]
    assert theirs == [fingerprint(sentence) for sentence in wanted]


def test_a_wrapped_copy() -> None:
    result = looked_up(
        WRAPPED,
        *((f"{SCHEMA}, sentence {n}", s) for n, s in enumerate([DAYS, LOADING, EVERY, TABLETS], 1)),
        (f"{SCHEMA}, sentence 6", UNTIL),
        (f"{TOXICITY}, sentence 1", LIMITS),
    )
    assert result.missing == ()
    theirs = [found.sentence.text for found in result.found]
    assert theirs == [DAYS, LOADING, EVERY, TABLETS, UNTIL, LIMITS]
    assert (result.found[1].sentence.line, result.found[1].sentence.column) == (10, 34)
    schema, toxicity = result.sections
    assert [one.text for one in schema.uncited] == ["Nobody cites this line of the section at all."]
    assert (schema.heading_found, schema.first, schema.last) == (True, (10, 1), (16, 23))
    assert toxicity.uncited[-1].text == "The antibody measured well, and antibody measured 10 units."
    assert toxicity.last[0] == 29


def test_a_sentence_that_a_table_and_a_page_foot_interrupt() -> None:
    result = looked_up(WRAPPED, (f"{TOXICITY}, sentence 2", READERS))
    assert [found.sentence.text for found in result.found] == [READERS]
    assert [one.text[:10] for one in result.uncited] == ["A toxicity", "The antibo"]


def test_a_copy_in_one_line_with_sections_twice() -> None:
    result = looked_up(
        ONE_LINE,
        ("Regimen, sentence 1", DAYS),
        ("Regimen, sentence 2", LOADING),
        ("Response, sentence 1", "Scans were made."),
    )
    assert result.missing == ()
    second = ONE_LINE.index("Regimen", ONE_LINE.index("Regimen") + 1)
    assert all(found.sentence.column > second for found in result.found)
    assert [one.text for one in result.uncited] == [
        "Blood was stored at ?80\u00b0C.",
        "It was not read by anyone.",
    ]


def test_the_sentence_of_the_cited_section_is_shown_and_not_its_twin() -> None:
    text = "Abstract\nWe gave it daily. All lived.\nMethods\nWe gave it daily. Nobody else died.\n"
    result = looked_up(text, ("Methods, sentence 1", "We gave it daily."))
    assert result.found[0].sentence.line == 4
    assert [one.text for one in result.uncited] == ["Nobody else died."]


def test_a_sentence_glued_to_its_heading() -> None:
    result = looked_up("MethodsWe gave it on each day.", ("Methods, sentence 1", "We gave it on each day."))
    assert result.found[0].sentence.text == "We gave it on each day."
    assert result.found[0].sentence.column == 8


def test_missing_and_unread_are_told_apart() -> None:
    protocol = a_protocol(
        cited("Methods, sentence 1", "Something else altogether."),
        cited("Details", "The registry says so.", "registry"),
        cited("Section 2", "", "registry"),
        dataclasses.replace(cited("Methods", "x"), citation=None),
    )
    result = find_citations(protocol, {"paper": "Methods\nWe gave it daily.\n"})
    whys = [(m.statement.citation.where, m.why) for m in result.missing if m.statement.citation]
    assert whys == [("Methods, sentence 1", "not in the text"), ("Details", "no text")]
    assert [s.citation.where for s in result.without_letters if s.citation] == ["Section 2"]
    assert [one.text for one in result.uncited] == ["We gave it daily."]
    assert "Section 2" not in shown(result).split("Cited without letters")[0]


def test_a_heading_that_is_not_there() -> None:
    text = "We gave it on every day. It helped them a lot. They went home well. The end was far."
    result = looked_up(
        text,
        ("Methods, sentence 1", "We gave it on every day."),
        ("Methods, sentence 3", "They went home well."),
    )
    assert [one.text for one in result.uncited] == ["It helped them a lot."]
    assert not result.sections[0].heading_found


def test_a_section_of_which_the_copy_has_nothing() -> None:
    assert looked_up("We gave it on every day.", ("Methods, sentence 1", DAYS)).sections == ()


def test_a_section_is_named_by_its_last_part_too() -> None:
    result = looked_up(WRAPPED, (f"Patients and Methods, {SCHEMA}, sentence 1", DAYS))
    assert result.sections[0].heading_found


def test_a_table_is_not_a_section() -> None:
    assert looked_up(WRAPPED, ("Table 1", "Treatment T C C")).sections == ()


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    "text",
    [
        "It was given i.v. to all.| Taxane came i.v. over 3 h.| Then IL-2 i.v. IL-2 was used.",
        "We gave 200 ng/kg s.c.| There was one response.",
        "Jones et al. (7) saw it.| Smith et al. Trusted it (see Fig. 2 and ref. 17).",
        "It was done (18, 19).| Grade 3.5 was not seen ( Fig. 1 ).| NOTE: P < 0.05 was asked.",
        "Once every 21 d.| Patients rested for 1 y.| 12 patients came back.",
        "It worked.12,13| Then it stopped.| Was it \u201cgood?\u201d| Nobody knew!)| It ended.",
        "IFN- ? rose in No. 84 of 90.| He said no.| Then came IFN- ? .| It fell.",
        "From St. Louis, e.g. Missouri (Test Inc., Woburn, MA).| Stored at ?80\u00b0C.",
    ],
)
def test_where_sentences_end(text: str) -> None:
    assert sentences(text.replace("|", "")) == text.split("| ")


def test_headings_are_no_sentences() -> None:
    listed = sentences(WRAPPED)
    assert DAYS in listed
    assert LIMITS in listed
    assert "Student's t test was used." in listed
    assert sentences(ONE_LINE, ["Regimen"]).count(DAYS) == 1


def test_broken_words_are_joined_as_the_text_writes_them() -> None:
    text = (
        "A dose-limiting one. The dose-\nlimiting deter-\nmined NCI-\nsponsored IL-\n12 HER2/\nneu "
        "1\u2013\n3 over-\nall."
    )
    joined = "The dose-limiting determined NCI-sponsored IL-12 HER2/neu 1\u20133 overall."
    assert sentences(text)[1] == joined


def test_the_list_for_authors() -> None:
    listed = shown_sentences(f"{DAYS} {EVERY}").splitlines()
    assert listed[0].split() == ["1", fingerprint(DAYS), *DAYS.split()]
    assert listed[1].split()[:2] == ["2", fingerprint(EVERY)]


# ---------------------------------------------------------------- showing


def test_statement_above_sentence_beneath() -> None:
    protocol = a_protocol(
        cited(f"{SCHEMA}, sentence 1", DAYS),
        cited(f"{SCHEMA}, sentence 2", "Never written."),
        cited("Details", "The registry says so.", "registry"),
        cited("Section 2", "", "registry"),
    )
    page = shown(find_citations(protocol, {"paper": WRAPPED}))
    assert f"    In other words: {SCHEMA}, sentence 1.\n  > {DAYS} (10:1)\n" in page
    parts = ["Not in your copy", "No copy given", "Cited without letters", "nothing cites"]
    assert sorted(parts, key=page.index) == parts
    assert page.endswith("\n1 found, 1 not found, 1 without a copy; 5 sentences cited by nothing.\n")
    assert max(map(len, page.splitlines())) <= 80


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = "Methods\nWe \x1b[31mgave\u202e it daily. Nobody \x07 cites this one.\n"
    page = shown(looked_up(text, ("Methods, sentence 1", "We [31mgave it daily.")))
    assert "We ?[31mgave? it daily." in page
    assert all(c == "\n" or c.isprintable() for c in page + shown_sentences(text))


# ---------------------------------------------------------------- garbage


@given(st.text(), st.text())
def test_any_text_and_any_heading_give_an_answer(text: str, heading: str) -> None:
    result = looked_up(text, (f"{heading}, sentence 1", DAYS), (f"{SCHEMA}, sentence 1", text))
    assert len(result.found) + len(result.missing) + len(result.without_letters) == 2
    assert shown(result)


@pytest.mark.parametrize("letters", ["9999:0123456789ab", "60", "x:y", "0:e3b0c44298fc", "3:ABC"])
def test_letters_that_nothing_has(letters: str) -> None:
    statement = cited("Methods, sentence 1", DAYS)
    citation = Citation("paper", "Methods, sentence 1", letters, HERE)
    protocol = a_protocol(dataclasses.replace(statement, citation=citation))
    for text in ("", "Methods", "Methods\n" + DAYS):
        assert find_citations(protocol, {"paper": text}).missing[0].why == "not in the text"


def test_what_is_refused() -> None:
    protocol = a_protocol(cited("Methods, sentence 1", DAYS))
    with pytest.raises(Refused, match="cut the cited paper out"):
        find_citations(protocol, {"paper": "x" * (LONGEST_TEXT + 1)})
    with pytest.raises(Refused, match="no source 'papr'"):
        find_citations(protocol, {"papr": ""})


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["A.\n", "a", "A. ", "a-\n", "(", "\u0301", ".) ", " ", "Methods\n", "1\n\n"])
def test_large_garbage_takes_seconds(unit: str) -> None:
    text = unit * (LONGEST_TEXT // len(unit))
    started = time.perf_counter()
    result = looked_up(text, ("Methods, sentence 1", DAYS), ("A, sentence 1", "A. A. A. A. A. A."))
    assert shown(result)
    assert time.perf_counter() - started < 10


@pytest.mark.slow
def test_a_long_paper_is_read_in_a_second() -> None:
    written = [f"Patient {n} had {'very ' * (n % 15)}little to say on day {n}." for n in range(3600)]
    text = "Methods\n" + "\n".join(written)
    wanted = written[100:3500:100]
    started = time.perf_counter()
    result = looked_up(text, *((f"Methods, sentence {n}", s) for n, s in enumerate(wanted)))
    assert time.perf_counter() - started < 10
    assert len(text) > 200_000
    assert result.missing == ()
    assert len(result.uncited) == len(written) - len(wanted)
