"""What passes `check` gives a schedule: in it every id stands once, no drug twice a day, no dose past its cycle."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date

import pytest

from scheduler.engine.build import build_schedule
from scheduler.protocol import library
from scheduler.protocol.model import Protocol
from tests.broken_files import SOUND
from tests.conftest import patient

DOSES = {
    "trastuzumab": "trastuzumab 2 mg/kg intravenous over 30 min",
    "paclitaxel": "paclitaxel 175 mg/m2 intravenous over 3 hours",
    "interleukin_12": "interleukin_12 100 nanograms/kg subcutaneous",
    "dexamethasone": "dexamethasone 10 mg flat oral",
}
CYCLES = ["cycle 1", "cycle 1+", "cycle 2+", "cycles 1, 3", "cycle 2-4", "cycle 3+", "cycle 1-2"]
ARMS = ["", "", "", "arm cohort-1 ", "arm cohort-2 ", "arm cohort-1, cohort-2 "]


def some_days(chance: random.Random) -> str:
    """Any WHEN: fixed days, days that follow another dose, by cycles."""
    cycles, other = chance.choice(CYCLES), chance.choice(list(DOSES))
    days = sorted(chance.sample(range(1, 24), chance.randint(1, 4)))
    forms = [
        f"{cycles} days {', '.join(map(str, days))}",
        f"{cycles} day {days[0]}",
        f"{cycles}, {' and '.join(map(str, days[:2]))} days after each {other}",
        f"{cycles} {chance.choice(['evening before', 'morning of', 'day before', 'day after'])} {other}",
        f"{cycles} before each {other}",
        f"after cycles {chance.randint(1, 4)}",
        f"after every {chance.randint(1, 4)} cycles",
    ]
    return chance.choice(ARMS) + chance.choice(forms)


def block(text: str, key: str, lines: list[str]) -> str:
    """The text with other lines under a key; without the key where there are none."""
    new = f"    {key}:\n" + "".join(f"      - {line}\n" for line in lines) if lines else ""
    return re.sub(rf"    {key}:\n(?:      - .*\n)+", new, text, count=1)


def some_protocol(chance: random.Random) -> bytes:
    """A file of two arms and four drugs with doses on any days; seldom a sound one."""
    give = ["arm cohort-1, cohort-2 cycle 1+ day 1: trastuzumab 2 mg/kg intravenous over 30 min"]
    for dose in DOSES.values():
        for _ in range(chance.choice([1, 1, 1, 2])):
            fixed = f"cycle 1+ day {chance.randint(1, 21)}"
            give.append(f"{some_days(chance) if chance.random() < 0.5 else fixed}: {dose}")
    names = chance.sample(list(DOSES), 4)
    order = [f"{later} after {earlier}" for n, later in enumerate(names) for earlier in names[:n]]
    text = block(SOUND["sound-arms"], "give", chance.sample(give, len(give)))
    text = block(block(text, "infuse", []), "spacing", [])
    text = block(text, "order", order)
    text = block(text, "assess", [f"{some_days(chance)}: {name}" for name in ("imaging", "research_blood")])
    text = re.sub(r"\d days? before to \d days? after\n", "0 days before to 0 days after\n", text)
    if chance.random() < 0.5:
        text = text.replace("drug: dexamethasone", "drug: paclitaxel")
    return text.replace("home_dose_window", "home_dose_time: 20:00\n      home_dose_window").encode()


def check_schedule(protocol: Protocol, arm: str) -> None:
    schedule = build_schedule(protocol, patient(arm=arm), date(2026, 9, 1))
    assert len({item.id for item in schedule.items}) == len(schedule.items)
    assert all(item.slot.day != 0 for item in schedule.items)
    doses = [item for item in schedule.items if item.slot.kind == "dose"]
    assert max(Counter((dose.date, dose.slot.drug) for dose in doses).values()) == 1
    last_days = {cycle.cycle: cycle.last_day for cycle in schedule.cycles}
    assert all(dose.date <= last_days[dose.cycle] for dose in doses if dose.cycle in last_days)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_passes_the_check_gives_a_schedule(seed: int) -> None:
    chance, sound = random.Random(seed), 0  # noqa: S311
    for _ in range(300):
        loaded = library.load_text(some_protocol(chance), "any.yaml")
        if loaded.protocol is not None and not loaded.problems:
            sound += 1
            for arm in ("cohort-1", "cohort-2"):
                check_schedule(loaded.protocol, arm)
    assert sound >= 5
