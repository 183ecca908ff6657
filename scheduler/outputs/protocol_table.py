"""The paper's own kind of table: weeks as rows, days across, a letter per treatment, with a key.

Cycles that are written alike share one table, and so do arms whose days are alike; the key says where
their doses differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from scheduler.engine.schedule import Item
from scheduler.outputs import protocol_words as words
from scheduler.outputs.item_words import over
from scheduler.outputs.lines import and_list, clean, joined, listing, titled
from scheduler.outputs.protocol_days import ArmDays, Block
from scheduler.protocol import meaning as m
from scheduler.protocol.model import Protocol
from scheduler.quantities import shown_number

WEEK = 7
LABEL = 16
FREQUENCIES = {2: "twice", 3: "three times", 4: "four times"}


def protocol_table(protocol: Protocol, arm: str | None = None) -> str:
    """The table of all arms, or of one; ValueError where the protocol has no such arm."""
    keys = tuple(known.key for known in protocol.arms)
    if arm is not None and arm not in keys:
        raise ValueError(f"{arm!r} is not an arm of {protocol.name}.")
    courses = [ArmDays(protocol, key) for key in ([arm] if arm else keys or [None])]
    alike = [list(same) for _, same in groupby(courses, key=lambda one: one.blocks())]
    lines: list[str] = []
    for same in alike:
        if len(alike) > 1:
            names = and_list(clean(one.arm or "") for one in same)
            lines += ["", f"Arm {names}"]
        lines += _blocks(same[0].blocks(), protocol)
    if len(courses) > len(alike) == 1:
        lines += ["", "The days are the same in every arm; the key says how the doses differ."]
    return joined([*lines[1:], *titled("Key", _key(courses)), *titled("Assessments", _assessments(protocol, arm))])


def _blocks(blocks: Sequence[Block], protocol: Protocol) -> Iterator[str]:
    widest = max((len(cell) for block in blocks for cell in block.cells.values()), default=1)
    end = min((last.cycle for last, _ in protocol.effects(m.LastCycle)), default=None)
    for block in blocks:
        last = end if block is blocks[-1] else block.last
        if last is None:
            title = f"Cycle {block.first} and later"
        else:
            title = f"Cycle {block.first}" if last <= block.first else f"Cycles {block.first} to {last}"
        yield from ("", f"{title}: {words.counted(block.length, 'day')}")
        yield from _weeks(block, widest + 2)


def _weeks(block: Block, width: int) -> Iterator[str]:
    """Two lines for each week: its days, and what is given on them."""
    before = sorted(on for on in block.cells if on < 1)
    last = max([block.length, *block.cells])
    weeks = [(f"week {first // WEEK + 1}", range(first, min(first + WEEK, last + 1))) for first in range(1, last, WEEK)]
    for title, days in [*([("before", before)] if before else []), *weeks]:
        yield _row(f"  {title:<{LABEL - 8}}  day", map(str, days), width)
        yield _row(f"  {'':<{LABEL - 8}}  give", (block.cells.get(on, ".") for on in days), width)


def _row(label: str, cells: Iterable[str], width: int) -> str:
    return f"{label:<{LABEL}}  {''.join(f'{cell:<{width}}' for cell in cells)}".rstrip()


def _key(courses: Sequence[ArmDays]) -> list[str]:
    """A line for each letter, in the order of the treatments; one for each arm where they differ."""
    texts: dict[tuple[int, str], dict[tuple[str, str], list[str]]] = {}
    treatments = [treatment.key for treatment in courses[0].protocol.treatments]
    for one in courses:
        for letter, doses in one.doses().items():
            row = texts.setdefault((treatments.index(doses[0].slot.key), letter), {})
            row.setdefault(_dose(doses, one), []).append(clean(one.arm or ""))
    rows = []
    for (_, letter), found in sorted(texts.items()):
        for (name, dose), arms in found.items():
            where = "" if len(arms) == len(courses) else f", {and_list(arms)}"
            rows.append((letter, f"{name}{where}: {dose}"))
    return listing(rows)


def _dose(doses: Sequence[Item], course: ArmDays) -> tuple[str, str]:
    """'trastuzumab', '4 mg/kg intravenous over 90 min; in the clinic'."""
    slot = doses[0].slot
    mark = f" ({clean(slot.mark)})" if slot.mark else ""
    often = FREQUENCIES.get(max(item.slot.dose_number for item in doses))
    daily = f" each time, {often} daily" if often else ""
    basis = str(doses[0].rate) if doses[0].rate else _bands(course, slot.key)
    where = "in the clinic" if slot.given_by == "clinic" else f"at home{_times(doses)}"
    return f"{clean(slot.name)}{mark}", f"{basis} {slot.route}{_infusion(doses)}{daily}; {where}"


def _times(doses: Sequence[Item]) -> str:
    """' at 08:00 and 20:00'; with the days where each time of day has its own."""
    days: dict[str, set[int]] = {}
    for item in doses:
        if item.slot.time:
            days.setdefault(item.slot.time, set()).add(item.slot.day)
    own = len(days) > 1 and len({frozenset(found) for found in days.values()}) > 1
    shown = (f"{time} on {words.days(found)}" if own else time for time, found in days.items())
    return f" at {and_list(shown)}" if days else ""


def _bands(course: ArmDays, treatment: str) -> str:
    """'1,500 mg up to 1.25 m2, 2,000 mg above that,': a dose by a table of body sizes."""
    rows = (band for band, _ in course.protocol.effects(m.Band, course.arm) if band.treatment == treatment)
    return "".join(
        f"{band.amount} {'above that' if band.up_to is None else f'up to {shown_number(band.up_to)} {band.per}'}, "
        for band in rows
    ).rstrip()


def _infusion(doses: Sequence[Item]) -> str:
    """' over 30 min (C1D1 over 90 min)': the usual time, then the days that differ."""
    usual = Counter(item.over_minutes for item in doses).most_common(1)[0][0]
    route = doses[0].slot.route
    others: dict[int | None, list[str]] = {}
    for item in doses:
        if item.over_minutes != usual:
            others.setdefault(item.over_minutes, []).append(item.cycle_day)
    differ = "; ".join(f"{', '.join(days)}{over(minutes, route)}" for minutes, days in others.items())
    return over(usual, route) + (f" ({differ})" if differ else "")


def _assessments(protocol: Protocol, arm: str | None) -> list[str]:
    """Each with its days, its window, how much blood; arms where it is limited to some."""
    rows: list[tuple[str, str]] = []
    for assessment in protocol.assessments:
        found = [assess for assess, _ in protocol.effects(m.Assess, arm) if assess.assessment == assessment.key]
        texts = [_assess(assess, protocol) for assess in found]
        rows += [(assessment.name if n == 0 else "", text) for n, text in enumerate(texts)]
    return listing(rows)


def _assess(assess: m.Assess, protocol: Protocol) -> str:
    arms = f"arm {and_list(map(clean, assess.arms))}, " if assess.arms else ""
    within = words.window(*assess.window) if assess.window else ""
    if isinstance(assess.when, m.BeforeDay1) and assess.window is None:
        within = f"in the {protocol.setting('screening_window') or '(not stated)'} ahead of it"
    blood = f"{assess.blood} of blood" if assess.blood else ""
    return arms + ", ".join(part for part in (words.when(assess.when, protocol), within, blood) if part)
