"""A product file is read whole or not at all; every fault is told at its word, with its mending."""

from __future__ import annotations

import ast
import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.problems import report
from scheduler.protocol import library, product_files, products
from scheduler.protocol.product_model import Bag, Unfinished
from scheduler.protocol.product_statements import LINES, LISTS
from scheduler.protocol.products import read_product
from scheduler.quantities import Amount
from tests.broken_files import NEW
from tests.broken_products import BROKEN
from tests.syringe_sample import FOLDER, shipped

GOLDEN = Path(__file__).parent / "goldens" / "product-problems.txt"
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
        "dilutions": "assumed",
        "use": "assumed",
        "storage": "label",
        "beyond_use": "label",
        "syringes": "reference",
        "smallest": "assumed",
        "dead_space": "assumed",
        "over_capacity": "assumed",
        "never": "assumed",
    }
    assert all(f.confirmed_by == "nobody" for f in product.assumptions)
    with pytest.raises(KeyError):
        product.behind("bags")


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


FACTS = ("vial", "reconstitute", "concentration", "diluent", "storage", "beyond_use", "over_capacity", "use")


@pytest.mark.parametrize("fact", [*FACTS, "syringes", "smallest", "dead_space"])
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
    text = SHIPPED.replace("vial: 22 million units", "vial: 22 MU", 1).replace("48 hours\n", "soon\n")
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


# ---------------------------------------------------------------- messages, codes, handbook


def messages(tmp_path: Path) -> str:
    """Every broken file with what is said of it."""
    parts = []
    for name, (old, new, _, _) in sorted(BROKEN.items()):
        _, problems = read(tmp_path, SHIPPED.replace(old, new, 1))
        parts.append(f"=== {name}\n{report(problems)}\n")
    return "\n".join(parts)


def test_the_messages_are_the_golden_ones(tmp_path: Path) -> None:
    said = messages(tmp_path)
    if NEW:
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")


def product_codes() -> set[str]:
    """Every code of a fault that only product files have."""
    found: set[str] = set()
    for name in (
        "product_facts",
        "product_choices",
        "product_checks",
        "product_statements",
        "product_files",
        "products",
    ):
        tree = ast.parse((Path(products.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in calls:
            called = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
            place = {"Misread": 0, "problem": 1, "Problem": 1, "one_of": 2}.get(called)
            if place is not None and place < len(call.args) and isinstance(call.args[place], ast.Constant):
                found.add(call.args[place].value)
    return found


def test_every_code_has_a_broken_file(tmp_path: Path) -> None:
    said = set(re.findall(r"^p\.yaml:\d+:\d+: ([a-z0-9-]+)$", messages(tmp_path), re.MULTILINE))
    assert product_codes() - said == {"product-twice"}  # test_two_files_of_one_product_are_told
    assert len(product_codes()) >= 30


@pytest.mark.parametrize("key", [*LINES, *LISTS])
def test_the_handbook_s_example_of_a_fact_is_read(key: str) -> None:
    kind = (LINES | LISTS)[key]
    assert kind.reader(kind.example) is not None


# ---------------------------------------------------------------- the other shipped files, and the site's own


def test_trastuzumab_is_as_the_label_says() -> None:
    product = library.shipped_products()["trastuzumab"]
    assert (product.vial, product.multiple_dose) == (Amount(Decimal(420), "mg"), True)
    assert (product.solvent_volume, product.stock) == (Decimal(20), Amount(Decimal(21), "mg"))
    assert product.beyond_use_hours == 28 * 24
    assert product.syringes == ()
    assert product.infusing.bags == (Bag(Decimal(250), "0.9 % sodium chloride", takes_out=False),)
    assert product.infusing.hours == 24
    assert (product.infusing.least, product.infusing.most) == (None, None)
    assert any("glucose" in words for words in product.infusing.handling)


def test_paclitaxel_is_as_the_label_says() -> None:
    product = library.shipped_products()["paclitaxel"]
    assert (product.vial, product.solvent) == (Amount(Decimal(300), "mg"), "")
    assert product.other_vials == (Amount(Decimal(30), "mg"), Amount(Decimal(100), "mg"))
    assert product.stock == Amount(Decimal(6), "mg")
    assert (product.infusing.least, product.infusing.most) == (
        Amount(Decimal("0.3"), "mg"),
        Amount(Decimal("1.2"), "mg"),
    )
    assert product.infusing.hours == 27


def test_nobody_knows_the_vial_of_interleukin_12() -> None:
    found = product_files.read_products()[0]["interleukin-12"]
    assert isinstance(found, Unfinished)
    assert {"vial", "concentration", "beyond_use"} <= set(found.required)
    assert "no volume is printed" in found.refusal
    assert "interleukin-12" not in library.shipped_products()


def test_a_site_s_file_takes_the_place_of_the_shipped_one_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    folder.mkdir()
    (folder / "ours.yaml").write_text(SHIPPED.replace("beyond_use: 48 hours", "beyond_use: 7 days"), encoding="utf-8")
    found, problems = product_files.read_products(folder)
    assert problems == ()
    product = found["aldesleukin"]
    assert product.beyond_use_hours == 168
    digest = hashlib.sha256((folder / "ours.yaml").read_bytes()).hexdigest()[:12]
    assert product.stated == f"the site's product file products/ours.yaml, edition 2, SHA-256 {digest}"
    assert found["trastuzumab"].stated.startswith("product file trastuzumab.yaml, edition 1")


def test_a_broken_file_of_the_site_is_never_replaced_in_silence(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(SHIPPED.replace("22 million units s", "22 MU s"), encoding="utf-8")
    _, problems = product_files.read_products(tmp_path)
    assert [problem.code for problem in problems] == ["bad-unit"]


def test_two_files_of_one_product_are_told(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SHIPPED, encoding="utf-8")
    _, problems = product_files.read_products(tmp_path)
    assert [problem.code for problem in problems] == ["product-twice"]


def test_filling_in_what_is_required_makes_a_product_of_it(tmp_path: Path) -> None:
    text = (FOLDER / "interleukin-12.yaml").read_text(encoding="utf-8")
    filled = {
        "vial": "10 mcg single-dose",
        "reconstitute": "1 mL sterile water for injection",
        "concentration": "10 mcg/mL",
        "diluent": "0.9 % sodium chloride",
        "storage": "Refrigerate.",
        "beyond_use": "24 hours",
        "smallest": "[1 mL syringe from 0.02 mL, 3 mL syringe from 0.2 mL]",
        "dead_space": "[1 mL syringe 0 mL, 3 mL syringe 0 mL]",
        "over_capacity": "equal parts",
        "bags": '["50 mL 0.9 % sodium chloride, drug added"]',
        "measured_to": "0.01 mL",
        "bag_beyond_use": "8 hours",
    }
    for key, value in filled.items():
        text = text.replace(f"{key}: required", f"{key}: {value}")
    text = re.sub(
        r"  - unknown: (.*)\n    because: (.*)\n",
        r"  - assumes: \1\n    because: \2\n    otherwise: Nothing.\n    confirmed_by: nobody\n",
        text,
    )
    product, problems = read(tmp_path, text)
    assert [problem.shown() for problem in problems] == []
    assert product.over_capacity == "equal parts"
    assert product.infusing.step == Decimal("0.01")
