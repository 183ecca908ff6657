"""A product file is read whole or not at all; every fault is told at its word, with its mending."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.protocol.products import read_product
from scheduler.quantities import Amount
from tests.syringe_sample import FOLDER, shipped

SHIPPED = (FOLDER / "aldesleukin.yaml").read_text(encoding="utf-8")


def read(tmp_path: Path, text: str):
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return read_product(path, "p.yaml")


# ---------------------------------------------------------------- the shipped file


def test_the_shipped_product_says_what_the_label_says() -> None:
    product = shipped()["aldesleukin"]
    assert product.vial == Amount(Decimal(22), "million units")
    assert (product.solvent_volume, product.solvent) == (
        Decimal("1.2"),
        "sterile water for injection",
    )
    assert product.concentration == Amount(Decimal(18), "million units")
    assert product.diluent == "5 % dextrose"
    assert product.beyond_use_hours == 48
    assert [(s.capacity, s.graduation) for s in product.syringes] == [
        (Decimal(1), Decimal("0.01")),
        (Decimal(3), Decimal("0.1")),
    ]
    assert [s.smallest for s in product.syringes] == [Decimal("0.02"), Decimal("0.2")]
    assert product.never == ("insulin syringe",)


@pytest.mark.parametrize(
    ("concentration", "avoided"),
    [
        ("1.12", False),
        ("1.13", True),
        ("1.5", True),
        ("1.6", True),
        ("1.61", False),
        ("18", False),
    ],
)
def test_the_unstable_band_holds_both_its_ends(concentration, avoided) -> None:
    (band,) = shipped()["aldesleukin"].avoided
    assert band.holds(Amount(Decimal(concentration), "million units")) is avoided
    assert band.holds(Amount(Decimal(concentration) * 1000, "thousand units")) is avoided
    assert not band.holds(Amount(Decimal(concentration), "mg"))
    assert "not stable" in band.because


def test_every_fact_has_a_source_or_is_an_assumption() -> None:
    product = shipped()["aldesleukin"]
    standings = {fact: product.behind(fact).standing for f in product.facts for fact in f.gives}
    assert standings == {
        "vial": "label",
        "reconstitute": "label",
        "concentration": "label",
        "diluent": "label",
        "avoid": "reference",
        "storage": "label",
        "beyond_use": "label",
        "syringes": "reference",
        "smallest": "assumed",
        "never": "assumed",
    }
    assert all(f.confirmed_by == "nobody" for f in product.assumptions)
    with pytest.raises(KeyError):
        product.behind("dead_space")


def test_a_per_ml_reads_like_a_slash(tmp_path: Path) -> None:
    product, problems = read(tmp_path, SHIPPED.replace("units/mL", "units per mL"))
    assert problems == []
    assert product is not None
    assert product.concentration == Amount(Decimal(18), "million units")


def test_days_are_hours(tmp_path: Path) -> None:
    product, _ = read(tmp_path, SHIPPED.replace("beyond_use: 48 hours", "beyond_use: 6 days"))
    assert product is not None
    assert product.beyond_use_hours == 144


# ---------------------------------------------------------------- broken ones

MG = ("concentration: 18 million units/mL", "concentration: 1.1 mg/mL")
BROKEN = {
    "wrong kind of unit": (*MG, "units-do-not-match", "1.1 mg/mL"),
    "unknown unit": ("vial: 22 million units", "vial: 22 MU", "bad-unit", "MU"),
    "no unit": ("vial: 22 million units", "vial: 22", "bad-unit", "22"),
    "a volume as content": ("vial: 22 million units", "vial: 22 mL", "bad-unit", "22 mL"),
    "nothing in the vial": ("vial: 22 million units", "vial: 0 million units", "zero", None),
    "no per mL": ("concentration: 18 million units/mL", "concentration: 18 million units", "bad-concentration", None),
    "ten times too strong": (
        "concentration: 18 million units/mL",
        "concentration: 180 million units/mL",
        "concentration-against-vial",
        None,
    ),
    "ten times too weak": (
        "concentration: 18 million units/mL",
        "concentration: 1.8 million units/mL",
        "concentration-against-vial",
        None,
    ),
    "in its own forbidden band": (
        "1.13 to 1.6 million",
        "1.13 to 18 million",
        "concentration-avoided",
        "18 million units/mL",
    ),
    "band downwards": ("1.13 to 1.6 million", "1.6 to 1.13 million", "bad-band", None),
    "band without its end": ("1.13 to 1.6 million", "1.13 million", "bad-band", None),
    "band of another kind": ("1.13 to 1.6 million units/mL", "0.03 to 0.07 mg/mL", "units-do-not-match", None),
    "water in mg": ("reconstitute: 1.2 mL", "reconstitute: 1.2 mg", "bad-unit", "1.2 mg"),
    "no solvent": ("1.2 mL sterile water for injection\n", "1.2 mL\n", "bad-reconstitution", None),
    "a litre too much": ("reconstitute: 1.2 mL", "reconstitute: 1,200 mL", "bad-volume", "1,200 mL"),
    "keeps for 0 hours": ("48 hours\n", "0 hours\n", "bad-beyond-use", "0 hours"),
    "keeps for some time": ("48 hours\n", "some days\n", "bad-beyond-use", "some days"),
    "graduation of 0": ("graduated 0.01 mL", "graduated 0 mL", "zero", "0 mL"),
    "naked decimal": ("graduated 0.01 mL", "graduated .01 mL", "bad-number", ".01"),
    "capacity under graduation": (
        "1 mL graduated 0.01 mL",
        "0.01 mL graduated 1 mL",
        "capacity-under-graduation",
        None,
    ),
    "marks that miss the end": ("graduated 0.1 mL", "graduated 0.7 mL", "not-a-mark", "0.7 mL"),
    "syringe without marks": ("1 mL graduated 0.01 mL", "1 mL", "bad-syringe", "1 mL"),
    "one syringe twice": ("- 3 mL graduated 0.1 mL", "- 1 mL graduated 0.1 mL", "said-twice", "1 mL graduated 0.1 mL"),
    "a smallest volume of no syringe": ("3 mL syringe from", "5 mL syringe from", "unknown-syringe", None),
    "a syringe without smallest volume": (
        "      - 3 mL syringe from 0.2 mL\n",
        "",
        "missing-fact",
        "3 mL graduated 0.1 mL",
    ),
    "a smallest volume between marks": ("from 0.2 mL", "from 0.25 mL", "not-a-mark", None),
    "a smallest volume over capacity": ("from 0.02 mL", "from 2 mL", "smallest-over-capacity", None),
    "a smallest volume in other words": ("syringe from 0.2 mL", "0.2 mL", "bad-smallest", None),
    "unknown key in a statement": ("    diluent:", "    dilutent:", "unknown-key", "dilutent"),
    "unknown key of the file": ("edition: 1", "edition: 1\nvials: 2", "unknown-key", "vials"),
    "a fact twice": (
        "    diluent: 5 % dextrose\n",
        "    diluent: 5 % dextrose\n    vial: 20 million units\n",
        "said-twice",
        "20 million units",
    ),
    "a key twice": ("edition: 1", "edition: 1\nedition: 2", "key-twice", None),
    "a source of nowhere": (
        "source: label, How supplied\n    vial",
        "source: lable, x\n    vial",
        "unknown-source",
        "lable",
    ),
    "a source without section": (
        "source: label, How supplied\n    vial",
        "source: label\n    vial",
        "citation-without-section",
        None,
    ),
    "a source of no kind": ("reference-dilution: CHEO", "hearsay: CHEO", "unknown-source", "hearsay"),
    "no reason": ("  - says: A vial", "  - note: A vial", "statement-without-reason", None),
    "no effect": ("    diluent: 5 % dextrose\n", "", "statement-without-effect", None),
    "an assumption nobody is asked about": ("    confirmed_by: nobody\n    never", "    never", "missing", None),
    "an edition in words": ("edition: 1", "edition: first", "bad-edition", "first"),
    "a name with capitals": ("product: aldesleukin", "product: Aldesleukin 1", "bad-name", None),
    "an unknown standing": ("standing: draft", "standing: final", "unknown-standing", "final"),
    "a list for a line": ("vial: 22 million units", "vial: [22 million units]", "not-a-text", None),
    "a line for a list": ("never:\n      - insulin syringe", "never: insulin syringe", "not-a-list", None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_told_at_its_word(name: str, tmp_path: Path) -> None:
    old, new, code, word = BROKEN[name]
    assert SHIPPED.count(old) >= 1
    product, problems = read(tmp_path, SHIPPED.replace(old, new, 1))
    assert product is None
    found = [problem for problem in problems if problem.code == code]
    assert found, [problem.shown() for problem in problems]
    place = found[0].place
    assert found[0].what.endswith((".", "?"))
    assert found[0].mend.endswith(".")
    if word is not None:
        pointed = found[0].excerpt[place.column - 1 :][: place.width]
        assert pointed.startswith(word.split()[0]), found[0].shown()


FACTS = ("vial", "reconstitute", "concentration", "diluent", "storage", "beyond_use")


@pytest.mark.parametrize("fact", [*FACTS, "syringes", "smallest"])
def test_a_missing_fact_is_missed(fact: str, tmp_path: Path) -> None:
    product, problems = read(tmp_path, SHIPPED.replace(f"    {fact}:", "    note_on_it:", 1))
    assert product is None
    assert any(p.code == "missing-fact" and f"'{fact}'" in p.what for p in problems)


@pytest.mark.parametrize("block", ["product", "name", "edition", "sources", "statements"])
def test_a_missing_block_is_missed(block: str, tmp_path: Path) -> None:
    product, problems = read(tmp_path, SHIPPED.replace(f"\n{block}:", "\nelsewhere:", 1))
    assert product is None
    assert any(p.code == "missing" and f"'{block}'" in p.what for p in problems)


def test_all_faults_come_at_once_and_in_order(tmp_path: Path) -> None:
    text = SHIPPED.replace("22 million units\n", "22 MU\n", 1).replace("48 hours\n", "soon\n")
    _, problems = read(tmp_path, text)
    assert [problem.code for problem in problems] == ["bad-unit", "bad-beyond-use"]
    assert problems[0].place.line < problems[1].place.line


@pytest.mark.parametrize("text", ["", "just words\n", "- a\n- b\n", "product: [\n", "\0", "product: \u202e"])
def test_what_is_no_product_file_is_told(text: str, tmp_path: Path) -> None:
    product, problems = read(tmp_path, text)
    assert product is None
    assert problems


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    product, problems = read_product(tmp_path / "none.yaml", "none.yaml")
    assert product is None
    assert len(problems) == 1
