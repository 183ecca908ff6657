"""Plain text: what a nurse reads in a terminal, on paper and in the demonstration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from scheduler.engine.build import build_schedule
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Cycle, Item, Schedule
from scheduler.outputs.lines import and_list, clean, letter, listing, numbers, sign, wrapped
from scheduler.outputs.text import (
    assumptions_text,
    grid,
    plan_table,
    protocol_sheet,
    protocol_table,
    why_text,
)
from scheduler.protocol.model import Protocol
from scheduler.protocol.read import read_protocol
from scheduler.record.events import HeightMeasured, PatientEnrolled, WeightMeasured
from scheduler.record.history import History
from scheduler.shipped import protocols_folder
from tests.text_sample import GOLDENS, START, sample_protocol, sample_schedule

FORBIDDEN = (
    r"\b(IU|MIU|MU|U|ug|ng|SC|SQ|subcut|IV|PO|QD|QOD|BID|TID|cc)\b",
    r"[µμ]g",
    r"\b(i\.v|s\.c|p\.o|q\.d)\.",
    r"\bIL-?\d",
    r"(?<![\d.])\.\d",
    r"\d\.\d*0 ?(?:million|thousand|units?|nanograms?|mcg|mg|g|mL|kg|m2)\b",
    r"(?<![\d.,/-])\d{4,} (?:million|units|nanograms|mcg|mg|g|mL)\b",
    r"\d(?:million|units|nanograms|mcg|mg|mL|kg|min)\b",
    r"[<>@]",
)


def shipped() -> list[Protocol]:
    found = (read_protocol(path, path.name)[1] for path in sorted(protocols_folder().glob("*.yaml")))
    return [protocol for protocol in found if protocol is not None]


def schedules(protocol: Protocol) -> Iterator[Schedule]:
    """Every arm, with a weight and a height and without, over 150 days."""
    measured = (HeightMeasured(START, Decimal(165)), WeightMeasured(START, Decimal("70.5")))
    for arm in [arm.key for arm in protocol.arms] or [None]:
        for events in (measured, ()):
            enrolled = PatientEnrolled(START, START, "S-001", arm)
            yield build_schedule(protocol, History((enrolled, *events)), START + timedelta(days=150))


def texts(protocol: Protocol) -> Iterator[str]:
    yield from (protocol_sheet(protocol), assumptions_text(protocol))
    for schedule in schedules(protocol):
        yield plan_table(schedule, protocol)
        yield from (grid(schedule, cycle.cycle) for cycle in schedule.cycles)
        yield from map(why_text, schedule.items)


def row(text: str, name: str, of: int = 1) -> str:
    """The cells below the `of`-th line that begins with a name."""
    lines = text.splitlines()
    found = [n for n, line in enumerate(lines) if line.startswith(name)]
    return next(line for line in lines[found[of - 1] :] if re.match(r"\S? ?\S+ +(clinic|home)", line))


def planned(day: int, status: str = "planned") -> Schedule:
    """The sample with nothing but one dose of a day, in a state."""
    schedule = sample_schedule()
    one = next(item for item in schedule.items if item.slot.key == "gammaleukin_small" and item.slot.day == day)
    return replace(schedule, items=(one._replace(status=status),))


# ---------------------------------------------------------------- the bytes are the contract


@pytest.mark.parametrize("name", ["grid", "plan", "protocol", "assumptions", "why"])
def test_a_text_is_the_golden_one(name: str) -> None:
    """To accept new bytes: C1D1_NEW_GOLDENS=1, then read the difference."""
    protocol, schedule = sample_protocol(), sample_schedule()
    made = {
        "grid": lambda: f"{grid(schedule, 1)}\n{grid(schedule, 2)}",
        "plan": lambda: plan_table(schedule, protocol),
        "protocol": lambda: protocol_sheet(protocol),
        "assumptions": lambda: assumptions_text(protocol),
        "why": lambda: "\n".join(map(why_text, schedule.items)),
    }[name]().encode()
    golden = GOLDENS / f"text-{name}.txt"
    if os.environ.get("C1D1_NEW_GOLDENS"):
        golden.write_bytes(made)
    assert made == golden.read_bytes()


# ---------------------------------------------------------------- everything that is printed


@pytest.mark.parametrize("protocol", shipped(), ids=lambda protocol: protocol.name)
def test_every_text_fits_and_is_written_safely(protocol: Protocol) -> None:
    for text in texts(protocol):
        assert text.endswith("\n")
        for line in text.splitlines():
            assert len(line) <= 100, line
            assert line == line.rstrip()
            found = [rule for rule in FORBIDDEN if re.search(rule, line)]
            assert not found, f"{found}: {line}"


@pytest.mark.parametrize("protocol", shipped(), ids=lambda protocol: protocol.name)
def test_every_grid_fits_into_80_columns(protocol: Protocol) -> None:
    for schedule in schedules(protocol):
        for cycle in schedule.cycles:
            assert max(map(len, grid(schedule, cycle.cycle).splitlines())) <= 80


@pytest.mark.parametrize("protocol", shipped(), ids=lambda protocol: protocol.name)
def test_no_item_is_left_out_of_plan_and_grids(protocol: Protocol) -> None:
    for schedule in schedules(protocol):
        lines = plan_table(schedule, protocol).splitlines()
        for item in schedule.items:
            start = f"{item.date:%a %Y-%m-%d}  {item.cycle_day}"
            assert any(line.startswith(start) and item.slot.name in line for line in lines), item.id
        drawn = sum(_letters(grid(schedule, cycle.cycle)) for cycle in schedule.cycles)
        numbers_of_cycles = {cycle.cycle for cycle in schedule.cycles}
        assert drawn == sum(item.cycle in numbers_of_cycles for item in schedule.items)


def _letters(text: str) -> int:
    rows = (line[14:] for line in text.splitlines() if re.match(r".{4}(clinic|home) ", line))
    return sum(len(re.findall(r"[A-Za-z]", cells)) for cells in rows)


def test_hostile_text_does_no_harm() -> None:
    """A terminal gets no escape sequence, no turned direction, no second line."""
    schedule = sample_schedule()
    slot = replace(schedule.items[0].slot, name="dose\x1b[2J\u202e\nx", route="oral\x07", letter="\x1b")
    bad = schedule.items[0]._replace(slot=slot, reasons=(Reason("event", "\x1b]0;gone\x07", "\u200bfile:1"),))
    hostile = replace(schedule, items=(bad,), subject="\x1b[31m", arm="a\u202eb")
    protocol = replace(sample_protocol(), title="title\x1b[2J", name="n\u202e", approved_by="x\x9b")
    for text in (grid(hostile, 1), plan_table(hostile, protocol), why_text(bad), protocol_sheet(protocol)):
        assert all(line.isprintable() for line in text.splitlines())


# ---------------------------------------------------------------- grid


def test_two_strengths_have_rows_letters_and_words_of_their_own() -> None:
    text = grid(sample_schedule(), 1)
    assert "(A) home 20:00" in text
    assert "[B] home 20:00" in text
    assert "(A) circle A and [B] square B are different strengths of gammaleukin." in text
    assert "A" not in row(text, "gammaleukin, large")[14:]


@pytest.mark.parametrize(
    ("status", "cell", "words"),
    [
        ("planned", "A ", "A planned"),
        ("given", "A*", "A* given"),
        ("missed", "A-", "A- missed"),
        ("held", "A#", "A# held, give nothing"),
        ("skipped", "A~", "A~ left out, give nothing"),
        ("ended", "A=", "A= ended, give nothing"),
        ("blocked", "A?", "A? blocked until a decision is entered"),
        ("not-computable", "A!", "A! no amount can be computed"),
    ],
)
def test_every_state_is_told_apart_by_its_sign(status: str, cell: str, words: str) -> None:
    text = grid(planned(16, status), 1)
    assert f" {cell} " in row(text, "gammaleukin, small")
    assert words in " ".join(text.split())


def test_a_moved_dose_stands_on_its_new_day() -> None:
    text = grid(sample_schedule(), 1)
    cells, heads = row(text, "alphamab"), text.splitlines()[3]
    assert heads.startswith("cycle day")
    assert cells[heads.index(" 17") + 1] == "M"


def test_the_evening_before_day_1_has_a_column() -> None:
    text = grid(sample_schedule(), 1)
    assert text.splitlines()[3].split()[2] == "-1"
    assert "/D\\ home 21:00 D" in text
    assert "Also on Sun 2026-01-25, 21:00, for cycle 2: deltasone." in text


def test_days_that_are_not_worked_out_are_blank() -> None:
    """A dot says that nothing is due; nobody has said so of the days after the last one shown."""
    text = grid(sample_schedule(), 2)
    assert "Blank: after Tue 2026-02-03, not worked out." in text
    assert row(text, "gammaleukin, large").count(".") == 8


def test_28_days_go_on_in_a_second_grid() -> None:
    heads = [line.split()[2:] for line in grid(sample_schedule(), 2).splitlines() if line.startswith("cycle day")]
    assert [head[0] for head in heads] == ["-1", "15"]
    assert heads[1][-1] == "28"


def test_a_cycle_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no cycle 9"):
        grid(sample_schedule(), 9)


# ---------------------------------------------------------------- plan


@pytest.mark.parametrize("status", ["held", "skipped", "ended", "missed", "blocked"])
def test_what_is_not_to_be_given_shows_no_amount(status: str) -> None:
    line = next(line for line in plan_table(planned(16, status), sample_protocol()).splitlines() if "C1D16" in line)
    assert not re.search(r"\d (million|mg)", line)


def test_no_amount_says_why() -> None:
    text = plan_table(sample_schedule(), sample_protocol())
    assert "NO AMOUNT: no weight is recorded on or before day 1 of the cycle. Record it." in text
    assert re.search(r"C2D1 .* alphamab +NO AMOUNT: 2 mg per kg", text)


def test_a_shared_cause_stands_once_and_an_own_one_below_its_line() -> None:
    text = plan_table(sample_schedule(), sample_protocol())
    assert text.count("Fatigue, grade 3") == 1
    assert re.search(r"MISSED\n +Forgotten\.\n", text)


def test_a_moved_dose_says_from_where() -> None:
    text = plan_table(sample_schedule(), sample_protocol())
    assert re.search(r"Wed 2026-01-21  C1D15 .* 140 mg intravenous over 30 min\n +moved from Mon 2026-01-19\n", text)


def test_a_new_level_is_named_where_it_begins() -> None:
    text = plan_table(sample_schedule(), sample_protocol())
    assert re.search(r"C1D16 .* 1\.343 million units subcutaneous\n +level -1 from here on\n", text)
    assert "gammaleukin, small dose, level -1: 0.75 million units per m2 x 1.7912 m2 = 1.343 million units" in text


def test_windows_are_dates() -> None:
    assert "any day from Tue 2026-01-20 to Sat 2026-01-24" in plan_table(sample_schedule(), sample_protocol())


def test_new_weights_stand_where_they_begin_to_count() -> None:
    protocol = sample_protocol()
    later = START + timedelta(days=49)
    events = (
        PatientEnrolled(START, START, arm="early"),
        HeightMeasured(START, Decimal(165)),
        WeightMeasured(START, Decimal(70)),
        WeightMeasured(later, Decimal(90)),
    )
    text = plan_table(build_schedule(protocol, History(events), START + timedelta(days=60)), protocol)
    first, second, third = (text.index(f"CYCLE {n}") for n in (1, 2, 3))
    assert "Weight 70 kg" in text[first:second]
    assert "Weight" not in text[second:third]
    assert "Weight 90 kg" in text[third:]


def test_assumptions_are_listed_once_and_open_ones_named() -> None:
    text = plan_table(sample_schedule(), sample_protocol())
    assert text.count("Windows are those of the site.") == 1
    assert "Confirmed by nobody yet: [2]." in text


# ---------------------------------------------------------------- protocol


def table_of(name: str, arm: str | None = None) -> str:
    return protocol_table(next(protocol for protocol in shipped() if protocol.name == name), arm)


def test_the_table_is_that_of_the_paper() -> None:
    """Table 1 of the interleukin-12 paper: T/P, t and C on their days, and dexamethasone the evening before."""
    text = table_of("trastuzumab-paclitaxel-il12")
    cells = [line.split()[1:] for line in text.splitlines() if line.strip().startswith("give")]
    none = ["."] * 7
    first = [["D"], ["D/T/P", *none[1:]], ["t", *none[1:]], ["t", *none[1:]]]
    later = [["D"], *([start, "C", ".", ".", "C", ".", "."] for start in ("D/t/P", "t", "t"))]
    assert cells == first + later
    assert "The days are the same in every arm" in text


def test_the_key_says_how_arms_differ() -> None:
    text = " ".join(table_of("trastuzumab-paclitaxel-il12").split())
    assert (
        "C interleukin-12, cohort-2: 300 nanograms per kg intravenous (infusion time not stated); in the clinic" in text
    )
    assert "C interleukin-12, cohort-3: 200 nanograms per kg subcutaneous; in the clinic" in text
    own = table_of("trastuzumab-paclitaxel-il12", "cohort-3")
    assert "300 nanograms" not in own
    assert "C  interleukin-12: 200 nanograms per kg subcutaneous" in own


def test_arms_with_other_days_have_tables_of_their_own() -> None:
    text = protocol_table(sample_protocol())
    assert text.startswith("Arm weekly\n")
    assert "\nArm early\n" in text
    assert protocol_table(sample_protocol(), "early").startswith("Cycle 1: 21 days\n")


def test_the_usual_infusion_time_and_the_days_that_differ() -> None:
    assert "intravenous over 30 min (C1D1 over 90 min); in the clinic" in table_of("trastuzumab-il2")


def test_assessments_name_their_cycles() -> None:
    text = table_of("trastuzumab-il2")
    assert "cycles 2 and 4: days 1, 3" in text
    assert "after every 4 cycles: on day 1 of cycles 5, 9, 13 and so on" in text


def test_an_unknown_arm() -> None:
    with pytest.raises(ValueError, match="not an arm of sample-trial"):
        protocol_table(sample_protocol(), "nowhere")


def test_the_sheet_says_what_nobody_has_confirmed() -> None:
    assert "4 assumptions, 3 confirmed by nobody." in protocol_sheet(sample_protocol())


# ---------------------------------------------------------------- lines


def test_a_number_is_never_parted_from_its_unit() -> None:
    for width in range(20, 60):
        lines = wrapped("Give 1.791 million units on Tue 2026-01-06 and 280 mg over 90 min [1 5-9].", width=width)
        assert not any(re.search(r"( \d+|million|Tue|\[1)$", line) for line in lines), lines


@pytest.mark.parametrize(
    ("mark", "shown"),
    [("circle A", "(A)"), ("square B", "[B]"), ("triangle D", "/D\\"), ("cloud E", " E "), ("", " T ")],
)
def test_marks_have_shapes(mark: str, shown: str) -> None:
    assert sign(mark, "T") == shown
    assert letter(mark, "T") in shown


def test_small_words() -> None:
    assert numbers([9, 1, 5, 6, 7, 8, 5]) == "[1 5-9]"
    assert numbers([]) == ""
    assert and_list(["a", "b", "c"]) == "a, b and c"
    assert and_list([], "or") == ""
    assert clean(" a\n\tb\x1b ") == "a b?"
    assert listing([("a", "one"), ("w" * 50, "two")]) == [f"  {'a':<40}  one", f"  {'w' * 50}", f"  {'':<40}  two"]


def test_a_cycle_after_the_last_day_shown() -> None:
    """The evening before the next day 1 is on the plan already."""
    schedule = sample_schedule()
    eve = tuple(item for item in schedule.items if item.cycle == 2 and item.slot.day == -1)
    cut = replace(schedule, cycles=schedule.cycles[:1], items=eve, through=date(2026, 1, 25))
    assert "CYCLE 2: begins after the last day shown" in plan_table(cut, sample_protocol())
    assert isinstance(eve[0], Item)
    assert isinstance(cut.cycles[0], Cycle)
