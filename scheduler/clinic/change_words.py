"""A change list in words: short, runs of days drawn together, what stops first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from scheduler.clinic.preview import GROUPS, Changes, Difference, Group
from scheduler.clinic.words import amount, count, cycle_days, day, place, span
from scheduler.engine.schedule import Item, Proposal
from scheduler.engine.whereabouts import CallBack
from scheduler.record.syringe_numbers import printed

TITLES: dict[Group, str] = {
    "given": "GIVEN",
    "missed": "MISSED, not made up",
    "held": "HELD: give nothing",
    "ended": "ENDED: give nothing",
    "blocked": "BLOCKED until a decision is recorded",
    "skipped": "LEFT OUT: give nothing",
    "not-computable": "NO AMOUNT can be computed",
    "on again": "PLANNED AGAIN",
    "changed": "CHANGED",
    "moved": "MOVED",
    "new": "NEW on the schedule",
    "gone": "NO LONGER on the schedule",
}
EXAMINED: dict[Group, str] = {"given": "DONE", "missed": "NOT DONE"}
"""What an examination is instead."""
NOTHING = "No dose, visit or proposal changes."


def change_lines(changes: Changes) -> list[str]:
    """The whole list; one line where nothing changes."""
    if changes.is_empty:
        return [NOTHING]
    lines: list[str] = []
    for group in GROUPS:
        found = changes.of(group)
        doses = [d for d in found if d.item.slot.kind == "dose"]
        visits = [d for d in found if d.item.slot.kind == "assessment"]
        lines += _section(TITLES[group], _told(doses, "dose"))
        title = EXAMINED.get(group) or TITLES[group].partition(":")[0].partition(",")[0]
        lines += _section(f"{title}, examinations", _told(visits, "time"))
    known = {each.syringe.item for each in changes.out}
    loose = [item for item in changes.call_back if item.id not in known]
    lines += _section("SYRINGES TO CALL BACK: they are with the patient", call_back_lines(changes.out))
    lines += _section("SYRINGES TO CALL BACK, if they have been handed out", _syringes(loose))
    lines += _section("TO BE DECIDED (nothing of it happens by itself)", map(proposal_line, changes.new_proposals))
    lines += _section("DECIDED or settled", (f"{p.id}: {p.text}" for p in changes.settled))
    lines += _section("PLEASE NOTE", (n.text for n in changes.new_notices))
    return [*lines, f"Compared up to {day(changes.through)}; what is not listed stays as it was."]


def proposal_line(proposal: Proposal) -> str:
    """'resume-4: Resume ...?', since when."""
    return f"{proposal.id}: {proposal.text} (since {day(proposal.since)})"


def _section(title: str, lines: Iterator[str] | Sequence[str]) -> list[str]:
    body = [f"  {line}" for line in lines]
    return [title, *body] if body else []


def _told(found: Sequence[Difference], what: str) -> Iterator[str]:
    """One line for all items of a treatment that change alike."""
    for alike in _grouped(found, _likeness):
        items = [d.item for d in alike]
        yield f"{_name(items[0])}: {_when(alike, what)}{_how(alike[0])}"


def _likeness(d: Difference) -> Hashable:
    was, now = d.before, d.after
    parts = [(i.level, i.rate, i.amount) if i is not None else None for i in (was, now)]
    return (d.item.slot.key, place(d.item), d.days_later, was.status if was else "", *parts)


def _grouped(found: Sequence[Difference], key: Callable[[Difference], Hashable]) -> Iterator[list[Difference]]:
    groups: dict[Hashable, list[Difference]] = {}
    for difference in found:
        groups.setdefault(key(difference), []).append(difference)
    yield from groups.values()


def _name(item: Item) -> str:
    return f"{item.slot.name} ({item.slot.mark})" if item.slot.mark else item.slot.name


def _when(alike: Sequence[Difference], what: str) -> str:
    items = [d.item for d in alike]
    number = f", {count(len(items), what)}" if len(items) > 1 else ""
    text = f"{span([i.date for i in items])} ({cycle_days(items)}){number}"
    days = alike[0].days_later
    if not days:
        return text
    before = alike[0].before
    from_day = f" than {day(before.date)}" if before is not None and len(items) == 1 else ""
    return f"{text}, {count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}{from_day}"


def _how(d: Difference) -> str:
    """', 1.343 million units, level -1; before: 1.791 million units' where that says something."""
    now, was = d.after, d.before
    if now is None or now.slot.kind != "dose" or d.group in ("held", "ended", "skipped", "blocked", "missed", "moved"):
        return ""
    text = ", ".join(part for part in (amount(now), f"level {now.level}" if now.level else "") if part)
    differs = was is not None and (was.amount, was.level) != (now.amount, now.level)
    before = f"; planned before: {amount(was)}" if differs and was is not None else ""
    return f", {text}{before}" if text else ""


def call_back_lines(out: Sequence[CallBack]) -> Iterator[str]:
    """'4821-057P, C1D3/aldesleukin_low of Sat 2026-11-21: is on hold', the numbers first."""
    for each in out:
        on = f" of {day(each.item.date)}" if each.item else ""
        yield f"{printed(each.syringe.number)}, {each.syringe.item}{on}: {each.why}"


def _syringes(items: Sequence[Item]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.slot.key, amount(item)), []).append(item)
    for (_, each), mine in groups.items():
        dates = span([item.date for item in mine])
        yield f"{len(mine)} of {_name(mine[0])}{f', {each}' if each else ''}: for {dates}"
