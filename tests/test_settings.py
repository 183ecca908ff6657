"""The clinic's settings: defaults without a file, every fault with its line, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cli import main
from scheduler.clinic.home import find_home
from scheduler.clinic.setting_lines import LINES, example
from scheduler.clinic.settings import Settings, read_settings, settings_of, usable_settings
from scheduler.clinic.site_products import products_of
from scheduler.problems import Refused
from scheduler.shipped import protocols_folder


def written(folder: Path, text: str):
    (folder / "clinic.toml").write_text(text, encoding="utf-8")
    return find_home(str(folder))


def codes(folder: Path, text: str) -> list[tuple[int, str]]:
    return [(problem.place.line, problem.code) for problem in read_settings(written(folder, text)).problems]


def test_without_a_file_everything_has_its_default(tmp_path) -> None:
    found = read_settings(find_home(str(tmp_path)))
    assert found.settings == Settings()
    assert found.source("zone") == "default"
    assert (found.settings.zone, found.settings.opening, found.settings.languages) == ("UTC", "09:00", ("en",))


def test_the_example_is_read_without_a_fault_and_says_every_line(tmp_path) -> None:
    (tmp_path / "products").mkdir()
    found = read_settings(written(tmp_path, example()))
    assert not found.problems
    assert set(found.lines) == set(LINES)
    assert found.settings.zone == "America/New_York"
    assert found.settings.pick_up_days == (0, 3)
    assert [period.reason for period in found.settings.closed.days] == ["Christmas Eve", "stocktaking"]
    assert found.source("phone") == "clinic.toml:7"
    assert found.settings.products == tmp_path / "products"


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('zoen = "Europe/Berlin"', 1, "unknown-setting"),
        ('# a remark\nzone = "Europe/Berlim"', 2, "bad-value"),
        ('zone = "../../etc/passwd"', 1, "bad-value"),
        ("phone = 5550100", 1, "not-text"),
        ('phone = "a\\u202eb"', 1, "hidden-character"),
        (f'name = "{"x" * 101}"', 1, "too-long"),
        ('home_dose_time = "8 pm"', 1, "bad-time"),
        ('home_dose_time = "02:00"', 1, "bad-time"),
        ('opening = "24:00"', 1, "bad-time"),
        ("home_dose_time = 20:00", 1, "not-toml"),
        ('pick_up_days = "Mon"', 1, "not-a-list"),
        ('pick_up_days = ["Mondag"]', 1, "not-a-weekday"),
        ("pick_up_days = []", 1, "no-day"),
        ('languages = ["xx"]', 1, "unknown-language"),
        ('products = "nowhere"', 1, "no-folder"),
        ("closed = 3", 1, "not-a-block"),
        ('country = "US"', 1, "unknown-setting"),
        ('[closed]\nphone = "1"', 2, "unknown-setting"),
        ('[closed]\ncountry = "Atlantis"', 2, "unknown-country"),
        ('[closed]\ncountry = "US"\nsubdivision = "Bavaria"', 3, "unknown-subdivision"),
        ('[closed]\nsubdivision = "OH"', 2, "no-country"),
        ('[closed]\nopen = ["2026-02-30"]', 2, "not-a-date"),
        ('[closed.days]\n2026-12 = "x"', 1, "not-a-date"),
        ('[closed.days]\n"2026-12-26 to 2026-12-20" = "x"', 1, "bad-span"),
    ],
)
def test_every_fault_has_its_line_and_a_remedy(tmp_path, text: str, line: int, code: str) -> None:
    home = written(tmp_path, text)
    (problem,) = read_settings(home).problems
    assert (problem.place.line, problem.code) == (line, code)
    assert problem.what.endswith(".")
    assert problem.mend.endswith((".", "?"))
    with pytest.raises(Refused):
        settings_of(home)


def test_a_slip_of_the_pen_is_recognized(tmp_path) -> None:
    (problem,) = read_settings(written(tmp_path, 'phnoe = "1"')).problems
    assert problem.mend == "Did you mean 'phone'?"


def test_all_faults_are_told_in_one_run(tmp_path) -> None:
    text = 'zoen = "x"\nphone = 1\n[closed]\nweekday = []\n'
    assert codes(tmp_path, text) == [(1, "unknown-setting"), (2, "not-text"), (4, "unknown-setting")]


def test_a_faulty_file_hides_no_schedule(tmp_path) -> None:
    settings, fault = usable_settings(written(tmp_path, "phone = 1"))
    assert settings == Settings()
    assert "closed days too" in fault


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"[" * 60000, b"a = " + b"[" * 30000, b"x" * 70000, b"\x00", b"a.b.c = 1"]
)
def test_rubbish_is_refused_in_words(tmp_path, data: bytes) -> None:
    (tmp_path / "clinic.toml").write_bytes(data)
    assert read_settings(find_home(str(tmp_path))).problems


def test_a_folder_in_its_place_is_refused(tmp_path) -> None:
    (tmp_path / "clinic.toml").mkdir()
    assert read_settings(find_home(str(tmp_path))).problems


@given(st.text(max_size=60))
def test_no_text_raises(tmp_path_factory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "clinic.toml").write_text(text, encoding="utf-8", errors="replace")
    read_settings(find_home(str(folder)))


# ---------------------------------------------------------------- on the command line


def run(folder: Path, *words: str):
    return CliRunner().invoke(main, ["--home", str(folder), *words])


def test_the_command_shows_values_and_where_they_come_from(tmp_path) -> None:
    written(tmp_path, 'phone = "+1 555 0100"\n[closed]\ncountry = "US"\n')
    said = run(tmp_path, "settings")
    assert said.exit_code == 0
    assert "phone               +1 555 0100 (clinic.toml:1)" in said.output
    assert "zone                UTC (default)" in said.output
    assert "Closed days ahead" in said.output


def test_the_command_names_faults_with_the_line(tmp_path) -> None:
    written(tmp_path, 'zoen = "x"')
    said = run(tmp_path, "settings")
    assert said.exit_code == 1
    assert '1 | zoen = "x"' in said.stderr
    assert "Did you mean 'zone'?" in said.stderr


def test_the_command_prints_an_example(tmp_path) -> None:
    assert run(tmp_path, "settings", "--example").output == example()


def test_enrolment_takes_zone_and_time_from_the_settings(tmp_path) -> None:
    written(tmp_path, 'zone = "America/New_York"\nhome_dose_time = "19:30"\n')
    words = (
        "patient enrol S-001 --protocol trastuzumab-il2 --start 2026-01-05 --height 165 --weight 70 --by N --preview"
    )
    said = run(tmp_path, *words.split())
    assert "zone America/New_York, home doses at 19:30" in " ".join(said.output.split())
    said = run(tmp_path, *words.split(), "--zone", "Europe/Berlin", "--home-time", "21:00")
    assert "zone Europe/Berlin, home doses at 21:00" in " ".join(said.output.split())


def test_a_product_of_the_site_takes_the_place_of_the_shipped_one(tmp_path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    shipped = products_of(Settings())["aldesleukin"].edition
    text = (protocols_folder() / "products" / "aldesleukin.yaml").read_text(encoding="utf-8")
    (folder / "ours.yaml").write_text(text.replace(f"edition: {shipped}", "edition: 7", 1), encoding="utf-8")
    settings = settings_of(written(tmp_path, 'products = "mine"'))
    assert products_of(settings)["aldesleukin"].edition == 7
